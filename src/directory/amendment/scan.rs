//! Has documents looked at by a scanner for malware (clamd, `INSTREAM`) before anybody gets them.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::document_store;
use super::model::Checked;
use crate::db::{self, Db, transact};
use crate::kernel::time::Timestamp;

/// How long one document may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Documents of one run; what is left comes with the next one.
const BATCH: i64 = 5;

/// Bytes sent at a time.
const CHUNK: usize = 64 * 1024;

/// Looks at what waits. A scanner that does not answer is asked again later: nobody gets the document until then.
pub async fn scan_waiting(db: &Db, scanner: SocketAddr, now: Timestamp) -> db::Result<()> {
    for id in document_store::list_waiting(&mut db.reader().await?, BATCH).await? {
        let found = document_store::find_content(&mut db.reader().await?, id).await?;
        let Some(content) = found else { continue };
        let checked = match timeout(PATIENCE, ask(scanner, &content)).await {
            Ok(Ok(checked)) => checked,
            Ok(Err(error)) => {
                tracing::warn!(document = %id, error = %error, "the malware scanner cannot be asked");
                return Ok(());
            }
            Err(_) => {
                tracing::warn!(document = %id, "the malware scanner does not answer in time");
                return Ok(());
            }
        };
        if checked == Checked::Infected {
            tracing::error!(document = %id, "a document holds malware; its content was removed");
        }
        let saved: db::Result<()> = transact!(db, tx => document_store::save_checked(tx, id, checked, now).await);
        saved?;
    }
    Ok(())
}

/// One document, as clamd wants it: chunks with their length before them, an empty one at the end.
async fn ask(scanner: SocketAddr, content: &[u8]) -> std::io::Result<Checked> {
    let mut stream = TcpStream::connect(scanner).await?;
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
