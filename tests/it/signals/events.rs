//! Signed security events (RFC 8417, RFC 8935; CAEP, RISC): what has changed reaches applications without a new sign-in (E78, E90).

use std::time::Duration;

use chamberlain::authority::action::{GrantRole, RevokeRole};
use chamberlain::authority::{Applications, Validity};
use chamberlain::db::transact;
use chamberlain::delegation::{grant, revoke};
use chamberlain::directory::application;
use chamberlain::directory::membership::access_store;
use chamberlain::factors::password_store;
use chamberlain::kernel::ids::{GroupId, PrincipalId, RoleAssignmentId, SessionId, UserId};
use chamberlain::kernel::text::{EmailAddress, PhoneNumber};
use chamberlain::kernel::time::Timestamp;
use chamberlain::sessions::model::{ACR_APP, ACR_ONE_FACTOR, ACR_PHISHING_RESISTANT, ACR_TWO_FACTORS};
use chamberlain::signals::lapse::lapse;
use chamberlain::tokens::family::RevokedFor;
use chamberlain::tokens::family_store;
use chamberlain::tokens::mint::{self, Kind};
use serde_json::{Value, json};

use crate::support::relying_party::{Browser, ISSUER, Provider, claims};
use crate::support::told::Telling;
use crate::support::{Failure, Modules, Nested, World, failure};

const FRED: &str = "fred.perry@bank-a.example";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";

/// Fred is signed in at IMAS and CASPER, of which IMAS takes events; what his ID token there says.
async fn subscribed(world: World) -> (Telling, Browser, Value) {
    let telling = Telling::new(world).await;
    telling.subscribes("imas").await;
    let provider = &telling.provider;
    let browser = provider.signed_in(FRED).await;
    let tokens = provider.tokens(&provider.relying_party("imas"), &browser).await;
    provider.tokens(&provider.relying_party("casper"), &browser).await;
    assert!(telling.told().await.is_empty(), "nothing has happened");
    let id = claims(&tokens["id_token"]);
    (telling, browser, id)
}

/// The events that arrive now: address, subject, what they say.
async fn events(telling: &Telling) -> Vec<(String, Value, Value)> {
    let mut events = Vec::new();
    for one in telling.told().await {
        assert_eq!((one.path.as_str(), one.content_type.as_str()), ("/imas/events", "application/secevent+jwt"));
        let token = telling.read(&one, Kind::SecurityEvent).await;
        let (uri, says) = token["events"].as_object().unwrap().iter().next().unwrap();
        events.push((uri.clone(), token["sub_id"].clone(), says.clone()));
    }
    events.sort_by(|a, b| a.0.cmp(&b.0));
    events
}

async fn groups(provider: &Provider, user: UserId) -> Vec<(GroupId, String)> {
    let held = access_store::list_held(&mut provider.world.db.reader().await.unwrap(), user).await.unwrap();
    held.into_iter().map(|held| (held.group, held.code)).collect()
}

