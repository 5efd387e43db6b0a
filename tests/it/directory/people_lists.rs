//! Lists of people against the same people in memory: whichever way a list is read, the same ones come out, in the same order.

use std::collections::BTreeSet;

use chamberlain::authority::{ApplicationScope, Extent, Scope};
use chamberlain::db::{Engine, transact};
use chamberlain::directory::membership::model::Membership;
use chamberlain::directory::membership::store as memberships;
use chamberlain::directory::user::model::{PasswordStatus, Status, User};
use chamberlain::directory::user::search_plan::{Lead, Way};
use chamberlain::directory::user::search_store::{self, Search, SortBy};
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::{GroupId, MembershipId, PrincipalId, UserId};

use crate::support::{Bank, Crowd, World};

const DAY: std::time::Duration = std::time::Duration::from_hours(24);
const GIVEN: [&str; 6] = ["ada", "ben", "carla", "david", "elsa", "franz"];
const FAMILY: [&str; 7] = ["adler", "bauer", "conti", "dubois", "ek", "fischer", "garcia"];

/// A tree with one large, one middling and many small branches, three thousand people, and a group of forty.
async fn crowd(world: World) -> (Crowd, GroupId, BTreeSet<UserId>) {
    let bank = Bank::found(world.clone()).await;
    let mut crowd =
        Crowd { world, parents: vec![None], ids: vec![bank.root], people: Vec::new(), managed: BTreeSet::new() };
    for number in 0..24 {
        let parent = if number < 4 { 0 } else { 1 + crowd.below(number - 1) };
        crowd.found(Some(parent)).await;
    }
    for _ in 0..40 {
        let (manager, managed) = (crowd.below(crowd.ids.len()), crowd.below(crowd.ids.len()));
        crowd.manage(manager, managed).await;
    }
    let mut people = Vec::new();
    for number in 0..3_000 {
        // Most are in the first branch.
        let at = if number % 4 == 0 { crowd.below(crowd.ids.len()) } else { 1 };
        let family =
            format!("{}{}", FAMILY[crowd.below(FAMILY.len())], ["", "sson", "xyz"][usize::from(number % 97 == 0) * 2]);
        let mut person = crowd.somebody(at, GIVEN[crowd.below(GIVEN.len())], &family);
        // Numbers are told apart by their place among those to come.
        person.email = Some(format!("{}{number:06}@crowd.example", person.given_name).parse().unwrap());
        person.user_name = format!("{number:06}");
        person.blocked = number % 333 == 0;
        person.active = number % 50 != 0;
        person.activated_at = (number % 11 != 0).then_some(crowd.world.clock.now());
        people.push(person);
    }
    crowd.add(people).await;
    // Some have chosen a password, on one of ten days.
    let begun = crowd.world.clock.now();
    for number in (0..3_000).step_by(7) {
        let at = begun.minus(DAY * u32::try_from(number % 10).unwrap());
        let person = &mut crowd.people[number];
        person.password_changed_at = Some(at);
        let done: chamberlain::db::Result<()> =
            transact!(crowd.world.db, tx => store::save_password_changed(tx, person.id, at).await);
        done.unwrap();
    }
    let members: BTreeSet<UserId> = (0..40).map(|n| crowd.people[n * 70].id).collect();
    let now = crowd.world.clock.now();
    let done: chamberlain::db::Result<()> = transact!(crowd.world.db, tx => {
        for user in &members {
            let id = MembershipId(crowd.world.entropy.uuid(now));
            let (granted_by, granted_via) = (PrincipalId::Console, None);
            memberships::insert(tx, &Membership { id, user: *user, group: bank.imas_user, granted_by, granted_via, granted_at: now, until: None }).await?;
        }
        Ok(())
    });
    done.unwrap();
    (crowd, bank.imas_user, members)
}

fn some_extent(crowd: &Crowd) -> Extent {
    let id = crowd.ids[crowd.below(crowd.ids.len())];
    match crowd.below(6) {
        0 => Extent::Only(id),
        4 => Extent::ManagedBy(id),
        5 => Extent::Country(id),
        1 => Extent::Subtree(crowd.ids[1]),
        _ => Extent::Subtree(id),
    }
}

