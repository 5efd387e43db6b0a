//! An authority is registered once (I09): identifiers that are taken, and levels of a similar name with what can be done for them
//! instead (I10). A level out of the reader's sight is never named.

use super::plain::{Cell, Table};
use super::tree;
use crate::authority::{Permission, Scope};
use crate::db::{self, Tx, transact};
use crate::directory::organisation::conflict::{self, Verdict};
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::organisation::{name_key_store, search_store};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::Failure;
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// What the form says if an identifier is somebody else's.
pub(super) async fn errors(
    person: &SignedIn,
    sight: &Scope,
    given: (&OrganisationDetails, &Description),
    own: Option<OrganisationId>,
) -> Result<Option<Errors>, Failure> {
    // A transaction that writes: being told of what is out of sight is recorded.
    let verdict: db::Result<Verdict> =
        transact!(person.app.db, tx => conflict::check(tx, sight, given, own, &person.ctx).await);
    let page = person.page(Area::Levels, "levels-title");
    Ok(match verdict? {
        Verdict::Free => None,
        Verdict::Seen(level) => Some(Errors::one("lei", page.t1("level-identifier-of", "level", level.name))),
        Verdict::Hidden => Some(Errors::one("lei", page.t("level-identifier-taken"))),
        Verdict::TooMany => Some(Errors::one("lei", page.t("level-identifier-many"))),
    })
}

/// The levels of similar names that the person sees, with the three things to do for them; none if there are none.
pub(super) async fn alike(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    names: &[&str],
) -> Result<Option<Table>, Failure> {
    let scope = tree::scope(person, &[Permission::OrganisationRead]);
    let found = name_key_store::list_alike(tx, &scope, names).await?;
    let found = search_store::list_within(tx, &scope, &found).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let ids: Vec<OrganisationId> = found.iter().map(|level| level.id).collect();
    let places = search_store::list_places(tx, &scope, &ids).await?;
    let manages = person.may(Permission::ModuleManage);
    let creates = person.may(Permission::UserCreate);
    let rows = found.into_iter().map(|level| {
        let (id, name) = (level.id, level.name);
        let place = places.get(&id).map(|place| place.join(" / ")).unwrap_or_default();
        let action = |allowed: bool, key: &str, link: String| {
            if allowed { Cell::action(page.t(key), link, name.clone()) } else { Cell::text("") }
        };
        vec![
            Cell::link(name.clone(), format!("/admin/levels/{id}")).noted(place),
            action(manages, "module-grant", format!("/admin/levels/{id}/modules/new")),
            action(creates, "users-create", format!("/admin/users/new?level={id}")),
            action(true, "level-alike-roles", format!("/admin/users?search=1&level={id}")),
        ]
    });
    let columns = ["level-name", "level-alike-module", "level-alike-user", "level-alike-change"];
    Ok(Some(Table::new(page, page.t("level-alike"), &columns, rows.collect())))
}
