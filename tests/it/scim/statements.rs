//! How often a list asks the database: as often for sixty rows as for two.

use chamberlain::authority::Applications;
use chamberlain::db::counting;
use chamberlain::kernel::ids::PrincipalId;

use super::service::{Place, Service};
use crate::support::{Bank, only};

const LISTS: [&str; 11] = [
    "/Users?count=100",
    "/Users?count=100&filter=active%20eq%20true&sortBy=name.familyName",
    "/Users?count=100&cursor",
    "/Groups?count=100",
    "/Groups?count=100&excludedAttributes=members",
    "/Memberships?count=100",
    "/Organizations?count=100",
    "/RoleAssignments?count=100",
    "/Applications",
    "/Nominations?count=100",
    "/Invitations?count=100",
];

/// How many statements a list takes, once what may be remembered is, and how many rows it has.
async fn cost(service: &Service, path: &str) -> (u64, usize) {
    service.get(path).await;
    let (answer, statements) = counting(service.get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    (statements, answer.body["Resources"].as_array().map_or(0, Vec::len))
}

/// Further people of Bank B, some at places of their own, members all, some with roles.
async fn grow(bank: &Bank, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let alone = number % 4 == 0;
        let home = if alone {
            bank.organisation(Some(bank.germany), &format!("Branch {number}")).await
        } else {
            bank.frankfurt
        };
        let person = bank.person(home, &format!("Person{number}")).await;
        bank.assign(PrincipalId::Console, person, bank.imas_user).await.unwrap();
        if number % 3 == 0 {
            bank.appoint(person, "ApplicationAccessAdmin", home, true, only(&[bank.imas, bank.casper])).await;
        }
    }
}

on_both! {
    /// No query per row: people with their groups and modules, groups with their members, roles with their applications.
    async fn a_list_asks_as_often_for_many_rows_as_for_few(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let roles = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let hr = place.service(bank.bank_b, &roles, "scim").await;
        // Of another application elsewhere, so that places are looked up.
        place.appoint(hr.principal, "ApplicationAccessAdmin", bank.bank_a, &only(&[bank.casper])).await;
        grow(bank, 0..4).await;
        let mut few = Vec::new();
        for path in LISTS {
            few.push(cost(&hr, path).await);
        }
        grow(bank, 4..64).await;
        for (path, (before, rows)) in LISTS.iter().zip(few) {
            let (after, more) = cost(&hr, path).await;
            assert!(after <= before, "{path}: {before} statements for {rows} rows, {after} for {more}");
            let grows = !["/Groups", "/Applications", "/Nominations", "/Invitations"].iter().any(|list| path.starts_with(list));
            assert!(!grows || more >= rows + 15, "vacuous: {path} has {more} rows");
            assert!(after <= 12, "{path}: {after} statements");
        }
    }
}