on_both! {
    /// E90, E78, CAEP §3.2: a group that comes or goes is told at once with the groups of that application alone, to the session that
    /// knows them. An application of another environment is told nothing.
    async fn e90_a_change_of_groups_reaches_the_application_without_a_new_sign_in(world: World) {
        let (telling, _browser, id) = subscribed(world).await;
        let provider = &telling.provider;
        let fred = provider.user(FRED).await;
        let held = groups(provider, fred).await;
        let (group, code) = held.iter().find(|(_, code)| code.starts_with("IMAS")).unwrap().clone();
        provider.world.clock.advance(Duration::from_secs(5));
        // While it asks for none, nobody is signed out for want of a group.
        require_group(provider, false).await;
        provider.set_member(fred, group, false).await;
        let told = events(&telling).await;
        assert_eq!(told.len(), 1, "{told:?}");
        let (uri, subject, says) = &told[0];
        assert_eq!(*uri, format!("{CAEP}token-claims-change"));
        assert_eq!(*subject, json!({
            "format": "complex",
            "user": { "format": "iss_sub", "iss": ISSUER, "sub": id["sub"] },
            "session": { "format": "opaque", "id": id["sid"] },
        }));
        let before: Vec<_> = id["groups"].as_array().unwrap().iter().filter(|one| **one != json!(code)).cloned().collect();
        assert_eq!((&says["claims"], &says["event_timestamp"]), (&json!({ "groups": before }), &json!(provider.world.clock.now().as_seconds())));
        provider.set_member(fred, group, true).await;
        assert_eq!(events(&telling).await[0].2["claims"], json!({ "groups": id["groups"] }));
        let other = held.iter().find(|(_, code)| code.contains("CASPER")).unwrap().0;
        provider.set_member(fred, other, false).await;
        assert!(events(&telling).await.is_empty());
    }

    /// E90, D13: what a group in another one gives or gave is told as what comes and goes by itself.
    async fn e90_a_group_in_another_one_reaches_the_application_as_well(world: World) {
        let (telling, _browser, id) = subscribed(world).await;
        let provider = &telling.provider;
        let held = groups(provider, provider.user(FRED).await).await;
        let inner = held.iter().find(|(_, code)| code == "IMAS_PORTAL_USER").unwrap().0;
        let nested = Nested::of(&provider.world, &provider.oidc.app.door);
        let outer = nested.beside(inner, "IMAS_READERS", false).await;
        assert!(events(&telling).await.is_empty());
        nested.nest(outer, inner).await.unwrap();
        let mut more = id["groups"].as_array().unwrap().clone();
        more.push(json!("IMAS_READERS"));
        more.sort_by_key(|code| code.as_str().unwrap().to_owned());
        let told = events(&telling).await;
        assert_eq!((told.len(), &told[0].2["claims"]), (1, &json!({ "groups": more })), "{told:?}");
        nested.unnest(outer, inner).await.unwrap();
        let told = events(&telling).await;
        assert_eq!((told.len(), &told[0].2["claims"]), (1, &json!({ "groups": id["groups"] })), "{told:?}");
    }

    /// I76, D9: a suspended module is complete-only, and the application knows it before anybody signs in again.
    async fn i76_a_suspended_module_is_told_as_complete_only(world: World) {
        let (telling, _browser, _id) = subscribed(world).await;
        let provider = &telling.provider;
        let modules = Modules::of(&provider.world, &provider.oidc.app.door);
        let imas = application::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS").await.unwrap().unwrap().id;
        let at = (provider.organisation("Bank A").await, imas);
        modules.ask(imas).await;
        modules.grant(at).await.unwrap();
        events(&telling).await;
        for (suspended, status) in [(true, "complete_only"), (false, "active")] {
            if suspended { modules.suspend(at).await.unwrap() } else { modules.regrant(at).await.unwrap() };
            let told = events(&telling).await;
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0].0, format!("{CAEP}token-claims-change"));
            let claims = &told[0].2["claims"];
            assert_eq!((&claims["module_status"], &claims["module_kind"]), (&json!(status), &json!("authority")));
        }
        let of_another = (provider.organisation("Bank B").await, imas);
        modules.grant(of_another).await.unwrap();
        assert!(events(&telling).await.is_empty());
    }

    /// E90, D7: a role that is granted or revoked is told to applications that were granted the scope `roles`, and to no other.
    async fn e90_a_change_of_roles_is_told_only_where_roles_are_told(world: World) {
        let (telling, mut browser, _id) = subscribed(world).await;
        let provider = &telling.provider;
        let fred = provider.user(FRED).await;
        let role = grant(provider, fred).await;
        let told = events(&telling).await;
        assert_eq!(told[0].2["claims"], json!({ "roles": ["ApplicationAccessAdmin"], "role_assignments": [] }));
        revoke(provider, role).await;
        assert_eq!(events(&telling).await[0].2["claims"]["roles"], json!([]));
        // One that begins later is told when it begins.
        let clock = &provider.world.clock;
        lapse(&provider.world.db, Duration::from_hours(24), clock.now()).await.unwrap();
        let later = grant_from(provider, fred, Some(clock.now().plus(Duration::from_mins(2)))).await;
        assert!(events(&telling).await.iter().all(|one| one.2["claims"]["roles"] == json!([])));
        clock.advance(Duration::from_mins(2));
        lapse(&provider.world.db, Duration::from_hours(24), clock.now()).await.unwrap();
        assert_eq!(events(&telling).await[0].2["claims"]["roles"], json!(["ApplicationAccessAdmin"]));
        revoke(provider, later).await;
        events(&telling).await;
        provider.sign_in(&mut browser, FRED).await;
        let done: chamberlain::db::Result<u64> = transact!(provider.world.db, tx => chamberlain::sessions::store::end_all(tx, fred, provider.world.clock.now()).await);
        done.unwrap();
        events(&telling).await;
        let browser = provider.signed_in(FRED).await;
        let party = provider.relying_party("imas");
        let answer = provider.get(&browser, &party.authorize(&[("scope", "openid groups")])).await;
        provider.redeem(&party, &answer.param("code").unwrap()).await;
        grant(provider, fred).await;
        assert!(events(&telling).await.is_empty(), "roles were not granted to it");
    }

    /// D7, RISC §2: accounts are told to whoever knows them, signed in or not; nobody else is told. A deletion is final, and told as such,
    /// when it cannot be undone any more.
    async fn an_account_is_told_to_the_applications_that_know_it(world: World) {
        let (telling, _browser, id) = subscribed(world).await;
        let provider = &telling.provider;
        let (db, clock, fred) = (&provider.world.db, &provider.world.clock, provider.user(FRED).await);
        let (day, kinds) = (Duration::from_hours(24), async || events(&telling).await.into_iter().map(|one| one.0).collect::<Vec<_>>());
        lapse(db, day, clock.now()).await.unwrap();
        provider.change_user(fred, |user| user.blocked = true).await;
        assert_eq!(kinds().await, [format!("{CAEP}session-revoked"), format!("{RISC}account-disabled")]);
        provider.change_user(fred, |user| user.blocked = false).await;
        let told = events(&telling).await;
        assert_eq!(told[0].0, format!("{RISC}account-enabled"));
        assert_eq!(told[0].1, json!({ "format": "iss_sub", "iss": ISSUER, "sub": id["sub"] }));
        let now = clock.now();
        provider.change_user(fred, move |user| user.deleted_at = Some(now)).await;
        assert_eq!(kinds().await, [format!("{RISC}account-disabled")], "no session is left");
        lapse(db, day, clock.now()).await.unwrap();
        assert!(kinds().await.is_empty(), "it can be restored");
        clock.advance(day);
        lapse(db, day, clock.now()).await.unwrap();
        assert_eq!(kinds().await, [format!("{RISC}account-purged")]);
        // Somebody whom it never met.
        let paul = provider.demo.accounts.iter().find(|one| one.email.starts_with("paul")).unwrap().email.clone();
        let paul = provider.user(&paul).await;
        provider.change_user(paul, |user| user.blocked = true).await;
        assert!(kinds().await.is_empty());
    }

    /// CAEP §3.3, RISC §2.5: whoever knows somebody is told that a password or a phone was replaced, never by what; of another e-mail address
    /// only who was granted the scope `email`.
    async fn replaced_credentials_and_addresses_are_told_to_those_who_know_them(world: World) {
        let (telling, browser, id) = subscribed(world).await;
        let provider = &telling.provider;
        let (db, clock, fred) = (&provider.world.db, &provider.world.clock, provider.user(FRED).await);
        for hash in ["$argon2id$x", "$argon2id$y"] {
            clock.advance(Duration::from_secs(1));
            let saved: chamberlain::db::Result<()> =
                transact!(*db, tx => password_store::save(tx, fred, hash, clock.now()).await);
            saved.unwrap();
        }
        let number = "+33 6 12 34 56 79".parse().unwrap();
        provider.change_user(fred, move |user| user.phone = Some(PhoneNumber::clone(&number))).await;
        // The first one replaces nothing.
        let mut told = events(&telling).await;
        told.sort_by_key(|one| one.2["credential_type"].to_string());
        let person = json!({ "format": "iss_sub", "iss": ISSUER, "sub": id["sub"] });
        for (one, kind) in told.iter().zip(["password", "phone-sms"]) {
            assert_eq!((&one.0, &one.1), (&format!("{CAEP}credential-change"), &person));
            assert_eq!((&one.2["credential_type"], &one.2["change_type"]), (&json!(kind), &json!("update")));
            assert_eq!(one.2.as_object().unwrap().len(), 3, "and nothing else: {one:?}");
        }
        assert_eq!(told.len(), 2);
        let rename = async |from: &str, to: &str| {
            let (user, to) = (provider.user(from).await, to.parse::<EmailAddress>().unwrap());
            provider.change_user(user, move |user| user.email = Some(to.clone())).await;
            events(&telling).await
        };
        let told = rename(FRED, "fred@bank-a.example").await;
        assert_eq!((told.len(), told[0].0.clone()), (1, format!("{RISC}identifier-changed")));
        assert_eq!(told[0].1, json!({ "format": "email", "email": FRED }));
        assert_eq!(told[0].2["new-value"], "fred@bank-a.example");
        // A grant that is over is none, though nobody has revoked it.
        let over: chamberlain::db::Result<()> = transact!(*db, tx =>
            chamberlain::on!(tx, c => sqlx::query("UPDATE token_families SET expires_at = $1").bind(clock.now()).execute(c).await.map(drop)).map_err(Into::into));
        over.unwrap();
        assert!(rename("fred@bank-a.example", FRED).await.is_empty());
        assert!(rename(FRED, "fred@bank-a.example").await.is_empty());
        // What it was granted is gone, and it asks for less.
        let ended: chamberlain::db::Result<()> = transact!(*db, tx => {
            family_store::save_revoked_of_session(tx, id["sid"].as_str().unwrap().parse().unwrap(), RevokedFor::SignOut, clock.now()).await
        });
        ended.unwrap();
        let party = provider.relying_party("imas");
        let answer = provider.get(&browser, &party.authorize(&[("scope", "openid groups")])).await;
        provider.redeem(&party, &answer.param("code").unwrap()).await;
        assert!(rename("fred@bank-a.example", FRED).await.is_empty(), "no address for whoever has none");
    }

    /// CAEP §3.4: who has proved more of who they are in a session is as much more to the applications of that session; who has proved the
    /// same anew, or is in another session, is not. What the pages write is looked at where people sign in again.
    async fn a_step_up_to_something_stronger_is_told_to_the_applications_of_the_session(world: World) {
        let (telling, _browser, id) = subscribed(world).await;
        let provider = &telling.provider;
        let session: SessionId = id["sid"].as_str().unwrap().parse().unwrap();
        let proved = async |of: SessionId, means: &[&str], acr: &str| {
            let amr = sqlx::types::Json(means.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
            let saved: chamberlain::db::Result<()> = transact!(provider.world.db, tx =>
                chamberlain::on!(tx, c => sqlx::query("UPDATE sessions SET acr = $2, amr = $3 WHERE id = $1")
                    .bind(of).bind(acr).bind(&amr).execute(c).await.map(drop)).map_err(Into::into));
            saved.unwrap();
            events(&telling).await
        };
        assert!(proved(session, &["pwd", "tel", "mfa"], ACR_TWO_FACTORS).await.is_empty(), "spoken or written is the same");
        let told = proved(session, &["pwd", "otp", "mfa"], ACR_TWO_FACTORS).await;
        let [(event, subject, says)] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(event, &format!("{CAEP}assurance-level-change"));
        let person = json!({ "format": "iss_sub", "iss": ISSUER, "sub": id["sub"] });
        assert_eq!(subject, &json!({ "format": "complex", "user": person, "session": { "format": "opaque", "id": id["sid"] } }));
        assert_eq!(
            (&says["previous_level"], &says["current_level"], &says["change_direction"], &says["namespace"]),
            (&json!(ACR_TWO_FACTORS), &json!(ACR_APP), &json!("increase"), &json!("urn:chamberlain:acr"))
        );
        let told = proved(session, &["pop", "user", "mfa"], ACR_PHISHING_RESISTANT).await;
        assert_eq!((&told[0].2["previous_level"], &told[0].2["current_level"]), (&json!(ACR_APP), &json!(ACR_PHISHING_RESISTANT)));
        let told = proved(session, &["pwd", "sms", "mfa"], ACR_TWO_FACTORS).await;
        assert_eq!((&told[0].2["current_level"], &told[0].2["change_direction"]), (&json!(ACR_TWO_FACTORS), &json!("decrease")));
        let mut other = provider.browser();
        let other = provider.sign_in_by(&mut other, FRED, (&["pwd"], ACR_ONE_FACTOR)).await;
        assert!(proved(other.id, &["pwd", "sms", "mfa"], ACR_TWO_FACTORS).await.is_empty(), "no application knows it");
    }

    /// RFC 8417 §2.2, RFC 8935 §2: an event that is sent again is the same event; another kind of token is never taken for it (OA-35).
    async fn oa_35_an_event_keeps_its_name_and_is_no_other_token(world: World) {
        let (telling, _browser, _id) = subscribed(world).await;
        let provider = &telling.provider;
        let fred = provider.user(FRED).await;
        telling.receiver.script.lock().unwrap().extend([500, 500]);
        provider.change_user(fred, |user| user.blocked = true).await;
        telling.queue().await;
        let first = telling.send().await;
        provider.world.clock.advance(Duration::from_secs(2));
        let second = telling.send().await;
        assert_eq!((first.len(), second.len()), (2, 2));
        let mut ids = Vec::new();
        for one in first.iter().chain(&second) {
            let token = telling.read(one, Kind::SecurityEvent).await;
            assert!(token.get("sub").is_none() && token.get("exp").is_none() && token.get("nonce").is_none());
            ids.push((token["jti"].to_string(), token["iat"].to_string()));
            let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
            for kind in [Kind::IdToken, Kind::AccessToken, Kind::LogoutToken] {
                assert!(mint::read::<Value>(one.token(), kind, |kid| ring.find(kid).map(AsRef::as_ref)).is_none());
            }
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 2, "two events, each twice");
    }
}

