//! Documents of a request: attaching one, and downloading it (P62).

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;

use super::view::{find, show};
use crate::authority::action::AttachDocument;
use crate::db::transact;
use crate::directory::amendment::attach::attach;
use crate::directory::amendment::document_store;
use crate::directory::amendment::error::AmendmentError;
use crate::directory::amendment::file::MAX_DOCUMENT;
use crate::directory::amendment::model::{Document, MAX_DOCUMENTS};
use crate::kernel::ids::DocumentId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Page, Upload};

/// The file and the rest of the form.
const MAX_BODY: usize = MAX_DOCUMENT + 16 * 1024;

/// `POST /amendments/{amendment}/documents`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, upload: Upload<MAX_BODY>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let about = find(tx, &person, &id).await?;
    let (app, ctx, amendment) = (&person.app, &person.ctx, about.id);
    let made: Result<Document, ChangeError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, AttachDocument { amendment }).await?;
        Ok(attach(tx, permit, (&upload.name, &upload.file), app.scanner.is_some(), ctx).await?)
    });
    match made {
        Ok(_) => Ok(see_other(&format!("/amendments/{amendment}?done=document-attached"))),
        Err(ChangeError::Amendment(error)) => match explain(&person.page(Area::Tasks, "menu-tasks"), &error) {
            Some(errors) => show(tx, &person, &about, (&errors, None)).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

fn explain(page: &Page, error: &AmendmentError) -> Option<Errors> {
    let text = match error {
        AmendmentError::Size => page.t1("document-wrong-size", "megabytes", MAX_DOCUMENT / (1024 * 1024)),
        AmendmentError::Kind => page.t("document-wrong-kind"),
        AmendmentError::TooManyDocuments => page.t1("document-too-many", "most", MAX_DOCUMENTS),
        _ => return None,
    };
    Some(Errors::one("file", text))
}

/// `GET /amendments/{amendment}/documents/{document}`: to keep, never to be opened by the browser as a page of ours.
pub(super) async fn get(person: SignedIn, Path((id, document)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let about = find(tx, &person, &id).await?;
    let document: DocumentId = document.parse().map_err(|_| Failure::NotFound)?;
    let found = document_store::find(tx, document).await?;
    let found = found.filter(|found| found.amendment == about.id && found.checked.is_given_out());
    let found = found.ok_or(Failure::NotFound)?;
    let content = document_store::find_content(tx, found.id).await?.ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, found.kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", found.name)),
    ];
    Ok((headers, content).into_response())
}
