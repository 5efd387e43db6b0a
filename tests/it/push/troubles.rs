//! Applications that fail, refuse and lose answers.

use std::time::Duration;

use chamberlain::push::model::Rules;
use chamberlain::push::run::push;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::pushing::{FRED, PAUL, Pushing};
use crate::support::scim_peer::Mood;

const GROUP: &str = "IMAS_PORTAL_USER";

on_both! {
    /// R10, RFC 9110 §10.2.3: an application that is down or busy is left alone for as long as it asks, what changed meanwhile is kept, and
    /// it is not called anew for each change.
    async fn an_application_that_is_down_is_tried_again_later(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let fred = provider.user(FRED).await;
        peer.is(&[Mood::Busy(120)]);
        provider.change_user(fred, |user| user.given_name = "Frederick".to_owned()).await;
        assert_eq!(pushing.push().await.len(), 1);
        let progress = pushing.progress().await;
        assert_eq!((progress.attempts, progress.answer.as_deref()), (1, Some("HTTP 429")));
        provider.change_user(provider.user(PAUL).await, |user| user.given_name = "Paolo".to_owned()).await;
        provider.world.clock.advance(Duration::from_secs(119));
        assert!(pushing.push().await.is_empty());
        peer.is(&[Mood::Says(503)]);
        provider.world.clock.advance(Duration::from_secs(1));
        assert_eq!(pushing.push().await.len(), 1);
        provider.world.clock.advance(Duration::from_secs(2));
        assert_eq!(pushing.push().await.len(), 2);
        assert_eq!(peer.people()[FRED]["name"]["givenName"], "Frederick");
        assert_eq!(peer.people()[PAUL]["name"]["givenName"], "Paolo");
        let progress = pushing.progress().await;
        assert_eq!((progress.attempts, progress.answer), (0, None));
    }

    /// RFC 7644 §3.12: one person whom it refuses holds up nobody else; an operator sees who and why, without what it says of them.
    async fn one_refused_person_holds_up_nobody(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let fred = provider.user(FRED).await;
        peer.change(|resources| resources.retain(|_, one| one["userName"] != FRED));
        peer.refuses(FRED, true);
        pushing.hurry().await;
        let refused = pushing.refused().await;
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!((refused[0].local, refused[0].answer.as_str()), (fred.0, "HTTP 409 uniqueness"));
        provider.change_user(provider.user(PAUL).await, |user| user.given_name = "Paolo".to_owned()).await;
        pushing.push().await;
        assert_eq!(peer.people()[PAUL]["name"]["givenName"], "Paolo");
        peer.refuses(FRED, false);
        assert!(pushing.push().await.is_empty(), "not before its time");
        provider.world.clock.advance(Duration::from_mins(10));
        pushing.push().await;
        assert!(peer.active().contains(FRED) && peer.groups()[GROUP].contains(FRED));
        assert!(pushing.refused().await.is_empty());
    }

    /// SD: after any changes, with any failures in between, the application holds exactly who may come in, in exactly their groups.
    async fn whatever_fails_in_between_it_comes_right(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let mut random = StdRng::seed_from_u64(5);
        let mut people = Vec::new();
        for name in peer.people().into_keys() {
            people.push((provider.user(&name).await, name));
        }
        let group = pushing.group(GROUP).await;
        let (mut members, mut blocked) = (vec![true; people.len()], vec![false; people.len()]);
        let mut failures = 0;
        for _ in 0..60 {
            let which = random.random_range(0..people.len());
            if random.random_bool(0.5) {
                members[which] = !members[which];
                pushing.set_member(people[which].0, group, members[which]).await;
            } else {
                blocked[which] = !blocked[which];
                let so = blocked[which];
                provider.change_user(people[which].0, |user| user.blocked = so).await;
            }
            if random.random_bool(0.3) {
                let mood = [Mood::Loses, Mood::Says(500), Mood::Says(400), Mood::Says(404), Mood::Busy(3)];
                peer.is(&[mood[random.random_range(0..mood.len())]]);
                failures += 1;
            }
            if random.random_bool(0.1) {
                let (victim, kind) = (random.random_range(0..people.len()), random.random_bool(0.5));
                peer.change(|resources| resources.retain(|(of, _), one| {
                    if kind { one["userName"] != people[victim].1 } else { of == "Users" }
                }));
            }
            provider.world.clock.advance(Duration::from_secs(random.random_range(0..20)));
            push(&provider.world.db, &pushing.pusher).await.unwrap();
        }
        assert!(failures > 5, "nothing failed");
        peer.recovers();
        pushing.hurry().await;
        pushing.hurry().await;
        let names = |of: &dyn Fn(usize) -> bool| -> std::collections::BTreeSet<String> {
            (0..people.len()).filter(|which| of(*which)).map(|which| people[which].1.clone()).collect()
        };
        assert_eq!(peer.active(), names(&|which| members[which] && !blocked[which]));
        // Of those who are blocked some were deleted there meanwhile: nobody is brought who could not come in.
        let there: std::collections::BTreeSet<String> = peer.people().into_keys().collect();
        let expected = names(&|which| members[which] && (!blocked[which] || there.contains(&people[which].1)));
        assert_eq!(peer.groups()[GROUP], expected);
        let progress = pushing.progress().await;
        assert!(progress.reconciled.is_some_and(|(_, found)| found.is_same()), "{progress:?}");
        assert!(pushing.refused().await.is_empty());
    }
}
