//! How strongly somebody has proved who they are in a session: told to the applications of that session when it is more, or less, than
//! before.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::claims::Content;
use super::fan_out::{Queue, names};
use super::model::{Change, EventType};
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ids::SessionId;
use crate::kernel::strength::Strength;
use crate::sessions::model::{ACR_ONE_FACTOR, acr_for, is_two_factors};
use crate::sessions::told_store as sessions;

/// What the levels are words of (CAEP 1.0 §3.4 `namespace`): values of `acr`, each of which the application would be told if it asked for it.
const NAMESPACE: &str = "urn:chamberlain:acr";

/// What was proved of somebody: how strongly, where it was by two factors.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(Option<Strength>);

impl Level {
    /// Of a session: by its `acr`, and by what means (RFC 8176).
    pub fn of(acr: &str, amr: &[String]) -> Self {
        Self(is_two_factors(acr).then(|| Strength::of_amr(amr.iter().map(String::as_str))))
    }

    /// The `acr` that says it.
    fn word(&self) -> &'static str {
        self.0.map_or(ACR_ONE_FACTOR, acr_for)
    }
}

/// Sessions whose person has proved more, or by something stronger: by a step-up, or by signing in anew in the same browser, which may be
/// by less. A level that was proved anew is the same one.
pub(super) async fn assurance(tx: &mut Tx, changes: &[Change], queue: &mut Queue<'_>) -> db::Result<()> {
    let mut before: BTreeMap<SessionId, &Level> = BTreeMap::new();
    for change in changes {
        if let Change::Assurance(session, level) = change {
            before.entry(*session).or_insert(level);
        }
    }
    if before.is_empty() {
        return Ok(());
    }
    let now = sessions::list_levels(tx, &before.keys().copied().collect()).await?;
    let now: BTreeMap<SessionId, Level> = now.iter().map(|(id, acr, amr)| (*id, Level::of(acr, amr))).collect();
    let changed =
        before.into_iter().filter_map(|(id, before)| Some((id, (before, now.get(&id).filter(|now| *now != before)?))));
    let changed: BTreeMap<SessionId, (&Level, &Level)> = changed.collect();
    let ids = changed.keys().copied().collect();
    let former = store::list_former(tx, &ids).await?;
    for pair in store::list_pairs(tx, &ids).await? {
        let Some((before, now)) = changed.get(&pair.session) else { continue };
        let says: Map<String, Value> = [
            ("namespace", NAMESPACE),
            ("previous_level", before.word()),
            ("current_level", now.word()),
            ("change_direction", if now > before { "increase" } else { "decrease" }),
        ]
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .into_iter()
        .collect();
        for sid in names(&former, pair.session) {
            let content =
                Content::event(EventType::AssuranceLevelChange, pair.user, Some(sid), queue.now, says.clone());
            queue.say((pair.client, &pair.settings), &content);
        }
    }
    Ok(())
}
