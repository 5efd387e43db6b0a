//! What a service sees: the same that it would see by SCIM at this instant (D8).

use std::collections::{BTreeMap, BTreeSet};

use crate::authority::{ApplicationScope, Applications, Door, Permission, Refusal, Scope};
use crate::db::{self, Tx};
use crate::directory::client::model::{Client, ClientKind};
use crate::directory::{client, names_store};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{ApplicationId, ClientId, OrganisationId, PrincipalId};
use crate::kernel::random::Entropy;
use crate::kernel::time::Timestamp;

/// The scopes by which people are seen, and groups, too.
const SCOPES: (&[&str], &str) = (&["scim", "users:read", "users:write"], "scim");

/// One service and its sight.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) client: Client,
    people: Scope,
    contacts: Scope,
    /// The groups of which applications it sees, and whose members where; none without the scope for it.
    groups: ApplicationScope,
    /// Of the homes asked about: those inside, and those of whose people it sees how they are reached.
    inside: BTreeSet<OrganisationId>,
    reached: BTreeSet<OrganisationId>,
    /// Of the groups of which applications it sees the members who are at home in which of them.
    members: Vec<(Applications, BTreeSet<OrganisationId>)>,
}

impl Service {
    /// Of a client that has a stream; `None` if it sees nobody by SCIM.
    pub(super) async fn of(
        tx: &mut Tx,
        door: &Door,
        id: ClientId,
        (entropy, now): (&Entropy, Timestamp),
    ) -> db::Result<Option<Self>> {
        let Some(client) = client::store::find(tx, id).await? else { return Ok(None) };
        let settings = &client.settings;
        let over = settings.provisioning.valid_until.is_some_and(|end| end <= now);
        let has = |wanted: &str| settings.scopes.iter().any(|scope| scope == wanted);
        let sees = SCOPES.0.iter().any(|scope| has(scope));
        if client.kind != ClientKind::Machine || !client.active || over || !sees || !settings.may_stream() {
            return Ok(None);
        }
        let ctx = Ctx::internal(now, entropy.clone(), Channel::Job).acting_as(PrincipalId::Service(id));
        let authority = match door.authority(tx, &ctx).await {
            Ok(authority) => authority,
            Err(Refusal::Db(error)) => return Err(error),
            // It acts for nobody any more.
            Err(Refusal::Denied(_) | Refusal::Anonymous) => return Ok(None),
        };
        let groups = if has(SCOPES.1) {
            ApplicationScope::of(&authority, &[Permission::MembershipRead], now)
        } else {
            ApplicationScope::nothing()
        };
        Ok(Some(Self {
            people: Scope::of_people(&authority, now),
            contacts: Scope::of_contacts(&authority, now),
            groups,
            client,
            inside: BTreeSet::new(),
            reached: BTreeSet::new(),
            members: Vec::new(),
        }))
    }

    /// Looks at some homes: by two queries, and one for each set of applications that is seen elsewhere than people are.
    pub(super) async fn look(&mut self, tx: &mut Tx, homes: &BTreeSet<OrganisationId>) -> db::Result<()> {
        self.inside = names_store::list_inside(tx, &self.people, homes).await?;
        self.reached = names_store::list_inside(tx, &self.contacts, homes).await?;
        self.members.clear();
        for (applications, places) in self.groups.parts() {
            let inside = if *places == self.people {
                self.inside.clone()
            } else {
                names_store::list_inside(tx, places, &self.inside).await?
            };
            self.members.push((applications.clone(), inside));
        }
        Ok(())
    }

    /// Whether it sees the people of a home.
    pub(super) fn sees(&self, home: OrganisationId) -> bool {
        self.inside.contains(&home)
    }

    /// Whether it sees how the people of a home are reached.
    pub(super) fn reaches(&self, home: OrganisationId) -> bool {
        self.sees(home) && self.reached.contains(&home)
    }

    /// Whether it sees the groups of an application.
    pub(super) fn sees_groups_of(&self, application: ApplicationId) -> bool {
        self.groups.parts().iter().any(|(applications, _)| applications.contains(application))
    }

    /// Whether it sees that somebody who is at home there is a member of one.
    pub(super) fn sees_member(&self, application: ApplicationId, home: OrganisationId) -> bool {
        self.members.iter().any(|(applications, homes)| applications.contains(application) && homes.contains(&home))
    }
}

/// The services among those who have a stream.
pub(super) async fn services<S>(
    tx: &mut Tx,
    door: &Door,
    streams: &BTreeMap<ClientId, S>,
    at: (&Entropy, Timestamp),
) -> db::Result<Vec<Service>> {
    let mut services = Vec::new();
    for client in streams.keys() {
        services.extend(Service::of(tx, door, *client, at).await?);
    }
    Ok(services)
}
