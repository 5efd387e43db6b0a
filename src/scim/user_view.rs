//! How people look to one caller. One person and a page of them are read by the same queries, whose number does not depend
//! on how many there are; who is out of sight is not read at all (D8), so that they cannot be told from who is not there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::error::ScimError;
use super::projection::Projection;
use super::query::{Column, Condition};
use super::request::Caller;
use super::router::Scim;
use super::schema::CHAMBERLAIN_USER;
use super::user_resource::{self, Surroundings};
use crate::authority::{ApplicationScope, Permission, Reach, Scope};
use crate::db::Tx;
use crate::directory::membership::listed_store::{self, GroupOfUser};
use crate::directory::membership::sight::Sight;
use crate::directory::module::{self, model::ModuleOf};
use crate::directory::names_store;
use crate::directory::user::condition::SeenBy;
use crate::directory::user::condition_store::{ListedUser, Prepared, UserList};
use crate::kernel::ids::{ClientId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// What a caller sees.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The people.
    pub people: Scope,
    /// Those of them whose e-mail addresses and phone numbers are seen (decision 13).
    pub contacts: Scope,
    /// The applications whose groups are seen, and whose members where.
    pub groups: ApplicationScope,
    /// Whose external ids are shown.
    pub client: ClientId,
    /// The address of `/scim/v2`.
    pub base: String,
    /// The instant.
    pub now: Timestamp,
    /// Passwords that were set then or before have expired.
    pub expired_since: Option<Timestamp>,
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// How many at most.
    pub limit: i64,
    /// After how many.
    pub offset: i64,
    /// How many there are in all, where that is known.
    pub total: Option<i64>,
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct People {
    /// How many there are on all pages.
    pub total: i64,
    /// Whether somebody comes behind.
    pub is_more: bool,
    /// Those on it.
    pub people: Vec<Seen>,
}

/// A person as read for one caller.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The person, the name of the organisation, the external id.
    pub listed: ListedUser,
    /// The module access of the home organisation, as far as the caller may see the applications.
    pub modules: Vec<ModuleOf>,
    /// The groups that the caller may see.
    pub groups: Vec<GroupOfUser>,
    /// Whether the caller may see addresses and numbers.
    pub contact: bool,
}

impl Viewer {
    /// The view of this caller at this instant.
    pub async fn new(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Self, ScimError> {
        let authority = scim.app.door.authority(tx, &caller.ctx).await?;
        let now = caller.ctx.now;
        Ok(Self {
            people: Scope::of_people(&authority, now),
            contacts: Scope::of_contacts(&authority, now),
            groups: ApplicationScope::of(&authority, &[Permission::MembershipRead], now),
            client: caller.client,
            base: scim.base(),
            now,
            expired_since: scim.app.passwords.standard.expired_since(now),
        })
    }

    /// The memberships in sight.
    pub fn sight(&self) -> Sight<'_> {
        Sight { people: &self.people, groups: &self.groups, now: self.now }
    }

    /// The list of those in sight who meet a condition.
    pub fn list<'a>(&'a self, condition: &'a Condition) -> UserList<'a> {
        self.list_in(&self.people, condition)
    }

