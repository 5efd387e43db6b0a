//! Moving a user to another level (E71): where to, then what ends and what stays, then the move (D13, DA-07).

use askama::Template;
use axum::extract::{Path, RawQuery};

use super::target::{self, Target};
use super::{reach, tree, user_view};
use crate::authority::Permission;
use crate::authority::action::{MoveUser, UpdateUser};
use crate::db::{Tx, transact};
use crate::delegation::model::RoleAssignment;
use crate::directory::membership::model::HeldGroup;
use crate::directory::organisation::search_store;
use crate::directory::user::error::UserError;
use crate::directory::user::guard::Guard;
use crate::directory::user::leaving::{self, Leaving};
use crate::directory::user::transfer;
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::text;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render_form, see_other};
use crate::web::{Field, Form, Page};

/// How many levels a search offers.
const MATCHES: usize = 50;

/// What ends, or stays.
struct Side {
    title: String,
    lines: Vec<String>,
}

/// What would happen.
struct Preview {
    to: OrganisationId,
    place: String,
    sides: Vec<Side>,
    /// Whether there may be memberships that the administrator does not see; not whether there are.
    may_hide: bool,
    digest: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "pages/admin/user_move.html")]
struct MoveTemplate {
    page: Page,
    id: UserId,
    intro: String,
    fields: Vec<Field>,
    problems: Vec<Field>,
    preview: Option<Preview>,
}

/// `GET /admin/users/{id}/move`: with `to`, the preview.
pub(super) async fn get(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    person.app.door.authorise_read(tx, &person.ctx, UpdateUser { user: found.user.id }).await?;
    show(tx, &person, &found, (query.text("to").parse().ok(), query.text("q")), (&Errors::default(), None)).await
}

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    found: &Target,
    (to, wanted): (Option<OrganisationId>, &str),
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Users, "user-move-title");
    page.has_errors = !errors.is_empty();
    let (permissions, from) = ([Permission::UserCreate], found.user.organisation);
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
    let choices = tree::choices(&levels, to.or(Some(from)));
    fields.push(Field::select(&page, "to", "user-move-level", choices));
    errors.fill(&mut fields, None);
    let preview = match to.filter(|to| *to != from && errors.of("to").is_none()) {
        Some(to) => Some(preview(tx, person, &page, (found, to), (errors, form)).await?),
        None => None,
    };
    let problems = fields.iter().chain(preview.iter().flat_map(|preview| &preview.fields)).cloned().collect();
    let intro = page.t1("user-move-text", "name", found.name(&page));
    let view = MoveTemplate { id: found.user.id, intro, fields, problems, preview, page };
    Ok(render_form(&view.page, &view))
}

async fn preview(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (found, to): (&Target, OrganisationId),
    (errors, form): (&Errors, Option<&Form>),
) -> Result<Preview, Failure> {
    let user = found.user.id;
    person.app.door.authorise_read(tx, &person.ctx, MoveUser { user, to }).await?;
    let judged = (&*person.authority, person.app.door.roles());
    let left = leaving::of_move(tx, judged, (user, to), person.ctx.now).await?;
    let scope = tree::scope(person, &[Permission::UserCreate]);
    let place = search_store::list_places(tx, &scope, &[to]).await?.remove(&to).unwrap_or_default().join(" / ");
    let mut fields = vec![Field::text(page, "reason", "user-reason").hint(page, "user-reason-hint")];
    errors.fill(&mut fields, form);
    let digest = left.digest();
    let may_hide = !reach::are_all(&reach::visible_groups(person, &found.path));
    Ok(Preview { to, place, may_hide, sides: sides(tx, person, page, found, left).await?, digest, fields })
}

async fn sides(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    found: &Target,
    left: Leaving,
) -> Result<Vec<Side>, Failure> {
    Ok(vec![
        roles(tx, person, page, ("user-move-roles-end", left.roles_end)).await?,
        groups(person, page, found, ("user-move-groups-end", left.groups_end)),
        roles(tx, person, page, ("user-move-roles-stay", left.roles_stay)).await?,
        groups(person, page, found, ("user-move-groups-stay", left.groups_stay)),
    ])
}

async fn roles(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (title, roles): (&str, Vec<RoleAssignment>),
) -> Result<Side, Failure> {
    let shown = user_view::described(tx, person, page, roles).await?;
    Ok(Side { title: page.t(title), lines: shown.iter().map(|role| role.line(page)).collect() })
}

/// The groups whose memberships the administrator sees; of the others not even the number is told (D8).
fn groups(person: &SignedIn, page: &Page, found: &Target, (title, groups): (&str, Vec<HeldGroup>)) -> Side {
    let seen = reach::visible_groups(person, &found.path);
    let visible = groups.into_iter().filter(|held| seen.iter().any(|set| set.contains(held.application)));
    let lines = visible.map(|held| format!("{} ({})", held.display_name, held.code)).collect();
    Side { title: page.t(title), lines }
}

/// `POST /admin/users/{id}/move`: moves if what would happen is still what was shown.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let user = found.user.id;
    let to: OrganisationId = form.text("to").parse().map_err(|_| Failure::BadRequest)?;
    let page = person.page(Area::Users, "user-move-title");
    let mut reader = Reader::new(&page, &form);
    let Some(reason) = reader.required("reason", "user-reason", |value| text::line(value, text::MAX_NAME)) else {
        let errors = reader.into_errors();
        return show(tx, &person, &found, (Some(to), ""), (&errors, Some(&form))).await;
    };
    let moved: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let roles = person.app.door.roles();
        let permit = person.app.door.authorise(tx, &person.ctx, MoveUser { user, to }).await?;
        let left = leaving::of_move(tx, (permit.authority(), roles), (user, to), person.ctx.now).await?;
        if left.digest() != form.text("effect") {
            return Err(ChangeError::Changed);
        }
        transfer::transfer(tx, permit, Guard { roles, reason: Some(&reason) }, &person.ctx).await?;
        Ok(())
    });
    let errors = match moved {
        Ok(()) => {
            person.app.door.changed();
            return Ok(see_other(&format!("/admin/users/{user}?done=user-moved")));
        }
        // Shown again as it is now.
        Err(ChangeError::Changed) => Errors::one("reason", page.t("user-move-changed")),
        Err(ChangeError::User(UserError::WeakSignIn(needed))) => {
            Errors::one("to", page.t(&format!("second-factor-own-{needed}")))
        }
        Err(ChangeError::User(UserError::LastHolder(_))) => Errors::one("reason", page.t("user-last")),
        Err(error) => return Err(error.into()),
    };
    show(tx, &person, &found, (Some(to), ""), (&errors, Some(&form))).await
}
