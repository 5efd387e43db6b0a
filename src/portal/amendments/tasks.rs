//! My Tasks: requests that the person can answer, and their own.

use super::view::badge;
use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::directory::amendment::model::{Amendment, State};
use crate::directory::amendment::store;
use crate::directory::names_store;
use crate::portal::admin::plain::{Cell, Link, Table};
use crate::portal::error::Failure;
use crate::portal::form::moment;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// Most rows of each table.
const ROWS: i64 = 100;

type Tables = Vec<(String, Table, Vec<Link>)>;

/// What waits for the person, and what they have asked for.
pub(in crate::portal) async fn waiting(tx: &mut Tx, person: &SignedIn, page: &Page) -> Result<Tables, Failure> {
    let (now, mut tables) = (person.ctx.now, Tables::new());
    let scope = Scope::of(&person.authority, &[Permission::OrganisationUpdate], now);
    if !scope.is_empty() {
        let open = store::list_open(tx, &scope, person.user.id, ROWS).await?;
        if !open.is_empty() {
            tables.push((
                page.t("amendments-open"),
                table(tx, &scope, page, ("amendments-open", open, None)).await?,
                Vec::new(),
            ));
        }
    }
    let own = store::list_by(tx, person.user.id, ROWS).await?;
    if !own.is_empty() {
        let seen = Scope::of(&person.authority, &[Permission::OrganisationRequestChange], now);
        let shown = ("amendments-own", own, Some(page.t("amendment-out-of-sight")));
        tables.push((page.t("amendments-own"), table(tx, &seen, page, shown).await?, Vec::new()));
    }
    Ok(tables)
}

/// One that is open can be withdrawn, also where the name of the organisation is out of sight by now.
async fn table(
    tx: &mut Tx,
    scope: &Scope,
    page: &Page,
    (key, found, out_of_sight): (&str, Vec<Amendment>, Option<String>),
) -> Result<Table, Failure> {
    let ids = found.iter().map(|one| one.organisation.0).collect();
    let names = names_store::list_organisations(tx, scope, &ids).await?;
    let rows = found.iter().filter_map(|one| {
        let unnamed = out_of_sight.as_ref().filter(|_| one.state == State::Open);
        let name = names.get(&one.organisation.0).or(unnamed)?.clone();
        let (kind, text) = badge(page, one.state);
        Some(vec![
            Cell::text(name.clone()).noted(one.reason.clone()),
            Cell::whole(moment(one.asked_at)),
            Cell::badge(text, kind),
            Cell::action(page.t("amendment-open-it"), format!("/amendments/{}", one.id), name),
        ])
    });
    let columns = ["organisation-column", "audit-when", "user-status", "actions"];
    Ok(Table::new(page, page.t(key), &columns, rows.collect()))
}