fn some_search(crowd: &Crowd, group: GroupId) -> Search {
    let scope = match crowd.below(4) {
        0 => Scope::Everywhere,
        _ => Scope::Within((0..=crowd.below(3)).map(|_| some_extent(crowd)).collect()),
    };
    let chosen = (crowd.below(3) == 0).then(|| (crowd.ids[crowd.below(crowd.ids.len())], crowd.below(2) == 0));
    let mut search = Search::everybody(scope.clone(), chosen);
    search.contacts = match crowd.below(3) {
        0 => Scope::Everywhere,
        1 => scope,
        _ => Scope::Within((0..crowd.below(3)).map(|_| some_extent(crowd)).collect()),
    };
    search.sort = SortBy::ALL[crowd.below(4)];
    search.descending = crowd.below(2) == 0;
    match crowd.below(9) {
        0 => search.family_name = ["XYZ", "adler", "er", "nobody"][crowd.below(4)].to_owned(),
        1 => search.email = ["a0001", "franz00", "@crowd", "%"][crowd.below(4)].to_owned(),
        2 => search.phone = ["+32", "777", "0 0 0"][crowd.below(3)].to_owned(),
        3 => search.group = Some((group, ApplicationScope::everything())),
        4 => {
            let states = [Status::Blocked, Status::Deactivated, Status::New, Status::Active, Status::Expired];
            search.status = Some(states[crowd.below(5)]);
        }
        6 => {
            let since = (crowd.below(4) > 0)
                .then(|| crowd.world.clock.now().minus(DAY * u32::try_from(crowd.below(10)).unwrap()));
            search.password = Some((PasswordStatus::ALL[crowd.below(4)], since));
        }
        5 => {
            search.given_name = "an".to_owned();
            search.family_name = "sch".to_owned();
        }
        _ => {}
    }
    search
}

/// Everybody whom the search means, by the definition, in its order.
fn expected(crowd: &Crowd, search: &Search, members: &BTreeSet<UserId>) -> Vec<UserId> {
    let now = crowd.world.clock.now();
    let covers = |extent: &Extent, home: usize| match extent {
        Extent::Everywhere => true,
        Extent::Subtree(id) | Extent::Country(id) => crowd.is_under(home, crowd.place(*id)),
        Extent::ManagedBy(id) => crowd.managed.contains(&(crowd.place(*id), home)),
        Extent::Only(id) => home == crowd.place(*id),
    };
    let email = |person: &User| person.email.as_ref().map(|email| email.as_str().to_owned());
    let phone = |person: &User| person.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let holds = |value: Option<String>, part: &str| part.is_empty() || value.is_some_and(|value| value.contains(part));
    let digits: String = search.phone.chars().filter(|c| *c != ' ').collect();
    let mut found: Vec<(usize, &User)> = crowd
        .people
        .iter()
        .enumerate()
        .filter(|(_, person)| {
            let home = crowd.place(person.organisation);
            let within = |scope: &Scope| match scope {
                Scope::Everywhere => true,
                Scope::Within(extents) => extents.iter().any(|extent| covers(extent, home)),
            };
            let by_contact = !search.email.is_empty() || !digits.is_empty();
            let inside = within(&search.scope) && (!by_contact || within(&search.contacts));
            let chosen = search
                .organisation
                .is_none_or(|(id, below)| covers(&if below { Extent::Subtree(id) } else { Extent::Only(id) }, home));
            inside
                && chosen
                && person.deleted_at.is_none()
                && holds(Some(person.given_name.clone()), &search.given_name)
                && holds(Some(person.family_name.clone()), &search.family_name.to_lowercase())
                && holds(email(person), &search.email)
                && holds(phone(person), &digits)
                && search.group.as_ref().is_none_or(|_| members.contains(&person.id))
                && search.password.is_none_or(|(status, since)| person.password_status(since) == status)
                && search.status.is_none_or(|status| person.status(now) == status)
        })
        .collect();
    let key = |(number, person): &(usize, &User)| {
        let name = (Some(person.family_name.clone()), person.given_name.clone(), *number);
        match search.sort {
            SortBy::FamilyName => name,
            SortBy::GivenName => (Some(person.given_name.clone()), person.family_name.clone(), *number),
            SortBy::Email => (email(person), String::new(), *number),
            SortBy::Phone => (phone(person), String::new(), *number),
        }
    };
    found.sort_by_key(key);
    if search.descending {
        found.reverse();
    }
    found.into_iter().map(|(_, person)| person.id).collect()
}

