//! One application: its environments, its groups, its clients.

use axum::extract::Path;

use super::applications::find;
use super::plain::{Cell, Table, ViewPage};
use super::second_factor;
use crate::directory::application::model::Environment;
use crate::directory::application::{environment_store, store};
use crate::directory::client::model::Client;
use crate::directory::client::store as client_store;
use crate::directory::group::model::Group;
use crate::directory::group::store as group_store;
use crate::portal::error::PageResult;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// `GET /admin/applications/{id}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let application = find(tx, &person, &id).await?;
    let mut page = person.page(Area::Applications, "applications-title").titled(application.name.clone());
    page.wide = true;
    let base = format!("/admin/applications/{}", application.id);
    let environments = environment_store::list_of_application(tx, application.id).await?;
    let groups = group_store::list_of_application(tx, application.id).await?;
    let mut clients = Vec::new();
    for client in client_store::list(tx).await? {
        clients.extend(Some(client).filter(|client| environments.iter().any(|e| client.environment == Some(e.id))));
    }
    let new_environment = (format!("{base}/environments/new"), page.t("environment-new"));
    let mut new_group = Vec::new();
    if !environments.is_empty() {
        new_group.push((format!("{base}/groups/new"), page.t("group-new")));
    }
    let mut links = vec![(format!("{base}/edit"), page.t("edit"))];
    if application.modules.required {
        links.push((format!("{base}/module"), page.t("module-catalogue")));
    }
    let unused = store::count_uses(tx, application.id).await? == 0;
    let or_dash = |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "–".to_owned());
    let shown = ViewPage {
        back: ("/admin/applications".to_owned(), page.t("applications-back")),
        badge: None,
        links,
        facts: vec![
            (page.t("application-code"), application.code),
            (page.t("application-description"), or_dash(Some(application.description))),
            (page.t("application-documentation"), or_dash(application.documentation_url)),
            (
                page.t("application-module-access-short"),
                page.t(if application.modules.required { "yes" } else { "no" }),
            ),
        ],
        tables: vec![
            (page.t("environments"), environment_table(&page, &base, &environments), vec![new_environment]),
            (page.t("groups"), group_table(&page, &base, &environments, groups), new_group),
            (page.t("clients-title"), client_table(&page, &environments, clients), Vec::new()),
        ],
        ends: unused.then(|| (format!("{base}/delete"), page.t("application-delete-title"))).into_iter().collect(),
        page,
    };
    Ok(shown.show())
}

fn environment_table(page: &Page, base: &str, environments: &[Environment]) -> Table {
    let row = |environment: &Environment| {
        let prefix = &environment.group_prefix;
        vec![
            Cell::link(environment.title.clone(), format!("{base}/environments/{}", environment.id)),
            Cell::code(environment.code.clone()),
            if prefix.is_empty() { Cell::text(page.t("none")) } else { Cell::code(prefix.clone()) },
            Cell::text(environment.launch_url.clone().unwrap_or_else(|| "–".to_owned())),
            Cell::text(page.t(if environment.requires_group { "yes" } else { "no" })),
            Cell::text(second_factor::word(page, environment.second_factor)),
        ]
    };
    let columns = [
        "environment-title",
        "environment-code",
        "environment-prefix",
        "environment-launch",
        "environment-requires-short",
        "second-factor",
    ];
    let rows = environments.iter().map(row).collect();
    Table::new(page, page.t("environments"), &columns, rows).or_else(page, "environments-none")
}

fn group_table(page: &Page, base: &str, environments: &[Environment], groups: Vec<Group>) -> Table {
    let row = |group: Group| {
        let environment = environments.iter().find(|environment| environment.id == group.environment);
        let sensitive = if group.sensitive { Cell::badge(page.t("yes"), "new") } else { Cell::text(page.t("no")) };
        vec![
            Cell::link(group.code, format!("{base}/groups/{}", group.id)),
            Cell::text(group.display_name).noted(group.description),
            Cell::text(environment.map(|environment| environment.title.clone()).unwrap_or_default()),
            sensitive,
        ]
    };
    let columns = ["group-code", "group-name", "environment-code", "group-sensitive-short"];
    let rows = groups.into_iter().map(row).collect();
    Table::new(page, page.t("groups"), &columns, rows).or_else(page, "groups-none")
}

fn client_table(page: &Page, environments: &[Environment], clients: Vec<Client>) -> Table {
    let row = |client: Client| {
        let environment = environments.iter().find(|environment| client.environment == Some(environment.id));
        let status = if client.active { ("active", "status-active") } else { ("blocked", "client-inactive") };
        vec![
            Cell::link(client.client_id, format!("/admin/clients/{}", client.id)),
            Cell::text(client.name),
            Cell::text(environment.map(|environment| environment.title.clone()).unwrap_or_default()),
            Cell::badge(page.t(status.1), status.0),
        ]
    };
    let columns = ["client-id", "client-name", "environment-code", "user-status"];
    let rows = clients.into_iter().map(row).collect();
    Table::new(page, page.t("clients-title"), &columns, rows).or_else(page, "clients-none")
}
