//! Terms of use: the page between the sign-in and everything else, and what it records (E16).

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::agreements::accept::{AcceptError, Shown, accept};
use chamberlain::agreements::{Documents, GENERAL, store};
use chamberlain::audit::Kind;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use super::browser::{Answer, Browser};
use super::pages::check;
use super::routes;
use super::town::Town;
use crate::support::World;
use crate::support::terms::general;

async fn town(world: World, documents: Documents) -> Town {
    let mut town = Town::build(world).await;
    town.app.agreements = documents;
    town
}

async fn accepted(town: &Town, user: UserId) -> Vec<(String, i64, String)> {
    let list = store::list(&mut town.world.db.reader().await.unwrap(), user).await.unwrap();
    list.into_iter().map(|one| (one.terms, one.version, one.language)).collect()
}

async fn events(town: &Town, user: UserId, kind: Kind) -> i64 {
    let tx = &mut town.world.db.reader().await.unwrap();
    chamberlain::audit::store::count_of_kind(tx, user.0, kind, Timestamp(0)).await.unwrap()
}

/// The page that asks, on the way to another one.
async fn asked(browser: &mut Browser, path: &str) -> Answer {
    let answer = browser.get(path).await;
    assert!(answer.location().starts_with("/terms/accept?return="), "{path}: {} {}", answer.status, answer.location());
    let page = browser.get(answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    check(&page);
    page
}

on_both! {
    /// E16: after the sign-in and before anything else the text is shown as it is written; accepting it leads on to where one wanted to go.
    async fn the_terms_stand_between_the_sign_in_and_the_portal(world: World) {
        let town = town(world, general(&["2026-11-01"])).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let page = asked(&mut anna, "/admin/users?search=1&family_name=Perry").await;
        assert_eq!(page.heading(), "Terms of general");
        assert!(page.text.contains("&lt;script&gt;") || page.text.contains("&#60;script&#62;"), "text, not markup: {}", page.text);
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<b>bold") && page.has("main li"));
        assert!(page.has("a[href='/logout']") && !page.has("nav.menu"), "there is nowhere to go but out");
        let on = anna.submit(&page.form("/terms/accept").set("answer", "accept")).await;
        assert_eq!(on.location(), "/admin/users?search=1&family_name=Perry");
        assert_eq!(anna.get("/admin/users?search=1&family_name=Perry").await.status, StatusCode::OK);
        assert_eq!(accepted(&town, dua).await, [(GENERAL.to_owned(), 1, "en".to_owned())]);
        assert_eq!(events(&town, dua, Kind::TermsAccepted).await, 1);
        let profile = anna.get("/profile").await;
        check(&profile);
        assert!(profile.has("#accepted a[href='/terms/general/1']") && profile.text.contains("2026-11-23"), "{}", profile.text);
        assert!(profile.has("footer a[href='/terms']"));
        assert_eq!(anna.get("/terms/accept?return=/profile").await.location(), "/profile", "not asked twice");
    }

    /// E16: whatever asks who is signed in asks for the terms as well: every address behind the sign-in, for reading and for writing.
    async fn no_page_and_no_form_passes_by_the_terms(world: World) {
        let town = town(world, general(&["2026-11-01"])).await;
        let (dua, daa, _) = town.staff().await;
        let parts = routes::filled(&town).await;
        // Two, so that neither asks for more than one account may.
        let (mut anna, mut paul, mut nobody) = (town.signed_in(dua).await, town.signed_in(daa).await, town.browser());
        let mut closed = 0;
        for route in routes::all() {
            let path = routes::fill(&route.path, &parts);
            let post = || Request::post(&path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
            let mut answers = Vec::new();
            if route.get {
                answers.push((nobody.get(&path).await, anna.get(&path).await));
            }
            if route.post {
                answers.push((nobody.send(post(), &path).await, paul.send(post(), &path).await));
            }
            for (stranger, hers) in answers {
                if !stranger.location().starts_with("/login?return=") || path == "/terms/accept" {
                    continue;
                }
                closed += 1;
                assert!(hers.location().starts_with("/terms/accept?return="), "{path}: {} {}", hers.status, hers.location());
            }
        }
        assert!(closed > 150, "only {closed} addresses behind the sign-in");
    }

    /// E16: after a change it is asked again from its day on, not before; the old version can no longer be accepted, nor a coming one.
    async fn a_new_version_is_asked_for_from_its_day_on(world: World) {
        let town = town(world, general(&["2026-11-01", "2026-11-24", "2027-01-01"])).await;
        let fred = town.person("Fred", "Perry", town.bank_b).await;
        let mut browser = town.signed_in(fred).await;
        let page = asked(&mut browser, "/").await;
        let form = page.form("/terms/accept").set("answer", "accept");
        for wrong in ["2", "3", "0", "4294967295"] {
            let answer = browser.submit(&form.clone().set("version", wrong)).await;
            assert!(answer.location().ends_with("problem=changed"), "{wrong}: {}", answer.location());
        }
        assert_eq!(browser.submit(&form.clone().set("language", "fr")).await.location().split('&').next_back(), Some("problem=changed"));
        assert_eq!(browser.submit(&form.clone().set("terms", "others")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.submit(&form.clone().set("answer", "perhaps")).await.status, StatusCode::BAD_REQUEST);
        assert!(accepted(&town, fred).await.is_empty());
        browser.submit(&form).await;
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
        town.world.clock.advance(std::time::Duration::from_hours(15));
        let mut browser = town.signed_in(fred).await;
        let current = asked(&mut browser, "/").await.form("/terms/accept").set("answer", "accept");
        let late = browser.submit(&current.set("version", "1")).await;
        assert!(late.location().ends_with("problem=changed"), "what was read is not what holds: {}", late.location());
        let page = browser.get(late.location()).await;
        check(&page);
        assert!(page.text.contains("Another version took effect") && page.text.contains("Hello 2") && page.has("#terms-before"), "{}", page.text);
        asked(&mut browser, "/profile").await;
        browser.submit(&page.form("/terms/accept").set("answer", "accept")).await;
        assert_eq!(accepted(&town, fred).await.iter().map(|(_, version, _)| *version).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(browser.get("/profile").await.status, StatusCode::OK);
    }

    /// E16, OA-45: the form of another browser or of no page of ours accepts nothing, and whose answer it is the session alone says.
    async fn nobody_accepts_for_somebody_else(world: World) {
        let town = town(world, general(&["2026-11-01"])).await;
        let (dua, _, fred) = town.staff().await;
        let (mut anna, mut freds) = (town.signed_in(dua).await, town.signed_in(fred).await);
        let form = asked(&mut anna, "/").await.form("/terms/accept").set("answer", "accept");
        assert_eq!(freds.submit(&form).await.status, StatusCode::FORBIDDEN, "the token is of another session");
        assert_eq!(anna.submit(&form.clone().set("csrf", "")).await.status, StatusCode::FORBIDDEN);
        let cross = Request::post("/terms/accept").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site").body(Body::from(form.body())).unwrap();
        assert_eq!(anna.send(cross, "/terms/accept").await.status, StatusCode::FORBIDDEN);
        assert_eq!(anna.submit(&form.clone().set("user", &fred.to_string()).set("user_id", &fred.to_string())).await.status, StatusCode::SEE_OTHER);
        assert!(accepted(&town, fred).await.is_empty());
        assert_eq!(accepted(&town, dua).await.len(), 1);
        let (documents, shown) = (general(&["2026-11-01"]), Shown { terms: GENERAL, version: 1, language: "en" });
        let ctx = town.world.ctx_of(PrincipalId::Console);
        let console: Result<bool, AcceptError> = transact!(town.world.db, tx => accept(tx, &documents, shown, &ctx).await);
        assert!(matches!(console, Err(AcceptError::NoPerson)));
    }

    /// E16: two answers at once are one row and one event.
    async fn two_answers_at_once_are_one(world: World) {
        let town = town(world, general(&["2026-11-01"])).await;
        let fred = town.person("Fred", "Perry", town.bank_b).await;
        let ctx = town.world.ctx_of(PrincipalId::Person(fred));
        let shown = Shown { terms: GENERAL, version: 1, language: "en" };
        let once = async || -> Result<bool, AcceptError> {
            transact!(town.world.db, tx => accept(tx, &town.app.agreements, shown, &ctx).await)
        };
        let (one, two) = tokio::join!(once(), once());
        assert_ne!(one.unwrap(), two.unwrap());
        assert_eq!((accepted(&town, fred).await.len(), events(&town, fred, Kind::TermsAccepted).await), (1, 1));
    }

    /// E16: the language in which it was read is what is recorded, English where there is no other.
    async fn the_language_that_was_read_is_recorded(world: World) {
        let town = town(world, general(&["2026-11-01"])).await;
        for (given, language, text, recorded) in [("Karl", "de", "Hallo 1", "de"), ("Marie", "fr", "Hello 1", "en")] {
            let person = town.person(given, "Reader", town.bank_b).await;
            let mut browser = town.signed_in(person).await.speaking(language);
            let page = asked(&mut browser, "/").await;
            assert!(page.has(&format!("html[lang={language}]")) && page.has(&format!("main [lang={recorded}]")) && page.text.contains(text), "{}", page.text);
            browser.submit(&page.form("/terms/accept").set("answer", "accept")).await;
            assert_eq!(accepted(&town, person).await, [(GENERAL.to_owned(), 1, recorded.to_owned())]);
        }
    }

    /// E16: not accepting ends the session, says what it means, and is recorded.
    async fn not_accepting_signs_out_and_says_what_it_means(world: World) {
        let town = town(world, general(&["2026-11-01"])).await;
        let fred = town.person("Fred", "Perry", town.bank_b).await;
        let mut browser = town.signed_in(fred).await;
        let form = asked(&mut browser, "/").await.form("/terms/accept").set("answer", "refuse");
        let page = browser.submit_and_follow(&form).await;
        check(&page);
        assert_eq!(page.heading(), "You did not accept");
        assert!(page.has("a[href='/login?return=%2F']"), "{}", page.text);
        assert!(browser.get("/profile").await.location().starts_with("/login"));
        assert!(accepted(&town, fred).await.is_empty());
        assert_eq!((events(&town, fred, Kind::TermsRefused).await, events(&town, fred, Kind::SignedOut).await), (1, 1));
    }

    /// E16: everybody may read every version that holds, held or is announced, and no draft; where there are none nothing is asked.
    async fn the_terms_are_public(world: World) {
        let mut town = town(world, general(&["2026-11-01", "2027-01-01", "draft"])).await;
        let fred = town.person("Fred", "Perry", town.bank_b).await;
        for language in ["en", "de", "fr"] {
            let mut stranger = town.browser().speaking(language);
            for path in ["/terms", "/terms/general/1", "/terms/general/2"] {
                let page = stranger.get(path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                check(&page);
                assert!(page.has("a[href='/terms/general/2']") && page.has("footer a[href='/terms']") && !page.text.contains("<script>alert"));
            }
            for path in ["/terms/general/3", "/terms/general/01", "/terms/other/1", "/terms/general/x"] {
                assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
        town.app.agreements = Documents::default();
        let page = town.signed_in(fred).await.get("/").await;
        assert!(page.status == StatusCode::OK && !page.has("footer a[href='/terms']"));
        for path in ["/terms", "/terms/accept"] {
            assert_eq!(town.signed_in(fred).await.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
