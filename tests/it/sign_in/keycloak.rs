//! Moving in from Keycloak, with what `kc.sh export --users same_file` of Keycloak 26.4.7 wrote of a realm (shortened by what is not read).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chamberlain::directory::client::model::{AuthMethod, ClientKind};
use chamberlain::directory::client::{secret_store, store as client_store};
use chamberlain::directory::membership::access_store;
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
    let reader = Reader {
        phone_attributes: &["phoneNumber".to_owned()],
        vault: Some(&site.factors.vault),
        entropy: &site.world.entropy,
        now: site.world.clock.now(),
    };
    Plan::of(&Realm::read(EXPORT.as_bytes()).unwrap(), reader).unwrap()
}

/// Brings it about; what was said of each thing.
async fn apply(site: &Site, preview: bool) -> Vec<Step> {
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
        .run(plan(site), &mut |step| {
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
