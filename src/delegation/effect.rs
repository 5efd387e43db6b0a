//! What a move comes to: who gains and who loses authority by it (D13, DA-08).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::model::RoleAssignment;
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ids::OrganisationId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// The role assignments whose holders gain or lose what is moved. Those anchored inside of it keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// They reach the old place and not the new one.
    pub loses: Vec<RoleAssignment>,
    /// They reach the new place and not the old one.
    pub gains: Vec<RoleAssignment>,
}

impl Effect {
    /// One text for one effect: what was shown can be compared with what would happen now (DA-26).
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for (mark, list) in [('-', &self.loses), ('+', &self.gains)] {
            for assignment in list {
                text.push(mark);
                text.push_str(&assignment.id.to_string());
            }
        }
        URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).as_bytes())
    }
}

/// What it means to whoever holds roles if something below `from` comes to stand below `to`.
pub async fn of_move(tx: &mut Tx, from: OrganisationId, to: OrganisationId, now: Timestamp) -> db::Result<Effect> {
    let before = store::list_reaching(tx, from, now).await?;
    let after = store::list_reaching(tx, to, now).await?;
    Ok(Effect { loses: missing(&before, &after), gains: missing(&after, &before) })
}

/// Those of `some` whose holder has not the same by one of `others`.
fn missing(some: &[RoleAssignment], others: &[RoleAssignment]) -> Vec<RoleAssignment> {
    let same = |one: &RoleAssignment, other: &RoleAssignment| {
        one.principal == other.principal
            && one.role == other.role
            && other.applications.includes(&one.applications)
            && other.valid_until.is_none_or(|end| one.valid_until.is_some_and(|ends| ends <= end))
    };
    some.iter().filter(|one| !others.iter().any(|other| same(one, other))).cloned().collect()
}