on_both! {
    /// D8, E48: random searches in random scopes, before and after people and branches have moved.
    async fn every_way_to_read_a_list_gives_the_same_people_in_the_same_order(world: World) {
        let (mut crowd, group, members) = crowd(world).await;
        let mut ways = BTreeSet::new();
        for round in 0..4 {
            for _ in 0..60 {
                let search = some_search(&crowd, group);
                let all = expected(&crowd, &search, &members);
                let (limit, offset) = (1 + crowd.below(100), crowd.below(40));
                let page: Vec<UserId> = all.iter().skip(offset).take(limit).copied().collect();
                let tx = &mut crowd.world.db.reader().await.unwrap();
                let now = crowd.world.clock.now();
                let (limit, offset) = (i64::try_from(limit).unwrap(), i64::try_from(offset).unwrap());
                let (users, total) = search_store::page(tx, &search, now, limit, offset).await.unwrap();
                assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), page, "{search:?}");
                assert_eq!(total, all.len() as u64, "{search:?}");
                for shown in users {
                    let person = crowd.people.iter().find(|person| person.id == shown.id).unwrap();
                    assert_eq!(
                        (shown.status(now), shown.contacts(), &shown.family_name, shown.has_plain_name()),
                        (person.status(now), person.contacts(), &person.family_name, person.has_plain_name())
                    );
                }
                let (way, _) = search_store::explain(tx, &search, now, limit + offset).await.unwrap();
                ways.insert(match way {
                    Way::Walk(steps) if steps < i64::MAX => "walk so far",
                    Way::Walk(_) => "walk",
                    Way::Gather => "gather",
                    Way::Merge => "merge",
                    Way::From(Lead::Texts) => "texts",
                    Way::From(Lead::Group) => "group",
                    Way::From(Lead::Status) => "status",
                });
            }
            let now = crowd.world.clock.now();
            let (from, to) = (5 + crowd.below(15), crowd.below(crowd.ids.len()));
            crowd.move_below(from, to).await;
            for _ in 0..20 {
                let (some, at) = (crowd.below(crowd.people.len()), crowd.below(crowd.ids.len()));
                let to = crowd.ids[at];
                match round {
                    0 => crowd.save(some, |person| person.organisation = to).await,
                    1 => crowd.save(some, |person| person.family_name.push_str("xyz")).await,
                    _ => crowd.save(some, |person| person.deleted_at = person.deleted_at.is_none().then_some(now)).await,
                }
            }
        }
        assert_eq!(ways.len(), 6, "only {ways:?} were tried");
    }

    /// Numbers of one country stand side by side: whoever is elsewhere is found although the walk gives up.
    async fn a_page_is_full_even_where_the_order_goes_together_with_the_place(world: World) {
        let mut crowd = Crowd::new(world).await;
        for _ in 0..4 {
            crowd.found(Some(0)).await;
        }
        let mut people = Vec::new();
        for number in 0..6_000 {
            let at = 1 + number % 2;
            let mut person = crowd.somebody(at, "ada", "adler");
            person.email = None;
            person.user_name = format!("{number:06}");
            person.phone = Some(format!("+{}{number:08}", 30 + at).parse().unwrap());
            people.push(person);
        }
        crowd.add(people).await;
        let mut search = Search::everybody(Scope::Within(vec![Extent::Subtree(crowd.ids[2])]), None);
        search.sort = SortBy::Phone;
        let tx = &mut crowd.world.db.reader().await.unwrap();
        let now = crowd.world.clock.now();
        let (way, _) = search_store::explain(tx, &search, now, 25).await.unwrap();
        assert!(matches!(way, Way::Walk(steps) if steps < 3_000), "{way:?}");
        let (page, total) = search_store::page(tx, &search, now, 25, 0).await.unwrap();
        assert_eq!((page.len(), total), (25, 3_000));
    }

    /// E48: pages merged from the first people of each organisation are those of the whole list sorted, for few and many organisations,
    /// pages far in, and people without address or number.
    async fn a_merged_page_is_the_page_of_the_whole_list(world: World) {
        let (mut crowd, group, members) = crowd(world).await;
        for number in 0..400 {
            let some = crowd.below(crowd.people.len());
            crowd.save(some, |person| if number % 2 == 0 { person.email = None } else { person.phone = None }).await;
        }
        let (mut asked, mut full, mut beyond_the_last) = (0, 0, 0);
        while asked < 120 {
            let mut search = some_search(&crowd, group);
            if search.is_filtered() || search.scope == Scope::Everywhere {
                continue;
            }
            search.sort = SortBy::ALL[asked % 4];
            let all = expected(&crowd, &search, &members);
            let (limit, offset) = (1 + crowd.below(100), [0, crowd.below(40), crowd.below(3_000)][crowd.below(3)]);
            let page: Vec<UserId> = all.iter().skip(offset).take(limit).copied().collect();
            let tx = &mut crowd.world.db.reader().await.unwrap();
            let part = (i64::try_from(limit).unwrap(), i64::try_from(offset).unwrap());
            let users = search_store::list_by(tx, &search, crowd.world.clock.now(), Way::Merge, part).await.unwrap();
            assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), page, "{search:?}");
            asked += 1;
            full += usize::from(page.len() == limit);
            beyond_the_last += usize::from(page.len() < limit);
        }
        assert!(full > 20 && beyond_the_last > 20, "{full} and {beyond_the_last}");
    }

    /// SQLite reads the index that the way means, and nothing else.
    async fn each_way_uses_the_index_that_was_made_for_it(world: World) {
        if world.db.engine() != Engine::Sqlite {
            return;
        }
        let (crowd, group, _) = crowd(world).await;
        let tx = &mut crowd.world.db.reader().await.unwrap();
        let now = crowd.world.clock.now();
        let large = Scope::Within(vec![Extent::Subtree(crowd.ids[1])]);
        let base = || Search::everybody(large.clone(), None);
        let small = Search::everybody(Scope::Within(vec![Extent::Only(crowd.ids[20])]), None);
        let cases = [
            (Search { sort: SortBy::FamilyName, ..base() }, "SCAN u USING INDEX users_family_name"),
            (Search { sort: SortBy::GivenName, descending: true, ..base() }, "SCAN u USING INDEX users_given_name"),
            (Search { sort: SortBy::Email, ..base() }, "SCAN u USING INDEX users_email"),
            (Search { sort: SortBy::Phone, descending: true, ..base() }, "SCAN u USING INDEX users_phone"),
            (Search { sort: SortBy::Phone, ..small.clone() }, "SEARCH u USING INDEX users_organisation (organisation_id=?)"),
            (Search { family_name: "nobody".to_owned(), ..small }, "SEARCH u USING INDEX users_organisation (organisation_id=?)"),
            (Search { family_name: "nobody".to_owned(), ..base() }, "SCAN user_texts VIRTUAL TABLE INDEX 0:M4"),
            (Search { group: Some((group, ApplicationScope::everything())), ..base() }, "SEARCH g USING COVERING INDEX memberships_group (group_id=?)"),
            (Search { status: Some(Status::Blocked), ..base() }, "SCAN s USING INDEX users_blocked"),
        ];
        for (search, index) in cases {
            let (way, steps) = search_store::explain(tx, &search, now, 25).await.unwrap();
            assert!(steps.iter().any(|step| step == index), "{search:?} {way:?}: {steps:#?}");
            // The walk comes out in order: only the page is sorted, to be joined.
            let sorts = steps.iter().filter(|step| step.as_str() == "USE TEMP B-TREE FOR ORDER BY").count();
            assert_eq!(sorts, if matches!(way, Way::Walk(_)) { 1 } else { 2 }, "{steps:#?}");
        }
    }
}
