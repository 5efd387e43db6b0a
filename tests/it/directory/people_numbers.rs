//! The numbers that triggers keep against counting, after random changes of people and of the tree.

use chamberlain::db::transact;
use chamberlain::directory::organisation::people_store;
use chamberlain::directory::user::store as users;

use crate::support::Crowd;

/// Compares every number with the definition; gives the sum over all organisations.
async fn check(crowd: &Crowd) -> i64 {
    let tx = &mut crowd.world.db.reader().await.unwrap();
    let mut sum = 0;
    for top in 0..crowd.ids.len() {
        let living = crowd.people.iter().filter(|person| person.deleted_at.is_none());
        let homes: Vec<usize> = living.map(|person| crowd.place(person.organisation)).collect();
        let below = homes.iter().filter(|home| crowd.is_under(**home, top)).count();
        let here = homes.iter().filter(|home| **home == top).count();
        let subtree = people_store::count(tx, &[crowd.ids[top]], &[]).await.unwrap();
        let node = people_store::count(tx, &[], &[crowd.ids[top]]).await.unwrap();
        assert_eq!(
            (subtree, node),
            (i64::try_from(below).unwrap(), i64::try_from(here).unwrap()),
            "organisation {top}"
        );
        sum += subtree;
    }
    assert_eq!(
        people_store::count_all(tx).await.unwrap(),
        people_store::count(tx, &crowd.ids[..1], &[]).await.unwrap()
    );
    sum
}

on_both! {
    async fn numbers_of_people_agree_with_counting_after_any_change(world: World) {
        let mut crowd = Crowd::new(world).await;
        let (mut moved, mut deleted, mut restored, mut transferred, mut sum) = (0, 0, 0, 0, 0);
        for step in 0..150 {
            let now = crowd.world.clock.now();
            let (some, at) = (crowd.below(crowd.people.len().max(1)), crowd.below(crowd.ids.len()));
            match crowd.below(8) {
                0 => {
                    crowd.found(Some(at)).await;
                }
                1 => {
                    let to = crowd.below(crowd.ids.len());
                    moved += usize::from(crowd.move_below(at, to).await);
                }
                2..=4 => {
                    let person = crowd.somebody(at, "nina", "petit");
                    crowd.add(vec![person]).await;
                }
                _ if crowd.people.is_empty() => {}
                5 => {
                    restored += usize::from(crowd.people[some].deleted_at.is_some());
                    deleted += usize::from(crowd.people[some].deleted_at.is_none());
                    crowd.save(some, |person| person.deleted_at = person.deleted_at.is_none().then_some(now)).await;
                }
                6 => {
                    let to = crowd.ids[at];
                    transferred += usize::from(crowd.people[some].organisation != to);
                    crowd.save(some, |person| person.organisation = to).await;
                }
                _ => crowd.save(some, |person| person.family_name.push('x')).await,
            }
            if step % 10 == 9 {
                sum += check(&crowd).await;
            }
        }
        assert!(
            moved > 3 && deleted > 3 && restored > 0 && transferred > 3 && sum > 100,
            "{moved} moves, {deleted} deletions, {restored} restorations, {transferred} transfers, {sum} people say too little"
        );
    }

    async fn a_change_that_is_undone_leaves_the_numbers(world: World) {
        let mut crowd = Crowd::new(world).await;
        let person = crowd.somebody(0, "nina", "petit");
        crowd.add(vec![person]).await;
        let other = crowd.somebody(0, "fred", "perry");
        let undone: Result<(), chamberlain::db::Error> = transact!(crowd.world.db, tx => {
            users::insert(tx, &other).await?;
            Err(chamberlain::db::Error::Corrupt("on purpose"))
        });
        assert!(undone.is_err());
        assert_eq!(check(&crowd).await, 1);
    }
}
