//! Pages of memberships against the same memberships in memory: whether they are walked or gathered from people, the same ones come out.

use chamberlain::authority::{ApplicationScope, Applications, Assignment, Authority, Extent, Permission, Scope};
use chamberlain::db::{self, transact};
use chamberlain::directory::listing::{Part, Where};
use chamberlain::directory::membership::model::Membership;
use chamberlain::directory::membership::page_store::{self, GRANTED_AT, GROUP, ID, USER};
use chamberlain::directory::membership::sight::Sight;
use chamberlain::directory::membership::store as memberships;
use chamberlain::kernel::ids::{ApplicationId, GroupId, MembershipId, PrincipalId, RoleAssignmentId};
use chamberlain::kernel::strength::Strength;
use std::time::Duration;

use crate::support::{Bank, Crowd, World, only};

/// A tree of people, and what they are members of: the place of the person, the membership, the application.
struct Town {
    crowd: Crowd,
    groups: [(GroupId, ApplicationId); 2],
    given: Vec<(usize, Membership, ApplicationId)>,
}

async fn town(world: World) -> Town {
    let bank = Bank::found(world.clone()).await;
    let mut crowd = Crowd {
        world,
        parents: vec![None],
        ids: vec![bank.root],
        people: Vec::new(),
        managed: std::collections::BTreeSet::new(),
    };
    for number in 0..16 {
        let parent = if number < 3 { 0 } else { crowd.below(number) };
        crowd.found(Some(parent)).await;
    }
    let mut people = Vec::new();
    for number in 0..600 {
        let at = if number % 3 == 0 { crowd.below(crowd.ids.len()) } else { 1 };
        let mut person = crowd.somebody(at, "ada", "adler");
        (person.email, person.user_name) = (None, format!("{number:06}"));
        people.push(person);
    }
    crowd.add(people).await;
    let groups = [(bank.imas_user, bank.imas), (bank.casper_submitter, bank.casper)];
    let now = crowd.world.clock.now();
    let mut given = Vec::new();
    for (number, person) in crowd.people.iter().enumerate() {
        for (which, (group, application)) in groups.into_iter().enumerate() {
            // Everybody has the first one, a tenth the second one; some have ended.
            if which == 1 && number % 10 != 0 {
                continue;
            }
            let ended = (number % 13 == 0).then_some(now);
            let granted_at = now.minus(Duration::from_secs(1 + (number as u64 * 7919) % 1000));
            let one = Membership {
                id: MembershipId(crowd.world.entropy.uuid(now)),
                user: person.id,
                group,
                granted_by: PrincipalId::Console,
                granted_via: None,
                granted_at,
                until: ended,
            };
            given.push((crowd.place(person.organisation), one, application));
        }
    }
    let done: db::Result<()> = transact!(crowd.world.db, tx => {
        for (_, one, _) in &given {
            memberships::insert(tx, one).await?;
        }
        Ok(())
    });
    done.unwrap();
    Town { crowd, groups, given }
}

/// Places that are seen, each with the applications that are seen there.
type Seen = Vec<(Extent, Applications)>;

impl Town {
    fn some_extent(&self) -> Extent {
        let id = self.crowd.ids[self.crowd.below(self.crowd.ids.len())];
        match self.crowd.below(6) {
            0 => Extent::Everywhere,
            1 => Extent::Subtree(self.crowd.ids[1]),
            2 => Extent::Only(id),
            _ => Extent::Subtree(id),
        }
    }

    fn some_sight(&self) -> Seen {
        let applications = |which| match which {
            0 => Applications::All,
            n => only(&[self.groups[n - 1].1]),
        };
        (0..=self.crowd.below(2)).map(|_| (self.some_extent(), applications(self.crowd.below(3)))).collect()
    }

    fn covers(&self, extent: &Extent, at: usize) -> bool {
        match extent {
            Extent::Everywhere => true,
            Extent::Only(id) => self.crowd.ids[at] == *id,
            Extent::Subtree(id) => self.crowd.is_under(at, self.crowd.place(*id)),
            other => panic!("{other:?} is not asked for"),
        }
    }

