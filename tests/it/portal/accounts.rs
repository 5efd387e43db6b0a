//! What administrators do to accounts: links sent again, locks lifted, sessions ended, accounts stopped and brought back.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::authority::action::AssignMembership;
use chamberlain::delegation;
use chamberlain::directory::membership::{self, assign};
use chamberlain::directory::user;
use chamberlain::directory::user::model::Status;
use chamberlain::factors::{password_store, phone_code, phone_store};
use chamberlain::kernel::ctx::LinkLives;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::portal::error::ChangeError;
use chamberlain::{db, db::transact};

use super::browser::{Answer, Browser, Form};
use super::town::Town;

async fn status(town: &Town, user: UserId) -> Status {
    let tx = &mut town.world.db.reader().await.unwrap();
    user::store::find(tx, user).await.unwrap().unwrap().status(town.world.clock.now())
}

/// Presses one of the buttons under "Account".
async fn press(browser: &mut Browser, user: UserId, word: &str) -> Answer {
    let page = browser.get(&format!("/admin/users/{user}")).await;
    assert!(page.has(&format!("button[name=do][value='{word}']")), "no button {word}:\n{}", page.text);
    browser.submit_and_follow(&page.form(&format!("/admin/users/{user}/account")).set("do", word)).await
}

/// Answers one of the questions before an end.
async fn stop(browser: &mut Browser, user: UserId, word: &str) -> Answer {
    let address = format!("/admin/users/{user}/{word}");
    let form = browser.get(&address).await.form(&address);
    assert!(browser.submit(&form).await.has("#reason-error"), "a reason is needed");
    browser.submit_and_follow(&form.set("reason", "Has left")).await
}

