//! The participant portal as people use it: projects, nominations by mail, signatories, requests to revoke.

use axum::http::StatusCode;
use chamberlain::db::transact;
use chamberlain::delegation::model::RoleAssignment;
use chamberlain::delegation::nomination;
use chamberlain::directory::organisation;
use chamberlain::directory::organisation::model::{Organisation, Status};
use chamberlain::directory::project;
use chamberlain::directory::user::model::User;
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use chamberlain::{db, delegation};

use super::browser::{Answer, Browser, selector};
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

    /// What somebody holds, so many times more: as much as there would be of many people.
    async fn multiply(&self, holder: UserId, times: usize) {
        let (db, ctx) = (&self.town.world.db, self.town.world.ctx());
        let done: db::Result<()> = transact!(db, tx => {
            for held in delegation::store::list_of(tx, PrincipalId::Person(holder)).await? {
                for _ in 0..times {
                    let id = RoleAssignmentId(ctx.uuid());
                    delegation::store::insert(tx, &RoleAssignment { id, ..held.clone() }).await?;
                }
            }
            Ok(())
        });
        done.unwrap();
        self.town.app.door.changed();
    }
}

/// Organisations directly below the top.
async fn organisations(town: &Town, names: impl Iterator<Item = String>, status: Status) {
    let ctx = town.world.ctx();
    let new = names.map(|name| Organisation {
        id: OrganisationId(ctx.uuid()),
        parent: Some(town.root),
        name,
        country: None,
        lei: None,
        external_id: None,
        status,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    });
    let new: Vec<Organisation> = new.collect();
    let done: db::Result<()> = transact!(town.world.db, tx => {
        for one in &new {
            organisation::store::insert(tx, one).await?;
        }
        Ok(())
    });
    done.unwrap();
}

/// What a list of a page offers.
fn choices(page: &Answer, list: &str) -> Vec<String> {
    let html = page.html();
    let options = selector(&format!("select[name={list}] option"));
    html.select(&options).map(|option| option.value().attr("value").unwrap_or_default().to_owned()).collect()
}

on_both! {
    /// P16: where there are many organisations, those in use are found by name to coordinate a project or to join one; what was typed
    /// stays.
    async fn organisations_of_a_project_are_found_by_name(world: World) {
        let town = Town::of_profile(world, "participant-portal").await;
        organisations(&town, (0..200).map(|number| format!("Aaa {number:03}")), Status::Active).await;
        organisations(&town, ["Aaa closed", "Bank B closed"].into_iter().map(str::to_owned), Status::Deactivated).await;
        let (bank_b, frankfurt) = (town.bank_b.to_string(), town.frankfurt.to_string());
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get("/projects/new").await;
        check(&page);
        let offered = choices(&page, "coordinator");
        assert!(offered.len() == 200 && !offered.contains(&bank_b) && !offered.contains(&town.root.to_string()), "{}", page.text);
        assert!(page.text.contains("Only the first 200 are offered here") && !page.text.contains("Aaa closed"), "{}", page.text);
        // By the button, and by the return key in the field.
        let form = page.form("/projects/new").set("code", "BETA-2").set("title", "Second project").set("q", "bank b");
        let (by_button, found) = (olga.submit(&form.clone().set("find", "on")).await, olga.submit(&form).await);
        for answer in [&by_button, &found] {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            check(answer);
            assert!(answer.has("#code[value='BETA-2']") && answer.has("#title[value='Second project']") && answer.has("#q[value='bank b']"));
            let offered = choices(answer, "coordinator");
            assert!(offered.len() == 3 && offered[0] == bank_b && offered.contains(&frankfurt), "{}", answer.text);
        }
        let form = found.form("/projects/new").set("coordinator", &frankfurt);
        assert!(olga.submit_and_follow(&form).await.text.contains("Second project"));
        // The form that comes back with a problem offers the same, and has what was chosen.
        let taken = olga.submit(&form).await;
        assert!(taken.has("#code-error") && taken.has(&format!("option[value='{frankfurt}'][selected]")), "{}", taken.text);
        let project = {
            let tx = &mut town.world.db.reader().await.unwrap();
            project::store::find_by_code(tx, "beta-2").await.unwrap().unwrap().id
        };
        let add = format!("/projects/{project}/add");
        let form = olga.get(&add).await.form(&add).set("q", "closed");
        let nothing = olga.submit(&form).await;
        check(&nothing);
        assert!(nothing.text.contains("Nothing in use has this name") && choices(&nothing, "organisation").is_empty());
        let found = olga.submit(&nothing.form(&add).set("q", "Bank A")).await;
        assert_eq!(choices(&found, "organisation"), [town.bank_a.to_string()]);
        let joined = olga.submit_and_follow(&found.form(&add)).await;
        assert!(joined.text.contains("Bank A") && joined.text.contains("Bank B Frankfurt"), "{}", joined.text);
    }
}

