//! Attaching a document to a request, while it is open (P62).

use serde_json::json;

use super::ask::event;
use super::error::AmendmentError;
use super::file::{self, FileKind, MAX_DOCUMENT};
use super::model::{Checked, Document, MAX_DOCUMENTS, State};
use super::{document_store, store};
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::AttachDocument;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::hex::hex;
use crate::kernel::ids::DocumentId;
use crate::kernel::secret::Digest;

/// Keeps a file with a request; out of reach until it was scanned, where a scanner is set up.
pub async fn attach(
    tx: &mut Tx,
    permit: Permit<AttachDocument>,
    (given_name, content): (&str, &[u8]),
    is_scanned: bool,
    ctx: &Ctx,
) -> Result<Document, AmendmentError> {
    let found = store::find(tx, permit.action().amendment).await?.ok_or(AmendmentError::NotOpen)?;
    if found.state != State::Open {
        return Err(AmendmentError::NotOpen);
    }
    if content.is_empty() || content.len() > MAX_DOCUMENT {
        return Err(AmendmentError::Size);
    }
    let kind = FileKind::of(content).ok_or(AmendmentError::Kind)?;
    // A request that is answered at the same instant and one that gets its last document meet here.
    if !store::save_touched(tx, found.id).await? {
        return Err(AmendmentError::NotOpen);
    }
    if document_store::count(tx, found.id).await? >= MAX_DOCUMENTS {
        return Err(AmendmentError::TooManyDocuments);
    }
    let document = Document {
        id: DocumentId(ctx.uuid()),
        amendment: found.id,
        name: file::name(given_name, kind),
        kind,
        size: i64::try_from(content.len()).unwrap_or(i64::MAX),
        digest: hex(Digest::of(content).as_bytes()),
        checked: if is_scanned { Checked::Waiting } else { Checked::Unchecked },
        is_kept: true,
    };
    document_store::insert(tx, &document, content, ctx.now).await?;
    let details =
        json!({ "amendment": found.id, "document": document.id, "digest": document.digest, "size": document.size });
    audit::record(tx, ctx, permit.via(), event(&found, Kind::DocumentAttached).with(details)).await?;
    Ok(document)
}
