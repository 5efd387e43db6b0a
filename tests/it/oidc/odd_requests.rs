//! Requests that are nearly right, to every endpoint of the protocol: what comes back is an answer of the protocol, never a failure of ours, and
//! leads nobody astray.

use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use chamberlain::directory::client::model::DEVICE_GRANT;
use chamberlain::directory::client::registration::model::{MAX_USES, Policy};
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};
use url::Url;

use crate::support::mutation::{Mutation, rounds};
use crate::support::relying_party::{Answer, CHALLENGE, ISSUER, Provider, form};
use crate::support::signing::{At, Signer};
use crate::support::state;

const FRED: &str = "fred.perry@bank-a.example";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request, and which part of it is changed.
struct Good {
    method: &'static str,
    path: &'static str,
    query: String,
    headers: Vec<(&'static str, String)>,
    body: String,
    changed: Part,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Query,
    Body,
    /// The header of this number.
    Header(usize),
}

impl Good {
    fn posted(path: &'static str, authorization: &str, pairs: &[(&str, &str)]) -> Self {
        let headers = vec![("content-type", FORM.to_owned()), ("authorization", authorization.to_owned())];
        Self { method: "POST", path, query: String::new(), headers, body: form(pairs), changed: Part::Body }
    }

    fn got(path: &'static str, query: String, headers: Vec<(&'static str, String)>) -> Self {
        Self { method: "GET", path, query, headers, body: String::new(), changed: Part::Query }
    }

    /// The part that is changed.
    fn part(&self) -> &[u8] {
        match self.changed {
            Part::Query => self.query.as_bytes(),
            Part::Body => self.body.as_bytes(),
            Part::Header(number) => self.headers[number].1.as_bytes(),
        }
    }

    /// With another part; nothing where HTTP itself would not carry it.
    fn with(&self, part: Vec<u8>) -> Option<Request<Body>> {
        let query =
            if self.changed == Part::Query { String::from_utf8(part.clone()).ok()? } else { self.query.clone() };
        let address = if query.is_empty() { self.path.to_owned() } else { format!("{}?{query}", self.path) };
        let mut request = Request::builder().method(self.method).uri(address);
        for (number, (name, value)) in self.headers.iter().enumerate() {
            let value = if self.changed == Part::Header(number) { &part } else { value.as_bytes() };
            request = request.header(*name, HeaderValue::from_bytes(value).ok()?);
        }
        let body = if self.changed == Part::Body { part } else { self.body.clone().into_bytes() };
        request.body(Body::from(body)).ok()
    }
}

