//! The product as a process, over HTTP, beside the floor server in the same run: tokens, documents, SCIM, rotation under
//! load, pages; memory and start.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a benchmark measures real time, and stops where it is wrong"
)]

mod support;

use std::time::{Duration, Instant};

use chamberlain::authority::action::GrantRole;
use chamberlain::authority::{Applications, Door, Validity};
use chamberlain::db::{self, Db, Options, migrate, transact};
use chamberlain::delegation::grant::grant;
use chamberlain::delegation::profile::Profile;
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::secret::Token;
use chamberlain::on;
use chamberlain::sessions;
use serde_json::Value;
use support::load::{Answer, Connection, basic, request, run};
use support::process::Server;
use support::signed_in::{SignedIn, console, session, signed_in};
use support::town::Town;
use support::{Goal, floor, goal, heading, median, note, quantile, setting};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const ROUNDS: usize = 5;

/// Answers per second of the server's processor time, over one round of the same request on sixteen connections.
async fn per_cpu_second(server: &Server, request: &[u8], status: u16, length: Duration) -> f64 {
    let request = request.to_vec();
    let before = server.cpu();
    let outcome = run(server.address, 16, length, status, move |_, _, _| request.clone()).await;
    outcome.count as f64 / (server.cpu() - before)
}

/// Interleaved rounds of the product and of the floor: the ratio of the medians.
async fn against_floor(what: &str, product: (&Server, Vec<u8>), floor: (&Server, Vec<u8>), bound: f64) {
    let length = Duration::from_millis(setting("CHAMBERLAIN_BENCH_MILLISECONDS", 2_000) as u64);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(per_cpu_second(floor.0, &floor.1, 200, length).await);
        ours.push(per_cpu_second(product.0, &product.1, 200, length).await);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    note(&format!("{what}: floor"), theirs, "per CPU-s");
    note(&format!("{what}: product"), ours, "per CPU-s");
    goal(&format!("{what}: of the floor"), ours / theirs, "x", Goal::AtLeast(bound));
}

async fn documents_and_tokens(product: &Server, floor: &Server, town: &Town) {
    let (host, floor_host) = (product.host(), floor.host());
    let document = || request("GET", "/document", &floor_host, &[], "");
    for (what, path) in [("discovery", "/.well-known/openid-configuration"), ("key set", "/oauth2/jwks")] {
        against_floor(what, (product, request("GET", path, &host, &[], "")), (floor, document()), 0.8).await;
    }
    let body = "grant_type=client_credentials&scope=scim";
    let authorization = basic(&town.service.0, &town.service.1);
    let ours = request("POST", "/oauth2/token", &host, &[("Authorization", &authorization), FORM], body);
    let authorization = basic(floor::CLIENT.0, floor::CLIENT.1);
    let theirs = request("POST", "/token", &floor_host, &[("Authorization", &authorization), FORM], body);
    against_floor("client_credentials, ES256", (product, ours), (floor, theirs), 0.7).await;
}

/// A token of the service that administers everybody.
async fn bearer(server: &Server, town: &Town) -> String {
    let authorization = basic(&town.service.0, &town.service.1);
    let body = "grant_type=client_credentials&scope=scim";
    let asked = request("POST", "/oauth2/token", &server.host(), &[("Authorization", &authorization), FORM], body);
    let answer = Connection::open(server.address).await.send(&asked).await;
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    format!("Bearer {}", answer["access_token"].as_str().unwrap())
}

/// The same two reads on a small and on a large installation, taking turns on one connection each.
async fn scim_reads(small: (&Server, &Town), large: (&Server, &Town)) {
    let count = setting("CHAMBERLAIN_BENCH_READS", 4_000);
    for what in ["get by id", "filter userName eq"] {
        let mut times = [Vec::new(), Vec::new()];
        let mut ends = Vec::new();
        for (server, town) in [small, large] {
            ends.push((Connection::open(server.address).await, bearer(server, town).await, server.host(), town));
        }
        for number in 0..count {
            for (at, (connection, bearer, host, town)) in ends.iter_mut().enumerate() {
                let (id, name) = &town.some[number * 7 % town.some.len()];
                let path = match what {
                    "get by id" => format!("/scim/v2/Users/{id}"),
                    _ => format!("/scim/v2/Users?filter=userName%20eq%20%22{name}%22"),
                };
                let asked = request("GET", &path, host, &[("Authorization", bearer)], "");
                let begun = Instant::now();
                let answer = connection.send(&asked).await;
                times[at].push(begun.elapsed().as_secs_f64() * 1_000.0);
                let text = String::from_utf8(answer.body).unwrap();
                assert!(answer.status == 200 && text.contains(name.as_str()), "{} {text}", answer.status);
            }
        }
        let [small, large] = &mut times;
        let (p50, p99) = (quantile(large, 0.5), quantile(large, 0.99));
        note(&format!("SCIM {what}: p50 small {:.3}, large", quantile(small, 0.5)), p50, "ms");
        note(&format!("SCIM {what}: p99 small {:.3}, large", quantile(small, 0.99)), p99, "ms");
        goal(&format!("SCIM {what}: p99 large of small"), p99 / quantile(small, 0.99), "x", Goal::AtMost(1.5));
    }
}

