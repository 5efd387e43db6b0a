//! Versions of groups and lists of their members: RFC 7644 §3.14, SC-07, SC-20, SC-31.

use std::collections::BTreeSet;
use std::time::Duration;

use chamberlain::authority::Applications;
use chamberlain::authority::action::AssignMembership;
use chamberlain::directory::membership::model::Membership;
use chamberlain::directory::membership::{assign, store as memberships};
use chamberlain::directory::user::store as users;
use chamberlain::kernel::ids::{GroupId, MembershipId, OrganisationId, PrincipalId, UserId};
use chamberlain::transact;
use serde_json::{Value, json};

use super::service::{OURS, Place, Service, person};
use crate::support::{Failure, failure, only};

/// Puts many people into a group, written past the use cases.
async fn crowd(place: &Place, at: OrganisationId, group: GroupId, number: usize) -> BTreeSet<String> {
    let (world, bank) = (&place.bank.world, &place.bank);
    let first = bank.person(at, "first of many").await;
    let template = users::find(&mut world.db.reader().await.unwrap(), first).await.unwrap().unwrap();
    let made: chamberlain::db::Result<BTreeSet<String>> = transact!(world.db, tx => {
        let mut ids = BTreeSet::new();
        for one in 0..number {
            let mut user = template.clone();
            user.id = UserId(world.ctx().uuid());
            user.user_name = format!("many-{one}@bank.example");
            user.email = Some(user.user_name.parse().unwrap());
            users::insert(tx, &user).await?;
            let membership = Membership {
                id: MembershipId(world.ctx().uuid()),
                user: user.id,
                group,
                granted_by: PrincipalId::Console,
                granted_via: None,
                granted_at: world.clock.now(),
                until: None,
            };
            memberships::insert(tx, &membership).await?;
            ids.insert(user.id.to_string());
        }
        Ok(ids)
    });
    made.unwrap()
}

/// The version of a group, which is the same however little of it is asked for.
async fn version(service: &Service, group: GroupId) -> String {
    let path = format!("/Groups/{group}");
    let whole = service.get(&path).await;
    let without = service.get(&format!("{path}?excludedAttributes=members")).await;
    let list = service.get("/Groups?excludedAttributes=members").await.body;
    let listed = list["Resources"].as_array().unwrap().iter().find(|g| g["id"] == json!(group)).unwrap().clone();
    let etag = whole.etag.unwrap();
    assert_eq!(
        (Some(&etag), &json!(etag), &json!(etag)),
        (without.etag.as_ref(), &whole.body["meta"]["version"], &listed["meta"]["version"])
    );
    etag
}

fn ids(body: &Value) -> BTreeSet<String> {
    let list = body["members"].as_array().cloned().unwrap_or_default();
    list.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect()
}

fn add(id: &str) -> Value {
    json!([{"op": "add", "path": "members", "value": [{"value": id}]}])
}

