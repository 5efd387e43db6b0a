//! Writing to the people of the organisations that one manages (I52): what is said, to whom, how many that are, and then it goes.

use axum::extract::RawQuery;
use axum::response::Response;

use super::plain::{Cell, FormPage, Table};
use super::tree;
use crate::authority::Permission;
use crate::authority::action::WriteToPeople;
use crate::db::{Tx, transact};
use crate::directory::mailing::model::{Audience, Letter, MAX_A_DAY, MAX_ORGANISATIONS, MAX_RECIPIENTS, fingerprint};
use crate::directory::mailing::send::{Mailing, MailingError, recipients, send};
use crate::directory::mailing::store;
use crate::kernel::ids::{MailingId, OrganisationId};
use crate::kernel::text::MAX_LETTER;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

const HERE: &str = "/admin/mail";

/// Most organisations that are named before a mail goes out.
const NAMED: usize = 50;

type Places = Vec<(OrganisationId, String)>;

/// The organisations of the filter, one more than may be chosen at most.
async fn places(tx: &mut Tx, person: &SignedIn, form: &Form) -> Result<Places, Failure> {
    let scope = tree::scope(person, &[Permission::OrganisationWriteTo]);
    if scope.is_empty() {
        return Err(Failure::Forbidden);
    }
    let most = i64::try_from(MAX_ORGANISATIONS).unwrap_or(i64::MAX);
    let name: String = form.text("q").chars().take(200).collect();
    Ok(store::list_places(tx, &scope, &name, most + 1).await?)
}

/// What is known before it is sent.
struct Preview {
    places: Places,
    recipients: usize,
    seen: String,
}

/// The form, empty or as it was sent; with the numbers once they are known.
fn show(person: &SignedIn, (errors, form): (&Errors, &Form), preview: Option<Preview>) -> Response {
    let mut page = person.page(Area::Mail, "mail-title");
    page.has_errors = !errors.is_empty();
    let audiences = Audience::ALL
        .map(|one| Choice::new(one.as_str(), page.t(&format!("mail-to-{}", one.as_str())), form.text("to")));
    let mut fields = vec![
        Field { kind: "search", ..Field::text(&page, "q", "mail-organisations") }
            .hint(&page, "mail-organisations-hint")
            .filter()
            .value(form.text("q")),
        Field::select(&page, "to", "mail-to", audiences.into()),
        Field::text(&page, "subject", "mail-subject").hint(&page, "mail-subject-hint").autocomplete("off"),
        Field { max: MAX_LETTER, ..Field::lines(&page, "text", "mail-text") }.hint(&page, "mail-text-hint"),
    ];
    errors.fill(&mut fields, Some(form));
    let id = form.text("id").parse().unwrap_or_else(|_| MailingId(person.ctx.uuid()));
    let mut hidden = vec![("id".to_owned(), id.to_string())];
    let (mut points, mut found, mut submit) = (Vec::new(), None, page.t("mail-preview"));
    if let Some(preview) = preview {
        points.push(page.count("mail-recipients", preview.recipients as u64));
        points.push(page.count("mail-places", preview.places.len() as u64));
        points.push(page.t("mail-each"));
        submit = page.count("mail-send", preview.recipients as u64);
        found = Some(table(&page, &preview.places));
        hidden.push(("seen".to_owned(), preview.seen));
    }
    let intro = Some(page.t("mail-intro"));
    let shown = FormPage::saving(page, "/admin/levels", HERE.to_owned(), fields);
    FormPage { hidden, intro, points, found, submit, ..shown }.show()
}

fn table(page: &Page, places: &Places) -> Table {
    let row = |(id, name): &(OrganisationId, String)| vec![Cell::link(name.clone(), format!("/admin/levels/{id}"))];
    let rows = places.iter().take(NAMED).map(row).collect();
    let caption =
        page.count(if places.len() > NAMED { "mail-places-first" } else { "mail-places" }, places.len() as u64);
    Table::new(page, caption, &["level-name"], rows)
}

/// `GET /admin/mail`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    // A link says whom the list showed, never what is to be written: the text is its sender's.
    let query = query.only(&["q"]);
    places(&mut person.app.db.reader().await?, &person, &query).await?;
    Ok(show(&person, (&Errors::default(), &query), None))
}

