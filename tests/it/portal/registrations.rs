//! An authority is invited, registers itself and is validated, in browsers without script.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::directory::registration::store as registrations;
use chamberlain::directory::user::store as people;

use super::browser::{Answer, Browser};
use super::pages::check;
use super::town::Town;
use crate::support::registrar::registrars;
use crate::support::{Modules, World};

const NEW: &str = "/admin/invitations/new";
const LAB: &str = "lab@city.example";

struct Office {
    town: Town,
    rita: Browser,
}

impl Office {
    async fn open(world: World) -> Self {
        let town = Town::of(world, registrars()).await;
        let rita = town.person("Rita", "Reg", town.bank_b).await;
        town.give(rita, "Registrar", town.bank_b, &[]).await;
        let rita = town.signed_in(rita).await;
        Self { town, rita }
    }

    async fn invite(&mut self, email: &str) -> Answer {
        let form = self.rita.get(NEW).await.form(NEW);
        let form = form
            .set("proposed_name", "City Lab")
            .set("email", email)
            .set("parent", &self.town.bank_b.to_string())
            .set("message", "Please use your official name.");
        self.rita.submit_and_follow(&form).await
    }

    /// The secret of the last mail to an address.
    async fn secret(&self, to: &str) -> String {
        self.town.mails().await.into_iter().rfind(|(recipient, _)| recipient == to).unwrap().1
    }

    async fn told(&self, to: &str, text: &str) -> usize {
        self.town.sent().await.iter().filter(|(recipient, sent)| recipient == to && sent.contains(text)).count()
    }
}

fn says(page: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(page.text.contains(text), "{text}:\n{}", page.text);
    }
}

/// Fills in every part, as somebody new.
async fn enter(browser: &mut Browser, link: &str, name: &str) {
    let part = |step: &str| format!("{link}/{step}");
    let form = browser.get(&part("authority")).await.form(&part("authority"));
    let form =
        form.set("name", name).set("country", "BE").set("phone", "+3291234567").set("informal_title-en", "Food safety");
    let page = browser.submit_and_follow(&form).await;
    check(&page);
    let form = page.form(&part("classification")).set("class-institution-type-supervisor", "on");
    let page = browser.submit_and_follow(&form).await;
    check(&page);
    let form =
        page.form(&part("first-user")).set("given_name", "Lou").set("family_name", "Lab").set("phone", "+32470123456");
    let page = browser.submit_and_follow(&form).await;
    check(&page);
    says(&page, &[name, "Food safety", "Supervisory authority", "+32470123456", LAB]);
}

/// A part without a choice can be left so, and is not overlooked.
async fn leave_classes_open(browser: &mut Browser, link: &str, check: &str) {
    let classes = format!("{link}/classification");
    let chosen = browser.get(&classes).await.form(&classes);
    browser.submit_and_follow(&chosen.clone().untick("class-institution-type-supervisor", "on")).await;
    says(&browser.get(check).await, &["nothing chosen"]);
    browser.submit_and_follow(&chosen).await;
    assert!(!browser.get(check).await.text.contains("nothing chosen"));
}

