//! Roles that have no effect before their holder has accepted the terms that they ask for (E17).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::agreements::Documents;
use chamberlain::agreements::accept::{AcceptError, Shown, accept};
use chamberlain::authority::action::{NameDeputy, ReadUser, ResetCredentials, UpdateUser};
use chamberlain::authority::{Action, Applications, Decision, Door, Reason};
use chamberlain::db::counting;
use chamberlain::delegation::deputy::name;
use chamberlain::delegation::explain::{Eyes, explain, explain_all, who_can};
use chamberlain::delegation::told;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::{on, transact};
use serde_json::json;

use crate::api::calls::{Counter, role};
use crate::support::terms::supplement;
use crate::support::{Bank, Failure, World, failure};

/// Version 1 holds, version 2 half an hour after the tests begin, version 3 is announced.
const VERSIONS: [&str; 3] = ["2026-11-01", "2026-11-23T09:30:00Z", "2027-01-01"];

async fn found(world: World) -> (Bank, Documents) {
    let mut bank = Bank::found(world).await;
    let (roles, documents) = supplement(&VERSIONS);
    bank.door = Door::new(roles).following(bank.world.db.changes());
    (bank, documents)
}

async fn agree(bank: &Bank, documents: &Documents, who: UserId, version: u32) -> Result<bool, AcceptError> {
    let ctx = bank.world.ctx_of(PrincipalId::Person(who));
    let shown = Shown { terms: "delegated-administrators", version, language: "en" };
    transact!(bank.world.db, tx => accept(tx, documents, shown, &ctx).await)
}

async fn awaits(bank: &Bank, who: UserId, action: &Action) -> Option<String> {
    let (tx, now) = (&mut bank.world.db.reader().await.unwrap(), bank.world.clock.now());
    let who = PrincipalId::Person(who);
    let one = explain(tx, &bank.door, (Eyes::All, who, action), now).await.unwrap();
    let all = explain_all(tx, &bank.door, (Eyes::All, who, std::slice::from_ref(action)), now).await.unwrap();
    assert_eq!(all, std::slice::from_ref(&one), "one by one and together");
    assert!(one.awaits.is_none() || matches!(one.decision, Decision::Deny(_)));
    one.awaits
}

