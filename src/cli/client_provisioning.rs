//! `chamberlain client …`: what a service that provisions is held to, and what it did lately.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::CliError;
use super::client::find;
use super::console::Console;
use super::output::{Output, table};
use crate::db::Tx;
use crate::directory::client::activity::model::Wanted;
use crate::directory::client::activity::store;
use crate::directory::client::model::Client;
use crate::directory::client::provisioning::{Provisioning, Tolerance};
use crate::kernel::network::Network;
use crate::kernel::time::Timestamp;

/// How literally requests are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Taken {
    Tolerant,
    Strict,
}

/// What may be said about a service; what is not said stays.
#[derive(Clone, Debug, Args)]
pub(super) struct Provisioned {
    /// The last day (UTC) on which a service works, like `2027-06-30`; `never` for no end
    #[arg(long, value_name = "DAY")]
    valid_until: Option<String>,
    /// A network from which alone a service is taken, like `192.0.2.0/24`; may be given several times, `any` for all
    #[arg(long, value_name = "NETWORK")]
    address: Vec<String>,
    /// Whether its SCIM requests are taken as they are meant, or refused where RFC 7644 has it otherwise
    #[arg(long, value_enum)]
    scim_tolerance: Option<Taken>,
}

impl Provisioned {
    /// Changes what is said.
    pub(super) fn apply(&self, held: &mut Provisioning) -> Result<(), CliError> {
        match self.valid_until.as_deref() {
            None => {}
            Some("never") => held.valid_until = None,
            Some(day) => {
                let end = Timestamp::end_of_date(day);
                let end = end.ok_or_else(|| CliError::Refused(format!("`{day}` is no day like 2027-06-30")))?;
                held.valid_until = Some(end);
            }
        }
        if self.address.iter().any(|text| text == "any") {
            held.addresses.clear();
        } else if !self.address.is_empty() {
            let read =
                |text: &String| text.parse::<Network>().map_err(|fault| CliError::Refused(format!("`{text}` {fault}")));
            held.addresses = self.address.iter().map(read).collect::<Result<_, _>>()?;
        }
        match self.scim_tolerance {
            None => {}
            Some(Taken::Tolerant) => held.scim_tolerance = Tolerance::Tolerant,
            Some(Taken::Strict) => held.scim_tolerance = Tolerance::Strict,
        }
        Ok(())
    }
}

/// When it was here last, and what was tolerated of it.
pub(super) async fn lately(tx: &mut Tx, client: &Client) -> Result<Value, CliError> {
    let used = store::find_use(tx, client.id).await?;
    let habits = store::list_habits(tx, client.id).await?;
    let tolerated: Vec<_> = habits
        .iter()
        .map(|one| json!({ "habit": one.habit.as_str(), "requests": one.times, "last_at": one.last_at.to_rfc3339() }))
        .collect();
    Ok(json!({ "last_used_at": used.map(Timestamp::to_rfc3339), "tolerated": tolerated }))
}

/// `chamberlain client requests`.
pub(super) async fn requests(
    client_id: &str,
    (failed, limit): (bool, u16),
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let client = find(tx, client_id).await?;
    let kept = store::list(tx, Wanted { client: client.id, failed, limit: limit.into(), offset: 0 }).await?;
    let rows: Vec<Value> = kept
        .iter()
        .map(|one| {
            json!({
                "at": one.at.to_rfc3339(),
                "method": one.method,
                "path": one.path,
                "status": one.status,
                "scim_type": one.scim_type,
                "micros": one.micros,
                "bytes": one.bytes,
            })
        })
        .collect();
    let columns = ["at", "method", "path", "status", "scim_type", "micros", "bytes"];
    Ok(output.print(&json!(rows), || table(&rows, &columns))?)
}
