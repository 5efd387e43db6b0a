//! Lists of people in a large installation, read in the process (G20, `decisions.md` 15): what a delegated administrator
//! waits for whatever the subtree, the order and the search; exact totals; moving a branch.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark measures real time, and stops where it is wrong"
)]

mod support;

use std::time::{Duration, Instant};

use chamberlain::authority::action::MoveOrganisation;
use chamberlain::authority::{Door, Extent, Scope};
use chamberlain::db::{self, Db, transact};
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::organisation::store as organisations;
use chamberlain::directory::organisation::transfer::transfer;
use chamberlain::directory::user::search_store::{self, Search, SortBy};
use chamberlain::kernel::ctx::{Channel, Ctx};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::time::{Clock, Timestamp};
use support::town::Town;
use support::{Goal, goal, heading, note, quantile, setting};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many pages of each order and subtree: of fewer, the slowest of a hundred is not told from the slowest of all.
const ROUNDS: usize = 400;

/// Administrators of random organisations.
const ADMINISTRATORS: usize = 1_000;

struct Bench {
    town: Town,
    db: Db,
    now: Timestamp,
    dice: Entropy,
}

/// Milliseconds of the page and of the number, over many searches.
#[derive(Default)]
struct Times {
    page: Vec<f64>,
    total: Vec<f64>,
}

impl Bench {
    fn below(&self, bound: usize) -> usize {
        self.dice.below(u32::try_from(bound).unwrap()) as usize
    }

    async fn time(&self, search: &Search, rows: i64, times: &mut Times) {
        let tx = &mut self.db.reader().await.unwrap();
        let begun = Instant::now();
        search_store::list(tx, search, self.now, rows, 0).await.unwrap();
        times.page.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let begun = Instant::now();
        search_store::count(tx, search, self.now).await.unwrap();
        times.total.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }

    /// Subtrees from one organisation to everything, as scopes; the name says how many organisations there are.
    fn subtrees(&self) -> Vec<(String, Scope)> {
        let all = self.town.places.len();
        let mut sizes: Vec<usize> =
            [1, 11, 111, 300, 1_111, all / 3, all].into_iter().filter(|size| *size <= all).collect();
        sizes.dedup();
        let mut subtrees = Vec::new();
        for size in sizes {
            // Branches side by side make up the sizes between the powers of the tree.
            let branch = [1, 11, 111, 1_111, all].into_iter().filter(|n| *n <= size).max().unwrap_or(1);
            let top = self.town.places.iter().position(|place| *place == self.town.subtree_of(branch)).unwrap();
            let extents = (0..(size / branch).max(1)).map(|n| Extent::Subtree(self.town.places[top + n])).collect();
            subtrees.push((format!("{size} organisations"), Scope::Within(extents)));
        }
        subtrees.push(("the operator (everywhere)".to_owned(), Scope::Everywhere));
        subtrees
    }

    async fn orders(&self) {
        let mut worst: f64 = 0.0;
        for (name, scope) in self.subtrees() {
            for sort in SortBy::ALL {
                let mut times = Times::default();
                for round in 0..ROUNDS {
                    let descending = round % 2 == 1;
                    let search = Search { sort, descending, ..Search::everybody(scope.clone(), None) };
                    self.time(&search, if round % 4 < 2 { 25 } else { 100 }, &mut times).await;
                }
                let p99 = quantile(&mut times.page, 0.99);
                worst = worst.max(p99);
                let median = quantile(&mut times.page, 0.5);
                goal(&format!("first page, {name}, by {sort:?}: p99 (p50 {median:.2})"), p99, "ms", Goal::AtMost(5.0));
            }
            let mut times = Times::default();
            self.time(&Search::everybody(scope, None), 25, &mut times).await;
            goal(&format!("exact total, {name}"), quantile(&mut times.total, 0.99), "ms", Goal::AtMost(20.0));
        }
        goal("first page, the worst p99 of all", worst, "ms", Goal::AtMost(5.0));
    }

