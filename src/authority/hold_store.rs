//! Holds what an authority stands on until the transaction ends, so that a revocation that was answered is never followed by
//! a change decided before it (DA-31). Serialisability alone would let the change be the earlier one.
//!
//! Only PostgreSQL needs it: on SQLite writers run one after the other.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::facts::Facts;
use super::model::{Assignment, Authority, Extent};
use crate::db::{self, Statement, Tx};
use crate::kernel::ids::PrincipalId;

const ASSIGNMENTS: &str = "SELECT a.id FROM role_assignments a
    WHERE a.principal_id = $1 AND a.principal_kind = $2 AND a.state = 'active' FOR SHARE";
const PERSON: &str = "SELECT u.id FROM users u WHERE u.id = $1 FOR SHARE";
const SERVICE: &str = "SELECT c.id FROM clients c WHERE c.id = $1 FOR SHARE";
const ORGANISATIONS: &str = "SELECT o.id FROM organisations o WHERE o.id IN (SELECT c.ancestor_id FROM organisation_closure c
    WHERE c.descendant_id IN (SELECT a.organisation_id FROM role_assignments a WHERE a.principal_id = $1 AND a.state = 'active')
    OR c.descendant_id = (SELECT u.organisation_id FROM users u WHERE u.id = $1)
    OR c.descendant_id = (SELECT s.organisation_id FROM clients s WHERE s.id = $1)) ORDER BY o.id FOR SHARE";

/// For whom somebody stands in: the role, the account and the organisations of each are a part of their authority.
const DEPUTYSHIPS: &str =
    "SELECT d.assignment_id FROM deputies d WHERE d.deputy_id = $1 AND d.ended_at IS NULL FOR SHARE";
const LENT: &str = "SELECT a.principal_id FROM role_assignments a WHERE a.principal_kind = 'person'
    AND a.id IN (SELECT d.assignment_id FROM deputies d WHERE d.deputy_id = $1 AND d.ended_at IS NULL) ORDER BY a.id FOR SHARE";

/// The links by which an organisation is administered: whoever removes one waits, or has been waited for.
const LINKS: &str =
    "SELECT m.manager_id FROM access_managers m WHERE m.organisation_id = $1 AND m.manager_id = $2 FOR SHARE";

/// Every statement of this module; the text for SQLite is never run.
pub const CATALOGUE: &[Statement] = &[
    Statement { name: "authority::hold_store::ASSIGNMENTS", sqlite: "SELECT 1", postgres: ASSIGNMENTS },
    Statement { name: "authority::hold_store::PERSON", sqlite: "SELECT 1", postgres: PERSON },
    Statement { name: "authority::hold_store::SERVICE", sqlite: "SELECT 1", postgres: SERVICE },
    Statement { name: "authority::hold_store::DEPUTYSHIPS", sqlite: "SELECT 1", postgres: DEPUTYSHIPS },
    Statement { name: "authority::hold_store::LENT", sqlite: "SELECT 1", postgres: LENT },
    Statement { name: "authority::hold_store::LINKS", sqlite: "SELECT 1", postgres: LINKS },
    Statement { name: "authority::hold_store::ORGANISATIONS", sqlite: "SELECT 1", postgres: ORGANISATIONS },
];

/// Locks the account, the role assignments and the organisations that the authority of somebody depends on, shared with
/// others who only act.
pub(super) async fn hold(tx: &mut Tx, actor: PrincipalId) -> db::Result<()> {
    let Tx::Postgres(inner) = tx else { return Ok(()) };
    let account = match actor {
        PrincipalId::Person(_) => PERSON,
        PrincipalId::Service(_) => SERVICE,
        PrincipalId::Console => return Ok(()),
    };
    let connection = inner.connection();
    hold_own(connection, (account, actor.kind(), actor.uuid())).await?;
    if sqlx::query(DEPUTYSHIPS).bind(actor.uuid()).execute(&mut *connection).await?.rows_affected() == 0 {
        return Ok(());
    }
    let holders: BTreeSet<Uuid> =
        sqlx::query_scalar(LENT).bind(actor.uuid()).fetch_all(&mut *connection).await?.into_iter().collect();
    for holder in holders {
        hold_own(connection, (PERSON, actor.kind(), holder)).await?;
    }
    Ok(())
}

async fn hold_own(
    connection: &mut sqlx::PgConnection,
    (account, kind, id): (&'static str, &'static str, Uuid),
) -> db::Result<()> {
    sqlx::query(account).bind(id).execute(&mut *connection).await?;
    sqlx::query(ASSIGNMENTS).bind(id).bind(kind).execute(&mut *connection).await?;
    sqlx::query(ORGANISATIONS).bind(id).execute(connection).await?;
    Ok(())
}

/// Locks the links by which somebody reaches the organisations that a decision is about: they are a part of their authority.
pub(super) async fn hold_links(tx: &mut Tx, authority: &Authority, facts: &Facts) -> db::Result<()> {
    let Tx::Postgres(inner) = tx else { return Ok(()) };
    for place in facts.places() {
        let reached = |a: &&Assignment| matches!(a.extent, Extent::ManagedBy(_)) && a.extent.covers(place);
        for manager in authority.assignments.iter().filter(reached).filter_map(|a| a.extent.anchor()) {
            sqlx::query(LINKS).bind(place.node()).bind(manager).execute(inner.connection()).await?;
        }
    }
    Ok(())
}
