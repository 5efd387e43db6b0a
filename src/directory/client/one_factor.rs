//! Whether a client belongs to an application of a test suite (`decisions.md` 26).

use super::model::Client;
use crate::db::{self, Tx};
use crate::directory::application::{environment_store, store};

/// Whether a password alone signs in to the application of a client; never without such applications, which only conformance mode has.
pub async fn suffices(tx: &mut Tx, client: &Client, applications: &[String]) -> db::Result<bool> {
    let Some(id) = client.environment.filter(|_| !applications.is_empty()) else { return Ok(false) };
    let Some(environment) = environment_store::find(tx, id).await? else { return Ok(false) };
    let application = store::find(tx, environment.application).await?;
    Ok(application.is_some_and(|application| applications.contains(&application.code)))
}
