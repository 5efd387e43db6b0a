//! Roles that ask for a stronger sign-in than a code by phone (`decisions.md` 10).

use axum::http::StatusCode;
use chamberlain::authority::action::{MoveOrganisation, MoveUser};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::{organisation, user};
use chamberlain::factors::{self, Factors};
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::kernel::strength::Strength;
use chamberlain::transact;

use super::town::Town;
use crate::support::{Failure, World, failure};

/// The town, whose user administrators are asked for this.
async fn town(world: World, asked: &str) -> (Town, UserId) {
    let (_, text) = SHIPPED[0];
    let text = text.replacen("second_factor = \"any\"", asked, 1);
    let town = Town::of(world, load(&text).unwrap()).await;
    let (dua, _, _) = town.staff().await;
    (town, dua)
}

on_both! {
    /// Decision 10: what nobody has said otherwise, whoever changes anything uses an app or a passkey; until then the role has no effect on any
    /// surface, its menus are not there, and each page says why.
    async fn administrators_use_an_app_or_a_passkey_unless_the_profile_says_otherwise(world: World) {
        let (town, dua) = town(world, "").await;
        let mut by_phone = town.signed_in(dua).await;
        let page = by_phone.get("/").await;
        assert!(page.text.contains("has effect only when you sign in with an authenticator app or a passkey"), "{}", page.text);
        assert!(!page.has("nav.menu a[href='/admin/users']"));
        assert_eq!(by_phone.get("/admin/users/new").await.status, StatusCode::FORBIDDEN);

        for amr in [["pwd", "otp", "mfa"], ["pop", "user", "mfa"]] {
            let mut stronger = town.signed_in_by(dua, &amr).await;
            let page = stronger.get("/").await;
            assert!(page.has("nav.menu a[href='/admin/users']") && !page.has("#reminder"), "{}", page.text);
            assert_eq!(stronger.get("/admin/users/new").await.status, StatusCode::OK);
        }
    }

    /// A profile may ask for a passkey, and for no more than a code by phone.
    async fn a_profile_says_how_strongly(world: World) {
        let (town, dua) = town(world, "second_factor = \"passkey\"").await;
        let mut by_app = town.signed_in_by(dua, &["pwd", "otp", "mfa"]).await;
        let page = by_app.get("/").await;
        assert!(page.text.contains("has effect only when you sign in with a passkey"), "{}", page.text);
        assert_eq!(by_app.get("/admin/users/new").await.status, StatusCode::FORBIDDEN);
        let mut by_passkey = town.signed_in_by(dua, &["pop", "user", "mfa"]).await;
        assert_eq!(by_passkey.get("/admin/users/new").await.status, StatusCode::OK);
    }

    /// What a level asks for is the least that holds for its people and for those of all levels below: without it their roles wait.
    async fn a_level_asks_its_people_and_those_below_for_a_way_to_sign_in(world: World) {
        let town = Town::build(world).await;
        let dua = town.person("Anna", "Berg", town.frankfurt).await;
        town.give(dua, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        assert!(town.signed_in(dua).await.get("/").await.has("nav.menu a[href='/admin/users']"));
        let operator = town.operator().await;
        let mut olga = town.signed_in_by(operator, &["pwd", "otp", "mfa"]).await;
        let address = format!("/admin/levels/{}/sign-in", town.bank_b);
        let form = olga.get(&address).await.form(&address);
        let page = olga.submit_and_follow(&form.set("second_factor", "app")).await;
        assert!(page.text.contains("Authenticator app or passkey"), "{}", page.text);
        let below = olga.get(&format!("/admin/levels/{}", town.frankfurt)).await;
        assert!(below.text.contains("Authenticator app or passkey (asked for by a level above)"), "{}", below.text);

        let page = town.signed_in(dua).await.get("/").await;
        assert!(page.text.contains("has effect only when you sign in with an authenticator app or a passkey"), "{}", page.text);
        assert!(!page.has("nav.menu a[href='/admin/users']"));
        let mut by_app = town.signed_in_by(dua, &["pwd", "otp", "mfa"]).await;
        assert!(by_app.get("/").await.has("nav.menu a[href='/admin/users']"));
        assert_eq!(by_app.get(&address).await.status, StatusCode::NOT_FOUND, "out of sight");
    }

    /// Nobody asks others for what they do not do themselves, and nobody takes back what they could not have asked for: neither
    /// a slip nor a stolen session shuts anybody out or lets anybody in.
    async fn who_changes_it_has_signed_in_as_strongly(world: World) {
        let town = Town::build(world).await;
        let operator = town.operator().await;
        let address = format!("/admin/levels/{}/sign-in", town.bank_b);
        let by_phone = ["pwd", "sms", "mfa"];
        let by_passkey = ["pop", "user", "mfa"];
        for (amr, asked, done) in
            [(by_phone, "passkey", false), (by_passkey, "passkey", true), (by_phone, "any", false), (by_passkey, "any", true)]
        {
            let mut olga = town.signed_in_by(operator, &amr).await;
            let form = olga.get(&address).await.form(&address).set("second_factor", asked);
            let page = olga.submit(&form).await;
            assert_eq!(page.status, if done { StatusCode::SEE_OTHER } else { StatusCode::OK }, "{amr:?} {asked}");
            assert_eq!(page.text.contains("Sign in with a passkey yourself first"), !done, "{amr:?} {asked} {}", page.text);
        }
        let mut olga = town.signed_in_by(operator, &by_passkey).await;
        let form = olga.get(&address).await.form(&address).set("second_factor", "retina");
        let page = olga.submit(&form).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Choose one of the ways"), "{}", page.text);
    }

    /// Moving somebody, or a level, to where less is asked takes the rule off, too: whoever does it has signed in as strongly. Those who step up
    /// do not get weaker by it.
    async fn nobody_is_moved_out_of_a_rule_by_a_weaker_sign_in(world: World) {
        let town = Town::build(world).await;
        let operator = town.operator().await;
        let anna = town.person("Anna", "Berg", town.frankfurt).await;
        let mut strong = town.signed_in_by(operator, &["pop", "user", "mfa"]).await;
        let rule = format!("/admin/levels/{}/sign-in", town.bank_b);
        let form = strong.get(&rule).await.form(&rule).set("second_factor", "passkey");
        assert_eq!(strong.submit(&form).await.status, StatusCode::SEE_OTHER);
        let (db, door) = (&town.world.db, &town.app.door);
        for (strength, moved) in [(Strength::App, false), (Strength::Passkey, true)] {
            let ctx = Ctx { strength, second_factor_at: Some(town.world.clock.now()), ..town.world.ctx_of(PrincipalId::Person(operator)) };
            let done: Result<(), Failure> = transact!(*db, tx => {
                let permit = door.authorise(tx, &ctx, MoveOrganisation { organisation: town.frankfurt, to: town.bank_a }).await?;
                organisation::transfer::transfer(tx, permit, &ctx).await.map(drop).map_err(failure)
            });
            assert_eq!(done.is_ok(), moved, "{strength}: a level, to Bank A and back");
            let done: Result<(), Failure> = transact!(*db, tx => {
                let permit = door.authorise(tx, &ctx, MoveOrganisation { organisation: town.frankfurt, to: town.bank_b }).await?;
                organisation::transfer::transfer(tx, permit, &ctx).await.map(drop).map_err(failure)
            });
            done.unwrap();
            let done: Result<(), Failure> = transact!(*db, tx => {
                let permit = door.authorise(tx, &ctx, MoveUser { user: anna, to: town.bank_a }).await?;
                let guard = Guard { roles: door.roles(), reason: Some("she changes") };
                user::transfer::transfer(tx, permit, guard, &ctx).await.map(drop).map_err(failure)
            });
            assert_eq!(done.is_ok(), moved, "{strength}: a person");
        }
    }

    /// Short elevation: a profile says how long after both factors an administrator changes things; the page of a change asks before
    /// anything is typed, and reading goes on.
    async fn a_profile_says_how_long_administrators_may_change_things(world: World) {
        let text = SHIPPED[0].1.replacen("[credentials]", "[credentials]\nelevation_seconds = 600", 1);
        let profile = load(&text).unwrap();
        let elevation = profile.elevation;
        let mut town = Town::of(world, profile).await;
        town.app.door = town.app.door.clone().elevating_for(elevation);
        let operator = town.operator().await;
        let mut olga = town.signed_in(operator).await;
        let address = format!("/admin/levels/{}/sign-in", town.bank_b);
        let form = olga.get(&address).await.form(&address);
        town.world.clock.advance(std::time::Duration::from_secs(601));
        let asked = olga.get(&address).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        assert!(asked.location().starts_with("/login/step-up?return="), "{}", asked.location());
        assert!(olga.submit(&form).await.location().starts_with("/login/step-up?return="));
        assert_eq!(olga.get(&format!("/admin/levels/{}", town.bank_b)).await.status, StatusCode::OK, "reading goes on");
        let mut again = town.signed_in(operator).await;
        assert_eq!(again.get(&address).await.status, StatusCode::OK);
    }

    /// Operators choose among the rules of the profile for passwords; user administrators of a level are not asked, and do not choose by a form of their own.
    async fn operators_choose_rules_for_the_passwords_of_a_level(world: World) {
        let text = SHIPPED[0].1.replacen("[retention]", "[credentials.password_sets.long]\nmin_characters = 20\n\n[retention]", 1);
        let profile = load(&text).unwrap();
        let passwords = profile.passwords.clone();
        let mut town = Town::of(world, profile).await;
        town.app.passwords = passwords;
        let operator = town.operator().await;
        let mut olga = town.signed_in(operator).await;
        let address = format!("/admin/levels/{}/sign-in", town.bank_b);
        let form = olga.get(&address).await.form(&address);
        olga.submit_and_follow(&form.clone().set("passwords", "long")).await;
        let below = olga.get(&format!("/admin/levels/{}/sign-in", town.frankfurt)).await;
        assert!(below.text.contains("Those of the level above (long)"), "{}", below.text);
        let page = olga.submit(&form.set("passwords", "short")).await;
        assert!(page.text.contains("Choose rules of the profile"), "{}", page.text);
        let events = olga.get("/admin/audit?kind=organisation.sign_in_changed").await;
        assert!(events.text.contains("Sign-in of the people of a level changed"), "{}", events.text);
    }

    /// What an environment asks for is put up and taken off only by who has signed in as strongly; everything else of it is changed as before.
    async fn an_environment_is_changed_by_who_has_signed_in_as_strongly_as_it_asks(world: World) {
        let town = Town::build(world).await;
        let operator = town.operator().await;
        let (by_phone, by_passkey) = (["pwd", "sms", "mfa"], ["pop", "user", "mfa"]);
        let base = format!("/admin/applications/{}", town.imas);
        let page = town.signed_in_by(operator, &by_phone).await.get(&base).await;
        let address = page.attribute("tbody a[href*='/environments/']", "href");
        for (amr, asked, done) in
            [(by_phone, "passkey", false), (by_passkey, "passkey", true), (by_phone, "any", false), (by_passkey, "any", true)]
        {
            let mut olga = town.signed_in_by(operator, &amr).await;
            let form = olga.get(&address).await.form(&address).set("second_factor", asked);
            let page = olga.submit(&form).await;
            assert_eq!(page.status, if done { StatusCode::SEE_OTHER } else { StatusCode::OK }, "{amr:?} {asked}");
            assert_eq!(page.text.contains("Sign in with a passkey yourself first"), !done, "{amr:?} {asked} {}", page.text);
            let renamed = olga.get(&address).await.form(&address).set("title", &format!("{asked} {done}"));
            assert_eq!(olga.submit(&renamed).await.status, StatusCode::SEE_OTHER, "the title, {amr:?}");
        }
    }

    /// Short elevation: a page that is read before anything is decided is shown after it; a form that there is nothing to read on is not.
    async fn a_page_that_is_read_first_is_shown_after_the_elevation_and_a_form_is_not(world: World) {
        let text = SHIPPED[0].1.replacen("[credentials]", "[credentials]\nelevation_seconds = 600", 1);
        let profile = load(&text).unwrap();
        let elevation = profile.elevation;
        let mut town = Town::of(world, profile).await;
        town.app.door = town.app.door.clone().elevating_for(elevation);
        let (dua, _, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        town.world.clock.advance(std::time::Duration::from_secs(601));
        assert_eq!(anna.get("/tasks/recertification").await.status, StatusCode::OK);
        assert_eq!(anna.get(&format!("/admin/users/{fred}")).await.status, StatusCode::OK);
        for form in ["/admin/users/new".to_owned(), "/admin/users/import".to_owned(), format!("/admin/users/{fred}/edit"), format!("/admin/users/{fred}/move")] {
            let asked = anna.get(&form).await;
            assert!(asked.status == StatusCode::SEE_OTHER && asked.location().starts_with("/login/step-up?return="), "{form} {}", asked.text);
        }
    }

    /// A set of rules for passwords that the profile has no more hides none further up.
    async fn rules_for_passwords_that_are_gone_from_the_profile_give_way_to_those_above(world: World) {
        let with = |sets: &str| load(&SHIPPED[0].1.replacen("[retention]", &format!("{sets}\n[retention]"), 1)).unwrap().passwords;
        let set = |code: &str, least: usize| format!("[credentials.password_sets.{code}]\nmin_characters = {least}\n");
        let both = with(&(set("long", 20) + &set("longer", 30)));
        let mut town = Town::build(world).await;
        town.app.passwords = both.clone();
        let operator = town.operator().await;
        let mut olga = town.signed_in(operator).await;
        for (level, code) in [(town.bank_b, "long"), (town.frankfurt, "longer")] {
            let address = format!("/admin/levels/{level}/sign-in");
            let form = olga.get(&address).await.form(&address);
            assert_eq!(olga.submit(&form.set("passwords", code)).await.status, StatusCode::SEE_OTHER);
        }
        let anna = town.person("Anna", "Berg", town.frankfurt).await;
        let anna = user::store::find(&mut town.world.db.reader().await.unwrap(), anna).await.unwrap().unwrap();
        let mut factors = Factors::new(factors::Settings::default());
        for (sets, least) in [(both, 30), (with(&set("long", 20)), 20), (with(""), 12)] {
            factors.passwords = sets;
            assert_eq!(factors.password_rules(&town.world.db, &anna).await.unwrap().min_characters, least);
        }
    }
}
