//! The SQL of documents that belong to requests.

use super::file::FileKind;
use super::model::{Checked, Document};
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::{AmendmentId, DocumentId, OrganisationId};
use crate::kernel::time::Timestamp;

macro_rules! columns {
    () => {
        "SELECT d.id, d.amendment_id, d.name, d.media_type, d.size, d.digest, d.checked, d.content IS NOT NULL AS is_kept FROM amendment_documents d "
    };
}

statements! {
    INSERT = "INSERT INTO amendment_documents (id, amendment_id, name, media_type, size, digest, checked, content, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    COUNT = "SELECT COUNT(*) FROM amendment_documents WHERE amendment_id = $1";
    LIST = concat!(columns!(), "WHERE d.amendment_id = $1 ORDER BY d.id");
    FIND = concat!(columns!(), "WHERE d.id = $1");
    FIND_CONTENT = "SELECT content FROM amendment_documents WHERE id = $1 AND content IS NOT NULL";
    LIST_WAITING = "SELECT d.id, d.attempts FROM amendment_documents d JOIN amendments a ON a.id = d.amendment_id
        WHERE d.checked = 'waiting' AND d.content IS NOT NULL AND d.next_scan_at <= $1 AND a.state IN ('open', 'approved')
        ORDER BY d.next_scan_at, d.id LIMIT $2";
    SAVE_PUT_OFF = "UPDATE amendment_documents SET attempts = attempts + 1, next_scan_at = $2 WHERE id = $1 AND checked = 'waiting'";
    SAVE_CLEAN = "UPDATE amendment_documents SET checked = 'clean', checked_at = $2 WHERE id = $1 AND checked = 'waiting' RETURNING id";
    SAVE_INFECTED = "UPDATE amendment_documents SET checked = 'infected', checked_at = $2, content = NULL WHERE id = $1 AND checked = 'waiting' RETURNING id";
    REMOVE_WITHDRAWN = "UPDATE amendment_documents SET content = NULL WHERE content IS NOT NULL AND amendment_id IN (
        SELECT id FROM amendments WHERE organisation_id = $1 AND state = 'withdrawn')";
    REMOVE_OLD = "UPDATE amendment_documents SET content = NULL WHERE content IS NOT NULL AND amendment_id IN (
        SELECT id FROM amendments WHERE state <> 'open' AND answered_at <= $1)";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: DocumentId,
    amendment_id: AmendmentId,
    name: String,
    media_type: String,
    size: i64,
    digest: String,
    checked: String,
    is_kept: bool,
}

impl Row {
    fn into_model(self) -> db::Result<Document> {
        Ok(Document {
            id: self.id,
            amendment: self.amendment_id,
            name: self.name,
            kind: FileKind::parse(&self.media_type).ok_or(Error::Corrupt("amendment_documents.media_type"))?,
            size: self.size,
            digest: self.digest,
            checked: Checked::parse(&self.checked).ok_or(Error::Corrupt("amendment_documents.checked"))?,
            is_kept: self.is_kept,
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, new: &Document, content: &[u8], at: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(INSERT)
        .bind(new.id).bind(new.amendment).bind(&new.name).bind(new.kind.media_type()).bind(new.size).bind(&new.digest)
        .bind(new.checked.as_str()).bind(content).bind(at).execute(c).await.map(drop))?)
}

/// How many a request has.
pub(super) async fn count(tx: &mut Tx, of: AmendmentId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(of).fetch_one(c).await)?)
}

/// Those of a request, without their content.
pub async fn list(tx: &mut Tx, of: AmendmentId) -> db::Result<Vec<Document>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(of).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// One, without its content.
pub async fn find(tx: &mut Tx, id: DocumentId) -> db::Result<Option<Document>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The content, while it is kept.
pub async fn find_content(tx: &mut Tx, id: DocumentId) -> db::Result<Option<Vec<u8>>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_CONTENT).bind(id).fetch_optional(c).await)?)
}

/// Those about which the scanner is to be asked now, and how often it could not say: the longest due first. What was refused or
/// withdrawn, and what has no content any more, is not looked at.
pub(super) async fn list_waiting(tx: &mut Tx, now: Timestamp, limit: i64) -> db::Result<Vec<(DocumentId, i64)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_WAITING).bind(now).bind(limit).fetch_all(c).await)?)
}

/// The scanner could not say; it is asked about others before.
pub(super) async fn save_put_off(tx: &mut Tx, id: DocumentId, until: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(SAVE_PUT_OFF).bind(id).bind(until).execute(c).await.map(drop))?)
}

/// What the scanner said; of what holds malware the content goes. `false` if it was said before.
pub(super) async fn save_checked(tx: &mut Tx, id: DocumentId, checked: Checked, at: Timestamp) -> db::Result<bool> {
    let sql = if checked == Checked::Infected { SAVE_INFECTED } else { SAVE_CLEAN };
    let row: Option<(DocumentId,)> = on!(tx, c => sqlx::query_as(sql).bind(id).bind(at).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Forgets the content of what was withdrawn about an organisation: nobody decides on it any more.
pub(super) async fn remove_withdrawn(tx: &mut Tx, of: OrganisationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_WITHDRAWN).bind(of).execute(c).await.map(drop))?)
}

/// Forgets the content of documents whose request was answered before then.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?)
}
