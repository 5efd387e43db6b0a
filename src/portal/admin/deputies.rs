//! Deputies: who stands in for whom, naming one, and ending it.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};

use super::plain::{Cell, FormPage, Section, Table, TablePage};
use super::target::{self, Target};
use super::user_view::{Role, described};
use crate::authority::action::{EndDeputy, NameDeputy, RevokeRole};
use crate::authority::{Assignment, KeptRole, Permission};
use crate::db::{Tx, transact};
use crate::delegation::deputy::model::Deputy;
use crate::delegation::deputy::name::{DeputyError, LONGEST};
use crate::delegation::deputy::{end, name, store};
use crate::delegation::listed_store::Sight;
use crate::delegation::model::RoleAssignment;
use crate::delegation::store as roles;
use crate::directory::user::deputy_list_store::{self as listed, Asked, Shown};
use crate::kernel::ids::{DeputyId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, last_day};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page, Pages};

/// Rows of one page.
const ROWS: u32 = 50;

/// Most of one person.
const MOST: i64 = 50;

/// The roles of one's own that somebody can stand in for, each once.
fn own(person: &SignedIn) -> BTreeMap<RoleAssignmentId, &Assignment> {
    let lends = |held: &&Assignment| {
        let role = person.app.door.roles().get(&held.role);
        held.on_behalf_of.is_none()
            && held.permissions.contains(Permission::RoleGrant)
            && role.is_some_and(|role| role.deputies)
    };
    let mut own = BTreeMap::new();
    for held in person.authority.live(person.ctx.now).filter(lends) {
        own.entry(held.id).or_insert(held);
    }
    own
}

/// Whether the person of a page could be named by the reader; the form decides.
pub(super) fn can_name(person: &SignedIn, found: &Target) -> bool {
    found.user.id != person.user.id && own(person).values().any(|held| held.extent.covers(&found.path))
}

async fn lent(tx: &mut Tx, found: &[Shown]) -> Result<BTreeMap<RoleAssignmentId, RoleAssignment>, Failure> {
    let ids: Vec<RoleAssignmentId> = found.iter().map(|one| one.assignment).collect();
    Ok(roles::list_all(tx, &ids).await?.into_iter().map(|role| (role.id, role)).collect())
}

/// In which roles somebody stands in, as lines of their page.
pub(super) async fn lines(tx: &mut Tx, person: &SignedIn, page: &Page, deputy: UserId) -> Result<Vec<Role>, Failure> {
    let sight = Sight::of(&person.authority, person.ctx.now);
    let asked = Asked { sight: &sight, reader: person.user.id, deputy: Some(deputy) };
    let found = listed::list(tx, &asked, person.ctx.now, (MOST, 0)).await?;
    let held = lent(tx, &found).await?;
    let shown: Vec<&Shown> = found.iter().filter(|one| held.contains_key(&one.assignment)).collect();
    let held = shown.iter().filter_map(|one| held.get(&one.assignment).cloned()).collect();
    let lines = described(tx, person, page, held).await?;
    let lines = lines.into_iter().zip(shown);
    Ok(lines.map(|(role, one)| role.lent(page, &one.holder_name, one.valid_until)).collect())
}

/// Which of some the reader may end: those of their own roles, and those of roles that they may take away.
async fn endable(
    tx: &mut Tx,
    person: &SignedIn,
    found: &[Shown],
    held: &BTreeMap<RoleAssignmentId, RoleAssignment>,
) -> Result<Vec<bool>, Failure> {
    let about: Vec<KeptRole<'_>> = found
        .iter()
        .filter_map(|one| held.get(&one.assignment).map(|role| (one, role)))
        .map(|(one, role)| KeptRole {
            id: role.id,
            holder: (one.holder, one.home),
            role: &role.role,
            over: (role.organisation, role.include_sub_levels),
            applications: &role.applications,
            project: role.project,
            granted_by: role.granted_by,
        })
        .collect();
    let revoke = |assignment| RevokeRole { assignment }.into();
    let revocable = person.app.door.judge_held_roles(tx, &person.ctx, (&about, revoke)).await?;
    let own = own(person);
    Ok(found.iter().zip(revocable).map(|(one, revocable)| revocable || own.contains_key(&one.assignment)).collect())
}

/// `GET /admin/deputies`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    if person.authority.live(person.ctx.now).next().is_none() {
        return Err(Failure::Forbidden);
    }
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let (sight, now) = (Sight::of(&person.authority, person.ctx.now), person.ctx.now);
    let asked = Asked { sight: &sight, reader: person.user.id, deputy: None };
    let total = listed::count(tx, &asked, now).await?;
    let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
    let number = Pages::reached(number, ROWS, total);
    let part = (i64::from(ROWS), i64::from(number.saturating_sub(1)) * i64::from(ROWS));
    let found = listed::list(tx, &asked, now, part).await?;
    let held = lent(tx, &found).await?;
    let found: Vec<Shown> = found.into_iter().filter(|one| held.contains_key(&one.assignment)).collect();
    let endable = endable(tx, &person, &found, &held).await?;
    let mut page = person.page(Area::Scope, "deputies-title");
    page.results = Some(total);
    let ordered = found.iter().filter_map(|one| held.get(&one.assignment).cloned()).collect();
    let lines = described(tx, &person, &page, ordered).await?;
    let rows = found.iter().zip(&lines).zip(endable).map(|((one, role), may)| {
        let end =
            Cell::action(page.t("deputy-end"), format!("/admin/deputies/{}/end", one.id), one.deputy_name.clone());
        vec![
            Cell::text(one.deputy_name.clone()),
            Cell::text(one.holder_name.clone()),
            Cell::text(role.line(&page)),
            Cell::text(one.valid_from.to_date()),
            Cell::text(last_day(one.valid_until)),
            if may { end } else { Cell::default() },
        ]
    });
    let columns = ["deputy", "deputy-for", "role", "deputy-from", "until", "actions"];
    let table = Table::new(&page, page.t("deputies-title"), &columns, rows.collect()).or_else(&page, "deputies-none");
    let pages = Some(Pages::new(&page, (number, ROWS), total, |number| format!("/admin/deputies?page={number}")));
    let lead = Some(page.t("deputies-text"));
    let back = Some(("/admin/scope".to_owned(), page.t("menu-scope")));
    Ok(TablePage { back, lead, pages, ..TablePage::new(page, table) }.show())
}

