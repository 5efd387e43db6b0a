//! Has documents looked at by a scanner for malware (clamd, `INSTREAM`) before anybody gets them.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::ask::event;
use super::model::Checked;
use super::{document_store, store};
use crate::audit::{self, Kind};
use crate::db::{self, Db, Tx, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::DocumentId;

/// How long one document may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it may take to reach the scanner.
const REACH: Duration = Duration::from_secs(5);

/// Documents of one run; what is left comes with the next one.
const BATCH: i64 = 5;

/// Bytes sent at a time.
const CHUNK: usize = 64 * 1024;

/// How long a document waits that the scanner could not look at, the first time; twice as long each further time.
const PUT_OFF: Duration = Duration::from_mins(1);

/// How often that doubles: about an hour in the end.
const DOUBLED: u32 = 6;

/// Looks at what waits. Nobody gets a document before the scanner has said that it is clean: one about which it does not answer
/// is put off, so that those behind it have their turn, and a scanner that is not there is asked again with the next run.
pub async fn scan_waiting(db: &Db, scanner: SocketAddr, ctx: &Ctx) -> db::Result<()> {
    for (id, attempts) in document_store::list_waiting(&mut db.reader().await?, ctx.now, BATCH).await? {
        let found = document_store::find_content(&mut db.reader().await?, id).await?;
        let Some(content) = found else { continue };
        let stream = match timeout(REACH, TcpStream::connect(scanner)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "the malware scanner cannot be reached");
                return Ok(());
            }
            Err(_) => {
                tracing::warn!("the malware scanner cannot be reached in time");
                return Ok(());
            }
        };
        let said = timeout(PATIENCE, ask(stream, &content)).await;
        let said = said.unwrap_or_else(|_| Err(std::io::Error::other("it does not answer in time")));
        let saved: db::Result<()> = match said {
            Ok(checked) => transact!(db, tx => save(tx, id, checked, ctx).await),
            Err(error) => {
                tracing::warn!(document = %id, error = %error, "the malware scanner cannot look at a document");
                let doubled = u32::try_from(attempts).unwrap_or(DOUBLED).min(DOUBLED);
                let until = ctx.now.plus(PUT_OFF * 2_u32.pow(doubled));
                transact!(db, tx => document_store::save_put_off(tx, id, until).await)
            }
        };
        saved?;
    }
    Ok(())
}

/// Keeps what the scanner said. Somebody who approves the request at the same instant waits, and looks again.
async fn save(tx: &mut Tx, id: DocumentId, checked: Checked, ctx: &Ctx) -> db::Result<()> {
    let Some(document) = document_store::find(tx, id).await? else { return Ok(()) };
    let Some(about) = store::find(tx, document.amendment).await? else { return Ok(()) };
    // Whether it is open or not: it is held in the order in which everybody else holds the two.
    store::save_touched(tx, about.id).await?;
    if !document_store::save_checked(tx, id, checked, ctx.now).await? {
        return Ok(());
    }
    let kind = if checked == Checked::Infected { Kind::DocumentInfected } else { Kind::DocumentClean };
    if checked == Checked::Infected {
        tracing::error!(document = %id, "a document holds malware; its content was removed");
    }
    let details = json!({ "amendment": about.id, "document": id, "digest": document.digest });
    audit::record(tx, ctx, None, event(&about, kind).with(details)).await
}

/// One document, as clamd wants it: chunks with their length before them, an empty one at the end.
async fn ask(mut stream: TcpStream, content: &[u8]) -> std::io::Result<Checked> {
    stream.write_all(b"zINSTREAM\0").await?;
    for chunk in content.chunks(CHUNK) {
        stream.write_all(&u32::try_from(chunk.len()).unwrap_or(0).to_be_bytes()).await?;
        stream.write_all(chunk).await?;
    }
    stream.write_all(&0_u32.to_be_bytes()).await?;
    let mut answer = Vec::new();
    (&mut stream).take(1_024).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_end_matches(['\0', '\n']);
    match answer {
        "stream: OK" => Ok(Checked::Clean),
        found if found.ends_with(" FOUND") => Ok(Checked::Infected),
        other => Err(std::io::Error::other(format!("it says `{}`", other.chars().take(80).collect::<String>()))),
    }
}
