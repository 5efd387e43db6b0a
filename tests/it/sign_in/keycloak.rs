//! Moving in from Keycloak, with what `kc.sh export --users same_file` of Keycloak 26.4.7 wrote of a realm (shortened by what is not read).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chamberlain::authority::action::RemoveMembership;
use chamberlain::directory::client::model::{AuthMethod, ClientKind};
use chamberlain::directory::client::{secret_store, store as client_store};
use chamberlain::directory::membership::access_store;
use chamberlain::directory::membership::assign::remove;
use chamberlain::directory::organisation;
use chamberlain::directory::user::import::batch::Said;
use chamberlain::directory::user::{self, model::User};
use chamberlain::factors::authenticator;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::kernel::secret::Digest;
use chamberlain::keycloak::apply::{Apply, Step};
use chamberlain::keycloak::person::Reader;
use chamberlain::keycloak::plan::Plan;
use chamberlain::keycloak::realm::Realm;

use super::apps;
use super::browser::{PASSWORD, Site};
use crate::support::state;

const EXPORT: &str = include_str!("keycloak_realm.json");

/// The secret that the app of one of them was told.
const SECRET: &[u8] = b"dJkq0ZbN3mWvXc7Tr5Yp";

fn plan(site: &Site) -> Plan {
    plan_of(site, EXPORT)
}

fn plan_of(site: &Site, export: &str) -> Plan {
    let reader = Reader {
        phone_attributes: &["phoneNumber".to_owned()],
        vault: Some(&site.factors.vault),
        entropy: &site.world.entropy,
        now: site.world.clock.now(),
    };
    Plan::of(&Realm::read(export.as_bytes()).unwrap(), reader).unwrap()
}

/// Brings it about; what was said of each thing.
async fn apply(site: &Site, preview: bool) -> Vec<Step> {
    apply_plan(site, plan(site), preview).await
}

async fn apply_plan(site: &Site, plan: Plan, preview: bool) -> Vec<Step> {
    let context = || site.world.ctx().acting_as(PrincipalId::Console);
    let apply = Apply {
        db: &site.world.db,
        door: &site.app.door,
        home: site.user.organisation,
        preview,
        mail: true,
        accepts: &|_| true,
        context: &context,
    };
    let mut steps = Vec::new();
    apply
        .run(plan, &mut |step| {
            steps.push(step);
            Ok(())
        })
        .await
        .unwrap();
    steps
}

async fn person(site: &Site, email: &str) -> User {
    user::store::find_by_email(&mut site.world.db.reader().await.unwrap(), email).await.unwrap().unwrap()
}

async fn groups(site: &Site, user: UserId) -> BTreeSet<String> {
    let tx = &mut site.world.db.reader().await.unwrap();
    let mut codes = BTreeSet::new();
    for held in access_store::list_held(tx, user).await.unwrap() {
        codes.insert(chamberlain::directory::group::store::find(tx, held.group).await.unwrap().unwrap().code);
    }
    codes
}

