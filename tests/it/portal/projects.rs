//! The participant portal as people use it: projects, nominations by mail, signatories, requests to revoke.

use axum::http::StatusCode;
use chamberlain::delegation;
use chamberlain::directory::project;
use chamberlain::directory::user::model::User;
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::{PrincipalId, ProjectId, UserId};

use super::browser::{Answer, Browser};
use super::pages::check;
use super::town::Town;

/// A project of two banks, made by the operator through the pages, with its primary coordinator contact.
struct Consortium {
    town: Town,
    project: ProjectId,
    operator: UserId,
    pcoco: UserId,
}

impl Consortium {
    async fn found(world: crate::support::World) -> Self {
        let town = Town::of_profile(world, "participant-portal").await;
        let operator = town.operator().await;
        let mut olga = town.signed_in(operator).await;
        let form = olga.get("/projects/new").await.form("/projects/new");
        let form =
            form.set("code", "ALPHA-1").set("title", "First project").set("coordinator", &town.bank_a.to_string());
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("The project was created") && page.text.contains("Bank A"), "{}", page.text);
        let project = {
            let tx = &mut town.world.db.reader().await.unwrap();
            project::store::find_by_code(tx, "alpha-1").await.unwrap().unwrap().id
        };
        let add = format!("/projects/{project}/add");
        let form = olga.get(&add).await.form(&add).set("organisation", &town.bank_b.to_string());
        assert!(olga.submit_and_follow(&form).await.text.contains("Bank B"));
        let pcoco = town.person("Petra", "Koch", town.bank_a).await;
        town.appoint(pcoco, "PrimaryCoordinatorContact", town.bank_a, Some(project)).await;
        Self { town, project, operator, pcoco }
    }

    fn path(&self, rest: &str) -> String {
        format!("/projects/{}{rest}", self.project)
    }

    async fn nominate(&self, browser: &mut Browser, role: &str, at: &str, email: &str) -> Answer {
        let path = self.path("/nominate");
        let form = browser.get(&path).await.form(&path).set("what", &format!("{role}@{at}")).set("email", email);
        browser.submit_and_follow(&form).await
    }

    /// The last link of a nomination that went to an address.
    async fn link(&self, to: &str) -> String {
        let sent = self.town.sent().await;
        let mut texts = sent.into_iter().rev().filter(|(whom, _)| whom == to).map(|(_, text)| text);
        let text = texts.find(|text| text.contains("/nomination/")).unwrap();
        let (_, rest) = text.split_once("/nomination/").unwrap();
        format!("/nomination/{}", rest.split_whitespace().next().unwrap())
    }

    async fn by_address(&self, email: &str) -> Option<User> {
        store::find_by_email(&mut self.town.world.db.reader().await.unwrap(), email).await.unwrap()
    }

    async fn roles(&self, user: UserId) -> Vec<String> {
        let tx = &mut self.town.world.db.reader().await.unwrap();
        let held = delegation::store::list_of(tx, PrincipalId::Person(user)).await.unwrap();
        held.into_iter().map(|role| role.role).collect()
    }
}

