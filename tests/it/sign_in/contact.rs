//! A change of e-mail or phone by an administrator, over the pages: announced, agreed to, refused, approved, in effect (D15).

use std::time::Duration;

use chamberlain::authority::action::{ApproveContact, AssignMembership, CreateUser, UpdateUser};
use chamberlain::authority::{Reason, Refusal};
use chamberlain::db::transact;
use chamberlain::directory::membership::{self, assign};
use chamberlain::directory::user::error::UserError;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::{NewUser, User, UserChange};
use chamberlain::directory::user::{contact, create, store, update};
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::notify::deliver_due;

use super::browser::{Browser, Site};
use crate::support::{Demo, World};

const DAY: Duration = Duration::from_hours(24);
const OLD: &str = "nina.petit@bank-a.example";
const NEW: &str = "nina.grand@bank-a.example";
const NEW_PHONE: &str = "+4915112345678";

/// The password of a seeded account.
fn password(demo: &Demo, email: &str) -> String {
    demo.printed.accounts.iter().find(|account| account.email == email).unwrap().password.clone()
}

/// What an administrator asks for, through the one door.
async fn ask(demo: &Demo, by: PrincipalId, user: UserId, change: UserChange) -> Result<User, UserError> {
    let ctx = demo.world.ctx_of(by);
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, UpdateUser { user }).await.unwrap();
        let guard = Guard { roles: demo.door.roles(), reason: None };
        update::update(tx, permit, change.clone(), None, guard, &ctx).await
    })
}

fn both() -> UserChange {
    UserChange { email: Some(NEW.parse().ok()), phone: Some(NEW_PHONE.parse().ok()), ..UserChange::default() }
}

fn email(text: &str) -> UserChange {
    UserChange { email: Some(text.parse().ok()), ..UserChange::default() }
}

async fn person(demo: &Demo, email: &str) -> PrincipalId {
    PrincipalId::Person(demo.user(email).await)
}

/// Nina, for whom Dora has asked for another address and number.
async fn asked(world: World) -> (Demo, Site) {
    let demo = Demo::seeded(world).await;
    let site = Site::demo(&demo, OLD).await;
    deliver_due(&site.world.db, &site.transports, &site.world.clock).await.unwrap();
    let dora = person(&demo, "dora.roux@bank-a.example").await;
    ask(&demo, dora, site.user.id, both()).await.unwrap();
    (demo, site)
}

/// Whether somebody gets in with this address.
async fn gets_in(demo: &Demo, site: &Site, email: &str, phone: &str) -> bool {
    let before = site.codes_to(phone).await.len();
    let mut browser = site.browser();
    browser.password(email, &password(demo, OLD)).await;
    if site.codes_to(phone).await.len() == before {
        return false;
    }
    browser.enter(&site.code_to(phone).await).await;
    browser.is_signed_in().await
}

async fn admin(demo: &Demo, site: &Site, email: &str) -> Browser {
    let mut browser = site.browser();
    browser.password(email, &password(demo, email)).await;
    let phone = store::find_by_email(&mut demo.reader().await, email).await.unwrap().unwrap().phone.unwrap();
    browser.enter(&site.code_to(phone.as_str()).await).await;
    assert!(browser.is_signed_in().await);
    browser
}

