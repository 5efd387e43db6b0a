//! By what people prove who they are, and by what they are found: told to whoever knows them already.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::claims::Content;
use super::fan_out::Queue;
use super::model::{Change, EventType};
use super::store;
use crate::db::{self, Tx};
use crate::directory::user;
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

/// Passwords and phones (CAEP 1.0 §3.3): that they were replaced, never by what. E-mail addresses (RISC 1.0 §2.5): before and now, and only
/// to clients that were granted the scope `email` and know them.
pub(super) async fn credentials(tx: &mut Tx, changes: &[Change], queue: &mut Queue<'_>) -> db::Result<()> {
    let users = changes.iter().filter_map(|change| match change {
        Change::Password(user) | Change::Phone(user) | Change::Email(user, _) => Some(*user),
        _ => None,
    });
    let users: BTreeSet<UserId> = users.collect();
    if users.is_empty() {
        return Ok(());
    }
    let knowing = store::list_knowing(tx, &users).await?;
    if knowing.is_empty() {
        return Ok(());
    }
    let scopes = store::list_scopes_of(tx, &users, queue.now).await?;
    let addresses = user::store::list_emails(tx, &users).await?;
    let now = queue.now;
    for change in changes {
        let (user, content) = match change {
            Change::Password(user) => (*user, replaced("password", *user, now)),
            Change::Phone(user) => (*user, replaced("phone-sms", *user, now)),
            Change::Email(user, former) => {
                let Some(present) = addresses.get(user) else { continue };
                let says = Map::from_iter([("new-value".to_owned(), json!(present))]);
                let about = Some(json!({ "format": "email", "email": former }));
                let content = Content::event(EventType::IdentifierChanged, *user, None, now, says);
                (*user, Content { about, ..content })
            }
            _ => continue,
        };
        let is_told = |client| match change {
            Change::Email(..) => scopes
                .get(&(user, client))
                .is_some_and(|held| held.split_ascii_whitespace().any(|scope| scope == "email")),
            _ => true,
        };
        for (client, _, settings) in knowing.iter().filter(|(client, known, _)| *known == user && is_told(*client)) {
            queue.say((*client, settings), &content);
        }
    }
    Ok(())
}

fn replaced(kind: &str, user: UserId, now: Timestamp) -> Content {
    let says: Map<String, Value> = [("credential_type", kind), ("change_type", "update")]
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .into_iter()
        .collect();
    Content::event(EventType::CredentialChange, user, None, now, says)
}