/// Somebody joins and leaves a group of ten and one of a hundred thousand, taking turns.
async fn group_patch(server: &Server, town: &Town) {
    let bearer = bearer(server, town).await;
    let mut connection = Connection::open(server.address).await;
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/scim+json")];
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..setting("CHAMBERLAIN_BENCH_PATCHES", 600) {
        // The first ones made are in neither group.
        let (user, _) = &town.some[number % (town.some.len() / 2)];
        for (at, group) in town.groups.iter().enumerate() {
            for operation in [
                format!(r#"{{"op":"add","path":"members","value":[{{"value":"{user}"}}]}}"#),
                format!(r#"{{"op":"remove","path":"members[value eq \"{user}\"]"}}"#),
            ] {
                let body = format!(
                    r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#
                );
                let path = format!("/scim/v2/Groups/{group}?excludedAttributes=members");
                let asked = request("PATCH", &path, &server.host(), &headers, &body);
                let begun = Instant::now();
                let answer = connection.send(&asked).await;
                times[at].push(begun.elapsed().as_secs_f64() * 1_000.0);
                assert!(answer.status == 204, "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
            }
        }
    }
    let [small, large] = &mut times;
    note("group PATCH of one member: p50, ten members", quantile(small, 0.5), "ms");
    note("group PATCH of one member: p50, a hundred thousand", quantile(large, 0.5), "ms");
    goal(
        "group PATCH of one member: large of small",
        quantile(large, 0.5) / quantile(small, 0.5),
        "x",
        Goal::AtMost(1.2),
    );
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failed(String);

impl From<db::Error> for Failed {
    fn from(error: db::Error) -> Self {
        Self(error.to_string())
    }
}

/// One signed-in administrator of people per size of subtree: what it is called, and the cookie.
async fn administrators(db: &Db, town: &Town, ctx: &Ctx) -> Vec<(String, String)> {
    let door = Door::new(Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
    let mut cookies = Vec::new();
    let able = "SELECT id FROM users WHERE organisation_id = $1 AND active AND NOT blocked AND activated_at IS NOT NULL
        AND deleted_at IS NULL LIMIT 1";
    for nodes in [1, 11, 111, 1_111, town.places.len()].into_iter().filter(|nodes| *nodes <= town.places.len()) {
        let top: OrganisationId = town.subtree_of(nodes);
        let made: Result<String, Failed> = transact!(db, tx => {
            let user: UserId = on!(tx, c => sqlx::query_scalar(able).bind(top).fetch_one(c).await).map_err(db::Error::from)?;
            let (to, role) = (PrincipalId::Person(user), "DelegatedUserAdmin".to_owned());
            let wanted = GrantRole { to, role, organisation: top, include_sub_levels: true, applications: Applications::All, validity: Validity::default() };
            let held = door.authority_of(tx, to, ctx.now).await?;
            if held.assignments.is_empty() {
                let permit = door.authorise(tx, ctx, wanted).await.map_err(|error| Failed(error.to_string()))?;
                let granted = grant(tx, permit, door.roles(), ctx).await;
                granted.map_err(|error| Failed(error.to_string()))?;
            }
            let epoch = chamberlain::directory::user::store::find_epoch(tx, user).await?.unwrap();
            let cookie = Token::generate(&ctx.entropy);
            sessions::store::insert(tx, &session(ctx, user), &cookie.digest(), epoch, &sessions::Settings::default()).await?;
            Ok(cookie.reveal().to_owned())
        });
        cookies.push((format!("{nodes} organisations"), made.unwrap()));
    }
    cookies
}

/// How many one-row transactions one writer brings to the disk in a second, each waiting for the one before.
async fn serial_rate(town: &Town) -> f64 {
    let folder = town.path.with_extension("serial");
    let _not_there = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite:{}", folder.join("serial.db").display());
    let db = Db::open(&Options::new(url, 2)).await.unwrap();
    migrate::run(&db).await.unwrap();
    let (begun, mut count) = (Instant::now(), 0_i64);
    while begun.elapsed() < Duration::from_secs(3) {
        let insert =
            "INSERT INTO throttles (kind, key, failures, not_before, updated_at) VALUES ('bench', $1, 0, 0, 0)";
        let done: db::Result<()> = transact!(db, tx => {
            on!(tx, c => sqlx::query(insert).bind(count.to_be_bytes().to_vec()).execute(c).await.map(drop))?;
            Ok(())
        });
        done.unwrap();
        count += 1;
    }
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    db.close().await;
    let _not_there = std::fs::remove_dir_all(&folder);
    rate
}

async fn rotation(server: &Server, town: &Town, people: &[SignedIn]) {
    let party = town.world.clients.iter().find(|client| client.client_id == "imas").unwrap();
    let (authorization, host) = (basic(&party.client_id, &party.client_secret), server.host());
    let before = serial_rate(town).await;
    let held: Vec<String> = people.iter().map(|person| person.refresh.clone()).collect();
    let held = std::cell::RefCell::new(held);
    let clients = people.len();
    let cpu = server.cpu();
    let outcome =
        run(server.address, clients, Duration::from_secs(5), 200, move |number, _, answer: Option<&Answer>| {
            let mut held = held.borrow_mut();
            if let Some(answer) = answer {
                let answer: Value = serde_json::from_slice(&answer.body).unwrap();
                held[number] = answer["refresh_token"].as_str().unwrap().to_owned();
            }
            let body = format!("grant_type=refresh_token&refresh_token={}", held[number]);
            request("POST", "/oauth2/token", &host, &[("Authorization", &authorization), FORM], &body)
        })
        .await;
    note(
        "refresh rotation: processor time of the server each",
        (server.cpu() - cpu) * 1e6 / outcome.count as f64,
        "µs",
    );
    let rate = outcome.count as f64 / outcome.took.as_secs_f64();
    let serial = f64::midpoint(before, serial_rate(town).await);
    note("one-row transactions of one writer, each on disk before the next", serial, "per s");
    note(&format!("refresh rotation, {clients} clients, FULL durability"), rate, "per s");
    goal("refresh rotation: of the serial rate", rate / serial, "x", Goal::AtLeast(2.0));
}

/// The page Users as its administrator gets it, in HTML.
async fn pages(server: &Server, cookies: &[(String, String)]) {
    for (name, cookie) in cookies {
        let mut connection = Connection::open(server.address).await;
        let mut times = Vec::new();
        for number in 0..120 {
            let sort = ["family_name", "given_name", "email", "phone"][number % 4];
            let cookie = format!("chamberlain={cookie}; chamberlain-browser=bench");
            let path = format!("/admin/users?search=1&sub_levels=on&sort={sort}&size=25&page=1");
            let asked = request("GET", &path, &server.host(), &[("Cookie", &cookie)], "");
            let begun = Instant::now();
            let answer = connection.send(&asked).await;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        }
        let p50 = quantile(&mut times, 0.5);
        note(&format!("the page Users in HTML, {name}: p99 (p50 {p50:.2})"), quantile(&mut times, 0.99), "ms");
    }
}

fn start_and_memory(small: &Town, large: &Town) {
    let mut starts = [Vec::new(), Vec::new()];
    for (town, starts) in [small, large].into_iter().zip(&mut starts) {
        // The first start makes the keys.
        drop(Server::product(&town.path));
        for _ in 0..ROUNDS {
            starts.push(Server::product(&town.path).started_in.as_secs_f64() * 1_000.0);
        }
    }
    let [few, many] = starts;
    note(&format!("start to the first 200, {} people", small.people), median(few), "ms");
    goal(&format!("start to the first 200, {} people", large.people), median(many), "ms", Goal::AtMost(150.0));
    let server = Server::product(&small.path);
    std::thread::sleep(Duration::from_secs(2));
    let (all, own) = server.memory();
    goal(&format!("memory when idle (RSS; without pages of files {own:.1})"), all, "MiB", Goal::AtMost(30.0));
}

fn main() {
    floor::serve_if_told();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(measure());
}

async fn measure() {
    let people = setting("CHAMBERLAIN_BENCH_USERS", 1_000_000);
    let organisations = setting("CHAMBERLAIN_BENCH_ORGANISATIONS", 11_111);
    let small = Town::of(1_000, 100).await;
    let large = Town::of(people, organisations).await;
    heading(
        &format!("the product over HTTP, {people} people in {} organisations, SQLite", large.places.len()),
        "processes of their own on loopback; per second of the server's processor time where a ratio to the floor is taken",
    );
    start_and_memory(&small, &large);
    let db = Db::open(&large.options()).await.unwrap();
    let (people, cookies) = (signed_in(&db, &large, 64).await, administrators(&db, &large, &console()).await);
    db.close().await;
    let (floor, few, product) = (Server::floor(), Server::product(&small.path), Server::product(&large.path));
    documents_and_tokens(&product, &floor, &large).await;
    scim_reads((&few, &small), (&product, &large)).await;
    group_patch(&product, &large).await;
    rotation(&product, &large, &people).await;
    pages(&product, &cookies).await;
    let (all, own) = product.memory();
    note(&format!("memory after all of this (RSS {all:.1}), without pages of files"), own, "MiB");
}
