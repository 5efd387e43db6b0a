//! Files of people, in the process: read, validated, decided on, written with their audit events, into a database that holds few people
//! and one that holds many. The rate is persons per second of processor time, of all threads; so is that of one core.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark measures real time, and stops where it is wrong"
)]

mod support;

use std::fmt::Write as _;
use std::io::sink;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chamberlain::authority::Door;
use chamberlain::db::{Db, Options};
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::organisation::store as organisations;
use chamberlain::directory::user::export::export;
use chamberlain::directory::user::import::batch::{BATCH, Import};
use chamberlain::directory::user::import::rows::{Format, Rows};
use chamberlain::kernel::ctx::{Channel, Ctx};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::time::Clock;
use support::process::cpu_here;
use support::town::Town;
use support::{Goal, goal, heading, note, setting};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const GIVEN: [&str; 8] = ["Ada", "Ben", "Carla", "David", "Elsa", "Franz", "Gina", "Hugo"];
const FAMILY: [&str; 7] = ["Adler", "Bauer", "Conti", "Dubois", "Ek", "Fischer", "Garcia"];

/// A copy of the town that may be filled further.
struct Copy {
    path: PathBuf,
    db: Db,
}

impl Copy {
    async fn of(town: &Town) -> Self {
        let path = town.path.with_extension("import");
        remove(&path);
        std::fs::copy(&town.path, &path).unwrap();
        let options = Options::new(format!("sqlite:{}", path.display()), 2);
        Self { db: Db::open(&options).await.unwrap(), path }
    }

    async fn end(self) {
        self.db.close().await;
        remove(&self.path);
    }
}

fn remove(path: &Path) {
    for ending in ["import", "import-wal", "import-shm"] {
        let _not_there = std::fs::remove_file(path.with_extension(ending));
    }
}

/// A file of people spread over the town.
fn file(town: &Town, people: usize, format: Format) -> String {
    let mut text = String::new();
    if format == Format::Csv {
        text.push_str("email,given_name,family_name,phone,organisation,company_id\n");
    }
    for n in 0..people {
        let (given, family) = (GIVEN[n % GIVEN.len()], FAMILY[n % FAMILY.len()]);
        let (phone, place) = (4_900_000_000 + n, town.places[n * 7_919 % town.places.len()]);
        match format {
            Format::Csv => {
                writeln!(text, "{given}.{family}{n}@new.example,{given},{family} {n},+{phone},{place},4711-{n}")
                    .unwrap();
            }
            Format::Jsonl => {
                writeln!(
                    text,
                    "{{\"email\":\"{given}.{family}{n}@new.example\",\"given_name\":\"{given}\",\"family_name\":\"{family} {n}\",\
                     \"phone\":\"+{phone}\",\"organisation\":\"{place}\",\"company_id\":\"4711-{n}\"}}"
                )
                .unwrap();
            }
        }
    }
    text
}

/// Persons per second of processor time; printed with those per second of the clock.
async fn import(what: &str, db: &Db, (text, format): (&str, Format), mail: bool) -> f64 {
    let door = Door::new(Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
    let (clock, dice) = (Clock::system(), Entropy::system());
    let home = organisations::find_root(&mut db.reader().await.unwrap()).await.unwrap().unwrap().id;
    let context = || Ctx::internal(clock.now(), dice.clone(), Channel::Cli).acting_as(PrincipalId::Console);
    let accepts = |_: &_| true;
    let batch = setting("CHAMBERLAIN_BENCH_BATCH", BATCH);
    let import = Import { db, door: &door, home, batch, preview: false, mail, accepts: &accepts, context: &context };
    let mut rows = Rows::open(text.as_bytes(), format, clock.now()).unwrap();
    let (cpu, begun) = (cpu_here(), Instant::now());
    let counts = import.run(&mut rows, |_, _| Ok(())).await.unwrap();
    let (cpu, wall) = (cpu_here() - cpu, begun.elapsed().as_secs_f64());
    assert_eq!(counts.refused, 0);
    note(&format!("{what}: wall clock"), counts.rows() as f64 / wall, "persons/s");
    counts.rows() as f64 / cpu
}

async fn of_town(existing: usize, people: usize) -> f64 {
    let town = Town::of(existing, setting("CHAMBERLAIN_BENCH_ORGANISATIONS", 1_111)).await;
    heading(
        &format!("{people} people into {existing} in {} organisations, SQLite", town.places.len()),
        "in process, processor time of all threads; validated, decided on, each with an audit event; a thousand in a transaction",
    );
    let mut slowest = f64::INFINITY;
    for (name, format) in [("CSV", Format::Csv), ("JSON lines", Format::Jsonl)] {
        let text = file(&town, people, format);
        let copy = Copy::of(&town).await;
        let rate = import(name, &copy.db, (&text, format), false).await;
        slowest = slowest.min(rate);
        goal(name, rate, "persons/s", Goal::AtLeast(10_000.0));
        let again = import(&format!("{name} again"), &copy.db, (&text, format), false).await;
        goal(&format!("{name}, the same file again"), again, "persons/s", Goal::AtLeast(30_000.0));
        let door = Door::new(Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
        let ctx = Ctx::internal(Clock::system().now(), Entropy::system(), Channel::Cli).acting_as(PrincipalId::Console);
        let cpu = cpu_here();
        let count = export((&copy.db, &door), None, (sink(), format), &ctx).await.unwrap();
        note(&format!("{name}, exported"), count as f64 / (cpu_here() - cpu), "persons/s");
        copy.end().await;
    }
    let copy = Copy::of(&town).await;
    let text = file(&town, people, Format::Csv);
    let rate = import("CSV, each with a mail", &copy.db, (&text, Format::Csv), true).await;
    note("CSV, each with a mail", rate, "persons/s");
    copy.end().await;
    slowest
}

#[tokio::main]
async fn main() {
    let people = setting("CHAMBERLAIN_BENCH_IMPORT", 50_000);
    let few = of_town(setting("CHAMBERLAIN_BENCH_FEW", 10_000), people).await;
    let many = of_town(setting("CHAMBERLAIN_BENCH_MANY", 100_000), people).await;
    goal("a person into few, as a part of one into many", many / few, "", Goal::AtLeast(0.7));
}
