//! What pushing must not become: a way in, a leak, a ladder.

use chamberlain::authority::Scope;
use chamberlain::authority::action::ManageClient;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::push::manage::PushError;
use chamberlain::push::model::{Rules, Status, UserNameFrom};
use chamberlain::push::preview;
use chamberlain::push::target_store;
use serde_json::json;

use super::pushing::{FRED, Pushing};
use crate::support::scim_peer::TOKEN;
use crate::support::state::state;

on_both! {
    /// Whoever may name people here must not get an account of that name there: one that is not ours is left alone, whatever it is called,
    /// unless an operator moves an application here.
    async fn an_account_of_the_same_name_is_not_taken_over(world: World) {
        let pushing = Pushing::new(world, Rules::default()).await;
        pushing.peer.change(|resources| {
            let own = json!({ "id": "own", "userName": FRED, "active": true, "entitlements": [{ "value": "admin" }] });
            resources.insert(("Users".to_owned(), "own".to_owned()), own);
        });
        pushing.turn(Status::Active).await;
        pushing.push().await;
        let there = pushing.peer.people();
        assert!(there.len() > 1 && there[FRED].get("externalId").is_none(), "{there:?}");
        assert_eq!(pushing.refused().await[0].answer, "the name is taken there");
        pushing.set(&pushing.peer.url, None, Rules { adopt: true, ..Rules::default() }).await.unwrap();
        pushing.hurry().await;
        let fred = pushing.provider.user(FRED).await;
        let there = pushing.peer.people();
        assert_eq!((&there[FRED]["externalId"], &there[FRED]["id"]), (&json!(fred), &json!("own")));
        assert!(pushing.refused().await.is_empty());
    }

    /// OA-21, IN-07, OA-42, CR-02: no address of our own network, no token sent to another address than its own, none in clear in the database,
    /// nothing to who has to ask people first, nothing that the client may not know.
    async fn oa_21_a_target_is_judged_before_anything_is_sent(world: World) {
        let pushing = Pushing::new(world, Rules::default()).await;
        for bad in ["https://10.0.0.8/scim", "https://169.254.169.254/", "https://u:p@app.example/", "file:///etc/passwd", ""] {
            let refused = pushing.set(bad, Some(TOKEN), Rules::default()).await;
            assert!(matches!(refused, Err(PushError::Address(_))), "{bad} {refused:?}");
        }
        for bad in ["https://app.example/scim?x=1", "https://app.example/scim#x"] {
            assert!(matches!(pushing.set(bad, Some(TOKEN), Rules::default()).await, Err(PushError::Base)), "{bad}");
        }
        let elsewhere = pushing.set("https://app.example/scim", None, Rules::default()).await;
        assert!(matches!(elsewhere, Err(PushError::Token)), "the token is for its own address alone");
        for bad in ["", "two words", "line\nbreak", "ä"] {
            assert!(matches!(pushing.set(&pushing.peer.url, Some(bad), Rules::default()).await, Err(PushError::Token)));
        }
        let rows = state(&pushing.provider.world.db, &[]).await;
        assert!(rows["push_targets"].len() == 1 && rows.values().flatten().all(|row| !row.contains(TOKEN)));
        pushing.provider.set("imas", |settings| settings.scopes.retain(|scope| scope != "email")).await;
        let rules = Rules { user_name: UserNameFrom::Email, ..Rules::default() };
        assert!(matches!(pushing.set(&pushing.peer.url, None, rules).await, Err(PushError::Scope("email"))));
        pushing.provider.set("imas", |settings| settings.third_party = true).await;
        assert!(matches!(pushing.set(&pushing.peer.url, None, Rules::default()).await, Err(PushError::ThirdParty)));
        pushing.turn(Status::Active).await;
        assert!(pushing.push().await.is_empty(), "it became one of somebody else");
        pushing.provider.set("imas", |settings| settings.third_party = false).await;
        pushing.provider.reconfigure("imas", |client| client.active = false).await;
        assert!(pushing.push().await.is_empty(), "it is switched off");
    }

    /// D4, DA-01: only who manages clients sets up, looks and ends; and a preview writes nothing.
    async fn da_01_nobody_else_sets_up_where_people_are_pushed_to(world: World) {
        let pushing = Pushing::new(world, Rules::default()).await;
        let (provider, db) = (&pushing.provider, &pushing.provider.world.db);
        for email in [FRED, "anna.kovacs@bank-a.example"] {
            let tx = &mut db.reader().await.unwrap();
            let Ok(Some(user)) = chamberlain::directory::user::store::find_by_email(tx, email).await else { continue };
            let ctx = provider.world.ctx_of(PrincipalId::Person(user.id));
            let action = ManageClient { client: Some(pushing.client) };
            assert!(provider.oidc.app.door.authorise_read(tx, &ctx, action).await.is_err(), "{email}");
        }
        let before = state(db, &[]).await;
        preview::look(db, &pushing.pusher, pushing.client, (&Scope::Everywhere, &Scope::Everywhere)).await.unwrap();
        assert_eq!(state(db, &[]).await, before);
        let found = target_store::find(&mut db.reader().await.unwrap(), pushing.client).await.unwrap().unwrap();
        assert!(!format!("{found:?}").contains(TOKEN));
    }
}