async fn name_form(
    tx: &mut Tx,
    person: &SignedIn,
    found: &Target,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let own = own(person);
    let ids: Vec<RoleAssignmentId> = own.values().filter(|a| a.extent.covers(&found.path)).map(|a| a.id).collect();
    if ids.is_empty() || found.user.id == person.user.id {
        return Err(Failure::NotFound);
    }
    let mut page = person.page(Area::Users, "deputy-name");
    page.has_errors = !errors.is_empty();
    let held = roles::list_all(tx, &ids).await?;
    let ids: Vec<RoleAssignmentId> = held.iter().map(|role| role.id).collect();
    let lines = described(tx, person, &page, held).await?;
    let choices = ids.iter().zip(&lines).map(|(id, role)| Choice::new(id.to_string(), role.line(&page), ""));
    let intro = Some(page.t2("deputy-name-text", ("name", &found.name(&page)), ("days", &days())));
    let mut fields = vec![
        Field::select(&page, "role", "role", choices.collect()),
        Field::date(&page, "from", "deputy-from").hint(&page, "deputy-from-hint").filter(),
        Field::date(&page, "until", "deputy-until"),
    ];
    errors.fill(&mut fields, form);
    let back = format!("/admin/users/{}", found.user.id);
    let submit = page.t("deputy-name");
    let sections = vec![Section { fields, ..Section::default() }];
    let saving = FormPage::saving(page, &back, format!("{back}/deputy"), Vec::new());
    Ok(FormPage { intro, sections, submit, ..saving }.show())
}

fn days() -> String {
    (LONGEST.as_secs() / 86_400).to_string()
}

/// `GET /admin/users/{id}/deputy`
pub(super) async fn get_name(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    name_form(tx, &person, &found, (&Errors::default(), None)).await
}

/// `POST /admin/users/{id}/deputy`
pub(super) async fn post_name(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let found = target::find(&mut person.app.db.reader().await?, &person, &id).await?;
    let page = person.page(Area::Users, "deputy-name");
    let mut checks = Reader::new(&page, &form);
    let from = match form.given("from") {
        Some(day) => match Timestamp::start_of_date(day) {
            Some(from) => Some(from),
            None => {
                checks.fail("from", page.t("error-date"));
                None
            }
        },
        None => None,
    };
    let until = checks.day("until", person.ctx.now);
    if form.given("until").is_none() {
        checks.fail("until", page.t("error-date"));
    }
    let assignment: RoleAssignmentId = form.text("role").parse().map_err(|_| Failure::BadRequest)?;
    let errors = match until {
        Some(until) if checks.is_clean() => {
            let action = NameDeputy { assignment, deputy: found.user.id, from, until };
            let named: Result<Deputy, ChangeError> = transact!(person.app.db, tx => {
                let permit = person.app.door.authorise(tx, &person.ctx, action.clone()).await?;
                Ok(name::name(tx, permit, &person.ctx).await?)
            });
            match named {
                Ok(_) => return Ok(see_other(&format!("/admin/users/{}?done=deputy-named", found.user.id))),
                Err(ChangeError::Deputy(DeputyError::InvalidDates)) => {
                    Errors::one("until", page.t1("deputy-dates", "days", days()))
                }
                Err(ChangeError::Deputy(DeputyError::AlreadyNamed)) => Errors::one("role", page.t("deputy-already")),
                Err(ChangeError::Deputy(DeputyError::SeparationOfDuties)) => Errors::one("role", page.t("role-duties")),
                Err(ChangeError::Deputy(DeputyError::TooMany)) => Errors::one("role", page.t("deputy-many")),
                Err(error) => return Err(error.into()),
            }
        }
        _ => checks.into_errors(),
    };
    name_form(&mut person.app.db.reader().await?, &person, &found, (&errors, Some(&form))).await
}

/// `GET /admin/deputies/{deputy}/end`
pub(super) async fn get_end(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let id: DeputyId = id.parse().map_err(|_| Failure::NotFound)?;
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, EndDeputy { deputy: id }).await?;
    let deputy = store::find(tx, id).await?.ok_or(Failure::NotFound)?;
    let page = person.page(Area::Scope, "deputy-end-title");
    let intro = Some(page.t2("deputy-end-text", ("role", &deputy.role), ("day", &last_day(deputy.valid_until))));
    let action = format!("/admin/deputies/{id}/end");
    Ok(FormPage { intro, ..FormPage::asking(page, "/admin/deputies", action, "deputy-end") }.show())
}

/// `POST /admin/deputies/{deputy}/end`
pub(super) async fn post_end(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let id: DeputyId = id.parse().map_err(|_| Failure::NotFound)?;
    let ended: Result<Deputy, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, EndDeputy { deputy: id }).await?;
        Ok(end::end(tx, permit, &person.ctx).await?)
    });
    ended?;
    Ok(see_other("/admin/deputies?done=deputy-ended"))
}
