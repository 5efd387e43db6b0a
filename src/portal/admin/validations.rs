//! My Tasks → Pending validations (I36): what waits for a decision, and deciding (I35).

use std::time::Duration;

use axum::extract::{Path, RawQuery};

use super::case::{CasePage, facts, find, stands_still};
use super::plain::{Cell, Table, TablePage};
use super::{level_taken, rows, tree};
use crate::authority::Permission;
use crate::authority::action::ValidateRegistration;
use crate::db::{Tx, transact};
use crate::directory::organisation::error::OrganisationError;
use crate::directory::registration::error::{RegisterError, ReviewError};
use crate::directory::registration::model::{Registration, State};
use crate::directory::registration::review::{self, By, Validated};
use crate::directory::registration::store::{self, Search};
use crate::directory::user::error::UserError;
use crate::kernel::ids::PrincipalId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe, moment};
use crate::portal::page::Area;
use crate::portal::registration::parts;
use crate::portal::registration::stage::{badge, stages};
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page, Pages};

/// Rows of one page.
const ROWS: u32 = 50;

/// What waits for somebody who may create organisations.
pub(in crate::portal) fn search(person: &SignedIn) -> Search {
    let scope = tree::scope(person, &[Permission::OrganisationCreate]);
    Search { scope, pending: true, state: None, until: None }
}

/// Registrations as a table.
pub(in crate::portal) fn table(person: &SignedIn, page: &Page, found: &[Registration], total: u64) -> Table {
    let own = PrincipalId::Person(person.user.id);
    let rows = found.iter().map(|one| {
        let at = one.registered_at.unwrap_or(one.invited_at);
        let days = person.ctx.now.since(at).as_secs() / 86_400;
        let from = page.t(if one.invited_by == own { "validation-invited-by-you" } else { "validation-invited" });
        let (kind, text) = badge(page, one, person.ctx.now);
        vec![
            Cell::text(one.name().to_owned()).noted(from),
            Cell::whole(moment(at)),
            Cell::text(page.count("validation-age", days)),
            Cell::badge(text, kind),
            Cell::action(page.t("validation-review"), format!("/tasks/validations/{}", one.id), one.name().to_owned()),
        ]
    });
    let caption = page.t1("validations-caption", "count", total);
    let columns = ["validation-what", "invitation-registered", "validation-since", "user-status", "actions"];
    Table::new(page, caption, &columns, rows.collect()).or_else(page, "validations-none")
}

/// `GET /tasks/validations`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let older: Option<u64> = query.text("older").trim().parse().ok().filter(|days| *days <= 3_660);
    let until = older.map(|days| person.ctx.now.minus(Duration::from_hours(days * 24)));
    let search = Search { until, ..search(&person) };
    if search.scope.is_empty() {
        return Err(Failure::NotFound);
    }
    let total = store::count(tx, &search).await?;
    let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
    let number = Pages::reached(number, ROWS, total);
    let found =
        store::list(tx, &search, i64::from(ROWS), i64::from(number.saturating_sub(1)) * i64::from(ROWS)).await?;
    let mut page = person.page(Area::Tasks, "validations-title");
    page.results = Some(total);
    let days = older.map(|days| days.to_string()).unwrap_or_default();
    let pages =
        Pages::new(&page, (number, ROWS), total, |number| format!("/tasks/validations?older={days}&page={number}"));
    let table = table(&person, &page, &found, total);
    let filter =
        Field { max: 4, narrow: true, input_mode: Some("numeric"), ..Field::text(&page, "older", "validations-older") };
    let filters = vec![filter.filter().value(days)];
    let (back, action) = (Some(("/tasks".to_owned(), page.t("menu-tasks"))), "/tasks/validations".to_owned());
    Ok(TablePage { back, action, filters, pages: Some(pages), ..TablePage::new(page, table) }.show())
}

