//! What people type is shown as text wherever it appears.

use axum::http::StatusCode;

use super::browser::{Answer, Browser, Form};
use super::routes;
use super::town::Town;

/// Closes attributes and elements, and would run.
const CANARY: &str = "\"'><script>canary()</script>{{7*7}}";

/// Puts the canary into every text field of a form that takes it, and tells how many.
fn poison(page: &Answer, action: &str) -> (Form, usize) {
    let mut form = page.form(action);
    let html = page.html();
    let fields = super::browser::selector(
        "main input:not([type=hidden], [type=checkbox], [type=date], [type=password]), main textarea",
    );
    let mut count = 0;
    for field in html.select(&fields) {
        let Some(name) = field.value().attr("name") else { continue };
        if form.fields.iter().any(|(field, _)| field == name) {
            form = form.set(name, CANARY);
            count += 1;
        }
    }
    (form, count)
}

/// No markup of the canary's own; the text itself may be there, escaped.
fn is_text(answer: &Answer) {
    // A list to download is no page (IN-01 is about its cells).
    let kind = answer.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    if !kind.is_empty() && !kind.starts_with("text/html") {
        assert!(answer.headers.contains_key("x-content-type-options"), "{}", answer.path);
        return;
    }
    let html = answer.html();
    let scripts = super::browser::selector("script:not([src])");
    assert!(html.select(&scripts).next().is_none(), "{}: the canary runs:\n{}", answer.path, answer.text);
    assert!(
        !answer.text.contains("<script>canary") && !answer.text.contains("\"'><script"),
        "{}:\n{}",
        answer.path,
        answer.text
    );
}

/// Sends the canary through every form that an address shows.
async fn send(browser: &mut Browser, path: &str) -> usize {
    let page = browser.get(path).await;
    is_text(&page);
    let html = page.html();
    let forms = super::browser::selector("main form[method=post]");
    let actions: Vec<String> =
        html.select(&forms).map(|form| form.value().attr("action").unwrap().to_owned()).collect();
    let mut sent = 0;
    for action in actions {
        let (form, count) = poison(&page, &action);
        if count > 0 {
            let answer = browser.submit(&form).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
            is_text(&answer);
            sent += count;
        }
    }
    sent
}

on_both! {
    /// SE-11, IN-03: a canary through every text field of every page, then every page again: it is text or it was refused.
    async fn se_11_a_canary_through_every_field_stays_text(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let evil = town.person("Eve", CANARY, town.bank_b).await;
        town.give(evil, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let operator = town.operator().await;
        let parts = routes::filled(&town).await;
        let mut fields = 0;
        for person in [operator, dua, daa, fred] {
            for route in routes::all().into_iter().filter(|route| route.get) {
                // A session of its own for each page: one form that ends it must not hide the pages after it.
                let mut browser = town.signed_in(person).await;
                let path = routes::fill(&route.path, &parts);
                if path.contains("logout") || path.contains("/status") || path.contains("delete") && person == operator {
                    is_text(&browser.get(&path).await);
                    continue;
                }
                fields += send(&mut browser, &path).await;
                let query: String = url::form_urlencoded::byte_serialize(CANARY.as_bytes()).collect();
                for name in ["q", "given_name", "level_name", "status", "done", "kind", "since", "ui_locales", "return", "error", "state", "to"] {
                    is_text(&browser.get(&format!("{path}?{name}={query}&search=1")).await);
                }
            }
        }
        assert!(fields > 30, "hardly a field was tried: {fields}");
        for person in [operator, dua, evil] {
            let mut browser = town.signed_in(person).await;
            for route in routes::all().into_iter().filter(|route| route.get) {
                is_text(&browser.get(&routes::fill(&route.path, &parts)).await);
            }
            is_text(&browser.get(&format!("/admin/users/{evil}")).await);
        }
    }

    /// IN-03: a name with an address in it does not get in by any page, so that no mail of ours carries it.
    async fn in_03_no_name_carries_an_address(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let edit = format!("/admin/users/{fred}/edit");
        let level = format!("/admin/levels/{}/edit", town.frankfurt);
        let application = format!("/admin/applications/{}/edit", town.imas);
        for name in ["see https://evil.example", "WWW.evil.example"] {
            for (operator, path, field) in [
                (false, "/admin/users/new", "given_name"),
                (false, edit.as_str(), "family_name"),
                (true, "/admin/levels/new", "name"),
                (true, level.as_str(), "name"),
                (true, application.as_str(), "name"),
            ] {
                let browser = if operator { &mut olga } else { &mut anna };
                let form = browser.get(path).await.form(path).set(field, name);
                let answer = browser.submit(&form).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                assert!(answer.has(&format!("#{field}-error")), "{path} took {name:?}:\n{}", answer.text);
            }
        }
    }
}
