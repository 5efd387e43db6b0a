//! The logo of a client: uploaded, drawn anew, taken away (SE-12).

use axum::extract::Path;

use super::client::{back, show};
use super::clients::find;
use crate::authority::action::ManageClient;
use crate::db::transact;
use crate::directory::client::logo::{self, LogoError};
use crate::directory::client::model::ClientKind;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Upload;

/// `POST /admin/clients/{id}/logo`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, upload: Upload) -> PageResult {
    // No connection is held while a picture waits for its turn.
    let client = find(&mut person.app.db.reader().await?, &person, &id).await?;
    if client.kind == ClientKind::Machine {
        return Err(Failure::NotFound);
    }
    let drawn = match upload.form.text("do") {
        "remove" => None,
        "save" => match logo::redraw(upload.file.to_vec()).await {
            Ok(logo) => Some(logo),
            Err(error) => {
                let page = person.page(Area::Clients, "clients-title");
                let text = match error {
                    LogoError::TooLarge => page.t("client-error-logo-size"),
                    LogoError::NotAPicture => page.t("client-error-logo"),
                };
                let tx = &mut person.app.db.reader().await?;
                return show(tx, &person, &client, None, (&Errors::one("logo", text), None)).await;
            }
        },
        _ => return Err(Failure::BadRequest),
    };
    let saved: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        Ok(logo::save(tx, permit, drawn.as_ref(), &person.ctx).await?)
    });
    saved?;
    Ok(back(&person, client.id))
}
