//! A provider under load: ours, or npm `oidc-provider`.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use serde_json::Value;

use super::load::{Answer, Connection, request, run};
use super::process::Server;
use super::setting;
use super::signed_in::SignedIn;

/// The type of a form.
pub const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// The example of RFC 7636 appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A provider and how its one client is known there.
#[derive(Debug)]
pub struct Provider {
    /// The process.
    pub server: Server,
    /// By which header the client proves itself.
    pub authorization: String,
    /// Where it is led back to.
    pub redirect_uri: String,
    /// Where the endpoints are.
    pub paths: Paths,
    /// Who is signed in there; nobody at the peer.
    pub people: Vec<SignedIn>,
}

/// Where the endpoints are.
#[derive(Debug)]
pub struct Paths {
    /// Tokens.
    pub token: &'static str,
    /// Claims.
    pub userinfo: &'static str,
    /// Questions about tokens.
    pub introspection: &'static str,
}

/// Ours.
pub const OURS: Paths =
    Paths { token: "/oauth2/token", userinfo: "/oauth2/userinfo", introspection: "/oauth2/introspect" };
/// Those of the peer.
pub const THEIRS: Paths = Paths { token: "/token", userinfo: "/me", introspection: "/token/introspection" };

impl Provider {
    /// A form from the client.
    pub fn post(&self, path: &str, body: &str) -> Vec<u8> {
        request("POST", path, &self.server.host(), &[("Authorization", &self.authorization), FORM], body)
    }

    /// The JSON that comes back.
    pub async fn send(&self, request: &[u8]) -> Value {
        let answer = Connection::open(self.server.address).await.send(request).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Whether it is not the peer.
    pub fn is_ours(&self) -> bool {
        !self.people.is_empty()
    }

    /// The redemption of a code.
    pub fn redemption(&self, code: &str) -> Vec<u8> {
        let redirect_uri = encoded(&self.redirect_uri);
        let mut body = format!("grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}");
        if self.is_ours() {
            body.extend(["&code_verifier=", VERIFIER]);
        }
        self.post(self.paths.token, &body)
    }

    /// Codes for people who are signed in: from our authorization endpoint, and as the peer makes them for this bench.
    pub async fn codes(&self, count: usize) -> Vec<String> {
        let (mut connection, host) = (Connection::open(self.server.address).await, self.server.host());
        if !self.is_ours() {
            let answer = connection.send(&request("GET", &format!("/codes?count={count}"), &host, &[], "")).await;
            return serde_json::from_slice(&answer.body).unwrap();
        }
        let path = format!(
            "/oauth2/authorize?client_id=imas&response_type=code&redirect_uri={}&scope=openid%20profile%20email\
             &state=s&nonce=n&code_challenge={CHALLENGE}&code_challenge_method=S256",
            encoded(&self.redirect_uri)
        );
        let mut codes = Vec::new();
        for number in 0..count {
            let cookie = cookie(&self.people[number % self.people.len()]);
            codes.push(code_in(&connection.send(&request("GET", &path, &host, &[("Cookie", &cookie)], "")).await));
        }
        codes
    }

    /// An access token of a person.
    pub async fn access_token(&self) -> String {
        let code = self.codes(1).await.remove(0);
        self.send(&self.redemption(&code)).await["access_token"].as_str().unwrap().to_owned()
    }

    /// Requests answered per second of the server's processor time, each the one that `next` gives.
    pub async fn per_cpu_second(
        &self,
        lanes: usize,
        next: impl Fn(usize, usize, Option<&Answer>) -> Vec<u8> + 'static,
    ) -> f64 {
        let length = Duration::from_millis(setting("CHAMBERLAIN_BENCH_MILLISECONDS", 2_000) as u64);
        let before = self.server.cpu();
        let outcome = run(self.server.address, lanes, length, 200, next).await;
        outcome.count as f64 / (self.server.cpu() - before)
    }

    /// The same for one request over and over.
    pub async fn same(&self, request: Vec<u8>) -> f64 {
        self.per_cpu_second(16, move |_, _, _| request.clone()).await
    }

    /// Each code once, over so many connections: how many per second of processor time.
    pub async fn exchanges(&self, codes: &[String], lanes: usize) -> f64 {
        let requests: Vec<_> = codes.iter().map(|code| self.redemption(code)).collect();
        let (before, next) = (self.server.cpu(), Cell::new(0));
        let lane = async || {
            let mut connection = Connection::open(self.server.address).await;
            while let Some(request) = requests.get(next.replace(next.get() + 1)) {
                let answer = connection.send(request).await;
                assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
            }
        };
        futures_util::future::join_all((0..lanes).map(|_| lane())).await;
        requests.len() as f64 / (self.server.cpu() - before)
    }

    /// Rotates refresh tokens, one for each lane.
    pub async fn rotations(&self, tokens: Vec<String>) -> f64 {
        let lanes = tokens.len();
        let (held, host, path) = (RefCell::new(tokens), self.server.host(), self.paths.token);
        let authorization = self.authorization.clone();
        self.per_cpu_second(lanes, move |lane, _, answer| {
            let mut held = held.borrow_mut();
            if let Some(answer) = answer {
                let answer: Value = serde_json::from_slice(&answer.body).unwrap();
                held[lane] = answer["refresh_token"].as_str().unwrap().to_owned();
            }
            let body = format!("grant_type=refresh_token&refresh_token={}", held[lane]);
            request("POST", path, &host, &[("Authorization", &authorization), FORM], &body)
        })
        .await
    }
}

/// What the browser of a person sends.
pub fn cookie(person: &SignedIn) -> String {
    format!("chamberlain={}; chamberlain-browser=bench", person.cookie)
}

/// The code that an answer leads back with.
pub fn code_in(answer: &Answer) -> String {
    let query = answer.location.split_once('?').map_or("", |(_, query)| query);
    let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
    let said = String::from_utf8_lossy(&answer.body);
    code.unwrap_or_else(|| panic!("{} {} {said}", answer.status, answer.location)).1.into_owned()
}

/// As it stands in a form.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
