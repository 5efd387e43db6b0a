//! What changes here changes there.

use std::collections::BTreeSet;
use std::time::Duration;

use chamberlain::authority::Scope;
use chamberlain::db::transact;
use chamberlain::directory::{membership, organisation, user};
use chamberlain::push::model::{Ending, Rules, Status, Update, UserNameFrom};
use chamberlain::push::preview;
use serde_json::json;

use super::pushing::{FRED, PAUL, Pushing};
use crate::support::Nested;

const GROUP: &str = "IMAS_PORTAL_USER";

on_both! {
    /// delegation.md §5: there is who could sign in, by the name and in the groups that the tokens of the application have, and nobody else.
    /// Until an operator lets it, nothing is sent; what would be can be seen before.
    async fn whoever_could_sign_in_is_there_as_the_tokens_have_them(world: World) {
        let pushing = Pushing::new(world, Rules { organisation: true, ..Rules::default() }).await;
        assert!(pushing.push().await.is_empty(), "it is paused");
        let seen = preview::look(&pushing.provider.world.db, &pushing.pusher, pushing.client, (&Scope::Everywhere, &Scope::Everywhere)).await.unwrap();
        let findings = seen.findings.clone().unwrap();
        assert_eq!(findings.missing, u64::try_from(seen.people).unwrap());
        assert!(seen.people >= 4 && seen.groups.contains(&GROUP.to_owned()) && findings.groups > 0, "{seen:?}");
        // Whoever manages clients and sees nobody is shown nobody.
        let nobody = Scope::Within(Vec::new());
        let blind = preview::look(&pushing.provider.world.db, &pushing.pusher, pushing.client, (&nobody, &nobody)).await.unwrap();
        assert!(blind.people == seen.people && blind.samples.is_empty() && !seen.samples.is_empty());
        assert!(pushing.peer.asked().iter().all(|asked| asked.starts_with("GET ")), "nothing is written there");
        pushing.turn(Status::Active).await;
        pushing.push().await;
        let fred = pushing.provider.user(FRED).await;
        let people = pushing.peer.people();
        assert_eq!(people.len(), usize::try_from(seen.people).unwrap());
        let there = &people[FRED];
        assert_eq!((&there["externalId"], &there["active"]), (&json!(fred), &json!(true)));
        assert_eq!(there["name"], json!({ "givenName": "Fred", "familyName": "Perry" }));
        assert_eq!(there["emails"], json!([{ "value": FRED, "type": "work", "primary": true }]));
        assert_eq!(there["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"], json!({ "organization": "Bank A" }));
        // In the groups of this environment alone, and each of them is there.
        let groups = pushing.peer.groups();
        assert_eq!(groups.keys().cloned().collect::<BTreeSet<_>>(), seen.groups.into_iter().collect());
        assert_eq!(groups[GROUP], people.keys().cloned().collect::<BTreeSet<_>>());
        // A second look finds nothing to do.
        pushing.hurry().await;
        let progress = pushing.progress().await;
        assert!(progress.reconciled.is_some_and(|(_, found)| found.is_same() && found.same > 0), "{progress:?}");
        assert!(pushing.push().await.is_empty());
    }

    /// D13: not every application knows groups in groups, so people are there in all that they are in, by whatever way, and no longer than here.
    async fn who_is_in_a_group_by_way_of_another_is_in_it_there(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let inner = pushing.group(GROUP).await;
        let nested = Nested::of(&provider.world, &provider.oidc.app.door);
        let outer = nested.beside(inner, "IMAS_READERS", false).await;
        pushing.push().await;
        assert!(peer.groups()["IMAS_READERS"].is_empty() && peer.groups()[GROUP].contains(FRED));
        nested.nest(outer, inner).await.unwrap();
        pushing.push().await;
        assert_eq!(peer.groups()["IMAS_READERS"], peer.groups()[GROUP]);
        nested.unnest(outer, inner).await.unwrap();
        pushing.push().await;
        assert!(peer.groups()["IMAS_READERS"].is_empty() && peer.groups()[GROUP].contains(FRED));
    }

    /// E60, D12, RFC 7644 §3.5.2: membership, name, block, organisation, end of the account, deletion: each by as few requests as it
    /// takes, and of somebody who has left nothing more is told.
    async fn each_change_of_a_person_reaches_the_application(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let (fred, paul) = (provider.user(FRED).await, provider.user(PAUL).await);
        let group = pushing.group(GROUP).await;
        provider.change_user(fred, |user| user.given_name = "Frederick".to_owned()).await;
        assert_eq!(pushing.push().await.len(), 1);
        assert_eq!(peer.people()[FRED]["name"]["givenName"], "Frederick");
        provider.change_user(fred, |user| user.blocked = true).await;
        pushing.push().await;
        assert!(!peer.active().contains(FRED) && peer.groups()[GROUP].contains(FRED));
        provider.change_user(fred, |user| user.blocked = false).await;
        pushing.push().await;
        assert!(peer.active().contains(FRED));
        pushing.set_member(fred, group, false).await;
        assert_eq!(pushing.push().await.len(), 2, "he is not active, and not in the group");
        assert!(!peer.active().contains(FRED) && !peer.groups()[GROUP].contains(FRED));
        provider.change_user(fred, |user| user.given_name = "Freddie".to_owned()).await;
        assert!(pushing.push().await.is_empty(), "who has left is nobody's business there");
        pushing.set_member(fred, group, true).await;
        pushing.push().await;
        assert!(peer.active().contains(FRED) && peer.groups()[GROUP].contains(FRED));
        assert_eq!(peer.people()[FRED]["name"]["givenName"], "Freddie");
        // What ends by itself ends there, too, within a minute.
        let soon = provider.world.clock.now().plus(Duration::from_secs(30));
        provider.change_user(fred, |user| user.account_expires_at = Some(soon)).await;
        pushing.push().await;
        assert!(peer.active().contains(FRED));
        provider.world.clock.advance(Duration::from_secs(90));
        pushing.push().await;
        assert!(!peer.active().contains(FRED));
        // An organisation that is deactivated takes its people along; deleted is deleted.
        let home = user::store::find(&mut provider.world.db.reader().await.unwrap(), paul).await.unwrap().unwrap().organisation;
        let set = async |status| {
            let done: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
                let mut node = organisation::store::find(tx, home).await?.unwrap();
                node.status = status;
                organisation::store::save(tx, &node).await.map(drop)
            });
            done.unwrap();
        };
        set(organisation::model::Status::Deactivated).await;
        pushing.push().await;
        assert!(!peer.active().contains(PAUL));
        set(organisation::model::Status::Active).await;
        pushing.push().await;
        assert!(peer.active().contains(PAUL));
        let now = provider.world.clock.now();
        provider.change_user(paul, |user| user.deleted_at = Some(now)).await;
        pushing.push().await;
        assert!(!peer.people().contains_key(PAUL));
        assert!(pushing.refused().await.is_empty());
    }

    /// RFC 7644 §3.5.1: servers without PATCH of people get them whole; names are what the rules say; groups stay away if they are to, and
    /// leavers are deleted where that is the rule.
    async fn rules_say_how_people_look_there_and_what_becomes_of_them(world: World) {
        let rules = Rules { update: Update::Put, user_name: UserNameFrom::Subject, leavers: Ending::Delete, groups: false, ..Rules::default() };
        let pushing = Pushing::going(world, rules).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let fred = provider.user(FRED).await;
        let name = fred.to_string();
        assert!(peer.groups().is_empty() && peer.people().contains_key(&name));
        provider.change_user(fred, |user| user.phone = None).await;
        assert!(pushing.push().await[0].starts_with("PUT "));
        assert!(peer.people()[&name].get("phoneNumbers").is_none());
        pushing.set_member(fred, pushing.group(GROUP).await, false).await;
        assert_eq!(pushing.push().await.len(), 1);
        assert!(!peer.people().contains_key(&name));
        // What the client may not know any more is not sent any more.
        provider.set("imas", |settings| settings.scopes.retain(|scope| scope != "email")).await;
        pushing.hurry().await;
        provider.change_user(provider.user(PAUL).await, |user| user.family_name = "Itoh".to_owned()).await;
        pushing.push().await;
        assert!(peer.people()[&provider.user(PAUL).await.to_string()].get("emails").is_none());
    }

    /// D12: a membership that ends with a day ends there.
    async fn a_membership_that_ends_by_itself_ends_there(world: World) {
        let pushing = Pushing::going(world, Rules::default()).await;
        let (provider, peer) = (&pushing.provider, &pushing.peer);
        let (fred, group) = (provider.user(FRED).await, pushing.group(GROUP).await);
        let soon = provider.world.clock.now().plus(Duration::from_secs(30));
        let done: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
            let mut row = membership::store::find(tx, fred, group).await?.unwrap();
            row.until = Some(soon);
            membership::store::remove(tx, fred, group).await?;
            membership::store::insert(tx, &row).await
        });
        done.unwrap();
        pushing.push().await;
        assert!(peer.groups()[GROUP].contains(FRED));
        provider.world.clock.advance(Duration::from_secs(90));
        pushing.push().await;
        assert!(!peer.groups()[GROUP].contains(FRED) && !peer.active().contains(FRED));
    }
}