async fn require_group(provider: &Provider, required: bool) {
    let done: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
        chamberlain::on!(tx, c => sqlx::query("UPDATE environments SET requires_group = $1").bind(required).execute(c).await.map(drop))?;
        Ok(())
    });
    done.unwrap();
}

/// The console gives somebody a role at home.
async fn grant(provider: &Provider, to: UserId) -> RoleAssignmentId {
    grant_from(provider, to, None).await
}

async fn grant_from(provider: &Provider, to: UserId, from: Option<Timestamp>) -> RoleAssignmentId {
    let ctx = provider.world.ctx_of(PrincipalId::Console);
    let organisation = provider.organisation("Bank A").await;
    let action = GrantRole {
        to: PrincipalId::Person(to),
        role: "ApplicationAccessAdmin".to_owned(),
        organisation,
        include_sub_levels: true,
        applications: Applications::All,
        validity: Validity { from, until: None },
    };
    let done: Result<RoleAssignmentId, Failure> = transact!(provider.world.db, tx => {
        let door = &provider.oidc.app.door;
        let permit = door.authorise(tx, &ctx, action.clone()).await?;
        grant::grant(tx, permit, door.roles(), &ctx).await.map(|granted| granted.id).map_err(failure)
    });
    provider.oidc.app.door.changed();
    done.unwrap()
}

/// The console takes it away.
async fn revoke(provider: &Provider, assignment: RoleAssignmentId) {
    let ctx = provider.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(provider.world.db, tx => {
        let door = &provider.oidc.app.door;
        let permit = door.authorise(tx, &ctx, RevokeRole { assignment }).await?;
        revoke::revoke(tx, permit, door.roles(), Some("over"), &ctx).await.map(drop).map_err(failure)
    });
    provider.oidc.app.door.changed();
    done.unwrap();
}
