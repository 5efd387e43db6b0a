//! Invitations to register (I32): the list, and writing one.

use axum::extract::RawQuery;

use super::plain::{Cell, FormPage, Table, TablePage};
use super::tree;
use crate::authority::Permission;
use crate::authority::action::CreateOrganisation;
use crate::db::{Tx, transact};
use crate::directory::organisation::search_store;
use crate::directory::registration::error::InviteError;
use crate::directory::registration::invite::{NewInvitation, invite};
use crate::directory::registration::model::{Registration, State};
use crate::directory::registration::store::{self, Search};
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::{EmailAddress, description, name};
use crate::locale::Locale;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, describe, moment};
use crate::portal::page::Area;
use crate::portal::registration::stage::badge;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page, Pages};

/// Rows of one page.
const ROWS: u32 = 50;

/// `GET /admin/invitations`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let scope = tree::scope(&person, &[Permission::OrganisationCreate]);
    if scope.is_empty() {
        return Err(Failure::NotFound);
    }
    let state = State::parse(query.text("state"));
    let search = Search { scope, pending: false, state, until: None };
    let total = store::count(tx, &search).await?;
    let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
    let number = Pages::reached(number, ROWS, total);
    let found =
        store::list(tx, &search, i64::from(ROWS), i64::from(number.saturating_sub(1)) * i64::from(ROWS)).await?;
    let mut page = person.page(Area::Invitations, "invitations-title");
    page.results = Some(total);
    let word = state.map_or("", State::as_str);
    let pages =
        Pages::new(&page, (number, ROWS), total, |number| format!("/admin/invitations?state={word}&page={number}"));
    let table = table(tx, &person, &page, &found).await?;
    let any = Choice::new("", page.t("any"), word);
    let states = State::ALL
        .map(|state| Choice::new(state.as_str(), page.t(&format!("registration-state-{}", state.as_str())), word));
    let choices = std::iter::once(any).chain(states).collect();
    let filter = Field::select(&page, "state", "user-status", choices).filter();
    let links = vec![("/admin/invitations/new".to_owned(), page.t("invitation-new"))];
    let action = "/admin/invitations".to_owned();
    Ok(TablePage { links, action, filters: vec![filter], pages: Some(pages), ..TablePage::new(page, table) }.show())
}

async fn table(tx: &mut Tx, person: &SignedIn, page: &Page, found: &[Registration]) -> Result<Table, Failure> {
    let scope = tree::scope(person, &[Permission::OrganisationRead, Permission::OrganisationCreate]);
    let parents: Vec<OrganisationId> = found.iter().map(|one| one.parent).collect();
    let places = search_store::list_places(tx, &scope, &parents).await?;
    let rows = found.iter().map(|one| {
        let (kind, text) = badge(page, one, person.ctx.now);
        vec![
            Cell::link(one.name().to_owned(), format!("/admin/invitations/{}", one.id)).noted(one.email.clone()),
            Cell::text(places.get(&one.parent).map(|place| place.join(" / ")).unwrap_or_default()),
            Cell::badge(text, kind),
            Cell::whole(moment(one.invited_at)),
            Cell::whole(if one.state.is_with_applicant() { moment(one.expires_at) } else { String::new() }),
        ]
    });
    let caption = page.count("invitations-caption", found.len() as u64);
    let columns = ["invitation-name", "level-parent", "user-status", "invitation-at", "invitation-until"];
    Ok(Table::new(page, caption, &columns, rows.collect()).or_else(page, "invitations-none"))
}

async fn form(
    person: &SignedIn,
    (parent, named): (Option<OrganisationId>, &str),
    (errors, sent): (&Errors, Option<&Form>),
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let near = tree::near_new(tx, person, parent).await?;
    if near.levels.is_empty() {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Invitations, "invitation-new");
    page.has_errors = !errors.is_empty();
    let own = page.locale.tag();
    let languages = Locale::ALL.map(|one| Choice::new(one.tag(), one.name(), own));
    let mut fields = vec![
        Field::text(&page, "proposed_name", "invitation-name").hint(&page, "invitation-name-hint").value(named),
        Field::email(&page, "email", "user-email").hint(&page, "invitation-email-hint").autocomplete("off"),
        Field::select(&page, "parent", "level-parent", tree::choices(&near.levels, parent)),
        Field::select(&page, "language", "invitation-language", languages.into()),
        Field { max: 1_000, ..Field::lines(&page, "message", "invitation-message") }
            .hint(&page, "invitation-message-hint")
            .optional(&page),
        Field::checkbox(&page, "send", "invitation-send", true).hint(&page, "invitation-send-hint"),
    ];
    errors.fill(&mut fields, sent);
    let (intro, submit) = (Some(page.t("invitation-text")), page.t("invitation-invite"));
    let shown = FormPage::saving(page, "/admin/invitations", "/admin/invitations/new".to_owned(), fields);
    Ok(FormPage { intro, submit, ..shown }.show())
}

/// `GET /admin/invitations/new`
pub(super) async fn get_new(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    // Whoever comes from looking for an authority brings its name along.
    let named = query.given("name").filter(|text| text.chars().count() <= 200).unwrap_or_default();
    form(&person, (query.text("parent").parse().ok(), named), (&Errors::default(), None)).await
}

fn read(page: &Page, form: &Form) -> Result<NewInvitation, Errors> {
    let mut reader = Reader::new(page, form);
    let proposed_name = reader.required("proposed_name", "invitation-name", name);
    let email: Option<EmailAddress> = reader.required("email", "user-email", str::parse);
    let message = reader.optional("message", "invitation-message", description).unwrap_or_default();
    let language = Locale::parse(form.text("language")).map(|known| known.tag().to_owned());
    match (proposed_name, email) {
        (Some(proposed_name), Some(email)) if reader.is_clean() => {
            Ok(NewInvitation { email, proposed_name, language, message, send: form.has("send") })
        }
        _ => Err(reader.into_errors()),
    }
}

/// `POST /admin/invitations/new`
pub(super) async fn post_new(person: SignedIn, sent: Form) -> PageResult {
    let parent: OrganisationId = sent.text("parent").parse().map_err(|_| Failure::BadRequest)?;
    let page = person.page(Area::Invitations, "invitation-new");
    let new = match read(&page, &sent) {
        Ok(new) => new,
        Err(errors) => return form(&person, (Some(parent), ""), (&errors, Some(&sent))).await,
    };
    let made: Result<Registration, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, CreateOrganisation { parent: Some(parent) }).await?;
        Ok(invite(tx, permit, new.clone(), person.app.registrations, &person.ctx).await?)
    });
    match made {
        Ok(made) if new.send => Ok(see_other(&format!("/admin/invitations/{}?done=invitation-sent", made.id))),
        Ok(made) => Ok(see_other(&format!("/admin/invitations/{}?done=invitation-kept", made.id))),
        Err(ChangeError::Invite(error)) => {
            let errors = explain(&page, &error).ok_or(error)?;
            form(&person, (Some(parent), ""), (&errors, Some(&sent))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form can say about an invitation that was not written.
fn explain(page: &Page, error: &InviteError) -> Option<Errors> {
    match error {
        InviteError::AlreadyInvited => Some(Errors::one("email", page.t("invitation-already"))),
        InviteError::TooMany | InviteError::JustSent => Some(Errors::one("email", page.t("invitation-many"))),
        InviteError::Text { field, error } => Some(Errors::one(field, describe(page, "invitation-name", *error))),
        InviteError::NotOpen | InviteError::Db(_) => None,
    }
}
