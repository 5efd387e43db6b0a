//! `/Memberships`: who is in which group, row by row, in the caller's sight only; given and taken like everywhere else.

use chamberlain::authority::Applications;
use chamberlain::kernel::ids::{GroupId, UserId};
use serde_json::{Value, json};

use super::service::{Answer, Place, Service};
use crate::support::only;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Membership";

fn membership(user: UserId, group: GroupId) -> Value {
    json!({ "schemas": [SCHEMA], "user": { "value": user }, "group": { "value": group } })
}

fn pairs(answer: &Answer) -> Vec<(String, String)> {
    let list = answer.body["Resources"].as_array().unwrap();
    let text = |one: &Value, name: &str| one[name]["value"].as_str().unwrap().to_owned();
    let mut pairs: Vec<_> = list.iter().map(|one| (text(one, "user"), text(one, "group"))).collect();
    assert_eq!(answer.body["totalResults"], json!(pairs.len()), "all on one page");
    pairs.sort();
    pairs
}

async fn found(service: &Service, filter: &str) -> usize {
    let answer = service.query("/Memberships", &[("filter", filter)]).await;
    assert_eq!(answer.status, 200, "{filter}: {}", answer.text);
    pairs(&answer).len()
}

/// The access administrator of Bank B for one application, as a client.
async fn of_imas(place: &Place) -> Service {
    place.service(place.bank.bank_b, &[("ApplicationAccessAdmin", only(&[place.bank.imas]))], "scim").await
}

