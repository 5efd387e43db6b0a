//! My Apps: one tile per environment that is open to the person (E30).

use askama::Template;
use axum::extract::{RawQuery, State};

use super::access::{Contact, contacts};
use crate::authority::Permission;
use crate::directory::client::store as client_store;
use crate::directory::membership;
use crate::directory::membership::model::Tile;
use crate::kernel::text::fold;
use crate::portal::Portal;
use crate::portal::error::PageResult;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Field, Form, Page};

/// With more tiles than this there is a search.
const SEARCHED: usize = 12;

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
    search: Option<Field>,
    found: String,
    tiles: Vec<Shown>,
    none: bool,
    contacts: Vec<Contact>,
    nudge: Option<String>,
}

/// `GET /`
pub(super) async fn get(State(portal): State<Portal>, person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Apps, "menu-apps");
    let tiles = membership::access_store::list_tiles(tx, person.user.id, person.ctx.now).await?;
    let held = membership::access_store::list_given(tx, person.user.id).await?;
    let places: Vec<_> = tiles.iter().map(|tile| tile.environment.id).collect();
    let initiated = client_store::list_initiated(tx, &places).await?;
    let issuer = person.app.link("");
    let live = |until: Option<crate::kernel::time::Timestamp>| until.is_none_or(|end| person.ctx.now < end);
    let shown = tiles.into_iter().map(|tile| {
        let own = held.iter().filter(|group| group.environment == tile.environment.id && live(group.until));
        // They come one behind the other, by whatever way somebody is in one.
        let mut groups: Vec<_> = own.map(|group| (group.group, group.display_name.clone())).collect();
        groups.dedup_by_key(|(group, _)| *group);
        let groups = groups.into_iter().map(|(_, name)| name).collect();
        let own = tile.environment.launch_url.is_some();
        let uri = initiated.get(&tile.environment.id).filter(|_| !own);
        let launched = uri.and_then(|uri| begun_here(uri, &issuer));
        let shown = show(tile, groups);
        Shown { launch_url: launched.or(shown.launch_url.clone()), ..shown }
    });
    let mut tiles: Vec<Shown> = shown.collect();
    let none = tiles.is_empty();
    let search = (tiles.len() > SEARCHED).then(|| {
        let field = Field { kind: "search", ..Field::text(&page, "q", "apps-search") };
        field.filter().value(query.text("q"))
    });
    if search.is_some() {
        let wanted = fold(query.text("q"));
        tiles.retain(|tile| fold(&tile.title).contains(&wanted) || fold(&tile.description).contains(&wanted));
    }
    page.results = search.is_some().then_some(tiles.len() as u64);
    let found = page.count("apps-found", tiles.len() as u64);
    let contacts = contacts(tx, &person, Permission::MembershipAssign).await?;
    let nudge = nudge(&portal, &person, &page);
    Ok(render(&AppsTemplate { page, search, found, tiles, none, contacts, nudge }))
}

/// Right after a code by phone, and not later: there is a quicker and safer way.
fn nudge(portal: &Portal, person: &SignedIn, page: &Page) -> Option<String> {
    let by_phone = person.session.amr.iter().any(|method| matches!(method.as_str(), "sms" | "tel"));
    let better = if portal.factors.passkeys.is_some() { "nudge-passkey" } else { "nudge-app" };
    (by_phone && person.session.is_fresh(person.ctx.now)).then(|| page.t(better))
}

/// A sign-in that begins here (OIDC Core §4): the application learns at whom, and asks us.
fn begun_here(uri: &str, issuer: &str) -> Option<String> {
    let mut url = url::Url::parse(uri).ok()?;
    url.query_pairs_mut().append_pair("iss", issuer);
    Some(url.into())
}

fn show(tile: Tile, groups: Vec<String>) -> Shown {
    let production = tile.environment.group_prefix.is_empty();
    // A title that names its environment needs no badge besides.
    let named = fold(&tile.environment.title).contains(&fold(&tile.environment.code));
    Shown {
        initials: tile.application_code.chars().take(2).collect(),
        environment: (!production && !named).then(|| tile.environment.code.to_uppercase()),
        title: tile.environment.title,
        description: tile.description,
        launch_url: tile.environment.launch_url,
        documentation_url: tile.documentation_url,
        groups,
    }
}