fn client(id: &str) -> serde_json::Value {
    serde_json::json!({
        "clientId": id, "standardFlowEnabled": true, "publicClient": true, "redirectUris": [format!("https://{}.example/callback", id.len())],
    })
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// What was said, by kind and name.
fn said(steps: &[Step]) -> BTreeMap<(&str, &str), &Said> {
    steps.iter().map(|step| ((step.kind, step.name.as_str()), &step.said)).collect()
}

on_both! {
    /// Nothing is kept of a preview, and it names what would be.
    async fn a_preview_of_a_realm_keeps_nothing(world: World) {
        let site = Site::new(world).await;
        let before = state(&site.world.db, &[]).await;
        let steps = apply(&site, true).await;
        assert_eq!(state(&site.world.db, &[]).await, before);
        let said = said(&steps);
        for thing in [("organisation", "Bank A"), ("application", "casper"), ("group", "casper-approver"), ("client", "board"), ("person", "ben@bank-a.example")] {
            assert_eq!(said.get(&thing), Some(&&Said::Created), "{thing:?}: {said:?}");
        }
    }

    /// Who comes keeps id, password, app and everything that their roles gave them; the clients keep ids and secrets.
    async fn a_realm_moves_in_with_its_people_and_what_they_may_do(world: World) {
        let site = Site::new(world).await;
        let steps = apply(&site, false).await;
        let refused: Vec<_> = steps.iter().filter(|step| matches!(step.said, Said::Refused(_))).collect();
        assert!(refused.is_empty(), "{refused:?}");

        let anna = person(&site, "anna@bank-a.example").await;
        assert_eq!(anna.id.to_string(), "0f694025-0355-4698-93a6-f37d0b3c2976", "`sub` is as it was");
        assert_eq!((anna.user_name.as_str(), anna.email_verified), ("anna.schmidt", true));
        let tx = &mut site.world.db.reader().await.unwrap();
        let home = organisation::store::find(tx, anna.organisation).await.unwrap().unwrap();
        assert_eq!((home.name.as_str(), home.external_id.as_deref(), home.parent), ("Bank A", Some("bank-a"), Some(site.user.organisation)));
        let all = ["casper-reader", "casper-writer", "casper-approver", "board-Paper-reader"];
        assert_eq!(groups(&site, anna.id).await, set(&all), "by a role of the realm, a group, the group above, and a composite role");
        let ben = person(&site, "ben@bank-a.example").await;
        assert_eq!(groups(&site, ben.id).await, set(&["casper-approver", "casper-writer"]));
        assert!(!ben.email_verified && ben.activated_at.is_some());
        let clara = person(&site, "clara@bank-b.example").await;
        assert!(!clara.active && clara.activated_at.is_none() && clara.password_changed_at.is_none(), "hers was temporary");
        let dora = user::store::find_by_user_name(tx, "dora").await.unwrap().unwrap();
        assert_eq!(dora.email, None);
        assert!(user::store::find_by_user_name(tx, "service-account-nightly").await.unwrap().is_none());

        let casper = client_store::find_by_client_id(tx, "casper").await.unwrap().unwrap();
        assert_eq!(casper.settings.redirect_uris, ["https://casper.example/callback"]);
        assert_eq!(casper.settings.post_logout_redirect_uris, ["https://casper.example/bye", "https://casper.example/gone"]);
        let live = secret_store::list_live(tx, casper.id, site.world.clock.now()).await.unwrap();
        assert_eq!(live.len(), 1);
        assert_eq!(live[0].digest, Digest::of(b"kT3fJq9Zr2LmXw8BvYc4NpHs6DgA1eUo"), "its secret goes on to work");
        assert!(steps.iter().all(|step| step.secret.is_none()), "and no other was made");
        let board = client_store::find_by_client_id(tx, "board").await.unwrap().unwrap();
        assert_eq!((board.kind, board.settings.token_endpoint_auth_method), (ClientKind::Spa, AuthMethod::None));
        assert_eq!(board.settings.redirect_uris, ["https://board.example/callback"]);
        assert_eq!(board.settings.cors_origins, ["https://board.example"]);
        for left in ["nightly", "wild", "urn:old", "account", "realm-management"] {
            assert!(client_store::find_by_client_id(tx, left).await.unwrap().is_none(), "{left}");
        }
    }

    /// The same factors open the same account: a password by argon2 and a phone, one by PBKDF2 and an app.
    async fn people_of_a_realm_sign_in_as_they_did(world: World) {
        let site = Site::new(world).await;
        apply(&site, false).await;
        let mut anna = site.browser();
        anna.password("anna.schmidt", PASSWORD).await;
        anna.enter(&site.code_to("+4969123410").await).await;
        assert!(anna.is_signed_in().await, "{}: {}", anna.path, anna.html);
        assert!(site.texts("anna@bank-a.example").await.iter().all(|mail| !mail.contains("/activate/")), "nothing to activate");

        let emil = user::store::find_by_email(&mut site.world.db.reader().await.unwrap(), "emil@bank-b.example").await.unwrap().unwrap();
        let apps = authenticator::store::list(&mut site.world.db.reader().await.unwrap(), emil.id).await.unwrap();
        assert_eq!(apps.iter().map(|app| app.name.as_str()).collect::<Vec<_>>(), ["Old phone"]);
        site.world.clock.advance(Duration::from_mins(1));
        let key = totp_rs::Secret::from(SECRET.to_vec()).to_base32();
        let mut browser = site.browser();
        browser.password("emil@bank-b.example", PASSWORD).await;
        browser.enter(&apps::code(&site.world, &key)).await;
        assert!(browser.is_signed_in().await, "{}: {}", browser.path, browser.html);

        // Whoever has no password to bring is asked by mail to choose one.
        let mut dora = site.browser();
        dora.password("dora", PASSWORD).await;
        assert!(!dora.is_signed_in().await);
        assert!(site.link("clara@bank-b.example").await.starts_with("/activate/"));
    }

    /// Interrupted and begun anew it ends the same; what is there is left as it is.
    async fn the_same_realm_again_changes_nothing(world: World) {
        let site = Site::new(world).await;
        apply(&site, false).await;
        let before = state(&site.world.db, &[]).await;
        let steps = apply(&site, false).await;
        let made: Vec<_> = steps.iter().filter(|step| step.said != Said::Unchanged && step.kind != "membership").collect();
        assert!(made.is_empty(), "{made:?}");
        assert!(steps.iter().any(|step| step.kind == "membership" && step.count == 0));
        assert_eq!(state(&site.world.db, &[]).await, before);
    }

    /// DA-12: nobody gets into the groups of another application, or of another role, because two names make the same code.
    async fn names_that_look_alike_give_nobody_anything(world: World) {
        let site = Site::new(world).await;
        let realm = serde_json::json!({
            "realm": "x",
            "clients": [client("my-app"), client("my.app")],
            "roles": { "client": { "my-app": [{ "name": "admin" }, { "name": "Admin" }, { "name": "a:b" }, { "name": "a.b" }], "my.app": [{ "name": "admin" }] } },
            "users": [
                { "username": "other", "email": "other@x.example", "clientRoles": { "my.app": ["admin"] } },
                { "username": "second", "email": "second@x.example", "clientRoles": { "my-app": ["Admin", "a.b"] } },
                { "username": "first", "email": "first@x.example", "clientRoles": { "my-app": ["admin", "a:b"] } },
            ],
        });
        for _ in 0..2 {
            let plan = plan_of(&site, &realm.to_string());
            assert_eq!(plan.notes.iter().filter(|note| note.text.contains("the same code")).count(), 3, "{:?}", plan.notes);
            apply_plan(&site, plan, false).await;
            assert_eq!(groups(&site, person(&site, "first@x.example").await.id).await, set(&["my-app-admin", "my-app-a-b"]));
            for nobody in ["other@x.example", "second@x.example"] {
                assert!(groups(&site, person(&site, nobody).await.id).await.is_empty(), "{nobody}");
            }
        }
        // Nor into those of an application that was here before.
        let other = serde_json::json!({
            "realm": "y", "clients": [client("my_app"), client("my+app")], "roles": { "client": { "my+app": [{ "name": "admin" }] } },
            "users": [{ "username": "third", "email": "third@x.example", "clientRoles": { "my+app": ["admin"] } }],
        });
        let steps = apply_plan(&site, plan_of(&site, &other.to_string()), false).await;
        let refused = said(&steps)[&("application", "my-app")];
        assert!(matches!(refused, Said::Refused(_)), "{refused:?}");
        assert!(groups(&site, person(&site, "third@x.example").await.id).await.is_empty());
    }

    /// Whoever's organisation is somewhere else, or switched off, is at home nowhere else instead; and nothing is brought about twice.
    async fn nobody_lands_at_another_home_and_later_decisions_stand(world: World) {
        let site = Site::new(world).await;
        apply(&site, false).await;
        let ben = person(&site, "ben@bank-a.example").await;
        let tx = &mut site.world.db.reader().await.unwrap();
        let held = access_store::list_held(tx, ben.id).await.unwrap();
        let ctx = site.world.ctx().acting_as(PrincipalId::Console);
        let taken: Result<(), crate::support::Failure> = chamberlain::transact!(site.world.db, tx => {
            let permit = site.app.door.authorise(tx, &ctx, RemoveMembership { user: ben.id, group: held[0].group }).await?;
            remove(tx, permit, &ctx).await.map_err(|error| crate::support::Failure::UseCase(error.to_string()))
        });
        taken.unwrap();
        apply(&site, false).await;
        assert_eq!(groups(&site, ben.id).await.len(), 1, "what was taken away does not come back");

        let below = organisation::store::find_by_external_id(tx, "bank-a").await.unwrap().unwrap();
        let elsewhere = serde_json::json!({
            "realm": "z",
            "organizations": [
                { "name": "Off", "alias": "off", "enabled": false, "members": [{ "username": "oda" }] },
                { "name": "Root", "alias": "root-id", "members": [{ "username": "rob" }] },
            ],
            "users": [{ "username": "oda", "email": "oda@x.example" }, { "username": "rob", "email": "rob@x.example" }],
        });
        let mut root = organisation::store::find(tx, site.user.organisation).await.unwrap().unwrap();
        root.external_id = Some("root-id".to_owned());
        let saved: chamberlain::db::Result<bool> =
            chamberlain::transact!(site.world.db, tx => organisation::store::save(tx, &root).await);
        assert!(saved.unwrap());
        let mut site = site;
        site.user.organisation = below.id;
        let steps = apply_plan(&site, plan_of(&site, &elsewhere.to_string()), false).await;
        let said = said(&steps);
        for refused in [("organisation", "Root"), ("person", "oda@x.example"), ("person", "rob@x.example")] {
            assert!(matches!(said[&refused], Said::Refused(_)), "{refused:?}: {said:?}");
        }
    }

    /// What has no counterpart is said, each thing once, with what to do.
    async fn what_is_left_is_said(world: World) {
        let site = Site::new(world).await;
        let plan = plan(&site);
        let notes = |name: &str| -> Vec<&str> {
            plan.notes.iter().filter(|note| note.name == name).map(|note| note.text.as_str()).collect()
        };
        for (name, part) in [
            ("casper", "`https://casper.example/app/*` is none"),
            ("wild", "no whole redirect address is left"),
            ("nightly", "nobody signs in to it by a code"),
            ("urn:old", "does not speak OpenID Connect"),
            ("staff", "1 people have it"),
            ("ben@bank-a.example", "neither a phone number nor an app"),
            ("clara@bank-b.example", "the password was temporary"),
            ("emil@bank-b.example", "the phone number is no international one"),
        ] {
            assert!(notes(name).iter().any(|text| text.contains(part)), "{name}: {:?}", notes(name));
        }
        assert!(notes("anna@bank-a.example").is_empty(), "{:?}", notes("anna@bank-a.example"));
        assert!(!format!("{plan:?}").contains("kT3fJq9Z") && !format!("{plan:?}").contains("EbzcphGG"), "no secret in a log");
    }
}
