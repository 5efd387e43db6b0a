//! Moving a level: where to, then who gains and who loses authority by it, then the move (D13, DA-08).

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, RawQuery};
use uuid::Uuid;

use super::level::find_own;
use super::level_form::explain;
use super::levels::saved;
use super::{reach, tree};
use crate::authority::action::MoveOrganisation;
use crate::authority::{Extent, Permission, Scope};
use crate::db::{Tx, transact};
use crate::delegation::effect::{self, Concerned};
use crate::directory::names_store::{self, Named};
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::{search_store, store, transfer};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render_form;
use crate::web::{Field, Form, Page};

/// How many administrators are named on each side.
const NAMED: usize = 50;

/// How many levels a search offers.
const MATCHES: usize = 50;

/// One side of the preview: how many, and who of them may be named.
struct Side {
    title: String,
    names: Vec<String>,
    /// How many more there are.
    others: usize,
}

/// What would happen.
struct Preview {
    to: OrganisationId,
    place: String,
    below: String,
    sides: Vec<Side>,
    digest: String,
}

#[derive(Template)]
#[template(path = "pages/admin/level_move.html")]
struct MoveTemplate {
    page: Page,
    id: OrganisationId,
    intro: String,
    fields: Vec<Field>,
    preview: Option<Preview>,
}

/// `GET /admin/levels/{id}/move`: with `to`, the preview.
pub(super) async fn get(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    show(tx, &person, &level, (query.text("to").parse().ok(), query.text("q")), &Errors::default()).await
}

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    level: &Organisation,
    (to, wanted): (Option<OrganisationId>, &str),
    errors: &Errors,
) -> PageResult {
    let from = level.parent.ok_or(Failure::NotFound)?;
    let mut page = person.page(Area::Levels, "level-move-title");
    page.has_errors = !errors.is_empty();
    let permissions = [Permission::OrganisationCreate];
    let near = tree::near(tx, person, &permissions, to.or(Some(from))).await?;
    let mut fields = Vec::new();
    let mut levels = near.levels;
    if !near.whole {
        let search = Field { kind: "search", ..Field::text(&page, "q", "users-find-level") };
        fields.push(search.filter().value(wanted));
        if !wanted.trim().is_empty() {
            levels = tree::matching(tx, person, &permissions, wanted, MATCHES).await?;
        }
    }
    // Nothing moves below itself.
    let ids = levels.iter().map(|other| other.organisation.id).collect();
    let below = names_store::list_inside(tx, &Scope::Within(vec![Extent::Subtree(level.id)]), &ids).await?;
    levels.retain(|other| !below.contains(&other.organisation.id));
    let choices = tree::choices(&levels, to.or(Some(from)));
    fields.push(Field::select(&page, "to", "level-parent", choices));
    errors.fill(&mut fields, None);
    let preview = match to.filter(|to| *to != from && errors.is_empty()) {
        Some(to) => Some(preview(tx, person, &page, level, (from, to)).await?),
        None => None,
    };
    let intro = page.t1("level-move-text", "level", &level.name);
    let view = MoveTemplate { id: level.id, intro, fields, preview, page };
    Ok(render_form(&view.page, &view))
}

async fn preview(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    level: &Organisation,
    (from, to): (OrganisationId, OrganisationId),
) -> Result<Preview, Failure> {
    let action = MoveOrganisation { organisation: level.id, to };
    person.app.door.authorise_read(tx, &person.ctx, action).await?;
    let effect = effect::of_transfer(tx, person.app.door.roles(), (level.id, from, to), person.ctx.now).await?;
    let below = search_store::count_below(tx, level.id, 10_000).await?.saturating_sub(1);
    let scope = tree::scope(person, &[Permission::OrganisationRead]);
    let place = search_store::list_places(tx, &scope, &[to]).await?.remove(&to).unwrap_or_default().join(" / ");
    let sides = [("level-loses", &effect.loses), ("level-gains", &effect.gains)];
    let mut shown = Vec::new();
    for (title, concerned) in sides {
        shown.push(side(tx, person, (page, title), concerned).await?);
    }
    let below = page.count("level-move-below", below as u64);
    Ok(Preview { to, place, below, sides: shown, digest: effect.digest() })
}

/// Names whom the operator may see, and counts the others (D8).
async fn side(
    tx: &mut Tx,
    person: &SignedIn,
    (page, title): (&Page, &str),
    concerned: &Concerned,
) -> Result<Side, Failure> {
    let holders = concerned.holders.iter().map(|one| (one.principal.uuid(), &one.role, one.organisation, false));
    let deputies = concerned.deputies.iter().map(|one| (one.deputy.0, &one.role, one.organisation, true));
    let all: Vec<_> = holders.chain(deputies).collect();
    let ids: BTreeSet<Uuid> = all.iter().map(|(who, ..)| *who).collect();
    let scope = Scope::of_people(&person.authority, person.ctx.now);
    let contacts = Scope::of_contacts(&person.authority, person.ctx.now);
    let people = names_store::list_people(tx, (&scope, &contacts), &ids).await?;
    let clients = names_store::list(tx, Named::Client, &ids).await?;
    let places: BTreeSet<Uuid> = all.iter().map(|(_, _, place, _)| place.0).collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &places).await?;
    let mut names = Vec::new();
    for (who, role, place, lent) in all.iter().take(NAMED) {
        let level = levels.get(&place.0).map_or("", String::as_str);
        let line = find_name(&people, &clients, *who).map(|name| format!("{name} · {role} · {level}"));
        names.extend(line.map(|line| if *lent { page.t1("level-move-deputy", "right", line) } else { line }));
    }
    let others = all.len().saturating_sub(names.len());
    Ok(Side { title: page.t(title), names, others })
}

fn find_name(people: &BTreeMap<Uuid, String>, clients: &BTreeMap<Uuid, String>, id: Uuid) -> Option<String> {
    people.get(&id).or_else(|| clients.get(&id)).cloned()
}

/// `POST /admin/levels/{id}/move`: moves if what would happen is still what was shown.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    let to: OrganisationId = form.text("to").parse().map_err(|_| Failure::BadRequest)?;
    let organisation = level.id;
    let moved: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, MoveOrganisation { organisation, to }).await?;
        let from = store::find(tx, organisation).await?.and_then(|level| level.parent);
        let from = from.ok_or(ChangeError::Changed)?;
        let effect = effect::of_transfer(tx, person.app.door.roles(), (organisation, from, to), person.ctx.now).await?;
        if effect.digest() != form.text("effect") {
            return Err(ChangeError::Changed);
        }
        transfer::transfer(tx, permit, &person.ctx).await?;
        Ok(())
    });
    let page = person.page(Area::Levels, "level-move-title");
    let errors = match moved {
        Ok(()) => return Ok(saved(&person, organisation)),
        // Shown again as it is now.
        Err(ChangeError::Changed) => Errors::one("to", page.t("level-move-changed")),
        // The field of the sign-in rules is not on this page.
        Err(ChangeError::Organisation(OrganisationError::WeakSignIn(needed))) => {
            Errors::one("to", page.t(&format!("second-factor-own-{needed}")))
        }
        Err(ChangeError::Organisation(error)) => explain(&page, &error).ok_or(error)?,
        Err(error) => return Err(error.into()),
    };
    show(tx, &person, &level, (Some(to), ""), &errors).await
}
