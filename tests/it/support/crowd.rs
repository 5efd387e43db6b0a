//! Many people in a small tree, written past the use cases, and the same people in memory to compare with.

use std::collections::BTreeSet;

use chamberlain::db::transact;
use chamberlain::directory::organisation::model::{Organisation, Status};
use chamberlain::directory::organisation::store as organisations;
use chamberlain::directory::user::model::User;
use chamberlain::directory::user::store as users;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};

use super::World;

/// A tree and its people. An organisation is named by its place in the list; the first is the root.
#[derive(Debug)]
pub struct Crowd {
    /// Database, clock, randomness.
    pub world: World,
    /// The parent of each.
    pub parents: Vec<Option<usize>>,
    /// The id of each.
    pub ids: Vec<OrganisationId>,
    /// Who manages whom: the manager first.
    pub managed: BTreeSet<(usize, usize)>,
    /// Everybody ever made, in the order in which they were made, as last written.
    pub people: Vec<User>,
}

impl Crowd {
    /// A root and nothing else.
    pub async fn new(world: World) -> Self {
        let mut crowd =
            Self { world, parents: Vec::new(), ids: Vec::new(), managed: BTreeSet::new(), people: Vec::new() };
        crowd.found(None).await;
        crowd
    }

    /// A number below `bound`.
    pub fn below(&self, bound: usize) -> usize {
        self.world.entropy.below(u32::try_from(bound).unwrap()) as usize
    }

    /// One more organisation.
    pub async fn found(&mut self, parent: Option<usize>) -> usize {
        let now = self.world.clock.now();
        let organisation = Organisation {
            id: OrganisationId(self.world.entropy.uuid(now)),
            parent: parent.map(|parent| self.ids[parent]),
            name: format!("Organisation {}", self.ids.len()),
            country: None,
            lei: None,
            external_id: None,
            status: Status::Active,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let done: chamberlain::db::Result<()> =
            transact!(self.world.db, tx => organisations::insert(tx, &organisation).await);
        done.unwrap();
        self.parents.push(parent);
        self.ids.push(organisation.id);
        self.ids.len() - 1
    }

    /// From now on one organisation manages another, past the rules of countries.
    pub async fn manage(&mut self, manager: usize, managed: usize) {
        if !self.managed.insert((manager, managed)) {
            return;
        }
        let (organisation, by) = (self.ids[managed], self.ids[manager]);
        let text = "INSERT INTO access_managers (organisation_id, manager_id, added_at, added_by_kind, added_by_id) VALUES ($1, $2, 0, 'console', $2)";
        let done: chamberlain::db::Result<()> = transact!(self.world.db, tx => {
            chamberlain::on!(tx, c => sqlx::query(text).bind(organisation).bind(by).execute(c).await.map(drop))?;
            Ok(())
        });
        done.unwrap();
    }

    /// Whether `node` is `top` or below it.
    pub fn is_under(&self, node: usize, top: usize) -> bool {
        node == top || self.parents[node].is_some_and(|parent| self.is_under(parent, top))
    }

    /// Moves a subtree, unless it would land in itself.
    pub async fn move_below(&mut self, top: usize, to: usize) -> bool {
        if top == 0 || self.is_under(to, top) || self.parents[top] == Some(to) {
            return false;
        }
        let (id, parent) = (self.ids[top], self.ids[to]);
        let done: chamberlain::db::Result<bool> = transact!(self.world.db, tx => {
            let organisation = organisations::find(tx, id).await?.unwrap();
            organisations::save_parent(tx, &organisation, parent).await
        });
        assert!(done.unwrap());
        self.parents[top] = Some(to);
        true
    }

    /// A person of these names at an organisation; the phone number tells the country that the organisation is in.
    pub fn somebody(&self, at: usize, given_name: &str, family_name: &str) -> User {
        let (now, number) = (self.world.clock.now(), self.people.len());
        let phone = (number % 7 != 0).then(|| format!("+{}{:08}", 31 + at % 3, self.below(100_000_000)));
        User {
            id: UserId(self.world.entropy.uuid(now)),
            organisation: self.ids[at],
            user_name: format!("{given_name}{number:06}@crowd.example"),
            email: Some(format!("{given_name}{number:06}@crowd.example").parse().unwrap()),
            email_verified: true,
            phone: phone.map(|phone| phone.parse().unwrap()),
            phone_verified: false,
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            company_id: None,
            subsidiary: None,
            locale: None,
            self_registered: false,
            active: number % 50 != 0,
            blocked: number % 333 == 0,
            activated_at: (number % 11 != 0).then_some(now),
            account_expires_at: None,
            deleted_at: None,
            last_sign_in_at: None,
            pending: None,
            password_changed_at: None,
            user_name_told_at: None,
            erased_at: None,
            epoch: 0,
            scim: serde_json::Map::new(),
            created_by: PrincipalId::Console,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Adds people in one transaction.
    pub async fn add(&mut self, people: Vec<User>) {
        let done: chamberlain::db::Result<()> = transact!(self.world.db, tx => {
            for person in &people {
                users::insert(tx, person).await?;
            }
            Ok(())
        });
        done.unwrap();
        self.people.extend(people);
    }

    /// Writes a changed person.
    pub async fn save(&mut self, number: usize, change: impl Fn(&mut User)) {
        let mut person = self.people[number].clone();
        change(&mut person);
        let done: chamberlain::db::Result<bool> = transact!(self.world.db, tx => users::save(tx, &person).await);
        assert!(done.unwrap());
        person.version += 1;
        self.people[number] = person;
    }

    /// The place of an organisation in the list.
    pub fn place(&self, id: OrganisationId) -> usize {
        self.ids.iter().position(|known| *known == id).unwrap()
    }
}