on_both! {
    /// D2: a membership is given and taken by its own address; a second one of the same kind is refused, one with another end takes its place.
    async fn a_membership_is_given_read_and_taken_by_its_own_address(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (access, ada) = (of_imas(&place).await, bank.person(bank.germany, "Ada").await);
        let made = access.call("POST", "/Memberships", &membership(ada, bank.imas_user)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!((&made.body["user"]["value"], &made.body["application"]["value"]), (&json!(ada), &json!(bank.imas)));
        let path = format!("/Memberships/{}", made.body["id"].as_str().unwrap());
        assert_eq!(made.body["meta"]["location"], json!(format!("https://id.example/scim/v2{path}")));
        let read = access.get(&path).await;
        assert_eq!((&read.body, read.etag.as_deref()), (&made.body, made.etag.as_deref()));
        assert_eq!(access.get_unless(&path, read.etag.as_deref().unwrap()).await.status, 304);
        assert_eq!(access.members(bank.imas_user).await, [ada.to_string()]);
        let again = access.call("POST", "/Memberships", &membership(ada, bank.imas_user)).await;
        assert_eq!((again.status, &again.body["scimType"]), (409, &json!("uniqueness")));
        let mut ending = membership(ada, bank.imas_user);
        ending["validUntil"] = json!("2001-01-01T00:00:00Z");
        assert_eq!(access.call("POST", "/Memberships", &ending).await.body["scimType"], json!("invalidValue"));
        ending["validUntil"] = json!("2199-01-01T00:00:00Z");
        let other = access.call("POST", "/Memberships", &ending).await;
        assert_eq!((other.status, &other.body["validUntil"]), (201, &json!("2199-01-01T00:00:00Z")), "{}", other.text);
        assert_eq!(access.get(&path).await.status, 404, "it took the place of the first");
        let path = format!("/Memberships/{}", other.body["id"].as_str().unwrap());
        for verb in ["PUT", "PATCH"] {
            assert_eq!(access.call(verb, &path, &ending).await.status, 405);
        }
        assert_eq!(access.call_if("DELETE", &path, "\"another\"", &Value::Null).await.status, 412);
        assert_eq!(access.delete(&path).await.status, 204);
        assert_eq!((access.delete(&path).await.status, access.members(bank.imas_user).await.len()), (404, 0));
    }

    /// D12: a connector that adds whoever is in already takes away no end, alone or in a bulk, and somebody who was in until yesterday is in again.
    async fn d12_adding_a_member_again_leaves_the_end_of_the_membership(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (access, ada) = (of_imas(&place).await, bank.person(bank.germany, "Ada").await);
        let end = bank.world.clock.now().plus(std::time::Duration::from_mins(1));
        let mut ending = membership(ada, bank.imas_user);
        ending["validUntil"] = json!(end.to_rfc3339());
        let made = access.call("POST", "/Memberships", &ending).await;
        let path = format!("/Memberships/{}", made.body["id"].as_str().unwrap());
        let group = format!("/Groups/{}", bank.imas_user);
        let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }] }]);
        assert!(access.patch(&group, add.clone()).await.status < 300);
        let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{ "method": "PATCH", "path": group,
            "data": { "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": add } }] });
        assert_eq!(access.call("POST", "/Bulk", &bulk).await.status, 200);
        assert_eq!(access.get(&path).await.body, made.body, "the same one, until the same day");
        bank.world.clock.advance(std::time::Duration::from_mins(2));
        assert!(access.patch(&group, add).await.status < 300);
        assert_eq!(access.members(bank.imas_user).await, [ada.to_string()]);
        assert_eq!(found(&access, "validUntil pr").await, 0);
    }

    /// D2, DA-01: who is out of the subtree, and a group of another application, are refused like what is not there; nothing changes.
    async fn da_01_a_membership_out_of_reach_is_refused_like_one_that_is_not_there(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let (access, hr) = (of_imas(&place).await, place.hr(bank.bank_b).await);
        let (ada, eve) = (bank.person(bank.germany, "Ada").await, bank.person(bank.bank_a, "Eve").await);
        let nobody = UserId(uuid::Uuid::from_u128(7));
        let strange = access.call("POST", "/Memberships", &membership(nobody, bank.imas_user)).await;
        assert_eq!((strange.status, &strange.body["scimType"]), (400, &json!("invalidValue")));
        for (user, group) in [(eve, bank.imas_user), (ada, bank.casper_submitter), (ada, GroupId(uuid::Uuid::from_u128(8)))] {
            assert_eq!(access.call("POST", "/Memberships", &membership(user, group)).await, strange);
        }
        assert_eq!(hr.call("POST", "/Memberships", &membership(ada, bank.imas_user)).await.status, 403, "people alone");
        for (user, group) in [(ada, bank.imas_user), (ada, bank.casper_submitter), (eve, bank.imas_user)] {
            assert_eq!(operator.call("POST", "/Memberships", &membership(user, group)).await.status, 201);
        }
        let all = operator.get("/Memberships").await;
        assert_eq!((pairs(&all).len(), pairs(&access.get("/Memberships").await)), (3, vec![(ada.to_string(), bank.imas_user.to_string())]));
        for one in all.body["Resources"].as_array().unwrap() {
            let path = format!("/Memberships/{}", one["id"].as_str().unwrap());
            let is_own = one["user"]["value"] == json!(ada) && one["group"]["value"] == json!(bank.imas_user);
            assert_eq!(access.get(&path).await.status, if is_own { 200 } else { 404 });
            if !is_own {
                assert_eq!(access.delete(&path).await.status, 404);
            }
            assert_eq!(hr.delete(&path).await.status, if one["user"]["value"] == json!(ada) { 403 } else { 404 });
        }
        assert_eq!(operator.get("/Memberships").await.body, all.body);
    }

    /// RFC 7644 §3.4.2: filters, orders and pages as of every list; of a group, of a person, of an application, by their ends.
    async fn memberships_are_filtered_sorted_and_paged(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let access = of_imas(&place).await;
        let mut people = Vec::new();
        for name in ["Ada", "Ben", "Cyd", "Dee", "Eve"] {
            people.push(bank.person(bank.germany, name).await);
        }
        for user in &people {
            assert_eq!(access.call("POST", "/Memberships", &membership(*user, bank.imas_user)).await.status, 201);
        }
        let mut ending = membership(people[0], bank.casper_submitter);
        ending["validUntil"] = json!("2199-01-01T00:00:00Z");
        assert_eq!(operator.call("POST", "/Memberships", &ending).await.status, 201);
        let (ada, imas) = (people[0], bank.imas_user);
        for (filter, expected) in [
            (format!("user.value eq \"{ada}\""), 2), (format!("group.value eq \"{imas}\""), 5), (format!("user eq \"{ada}\" and group eq \"{imas}\""), 1),
            (format!("application.value ne \"{}\"", bank.imas), 1), ("validUntil pr".to_owned(), 1), ("validUntil lt \"2198-01-01T00:00:00Z\"".to_owned(), 0),
            ("meta.created ge \"2020-01-01T00:00:00Z\"".to_owned(), 6), (format!("not (user eq \"{ada}\")"), 4), ("user eq \"x\"".to_owned(), 0),
        ] {
            assert_eq!(found(&operator, &filter).await, expected, "{filter}");
        }
        for filter in ["user.display eq \"Ada\"", "grantedBy pr", "user co \"x\""] {
            let answer = operator.query("/Memberships", &[("filter", filter)]).await;
            assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("invalidFilter")), "{filter}");
        }
        let sorted = async |order| {
            let page = operator.query("/Memberships", &[("sortBy", "validUntil"), ("sortOrder", order)]).await.body;
            let list = page["Resources"].as_array().unwrap().clone();
            list.iter().map(|one| one["validUntil"].is_string()).collect::<Vec<_>>()
        };
        assert_eq!(sorted("ascending").await, [true, false, false, false, false, false], "RFC 7644 §3.4.2.3");
        assert_eq!(sorted("descending").await, [false, false, false, false, false, true]);
        let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": format!("group eq \"{imas}\"") });
        assert_eq!(pairs(&operator.call("POST", "/Memberships/.search", &search).await).len(), 5);
        let whole = access.get("/Memberships").await.body;
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = access.query("/Memberships", &[("cursor", cursor.as_str()), ("count", "2")]).await.body;
            assert_eq!(page["totalResults"], json!(5));
            walked.extend(page["Resources"].as_array().unwrap().clone());
            let Some(next) = page["nextCursor"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        assert_eq!(json!(walked), whole["Resources"], "RFC 9865");
    }

    /// D8: what is seen of one application in one place says nothing of another place, where another application is seen.
    async fn d8_what_is_seen_here_of_one_application_is_not_seen_elsewhere(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let access = place.service(bank.germany, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        place.appoint(access.principal, "ApplicationAccessAdmin", bank.bank_a, &only(&[bank.casper])).await;
        let (ada, eve) = (bank.person(bank.germany, "Ada").await, bank.person(bank.bank_a, "Eve").await);
        for (user, group) in [(ada, bank.imas_user), (ada, bank.casper_submitter), (eve, bank.imas_user), (eve, bank.casper_submitter)] {
            assert_eq!(operator.call("POST", "/Memberships", &membership(user, group)).await.status, 201);
        }
        let mut expected = vec![(ada.to_string(), bank.imas_user.to_string()), (eve.to_string(), bank.casper_submitter.to_string())];
        expected.sort();
        assert_eq!(pairs(&access.get("/Memberships").await), expected);
        for one in operator.get("/Memberships").await.body["Resources"].as_array().unwrap() {
            let pair = (one["user"]["value"].as_str().unwrap().to_owned(), one["group"]["value"].as_str().unwrap().to_owned());
            let status = access.get(&format!("/Memberships/{}", one["id"].as_str().unwrap())).await.status;
            assert_eq!(status, if expected.contains(&pair) { 200 } else { 404 }, "{pair:?}");
        }
        // The same beside people and groups, and in filters.
        for (user, group) in [(ada, bank.imas_user), (eve, bank.casper_submitter)] {
            let groups = access.get(&format!("/Users/{user}")).await.body["groups"].clone();
            assert_eq!((groups.as_array().unwrap().len(), &groups[0]["value"]), (1, &json!(group)));
            assert_eq!(access.members(group).await, [user.to_string()]);
            let by_group = access.query("/Users", &[("filter", &format!("groups.value eq \"{group}\""))]).await.body;
            assert_eq!((&by_group["totalResults"], &by_group["Resources"][0]["id"]), (&json!(1), &json!(user)));
            let by_member = access.query("/Groups", &[("filter", &format!("members.value eq \"{user}\""))]).await.body;
            assert_eq!((&by_member["totalResults"], &by_member["Resources"][0]["id"]), (&json!(1), &json!(group)));
            let listed = access.query("/Groups", &[("filter", &format!("id eq \"{group}\""))]).await.body;
            assert_eq!(listed["Resources"][0]["members"].as_array().unwrap().len(), 1);
        }
    }

    /// D12: what has ended is no membership any more.
    async fn d12_a_membership_that_has_ended_is_not_listed(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (access, ada) = (of_imas(&place).await, bank.person(bank.germany, "Ada").await);
        let mut ending = membership(ada, bank.imas_user);
        let end = bank.world.clock.now().plus(std::time::Duration::from_mins(5));
        ending["validUntil"] = json!(end.to_rfc3339());
        let made = access.call("POST", "/Memberships", &ending).await;
        let path = format!("/Memberships/{}", made.body["id"].as_str().unwrap());
        assert_eq!((access.get(&path).await.status, found(&access, "id pr").await), (200, 1));
        bank.world.clock.advance(std::time::Duration::from_mins(5));
        assert_eq!((access.get(&path).await.status, found(&access, "id pr").await), (404, 0));
    }

    /// D8, SC-03: two worlds that differ only out of the caller's sight give the same answers, to the byte.
    async fn what_is_out_of_sight_moves_nothing_in_memberships(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let (access, ada) = (of_imas(&place).await, bank.person(bank.germany, "Ada").await);
        assert_eq!(access.call("POST", "/Memberships", &membership(ada, bank.imas_user)).await.status, 201);
        let by_group = format!("/Memberships?filter=group%20eq%20%22{}%22", bank.imas_user);
        let asked = ["/Memberships", "/Memberships?count=0", "/Memberships?sortBy=meta.created", "/Memberships?cursor=&count=1", by_group.as_str()];
        let mut before = Vec::new();
        for path in asked {
            before.push(access.get(path).await);
        }
        assert_eq!(pairs(&before[0]).len(), 1);
        let eve = bank.person(bank.bank_a, "Eve").await;
        for (user, group) in [(ada, bank.casper_submitter), (eve, bank.imas_user), (eve, bank.casper_submitter)] {
            assert_eq!(operator.call("POST", "/Memberships", &membership(user, group)).await.status, 201);
        }
        for (path, before) in asked.iter().zip(before) {
            assert_eq!(access.get(path).await, before, "{path}");
        }
    }
}
