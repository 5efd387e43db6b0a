//! Every page, in every language: labels, hidden tokens, headings, no missing text, nothing inline.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use scraper::Html;

use super::browser::{Answer, selector};
use super::routes;
use super::town::Town;

/// Addresses that cannot be opened without what only a story has.
const OPENED_ELSEWHERE: [&str; 37] = [
    "/admin/clients/{id}/push",
    "/admin/clients/{id}/roles",
    "/admin/clients/{id}/requests",
    "/admin/clients/{id}/tokens",
    "/admin/clients/{id}/stream",
    "/admin/clients/registration/{token}",
    "/renew/",
    "/amendments/",
    "/directory",
    "/terms",
    "/admin/deputies/{deputy}/end",
    "/admin/users/{id}/deputy",
    "/admin/levels/{id}/managers",
    "/assets",
    "/activate",
    "/recover/",
    "/contact",
    "/login",
    "/security/phone/code",
    "/.well-known/change-password",
    "/security/apps/{id}",
    "/sessions/{id}",
    "/security/passkeys/",
    "/security/email/",
    "/dev",
    "/projects/",
    "/organisations/",
    "/roles/",
    "/nominations/",
    "/nomination/",
    "/tasks",
    "/register-authority/",
    "/registration/",
    "/admin/invitations/{registration}",
    "/tasks/validations/{registration}",
    "/admin/users/{id}/restore",
    "/admin/applications/{id}/delete",
];

/// What is true of every page.
pub fn check(answer: &Answer) {
    let (path, text) = (&answer.path, &answer.text);
    assert!(
        !text.contains('⟦'),
        "{path}: a text is missing: {}",
        text.split('⟦').nth(1).unwrap_or_default().split('⟧').next().unwrap_or_default()
    );
    let html = answer.html();
    for element in html.select(&selector("*")) {
        let inline = element.value().attrs().find(|(name, _)| *name == "style" || name.starts_with("on"));
        assert!(inline.is_none() && element.value().name() != "style", "{path}: inline style or script {inline:?}");
    }
    assert_eq!(html.select(&selector("h1")).count(), 1, "{path}: one heading");
    assert_eq!(html.select(&selector("main")).count(), 1, "{path}: one main");
    assert!(html.select(&selector("html[lang]")).next().is_some(), "{path}: a language");
    assert!(html.select(&selector("a.skip")).next().is_some(), "{path}: a skip link");
    assert!(html.select(&selector("script:not([src])")).next().is_none(), "{path}: inline script");
    // E08: whom to ask stands on every page.
    for link in ["/help", "/privacy", "/accessibility", "mailto:help@example.org", "tel:+49691234"] {
        assert!(answer.has(&format!("footer a[href='{link}']")), "{path}: {link}");
    }
    ids_are_unique(path, &html);
    forms_are_whole(path, &html);
}

fn ids_are_unique(path: &str, html: &Html) {
    let mut seen = BTreeSet::new();
    for element in html.select(&selector("[id]")) {
        assert!(seen.insert(element.value().id().unwrap()), "{path}: id {:?} twice", element.value().id());
    }
    for element in html.select(&selector("[aria-describedby]")) {
        for id in element.value().attr("aria-describedby").unwrap().split_whitespace() {
            assert!(seen.contains(id), "{path}: described by {id}, which is not there");
        }
    }
}

fn forms_are_whole(path: &str, html: &Html) {
    for form in html.select(&selector("form")) {
        let method = form.value().attr("method").expect("a form says how it is sent");
        if method == "post" {
            assert_eq!(
                form.select(&selector("input[type=hidden][name=csrf]")).count(),
                1,
                "{path}: one hidden token per form"
            );
        }
        let buttons = form.select(&selector("button:not([type=button])")).count();
        assert!(buttons > 0, "{path}: a form without a button cannot be sent without script");
        for control in form.select(&selector("input:not([type=hidden]), select, textarea")) {
            let id = control.value().id().unwrap_or_else(|| panic!("{path}: a field without id"));
            let labels = html.select(&selector(&format!("label[for='{id}']"))).count();
            assert_eq!(labels, 1, "{path}: labels of {id}");
        }
    }
}

