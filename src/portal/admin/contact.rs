//! A change of e-mail or phone that waits: a second administrator approves it, or somebody takes it back (D11, D15).

use axum::extract::Path;

use super::rows;
use super::target::{self, Target};
use crate::authority::action::{ApproveContact, UpdateUser};
use crate::db::{Tx, transact};
use crate::directory::user::contact;
use crate::directory::user::contact_store;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::sign_in::contact::facts;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Form, Page};

/// What waits, as the view of a person shows it.
pub(super) struct Waiting {
    pub(super) facts: Vec<(String, String)>,
    pub(super) text: String,
    /// Whether whoever looks may approve it.
    pub(super) approve: bool,
    /// Whether they may refuse it or take it back.
    pub(super) refuse: bool,
}

/// What waits for a person, if anything and if the reader may see it (decision 13).
pub(super) async fn waiting(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    found: &Target,
) -> Result<Option<Waiting>, Failure> {
    let user = &found.user;
    let Some(pending) = user.pending.as_ref().filter(|_| found.contact) else { return Ok(None) };
    let guarded = contact_store::is_guarded(tx, user.id, person.ctx.now).await?;
    let needs_approval = guarded && pending.approved.is_none();
    let text = if needs_approval {
        page.t("user-pending-approval")
    } else {
        page.t1("user-pending", "at", moment(pending.since.plus(person.app.cooling_off)))
    };
    Ok(Some(Waiting {
        facts: facts(page, user),
        text,
        approve: needs_approval && rows::allowed(tx, person, ApproveContact { user: user.id }).await?,
        refuse: rows::allowed(tx, person, UpdateUser { user: user.id }).await?,
    }))
}

/// `POST /admin/users/{id}/contact`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let user = target::find(tx, &person, &id).await?.user.id;
    let approves = match form.text("answer") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(Failure::BadRequest),
    };
    let (ctx, cooling_off) = (&person.ctx, person.app.cooling_off);
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        if approves {
            let permit = person.app.door.authorise(tx, ctx, ApproveContact { user }).await?;
            contact::approve(tx, permit, cooling_off, ctx).await?;
        } else {
            let permit = person.app.door.authorise(tx, ctx, UpdateUser { user }).await?;
            contact::withdraw(tx, permit, ctx).await?;
        }
        Ok(())
    });
    done?;
    person.app.door.changed();
    let done = if approves { "contact-approved" } else { "contact-refused" };
    Ok(see_other(&format!("/admin/users/{user}?done={done}")))
}
