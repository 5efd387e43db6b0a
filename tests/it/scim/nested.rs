//! Groups in groups over SCIM (RFC 7643 §4.1.2, §4.2): seen by whoever sees the group, changed by whoever manages the groups of the application.

use chamberlain::authority::Applications;
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};

use super::service::{Place, Service};
use crate::support::{Nested, only};

fn add(members: Value) -> Value {
    json!([{"op": "add", "path": "members", "value": members}])
}

/// What a group is shown to hold: kinds and ids.
async fn members(caller: &Service, path: &str) -> Vec<(String, String)> {
    let group = caller.get(path).await.body;
    let shown = |one: &Value| (one["type"].as_str().unwrap().to_owned(), one["value"].as_str().unwrap().to_owned());
    let mut list: Vec<_> = group["members"].as_array().into_iter().flatten().map(shown).collect();
    list.sort();
    list
}

on_both! {
    /// DA-14: a delegate's service puts no group into a group, whatever it is called, by every verb; a person is not taken for one, and a group
    /// out of sight, of another application or not there is refused like anybody who is not there.
    async fn da_14_a_delegate_puts_no_group_into_a_group(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas, bank.casper]))];
        let caller = place.service(bank.bank_b, &both, "scim").await;
        let beside = Nested::of(&bank.world, &bank.door).beside(bank.imas_user, "IMAS_READERS", false).await.to_string();
        let ada = caller.joiner("ada").await["id"].clone();
        let path = format!("/Groups/{}", bank.imas_user);
        let inner = bank.casper_submitter.to_string();
        for (member, status) in [
            (json!({"value": inner, "type": "Group"}), 400),
            (json!({"value": inner}), 400),
            (json!({"value": inner, "type": "User"}), 400),
            (json!({"value": inner, "$ref": format!("https://id.bank.example/scim/v2/Groups/{inner}")}), 400),
            (json!({"value": beside}), 400),
            (json!({"value": beside, "type": "Group"}), 403),
            (json!({"value": bank.imas_user.to_string(), "type": "group"}), 403),
            (json!({"value": ada, "type": "Group"}), 400),
            (json!({"value": ada, "type": ["User"]}), 400),
        ] {
            let refused = caller.patch(&path, add(json!([{"value": ada}, member]))).await;
            assert_eq!(refused.status, status, "{member}: {}", refused.text);
            assert!(status == 403 || refused.body["scimType"] == "invalidValue", "{member}: {}", refused.text);
        }
        assert!(caller.get(&path).await.body.get("members").is_none(), "nothing of a refused change happens");
        let named = add(json!([{"value": ada, "type": "User"}]));
        assert_eq!(caller.patch(&format!("{path}?attributes=members"), named).await.body["members"][0]["value"], ada);
    }

    /// RFC 7643 §4.1.2, §4.2: groups are among the members, whoever is in one has the groups around it as indirect, filters and versions go along,
    /// and what a client reads it may write back.
    async fn groups_are_among_the_members_and_give_what_is_around_them(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let readers = Nested::of(&bank.world, &bank.door).beside(bank.imas_user, "IMAS_READERS", false).await;
        let (outer, inner) = (format!("/Groups/{readers}"), bank.imas_user.to_string());
        let ada = operator.joiner("ada").await["id"].as_str().unwrap().to_owned();
        operator.patch(&format!("/Groups/{inner}"), add(json!([{"value": ada}]))).await;
        let before = operator.get(&outer).await.etag;
        let made = operator.patch(&outer, add(json!([{"value": inner, "type": "Group"}]))).await;
        assert_eq!(made.status, 204, "{}", made.text);
        assert_eq!(members(&operator, &outer).await, [("Group".to_owned(), inner.clone())]);
        let shown = operator.get(&outer).await;
        assert_ne!(shown.etag, before);
        assert!(shown.body["members"][0]["$ref"].as_str().unwrap().ends_with(&format!("/Groups/{inner}")) && shown.body["members"][0]["display"].is_string());

        let person = operator.get(&format!("/Users/{ada}")).await.body;
        let kinds: Vec<(&Value, &Value)> = person["groups"].as_array().unwrap().iter().map(|one| (&one["value"], &one["type"])).collect();
        assert_eq!(kinds, [(&json!(inner), &json!("direct")), (&json!(readers), &json!("indirect"))]);
        let filtered = |path: String| { let operator = operator.clone(); async move { operator.get(&path).await.body["totalResults"].clone() } };
        assert_eq!(filtered(format!("/Users?filter=groups%20eq%20%22{readers}%22")).await, 1);
        assert_eq!(filtered(format!("/Groups?filter=members%20eq%20%22{inner}%22")).await, 1);
        assert_eq!(filtered(format!("/Groups?filter=members%20eq%20%22{ada}%22")).await, 1, "in which they are themselves");

        // Written back, a person added: nothing else changes; without a word of its kind a group is taken out by its id.
        let mut document = shown.body.clone();
        document["members"].as_array_mut().unwrap().push(json!({"value": ada}));
        let put = operator.call("PUT", &outer, &document).await;
        assert_eq!(put.status, 200, "{}", put.text);
        assert_eq!(members(&operator, &outer).await, [("Group".to_owned(), inner.clone()), ("User".to_owned(), ada.clone())]);
        assert_eq!(operator.get(&format!("/Users/{ada}")).await.body["groups"].as_array().unwrap().len(), 2, "each group once");
        let circle = operator.patch(&format!("/Groups/{inner}"), add(json!([{"value": readers, "type": "Group"}]))).await;
        assert_eq!((circle.status, &circle.body["scimType"]), (400, &json!("invalidValue")), "{}", circle.text);
        let out = json!([{"op": "remove", "path": format!("members[value eq \"{inner}\"]")}]);
        assert_eq!(operator.patch(&outer, out).await.status, 204);
        assert_eq!(members(&operator, &outer).await, [("User".to_owned(), ada.clone())]);
        let emptied = operator.call("PUT", &outer, &json!({"schemas": shown.body["schemas"], "displayName": "IMAS_READERS", "members": [{"value": inner, "type": "Group"}]})).await;
        assert_eq!(emptied.status, 200, "{}", emptied.text);
        assert_eq!(members(&operator, &outer).await, [("Group".to_owned(), inner)], "replaced as a whole");
    }

    /// SC-13: a service that gives memberships and manages no groups sends lists of people: the groups in the group stay, and it is not refused.
    async fn lists_of_people_leave_the_groups_in_a_group(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let nested = Nested::of(&bank.world, &bank.door);
        let readers = nested.beside(bank.imas_user, "IMAS_READERS", false).await;
        nested.nest(readers, bank.imas_user).await.unwrap();
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let caller = place.service(bank.bank_b, &both, "scim").await;
        let ada = caller.joiner("ada").await["id"].as_str().unwrap().to_owned();
        let path = format!("/Groups/{readers}");
        let whole = [("Group".to_owned(), bank.imas_user.to_string()), ("User".to_owned(), ada.clone())];
        let replaced = caller.patch(&path, json!([{"op": "replace", "path": "members", "value": [{"value": ada}]}])).await;
        assert_eq!(replaced.status, 204, "{}", replaced.text);
        assert_eq!(members(&caller, &path).await, whole);
        let named = json!([{"op": "replace", "path": "members", "value": [{"value": ada}, {"value": bank.imas_user.to_string(), "type": "Group"}]}]);
        assert_eq!(caller.patch(&path, named).await.status, 204, "as it was read");
        let there = json!([{"value": bank.imas_user.to_string(), "type": "Group"}]);
        assert_eq!(caller.patch(&path, add(there)).await.status, 204, "it is in already");
        let other = json!([{"op": "remove", "path": "members", "value": [{"value": readers, "type": "Group"}]}]);
        assert_eq!(caller.patch(&path, other).await.status, 204, "it is not in");
        let out = json!([{"op": "remove", "path": format!("members[value eq \"{}\"]", bank.imas_user)}]);
        assert_eq!(caller.patch(&path, out).await.status, 403, "named, it is refused");
        assert_eq!(caller.patch(&path, json!([{"op": "remove", "path": "members"}])).await.status, 204);
        assert_eq!(members(&caller, &path).await, whole[..1]);
    }

    /// A page of a great group is sent stretch by stretch, the groups in it first.
    async fn a_great_group_is_sent_with_the_groups_in_it(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let nested = Nested::of(&bank.world, &bank.door);
        let readers = nested.beside(bank.imas_user, "IMAS_READERS", false).await;
        nested.nest(readers, bank.imas_user).await.unwrap();
        let mut people = Vec::new();
        for number in 0..1_001 {
            people.push(bank.person(bank.frankfurt, &format!("Person {number}")).await);
        }
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let joined: Result<(), crate::support::Failure> = chamberlain::db::transact!(bank.world.db, tx => {
            use chamberlain::authority::action::AssignMembership;
            let actions = people.iter().map(|user| AssignMembership { user: *user, group: readers }).collect();
            let permits = bank.door.authorise_all(tx, &ctx, actions).await?;
            let wanted = permits.into_iter().map(|permit| (permit, None)).collect();
            chamberlain::directory::membership::assign::change_all(tx, wanted, Vec::new(), &ctx).await.map(drop).map_err(crate::support::failure)
        });
        joined.unwrap();
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let group = operator.get(&format!("/Groups/{readers}")).await.body;
        let list = group["members"].as_array().unwrap();
        assert_eq!((list.len(), &list[0]["type"], &list[1]["type"]), (1_002, &json!("Group"), &json!("User")));
    }
}