async fn give_password(town: &Town, user: UserId) {
    let (db, now) = (&town.world.db, town.world.clock.now());
    let done: db::Result<()> =
        transact!(db, tx => password_store::save(tx, user, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$YQ", now).await);
    done.unwrap();
}

on_both! {
    /// SE-09: nobody lists or ends the sessions of somebody else; an id that exists answers like one that does not.
    async fn se_09_only_ones_own_sessions_are_listed_and_ended(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let (mut anna, mut own) = (town.signed_in(dua).await, town.signed_in(fred).await);
        let ids = async |user: UserId| {
            let tx = &mut town.world.db.reader().await.unwrap();
            let all = chamberlain::sessions::store::list(tx, user, town.world.clock.now()).await.unwrap();
            all.into_iter().map(|session| session.id.to_string()).collect::<Vec<_>>()
        };
        let (annas, freds) = (ids(dua).await, ids(fred).await);
        assert_eq!((annas.len(), freds.len()), (1, 1));
        town.signed_in(dua).await;
        let page = anna.get("/sessions").await;
        assert!(!page.text.contains(&freds[0]) && page.text.contains(&ids(dua).await[1]), "{}", page.text);
        let form = page.form("/sessions");
        let unknown = chamberlain::kernel::ids::SessionId(town.world.ctx().uuid()).to_string();
        let mut refused = Vec::new();
        for id in [&freds[0], &unknown] {
            let answer = anna.submit(&form.clone().set("session", id)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            refused.push(answer.html().select(&crate::portal::browser::selector("main")).next().unwrap().text().collect::<String>().lines().next().unwrap_or_default().to_owned());
        }
        assert_eq!(refused[0], refused[1]);
        assert_eq!(ids(fred).await, freds, "nothing has ended");
        assert_eq!(own.get("/sessions").await.status, StatusCode::OK);
        anna.submit(&form.set("others", "1")).await;
        assert_eq!((ids(dua).await.len(), ids(fred).await), (1, freds), "all others are all others of one's own");
    }

    /// I22, I61, I87, D15, DA-19: an administrator sends links again and starts a reset; no secret is shown or set, the
    /// person gets the mail.
    async fn links_are_sent_again_and_no_secret_is_shown(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        give_password(&town, fred).await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new").set("given_name", "Mia").set("family_name", "Neu");
        let page = anna.submit_and_follow(&form.set("email", "mia@example.org").set("phone", "+49691234567")).await;
        let mia: UserId = page.path.split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        let before = town.mails().await;
        assert_eq!(before.len(), 1, "a new person gets one activation mail");
        assert!(press(&mut anna, mia, "invite").await.text.contains("activation link is on its way"));
        let page = press(&mut anna, fred, "recover").await;
        assert!(page.text.contains("new password is on its way"));
        let sent: Vec<_> = town.mails().await.into_iter().skip(before.len()).collect();
        assert_eq!(sent.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["mia@example.org", "fred@example.org"]);
        for (_, token) in &sent {
            assert!(!page.text.contains(token.as_str()) && !anna.get("/admin/audit").await.text.contains(token.as_str()), "DA-38");
        }
        let log = anna.get("/admin/audit").await.text;
        assert!(log.contains("Activation link sent again") && log.contains("Recovery started"));
    }

    /// AU-26, I67: links work as long as the profile says, and the pages and mails say how long that is.
    async fn links_work_as_long_as_the_profile_says(world: World) {
        let mut town = Town::build(world).await;
        town.app.links = LinkLives { activation: Duration::from_hours(2), recovery: Duration::from_mins(10) };
        let (dua, _, fred) = town.staff().await;
        give_password(&town, fred).await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new").set("given_name", "Mia").set("family_name", "Neu");
        let page = anna.submit_and_follow(&form.set("email", "mia@example.org").set("phone", "+49691234567")).await;
        let mia: UserId = page.path.split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        assert!(anna.get(&format!("/admin/users/{mia}")).await.text.contains("it works for 2 hours"));
        press(&mut anna, fred, "recover").await;
        let sent = town.mails().await;
        let texts = town.sent().await;
        let says = |to: &str, lasts: &str| texts.iter().any(|(whom, text)| whom == to && text.contains(lasts));
        assert!(says("mia@example.org", "for 2 hours") && says("fred@example.org", "for 10 minutes"), "{texts:?}");
        let link = |to: &str, path: &str| format!("/{path}/{}", sent.iter().rfind(|(whom, _)| whom == to).unwrap().1);
        let (activate, recover) = (link("mia@example.org", "activate"), link("fred@example.org", "recover"));
        let mut somebody = town.browser();
        assert!(somebody.get("/recover?sent=yes").await.text.contains("It works for 10 minutes"));
        let microsecond = Duration::from_micros(1);
        for (link, lasts) in [(recover, Duration::from_mins(10)), (activate, Duration::from_mins(110))] {
            town.world.clock.advance(lasts.checked_sub(microsecond).unwrap());
            assert!(!somebody.get(&link).await.text.contains("no longer works"), "{link}");
            town.world.clock.advance(microsecond);
            assert!(somebody.get(&link).await.text.contains("no longer works"), "{link}");
        }
    }

    /// `decisions.md` 9: a phone that has stopped being a factor works again once an administrator has said so.
    async fn a_stopped_phone_is_unlocked(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let db = &town.world.db;
        for _ in 0..=phone_code::TRIES_PER_ACCOUNT {
            let raised: db::Result<Option<i64>> = transact!(db, tx => phone_store::raise(tx, fred).await);
            raised.unwrap();
        }
        assert!(phone_store::is_stopped(&mut db.reader().await.unwrap(), fred).await.unwrap());
        let mut anna = town.signed_in(dua).await;
        press(&mut anna, fred, "unlock").await;
        assert!(!phone_store::is_stopped(&mut db.reader().await.unwrap(), fred).await.unwrap());
    }

    /// SE-05: sessions that an administrator ends are dead at once.
    async fn se_05_somebody_is_signed_out_everywhere(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let (mut one, mut two) = (town.signed_in(fred).await, town.signed_in(fred).await);
        let mut anna = town.signed_in(dua).await;
        press(&mut anna, fred, "sign-out").await;
        for browser in [&mut one, &mut two] {
            assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
        }
    }

    /// SC-32: the customer's switch and the operator's are two; each undoes only its own.
    async fn accounts_are_deactivated_blocked_and_brought_back(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let operator = town.operator().await;
        let mut anna = town.signed_in(dua).await;
        stop(&mut anna, fred, "deactivate").await;
        assert_eq!(status(&town, fred).await, Status::Deactivated);
        press(&mut anna, fred, "reactivate").await;
        assert_eq!(status(&town, fred).await, Status::Active);
        assert_eq!(anna.get(&format!("/admin/users/{fred}/block")).await.status, StatusCode::FORBIDDEN, "the operator's switch");
        let mut olga = town.signed_in(operator).await;
        stop(&mut olga, fred, "block").await;
        assert_eq!(status(&town, fred).await, Status::Blocked);
        let page = anna.get(&format!("/admin/users/{fred}")).await;
        assert!(!page.has("button[value=unblock]") && !page.has("button[value=reactivate]"), "{}", page.text);
        press(&mut olga, fred, "unblock").await;
        assert_eq!(status(&town, fred).await, Status::Active);
    }

    /// Requirements, decision 8: who was deleted is found under its own status, by who may delete, and comes back without memberships.
    async fn a_deleted_user_is_restored(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        stop(&mut anna, fred, "delete").await;
        assert!(!anna.get("/admin/users").await.text.contains("Perry"));
        let list = "/admin/users?search=1&sub_levels=on&status=deleted";
        assert!(anna.get(list).await.text.contains("Perry"));
        let mut paul = town.signed_in(daa).await;
        let address = format!("/admin/users/{fred}/restore");
        assert!(!paul.get(list).await.text.contains("Perry"));
        assert_eq!(paul.get(&address).await.status, StatusCode::NOT_FOUND, "as if there had never been anybody");
        let form = anna.get(&address).await.form(&address);
        anna.submit_and_follow(&form).await;
        assert_eq!(status(&town, fred).await, Status::Active);
        assert_eq!(anna.get(&address).await.status, StatusCode::NOT_FOUND, "nothing to restore any more");
    }

    /// AU-09: a number to which no code is ever sent is refused where it can be put right; one that is there already may stay.
    async fn au_09_the_forms_of_administrators_refuse_numbers_that_get_no_codes(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new").set("given_name", "Mia").set("family_name", "Neu");
        let form = form.set("email", "mia@example.org");
        for refused in ["+12025550123", "+49900123456", "+88212345678"] {
            let page = anna.submit(&form.clone().set("phone", refused)).await;
            assert!(page.has("#phone-error") && page.has("#problem"), "{refused}: {}", page.text);
        }
        let address = format!("/admin/users/{fred}/edit");
        let form = anna.get(&address).await.form(&address);
        assert!(anna.submit(&form.clone().set("phone", "+12025550123")).await.has("#phone-error"));
        let db = &town.world.db;
        let done: db::Result<bool> = transact!(db, tx => {
            let user = user::store::find(tx, fred).await?.unwrap();
            let phone = Some("+12025550123".parse().unwrap());
            user::store::save(tx, &user::model::User { phone, ..user }).await
        });
        assert!(done.unwrap());
        let form = anna.get(&address).await.form(&address).set("given_name", "Frederick");
        assert!(anna.submit_and_follow(&form).await.text.contains("Frederick"));
    }

    /// DA-22: the page says beforehand that nobody would be left, and the delegate cannot go on.
    async fn da_22_the_last_administrator_is_not_stopped_unseen(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let other = town.person("Uwe", "Zwei", town.bank_b).await;
        town.give(other, "DelegatedUserAdmin", town.bank_b, &[]).await;
        let mut anna = town.signed_in(dua).await;
        let address = format!("/admin/users/{other}/delete");
        assert!(!anna.get(&address).await.has(".notice.warning"));
        let last = town.person("Lea", "Letzt", town.frankfurt).await;
        town.give(last, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let address = format!("/admin/users/{last}/delete");
        let page = anna.get(&address).await;
        assert!(page.has(".notice.warning") && page.text.contains("last DelegatedUserAdmin") && page.text.contains("somebody else first"), "{}", page.text);
        let page = anna.submit(&page.form(&address).set("reason", "x")).await;
        assert!(page.has("#reason-error") && page.has("#problem"), "{}", page.text);
        assert_eq!(status(&town, last).await, Status::Active);
    }

    /// DA-07, DA-26, D13: the page says what ends and what stays, and the move does that and nothing else.
    async fn da_07_a_mover_keeps_no_role_over_the_place_they_leave(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let wide = town.person("Wanda", "Weit", town.bank_b).await;
        town.give(wide, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        town.give(fred, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        town.give(fred, "ApplicationAccessAdmin", town.bank_b, &[town.casper]).await;
        let console = town.world.ctx_of(PrincipalId::Console);
        let assigned: Result<(), ChangeError> = transact!(town.world.db, tx => {
            for group in [town.imas_user, town.casper_user] {
                let permit = town.app.door.authorise(tx, &console, AssignMembership { user: fred, group }).await?;
                assign::assign(tx, permit, None, &console).await?;
            }
            Ok(())
        });
        assigned.unwrap();
        town.give(dua, "ApplicationAccessAdmin", town.bank_b, &[town.imas]).await;
        let mut anna = town.signed_in(dua).await;
        assert!(anna.get(&format!("/admin/users/{fred}")).await.has(&format!("a[href='/admin/users/{fred}/move']")));
        let address = format!("/admin/users/{fred}/move");
        let page = anna.get(&format!("{address}?to={}", town.bank_b)).await;
        let sections: Vec<_> = page.text.split("<h3>").skip(1).collect();
        let (roles_end, groups_end, roles_stay, groups_stay) = (sections[0], sections[1], sections[2], sections[3]);
        assert!(roles_end.contains("DelegatedUserAdmin · Bank B Frankfurt") && !roles_end.contains("Access"), "{}", page.text);
        assert!(roles_stay.contains("ApplicationAccessAdmin · Bank B"), "{}", page.text);
        assert!(groups_end.contains("CASPER_WEB_DATA_SUBMITTER") && !groups_end.contains("IMAS"), "{}", page.text);
        assert!(groups_stay.contains("IMAS_PORTAL_USER"), "{}", page.text);
        let form = page.form(&address);
        assert!(anna.submit(&form).await.has("#reason-error"), "a reason is needed");
        let form = form.set("reason", "Another branch");
        town.give(fred, "DelegatedUserAdmin", town.bank_b, &[]).await;
        let shown = anna.submit(&form).await;
        assert!(shown.has("#reason-error") && shown.text.contains("changed since the preview"), "{}", shown.text);
        assert!(anna.submit_and_follow(&shown.form(&address)).await.text.contains("has been moved"));
        let tx = &mut town.world.db.reader().await.unwrap();
        assert_eq!(user::store::find(tx, fred).await.unwrap().unwrap().organisation, town.bank_b);
        let held = delegation::store::list_of(tx, PrincipalId::Person(fred)).await.unwrap();
        assert!(held.len() == 2 && held.iter().all(|role| role.organisation == town.bank_b), "{held:?}");
        let groups = membership::store::list_of_user(tx, fred).await.unwrap();
        assert_eq!(groups.iter().map(|held| held.group).collect::<Vec<_>>(), [town.imas_user]);
    }

    /// DA-22: nor is the last administrator of a level moved away.
    async fn da_22_the_last_administrator_is_not_moved_away(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let last = town.person("Lea", "Letzt", town.frankfurt).await;
        town.give(last, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let mut anna = town.signed_in(dua).await;
        let address = format!("/admin/users/{last}/move");
        let page = anna.get(&format!("{address}?to={}", town.bank_b)).await;
        let page = anna.submit(&page.form(&address).set("reason", "x")).await;
        assert!(page.has("#reason-error") && page.text.contains("last holder"), "{}", page.text);
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&format!("{address}?to={}", town.bank_b)).await;
        assert!(olga.submit_and_follow(&page.form(&address).set("reason", "closes")).await.text.contains("has been moved"));
    }

    /// DA-20: an access administrator has none of these buttons, and none of the requests works.
    async fn da_20_without_the_right_nothing_is_done_to_an_account(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let mut paul = town.signed_in(daa).await;
        assert!(!paul.get(&format!("/admin/users/{fred}")).await.has("button[name=do]"));
        let action = format!("/admin/users/{fred}/account");
        let mut anna = town.signed_in(dua).await;
        let token = paul.get("/profile").await.form("/profile").fields.remove(0).1;
        for word in ["invite", "recover", "unlock", "sign-out", "reactivate", "unblock"] {
            let form = Form { action: action.clone(), fields: vec![("csrf".into(), token.clone()), ("do".into(), word.into())] };
            assert_eq!(paul.submit(&form).await.status, StatusCode::FORBIDDEN, "{word}");
        }
        let form = anna.get(&format!("/admin/users/{fred}")).await.form(&action).set("do", "make-me-operator");
        assert_eq!(anna.submit(&form).await.status, StatusCode::BAD_REQUEST);
        for word in ["deactivate", "block", "delete", "restore"] {
            assert_eq!(paul.get(&format!("/admin/users/{fred}/{word}")).await.status, StatusCode::FORBIDDEN, "{word}");
        }
        assert_eq!(anna.get(&format!("/admin/users/{fred}/obliterate")).await.status, StatusCode::NOT_FOUND);
    }

    /// D6: an operator takes the last one's role away and says why; what was ticked is kept while the page asks. One application of several goes
    /// without a word where somebody else has it, whatever becomes of the others.
    async fn the_last_holder_of_a_role_loses_it_for_a_reason(world: World) {
        const LAST: &str = "The last holder here";
        let town = Town::build(world).await;
        let last = town.person("Lea", "Letzt", town.frankfurt).await;
        town.give(last, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        town.give(last, "ApplicationAccessAdmin", town.frankfurt, &[town.imas, town.casper]).await;
        let other = town.person("Uwe", "Zwei", town.frankfurt).await;
        town.give(other, "ApplicationAccessAdmin", town.frankfurt, &[town.casper]).await;
        let address = format!("/admin/users/{last}/edit");
        let operator = town.operator().await;
        let mut olga = town.signed_in(operator).await;
        let page = olga.get(&address).await;
        // Uwe holds the one for CASPER, too.
        assert_eq!(page.text.matches(LAST).count(), 2, "{}", page.text);
        let one = page.form(&address).untick("roles[]", &format!("role-ApplicationAccessAdmin-{}", town.casper));
        assert!(olga.submit_and_follow(&one).await.text.contains("saved"));
        let form = olga.get(&address).await.form(&address);
        let asked = olga.submit(&form.untick("roles[]", "role-DelegatedUserAdmin")).await;
        assert!(asked.has("#role_reason-error") && !asked.has("#role-DelegatedUserAdmin[checked]"), "{}", asked.text);
        crate::portal::pages::check(&asked);
        let done = olga.submit_and_follow(&asked.form(&address).set("role_reason", "The branch is closed")).await;
        assert!(done.text.contains("saved"), "{}", done.text);
        assert!(!olga.get(&address).await.has("#role-DelegatedUserAdmin[checked]"));
    }
}
