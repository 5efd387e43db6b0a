//! What attackers try on the pages.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use super::town::{ADDRESS, Town};

on_both! {
    /// The exact set of headers, on pages and on errors.
    async fn oa_43_every_page_refuses_to_be_framed(world: World) {
        let town = Town::build(world).await;
        for path in ["/help", "/nothing-here", "/"] {
            let answer = town.browser().get(path).await;
            let value = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
            assert_eq!(
                value("content-security-policy"),
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                 manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
                "{path}"
            );
            assert_eq!(value("referrer-policy"), "no-referrer");
            assert_eq!(value("cache-control"), "no-store");
            assert_eq!(value("x-content-type-options"), "nosniff");
            assert_eq!(value("cross-origin-opener-policy"), "same-origin");
            assert_eq!(value("permissions-policy"), "publickey-credentials-get=(self), publickey-credentials-create=(self)");
        }
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

    /// Names are shown as text wherever they appear.
    async fn se_11_markup_in_a_name_is_text(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let evil = town.person("Eve", "<script>alert(1)</script>\"'>", town.bank_b).await;
        let mut anna = town.signed_in(dua).await;
        let delete = format!("/admin/users/{evil}/delete");
        for path in ["/admin/users", &format!("/admin/users/{evil}"), &format!("/admin/users/{evil}/edit"), &delete, "/admin/users?search=1&given_name=%22%3E%3Cscript%3E&ui_locales=%3Cscript%3E"] {
            let answer = anna.get(path).await;
            assert!(!answer.text.contains("<script>") && !answer.text.contains("\"><script"), "{path}:\n{}", answer.text);
        }
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

    /// A link changes nothing: every address that changes something answers GET with its form or not at all.
    async fn se_14_a_link_changes_nothing(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        for query in ["?reason=link", "?csrf=x&reason=link"] {
            assert_eq!(anna.get(&format!("/admin/users/{fred}/delete{query}")).await.status, StatusCode::OK);
        }
        assert_eq!(anna.get("/sessions?others=1").await.status, StatusCode::OK);
        assert_eq!(anna.get(&format!("/admin/users/{fred}")).await.status, StatusCode::OK);
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
