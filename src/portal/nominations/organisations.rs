//! My Organisations: who represents them, in them and in their projects (P19, P59, P66).

use std::collections::BTreeMap;

use axum::extract::Path;

use super::table::{self, READ, Where};
use crate::authority::action::{ReadRoles, RequestAmendment};
use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::delegation::nomination::store as nominations;
use crate::delegation::place_store;
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::store;
use crate::kernel::ids::OrganisationId;
use crate::portal::admin::plain::{Cell, Table, TablePage, ViewPage};
use crate::portal::admin::rows;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;

/// `GET /organisations`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Organisations, "organisations-title");
    let scope = Scope::of(&person.authority, &[Permission::RoleRead], person.ctx.now);
    let tops = match scope {
        Scope::Everywhere => store::find_root(tx).await?.map(|root| root.id).into_iter().collect(),
        Scope::Within(_) => scope.anchors().into_iter().map(|(id, _)| id).collect::<Vec<_>>(),
    };
    let names: BTreeMap<_, _> = table::organisations(tx, tops.iter().copied()).await?;
    let rows = tops.iter().filter_map(|id| {
        let name = names.get(&id.0)?;
        Some(vec![Cell::link(name.clone(), format!("/organisations/{id}"))])
    });
    let table = Table::new(&page, page.t("organisations-caption"), &["organisation-column"], rows.collect());
    Ok(TablePage::new(page.clone(), table.or_else(&page, "organisations-none")).show())
}

/// The organisation, if the person may see who represents it.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Organisation, Failure> {
    let id: OrganisationId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ReadRoles { organisation: id }).await?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

/// `GET /organisations/{organisation}`
pub(super) async fn get_one(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let organisation = find(tx, &person, &id).await?;
    let mut page = person.page(Area::Organisations, "organisations-title").titled(organisation.name.clone());
    page.wide = true;
    let bounds = (person.ctx.now, READ);
    let own = place_store::list_outside_projects(tx, organisation.id, bounds).await?;
    let in_projects = place_store::list_inside_projects(tx, organisation.id, bounds).await?;
    let may_name = person.app.door.judge_nominations(tx, &person.ctx, None, &[organisation.id]).await?;
    // Whoever was named has not agreed to be seen yet: only those who could have named them read of it.
    let open = nominations::list_some(tx, None, &may_name, bounds).await?;
    let own = table::roles(tx, &person, &page, &own, ("organisation-own-roles", Where::Organisation)).await?;
    let in_projects =
        table::roles(tx, &person, &page, &in_projects, ("organisation-project-roles", Where::Project)).await?;
    let named = table::nominations(tx, &page, &open, &may_name).await?;
    let name = (format!("/organisations/{}/nominate", organisation.id), page.t("nominate"));
    let amend = RequestAmendment { organisation: organisation.id };
    let amend = rows::allowed(tx, &person, amend).await?;
    let amend = amend.then(|| (format!("/organisations/{}/amend", organisation.id), page.t("amend-title")));
    let links = amend.into_iter().collect();
    let view = ViewPage {
        back: ("/organisations".to_owned(), page.t("organisation-roles-back")),
        badge: None,
        links,
        facts: Vec::new(),
        tables: vec![
            (page.t("organisation-own-roles"), own, (!may_name.is_empty()).then_some(name).into_iter().collect()),
            (page.t("project-nominations"), named, Vec::new()),
            (page.t("organisation-project-roles"), in_projects, Vec::new()),
        ],
        ends: Vec::new(),
        page,
    };
    Ok(view.show())
}
