//! People from a CSV file: what would become of each line, then the import (E34, E45).

use askama::Template;
use axum::extract::State;

use super::plain::{Cell, Table};
use super::{rows, tree};
use crate::authority::Permission;
use crate::authority::action::{CreateUser, ReadContact, ReadUser};
use crate::db::{Tx, transact};
use crate::directory::user::error::UserError;
use crate::directory::user::import::{self, Fault, FileError, Holder, Line, MAX_LINES, Outcome};
use crate::directory::user::store;
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::EmailAddress;
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, render_form};
use crate::web::{Field, Page, Upload};

#[derive(Template)]
#[template(path = "pages/admin/user_import.html")]
struct ImportTemplate {
    page: Page,
    fields: Vec<Field>,
    /// What would become of the lines, or became.
    table: Option<Table>,
    /// The file and the level, to be sent once more when it is done in earnest.
    again: Option<(String, String)>,
    summary: Option<String>,
}

/// `GET /admin/users/import`
pub(super) async fn get(person: SignedIn) -> PageResult {
    show(&person, (None, &Errors::default()), None).await
}

/// The lines with what became of them, the file and the level once more, and how many of each.
type Done = (Table, Option<(String, String)>, String);

async fn show(person: &SignedIn, (level, errors): (Option<OrganisationId>, &Errors), done: Option<Done>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let near = tree::near(tx, person, &[Permission::UserCreate], level).await?;
    if near.levels.is_empty() {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Users, "users-import");
    page.has_errors = !errors.is_empty();
    page.wide = true;
    let file = Field { kind: "file", max: 0, ..Field::text(&page, "file", "import-file") };
    let choices = tree::choices(&near.levels, level);
    let mut fields = vec![file.hint(&page, "import-file-hint"), Field::select(&page, "level", "user-level", choices)];
    errors.fill(&mut fields, None);
    let (table, again, summary) = match done {
        Some((table, again, summary)) => (Some(table), again, Some(summary)),
        None => (None, None, None),
    };
    // What became of a file that was sent is shown in any case.
    let is_answer = table.is_some();
    let view = ImportTemplate { page, fields, table, again, summary };
    Ok(if is_answer { render(&view) } else { render_form(&view.page, &view) })
}

/// `POST /admin/users/import`: the preview; with `do=import` the import itself.
pub(super) async fn post(State(portal): State<Portal>, person: SignedIn, upload: Upload) -> PageResult {
    let form = &upload.form;
    let level: OrganisationId = form.text("level").parse().map_err(|_| Failure::BadRequest)?;
    let sent = form.text("csv").as_bytes().to_vec();
    let earnest = form.text("do") == "import";
    let bytes = if upload.file.is_empty() { sent } else { upload.file.to_vec() };
    let page = person.page(Area::Users, "users-import");
    let lines = match import::read(&bytes, person.ctx.now) {
        Ok(lines) => lines,
        Err(error) => {
            let errors = Errors::one("file", explain_file(&page, &error));
            return show(&person, (Some(level), &errors), None).await;
        }
    };
    let mut counts = [0_u64; 3];
    let mut shown = Vec::with_capacity(lines.len());
    for line in lines {
        let said = match take(&portal, &person, level, &line, earnest).await {
            Ok(Outcome::Created) => (0, "active", page.t(if earnest { "import-created" } else { "import-new" })),
            Ok(Outcome::Unchanged) => (1, "new", page.t("import-unchanged")),
            Ok(Outcome::Taken) => (2, "blocked", page.t("import-taken")),
            Ok(Outcome::TooMany) => (2, "blocked", page.t("import-too-many")),
            Err(LineError::Fault(fault)) => (2, "blocked", explain(&page, &fault)),
            Err(LineError::Number) => (2, "blocked", page.t("security-phone-refused")),
            Err(LineError::Change(ChangeError::User(UserError::EmailTaken | UserError::UserNameTaken))) => {
                (2, "blocked", page.t("import-taken"))
            }
            Err(LineError::Change(ChangeError::Refused(_))) => (2, "blocked", page.t("import-refused")),
            Err(LineError::Change(error)) => return Err(error.into()),
        };
        if let Some(count) = counts.get_mut(said.0) {
            *count += 1;
        }
        let name = line.person.as_ref().map(|new| format!("{} {}", new.given_name, new.family_name));
        shown.push(vec![
            Cell::text(line.number.to_string()),
            Cell::text(line.who.clone()),
            Cell::text(name.unwrap_or_default()),
            Cell::badge(said.2, said.1),
        ]);
    }
    let [created, unchanged, wrong] = counts.map(|count| count.to_string());
    let key = if earnest { "import-done" } else { "import-would" };
    let summary = page.t3(key, &[("created", &created), ("unchanged", &unchanged), ("wrong", &wrong)]);
    let table =
        Table::new(&page, summary.clone(), &["import-line", "user-email", "import-name", "import-result"], shown);
    let text = String::from_utf8(bytes).map_err(|_| Failure::BadRequest)?;
    let again = (!earnest && counts.first().is_some_and(|new| *new > 0)).then(|| (text, level.to_string()));
    show(&person, (Some(level), &Errors::default()), Some((table, again, summary))).await
}