    fn expected(&self, seen: &Seen, people: &[Extent], part: &Part) -> Vec<MembershipId> {
        let now = self.crowd.world.clock.now();
        let of_group = |one: &Membership| match &part.condition {
            Where::Id(GROUP, id) => one.group.0 == *id,
            Where::Id(USER, id) => one.user.0 == *id,
            _ => true,
        };
        let mut all: Vec<&Membership> = self
            .given
            .iter()
            .filter(|(at, one, application)| {
                let by =
                    |(extent, set): &(Extent, Applications)| self.covers(extent, *at) && set.contains(*application);
                one.is_live(now)
                    && of_group(one)
                    && people.iter().any(|extent| self.covers(extent, *at))
                    && seen.iter().any(by)
            })
            .map(|(_, one, _)| one)
            .collect();
        all.sort_by_key(|one| if part.sort == ID { (0, one.id.0) } else { (one.granted_at.0, one.id.0) });
        if part.descending {
            all.reverse();
        }
        all.iter().map(|one| one.id).collect()
    }
}

fn scope_of(seen: &Seen, now: chamberlain::kernel::time::Timestamp) -> ApplicationScope {
    let mut authority = Authority::none(PrincipalId::Console);
    for (extent, applications) in seen {
        authority.assignments.push(Assignment {
            id: RoleAssignmentId(uuid::Uuid::nil()),
            role: "Reader".to_owned(),
            permissions: [Permission::MembershipRead].into_iter().collect(),
            extent: *extent,
            anchor: None,
            applications: applications.clone(),
            project: None,
            from: now,
            until: None,
            on_behalf_of: None,
            second_factor: Strength::default(),
            is_too_weak: false,
            lacks: None,
        });
    }
    ApplicationScope::of(&authority, &[Permission::MembershipRead], now)
}

on_both! {
    /// D2, D8: for few people in sight and for many, with and without a filter, in each order and far in: what is listed is what is seen.
    async fn however_they_are_read_the_same_memberships_come_out(world: World) {
        let town = town(world).await;
        let now = town.crowd.world.clock.now();
        let (mut few, mut many, mut full) = (0, 0, 0);
        for round in 0..200 {
            let seen = town.some_sight();
            let people: Vec<Extent> = match round % 3 {
                0 => seen.iter().map(|(extent, _)| *extent).collect(),
                _ => (0..=town.crowd.below(2)).map(|_| town.some_extent()).collect(),
            };
            let scope = if people.contains(&Extent::Everywhere) { Scope::Everywhere } else { Scope::Within(people.clone()) };
            let condition = match town.crowd.below(4) {
                0 => Where::Id(GROUP, town.groups[town.crowd.below(2)].0.0),
                1 => Where::Id(USER, town.crowd.people[town.crowd.below(600)].id.0),
                _ => Where::Constant(true),
            };
            let (limit, offset) = (1 + town.crowd.below(120), [0, town.crowd.below(200)][town.crowd.below(2)]);
            let (limit, offset) = (i64::try_from(limit).unwrap(), i64::try_from(offset).unwrap());
            let part = Part {
                condition,
                sort: [ID, GRANTED_AT][town.crowd.below(2)],
                descending: town.crowd.below(2) == 0,
                limit,
                offset,
                after: None,
                counted: None,
            };
            let expected = town.expected(&seen, &people, &part);
            let groups = scope_of(&seen, now);
            let tx = &mut town.crowd.world.db.reader().await.unwrap();
            let (total, found) = page_store::part(tx, Sight { people: &scope, groups: &groups, now }, &part).await.unwrap();
            let page: Vec<_> = expected.iter().skip(usize::try_from(offset).unwrap()).take(usize::try_from(limit).unwrap()).copied().collect();
            assert_eq!(usize::try_from(total).unwrap(), expected.len(), "{seen:?} {people:?} {part:?}");
            assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), page, "{seen:?} {people:?} {part:?}");
            full += usize::from(!page.is_empty());
            // As `page_store` chooses: a walk for many people in sight.
            let inside = town.crowd.people.iter().filter(|person| people.iter().any(|extent| town.covers(extent, town.crowd.place(person.organisation)))).count();
            few += usize::from(inside < 100 && !page.is_empty());
            many += usize::from(inside > 400 && inside < 600 && !page.is_empty());
        }
        assert!(full > 60 && few > 8 && many > 8, "vacuous: {full} pages with something on them, {few} and {many}");
    }
}
