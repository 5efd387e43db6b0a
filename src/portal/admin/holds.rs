//! What somebody may do, and where, by each role of theirs that the reader sees; and what would end with one of them.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};
use uuid::Uuid;

use super::plain::{Cell, Table, TablePage};
use super::scope::allows;
use super::target::{self, Target};
use super::user_view::described;
use crate::authority::action::RevokeRole;
use crate::authority::{Action, Permission, Scope};
use crate::db::Tx;
use crate::delegation::effect::Concerned;
use crate::delegation::explain::Eyes;
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::delegation::model::RoleAssignment;
use crate::delegation::revoke::RevokeError;
use crate::delegation::simulate::{Change, SimulateError, simulate};
use crate::delegation::store;
use crate::directory::names_store;
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Form, Page};

/// How many roles of one person are listed.
const MOST: i64 = 200;

/// `GET /admin/users/{id}/scope`; with `without`, what would end with that role.
pub(super) async fn get(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let form = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let mut reader = person.app.db.reader().await?;
    let tx = &mut reader;
    let found = target::find(tx, &person, &id).await?;
    let holder = PrincipalId::Person(found.user.id);
    let sight = Sight::of(&person.authority, person.ctx.now);
    let wanted = Wanted { principal: Some(holder), ..Wanted::default() };
    // Listed as far as they are seen; the page counts their other applications itself.
    let seen = listed_store::list(tx, &sight, &wanted, MOST).await?;
    let held = store::list_all(tx, &seen.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    match form.given("without") {
        None => list(tx, &person, &found, held).await,
        Some(without) => {
            let id: RoleAssignmentId = without.parse().map_err(|_| Failure::NotFound)?;
            person.app.door.authorise_read(tx, &person.ctx, RevokeRole { assignment: id }).await?;
            let one = held.into_iter().find(|one| one.id == id).ok_or(Failure::NotFound)?;
            // The connection is given back before the change takes one of its own.
            drop(reader);
            ending(&person, &found, one).await
        }
    }
}

/// What each role allows its holder now.
async fn allowed(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    holder: PrincipalId,
) -> Result<BTreeMap<Uuid, String>, Failure> {
    let authority = person.app.door.authority_of(tx, holder, person.ctx.now).await?;
    let mut words: BTreeMap<Uuid, Vec<Permission>> = BTreeMap::new();
    for part in authority.live(person.ctx.now) {
        words.entry(part.id.0).or_default().extend(part.permissions.iter());
    }
    let text = |mut permissions: Vec<Permission>| {
        permissions.sort_unstable();
        permissions.dedup();
        permissions.into_iter().map(|permission| allows(page, permission)).collect::<Vec<_>>().join(", ")
    };
    let mut all: BTreeMap<Uuid, String> = words.into_iter().map(|(id, permissions)| (id, text(permissions))).collect();
    all.extend(authority.lacking(person.ctx.now).map(|(part, _)| (part.id.0, page.t("holds-awaits"))));
    Ok(all)
}

async fn list(tx: &mut Tx, person: &SignedIn, found: &Target, held: Vec<RoleAssignment>) -> PageResult {
    let page = person.page(Area::Users, "holds-title");
    let title = page.t1("holds-of", "name", found.name(&page));
    let page = page.titled(title);
    let holder = PrincipalId::Person(found.user.id);
    let allowed = allowed(tx, person, &page, holder).await?;
    let actions: Vec<Action> = held.iter().map(|one| RevokeRole { assignment: one.id }.into()).collect();
    let may = person.app.door.judge(tx, &person.ctx, &actions).await?;
    let base = format!("/admin/users/{}", found.user.id);
    let ids: Vec<RoleAssignmentId> = held.iter().map(|one| one.id).collect();
    let lines = described(tx, person, &page, held).await?;
    let rows = ids.iter().zip(&lines).zip(may).map(|((id, role), may)| {
        let line = role.line(&page);
        let what = allowed.get(&id.0).cloned().unwrap_or_else(|| page.t("holds-nothing"));
        let end = if may {
            Cell::action(page.t("holds-without"), format!("{base}/scope?without={id}"), line.clone())
        } else {
            Cell::text("")
        };
        vec![Cell::text(line), Cell::text(what), end]
    });
    let rows = rows.collect();
    let table = Table::new(&page, page.t("roles"), &["role", "scope-allows", "actions"], rows);
    let table = table.or_else(&page, "holds-none");
    let lead = Some(page.t("holds-text"));
    Ok(TablePage { back: Some((base, page.t("back"))), lead, ..TablePage::new(page, table) }.show())
}

/// The roles that would end, as revoking it would end them.
async fn ending(person: &SignedIn, found: &Target, one: RoleAssignment) -> PageResult {
    let page = person.page(Area::Users, "holds-title");
    let title = page.t1("holds-without-title", "role", &one.role);
    let page = page.titled(title);
    // The last holder of a role loses it only with a reason; here it is only looked at.
    let change = Change::Revoke(RevokeRole { assignment: one.id }, Some("-".to_owned()));
    let lead = match simulate(&person.app.db, &person.app.door, (&change, &[], Eyes::All), &person.ctx).await {
        Ok(outcome) => Ok(outcome.effect.loses),
        Err(SimulateError::Revoke(RevokeError::Db(error))) => return Err(error.into()),
        Err(SimulateError::Revoke(_)) => Err(page.t1("revoke-last", "role", &one.role)),
        Err(SimulateError::Refused(error)) => return Err(error.into()),
        Err(SimulateError::Db(error)) => return Err(error.into()),
        Err(SimulateError::Give(_) | SimulateError::Organisation(_) | SimulateError::Done(_)) => {
            return Err(Failure::NotFound);
        }
    };
    let name = found.name(&page);
    let (lead, Concerned { holders: loses, deputies }) = match lead {
        Ok(loses) => (page.t1("holds-without-text", "name", &name), loses),
        Err(refused) => (refused, Concerned::default()),
    };
    let tx = &mut person.app.db.reader().await?;
    let allowed = allowed(tx, person, &page, PrincipalId::Person(found.user.id)).await?;
    let ended: Vec<(RoleAssignmentId, PrincipalId)> = loses.iter().map(|one| (one.id, one.principal)).collect();
    // What was handed on ends for others as well, who are named as far as the reader may know them (D8).
    let (people, contacts) =
        (Scope::of_people(&person.authority, person.ctx.now), Scope::of_contacts(&person.authority, person.ctx.now));
    let lent = deputies.iter().map(|deputy| deputy.deputy.0);
    let ids = ended.iter().map(|(_, holder)| holder.uuid()).chain(lent).collect();
    let names = names_store::list_people(tx, (&people, &contacts), &ids).await?;
    let lines = described(tx, person, &page, loses).await?;
    let rows = ended.iter().zip(&lines).map(|((id, holder), role)| {
        let who = names.get(&holder.uuid()).cloned().unwrap_or_else(|| page.t("by-outside"));
        let what = if *holder == PrincipalId::Person(found.user.id) {
            allowed.get(&id.0).cloned().unwrap_or_else(|| page.t("holds-nothing"))
        } else {
            page.t("holds-handed-on")
        };
        vec![Cell::text(who), Cell::text(role.line(&page)), Cell::text(what)]
    });
    // D7: whoever stands in may it no longer than the one they stand in for.
    let stand_in = deputies.iter().filter_map(|deputy| {
        let (_, role) = ended.iter().zip(&lines).find(|((id, _), _)| *id == deputy.assignment)?;
        let who = names.get(&deputy.deputy.0).cloned().unwrap_or_else(|| page.t("by-outside"));
        Some(vec![Cell::text(who), Cell::text(role.line(&page)), Cell::text(page.t("holds-deputy"))])
    });
    let rows = rows.chain(stand_in).collect();
    let table = Table::new(&page, page.t("holds-ends"), &["person", "role", "scope-allows"], rows);
    let back = Some((format!("/admin/users/{}/scope", found.user.id), page.t("back")));
    Ok(TablePage { back, lead: Some(lead), ..TablePage::new(page, table) }.show())
}
