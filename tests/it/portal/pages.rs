//! Every page, in every language: labels, hidden tokens, headings, no missing text, nothing inline.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use scraper::Html;

use super::browser::{Answer, selector};
use super::stories::OPERATOR_PAGES;
use super::town::Town;

/// What is true of every page.
fn check(answer: &Answer) {
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
    /// G3, G8, 19 in `decisions.md`: every page renders in three languages, whole and without script.
    async fn every_page_renders_in_every_language(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let operator = town.operator().await;
        for language in ["en", "de", "fr"] {
            for path in ["/help", "/privacy", "/accessibility", "/nothing-here"] {
                check(&town.browser().speaking(language).get(path).await);
            }
            let own = ["/", "/profile", "/security", "/sessions", "/history", "/access"].map(str::to_owned);
            let people = ["/admin/users", "/admin/scope", "/admin/users/new"].map(str::to_owned);
            let one = ["", "/edit", "/delete"].map(|rest| format!("/admin/users/{fred}{rest}"));
            let assign = [String::new(), "/edit".to_owned(), "/memberships".to_owned()].map(|rest| format!("/admin/users/{fred}{rest}"));
            for (person, paths) in [(fred, own.to_vec()), (dua, [people.to_vec(), one.to_vec()].concat()), (daa, assign.to_vec()), (operator, OPERATOR_PAGES.map(str::to_owned).to_vec())] {
                let mut browser = town.signed_in(person).await.speaking(language);
                for path in paths {
                    let answer = browser.get(&path).await;
                    assert_eq!(answer.status, StatusCode::OK, "{language} {path}:\n{}", answer.text);
                    assert!(answer.has(&format!("html[lang={language}]")), "{path}");
                    check(&answer);
                }
            }
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
