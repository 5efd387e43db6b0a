//! Tokens for scripts: which one has, and taking them back. The secret of one is shown when it is made, and never again.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use uuid::Uuid;

use crate::authority::Scope;
use crate::db::{self, Tx, transact};
use crate::directory::names_store::{self, Named};
use crate::kernel::ids::DelegatedTokenId;
use crate::kernel::limits::Detail;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::tokens::delegated::{self, DelegatedToken};
use crate::tokens::delegated_store as store;
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page};

pub(super) struct Part {
    actions: Vec<String>,
    places: String,
    applications: Option<String>,
}

pub(super) struct Line {
    id: DelegatedTokenId,
    name: String,
    made: String,
    expires: String,
    parts: Vec<Part>,
}

#[derive(Template)]
#[template(path = "pages/account/tokens.html")]
struct TokensTemplate {
    page: Page,
    /// The secret of the one that was just made.
    secret: Option<String>,
    lines: Vec<Line>,
    may_make: bool,
    /// Where SCIM is.
    scim: String,
    /// Where the JSON API is.
    api: String,
}

/// `GET /tokens`
pub(super) async fn get(person: SignedIn) -> PageResult {
    show(&person, None).await
}

/// The list, with the secret of a new one at its head.
pub(super) async fn show(person: &SignedIn, secret: Option<String>) -> PageResult {
    let page = person.page(Area::Account, "menu-tokens");
    let tx = &mut person.app.db.reader().await?;
    let tokens = store::list(tx, person.user.id, person.ctx.now).await?;
    let lines = lines(tx, &page, tokens).await?;
    let (scim, api) = (person.app.link("/scim/v2"), person.app.link("/api/v1"));
    Ok(render(&TokensTemplate { page, secret, lines, may_make: person.lends(), scim, api }))
}

/// What the tokens may do in words; the names of all places are read together. They are the person's own, granted within what
/// they held then, so their names are no news to them.
async fn lines(tx: &mut Tx, page: &Page, tokens: Vec<DelegatedToken>) -> db::Result<Vec<Line>> {
    let details = || tokens.iter().flat_map(|token| &token.details);
    let levels: BTreeSet<Uuid> = details().flat_map(|d| d.levels.iter().flatten()).map(|id| id.0).collect();
    let levels = names_store::list_organisations(tx, &Scope::Everywhere, &levels).await?;
    let applications: BTreeSet<Uuid> = details().flat_map(|d| d.applications.iter().flatten()).map(|id| id.0).collect();
    let applications = names_store::list(tx, Named::Application, &applications).await?;
    let line = |token: DelegatedToken| Line {
        id: token.id,
        made: moment(token.created_at),
        expires: moment(token.expires_at),
        parts: token.details.iter().map(|detail| part(page, detail, (&levels, &applications))).collect(),
        name: token.name,
    };
    Ok(tokens.into_iter().map(line).collect())
}

fn part(
    page: &Page,
    detail: &Detail,
    (levels, applications): (&BTreeMap<Uuid, String>, &BTreeMap<Uuid, String>),
) -> Part {
    let named = |names: &BTreeMap<Uuid, String>, id: Uuid| names.get(&id).cloned().unwrap_or_else(|| "–".to_owned());
    let place = |id: Uuid| {
        let name = named(levels, id);
        if detail.include_sub_levels { page.t1("tokens-below", "level", name) } else { name }
    };
    let places = detail.levels.as_ref().map(|ids| ids.iter().map(|id| place(id.0)).collect::<Vec<_>>().join(", "));
    let listed = detail.applications.as_ref();
    let listed = listed.map(|ids| ids.iter().map(|id| named(applications, id.0)).collect::<Vec<_>>().join(", "));
    Part {
        actions: detail.actions.iter().map(|action| word(page, action)).collect(),
        places: places.unwrap_or_else(|| page.t("tokens-level-all")),
        applications: listed,
    }
}

/// `POST /tokens`: takes one back.
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    let id: DelegatedTokenId = form.text("token").parse().map_err(|_| Failure::BadRequest)?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        delegated::revoke(tx, &person.user, id, &person.ctx).await?;
        Ok(())
    });
    done?;
    Ok(see_other("/tokens?done=token-revoked"))
}

/// An action in words.
pub(super) fn word(page: &Page, action: &str) -> String {
    page.t(&format!("action-{}", action.replace(':', "-")))
}