on_both! {
    /// I30–I38, I15, D9, D11, AU-30, AU-38, AU-39: the whole way. The inviter sees where it stands and never the link; the authority sees it without
    /// an account; nothing exists before the validation; module access is a step after it.
    async fn an_authority_is_invited_registers_itself_and_is_validated(world: World) {
        let mut office = Office::open(world).await;
        let case = office.invite(LAB).await;
        check(&case);
        says(&case, &["The invitation was sent", "City Lab", "Sent", "Invite authority to register", "Grant access to modules"]);
        assert!(case.has("ol.progress li[aria-current=step]"));
        let secret = office.secret(LAB).await;
        let link = format!("/register-authority/{secret}");
        let address = case.path.split('?').next().unwrap().to_owned();
        let mut lou = office.town.browser();
        for _ in 0..2 {
            let page = lou.get(&link).await;
            check(&page);
            says(&page, &["City Lab", "Bank B", "Please use your official name", "To do"]);
        }
        assert!(!lou.get(&link).await.has(&format!("a[href='{link}/check']")), "nothing to check yet");
        assert_eq!(lou.get(&format!("{link}/nonsense")).await.status, StatusCode::NOT_FOUND);
        // What is wrong stands at its field.
        let part = format!("{link}/authority");
        let form = lou.get(&part).await.form(&part).set("website", "ftp://x").set("name", "City Laboratory");
        let page = lou.submit(&form).await;
        check(&page);
        assert!(page.has("#website-error") && page.has("#name[value='City Laboratory']"), "{}", page.text);
        enter(&mut lou, &link, "City Laboratory").await;
        says(&lou.get(&link).await, &["Done"]);
        says(&office.rita.get(&address).await, &["Begun"]);
        // A draft is nobody's but theirs, and nothing waits yet.
        assert!(!office.rita.get("/tasks").await.text.contains("City Laboratory"));
        let submit = format!("{link}/check");
        leave_classes_open(&mut lou, &link, &submit).await;
        let form = lou.get(&submit).await.form(&submit);
        let tracked = lou.submit_and_follow(&form).await;
        check(&tracked);
        says(&tracked, &["was submitted", "wait for a decision", "Submitted"]);
        for path in [&link, &part, &submit] {
            says(&lou.get(path).await, &["does not work any more"]);
        }
        says(&lou.submit(&form).await, &["does not work any more"]);
        let track = format!("/registration/{}", office.secret(LAB).await);
        says(&office.town.browser().get(&track).await, &["wait for a decision"]);
        assert_eq!(office.told("rita@example.org", "/tasks/validations").await, 1);
        assert!(people::find_by_email(&mut office.town.world.db.reader().await.unwrap(), LAB).await.unwrap().is_none());

        // Who cannot create there finds nothing of it.
        let ruth = office.town.person("Ruth", "Reg", office.town.bank_a).await;
        office.town.give(ruth, "Registrar", office.town.bank_a, &[]).await;
        let (dua, _, fred) = office.town.staff().await;
        let review = address.replace("/admin/invitations/", "/tasks/validations/");
        for person in [ruth, dua, fred] {
            let mut other = office.town.signed_in(person).await;
            for path in [&address, &review] {
                assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            assert!(!other.get("/tasks").await.text.contains("City Laboratory"));
        }

        let tasks = office.rita.get("/tasks").await;
        check(&tasks);
        says(&tasks, &["Pending validations (1)", "City Laboratory", "invited by you", "since today"]);
        let list = office.rita.get("/tasks/validations").await;
        check(&list);
        assert!(list.text.contains("<title>Pending validations (1)") && list.has(&format!("a[href='{review}']")), "{}", list.text);
        assert!(!office.rita.get("/tasks/validations?older=1").await.text.contains("City Laboratory"));
        let page = office.rita.get(&review).await;
        check(&page);
        says(&page, &["City Laboratory", "Food safety", "Supervisory authority", "Lou", LAB]);
        // Given back, with a reason that is needed.
        let back = page.form(&review).set("decision", "return");
        let refused = office.rita.submit(&back).await;
        assert!(refused.has("#reason-error"), "{}", refused.text);
        says(&office.rita.submit_and_follow(&back.set("reason", "Ghent is missing in the name")).await, &["was given back", "Given back"]);
        assert_eq!(office.rita.submit(&page.form(&review)).await.status, StatusCode::CONFLICT, "not what was seen");
        says(&lou.get(&track).await, &["has to be corrected", "Ghent is missing in the name"]);
        let second = format!("/register-authority/{}", office.secret(LAB).await);
        assert_ne!(second, link);
        let page = lou.get(&second).await;
        check(&page);
        says(&page, &["Ghent is missing in the name", "Done"]);
        enter(&mut lou, &second, "City Laboratory, Ghent").await;
        let submit = format!("{second}/check");
        let form = lou.get(&submit).await.form(&submit);
        lou.submit_and_follow(&form).await;
        let track = format!("/registration/{}", office.secret(LAB).await);

        let form = office.rita.get(&review).await.form(&review);
        let done = office.rita.submit_and_follow(&form).await;
        check(&done);
        says(&done, &["was validated", "Validated", "grant it access to its modules", "Rita Reg"]);
        let modules = done.attribute("a[href$='/modules/new']", "href");
        let level = office.rita.get(modules.trim_end_matches("/modules/new")).await;
        says(&level, &["City Laboratory, Ghent", "Food safety"]);
        let classes = format!("{}/classification", modules.trim_end_matches("/modules/new"));
        says(&office.rita.get(&classes).await, &["Supervisory authority"]);
        assert_eq!(office.told(LAB, "/activate/").await, 1, "the first user activates the account");
        says(&lou.get(&track).await, &["Your authority is registered"]);
        assert_eq!(office.rita.submit(&form).await.status, StatusCode::CONFLICT, "decided once");
        for path in [&address, &review, &"/admin/invitations".to_owned(), &"/admin/audit".to_owned()] {
            let page = office.rita.get(path).await;
            check(&page);
            for (_, secret) in office.town.mails().await {
                assert!(secret.len() < 40 || !page.text.contains(&secret), "{path} tells a link");
            }
        }
        says(&office.rita.get("/admin/audit").await, &["Registration validated", "Invited authority registered itself"]);
    }

    /// D14, AU-23, SC-08: whoever invites is told the same whether the address has an account; only who reads its mail learns more.
    async fn an_invitation_does_not_tell_whether_an_address_is_known(world: World) {
        let mut office = Office::open(world).await;
        office.town.person("Fred", "Perry", office.town.bank_a).await;
        let plain = |page: &Answer, email: &str| {
            let id = page.path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
            let main = page.text.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
            let main = main.replace(&id, "ID").replace(email, "ADDRESS");
            // The hidden tokens are those of the session, the same in both.
            (page.status, main)
        };
        let known = office.invite("fred@example.org").await;
        let new = office.invite("nobody@example.org").await;
        assert_eq!(plain(&known, "fred@example.org"), plain(&new, "nobody@example.org"));
        let link = format!("/register-authority/{}", office.secret("fred@example.org").await);
        let page = office.town.browser().get(&link).await;
        check(&page);
        assert!(page.text.contains("account with this email address already") && !page.has(&format!("a[href='{link}/authority']")), "{}", page.text);
        let submit = format!("{link}/authority");
        let answer = office.town.browser().get(&submit).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, link.as_str()));
    }

    /// I32: a draft is sent later; an expired link leads to asking for another one, once; that one replaces the first; withdrawn, none works.
    async fn an_invitation_is_kept_sent_asked_for_again_and_withdrawn(world: World) {
        let mut office = Office::open(world).await;
        let form = office.rita.get(NEW).await.form(NEW).set("proposed_name", "City Lab").set("email", LAB).untick("send", "on");
        let case = office.rita.submit_and_follow(&form).await;
        says(&case, &["kept as a draft", "Draft"]);
        assert!(office.town.mails().await.is_empty());
        says(&office.rita.submit(&form).await, &["invited to this place already"]);
        let address = case.path.split('?').next().unwrap().to_owned();
        let send = format!("{address}/send");
        says(&office.rita.submit_and_follow(&case.form(&send)).await, &["was sent", "Sent"]);
        let first = format!("/register-authority/{}", office.secret(LAB).await);
        let mut lou = office.town.browser();
        says(&lou.get(&first).await, &["City Lab"]);
        office.town.world.clock.advance(office.town.app.registrations.lifetime);
        let expired = lou.get(&first).await;
        check(&expired);
        says(&expired, &["has expired"]);
        for _ in 0..3 {
            let asked = lou.submit(&expired.form(&format!("{first}/ask"))).await;
            check(&asked);
            says(&asked, &["passed it on"]);
        }
        assert_eq!(office.told("rita@example.org", "asks for a new one").await, 1);
        // The same answer for a link that never was.
        let nothing = format!("/register-authority/{}/ask", "x".repeat(43));
        let mut form = expired.form(&format!("{first}/ask"));
        form.action = nothing;
        says(&lou.submit(&form).await, &["passed it on"]);
        let rita = office.town.find("Rita").await;
        office.rita = office.town.signed_in(rita).await;
        says(&office.rita.get("/admin/invitations").await, &["Expired"]);
        let page = office.rita.get(&address).await;
        office.rita.submit_and_follow(&page.form(&send)).await;
        let second = format!("/register-authority/{}", office.secret(LAB).await);
        says(&lou.get(&second).await, &["City Lab"]);
        says(&lou.get(&first).await, &["does not work any more"]);
        let withdraw = format!("{address}/withdraw");
        let page = office.rita.get(&withdraw).await;
        check(&page);
        says(&office.rita.submit_and_follow(&page.form(&withdraw)).await, &["was withdrawn", "Withdrawn"]);
        says(&lou.get(&second).await, &["does not work any more"]);
        assert_eq!(office.rita.submit(&page.form(&withdraw)).await.status, StatusCode::CONFLICT);
    }

    /// Five mails a day to one address, those that are sent again among them, whatever is withdrawn in between; the page says so.
    async fn no_more_than_five_mails_a_day_go_to_one_address(world: World) {
        let mut office = Office::open(world).await;
        let case = office.invite(LAB).await;
        let send = format!("{}/send", case.path.split('?').next().unwrap());
        for number in 1..=6 {
            office.town.world.clock.advance(Duration::from_mins(2));
            let page = office.rita.submit(&case.form(&send)).await;
            assert_eq!(office.town.mails().await.len(), 5.min(number + 1));
            assert_eq!(page.text.contains("or to this address. Go on later"), number > 4, "{}", page.text);
        }
        office.town.world.clock.advance(Duration::from_hours(24));
        let rita = office.town.find("Rita").await;
        office.rita = office.town.signed_in(rita).await;
        let page = office.rita.get(send.trim_end_matches("/send")).await;
        office.rita.submit(&page.form(&send)).await;
        assert_eq!(office.town.mails().await.len(), 6);
    }

    /// A draft that nobody sent is forgotten with the others, and is one no more; below an organisation that is switched off a case is still
    /// found, and says why nothing goes on.
    async fn a_draft_is_forgotten_and_a_case_below_what_is_switched_off_is_found(world: World) {
        let mut office = Office::open(world).await;
        let form = office.rita.get(NEW).await.form(NEW).set("proposed_name", "City Lab").set("email", LAB).untick("send", "on");
        let case = office.rita.submit_and_follow(&form).await;
        let address = case.path.split('?').next().unwrap().to_owned();
        let operator = office.town.operator().await;
        let mut olga = office.town.signed_in(operator).await;
        let modules = Modules::of(&office.town.world, &office.town.app.door);
        modules.close(office.town.bank_b, true).await.unwrap();
        office.town.app.door.changed();
        let stopped = olga.get(&address).await;
        check(&stopped);
        says(&stopped, &["is switched off"]);
        assert!(!stopped.has(&format!("form[action='{address}/send']")) && !stopped.has(&format!("a[href='{address}/withdraw']")));
        modules.close(office.town.bank_b, false).await.unwrap();
        office.town.app.door.changed();
        let page = olga.get(&address).await;
        let before = office.town.world.clock.now().plus(Duration::from_secs(1));
        let done: chamberlain::db::Result<()> = chamberlain::transact!(office.town.world.db, tx => registrations::forget(tx, before).await);
        done.unwrap();
        let gone = olga.get(&address).await;
        says(&gone, &["Withdrawn"]);
        assert!(!gone.text.contains(LAB) && !gone.has(&format!("form[action='{address}/send']")), "{}", gone.text);
        olga.submit(&page.form(&format!("{address}/send"))).await;
        assert!(office.town.mails().await.is_empty(), "nothing is sent to nobody");
    }
}