on_both! {
    /// A table that does not hold all that its reader may see says so.
    async fn a_table_that_is_cut_says_so(world: World) {
        let all = Consortium::found(world).await;
        let bank_a = all.town.bank_a;
        let kim = all.town.person("Kim", "Many", bank_a).await;
        all.town.appoint(kim, "CoordinatorContact", bank_a, Some(all.project)).await;
        // With the contact of the coordinator five hundred, as many as a table has rows.
        all.multiply(kim, 498).await;
        let leo = all.town.person("Leo", "Rot", bank_a).await;
        all.town.appoint(leo, "LEAR", bank_a, None).await;
        let (mut petra, mut leo) = (all.town.signed_in(all.pcoco).await, all.town.signed_in(leo).await);
        let (project, organisation) = (all.path(""), format!("/organisations/{bank_a}"));
        let said = "Only the first 500 rows are shown here";
        for page in [petra.get(&project).await, leo.get(&organisation).await] {
            assert!(page.text.contains("Petra Koch") && !page.text.contains(said), "{}", page.text);
        }
        let tess = all.town.person("Tess", "Team", bank_a).await;
        all.town.appoint(tess, "TeamMember", bank_a, Some(all.project)).await;
        for page in [petra.get(&project).await, leo.get(&organisation).await] {
            check(&page);
            assert_eq!(page.text.matches(said).count(), 1, "of one table: {}", page.text);
            assert!(page.text.contains("Petra Koch") && !page.text.contains("Tess Team"), "{}", page.text);
        }
    }

    /// P59, D8: what somebody sees of a project and of an organisation does not depend on how much there is beside it.
    async fn what_is_not_seen_takes_no_place_in_a_list(world: World) {
        let all = Consortium::found(world).await;
        let (bank_a, bank_b) = (all.town.bank_a, all.town.bank_b);
        let kim = all.town.person("Kim", "Many", bank_a).await;
        all.town.appoint(kim, "CoordinatorContact", bank_a, Some(all.project)).await;
        all.multiply(kim, 500).await;
        let (lea, tom) = (all.town.person("Lea", "Roth", bank_b).await, all.town.person("Tom", "Task", bank_b).await);
        all.town.appoint(lea, "LEAR", bank_b, None).await;
        all.town.appoint(tom, "TaskManager", bank_b, Some(all.project)).await;
        let page = all.town.signed_in(lea).await.get(&all.path("")).await;
        assert!(page.text.contains("Tom Task") && !page.text.contains("Kim Many"), "{}", page.text);
        // The roles of an organisation beside those that are held for it in projects.
        let (leo, sina) = (all.town.person("Leo", "Rot", bank_a).await, all.town.person("Sina", "Sign", bank_a).await);
        all.town.appoint(leo, "LEAR", bank_a, None).await;
        all.town.appoint(sina, "FinancialSignatory", bank_a, None).await;
        let page = all.town.signed_in(leo).await.get(&format!("/organisations/{bank_a}")).await;
        assert!(page.text.contains("Sina Sign") && page.text.contains("Kim Many"), "{}", page.text);
        // And those who hold what another role requires.
        let assign = all.path(&format!("/nominate?assign=ProjectFinancialSignatory@{bank_a}"));
        let page = all.town.signed_in(all.pcoco).await.get(&assign).await;
        assert!(page.text.contains("Sina Sign"), "{}", page.text);
    }

    /// P59, D8: the same of nominations: those that may not be read of do not count.
    async fn nominations_of_others_take_no_place_in_a_list(world: World) {
        let all = Consortium::found(world).await;
        let mut petra = all.town.signed_in(all.pcoco).await;
        for (role, at, email) in [
            ("CoordinatorContact", all.town.bank_a, "first@partner.example"),
            ("ParticipantContact", all.town.bank_a, "second@partner.example"),
            ("ParticipantContact", all.town.bank_b, "third@partner.example"),
        ] {
            all.nominate(&mut petra, role, &at.to_string(), email).await;
        }
        let tx = &mut all.town.world.db.reader().await.unwrap();
        let (now, contact) = (all.town.world.clock.now(), "ParticipantContact".to_owned());
        for (some, expected) in [
            (vec![(contact.clone(), all.town.bank_b)], vec!["third@partner.example"]),
            (vec![(contact.clone(), all.town.bank_a)], vec!["second@partner.example"]),
            (vec![(contact, all.town.bank_a), ("CoordinatorContact".to_owned(), all.town.bank_b)], vec!["second@partner.example"]),
            (Vec::new(), Vec::new()),
        ] {
            let found = nomination::store::list_some(tx, Some(all.project), &some, (now, 1)).await.unwrap();
            assert_eq!(found.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), expected, "{some:?}");
            assert!(nomination::store::list_some(tx, None, &some, (now, 1)).await.unwrap().is_empty(), "outside of projects");
        }
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
        let told = all.town.sent().await;
        let hers = told.iter().rfind(|(to, _)| to == "petra@example.org").unwrap();
        assert!(hers.1.contains("“ParticipantContact” at “Bank B” accepted it") && hers.1.contains(&all.path("")), "{}", hers.1);
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
        // AU-09: a number to which no code is ever sent is refused where it can be put right.
        let yes = page.form(&link).set("given_name", "Nora").set("family_name", "New");
        let refused = stranger.submit(&yes.set("phone", "+12025550123")).await;
        assert!(refused.has("#phone-error") && all.by_address("nora@example.org").await.is_none(), "{}", refused.text);
        let no = page.form(&link).set("answer", "decline");
        let answer = stranger.submit(&no).await;
        assert!(answer.text.contains("You have declined"), "{}", answer.text);
        check(&answer);
        let told = all.town.sent().await;
        let hers = told.iter().rfind(|(to, _)| to == "petra@example.org").unwrap();
        assert!(hers.1.contains("“ParticipantContact” at “Bank B” declined"), "{}", hers.1);
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
        assert!(browser.get("/history").await.text.contains("Role granted: ParticipantContact"));
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
        let form = page.form(&all.path("/nominate"));
        for day in ["2020-01-01", "31.13.2026"] {
            let refused = petra.submit(&form.clone().set("until", day)).await;
            assert!(refused.has("#until-error") && refused.attribute("#until", "value") == day, "{day}: {}", refused.text);
        }
        assert_eq!(all.roles(sina).await, ["FinancialSignatory"], "a day that cannot be is not no end at all");
        let done = petra.submit_and_follow(&form).await;
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