fn fields(page: &Page, (errors, form): (&Errors, Option<&Form>)) -> Vec<Field> {
    let choice = |word: &str| Choice::new(word, page.t(&format!("validation-{word}")), "validate");
    let mut fields = vec![
        Field::select(page, "decision", "validation-decision", ["validate", "return", "refuse"].map(choice).into()),
        Field { max: 1_000, ..Field::lines(page, "reason", "validation-reason") }
            .hint(page, "validation-reason-hint")
            .filter(),
    ];
    errors.fill(&mut fields, form);
    fields
}

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    case: &Registration,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Tasks, "validations-title").titled(case.name().to_owned());
    page.has_errors = !errors.is_empty();
    let decides =
        case.state.is_pending() && rows::allowed(tx, person, ValidateRegistration { registration: case.id }).await?;
    let (mut texts, mut links) = (Vec::new(), Vec::new());
    if case.state.is_pending() {
        let second = person.app.registrations.four_eyes;
        let key = match (decides, case.state) {
            (false, _) if stands_still(tx, person, case).await? => "case-stopped",
            (false, _) => "validation-not-yours",
            (true, State::Approved) => "validation-is-second",
            (true, _) if second => "validation-needs-second",
            (true, _) => "validation-text",
        };
        texts.push(page.t(key));
        let role = person.app.door.roles().initial().representative.as_ref().filter(|_| decides);
        texts.extend(role.map(|role| page.t1("validation-representative", "role", role)));
    }
    if let Some(made) = case.organisation {
        texts.push(page.t("validation-done"));
        links.push((format!("/admin/levels/{made}/modules/new"), page.t("module-grant")));
        links.push((format!("/admin/levels/{made}"), page.t("validation-open")));
    }
    let names: Vec<&str> = case.application.said.legal_names().chain([case.name()]).collect();
    let found = if decides { level_taken::alike(tx, person, &page, &names).await? } else { None };
    let entered = !case.email.is_empty() && case.registered_at.is_some();
    let shown = CasePage {
        back: ("/tasks/validations".to_owned(), page.t("validations-back")),
        badge: badge(&page, case, person.ctx.now),
        links,
        stages: stages(&page, case.state),
        texts,
        facts: facts(tx, (person, &page), case).await?,
        parts: if entered { parts(&page, &person.app.terms, &case.email, &case.application) } else { Vec::new() },
        found,
        action: format!("/tasks/validations/{}", case.id),
        version: case.version,
        decision: if decides { fields(&page, (errors, form)) } else { Vec::new() },
        deeds: Vec::new(),
        page,
    };
    Ok(shown.show())
}

/// `GET /tasks/validations/{registration}`
pub(super) async fn get_one(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let case = find(tx, &person, &id).await?;
    show(tx, &person, &case, (&Errors::default(), None)).await
}

/// `POST /tasks/validations/{registration}`
pub(super) async fn post_one(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let case = find(tx, &person, &id).await?;
    let version: i64 = form.text("version").parse().map_err(|_| Failure::BadRequest)?;
    let (app, ctx, reason) = (&person.app, &person.ctx, form.text("reason"));
    let by = By { door: &app.door, rules: app.registrations, terms: &app.terms };
    let done: Result<&'static str, ChangeError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, ValidateRegistration { registration: case.id }).await?;
        Ok(match form.text("decision") {
            "validate" => match review::validate(tx, permit, version, by, ctx).await? {
                Validated::Made(_) => "registration-validated",
                Validated::AwaitsSecond => "registration-approved",
            },
            "return" => {
                review::send_back(tx, permit, (version, reason), by.rules, ctx).await?;
                "registration-returned"
            }
            "refuse" => {
                review::refuse(tx, permit, (version, reason), ctx).await?;
                "registration-refused"
            }
            _ => return Err(ChangeError::Unknown),
        })
    });
    match done {
        Ok(done) => {
            app.door.changed();
            Ok(see_other(&format!("/tasks/validations/{}?done={done}", case.id)))
        }
        Err(ChangeError::Review(error)) => {
            let errors = explain(&person.page(Area::Tasks, "validations-title"), &error).ok_or(error)?;
            show(tx, &person, &case, (&errors, Some(&form))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Why it cannot be validated as it stands, for whoever can have it corrected.
fn explain(page: &Page, error: &ReviewError) -> Option<Errors> {
    match error {
        ReviewError::Reason(error) => Some(Errors::one("reason", describe(page, "validation-reason", *error))),
        ReviewError::Register(RegisterError::Organisation(error)) => {
            let key = match error {
                OrganisationError::NameTaken => "level-taken",
                OrganisationError::IdentifierTaken => "level-identifier-taken",
                OrganisationError::Db(_) => return None,
                _ => "validation-wrong",
            };
            Some(Errors::one("decision", page.t(key)))
        }
        ReviewError::Register(RegisterError::User(UserError::EmailTaken | UserError::UserNameTaken)) => {
            Some(Errors::one("decision", page.t("validation-address")))
        }
        ReviewError::Register(_) | ReviewError::NotPending | ReviewError::Db(_) => None,
    }
}
