//! Registering an authority with its first user (I08, I11, I12): looked for first, then either registered here or invited.

use axum::extract::{RawQuery, State};

use super::level_form::{details, explain, sections};
use super::levels::look;
use super::plain::{Cell, FormPage, Section, Table, TablePage};
use super::{level_taken, tree};
use crate::authority::Permission;
use crate::authority::action::CreateOrganisation;
use crate::db::transact;
use crate::directory::organisation::model::Organisation;
use crate::directory::registration::error::RegisterError;
use crate::directory::registration::model::FirstUser;
use crate::directory::registration::register::{Authority, register};
use crate::directory::user::error::UserError;
use crate::directory::user::model::NewUser;
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::{EmailAddress, PhoneNumber, name};
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

const NEW: &str = "/admin/levels/register/new";

fn with_name(address: &str, name: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    format!("{address}?{query}")
}

/// `GET /admin/levels/register`: what there is already, and the two ways to go on (I11).
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    if !person.may(Permission::OrganisationCreate) {
        return Err(Failure::Forbidden);
    }
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Levels, "register-title");
    let wanted = query.given("q").filter(|text| text.chars().count() <= 200).unwrap_or_default().to_owned();
    let nothing = Table::new(&page, page.t("level-alike"), &[], Vec::<Vec<Cell>>::new());
    let (table, links) = if wanted.is_empty() {
        (nothing.or_else(&page, "register-look-first"), Vec::new())
    } else {
        let found = level_taken::alike(tx, &person, &page, &[&wanted]).await?;
        let links = vec![
            (with_name(NEW, &wanted), page.t("register-yourself")),
            (with_name("/admin/invitations/new", &wanted), page.t("register-invite")),
        ];
        (found.unwrap_or_else(|| nothing.or_else(&page, "register-none")), links)
    };
    let lead = Some(page.t("register-text"));
    let (back, action) =
        (Some(("/admin/levels".to_owned(), page.t("levels-back"))), "/admin/levels/register".to_owned());
    let filter = Field { kind: "search", ..Field::text(&page, "q", "invitation-name") }.filter().value(wanted);
    Ok(TablePage { back, lead, links, action, filters: vec![filter], ..TablePage::new(page, table) }.show())
}

fn first_user(page: &Page) -> Section {
    let fields = vec![
        Field::text(page, "user_given_name", "user-given-name"),
        Field::text(page, "user_family_name", "user-family-name"),
        Field::email(page, "user_email", "user-email").hint(page, "user-email-hint"),
        Field::phone(page, "user_phone", "user-phone").hint(page, "user-phone-hint"),
    ];
    let fields = fields.into_iter().map(|field| field.autocomplete("off")).collect();
    Section { title: Some(page.t("registration-step-first-user")), fields, ..Section::default() }
}

async fn show(
    person: &SignedIn,
    (parent, named): (Option<OrganisationId>, &str),
    (errors, form): (&Errors, Option<&Form>),
    found: Option<Table>,
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let near = tree::near_new(tx, person, parent).await?;
    if near.levels.is_empty() {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Levels, "register-title");
    page.has_errors = !errors.is_empty();
    let mut all = sections(&page, &person.app.terms, None);
    if let Some(first) = all.first_mut() {
        let choices = tree::choices(&near.levels, parent);
        first.fields.insert(0, Field::select(&page, "parent", "level-parent", choices));
        for field in first.fields.iter_mut().filter(|field| field.name == "name") {
            named.clone_into(&mut field.value);
        }
    }
    all.push(first_user(&page));
    for section in &mut all {
        errors.fill(&mut section.fields, form);
    }
    let warning = found.as_ref().map(|_| page.t("level-alike-text"));
    let submit = page.t(if found.is_some() { "level-alike-anyway" } else { "register-save" });
    let seen = form.filter(|_| found.is_some()).map(|form| ("seen".to_owned(), form.text("name").to_owned()));
    let intro = Some(page.t("register-step"));
    let shown = FormPage::saving(page, "/admin/levels/register", NEW.to_owned(), Vec::new());
    Ok(FormPage { sections: all, hidden: seen.into_iter().collect(), intro, warning, found, submit, ..shown }.show())
}

/// `GET /admin/levels/register/new`
pub(super) async fn get_new(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let named = query.given("name").filter(|text| text.chars().count() <= 200).unwrap_or_default();
    show(&person, (query.text("parent").parse().ok(), named), (&Errors::default(), None), None).await
}

fn read(page: &Page, portal: &Portal, form: &Form) -> Result<NewUser, Errors> {
    let mut reader = Reader::new(page, form);
    let given_name = reader.required("user_given_name", "user-given-name", name).unwrap_or_default();
    let family_name = reader.required("user_family_name", "user-family-name", name).unwrap_or_default();
    let email: Option<EmailAddress> = reader.required("user_email", "user-email", str::parse);
    let phone: Option<PhoneNumber> = reader.required("user_phone", "user-phone", str::parse);
    if phone.as_ref().is_some_and(|phone| !portal.factors.numbers.accepts(phone)) {
        reader.fail("user_phone", page.t("security-phone-refused"));
    }
    match email {
        Some(email) if reader.is_clean() => Ok(FirstUser { given_name, family_name, phone }.at(email, None)),
        _ => Err(reader.into_errors()),
    }
}

/// `POST /admin/levels/register/new`: both or neither (I15).
pub(super) async fn post_new(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let parent: OrganisationId = form.text("parent").parse().map_err(|_| Failure::BadRequest)?;
    let (app, ctx) = (&person.app, &person.ctx);
    let action = CreateOrganisation { parent: Some(parent) };
    app.door.authorise_read(&mut app.db.reader().await?, ctx, action.clone()).await?;
    let page = person.page(Area::Levels, "register-title");
    let place = (Some(parent), form.text("name"));
    let first_user = match read(&page, &portal, &form) {
        Ok(new) => new,
        Err(errors) => return show(&person, place, (&errors, Some(&form)), None).await,
    };
    let said = match look(&person, &form).await? {
        Ok(said) => said,
        Err((errors, found)) => {
            return show(&person, place, (&errors, Some(&form)), found.map(|found| *found)).await;
        }
    };
    let authority = Authority { details: details(&form), said, first_user };
    let made: Result<Organisation, ChangeError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, action.clone()).await?;
        let (made, _) = register(tx, &app.door, permit, (authority.clone(), &app.terms), ctx).await?;
        Ok(made)
    });
    let errors = match made {
        Ok(made) => {
            app.door.changed();
            return Ok(see_other(&format!("/admin/levels/{}?done=authority-registered", made.id)));
        }
        Err(ChangeError::Register(RegisterError::Organisation(error))) => explain(&page, &error).ok_or(error)?,
        Err(ChangeError::Register(RegisterError::User(UserError::EmailTaken | UserError::UserNameTaken))) => {
            Errors::one("user_email", page.t("user-taken"))
        }
        Err(error) => return Err(error.into()),
    };
    show(&person, place, (&errors, Some(&form)), None).await
}