on_both! {
    /// SC-07, `decisions.md` 14: a version moves with each change of members in sight, and with no other.
    async fn sc_07_the_version_of_a_group_moves_with_the_members_in_sight_and_no_others(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let group = bank.imas_user;
        let path = format!("/Groups/{group}");
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let ours = place.service(bank.germany, &both, "scim").await;
        let above = place.service(bank.bank_b, &both, "scim").await;
        let theirs = place.service(bank.bank_a, &both, "scim").await;
        let ada = ours.joiner("ada").await["id"].as_str().unwrap().to_owned();
        let bob = theirs.joiner("bob").await["id"].as_str().unwrap().to_owned();
        let eve = above.joiner("eve").await["id"].as_str().unwrap().to_owned();
        let (ada_path, bob_path) = (format!("/Users/{ada}"), format!("/Users/{bob}"));
        let mut last = (version(&ours, group).await, ours.get(&path).await);
        let mut moves = async |moved: bool, what: &str| {
            bank.world.clock.advance(Duration::from_secs(1));
            let now = (version(&ours, group).await, ours.get(&path).await);
            assert_eq!(now.0 != last.0, moved, "{what}");
            assert!(moved || now.1 == last.1, "{what}");
            let request = ours.get_unless(&path, &last.0).await;
            assert_eq!(request.status, if moved { 200 } else { 304 }, "{what}");
            last = now;
        };
        assert_eq!(theirs.patch(&path, add(&bob)).await.status, 204);
        moves(false, "a hidden member comes").await;
        assert_eq!(above.patch(&path, add(&eve)).await.status, 204);
        moves(false, "a member of the level above comes").await;
        assert_eq!(ours.patch(&path, add(&ada)).await.status, 204);
        moves(true, "a member comes").await;
        assert_eq!(ours.patch(&path, add(&ada)).await.status, 204);
        moves(false, "who is in comes again").await;
        let rename = json!([{"op": "replace", "path": "name.givenName", "value": "Other"}]);
        assert_eq!(theirs.patch(&bob_path, rename.clone()).await.status, 200);
        moves(false, "a hidden member gets another name").await;
        assert_eq!(ours.patch(&ada_path, rename).await.status, 200);
        moves(true, "a member gets another name").await;
        let to = |organisation: OrganisationId| json!([{"op": "replace", "path": format!("{OURS}:organisation"), "value": organisation}]);
        assert_eq!(above.patch(&format!("/Users/{eve}"), to(bank.frankfurt)).await.status, 200);
        moves(true, "a member moves into sight").await;
        assert_eq!(above.patch(&format!("/Users/{eve}"), to(bank.france)).await.status, 200);
        moves(true, "a member moves out of sight").await;
        assert_eq!(theirs.delete(&bob_path).await.status, 204);
        moves(false, "a hidden member is deleted").await;
        assert_eq!(ours.patch(&path, json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}])).await.status, 204);
        moves(true, "a member goes").await;
        for (user, seen) in [(ada.parse().unwrap(), true), (eve.parse().unwrap(), false)] {
            let ctx = bank.world.ctx_of(PrincipalId::Console);
            let done: Result<(), Failure> = transact!(bank.world.db, tx => {
                let permit = bank.door.authorise(tx, &ctx, AssignMembership { user, group }).await?;
                assign::assign(tx, permit, Some(ctx.now.plus(Duration::from_mins(1))), &ctx).await.map(drop).map_err(failure)
            });
            done.unwrap();
            moves(seen, "a member comes for a minute").await;
            bank.world.clock.advance(Duration::from_mins(1));
            moves(seen, "the minute is over").await;
        }
        assert_eq!(ids(&ours.get(&path).await.body), BTreeSet::new());
    }

    /// SC-31, RFC 7644 §3.14: a change on top of an old version is refused, whatever of it moved.
    async fn sc_31_members_change_under_the_version_that_was_read(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let path = format!("/Groups/{}", bank.imas_user);
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let caller = place.service(bank.bank_b, &both, "scim").await;
        let (ada, bob) = (caller.joiner("ada").await, caller.joiner("bob").await);
        let (ada, bob) = (ada["id"].as_str().unwrap(), bob["id"].as_str().unwrap());
        let read = version(&caller, bank.imas_user).await;
        let body = |id: &str| json!({"Operations": add(id)});
        let done = caller.call_if("PATCH", &path, &read, &body(ada)).await;
        assert_eq!((done.status, done.text.as_str()), (204, ""));
        assert_eq!(done.etag.unwrap(), version(&caller, bank.imas_user).await, "the answer says the version to go on with");
        for (verb, sent) in [("PATCH", body(bob)), ("PUT", json!({"displayName": "IMAS_PORTAL_USER"})), ("DELETE", json!({}))] {
            let stale = caller.call_if(verb, &path, &read, &sent).await;
            assert_eq!(stale.status, 412, "{verb}");
        }
        assert_eq!(caller.members(bank.imas_user).await, [ada]);
        let now = version(&caller, bank.imas_user).await;
        assert_eq!(caller.call_if("PATCH", &path, &now, &body(bob)).await.status, 204);
        assert_eq!(caller.members(bank.imas_user).await.len(), 2);
    }

    /// SC-31: where the settings ask for it, nothing is changed blindly.
    async fn sc_31_if_match_can_be_asked_for(world: World) {
        let mut place = Place::new(world).await;
        place.scim.settings.require_if_match = true;
        let bank = &place.bank;
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
        let caller = place.service(bank.bank_b, &both, "scim").await;
        let made = caller.joiner("ada").await;
        let id = made["id"].as_str().unwrap();
        let (user, group) = (format!("/Users/{id}"), format!("/Groups/{}", bank.imas_user));
        let title = json!([{"op": "replace", "path": "title", "value": "x"}]);
        for blind in [
            caller.patch(&user, title.clone()).await,
            caller.call("PUT", &user, &person("ada")).await,
            caller.patch(&group, add(id)).await,
            caller.call("PUT", &group, &json!({"displayName": "IMAS_PORTAL_USER", "members": [{"value": id}]})).await,
        ] {
            assert_eq!(blind.status, 428);
        }
        assert_eq!((caller.get(&user).await.body, caller.members(bank.imas_user).await.len()), (made.clone(), 0));
        let version = made["meta"]["version"].as_str().unwrap();
        assert_eq!(caller.call_if("PATCH", &user, version, &json!({"Operations": title})).await.status, 200);
    }

    /// SC-20: what one request may change is bounded by number, not by patience; and what is too much changes nothing.
    async fn sc_20_more_than_a_thousand_members_do_not_change_at_a_time(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let path = format!("/Groups/{}", bank.imas_user);
        let caller = place.service(bank.bank_b, &[("ApplicationAccessAdmin", only(&[bank.imas]))], "scim").await;
        let all = crowd(&place, bank.bank_b, bank.imas_user, 1100).await;
        let many: Vec<Value> = (0..1001).map(|_| json!({"value": uuid::Uuid::new_v4().to_string()})).collect();
        for operations in [
            json!([{"op": "add", "path": "members", "value": many}]),
            json!([{"op": "remove", "path": "members", "value": many}]),
            json!([{"op": "replace", "path": "members", "value": many}]),
            json!([{"op": "remove", "path": "members"}]),
            json!([{"op": "replace", "path": "members", "value": []}]),
            json!([{"op": "remove", "path": "members", "value": all.iter().take(600).map(|id| json!({"value": id})).collect::<Vec<_>>()},
                {"op": "remove", "path": "members", "value": all.iter().skip(600).map(|id| json!({"value": id})).collect::<Vec<_>>()}]),
        ] {
            assert_eq!(caller.patch(&path, operations.clone()).await.status, 413, "{}", &operations.to_string()[..60]);
        }
        assert_eq!(caller.call("PUT", &path, &json!({"displayName": "IMAS_PORTAL_USER"})).await.status, 413);
        assert_eq!(ids(&caller.get(&path).await.body), all);
        // A whole list that differs in a few is a small change.
        let fewer: Vec<Value> = all.iter().skip(2).map(|id| json!({"value": id})).collect();
        let put = caller.call("PUT", &path, &json!({"displayName": "IMAS_PORTAL_USER", "members": fewer})).await;
        assert_eq!((put.status, ids(&put.body).len()), (200, 1098));
    }

    /// RFC 7643 §4.2: a large group is sent whole, alone and in lists, and no more than a stretch of it is held at a time.
    async fn rfc7643_4_2_thousands_of_members_are_sent_stretch_by_stretch(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let path = format!("/Groups/{}", bank.imas_user);
        let caller = place.service(bank.bank_b, &[("ApplicationAccessAdmin", Applications::All)], "scim").await;
        let all = crowd(&place, bank.bank_b, bank.imas_user, 3000).await;
        bank.assign(PrincipalId::Console, bank.person(bank.bank_a, "hidden").await, bank.imas_user).await.unwrap();
        let (answer, frames) = caller.frames(&path).await;
        assert_eq!((ids(&answer.body), answer.etag.is_some()), (all.clone(), true));
        assert_eq!(answer.body["meta"]["version"], json!(answer.etag));
        assert_eq!(answer.body["members"].as_array().unwrap().len(), 3000, "nobody twice");
        assert!(frames.len() > 3 && frames.iter().all(|bytes| *bytes * 2 < answer.text.len()), "{frames:?}");
        let list = caller.get("/Groups").await.body;
        assert_eq!((&list["totalResults"], &list["itemsPerPage"], &list["startIndex"]), (&json!(2), &json!(2), &json!(1)));
        let listed = |id: GroupId| list["Resources"].as_array().unwrap().iter().find(|group| group["id"] == json!(id)).unwrap().clone();
        assert_eq!(listed(bank.imas_user), answer.body);
        assert!(listed(bank.casper_submitter).get("members").is_none());
        let values = caller.get(&format!("{path}?attributes=members.value")).await.body;
        assert_eq!(ids(&values), all);
        assert!(values["members"].as_array().unwrap().iter().all(|member| member.as_object().unwrap().len() == 1));
        let without = caller.get(&format!("{path}?excludedAttributes=members")).await.body;
        assert!(without.get("members").is_none() && without["displayName"].is_string());
    }
}
