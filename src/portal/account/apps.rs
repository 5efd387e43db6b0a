//! My Apps: one tile per environment that a membership opens (E30).

use askama::Template;

use crate::directory::membership;
use crate::directory::membership::model::Tile;
use crate::portal::error::PageResult;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

struct Shown {
    initials: String,
    title: String,
    description: String,
    environment: Option<String>,
    launch_url: Option<String>,
    documentation_url: Option<String>,
    groups: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/account/apps.html")]
struct AppsTemplate {
    page: Page,
    tiles: Vec<Shown>,
    contacts: Vec<super::access::Contact>,
}

/// `GET /`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let tiles = membership::access_store::list_tiles(tx, person.user.id, person.ctx.now).await?;
    let held = membership::access_store::list_held(tx, person.user.id).await?;
    let live = |until: Option<crate::kernel::time::Timestamp>| until.is_none_or(|end| person.ctx.now < end);
    let shown = tiles.into_iter().map(|tile| {
        let groups = held.iter().filter(|group| group.environment == tile.environment.id && live(group.until));
        show(&tile, groups.map(|group| group.display_name.clone()).collect())
    });
    let tiles = shown.collect();
    let contacts = super::access::contacts(tx, &person).await?;
    Ok(render(&AppsTemplate { page: person.page(Area::Apps, "menu-apps"), tiles, contacts }))
}

fn show(tile: &Tile, groups: Vec<String>) -> Shown {
    let production = tile.environment.group_prefix.is_empty();
    Shown {
        initials: tile.application_code.chars().take(2).collect(),
        title: tile.application_name.clone(),
        description: tile.description.clone(),
        environment: (!production).then(|| tile.environment.code.to_uppercase()),
        launch_url: tile.environment.launch_url.clone(),
        documentation_url: tile.documentation_url.clone(),
        groups,
    }
}