on_both! {
    /// DA-17, SC-15, D15: told to both addresses and both numbers; the old one gets the link; sign-in stays on the old one.
    async fn da_17_a_new_address_is_announced_and_sign_in_stays_on_the_old_one(world: World) {
        let (demo, site) = asked(world).await;
        let phone = site.user.phone.clone().unwrap();
        let link = site.link(OLD).await;
        assert!(link.starts_with("/contact/"), "{link}");
        let told = site.texts(NEW).await;
        assert!(told.len() == 1 && !told[0].contains("http"), "the new address gets no link: {told:?}");
        for number in [phone.as_str(), NEW_PHONE] {
            let last = site.texts(number).await.pop().unwrap();
            assert!(last.contains("an administrator asked") && !last.contains("Nina"), "{last}");
        }
        assert!(gets_in(&demo, &site, OLD, phone.as_str()).await);
        assert!(!gets_in(&demo, &site, NEW, NEW_PHONE).await);
        assert_eq!(site.events().await.iter().filter(|kind| *kind == "user.contact_pending").count(), 1);
    }

    /// D15, AU-30, SE-14, AU-26: opening the link changes nothing; the button works once; what was mailed to the old
    /// address dies; sessions and memberships stay as they are.
    async fn d15_the_owner_agrees_by_the_link_to_the_old_address(world: World) {
        let (demo, site) = asked(world).await;
        let phone = site.user.phone.clone().unwrap();
        let mut nina = site.browser();
        nina.sign_in(&site, OLD, &password(&demo, OLD)).await;
        let groups = membership::store::list_of_user(&mut demo.reader().await, site.user.id).await.unwrap();
        let link = site.link(OLD).await;
        let mut browser = site.browser();
        browser.get("/recover").await;
        browser.post("/recover", &[("email", OLD)]).await;
        let recovery = site.link(OLD).await;
        for _ in 0..2 {
            browser.get(&link).await;
            assert!(browser.html.contains("contact-agree") && browser.html.contains(NEW), "{}", browser.html);
        }
        assert_eq!(site.stored().await.email.unwrap().as_str(), OLD);
        browser.post(&link, &[("answer", "agree")]).await;
        assert_eq!(browser.path, format!("{link}?done=agreed"));
        assert!(gets_in(&demo, &site, NEW, NEW_PHONE).await);
        assert!(!gets_in(&demo, &site, OLD, phone.as_str()).await);
        assert!(nina.is_signed_in().await, "sessions stay");
        browser.get(&recovery).await;
        assert!(browser.html.contains("no longer works"), "AU-26: a link to the old address");
        let after = membership::store::list_of_user(&mut demo.reader().await, site.user.id).await.unwrap();
        assert_eq!(after, groups, "nobody gets more by it");
        browser.get("/login").await;
        browser.post(&link, &[("answer", "refuse")]).await;
        assert!(browser.html.contains("no longer works"), "single use: {}", browser.html);
        let events = site.events().await;
        assert!(["user.contact_agreed", "user.contact_confirmed"].iter().all(|kind| events.contains(&(*kind).to_owned())));
        assert!(site.texts(OLD).await.last().unwrap().contains("was changed"));
    }

    /// D15: a refusal is the end of it, whatever time passes.
    async fn d15_the_owner_refuses_by_the_link(world: World) {
        let (demo, site) = asked(world).await;
        let link = site.link(OLD).await;
        let mut browser = site.browser();
        browser.get(&link).await;
        browser.post(&link, &[("answer", "neither")]).await;
        assert_eq!(browser.status, 400);
        browser.get(&link).await;
        browser.post(&link, &[("answer", "refuse")]).await;
        assert_eq!(browser.path, format!("{link}?done=refused"));
        site.world.clock.advance(DAY * 2);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        assert_eq!((site.stored().await.email, site.stored().await.pending), (site.user.email.clone(), None));
        assert!(!gets_in(&demo, &site, NEW, NEW_PHONE).await);
        assert!(site.events().await.contains(&"user.contact_refused".to_owned()));
    }

    /// D15, `decisions.md` 5: judged by time where it matters, whether or not the job has been there.
    async fn d15_without_a_word_it_takes_effect_after_the_cooling_off(world: World) {
        let (demo, site) = asked(world).await;
        let phone = site.user.phone.clone().unwrap();
        site.world.clock.advance(DAY.checked_sub(Duration::from_secs(1)).unwrap());
        assert!(!gets_in(&demo, &site, NEW, NEW_PHONE).await);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        assert_eq!(site.stored().await.email.unwrap().as_str(), OLD);
        site.world.clock.advance(Duration::from_secs(1));
        assert!(!gets_in(&demo, &site, OLD, phone.as_str()).await, "no job has run");
        assert!(gets_in(&demo, &site, NEW, NEW_PHONE).await);
    }

    /// D15: the job does the same for whoever does not sign in; somebody else's address is not taken.
    async fn d15_the_job_settles_what_is_due_and_drops_what_somebody_else_has_got(world: World) {
        let (demo, site) = asked(world).await;
        let dora = person(&demo, "dora.roux@bank-a.example").await;
        let fred = demo.user("fred.perry@bank-a.example").await;
        ask(&demo, dora, fred, email("shared@bank-a.example")).await.unwrap();
        ask(&demo, dora, site.user.id, email("shared@bank-a.example")).await.unwrap();
        site.world.clock.advance(DAY);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        let tx = &mut demo.reader().await;
        let fred = store::find(tx, fred).await.unwrap().unwrap();
        let nina = site.stored().await;
        let have = [&fred, &nina].map(|user| user.email.as_ref().is_some_and(|email| email.as_str() == "shared@bank-a.example"));
        assert!(have[0] ^ have[1], "exactly one: {have:?}");
        assert!(fred.pending.is_none() && nina.pending.is_none());
    }

    /// D11, D15: for an administrator it needs a second one, who is not the proposer, however long it waits and whatever
    /// its owner says.
    async fn d11_a_change_of_an_administrators_address_needs_a_second_administrator(world: World) {
        let demo = Demo::seeded(world).await;
        let target = "anna.berg@bank-a.example";
        let site = Site::demo(&demo, target).await;
        deliver_due(&site.world.db, &site.transports, &site.world.clock).await.unwrap();
        let dora = person(&demo, "dora.roux@bank-a.example").await;
        ask(&demo, dora, site.user.id, email(NEW)).await.unwrap();
        let link = site.link(target).await;
        let mut anna = site.browser();
        anna.get(&link).await;
        anna.post(&link, &[("answer", "agree")]).await;
        assert_eq!(anna.path, format!("{link}?done=approval"));
        site.world.clock.advance(DAY * 3);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        assert_eq!(site.stored().await.email.unwrap().as_str(), target, "its owner's word is not enough");
        let page = format!("/admin/users/{}", site.user.id);
        let mut proposer = admin(&demo, &site, "dora.roux@bank-a.example").await;
        proposer.get(&page).await;
        assert!(!proposer.html.contains("contact-approve") && proposer.html.contains("contact-refuse"));
        proposer.post(&format!("{page}/contact"), &[("answer", "approve")]).await;
        assert_eq!(proposer.status, 403);
        assert!(site.stored().await.pending.is_some());
        let mut second = admin(&demo, &site, "olga.meyer@institution.example").await;
        second.get(&page).await;
        assert!(second.html.contains("contact-approve"), "{}", second.html);
        second.post(&format!("{page}/contact"), &[("answer", "approve")]).await;
        assert_eq!(second.path, format!("{page}?done=contact-approved"));
        assert_eq!(site.stored().await.email.unwrap().as_str(), NEW);
        let events = site.events().await;
        assert!(["user.contact_agreed", "user.contact_approved", "user.contact_confirmed"].iter().all(|kind| events.contains(&(*kind).to_owned())));
    }

    /// D11, D15: what two administrators ask for waits side by side, and neither of them approves it.
    async fn d11_a_new_number_does_not_push_out_a_new_address_that_waits(world: World) {
        let demo = Demo::seeded(world).await;
        let target = demo.user("anna.berg@bank-a.example").await;
        let dora = person(&demo, "dora.roux@bank-a.example").await;
        let olga = person(&demo, "olga.meyer@institution.example").await;
        let otto = person(&demo, "otto.lind@institution.example").await;
        ask(&demo, dora, target, email(NEW)).await.unwrap();
        let phone = UserChange { phone: Some(Some(NEW_PHONE.parse().unwrap())), ..UserChange::default() };
        let pending = ask(&demo, olga, target, phone).await.unwrap().pending.unwrap();
        assert_eq!(pending.email.unwrap().as_str(), NEW);
        assert_eq!(pending.phone.unwrap().as_str(), NEW_PHONE);
        let approve = ApproveContact { user: target };
        for proposer in [dora, olga] {
            let refused = demo.ask(&demo.world.ctx_of(proposer), approve.clone()).await;
            assert!(matches!(refused, Err(Refusal::Denied(Reason::OwnProposal))), "{refused:?}");
        }
        demo.ask(&demo.world.ctx_of(otto), approve).await.unwrap();
    }

    /// D15: the same for a member of a group marked sensitive; approval does not cut the cooling-off short.
    async fn d15_a_sensitive_group_needs_a_second_administrator_too(world: World) {
        let (demo, site) = asked(world).await;
        mark_sensitive(&demo).await;
        site.world.clock.advance(DAY);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        assert_eq!(site.stored().await.email.unwrap().as_str(), OLD);
        let dora = person(&demo, "dora.roux@bank-a.example").await;
        ask(&demo, dora, site.user.id, email("nina.third@bank-a.example")).await.unwrap();
        let page = format!("/admin/users/{}", site.user.id);
        let mut second = admin(&demo, &site, "olga.meyer@institution.example").await;
        second.get(&page).await;
        second.post(&format!("{page}/contact"), &[("answer", "approve")]).await;
        assert_eq!(site.stored().await.email.unwrap().as_str(), OLD, "approved, and still cooling off");
        site.world.clock.advance(DAY);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        assert_eq!(site.stored().await.email.unwrap().as_str(), "nina.third@bank-a.example");
    }

    /// D15: an administrator takes back what they asked for.
    async fn d15_an_administrator_withdraws(world: World) {
        let (demo, site) = asked(world).await;
        let page = format!("/admin/users/{}", site.user.id);
        let mut dora = admin(&demo, &site, "dora.roux@bank-a.example").await;
        dora.get(&page).await;
        assert!(dora.html.contains(NEW));
        dora.post(&format!("{page}/contact"), &[("answer", "refuse")]).await;
        assert_eq!(dora.path, format!("{page}?done=contact-refused"));
        assert_eq!(site.stored().await.pending, None);
        let mut browser = site.browser();
        browser.get(&site.link(OLD).await).await;
        assert!(browser.html.contains("no longer works"));
    }

    /// D15: an account that nobody took over and that opens nothing is corrected at once; its first link dies and a new one
    /// goes to the new address. With a group it is pending like any other.
    async fn d15_an_unused_account_is_corrected_at_once_unless_it_opens_something(world: World) {
        let demo = Demo::seeded(world).await;
        let dora = person(&demo, "dora.roux@bank-a.example").await;
        let lena = newcomer(&demo, dora, "lena@bank-a.example").await;
        let site = Site::demo(&demo, "lena@bank-a.example").await;
        let first = site.link("lena@bank-a.example").await;
        demo.world.clock.advance(Duration::from_secs(1));
        let changed = ask(&demo, dora, lena, email("lena.right@bank-a.example")).await.unwrap();
        assert_eq!((changed.email.unwrap().as_str(), changed.pending), ("lena.right@bank-a.example", None));
        let mut browser = site.browser();
        browser.get(&first).await;
        assert!(browser.html.contains("no longer works"));
        let second = site.link("lena.right@bank-a.example").await;
        browser.get(&second).await;
        assert!(browser.html.contains("link-send"), "{}", browser.html);

        give_group(&demo, lena).await;
        let changed = ask(&demo, dora, lena, email("thief@bank-a.example")).await.unwrap();
        assert_eq!(changed.email.unwrap().as_str(), "lena.right@bank-a.example");
        assert!(changed.pending.is_some());
        site.world.clock.advance(DAY);
        contact::settle_all_due(&site.world.db, DAY, &site.world.ctx()).await.unwrap();
        browser.get(&second).await;
        assert!(browser.html.contains("no longer works"), "the invitation to the old address dies");
        assert!(site.link("thief@bank-a.example").await.starts_with("/activate/"));
    }

    /// AU-28: whoever takes an account over by its first password is not alarmed about a change; of the next one they are told.
    async fn au_28_a_first_password_is_no_change_of_one(world: World) {
        let demo = Demo::seeded(world).await;
        newcomer(&demo, person(&demo, "dora.roux@bank-a.example").await, "lena@bank-a.example").await;
        let site = Site::demo(&demo, "lena@bank-a.example").await;
        let mut browser = site.browser();
        for (password, alarms) in [("seven brown otters", 0), ("eight brown otters", 1)] {
            let link = site.link("lena@bank-a.example").await;
            browser.get(&link).await;
            browser.post(&format!("{link}/code"), &[]).await;
            browser.post(&link, &[("code", &site.code().await), ("password", password)]).await;
            assert_eq!(browser.path, "/login?done=password-set", "{}", browser.html);
            let told = site.texts("lena@bank-a.example").await;
            assert_eq!(told.iter().filter(|mail| mail.contains("password was changed")).count(), alarms, "{told:?}");
            site.world.clock.advance(Duration::from_mins(10));
            browser.post("/recover", &[("email", "lena@bank-a.example")]).await;
        }
    }

    /// D15, AU-14: signed in, the owner answers on the page Security: to agree, both factors are proved again.
    async fn au_14_agreeing_in_a_session_needs_a_fresh_sign_in(world: World) {
        let (demo, site) = asked(world).await;
        let mut nina = site.browser();
        nina.sign_in(&site, OLD, &password(&demo, OLD)).await;
        site.world.clock.advance(Duration::from_mins(6));
        nina.get("/security").await;
        assert!(nina.html.contains(NEW));
        nina.post("/security/contact", &[("answer", "agree")]).await;
        assert_eq!(nina.path, "/login/step-up?return=%2Fsecurity");
        assert!(site.stored().await.pending.is_some());
        nina.post("/login/step-up", &[("password", &password(&demo, OLD))]).await;
        nina.post("/login/step-up/code", &[("code", &site.code().await)]).await;
        assert_eq!(nina.path, "/security");
        nina.post("/security/contact", &[("answer", "agree")]).await;
        assert_eq!(nina.path, "/security?done=contact-agreed");
        assert_eq!(site.stored().await.email.unwrap().as_str(), NEW);
    }

    /// SC-15, `decisions.md` 5: what an HR system asks for again and again starts nothing anew, and it approves nothing.
    async fn sc_15_a_service_repeats_itself_without_harm_and_approves_nothing(world: World) {
        let (demo, site) = asked(world).await;
        let tx = &mut demo.reader().await;
        let hr = chamberlain::directory::client::store::find_by_client_id(tx, "hr-bank-a").await.unwrap().unwrap().id;
        let hr = PrincipalId::Service(hr);
        let since = site.stored().await.pending.unwrap().since;
        site.world.clock.advance(Duration::from_hours(1));
        let again = ask(&demo, hr, site.user.id, both()).await.unwrap();
        assert_eq!(again.pending.unwrap().since, since);
        let approve = chamberlain::authority::action::ApproveContact { user: site.user.id };
        assert!(demo.ask(&demo.world.ctx_of(hr), approve).await.is_err());
    }
}

