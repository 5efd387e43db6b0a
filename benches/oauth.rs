//! The OpenID Provider under load, as a process: beside npm `oidc-provider` in the same run, where npm is there, and a whole FAPI 2.0 flow.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark measures real time, and stops where it is wrong"
)]

mod support;

use std::time::Duration;

use chamberlain::db::{self, Db, transact};
use chamberlain::directory::client;
use chamberlain::directory::client::model::{AuthMethod, ClientProfile, ClientSettings};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use serde_json::json;
use support::fapi::Fapi;
use support::load::{Connection, basic, paced, request, run};
use support::process::Server;
use support::provider::{FORM, OURS, Provider, THEIRS};
use support::signed_in::{SignedIn, signed_in};
use support::town::Town;
use support::{Goal, goal, heading, median, note, quantile, setting};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 3;

/// Rounds that take turns with the peer, where there is one: the ratio of the medians.
async fn beside(
    what: &str,
    bound: f64,
    (ours, peer): (&Provider, Option<&Provider>),
    measure: impl AsyncFn(&Provider) -> f64,
) {
    let (mut mine, mut its) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        mine.push(measure(ours).await);
        if let Some(peer) = peer {
            its.push(measure(peer).await);
        }
    }
    let (mine, has_peer) = (median(mine), !its.is_empty());
    note(&format!("{what}: product, durable"), mine, "per CPU-s");
    if has_peer {
        let its = median(its);
        note(&format!("{what}: peer, in memory"), its, "per CPU-s");
        goal(&format!("{what}: of the peer"), mine / its, "x", Goal::AtLeast(bound));
    }
}

async fn plain(ours: &Provider, peer: Option<&Provider>, service: &(String, String)) {
    let both = (ours, peer);
    let own = basic(&service.0, &service.1);
    beside("client_credentials, ES256", 5.0, both, async |provider| {
        let authorization = if provider.is_ours() { &own } else { &provider.authorization };
        let body = "grant_type=client_credentials&scope=scim";
        let headers = [("Authorization", authorization.as_str()), FORM];
        provider.same(request("POST", provider.paths.token, &provider.server.host(), &headers, body)).await
    })
    .await;
    let count = setting("CHAMBERLAIN_BENCH_CODES", 600);
    beside("code exchange", 5.0, both, async |provider| {
        let codes = provider.codes(count).await;
        provider.exchanges(&codes, 16).await
    })
    .await;
    beside("refresh rotation", 5.0, both, async |provider| {
        let mut tokens = Vec::new();
        for code in provider.codes(32).await {
            let answer = provider.send(&provider.redemption(&code)).await;
            tokens.push(answer["refresh_token"].as_str().unwrap().to_owned());
        }
        provider.rotations(tokens).await
    })
    .await;
    beside("introspection", 5.0, both, async |provider| {
        let token = provider.access_token().await;
        provider.same(provider.post(provider.paths.introspection, &format!("token={token}"))).await
    })
    .await;
    beside("UserInfo", 4.0, both, async |provider| {
        let token = format!("Bearer {}", provider.access_token().await);
        let (path, host) = (provider.paths.userinfo, provider.server.host());
        provider.same(request("GET", path, &host, &[("Authorization", &token)], "")).await
    })
    .await;
}

/// How late answers are at half of what a server can do.
async fn half_load(ours: &Provider, service: &(String, String)) {
    let authorization = basic(&service.0, &service.1);
    let (host, body) = (ours.server.host(), "grant_type=client_credentials&scope=scim");
    let token = request("POST", OURS.token, &host, &[("Authorization", &authorization), FORM], body);
    let bearer = format!("Bearer {}", ours.access_token().await);
    let userinfo = request("GET", OURS.userinfo, &host, &[("Authorization", &bearer)], "");
    for (what, request) in [("client_credentials", token), ("UserInfo", userinfo)] {
        let sent = request.clone();
        let peak = run(ours.server.address, 16, Duration::from_secs(2), 200, move |_, _, _| sent.clone()).await;
        let rate = peak.count as f64 / peak.took.as_secs_f64() / 2.0;
        let mut latencies = paced(ours.server.address, rate, Duration::from_secs(4), &request).await;
        let (p50, p99) = (quantile(&mut latencies, 0.5), quantile(&mut latencies, 0.99));
        note(&format!("{what} at half of its peak ({rate:.0} per s): p50"), p50, "ms");
        goal(&format!("{what} at half of its peak: p99 of p50"), p99 / p50, "x", Goal::AtMost(5.0));
    }
}