on_both! {
    /// G3, G8, 19 in `decisions.md`: every address that can be opened, found in the source, renders in three languages for
    /// everybody who may open it, whole and without script.
    async fn every_page_renders_in_every_language(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let operator = town.operator().await;
        let parts = routes::filled(&town).await;
        let mut opened = BTreeSet::new();
        for language in ["en", "de", "fr"] {
            for path in ["/login", "/login/expired", "/recover", "/help", "/privacy", "/accessibility", "/nothing-here"] {
                let answer = town.browser().speaking(language).get(path).await;
                assert!(answer.has(&format!("html[lang={language}]")), "{path}");
                check(&answer);
            }
            for person in [operator, dua, daa, fred] {
                let mut browser = town.signed_in(person).await.speaking(language);
                for route in routes::all().into_iter().filter(|route| route.get) {
                    for word in ["delete", "deactivate", "block"] {
                        let path = routes::fill(&route.path.replace("{stop}", word), &parts);
                        let answer = browser.get(&path).await;
                        assert!(!answer.status.is_server_error(), "{language} {path}:\n{}", answer.text);
                        let html = answer.headers.get("content-type").is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"));
                        if html {
                            assert!(answer.has(&format!("html[lang={language}]")), "{path}");
                            check(&answer);
                        }
                        if answer.status == StatusCode::OK {
                            opened.insert(route.path.clone());
                        }
                        if !route.path.contains("{stop}") {
                            break;
                        }
                    }
                }
            }
        }
        let unopened: Vec<_> = routes::all().into_iter().filter(|route| route.get && !opened.contains(&route.path)).map(|route| route.path).collect();
        // Those that need a mail, a sign-in under way or somebody deleted are opened by the tests of their stories.
        assert!(unopened.iter().all(|path| OPENED_ELSEWHERE.iter().any(|known| path.starts_with(known))), "nobody could open {unopened:?}");
    }

    /// Titles say what is wrong and how many results there are, before the name of the page.
    async fn titles_tell_results(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        assert!(anna.get("/admin/users").await.text.contains("<title>User Management (3) · "));
        let page = anna.get("/admin/users?search=1&family_name=zzz").await;
        assert!(page.text.contains("<title>User Management (0) · ") && page.has("main a[href='/admin/users']"), "{}", page.text);
    }

    /// G10: browsers and password managers are told what each field of a credential is; none is told to forget it. What is
    /// typed about other people is not filled in from one's own address book.
    async fn g_10_fields_carry_their_autofill_tokens(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut stranger = town.browser();
        let login = stranger.get("/login").await;
        assert!(login.has("#login-email[type=email][autocomplete~=username][maxlength='254']"), "{}", login.text);
        assert!(login.has("#login-password[type=password][autocomplete='current-password']:not([value])"));
        assert!(stranger.get("/recover").await.has("#recover-email[type=email][autocomplete~=username]"));
        let form = login.form("/login").set("email", "nobody@example.org").set("password", "whatever it was");
        let page = stranger.submit_and_follow(&form).await;
        assert!(page.has("#login-code[type=text][inputmode=numeric][autocomplete='one-time-code']"), "{}", page.text);
        let page = town.signed_in(fred).await.get("/security").await;
        assert!(page.has("input[type=password][autocomplete='current-password']") && page.has("input[type=password][autocomplete='new-password']"), "{}", page.text);
        let page = town.signed_in(dua).await.get("/admin/users/new").await;
        for (field, kind) in [("given_name", "text"), ("family_name", "text"), ("email", "email"), ("phone", "tel")] {
            assert!(page.has(&format!("#{field}[type={kind}][autocomplete=off]")), "{field}:\n{}", page.text);
        }
        for page in [login, page] {
            assert!(!page.has("input[type=password][autocomplete=off]"));
        }
    }

    /// Errors stand at their fields and in the summary, with what was typed kept (E45).
    async fn a_form_with_mistakes_comes_back_with_all_of_them(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut browser = town.signed_in(dua).await;
        let form = browser.get("/admin/users/new").await.form("/admin/users/new");
        let answer = browser.submit(&form.set("given_name", "Ann").set("email", "nonsense").set("phone", "12").set("expires", "2020-01-01")).await;
        assert_eq!(answer.status, StatusCode::OK);
        check(&answer);
        for field in ["family_name", "email", "phone", "expires"] {
            assert!(answer.has(&format!("#{field}-error")) && answer.has(&format!("#problem a[href='#{field}']")), "{field}:\n{}", answer.text);
        }
        assert!(answer.has("#given_name[value=Ann]") && answer.has("#email[aria-invalid=true]"));
        assert!(answer.text.contains("<title>There is a problem"));
    }
}

on_both! {
    /// P12, P74: whoever holds a role reads which roles there are and who nominates whom; nobody else does.
    async fn the_nomination_pattern_is_a_page_for_whoever_holds_a_role(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let page = town.signed_in(dua).await.get("/admin/roles").await;
        assert_eq!(page.status, StatusCode::OK);
        let html = page.html();
        let titles: Vec<String> = html.select(&selector("main h2")).map(|title| title.text().collect()).collect();
        assert_eq!(titles, ["ApplicationAccessAdmin", "DelegatedUserAdmin", "Operator", "ProvisioningAdmin", "ResourceOwner"]);
        assert!(page.text.contains("DelegatedUserAdmin (with a scope that contains it)"), "{}", page.text);
        assert!(page.text.contains("May create, change and delete users of the level."), "{}", page.text);
        assert!(page.text.contains("<dt>Only together with</dt><dd>DelegatedUserAdmin</dd>"), "{}", page.text);
        assert_eq!(town.signed_in(fred).await.get("/admin/roles").await.status, StatusCode::FORBIDDEN);
    }
}
