//! Roles that have no effect before their holder has accepted the terms that they ask for, each version anew (E17).

use std::collections::{BTreeMap, BTreeSet};

use super::model::Assignment;
use super::role::Roles;
use crate::agreements::store;
use crate::db::{self, Tx};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// Which versions of which terms somebody accepted.
type Accepted = BTreeSet<(String, i64)>;

/// The terms that an assignment asks for now, and their version.
fn asked<'a>(roles: &'a Roles, assignment: &Assignment, now: Timestamp) -> Option<(&'a str, u32)> {
    let terms = roles.get(&assignment.role)?.terms.as_ref()?;
    Some((terms.code.as_str(), terms.at(now)?))
}

/// Marks what waits for people to accept something: one statement, and none where nothing that they hold asks for it. Services accept
/// nothing: whoever runs them has agreed elsewhere.
pub(super) async fn mark(
    tx: &mut Tx,
    roles: &Roles,
    held: &mut [(PrincipalId, &mut Vec<Assignment>)],
    now: Timestamp,
) -> db::Result<()> {
    let asks = |assignments: &[Assignment]| assignments.iter().any(|a| asked(roles, a, now).is_some());
    let people = held.iter().filter(|(_, assignments)| asks(assignments)).filter_map(|(who, _)| who.person());
    let people: Vec<UserId> = people.collect();
    if people.is_empty() {
        return Ok(());
    }
    let mut accepted: BTreeMap<UserId, Accepted> = BTreeMap::new();
    for one in store::list_all(tx, &people).await? {
        accepted.entry(one.user_id).or_default().insert((one.terms, one.version));
    }
    for (who, assignments) in held {
        if let Some(person) = who.person() {
            marked(roles, &accepted.remove(&person).unwrap_or_default(), assignments, now);
        }
    }
    Ok(())
}

fn marked(roles: &Roles, accepted: &Accepted, assignments: &mut [Assignment], now: Timestamp) {
    for assignment in assignments {
        let missing = asked(roles, assignment, now)
            .filter(|(code, version)| !accepted.contains(&((*code).to_owned(), i64::from(*version))));
        if let Some((code, _)) = missing {
            assignment.lacks = Some(code.to_owned());
        }
    }
}
