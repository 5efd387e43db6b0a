//! What a client is told of somebody, as far as it has changed: the same claims as at the sign-in, read anew.

use serde_json::{Map, Value, json};

use crate::authority::Door;
use crate::db::{self, Tx};
use crate::delegation::told;
use crate::directory::client::entry::{self, Entry};
use crate::directory::module::model::Told;
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

use super::model::{Change, Pair};

/// Whether somebody may still enter an application, and what it is told.
pub(super) async fn entry(tx: &mut Tx, pair: &Pair, now: Timestamp) -> db::Result<Entry> {
    entry::find(tx, pair.user, pair.environment, now).await
}

/// The claims that a change is about, as far as the client was granted their scopes; empty if it is told of none of them.
pub(super) async fn claims(
    tx: &mut Tx,
    door: &Door,
    (change, entry): (&Change, &Entry),
    (user, scope): (UserId, &str),
    now: Timestamp,
) -> db::Result<Map<String, Value>> {
    let has = |wanted: &str| scope.split_ascii_whitespace().any(|scope| scope == wanted);
    let claims = match change {
        Change::Membership(..) | Change::Group(..) if has("groups") => json!({ "groups": entry.groups }),
        Change::Module(..) if has("organisation") => match &entry.module {
            Told::Held(held) => json!({
                "module_status": held.status.told(),
                "module_kind": held.terms.kind.as_str(),
                "module_classification": held.terms.classification,
                "module_settings": held.terms.settings,
            }),
            Told::Missing | Told::NotAsked => json!({ "module_status": null, "module_kind": null }),
        },
        Change::Role(_) if has("roles") => {
            let (roles, role_assignments) = told::roles(tx, door, user, now).await?;
            json!({ "roles": roles, "role_assignments": role_assignments })
        }
        _ => Value::Null,
    };
    Ok(match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    })
}
