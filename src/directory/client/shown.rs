//! What people are shown of a client that asks for them: its name, its picture, and where it says what it does with what it
//! is told (OIDC Registration §2). Nothing of it is fetched from elsewhere by their browsers (OA-55).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{logo_store, store};
use crate::db::{self, Tx};
use crate::directory::application::environment_store;
use crate::kernel::ids::ClientId;
use crate::kernel::strength::Strength;

/// A client as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its logo, as the address of an image that carries it.
    pub logo: Option<String>,
    /// Its privacy policy; https.
    pub policy: Option<String>,
    /// Its terms of use; https.
    pub terms: Option<String>,
    /// How strong a sign-in its application asks for.
    pub second_factor: Strength,
}

/// A client as shown; `None` if there is none.
pub async fn find(tx: &mut Tx, client: ClientId) -> db::Result<Option<Shown>> {
    let Some(client) = store::find(tx, client).await? else { return Ok(None) };
    let logo = logo_store::find(tx, client.id).await?;
    let environment = match client.environment {
        Some(id) => environment_store::find(tx, id).await?,
        None => None,
    };
    Ok(Some(Shown {
        name: client.name,
        logo: logo.map(|png| format!("data:image/png;base64,{}", STANDARD.encode(png))),
        policy: client.settings.policy_uri,
        terms: client.settings.tos_uri,
        second_factor: environment.map(|environment| environment.second_factor).unwrap_or_default(),
    }))
}