/// What is written, or what is wrong with it.
fn read(person: &SignedIn, form: &Form) -> Result<(Audience, Letter), Errors> {
    let page = person.page(Area::Mail, "mail-title");
    let letter = Letter::checked(form.text("subject"), form.text("text")).map_err(|(field, error)| {
        Errors::one(field, describe(&page, if field == "text" { "mail-text" } else { "mail-subject" }, error))
    })?;
    let audience = Audience::parse(form.text("to")).ok_or_else(|| Errors::one("to", page.t("mail-to-choose")))?;
    Ok((audience, letter))
}

/// What the form can say about a refused mailing.
fn explain(page: &Page, error: &MailingError) -> Option<Errors> {
    let one = |field: &str, key: &str, most: String| Some(Errors::one(field, page.t1(key, "most", most)));
    match error {
        MailingError::Organisations => one("q", "mail-wrong-organisations", MAX_ORGANISATIONS.to_string()),
        MailingError::Nobody => one("q", "mail-wrong-nobody", String::new()),
        MailingError::TooMany => one("q", "mail-wrong-too-many", MAX_RECIPIENTS.to_string()),
        MailingError::Limit => one("subject", "mail-wrong-limit", MAX_A_DAY.to_string()),
        MailingError::Changed => one("q", "mail-wrong-changed", String::new()),
        MailingError::Used => one("subject", "mail-wrong-used", String::new()),
        MailingError::Sent | MailingError::NoPerson | MailingError::Db(_) => None,
    }
}

/// Whom it would reach, shown before it goes.
async fn preview(person: &SignedIn, form: &Form, audience: Audience, changed: bool) -> PageResult {
    let page = person.page(Area::Mail, "mail-title");
    let tx = &mut person.app.db.reader().await?;
    let places = places(tx, person, form).await?;
    let organisations: Vec<OrganisationId> = places.iter().map(|(id, _)| *id).collect();
    match recipients(tx, person.app.door.roles(), (&organisations, audience), &person.ctx).await {
        Ok(found) => {
            let preview = Preview { recipients: found.len(), seen: fingerprint(&found), places };
            let warned = changed.then(|| explain(&page, &MailingError::Changed)).flatten().unwrap_or_default();
            Ok(show(person, (&warned, form), Some(preview)))
        }
        Err(error) => match explain(&page, &error) {
            Some(errors) => Ok(show(person, (&errors, form), None)),
            None => Err(error.into()),
        },
    }
}

/// `POST /admin/mail`: shows whom it would reach; sends it if that was shown.
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    let (audience, letter) = match read(&person, &form) {
        Ok(read) => read,
        Err(errors) => {
            places(&mut person.app.db.reader().await?, &person, &form).await?;
            return Ok(show(&person, (&errors, &form), None));
        }
    };
    let (Ok(id), Some(seen)) = (form.text("id").parse(), form.given("seen")) else {
        return preview(&person, &form, audience, false).await;
    };
    let places = places(&mut person.app.db.reader().await?, &person, &form).await?;
    let organisations: Vec<OrganisationId> = places.into_iter().map(|(id, _)| id).collect();
    let mailing = Mailing { id, audience, letter, seen: seen.to_owned() };
    let sent: Result<usize, ChangeError> = transact!(person.app.db, tx => {
        let action = WriteToPeople { organisations: organisations.clone() };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(send(tx, permit, mailing.clone(), &person.ctx).await?)
    });
    match sent {
        // By a double click: it has gone out, once.
        Ok(_) | Err(ChangeError::Mailing(MailingError::Sent)) => Ok(see_other(&format!("{HERE}?done=mail-sent"))),
        // From here on it is another one, which is looked at before it goes.
        Err(ChangeError::Mailing(error @ MailingError::Used)) => {
            let errors = explain(&person.page(Area::Mail, "mail-title"), &error).unwrap_or_default();
            Ok(show(&person, (&errors, &form.only(&["q", "to", "subject", "text"])), None))
        }
        Err(ChangeError::Mailing(MailingError::Changed)) => preview(&person, &form, audience, true).await,
        Err(ChangeError::Mailing(error)) => match explain(&person.page(Area::Mail, "mail-title"), &error) {
            Some(errors) => Ok(show(&person, (&errors, &form), None)),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

impl From<MailingError> for Failure {
    fn from(error: MailingError) -> Self {
        match error {
            MailingError::Organisations | MailingError::Nobody | MailingError::TooMany => Self::BadRequest,
            MailingError::Changed | MailingError::Sent | MailingError::Used | MailingError::Limit => Self::Conflict,
            MailingError::NoPerson => Self::Forbidden,
            MailingError::Db(error) => error.into(),
        }
    }
}
