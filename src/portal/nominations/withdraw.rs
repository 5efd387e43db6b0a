//! Taking a nomination back.

use axum::extract::Path;

use crate::db::{Tx, transact};
use crate::delegation::nomination::model::Nomination;
use crate::delegation::nomination::{store, withdraw};
use crate::kernel::ids::NominationId;
use crate::portal::admin::plain::FormPage;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Form;
use crate::web::respond::see_other;

/// The nomination, if the person could make it and it is open.
async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Nomination, Failure> {
    let id: NominationId = id.parse().map_err(|_| Failure::NotFound)?;
    let nomination = store::find(tx, id).await?.filter(|one| one.is_open(person.ctx.now)).ok_or(Failure::NotFound)?;
    // Whoever may not make it does not learn that somebody did.
    let allowed = person.app.door.authorise_read(tx, &person.ctx, nomination.withdrawal(person.ctx.now)).await;
    allowed.map_err(|_| Failure::NotFound)?;
    Ok(nomination)
}

fn home(nomination: &Nomination) -> (String, Area) {
    match nomination.project {
        Some(project) => (format!("/projects/{project}"), Area::Projects),
        None => (format!("/organisations/{}", nomination.organisation), Area::Organisations),
    }
}

/// `GET /nominations/{nomination}/withdraw`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let nomination = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let (back, area) = home(&nomination);
    let page = person.page(area, "withdraw-title");
    let intro = Some(page.t2("withdraw-text", ("email", &nomination.email), ("role", &nomination.role)));
    let form = FormPage::asking(page, &back, format!("/nominations/{}/withdraw", nomination.id), "withdraw");
    Ok(FormPage { intro, ..form }.show())
}

/// `POST /nominations/{nomination}/withdraw`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let nomination = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, nomination.withdrawal(person.ctx.now)).await?;
        withdraw::withdraw(tx, permit, &nomination, &person.ctx).await?;
        Ok(())
    });
    done?;
    Ok(see_other(&format!("{}?done=withdrawn", home(&nomination).0)))
}
