//! What delegates do with services of their organisations, and what is left to operators (`docs/adr/0017-services-of-delegates.md`).

use super::manage::{self, ClientDetails, ClientError};
use super::model::{Client, ClientKind, ClientSettings};
use super::provisioning::Provisioning;
use super::{service, store};
use crate::authority::action::CreateService;
use crate::authority::{Extent, Permission, Permit};
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Token;

/// Makes a service of an organisation; the secret is given once. Its public id is drawn: whoever chose it would learn which ones others
/// have (D8).
pub async fn create(
    tx: &mut Tx,
    permit: Permit<CreateService>,
    (name, provisioning): (String, Provisioning),
    ctx: &Ctx,
) -> Result<(Client, Token), ClientError> {
    let organisation = permit.action().organisation;
    if !is_operators(&permit) && store::count_services(tx, organisation).await? >= service::MAX_SERVICES {
        return Err(ClientError::TooMany);
    }
    let settings =
        ClientSettings { provisioning: Provisioning { stopped: false, ..provisioning }, ..service::settings() };
    let details = ClientDetails {
        client_id: format!("service-{}", ctx.uuid().simple()),
        name,
        kind: ClientKind::Machine,
        environment: None,
        organisation: Some(organisation),
        settings,
    };
    let (client, secret) = manage::register(tx, &permit, details, serde_json::Map::new(), ctx).await?;
    Ok((client, secret.ok_or(ClientError::NoSecret)?))
}

/// Whether it was allowed to somebody who manages every client. Whoever keeps services of an organisation sets less, and what they take
/// ends with their right.
pub(super) fn is_operators<A>(permit: &Permit<A>) -> bool {
    let mut holding = permit.authority().holding(Permission::ClientManage, permit.at());
    holding.any(|held| held.extent == Extent::Everywhere)
}

/// The delegate with whose right a secret or token ends that is taken by a permit; none for operators, who give it out for the installation.
pub fn keeper<A>(permit: &Permit<A>) -> Option<UserId> {
    if is_operators(permit) { None } else { permit.actor().person() }
}

/// Whether settings may be brought from one to the other by a permit.
pub(super) fn check<A>(permit: &Permit<A>, before: &ClientSettings, after: &ClientSettings) -> Result<(), ClientError> {
    let may = is_operators(permit) || service::may_become(before, after);
    if may { Ok(()) } else { Err(ClientError::Reserved) }
}

/// Switching on and off: what an operator switched off stays off for everybody else.
pub(super) fn switch<A>(permit: &Permit<A>, client: &mut Client, active: bool) -> Result<(), ClientError> {
    let operators = is_operators(permit);
    if active && client.settings.provisioning.stopped && !operators {
        return Err(ClientError::Reserved);
    }
    client.active = active;
    if operators && client.kind == ClientKind::Machine {
        client.settings.provisioning.stopped = !active;
    }
    Ok(())
}
