//! Approving, refusing, withdrawing.

use axum::extract::Path;

use super::view::{find, show};
use crate::authority::action::{AnswerAmendment, WithdrawAmendment};
use crate::db::transact;
use crate::directory::amendment::error::AmendmentError;
use crate::directory::amendment::{answer, ask};
use crate::directory::organisation::error::OrganisationError;
use crate::kernel::ids::AmendmentId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Form, Page};

/// `POST /amendments/{amendment}`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    if form.text("decision") == "withdraw" {
        return withdraw(&person, &id).await;
    }
    let tx = &mut person.app.db.reader().await?;
    let about = find(tx, &person, &id).await?;
    let (app, ctx, amendment) = (&person.app, &person.ctx, about.id);
    let done: Result<&'static str, ChangeError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, AnswerAmendment { amendment }).await?;
        match form.text("decision") {
            "approve" => {
                answer::approve(tx, &app.door, permit, (form.text("seen"), &app.terms), ctx).await?;
                Ok("amendment-approved")
            }
            "refuse" => {
                answer::refuse(tx, permit, form.text("reason"), ctx).await?;
                Ok("amendment-refused")
            }
            _ => Err(ChangeError::Unknown),
        }
    });
    match done {
        Ok(done) => {
            app.door.changed();
            Ok(see_other(&format!("/amendments/{amendment}?done={done}")))
        }
        Err(ChangeError::Amendment(error)) => match explain(&person.page(Area::Tasks, "menu-tasks"), &error) {
            Some(errors) => {
                let tx = &mut person.app.db.reader().await?;
                let about = find(tx, &person, &id).await?;
                show(tx, &person, &about, (&errors, Some(&form))).await
            }
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Whether the person asked is all that counts: they may read nothing of it any more, and nobody else can free its place.
async fn withdraw(person: &SignedIn, id: &str) -> PageResult {
    let (app, ctx) = (&person.app, &person.ctx);
    let amendment: AmendmentId = id.parse().map_err(|_| Failure::NotFound)?;
    let done: Result<(), ChangeError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, WithdrawAmendment { amendment }).await?;
        Ok(ask::withdraw(tx, permit, ctx).await?)
    });
    done?;
    app.door.changed();
    Ok(see_other(&format!("/amendments/{amendment}?done=amendment-withdrawn")))
}

/// Why it cannot be approved as it stands.
fn explain(page: &Page, error: &AmendmentError) -> Option<Errors> {
    let key = match error {
        AmendmentError::Reason(error) => return Some(Errors::one("reason", describe(page, "amendment-why", *error))),
        AmendmentError::Stale => "amendment-look-again",
        AmendmentError::Organisation(OrganisationError::NameTaken) => "level-taken",
        AmendmentError::Organisation(OrganisationError::IdentifierTaken) => "level-identifier-taken",
        AmendmentError::Organisation(OrganisationError::Db(_)) => return None,
        AmendmentError::Organisation(_) => "amendment-impossible",
        _ => return None,
    };
    Some(Errors::one("decision", page.t(key)))
}