/// One good request for each endpoint and for each place where something of the protocol stands.
async fn good(provider: &Provider) -> Vec<Good> {
    provider
        .set("imas", |settings| {
            settings.introspection = true;
            settings.grant_types.push(DEVICE_GRANT.to_owned());
        })
        .await;
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    let (signer, cookie) = (Signer::new("ES256"), ("cookie", browser.cookie()));
    let tokens = provider.tokens(&imas, &browser).await;
    let (access, id_token) = (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
    // Of another grant: this one ends when a refresh token of it is used twice.
    let refresh = provider.tokens(&imas, &browser).await["refresh_token"].as_str().unwrap().to_owned();
    let (service, _) = provider.service(0);
    let basic = imas.basic();
    let policy = Policy {
        scopes: vec!["openid".to_owned()],
        third_party: true,
        allow_without_pkce_insecure: false,
        device_grant: true,
    };
    let registers = provider.registration_token(PrincipalId::Console, policy, MAX_USES).await;
    let details = r#"[{"type":"delegated_administration","actions":["users:read"]}]"#;
    let claims = r#"{"id_token":{"acr":{"values":["a"],"essential":true}},"userinfo":{"email":null}}"#;
    let more = [
        ("claims", claims),
        ("max_age", "300"),
        ("prompt", "login"),
        ("ui_locales", "de fr"),
        ("display", "page"),
        ("acr_values", "a b"),
    ];
    let query = |more: &[(&str, &str)]| imas.authorize(more).split_once('?').unwrap().1.to_owned();
    let proof = provider.proof(&signer, At::post("/oauth2/token"), &json!({}));
    let metadata = json!({"redirect_uris": ["https://rp.example/cb"], "client_name": "RP", "jwks": {"keys": [signer.registered()]}, "token_endpoint_auth_method": "private_key_jwt"});
    let mut all = vec![
        Good::got("/oauth2/authorize", query(&[]), vec![cookie.clone()]),
        Good::got("/oauth2/authorize", query(&more), vec![cookie.clone()]),
        Good { changed: Part::Header(0), ..Good::got("/oauth2/authorize", query(&[]), vec![cookie.clone()]) },
        Good::got(
            "/oauth2/logout",
            form(&[("id_token_hint", id_token), ("post_logout_redirect_uri", "https://x.example/"), ("state", "s")]),
            vec![cookie.clone()],
        ),
        Good::posted(
            "/oauth2/token",
            &basic,
            &[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", "openid")],
        ),
        Good::posted(
            "/oauth2/token",
            &service,
            &[("grant_type", "client_credentials"), ("authorization_details", details), ("resource", ISSUER)],
        ),
        Good::posted(
            "/oauth2/par",
            &basic,
            &[
                ("response_type", "code"),
                ("redirect_uri", &imas.redirect_uri),
                ("scope", "openid"),
                ("claims", claims),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ],
        ),
        Good::posted("/oauth2/device_authorization", &basic, &[("scope", "openid")]),
        Good::posted("/oauth2/revoke", &basic, &[("token", "x"), ("token_type_hint", "refresh_token")]),
        Good::posted("/oauth2/introspect", &basic, &[("token", access)]),
        Good {
            changed: Part::Header(1),
            ..Good::posted("/oauth2/token", &service, &[("grant_type", "client_credentials")])
        },
        Good {
            changed: Part::Header(0),
            ..Good::got("/oauth2/userinfo", String::new(), vec![("authorization", format!("Bearer {access}"))])
        },
        Good {
            body: metadata.to_string(),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("authorization", format!("Bearer {registers}")),
            ],
            ..Good::posted("/oauth2/register", "", &[])
        },
    ];
    let mut proved = Good::posted("/oauth2/token", &service, &[("grant_type", "client_credentials")]);
    proved.headers.push(("dpop", proof));
    all.push(Good { changed: Part::Header(2), ..proved });
    all
}

/// What any answer has to be.
fn judge(answer: &Answer, redirect_uri: &str, what: &str) {
    assert!(answer.status.as_u16() < 500, "{what}: {}", answer.body);
    if let Some(place) = answer.headers.get(header::LOCATION) {
        let (base, place) = (Url::parse(ISSUER).unwrap(), place.to_str().unwrap());
        let place = base.join(place).unwrap();
        let registered = Url::parse(redirect_uri).unwrap();
        let at_home = place.origin() == base.origin();
        assert!(
            at_home || (place.origin(), place.path()) == (registered.origin(), registered.path()),
            "{what}: led to {place}"
        );
    }
    if answer.header("content-type").starts_with("application/json") && answer.status.as_u16() >= 400 {
        let error =
            serde_json::from_str::<Value>(&answer.body).unwrap()["error"].as_str().unwrap_or_default().to_owned();
        let plain = !error.is_empty() && error.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_');
        assert!(plain || answer.status == 429, "{what}: {}", answer.body);
    }
}

/// An error here or at the client, or the page of the sign-in for who is not known any more.
fn is_refused(answer: &Answer) -> bool {
    let place = answer.header("location");
    answer.status.as_u16() >= 400 || place.contains("error=") || place.starts_with("/login")
}

on_both! {
    /// OA-01 to OA-06, OA-53, IN-12: a table of good requests, each changed at random: no failure of ours, no redirect to anywhere but the
    /// registered address, errors by their codes, and nobody's account changed.
    async fn what_is_nearly_right_is_answered_by_the_protocol(world: World) {
        let provider = Provider::new(world).await;
        let registered = provider.relying_party("imas").redirect_uri;
        let all = good(&provider).await;
        let parts: Vec<Vec<u8>> = all.iter().map(|one| one.part().to_vec()).collect();
        let others = ["audit_events", "authorization_codes", "clients", "sessions"];
        let unchanged = async || {
            let mut now = state(&provider.world.db, &others).await;
            ["users", "organisations", "memberships", "role_assignments", "applications", "groups"].map(|table| now.remove(table).unwrap_or_default())
        };
        let before = unchanged().await;
        assert!(before.iter().filter(|rows| !rows.is_empty()).count() >= 5, "the tables are named as they are called");
        let mutation = Mutation::seeded(6749);
        for (number, one) in all.iter().enumerate() {
            let whole = provider.send(one.with(one.part().to_vec()).unwrap()).await;
            judge(&whole, &registered, one.path);
            // Asked to sign in anew by one of them, and always about a sign-out.
            let place = whole.header("location");
            let is_good = whole.status.is_success() || place.contains("code=") || place.starts_with("/log");
            assert!(is_good, "{} {} {}: {} {place} {}", one.method, one.path, number, whole.status, whole.body);
            // A token for registration works a thousand times.
            let rounds = if one.path == "/oauth2/register" { rounds(40).min(900) } else { rounds(40) };
            let mut refused = 0;
            for _ in 0..rounds {
                let part = mutation.of(&parts[number], &parts);
                let what = format!("{} {} {:?}", one.method, one.path, String::from_utf8_lossy(&part));
                let Some(request) = one.with(part) else { continue };
                let answer = provider.send(request).await;
                judge(&answer, &registered, &what);
                refused += usize::from(is_refused(&answer));
            }
            // A sign-out by a link is asked about, whatever else is wrong with it.
            assert!(refused > 0 || one.path == "/oauth2/logout", "{} {}: nothing was refused", one.method, one.path);
        }
        assert_eq!(unchanged().await, before);
    }
}
