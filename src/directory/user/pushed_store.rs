//! The SQL of who has to be looked at where people are pushed to applications (`crate::push`), as far as it asks about people.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ClientId, EnvironmentId, OrganisationId};
use crate::kernel::time::Timestamp;

statements! {
    /// Everybody at home in an organisation or below whom a target holds, or should.
    SPREAD = "INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', u.id, 1, 0, 0 FROM push_targets t, users u JOIN organisation_closure c ON c.descendant_id = u.organisation_id
        WHERE t.client_id = $1 AND c.ancestor_id = $2 AND (EXISTS (SELECT 1 FROM push_resources r WHERE r.client_id = t.client_id AND r.kind = 'user' AND r.local_id = u.id)
            OR EXISTS (SELECT 1 FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id AND g.environment_id = $3))
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0";
    LAPSED_ACCOUNTS = "INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT r.client_id, 'user', u.id, 1, 0, 0 FROM users u JOIN push_resources r ON r.kind = 'user' AND r.local_id = u.id
        WHERE r.client_id = $1 AND u.account_expires_at > $2 AND u.account_expires_at <= $3
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0";
}

/// An organisation changed: so may everybody in it or below have.
pub async fn insert_below(
    tx: &mut Tx,
    client: ClientId,
    (organisation, environment): (OrganisationId, EnvironmentId),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(SPREAD).bind(client).bind(organisation).bind(environment).execute(c).await.map(drop))?;
    Ok(())
}

/// Accounts that have ended by themselves between two instants.
pub async fn insert_lapsed(tx: &mut Tx, client: ClientId, (from, to): (Timestamp, Timestamp)) -> db::Result<()> {
    on!(tx, c => sqlx::query(LAPSED_ACCOUNTS).bind(client).bind(from).bind(to).execute(c).await.map(drop))?;
    Ok(())
}