    fn list_in<'a>(&'a self, scope: &'a Scope, condition: &'a Condition) -> UserList<'a> {
        UserList {
            scope,
            contacts: &self.contacts,
            groups: &self.groups,
            client: self.client,
            condition,
            sort: Column("u.number"),
            descending: false,
            after: None,
            now: self.now,
            expired_since: self.expired_since,
        }
    }

    /// The person, if the caller may see them.
    pub async fn find(&self, tx: &mut Tx, id: UserId) -> Result<Seen, ScimError> {
        self.find_in(tx, &self.people, id).await
    }

    /// The person whom a permit of this very transaction was about.
    pub async fn find_permitted(&self, tx: &mut Tx, id: UserId) -> Result<Seen, ScimError> {
        self.find_in(tx, &Scope::Everywhere, id).await
    }

    async fn find_in(&self, tx: &mut Tx, scope: &Scope, id: UserId) -> Result<Seen, ScimError> {
        let condition = Condition::Id(id);
        let list = self.list_in(scope, &condition);
        let found = Prepared::new(tx, &list, 1).await?.list(tx, 1, 0).await?;
        self.with_groups(tx, found).await?.pop().ok_or(ScimError::NotFound)
    }

    /// One page of people with their groups, how many there are in all, and whether more follow.
    pub async fn page(&self, tx: &mut Tx, list: &UserList<'_>, rows: Rows) -> Result<People, ScimError> {
        let Rows { limit, offset, total } = rows;
        let one_more = limit.saturating_add(1);
        let prepared = Prepared::new(tx, list, offset.saturating_add(one_more)).await?;
        let mut found = if limit == 0 { Vec::new() } else { prepared.list(tx, one_more, offset).await? };
        let read = i64::try_from(found.len()).unwrap_or(i64::MAX);
        found.truncate(usize::try_from(limit).unwrap_or_default());
        // Where nobody is left behind the page, nobody has to be counted.
        let is_last = read < one_more && (read > 0 || offset == 0 && limit > 0);
        let total = match total {
            Some(total) => total,
            None if is_last => offset.saturating_add(read),
            None => prepared.count(tx).await?,
        };
        Ok(People { total, is_more: read > limit, people: self.with_groups(tx, found).await? })
    }

    async fn with_groups(&self, tx: &mut Tx, found: Vec<ListedUser>) -> Result<Vec<Seen>, ScimError> {
        let ids: Vec<UserId> = found.iter().map(|listed| listed.user.id).collect();
        let mut groups: BTreeMap<UserId, Vec<GroupOfUser>> = BTreeMap::new();
        for group in listed_store::list_groups(tx, &ids, self.sight()).await? {
            groups.entry(group.user_id).or_default().push(group);
        }
        let reached = self.reached(tx, &found).await?;
        let modules = self.modules(tx, &found).await?;
        let seen = |listed: ListedUser| {
            let user = &listed.user;
            let contact = reached.as_ref().is_none_or(|homes| homes.contains(&user.organisation));
            let modules = modules.get(&user.organisation).cloned().unwrap_or_default();
            Seen { groups: groups.remove(&user.id).unwrap_or_default(), modules, contact, listed }
        };
        Ok(found.into_iter().map(seen).collect())
    }

    /// The module access of the homes of those listed, to applications that the caller sees, by organisation.
    async fn modules(
        &self,
        tx: &mut Tx,
        found: &[ListedUser],
    ) -> Result<BTreeMap<OrganisationId, Vec<ModuleOf>>, ScimError> {
        let homes: BTreeSet<OrganisationId> = found.iter().map(|listed| listed.user.organisation).collect();
        let mut modules: BTreeMap<OrganisationId, Vec<ModuleOf>> = BTreeMap::new();
        let homes: Vec<OrganisationId> = homes.into_iter().collect();
        for module in module::store::list_of_organisations(tx, &homes, Some(&self.groups)).await? {
            modules.entry(module.organisation).or_default().push(module);
        }
        Ok(modules)
    }

    /// The homes of those whose addresses and numbers the caller sees; `None` where they see those of everybody. Most callers
    /// see all or none, which takes no query.
    async fn reached(&self, tx: &mut Tx, found: &[ListedUser]) -> Result<Option<BTreeSet<OrganisationId>>, ScimError> {
        if self.contacts.spans(&self.people) {
            return Ok(None);
        }
        let homes = found.iter().map(|listed| listed.user.organisation).collect();
        Ok(Some(names_store::list_inside(tx, &self.contacts, &homes).await?))
    }

    /// Refuses to sort by what the caller does not see of everybody listed: the order would tell it (D8).
    pub async fn check_sort(&self, tx: &mut Tx, sort: Column) -> Result<(), ScimError> {
        if sort.seen_by() == SeenBy::All || self.contacts.spans(&self.people) {
            return Ok(());
        }
        let people = Reach::of(tx, &self.people, None).await?;
        if people.is_inside(&Reach::of(tx, &self.contacts, None).await?) {
            return Ok(());
        }
        Err(ScimError::InvalidValue(
            "`sortBy` names what you do not see of everybody listed; sort by name.familyName, name.givenName, id or meta.created"
                .to_owned(),
        ))
    }

    /// What of a person is returned to who asks for these attributes.
    pub fn projection(&self, seen: &Seen, asked: &Projection) -> Projection {
        if user_resource::leaves_out_extension(&seen.listed.user, seen.contact) {
            asked.unless_named(CHAMBERLAIN_USER)
        } else {
            asked.clone()
        }
    }

    /// The resource, without a version.
    pub fn render(&self, seen: &Seen) -> Map<String, Value> {
        let around = Surroundings {
            base: &self.base,
            organisation: &seen.listed.organisation,
            external_id: seen.listed.external_id.as_deref(),
            modules: &seen.modules,
            groups: &seen.groups,
            contact: seen.contact,
            now: self.now,
            expired_since: self.expired_since,
        };
        user_resource::render(&seen.listed.user, &around)
    }
}
