//! What attackers try on the pages.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use super::routes;
use super::town::{ADDRESS, Town};
use crate::support::state;

on_both! {
    /// OA-43, OA-54: the exact set of headers on every address, whoever asks, and on errors.
    async fn oa_43_every_page_refuses_to_be_framed(world: World) {
        let town = Town::build(world).await;
        town.staff().await;
        let mut olga = town.signed_in(town.operator().await).await;
        let parts = routes::filled(&town).await;
        let mut paths: Vec<String> = routes::all().iter().map(|route| routes::fill(&route.path, &parts)).collect();
        paths.extend(["/nothing-here", "/admin/users/not-an-id"].map(str::to_owned));
        for path in paths.iter().filter(|path| !path.contains("/assets/")) {
            for answer in [olga.get(path).await, town.browser().get(path).await] {
                let value = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
                assert_eq!(
                    value("content-security-policy"),
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                     manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
                    "{path}"
                );
                assert_eq!(value("referrer-policy"), "no-referrer", "{path}");
                assert_eq!(value("cache-control"), "no-store", "{path}");
                assert_eq!(value("x-content-type-options"), "nosniff", "{path}");
                assert_eq!(value("cross-origin-opener-policy"), "same-origin", "{path}");
                assert_eq!(value("permissions-policy"), "publickey-credentials-get=(self), publickey-credentials-create=(self)", "{path}");
                assert_eq!(value("strict-transport-security"), "max-age=63072000; includeSubDomains", "{path}");
                assert_eq!(value("access-control-allow-origin"), "", "{path}");
            }
        }
    }

    /// SE-04: every cookie that any address sets is `__Host-`, `Secure`, `HttpOnly`, `SameSite`, for `/` and for no other host.
    async fn se_04_cookies_are_bound_to_this_host(world: World) {
        let town = Town::build(world).await;
        town.staff().await;
        let operator = town.operator().await;
        let parts = routes::filled(&town).await;
        let mut seen = 0;
        for route in routes::all() {
            let path = routes::fill(&route.path, &parts);
            let mut answers = vec![town.browser().get(&path).await, town.browser().get(&format!("{path}?ui_locales=de")).await];
            let mut olga = town.signed_in(operator).await;
            answers.push(olga.get(&path).await);
            for answer in answers {
                for cookie in answer.headers.get_all(header::SET_COOKIE) {
                    let cookie = cookie.to_str().unwrap();
                    let has = |wanted: &str| cookie.split("; ").any(|part| part == wanted);
                    assert!(cookie.starts_with("__Host-"), "{path}: {cookie}");
                    assert!(has("Secure") && has("HttpOnly") && has("SameSite=Lax") && has("Path=/"), "{path}: {cookie}");
                    assert!(!cookie.to_lowercase().contains("domain="), "{path}: {cookie}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 50, "hardly any cookie was seen: {seen}");
    }

    /// 303 after every form, never 307.
    async fn oa_44_a_form_is_answered_with_303(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let form = browser.get("/profile").await.form("/profile").set("language", "de");
        assert_eq!(browser.submit(&form).await.status, StatusCode::SEE_OTHER);
    }

    /// Another site, another browser, another session, no token: 403, and nothing has changed.
    async fn oa_45_a_form_from_elsewhere_is_refused(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let address = format!("/admin/users/{fred}/delete");
        let mut anna = town.signed_in(dua).await;
        let form = anna.get(&address).await.form(&address).set("reason", "Attack");
        let mut paul = town.signed_in(daa).await;
        let stolen = paul.get("/profile").await.form("/profile").fields.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let own = form.fields.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
        for (site, origin, token) in [
            ("cross-site", "https://evil.example", own.as_str()),
            ("same-site", "https://evil.id.example.eu", own.as_str()),
            ("", "https://evil.example", own.as_str()),
            ("", "null", own.as_str()),
            ("same-origin", ADDRESS, stolen.as_str()),
            ("same-origin", ADDRESS, ""),
            ("", "", ""),
        ] {
            let body = form_with(&form.fields, token);
            let mut request = Request::post(&address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if !value.is_empty() {
                    request = request.header(name, value);
                }
            }
            let answer = anna.send(request.body(Body::from(body)).unwrap(), &address).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site} {origin} {token}");
        }
        assert_eq!(anna.get(&format!("/admin/users/{fred}")).await.status, StatusCode::OK);
    }

    /// OA-45: every address that is posted to, found in the source, refuses a form without our token and a form from another
    /// site; nothing whatsoever changes.
    async fn oa_45_every_form_needs_our_token_and_our_site(world: World) {
        let town = Town::build(world).await;
        town.staff().await;
        let mut olga = town.signed_in(town.operator().await).await;
        let parts = routes::filled(&town).await;
        let own = olga.get("/profile").await.form("/profile").fields.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let before = state(&town.world.db, &[]).await;
        let posts: Vec<_> = routes::all().into_iter().filter(|route| route.post).collect();
        assert!(posts.len() > 30, "{}", posts.len());
        for route in posts {
            let path = routes::fill(&route.path, &parts);
            for (site, token) in [("same-origin", ""), ("same-origin", "AAAA"), ("cross-site", own.as_str()), ("same-site", own.as_str())] {
                let request = Request::post(&path)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header("sec-fetch-site", site)
                    .body(Body::from(format!("csrf={token}&reason=x&do=rotate&to=disable&others=1&session=x")));
                let answer = olga.send(request.unwrap(), &path).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {site} {token}:\n{}", answer.text);
            }
        }
        assert_eq!(state(&town.world.db, &[]).await, before);
    }

    /// SE-14: following a link changes nothing, whatever stands in its query; only that a list was exported is recorded.
    async fn se_14_no_link_changes_anything(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let parts = routes::filled(&town).await;
        let mut operators = Vec::new();
        for name in ["Olga", "Otto", "Oda", "Ole"] {
            let operator = town.person(name, "Root", town.root).await;
            town.give(operator, "Operator", town.root, &[]).await;
            operators.push(town.signed_in(operator).await);
        }
        let before = state(&town.world.db, &["audit_events"]).await;
        let all = routes::all();
        // One operator alone would come to the limit of an account.
        for (olga, some) in operators.iter_mut().zip(all.chunks(all.len().div_ceil(4))) {
            let token = olga.get("/profile").await.form("/profile").fields.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
            let query = format!("?csrf={token}&reason=x&do=rotate&to={}&others=1&confirm=1&enable=1&email=fred%40example.org&password=x&language=de&groups%5B%5D={}", town.bank_a, town.casper_user);
            for route in some {
                let path = routes::fill(&route.path, &parts);
                for word in ["deactivate", "block", "delete"] {
                    olga.get(&format!("{}{query}", path.replace("/delete", &format!("/{word}")))).await;
                }
                let head = Request::head(format!("{path}{query}")).body(Body::empty()).unwrap();
                olga.send(head, &path).await;
            }
            assert_eq!(olga.get(&format!("/admin/users/{fred}")).await.status, StatusCode::OK, "still signed in");
        }
        assert_eq!(state(&town.world.db, &["audit_events"]).await, before);
        // The same comparison sees a form that is sent.
        let form = operators[3].get("/sessions").await.form("/sessions");
        operators[3].submit(&form).await;
        assert_ne!(state(&town.world.db, &["audit_events"]).await, before);
    }

    /// Pages answer no origin but their own.
    async fn se_13_pages_have_no_cors_headers(world: World) {
        let town = Town::build(world).await;
        for origin in ["null", "https://evil.example"] {
            let request = Request::get("/help").header(header::ORIGIN, origin).body(Body::empty()).unwrap();
            let answer = town.browser().send(request, "/help").await;
            assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        }
    }

    /// Phone numbers start with `+`; no cell of an export is a formula.
    async fn in_01_an_export_holds_no_formula(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        town.person("Eve", "=HYPERLINK(\"https://evil.example\")", town.bank_b).await;
        let mut anna = town.signed_in(dua).await;
        let answer = anna.get("/admin/users.csv?search=1&sub_levels=on").await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(answer.text.contains("\"'+4969123456\"") && answer.text.contains("\"'=HYPERLINK("), "{}", answer.text);
        for cell in answer.text.lines().flat_map(|line| line.split("\",\"")) {
            assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }

    /// Line breaks, direction marks and addresses are no part of a name (IN-02, IN-03).
    async fn in_02_in_03_names_are_one_line_without_addresses(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new");
        let mut form = form.set("family_name", "Neu").set("email", "x@example.org").set("phone", "+49691234567");
        for name in ["a\r\nBcc: b@evil.example", "a\u{202e}b", "visit https://evil.example", "www.evil.example"] {
            form = form.set("given_name", name);
            assert!(anna.submit(&form).await.has("#given_name-error"), "{name:?}");
        }
        form = form.set("given_name", "A").set("email", "x@example.org\r\nBcc: y@evil.example");
        assert!(anna.submit(&form).await.has("#email-error"));
    }

    /// One name, two values: which one is meant differs between readers.
    async fn a_field_sent_twice_is_an_error(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let form = browser.get("/profile").await.form("/profile").tick("language", "fr");
        assert_eq!(browser.submit(&form).await.status, StatusCode::BAD_REQUEST);
    }
}

fn form_with(fields: &[(String, String)], token: &str) -> String {
    let kept = fields.iter().filter(|(name, _)| name != "csrf").map(|(name, value)| (name.as_str(), value.as_str()));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("csrf", token).finish()
}
