//! Modules for which somebody proposed organisations: they wait until whoever grants the module grants it or declines (I71, I72).

use crate::authority::{ApplicationScope, Permission};
use crate::db::Tx;
use crate::directory::module::candidates_store::Standing;
use crate::directory::module::proposal_store::{self, Waiting};
use crate::portal::admin::plain::{Cell, Link, Table};
use crate::portal::error::Failure;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// What waits for the person, as a table of My Tasks: each module, with how many organisations within their reach wait. Nothing for whoever
/// grants none (D8).
pub(super) async fn waiting(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
) -> Result<Vec<(String, Table, Vec<Link>)>, Failure> {
    let reach = ApplicationScope::of(&person.authority, &[Permission::ModuleManage], person.ctx.now);
    if reach.parts().is_empty() {
        return Ok(Vec::new());
    }
    let found = proposal_store::list_waiting(tx, &reach).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let row = |one: Waiting| {
        let link = format!("/admin/modules/{}?standing={}", one.application, Standing::Proposed.as_str());
        vec![Cell::link(one.name, link), Cell::text(one.waiting.to_string())]
    };
    let rows = found.into_iter().map(row).collect();
    let table = Table::new(page, page.t("proposals-title"), &["directory-module", "proposals-waiting"], rows);
    Ok(vec![(page.t("proposals-title"), table, Vec::new())])
}