/// Why a line is not taken.
#[derive(Debug, thiserror::Error)]
enum LineError {
    #[error("{0}")]
    Fault(Fault),
    #[error("no code would be sent there")]
    Number,
    #[error(transparent)]
    Change(#[from] ChangeError),
}

/// One line in a transaction of its own; of a preview nothing is kept.
async fn take(
    portal: &Portal,
    person: &SignedIn,
    level: OrganisationId,
    line: &Line,
    earnest: bool,
) -> Result<Outcome, LineError> {
    let new = line.person.clone().map_err(LineError::Fault)?;
    if new.phone.as_ref().is_some_and(|phone| !portal.factors.numbers.accepts(phone)) {
        return Err(LineError::Number);
    }
    let organisation = line.organisation.unwrap_or(level);
    let mut would = None;
    let done: Result<Outcome, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, CreateUser { organisation }).await?;
        let holder = holder(tx, person, new.email.as_ref().map(EmailAddress::as_str)).await?;
        let outcome = import::import(tx, permit, new.clone(), holder, &person.ctx).await?;
        // Of a preview only that somebody was told of people out of sight is kept.
        if earnest || matches!(outcome, Outcome::Taken | Outcome::TooMany) {
            Ok(outcome)
        } else {
            would = Some(outcome);
            Err(ChangeError::Unknown)
        }
    });
    match (would, done) {
        (Some(outcome), Err(ChangeError::Unknown)) => Ok(outcome),
        (_, done) => Ok(done?),
    }
}

/// Whoever has the address or bears it as a name, and whether the administrator sees them and how to reach them.
async fn holder(tx: &mut Tx, person: &SignedIn, email: Option<&str>) -> Result<Holder, ChangeError> {
    let Some(email) = email else { return Ok(Holder::Nobody) };
    let found = store::find_by_email(tx, email).await?;
    let found = if found.is_some() { found } else { store::find_by_user_name(tx, email).await? };
    let Some(found) = found else { return Ok(Holder::Nobody) };
    let user = found.id;
    let seen = rows::allowed(tx, person, ReadUser { user }).await.map_err(|_| ChangeError::Unknown)?
        && rows::allowed(tx, person, ReadContact { user }).await.map_err(|_| ChangeError::Unknown)?;
    Ok(if seen { Holder::Seen(Box::new(found)) } else { Holder::Hidden(user) })
}

fn explain_file(page: &Page, error: &FileError) -> String {
    match error {
        FileError::Unreadable => page.t("import-error-file"),
        FileError::Missing(name) => page.t1("import-error-missing", "column", name),
        FileError::Unknown(name) => page.t1("import-error-unknown", "column", name),
        FileError::Empty => page.t("import-error-empty"),
        FileError::TooMany => page.t1("import-error-many", "max", MAX_LINES),
    }
}

fn explain(page: &Page, fault: &Fault) -> String {
    match fault {
        Fault::Value(name, error) => describe(page, &format!("user-{}", name.replace('_', "-")), *error),
        Fault::Organisation => page.t("import-error-organisation"),
        Fault::Expires => page.t("error-date-past"),
        Fault::Twice(first) => page.t1("import-error-twice", "line", first),
        // Columns that no upload has, and what refuses a file as a whole.
        Fault::Choice(..)
        | Fault::Hash(_)
        | Fault::Home
        | Fault::Encoding
        | Fault::TooLong
        | Fault::Cells(..)
        | Fault::Quotes
        | Fault::Cut
        | Fault::Json
        | Fault::Member(_)
        | Fault::MemberTwice(_)
        | Fault::NoText(_) => page.t("import-error-file"),
    }
}