    /// What a thousand administrators see first, as many of them over a thousand organisations as over one: the list as it opens, and how
    /// many they are.
    async fn administrators(&self) {
        let all = self.town.places.len();
        let sizes: Vec<usize> = [1, 11, 111, 1_111].into_iter().filter(|size| *size < all).collect();
        let mut times = Times::default();
        for round in 0..ADMINISTRATORS {
            let size = sizes[round % sizes.len()];
            let first = self.town.places.iter().position(|place| *place == self.town.subtree_of(size)).unwrap();
            let home = self.town.places[first + self.below((all / size).min(all - first))];
            let scope = Scope::Within([Extent::Subtree(home)].into_iter().collect());
            self.time(&Search::everybody(scope, None), 25, &mut times).await;
        }
        let median = quantile(&mut times.page, 0.5);
        let p99 = quantile(&mut times.page, 0.99);
        goal(
            &format!("the list as it opens, any of {ADMINISTRATORS} administrators: p99 (p50 {median:.2})"),
            p99,
            "ms",
            Goal::AtMost(5.0),
        );
        goal("how many they are, exactly: p99", quantile(&mut times.total, 0.99), "ms", Goal::AtMost(5.0));
    }

    /// Parts of the names of random people, three to six characters long.
    fn part(&self) -> String {
        let (_, user_name) = &self.town.some[self.below(self.town.some.len())];
        let family: String = user_name.split(['.', '@']).nth(1).unwrap().trim_end_matches(char::is_numeric).to_owned();
        let length = (3 + self.below(4)).min(family.len());
        let from = self.below(family.len() - length + 1);
        family[from..from + length].to_owned()
    }

    async fn parts(&self) {
        for (name, scope) in self.subtrees() {
            let mut times = Times::default();
            for round in 0..200 {
                let sort = SortBy::ALL[round % 4];
                let search = Search { sort, family_name: self.part(), ..Search::everybody(scope.clone(), None) };
                self.time(&search, 25, &mut times).await;
            }
            let median = quantile(&mut times.page, 0.5);
            let p99 = quantile(&mut times.page, 0.99);
            goal(&format!("part of a name (`co`), {name}: p99 (p50 {median:.2})"), p99, "ms", Goal::AtMost(5.0));
            let median = quantile(&mut times.total, 0.5);
            let p99 = quantile(&mut times.total, 0.99);
            goal(&format!("its exact total, {name}: p99 (p50 {median:.2})"), p99, "ms", Goal::AtMost(20.0));
        }
    }

    /// A branch of a thousand organisations goes below another one and back, by the use case and its decision.
    async fn moving(&self) {
        let door = Door::new(Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
        let top = self.town.subtree_of(1_111.min(self.town.places.len() / 2));
        let to = self.town.places[3.min(self.town.places.len() - 1)];
        let mut seconds = Vec::new();
        for _ in 0..2 {
            let home = organisations::find(&mut self.db.reader().await.unwrap(), top).await.unwrap().unwrap().parent;
            for parent in [to, home.unwrap()] {
                let ctx = Ctx::internal(Clock::system().now(), self.dice.clone(), Channel::Cli);
                let ctx = ctx.acting_as(PrincipalId::Console);
                let begun = Instant::now();
                let done: db::Result<()> = transact!(self.db, tx => {
                    let action = MoveOrganisation { organisation: top, to: parent };
                    let permit = door.authorise(tx, &ctx, action).await.unwrap();
                    transfer(tx, permit, &ctx).await.unwrap();
                    Ok(())
                });
                done.unwrap();
                seconds.push(begun.elapsed().as_secs_f64());
            }
        }
        goal(
            "moving a branch of 1,111 organisations with its people, the slowest",
            quantile(&mut seconds, 1.0),
            "s",
            Goal::AtMost(1.0),
        );
    }
}

#[tokio::main]
async fn main() {
    let people = setting("CHAMBERLAIN_BENCH_USERS", 1_000_000);
    let organisations = setting("CHAMBERLAIN_BENCH_ORGANISATIONS", 11_111);
    let town = Town::of(people, organisations).await;
    heading(
        &format!("lists of people, {people} people in {} organisations, SQLite", town.places.len()),
        "in process, one reader, wall time; 25 or 100 rows, ascending and descending",
    );
    let db = Db::open(&town.options()).await.unwrap();
    let now = Clock::system().now();
    let bench = Bench { town, db, now, dice: Entropy::seeded(1) };
    tokio::time::sleep(Duration::from_millis(100)).await;
    bench.administrators().await;
    bench.orders().await;
    bench.parts().await;
    bench.moving().await;
    note("load at the end", load(), "");
    bench.db.close().await;
}

fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}
