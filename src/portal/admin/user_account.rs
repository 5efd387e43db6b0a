//! What is done to an account at once: links sent again, locks lifted, sessions ended. Nothing here sets or shows a secret (D15).

use axum::extract::{Path, State};
use axum::response::Response;

use super::plain::FormPage;
use super::target;
use crate::authority::Permit;
use crate::authority::action::{BlockUser, DeleteUser, ResetCredentials, UpdateUser};
use crate::db::{Tx, transact};
use crate::directory::user::delete;
use crate::directory::user::guard::Guard;
use crate::directory::user::model::UserChange;
use crate::directory::user::update;
use crate::factors::assist::{self, AssistError};
use crate::kernel::ids::UserId;
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::sessions::end;
use crate::web::Form;
use crate::web::respond::see_other;

/// `POST /admin/users/{id}/account`: one thing, named by the button.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let user = target::find(&mut person.app.db.reader().await?, &person, &id).await?.user.id;
    let word = form.text("do");
    let done: Result<&'static str, ChangeError> = transact!(person.app.db, tx => act(tx, &person, user, word).await);
    match done {
        Ok(done) => {
            person.app.door.changed();
            Ok(back(user, done))
        }
        // The state was another one when the button was drawn.
        Err(ChangeError::Assist(AssistError::NotNew | AssistError::NotActivated | AssistError::NoEmail)) => {
            Err(Failure::Conflict)
        }
        Err(error) => Err(error.into()),
    }
}

fn back(user: UserId, done: &str) -> Response {
    see_other(&format!("/admin/users/{user}?done={done}"))
}

async fn act(tx: &mut Tx, person: &SignedIn, user: UserId, word: &str) -> Result<&'static str, ChangeError> {
    let (door, ctx) = (&person.app.door, &person.ctx);
    let guard = Guard { roles: door.roles(), reason: None };
    let done = match word {
        "invite" => {
            let permit = reset(tx, person, user).await?;
            assist::invite_again(tx, permit, ctx).await?;
            "user-invited"
        }
        "recover" => {
            let permit = reset(tx, person, user).await?;
            assist::start_recovery(tx, permit, ctx).await?;
            "user-recovery"
        }
        "unlock" => {
            let permit = reset(tx, person, user).await?;
            assist::unlock(tx, permit, ctx).await?;
            "user-unlocked"
        }
        "sign-out" => {
            let permit = reset(tx, person, user).await?;
            end::end_everywhere(tx, permit, ctx).await?;
            "user-signed-out"
        }
        "reactivate" => {
            let permit = door.authorise(tx, ctx, UpdateUser { user }).await?;
            let change = UserChange { active: Some(true), ..UserChange::default() };
            update::update(tx, permit, change, None, guard, ctx).await?;
            "user-reactivated"
        }
        "unblock" => {
            let permit = door.authorise(tx, ctx, BlockUser { user }).await?;
            delete::set_blocked(tx, permit, false, guard, ctx).await?;
            "user-unblocked"
        }
        _ => return Err(ChangeError::Unknown),
    };
    Ok(done)
}

async fn reset(tx: &mut Tx, person: &SignedIn, user: UserId) -> Result<Permit<ResetCredentials>, ChangeError> {
    Ok(person.app.door.authorise(tx, &person.ctx, ResetCredentials { user }).await?)
}

/// `GET /admin/users/{id}/restore`: deleted people are found here only, by who may restore them.
pub(super) async fn get_restore(State(portal): State<Portal>, person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let user: UserId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, DeleteUser { user }).await?;
    let found = crate::directory::user::store::find(tx, user).await?;
    let found = found.filter(|user| user.erased_at.is_none());
    let restorable = found.filter(|user| user.deleted_at.is_some_and(|at| person.ctx.now < at.plus(portal.retention)));
    let found = restorable.ok_or(Failure::NotFound)?;
    let page = person.page(Area::Users, "user-restore-title");
    let name = format!("{} {}", found.given_name, found.family_name);
    let points = vec![page.t1("user-restore-text", "name", name), page.t("user-restore-memberships")];
    let back = "/admin/users?search=1&sub_levels=on&status=deleted";
    let action = format!("/admin/users/{user}/restore");
    Ok(FormPage { points, danger: false, ..FormPage::asking(page, back, action, "user-restore") }.show())
}

/// `POST /admin/users/{id}/restore`
pub(super) async fn post_restore(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> PageResult {
    let user: UserId = id.parse().map_err(|_| Failure::NotFound)?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, DeleteUser { user }).await?;
        delete::restore(tx, permit, portal.retention, &person.ctx).await?;
        Ok(())
    });
    done?;
    person.app.door.changed();
    Ok(back(user, "user-restored"))
}