async fn newcomer(demo: &Demo, by: PrincipalId, email: &str) -> UserId {
    let organisation = demo.organisation("Bank A").await;
    let ctx = demo.world.ctx_of(by);
    let made: Result<User, UserError> = transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, CreateUser { organisation }).await.unwrap();
        let new = NewUser {
            user_name: None,
            email: email.parse().ok(),
            phone: "+4969555123".parse().ok(),
            given_name: "Lena".to_owned(),
            family_name: "Neu".to_owned(),
            company_id: None,
            subsidiary: None,
            locale: None,
            account_expires_at: None,
            active: true,
            scim: serde_json::Map::new(),
        };
        create::create(tx, permit, new, &ctx).await
    });
    made.unwrap().id
}

async fn give_group(demo: &Demo, user: UserId) {
    let group = demo.group("IMAS_PORTAL_USER").await;
    let ctx = demo.world.ctx_of(PrincipalId::Console);
    let done: Result<(), assign::MembershipError> = transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, AssignMembership { user, group }).await.unwrap();
        assign::assign(tx, permit, None, &ctx).await.map(drop)
    });
    done.unwrap();
}

/// Puts Nina into a group that is marked sensitive.
async fn mark_sensitive(demo: &Demo) {
    let (user, group) = (demo.user(OLD).await, demo.group("IMAS_PORTAL_USER").await);
    let held = membership::store::list_of_user(&mut demo.reader().await, user).await.unwrap();
    if held.iter().all(|held| held.group != group) {
        give_group(demo, user).await;
    }
    let sql = "UPDATE groups SET sensitive = TRUE WHERE code = 'IMAS_PORTAL_USER'";
    let done: chamberlain::db::Result<()> = transact!(demo.world.db, tx => {
        Ok(chamberlain::on!(tx, c => sqlx::query(sql).execute(c).await.map(drop))?)
    });
    done.unwrap();
}