async fn fapi(ours: &Provider, key: &Jwk) {
    let client = Fapi::new(format!("http://{}", ours.server.host()), key);
    let (mut connection, mut rates) = (Connection::open(ours.server.address).await, Vec::new());
    let count = setting("CHAMBERLAIN_BENCH_FLOWS", 500);
    for _ in 0..ROUNDS {
        let before = ours.server.cpu();
        for number in 0..count {
            client.flow(ours, &mut connection, &ours.people[number % ours.people.len()]).await;
        }
        rates.push(count as f64 / (ours.server.cpu() - before));
    }
    let what = "FAPI 2.0: pushed request, authorization, tokens with DPoP";
    goal(what, median(rates), "flows/CPU-s", Goal::AtLeast(1_000.0));
}

/// Proofs by ever other keys: what is remembered of them is bounded. They are refused only after their signature was checked.
async fn keys_of_strangers(ours: &Provider) {
    let (host, count) = (ours.server.host(), setting("CHAMBERLAIN_BENCH_KEYS", 50_000));
    let (mut connection, mut before) = (Connection::open(ours.server.address).await, 0.0);
    for number in 0..=count {
        // Past what is remembered, so that only growth beyond it counts.
        if number == count / 10 {
            before = ours.server.memory().1;
        }
        let client =
            Fapi::new(format!("http://{host}"), &EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair());
        let proof = client.proof(OURS.token);
        let headers = [FORM, ("DPoP", proof.as_str()), ("Authorization", "Basic eDp5")];
        let answer =
            connection.send(&request("POST", OURS.token, &host, &headers, "grant_type=client_credentials")).await;
        assert_eq!(answer.status, 401, "{}", String::from_utf8_lossy(&answer.body));
    }
    let grown = ours.server.memory().1 - before;
    goal(&format!("proofs by {count} distinct keys: memory grows by"), grown, "MiB", Goal::AtMost(64.0));
}

/// Changes the client of the town that people sign in to.
async fn set(db: &Db, change: impl Fn(&mut ClientSettings)) {
    let done: db::Result<bool> = transact!(*db, tx => {
        let mut party = client::store::find_by_client_id(tx, "imas").await?.unwrap();
        change(&mut party.settings);
        client::store::save(tx, &party).await
    });
    assert!(done.unwrap());
}

fn main() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(measure());
}

async fn measure() {
    let town = Town::of(1_000, 100).await;
    heading(
        "the OpenID Provider, 1,000 people, SQLite, synchronous=FULL",
        "processes of their own on loopback; per second of the server's own processor time; the peer is npm oidc-provider in memory",
    );
    let db = Db::open(&town.options()).await.unwrap();
    let people = signed_in(&db, &town, 32).await;
    let party = town.world.clients.iter().find(|client| client.client_id == "imas").unwrap();
    let before = {
        let found = client::store::find_by_client_id(&mut db.reader().await.unwrap(), "imas").await.unwrap();
        found.unwrap().settings
    };
    set(&db, |settings| settings.introspection = true).await;
    let ours = |people: &[SignedIn]| Provider {
        server: Server::product(&town.path),
        authorization: basic(&party.client_id, &party.client_secret),
        redirect_uri: party.redirect_uris[0].clone(),
        paths: OURS,
        people: people.to_vec(),
    };
    let peer = Server::peer().map(|server| Provider {
        server,
        authorization: basic("peer", "the-secret-of-the-peer-of-the-bench"),
        redirect_uri: "https://rp.example/cb".to_owned(),
        paths: THEIRS,
        people: Vec::new(),
    });
    let server = ours(&people);
    plain(&server, peer.as_ref(), &town.service).await;
    drop(peer);
    half_load(&server, &town.service).await;
    drop(server);
    let key = EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair();
    let set_of_keys = json!({"keys": [key.to_public_key().unwrap()]});
    set(&db, |settings| {
        settings.profile = ClientProfile::Fapi2;
        settings.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
        settings.jwks = Some(set_of_keys.clone());
        settings.require_pushed_authorization_requests = true;
        settings.dpop_bound_access_tokens = true;
    })
    .await;
    let server = ours(&people);
    fapi(&server, &key).await;
    keys_of_strangers(&server).await;
    set(&db, |settings| *settings = before.clone()).await;
    db.close().await;
}