on_both! {
    /// E70, P16–P18, P31, P44, D14, AU-30: somebody unknown is named by address, makes an account by the mailed link and has the role.
    async fn somebody_new_is_named_by_address_and_makes_an_account(world: World) {
        let all = Consortium::found(world).await;
        let (mut petra, bank_b) = (all.town.signed_in(all.pcoco).await, all.town.bank_b.to_string());
        let page = all.nominate(&mut petra, "ParticipantContact", &bank_b, "new.one@partner.example").await;
        assert!(page.text.contains("The nomination was sent") && page.text.contains("new.one@partner.example"), "{}", page.text);
        check(&page);
        let link = all.link("new.one@partner.example").await;
        let mut stranger = all.town.browser();
        for _ in 0..2 {
            let page = stranger.get(&link).await;
            assert!(page.text.contains("ParticipantContact") && page.text.contains("Bank B") && page.text.contains("ALPHA-1"));
            check(&page);
        }
        assert!(all.by_address("new.one@partner.example").await.is_none(), "opening makes nothing");
        let form = stranger.get(&link).await.form(&link).set("given_name", "Nora").set("family_name", "New");
        let wrong = stranger.submit(&form.clone().set("phone", "12")).await;
        assert!(wrong.text.contains("international format") && wrong.has("#problem"), "{}", wrong.text);
        let answer = stranger.submit(&form.set("phone", "+4969123457")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(answer.location().starts_with("/activate/"), "{}", answer.location());
        let made = all.by_address("new.one@partner.example").await.unwrap();
        assert!(made.self_registered && made.organisation == all.town.bank_b && made.activated_at.is_none(), "{made:?}");
        assert_eq!(all.roles(made.id).await, ["ParticipantContact"]);
        assert!(stranger.get(&link).await.text.contains("does not work any more"), "single use");
        assert_eq!(stranger.get(answer.location()).await.status, StatusCode::OK);
    }

    /// P17, P18, D14: somebody without an account says no by the mailed link, and makes none for it; whoever has one signs in to answer.
    async fn somebody_new_declines_without_an_account(world: World) {
        let all = Consortium::found(world).await;
        let (mut petra, bank_b) = (all.town.signed_in(all.pcoco).await, all.town.bank_b.to_string());
        all.nominate(&mut petra, "ParticipantContact", &bank_b, "nora@example.org").await;
        let link = all.link("nora@example.org").await;
        let mut stranger = all.town.browser();
        let page = stranger.get(&link).await;
        assert!(page.has("button#nomination-decline[name=answer][value=decline]"), "{}", page.text);
        let no = page.form(&link).set("answer", "decline");
        let answer = stranger.submit(&no).await;
        assert!(answer.text.contains("You have declined"), "{}", answer.text);
        check(&answer);
        assert!(all.by_address("nora@example.org").await.is_none());
        for again in [stranger.submit(&no).await, stranger.get(&link).await] {
            assert!(again.text.contains("does not work any more"), "{}", again.text);
        }
        // Somebody may be named again, and then has an account.
        all.nominate(&mut petra, "ParticipantContact", &bank_b, "nora@example.org").await;
        let other = all.link("nora@example.org").await;
        assert_ne!(other, link);
        let no = stranger.get(&other).await.form(&other).set("answer", "decline");
        all.town.person("Nora", "New", all.town.bank_b).await;
        let answer = stranger.submit(&no).await;
        assert!(answer.has("#nomination-sign-in") && !answer.text.contains("You have declined"), "{}", answer.text);
    }

    /// P17, P18, D8: somebody who has an account signs in and answers; others with the link cannot.
    async fn somebody_known_signs_in_and_answers(world: World) {
        let all = Consortium::found(world).await;
        let fred = all.town.person("Fred", "Perry", all.town.frankfurt).await;
        let other = all.town.person("Otto", "Other", all.town.frankfurt).await;
        let (mut petra, bank_b) = (all.town.signed_in(all.pcoco).await, all.town.bank_b.to_string());
        all.nominate(&mut petra, "ParticipantContact", &bank_b, "Fred@Example.org").await;
        let link = all.link("Fred@Example.org").await;
        let page = all.town.browser().get(&link).await;
        assert!(page.has("#nomination-sign-in") && !page.has("#nomination-register"), "{}", page.text);
        assert!(page.text.contains("Named by Petra Koch") && page.text.contains("forms of one organisation"), "{}", page.text);
        let mut otto = all.town.signed_in(other).await;
        let elsewhere = otto.get(&link).await;
        assert!(elsewhere.text.contains("signed in with another address") && !elsewhere.text.contains("Petra"), "{}", elsewhere.text);
        let mut browser = all.town.signed_in(fred).await;
        let tasks = browser.get("/tasks").await;
        assert!(tasks.text.contains("ParticipantContact"), "{}", tasks.text);
        check(&tasks);
        for (language, named, said) in [
            ("de", "Nominiert von Petra Koch", "Formulare einer Organisation"),
            ("fr", "Désigné par Petra Koch", "formulaires d’une organisation"),
            ("en", "Named by Petra Koch", "forms of one organisation"),
        ] {
            browser = browser.speaking(language);
            let page = browser.get(&link).await;
            assert!(page.text.contains(named) && page.text.contains(said), "{}", page.text);
        }
        let page = browser.get(&link).await;
        check(&page);
        let action = page.attribute("form.sheet", "action");
        assert_eq!(otto.get(&action).await.status, StatusCode::NOT_FOUND);
        let done = browser.submit_and_follow(&page.form(&action).set("answer", "accept")).await;
        assert!(done.text.contains("You have accepted"), "{}", done.text);
        assert_eq!(all.roles(fred).await, ["ParticipantContact"]);
        let project = browser.get(&all.path("")).await;
        assert!(project.text.contains("Fred Perry") && project.text.contains("Petra Koch"), "{}", project.text);
        check(&project);
    }

    /// P21–P23, P30, P45, P59, P60, P68: a signatory is made by the LEAR, assigned in the project, and goes as a whole; the LEAR asks
    /// for what they may not do.
    async fn a_signatory_is_assigned_and_a_revocation_is_asked_for(world: World) {
        let all = Consortium::found(world).await;
        let (lear, sina) = (all.town.person("Lea", "Roth", all.town.bank_a).await, all.town.person("Sina", "Sign", all.town.bank_a).await);
        all.town.appoint(lear, "LEAR", all.town.bank_a, None).await;
        let mut lea = all.town.signed_in(lear).await;
        let own = format!("/organisations/{}", all.town.bank_a);
        check(&lea.get("/organisations").await);
        check(&lea.get(&own).await);
        let path = format!("{own}/nominate");
        let form = lea.get(&path).await.form(&path);
        let form = form.set("what", &format!("FinancialSignatory@{}", all.town.bank_a)).set("email", "sina@example.org");
        let again = form.clone();
        assert!(lea.submit_and_follow(&form).await.text.contains("The nomination was sent"));
        assert!(lea.submit(&again).await.text.contains("nominated for this role already"));
        let mut browser = all.town.signed_in(sina).await;
        let page = browser.get(&all.link("sina@example.org").await).await;
        let action = page.attribute("form.sheet", "action");
        browser.submit_and_follow(&page.form(&action).set("answer", "accept")).await;
        let mut petra = all.town.signed_in(all.pcoco).await;
        let assign = all.path(&format!("/nominate?assign=ProjectFinancialSignatory@{}", all.town.bank_a));
        let page = petra.get(&assign).await;
        check(&page);
        assert!(page.text.contains("Sina Sign") && !page.text.contains("Lea Roth"), "{}", page.text);
        let done = petra.submit_and_follow(&page.form(&all.path("/nominate"))).await;
        assert!(done.text.contains("The role was given"), "{}", done.text);
        // The LEAR sees it, asks, and reads the answer.
        let page = lea.get(&own).await;
        assert!(page.text.contains("ProjectFinancialSignatory"), "{}", page.text);
        let request = page.attribute("a[href$='/request']", "href");
        check(&lea.get(&request).await);
        let form = lea.get(&request).await.form(&request).set("reason", "Has changed department");
        let asked = lea.submit_and_follow(&form).await;
        assert!(asked.text.contains("Your request was sent") && asked.text.contains("Waiting"), "{}", asked.text);
        let told: Vec<_> = all.town.sent().await.into_iter().filter(|(_, text)| text.contains("a role be revoked")).collect();
        assert_eq!(told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["petra@example.org"], "who can is told");
        assert!(!told[0].1.contains("Has changed department"), "no reason in a mail");
        let tasks = petra.get("/tasks").await;
        assert!(tasks.text.contains("Has changed department"), "{}", tasks.text);
        check(&tasks);
        let decline = tasks.attribute("a[href$='/decline']", "href");
        check(&petra.get(&decline).await);
        let form = petra.get(&decline).await.form(&decline).set("reason", "Until the audit is over");
        assert!(petra.submit_and_follow(&form).await.text.contains("declined"));
        assert!(lea.get("/tasks").await.text.contains("Until the audit is over"));
        assert!(all.town.sent().await.iter().any(|(to, text)| to == "lea@example.org" && text.contains("was answered")));
        // Revoking the first role takes the second along, and says so before.
        let page = lea.get(&own).await;
        let revoke = page.attribute("a[href$='/revoke']", "href");
        let page = lea.get(&revoke).await;
        check(&page);
        assert!(page.text.contains("ProjectFinancialSignatory in a project ends with it"), "{}", page.text);
        assert!(lea.submit_and_follow(&page.form(&revoke)).await.text.contains("The role was revoked"));
        assert!(all.roles(sina).await.is_empty());
    }

    /// P14, P26, P33, D6, D13: the operator carries the project on, removes an organisation, and says why the last holder goes.
    async fn the_operator_carries_a_project_through_its_phases(world: World) {
        let all = Consortium::found(world).await;
        let paco = all.town.person("Paco", "Part", all.town.bank_b).await;
        all.town.appoint(paco, "ParticipantContact", all.town.bank_b, Some(all.project)).await;
        let mut olga = all.town.signed_in(all.operator).await;
        let page = olga.get(&all.path("/phase")).await;
        check(&page);
        let done = olga.submit_and_follow(&page.form(&all.path("/phase")).set("phase", "running")).await;
        assert!(done.text.contains("running"), "{}", done.text);
        let remove = all.path(&format!("/remove/{}", all.town.bank_b));
        let page = olga.get(&remove).await;
        check(&page);
        olga.submit_and_follow(&page.form(&remove)).await;
        assert!(all.roles(paco).await.is_empty());
        let revoke = olga.get(&all.path("")).await.attribute("a[href$='/revoke']", "href");
        let page = olga.get(&revoke).await;
        let without = olga.submit(&page.form(&revoke)).await;
        assert!(without.has("#problem") && all.roles(all.pcoco).await.len() == 1, "{}", without.text);
        let done = olga.submit_and_follow(&page.form(&revoke).set("reason", "left the company")).await;
        assert!(done.text.contains("The role was revoked"), "{}", done.text);
        // Everybody else finds none of these pages.
        let mut other = all.town.signed_in(all.town.person("Otto", "Other", all.town.bank_b).await).await;
        for path in [all.path(""), all.path("/phase"), all.path("/nominate"), remove] {
            assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        check(&other.get("/projects").await);
    }

    /// P18: a nomination is withdrawn, and its link leads nowhere.
    async fn a_nomination_is_withdrawn(world: World) {
        let all = Consortium::found(world).await;
        let (mut petra, bank_b) = (all.town.signed_in(all.pcoco).await, all.town.bank_b.to_string());
        let page = all.nominate(&mut petra, "ParticipantContact", &bank_b, "gone@partner.example").await;
        let withdraw = page.attribute("a[href$='/withdraw']", "href");
        let page = petra.get(&withdraw).await;
        check(&page);
        assert!(petra.submit_and_follow(&page.form(&withdraw)).await.text.contains("was withdrawn"));
        let link = all.link("gone@partner.example").await;
        let page = all.town.browser().get(&link).await;
        assert!(page.text.contains("does not work any more"), "{}", page.text);
        check(&page);
    }
}