on_both! {
    /// E17, D7: it changes nothing for anybody until the version that holds is accepted, at once afterwards, and nothing again once another one
    /// holds: for changes, lists, applications and explanations alike, which say why.
    async fn a_role_has_no_effect_before_its_terms_are_accepted(world: World) {
        let (bank, documents) = found(world).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let gustav = bank.person(bank.frankfurt, "Gustav").await;
        let far = bank.person(bank.france, "Felicie").await;
        let update = Action::from(UpdateUser { user: gustav });
        let may = async || bank.may(gerda, UpdateUser { user: gustav }).await;
        let reads = async || {
            let (tx, ctx) = (&mut bank.world.db.reader().await.unwrap(), bank.world.ctx_of(PrincipalId::Person(gerda)));
            bank.door.authorise_read(tx, &ctx, ReadUser { user: gustav }).await.is_ok()
        };
        let told = async || {
            let tx = &mut bank.world.db.reader().await.unwrap();
            told::roles(tx, &bank.door, gerda, bank.world.clock.now()).await.unwrap().0
        };
        let can = async || {
            let tx = &mut bank.world.db.reader().await.unwrap();
            let (able, _) = who_can(tx, &bank.door, (&update, bank.frankfurt), bank.world.clock.now()).await.unwrap();
            able.into_iter().any(|(who, _)| who == PrincipalId::Person(gerda))
        };
        for version in [1, 2] {
            assert_eq!((may().await, reads().await, told().await, can().await), (Err(Reason::NotFound), false, Vec::new(), false), "{version}");
            assert_eq!(awaits(&bank, gerda, &update).await.as_deref(), Some("delegated-administrators"));
            assert_eq!(awaits(&bank, gerda, &UpdateUser { user: far }.into()).await, None, "no role of hers would allow that");
            for other in [1, 2, 3].into_iter().filter(|other| *other != version) {
                assert!(matches!(agree(&bank, &documents, gerda, other).await, Err(AcceptError::NotCurrent)), "{other} instead of {version}");
            }
            assert_eq!(may().await, Err(Reason::NotFound));
            assert!(agree(&bank, &documents, gerda, version).await.unwrap());
            assert_eq!((may().await, reads().await, can().await), (Ok(()), true, true), "at once: {version}");
            assert_eq!((told().await, awaits(&bank, gerda, &update).await), (vec!["DelegatedUserAdmin".to_owned()], None));
            bank.world.clock.advance(Duration::from_mins(31));
        }
        assert_eq!(may().await, Ok(()), "the next one is only announced");
    }

    /// E17, D4, D5, D6: an announced version shortens no role; who has not accepted is a holder all the same, for the last one of a place and for
    /// whoever would take over the account.
    async fn who_has_not_accepted_is_a_holder_all_the_same(world: World) {
        let (bank, documents) = found(world).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let fritz = bank.user_admin(bank.frankfurt, true, "Fritz").await;
        let wide = bank.person(bank.frankfurt, "Wide").await;
        let wides = bank.appoint(wide, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        for one in [gerda, fritz] {
            agree(&bank, &documents, one, 1).await.unwrap();
        }
        assert_eq!(bank.may(fritz, ResetCredentials { user: wide }).await, Err(Reason::Outranked), "what they could come to counts");
        let last = bank.revoke(PrincipalId::Console, wides, None).await;
        assert!(matches!(last, Err(Failure::UseCase(_))), "the last holder here: {last:?}");
        let anna = bank.person(bank.germany, "Anna").await;
        let by = PrincipalId::Person(gerda);
        bank.grant(by, anna, "DelegatedUserAdmin", (bank.germany, true), Applications::All).await.unwrap();
        let ends = bank.grant(PrincipalId::Person(anna), fritz, "DelegatedUserAdmin", (bank.germany, false), Applications::All).await;
        assert_eq!(ends.unwrap_err().reason(), Reason::NotFound, "Anna has accepted nothing");
    }

    /// E17: whoever stands in accepts what the holder accepts; neither of them can do it for the other.
    async fn a_deputy_and_the_one_they_stand_in_for_both_accept(world: World) {
        let (bank, documents) = found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let [fred, gus] = [bank.person(bank.frankfurt, "Fred").await, bank.person(bank.germany, "Gus").await];
        let may = async || bank.may(fred, UpdateUser { user: gus }).await;
        agree(&bank, &documents, dora, 1).await.unwrap();
        let ctx = bank.world.ctx_of(PrincipalId::Person(dora));
        let until = bank.world.clock.now().plus(Duration::from_hours(240));
        let named: Result<(), Failure> = transact!(bank.world.db, tx => {
            let action = NameDeputy { assignment: doras, deputy: fred, from: None, until };
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            name::name(tx, permit, &ctx).await.map(drop).map_err(failure)
        });
        named.unwrap();
        assert_eq!(may().await, Err(Reason::NotFound), "the holder has accepted, the deputy has not");
        assert_eq!(awaits(&bank, fred, &UpdateUser { user: gus }.into()).await.as_deref(), Some("delegated-administrators"));
        agree(&bank, &documents, fred, 1).await.unwrap();
        assert_eq!(may().await, Ok(()));
        bank.world.clock.advance(Duration::from_mins(31));
        agree(&bank, &documents, fred, 2).await.unwrap();
        assert_eq!(may().await, Err(Reason::NotFound), "the deputy has accepted, the holder has not");
        agree(&bank, &documents, dora, 2).await.unwrap();
        assert_eq!(may().await, Ok(()));
    }

    /// E17: how many hold roles that ask for terms does not matter for how often the database is asked.
    async fn what_many_accepted_is_one_statement(world: World) {
        let (bank, documents) = found(world).await;
        let gustav = bank.person(bank.frankfurt, "Gustav").await;
        let mut holders = Vec::new();
        for number in 0..12 {
            let who = bank.user_admin(bank.germany, true, &format!("Holder {number}")).await;
            if number % 2 == 0 {
                agree(&bank, &documents, who, 1).await.unwrap();
            }
            holders.push(PrincipalId::Person(who));
        }
        let (actions, now) = ([UpdateUser { user: gustav }.into()], bank.world.clock.now());
        let tx = &mut bank.world.db.reader().await.unwrap();
        let (few, asked) = counting(bank.door.explain_each(tx, &holders[..2], &actions, now)).await;
        let (many, asked_of_many) = counting(bank.door.explain_each(tx, &holders, &actions, now)).await;
        assert_eq!((asked, few.unwrap().len()), (asked_of_many, 2));
        let able = many.unwrap().into_iter().filter(|(_, decisions)| matches!(decisions[0], Decision::Allow(_))).count();
        assert_eq!(able, 6);
    }

    /// E17: portal, SCIM, JSON API, tokens for scripts and questions about authority say the same; the portal says where to accept.
    async fn every_surface_waits_for_the_terms(world: World) {
        let (bank, documents) = found(world).await;
        let counter = Counter::of(bank).await.asking(documents.clone());
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let gustav = bank.person(bank.germany, "Gustav").await;
        let olga = bank.person(bank.root, "Olga").await;
        bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
        let asker = counter.token(olga).await;
        agree(bank, &documents, gerda, 1).await.unwrap();
        let token = counter.token(gerda).await;
        let works = async |expected: bool| {
            let scim = counter.get(&token, &format!("/scim/v2/Users/{gustav}")).await.status;
            let listed = counter.get(&token, "/scim/v2/Users").await.body["totalResults"].as_u64().unwrap_or(0);
            let given = role(gustav, "DelegatedUserAdmin", bank.germany);
            let api = counter.post(&token, "/api/v1/role-assignments?preview=true", given).await.status;
            let question = json!({ "subject": { "type": "user", "id": gerda }, "action": { "name": "user.update" }, "resource": { "type": "user", "id": gustav } });
            let answer = counter.post(&asker, "/access/v1/evaluation", question).await.body;
            let page = counter.browser(gerda).await.get("/admin/users").await.status;
            assert_eq!((scim == StatusCode::OK, listed > 0, page == StatusCode::OK), (expected, expected, expected), "{scim} {listed} {page}");
            assert_eq!(api.is_success(), expected, "{api}");
            assert_eq!(answer["decision"], json!(expected));
            let reason = json!({ "reason": "terms are not accepted yet", "terms": "delegated-administrators" });
            assert!(expected || answer["context"] == reason, "{answer}");
        };
        works(true).await;
        bank.world.clock.advance(Duration::from_mins(31));
        works(false).await;
        let mut browser = counter.browser(gerda).await;
        let page = browser.get("/").await;
        assert_eq!(page.attribute("#reminder a", "href"), "/terms/accept?terms=delegated-administrators&return=/access");
        let access = browser.get("/access").await;
        assert!(access.has("tbody .badge.blocked") && access.has("tbody a[href^='/terms/accept?terms=delegated-administrators']"), "{}", access.text);
        let asked = browser.get("/terms/accept?terms=delegated-administrators&return=/access").await;
        assert!(asked.has("#terms-before") && !asked.has("#terms-refuse") && asked.has("main form a[href='/access']"), "{}", asked.text);
        let refused = browser.submit(&asked.form("/terms/accept").set("answer", "refuse")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "nobody is signed out over a role");
        let page = browser.submit_and_follow(&asked.form("/terms/accept").set("answer", "accept")).await;
        assert!(page.path == "/access" && !page.has("#reminder") && !page.has("tbody .badge.blocked"), "{}", page.text);
        works(true).await;
        let seen = counter.browser(olga).await.get(&format!("/admin/users/{gerda}/scope")).await;
        assert_eq!(seen.status, StatusCode::OK);
        let tx = &mut bank.world.db.reader().await.unwrap();
        let told: i64 = on!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM signal_changes WHERE kind = 'role' AND user_id = $1").bind(gerda).fetch_one(c).await).unwrap();
        assert_eq!(told, 3, "one role, and two acceptances that let it have effect");
    }

    /// E17: an administrator of people sees why somebody's role has no effect yet.
    async fn administrators_see_what_a_role_waits_for(world: World) {
        let (bank, documents) = found(world).await;
        let counter = Counter::of(bank).await.asking(documents.clone());
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let anna = bank.user_admin(bank.germany, true, "Anna").await;
        agree(bank, &documents, gerda, 1).await.unwrap();
        bank.activate(gerda).await;
        let mut browser = counter.browser(gerda).await;
        let page = browser.get(&format!("/admin/users/{anna}/why?who=anna@bank.example")).await;
        assert!(page.text.contains("terms that the role asks for are not accepted yet"), "{}", page.text);
        let page = browser.get(&format!("/admin/users/{anna}/scope")).await;
        assert!(page.text.contains("until its holder accepts the terms"), "{}", page.text);
    }
}
