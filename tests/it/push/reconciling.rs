//! Everything is compared: what somebody changed there is put right, what is not ours is left alone.

use chamberlain::push::model::Rules;
use serde_json::json;

use super::pushing::{FRED, PAUL, Pushing};

const GROUP: &str = "IMAS_PORTAL_USER";

on_both! {
    /// What was changed there past us is found and put right; accounts and members that are not ours are counted and stay.
    async fn a_comparison_puts_right_what_was_changed_there(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let peer = &pushing.peer;
        peer.change(|resources| {
            resources.insert(("Users".to_owned(), "own".to_owned()), json!({ "id": "own", "userName": "local-admin", "active": true }));
            let paul = resources.values().find(|one| one["userName"] == PAUL).unwrap()["id"].clone();
            resources.retain(|_, one| one["id"] != paul);
            for one in resources.values_mut() {
                if one["userName"] == FRED {
                    one["active"] = json!(false);
                    one["nickName"] = json!("Freddie");
                }
                if one["displayName"] == GROUP {
                    let mut members = one["members"].as_array().unwrap()[1..].to_vec();
                    members.retain(|member| member["value"] != paul);
                    one["members"] = json!([members, vec![json!({ "value": "own" })]].concat());
                }
            }
        });
        pushing.hurry().await;
        let progress = pushing.progress().await;
        let (_, found) = progress.reconciled.unwrap();
        assert_eq!((found.missing, found.different, found.foreign, found.foreign_members), (1, 1, 1, 1), "{found:?}");
        assert!(found.members >= 1, "{found:?}");
        let people = peer.people();
        assert_eq!((&people[FRED]["active"], &people[FRED]["nickName"]), (&json!(true), &json!("Freddie")));
        assert!(people.contains_key(PAUL) && people.contains_key("local-admin"));
        let mut ours: std::collections::BTreeSet<String> = people.keys().cloned().collect();
        assert_eq!(peer.groups()[GROUP], ours);
        pushing.hurry().await;
        let (_, found) = pushing.progress().await.reconciled.unwrap();
        ours.remove("local-admin");
        assert!(found.is_same() && found.same == u64::try_from(ours.len()).unwrap(), "{found:?}");
    }

    /// Once a day without being asked.
    async fn everything_is_compared_each_day(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        pushing.peer.change(|resources| resources.retain(|_, one| one["userName"] != PAUL));
        pushing.provider.world.clock.advance(std::time::Duration::from_hours(23));
        pushing.push().await;
        assert!(!pushing.peer.people().contains_key(PAUL));
        pushing.provider.world.clock.advance(std::time::Duration::from_hours(1));
        pushing.push().await;
        assert!(pushing.peer.people().contains_key(PAUL));
    }
}
