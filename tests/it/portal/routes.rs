//! The route table of the pages, read from the source, so that a new address cannot be forgotten by the tests that try all of them.

use std::collections::BTreeMap;
use std::path::Path;

use super::town::Town;
use crate::support::Modules;

/// One address with its methods.
#[derive(Clone, Debug)]
pub struct Route {
    pub path: String,
    pub get: bool,
    pub post: bool,
}

/// Every route under `src/portal`.
pub fn all() -> Vec<Route> {
    let mut routes = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/portal")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(path).unwrap();
                routes.extend(text.split(".route(").skip(1).map(read));
            }
        }
    }
    assert!(routes.len() > 40, "the routes were not found");
    // Not in the order of the file system, which differs from machine to machine.
    routes.sort_by(|a: &Route, b| a.path.cmp(&b.path));
    routes
}

fn read(rest: &str) -> Route {
    let path = rest.split('"').nth(1).unwrap().to_owned();
    let mut depth = 1;
    let end = rest.char_indices().find(|(_, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let handlers = &rest[..end.unwrap().0];
    Route { get: handlers.contains("get("), post: handlers.contains("post("), path }
}

/// What stands for the parts of addresses in this world: ids that exist, so that nothing is refused for want of a target.
pub async fn filled(town: &Town) -> BTreeMap<&'static str, String> {
    let modules = Modules::of(&town.world, &town.app.door);
    modules.ask(town.casper).await;
    modules.grant((town.frankfurt, town.casper)).await.unwrap();
    let client = town.client("filled").await;
    let tx = &mut town.world.db.reader().await.unwrap();
    let environment =
        chamberlain::directory::group::store::find(tx, town.imas_user).await.unwrap().unwrap().environment.to_string();
    BTreeMap::from([
        ("/admin/users/{id}", format!("/admin/users/{}", town.find("Fred").await)),
        ("/admin/levels/{id}", format!("/admin/levels/{}", town.frankfurt)),
        ("/admin/applications/{id}", format!("/admin/applications/{}", town.imas)),
        ("/admin/clients/{id}", client),
        ("{application}", town.casper.to_string()),
        ("{environment}", environment),
        ("{organisation}", town.bank_a.to_string()),
        ("{manager}", town.bank_b.to_string()),
        ("{group}", town.imas_user.to_string()),
        ("{stop}", "delete".to_owned()),
        ("{token}", "a".repeat(43)),
    ])
}

/// The address with its parts filled in.
pub fn fill(path: &str, parts: &BTreeMap<&'static str, String>) -> String {
    let mut path = path.to_owned();
    for (part, value) in parts.iter().rev() {
        path = path.replace(part, value);
    }
    path
}
