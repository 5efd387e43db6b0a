//! How long step one takes tells nothing (AU-10, AU-23): not whether an address is somebody's, and not whether the password was theirs.
//! A proof by samples, and so one of `make prove`, on a machine that does nothing else.

use std::fmt::Write as _;
use std::time::Instant;

use chamberlain::factors::stuffing;
use chamberlain::factors::{Factors, Settings};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::secret::Token;
use chamberlain::sessions::start::{Credentials, start};

use super::browser::{PASSWORD, Site};
use super::moved::import;
use crate::support::{Engine, World, run};

/// How far the chance to tell a sample of one class from one of the other may be from a half.
const TOLERATED: f64 = 0.03;

/// Samples of each class; each is somebody else, since counters would slow the second try of one.
fn samples() -> usize {
    std::env::var("CHAMBERLAIN_TIMINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

fn address(number: usize) -> String {
    format!("person{number}@moved.example")
}

/// As many people, of whom every second has the first hash and the others have the second one.
async fn populate(site: &Site, hashes: [&str; 2]) {
    let mut text = String::new();
    for number in 0..samples() * 2 {
        let row = serde_json::json!({
            "email": address(number), "given_name": "Pat", "family_name": "Moved", "phone": format!("+4969{:07}", 1_000_000 + number),
            "password_hash": hashes[number % 2],
        });
        writeln!(text, "{row}").unwrap();
    }
    import(site, &text).await;
}

/// Microseconds of step one.
async fn took(site: &Site, email: &str, password: &str) -> u128 {
    let ctx = site.world.ctx().acting_as(PrincipalId::Console);
    let browser = Token::generate(&site.world.entropy).digest();
    let given = Credentials { email, password, browser: &browser, locale: "en" };
    let begun = Instant::now();
    start(&site.world.db, &site.factors, given, &ctx).await.unwrap();
    begun.elapsed().as_micros()
}

/// The chance that a sample of the first is larger than one of the second (Mann and Whitney).
fn auc(first: &[u128], second: &[u128]) -> f64 {
    let mut second = second.to_vec();
    second.sort_unstable();
    let below: usize = first
        .iter()
        .map(|one| second.partition_point(|other| other < one) + second.partition_point(|other| other <= one))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a share of some millions")]
    let share = below as f64 / 2.0 / (first.len() as f64 * second.len() as f64);
    share
}

fn median(all: &[u128]) -> u128 {
    let mut all = all.to_vec();
    all.sort_unstable();
    all[all.len() / 2]
}

async fn prove(world: World, foreign: &str) {
    let none = stuffing::Settings { per_address: u32::MAX, per_network: u32::MAX, per_password: u32::MAX };
    let site = Site::with_factors(world, Factors::new(Settings { stuffing: none, ..Settings::default() })).await;
    let hasher = &site.factors.hasher;
    let ours = hasher.hash(hasher.reserve().await.unwrap(), PASSWORD, [9; 16]).await.unwrap();
    populate(&site, [&ours, if foreign.is_empty() { &ours } else { foreign }]).await;
    let (mut known, mut unknown, mut right) = (Vec::new(), Vec::new(), Vec::new());
    // One after the other in turn, so that whatever the machine does besides meets all of them.
    for number in 0..samples() {
        for turn in 0..3 {
            match (number + turn) % 3 {
                0 => known.push(took(&site, &address(number), "not the password").await),
                1 => unknown.push(took(&site, &format!("nobody{number}@moved.example"), "not the password").await),
                _ => right.push(took(&site, &address(samples() + number), PASSWORD).await),
            }
        }
    }
    let (address, password) = (auc(&known, &unknown), auc(&right, &known));
    let medians = [&known, &unknown, &right].map(|all| median(all));
    eprintln!(
        "{} samples: known against unknown {address:.4}, right against wrong {password:.4}; medians of known, unknown, right {medians:?} µs",
        samples()
    );
    assert!((address - 0.5).abs() <= TOLERATED, "an address that is somebody's is told by time: AUC {address}");
    assert!((password - 0.5).abs() <= TOLERATED, "a right password is told by time: AUC {password}");
}

#[test]
#[ignore = "a proof: `make prove`"]
fn au_23_time_tells_no_address_and_no_password() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run(engine, |world| prove(world, ""));
    }
}

/// While half of all passwords are still hashed as another provider did it, and cost another time.
#[test]
#[ignore = "a proof: `make prove`"]
fn au_23_nor_does_it_while_some_are_hashed_otherwise() {
    let foreign = "$pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$/8x/+rYJ+//qhy2k8H7MPOl7w/LVV6a6Vzsf2OJ45xo";
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run(engine, |world| prove(world, foreign));
    }
}

/// That the measure tells what is apart.
#[test]
fn the_measure_of_timing_tells_what_is_apart() {
    let near = |from: u128| (0..1_000_u128).map(|number| from + number).collect::<Vec<_>>();
    assert!((auc(&near(0), &near(0)) - 0.5).abs() < 0.001);
    assert!(auc(&near(100), &near(0)) > 0.59);
    assert!(auc(&near(0), &near(2_000)) < 0.001);
}
