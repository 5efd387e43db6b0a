//! Several servers at once (SD5, SD8): whatever is asked of them at the same moment ends as it would have ended one after the
//! other, in one of the orders. Three servers in this process, on either engine; and three processes on one PostgreSQL.

mod contests;
mod node;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use chamberlain::kernel::time::Clock;

use node::Node;

use crate::api::calls::Counter;
use crate::api::nominations;
use crate::support::{Bank, Consortium, Engine, World};
use contests::{Arena, Contest};

/// How many servers there are, and how many ask at once.
const NODES: usize = 3;

/// How many rounds one database serves: each leaves people and levels behind, which slow the next down.
const ROUNDS_EACH: usize = 500;

/// 25 rounds in `make test`, more by `CHAMBERLAIN_ROUNDS`; in shares for one database each.
fn shares() -> impl Iterator<Item = Range<usize>> {
    let rounds = std::env::var("CHAMBERLAIN_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    (0..rounds).step_by(ROUNDS_EACH).map(move |from| from..rounds.min(from + ROUNDS_EACH))
}

/// What came of one round: the status of each request, and how things stand afterwards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Outcome {
    statuses: Vec<u16>,
    standing: Vec<String>,
}

/// All orders of so many.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(count - 1);
    let with = |order: &Vec<usize>, at: usize| {
        let mut longer = order.clone();
        longer.insert(at, count - 1);
        longer
    };
    shorter.iter().flat_map(|order| (0..count).map(move |at| with(order, at))).collect()
}

/// What comes of it one after the other, in each order.
async fn one_after_the_other(arena: &Arena, contest: Contest, nodes: &[Node]) -> BTreeSet<Outcome> {
    let mut allowed = BTreeSet::new();
    for (number, order) in orders(nodes.len()).iter().enumerate() {
        let entrants = arena.prepare(contest, 1_000_000 + number).await;
        let mut statuses = vec![0; order.len()];
        for index in order {
            statuses[*index] = nodes[*index].ask(&entrants.asks[*index]).await;
        }
        allowed.insert(Outcome { statuses, standing: entrants.standing(arena.counter()).await });
    }
    allowed
}

/// Runs a contest at all servers at once, again and again.
async fn run(arena: &Arena, contest: Contest, nodes: &[Node], rounds: Range<usize>) {
    let allowed = one_after_the_other(arena, contest, nodes).await;
    contest.check(&allowed);
    let mut seen = BTreeSet::new();
    for round in rounds {
        let entrants = arena.prepare(contest, round).await;
        // Whoever is asked first has a little ahead of the others: each gets its turn.
        let first = round % entrants.asks.len();
        let asked = (0..entrants.asks.len()).map(|n| (first + n) % entrants.asks.len());
        let asks = &entrants.asks;
        let answers = asked.map(|n| async move { (n, nodes[n].ask(&asks[n]).await) });
        let mut answers = futures_util::future::join_all(answers).await;
        answers.sort_unstable();
        let statuses = answers.into_iter().map(|(_, status)| status).collect();
        let outcome = Outcome { statuses, standing: entrants.standing(arena.counter()).await };
        assert!(allowed.contains(&outcome), "{contest:?}, round {round}: {outcome:#?} is none of {allowed:#?}");
        seen.insert(outcome);
    }
    eprintln!("{contest:?}: {} of {} outcomes seen", seen.len(), allowed.len());
}

fn profile(contest: Contest) -> &'static str {
    if contest == Contest::LastPlace { "participant-portal" } else { "ecb-identity-portal" }
}

/// The world of a contest.
async fn counter(world: World, contest: Contest) -> Counter {
    match contest {
        Contest::LastPlace => nominations::open(&Consortium::found(world).await).await,
        _ => Counter::of(Bank::found(world).await).await,
    }
}

fn in_this_process(engine: Engine, contest: Contest) {
    for rounds in shares() {
        crate::support::run(engine, |world| async move {
            let first = Arc::new(counter(world, contest).await);
            let mut nodes = vec![Node::Here(Arc::clone(&first))];
            while nodes.len() < NODES {
                // SQLite has one node, which serves everybody at once.
                let node = if engine == Engine::Sqlite { Arc::clone(&first) } else { Arc::new(first.another().await) };
                nodes.push(Node::Here(node));
            }
            run(&Arena::open(first).await, contest, &nodes, rounds).await;
        });
    }
}

fn in_processes_of_their_own(contest: Contest) {
    for rounds in shares() {
        crate::support::run(Engine::Postgres, |world| async move {
            let folder = tempfile::tempdir().unwrap();
            // Tokens are made here and used there, by the time of day.
            let counter = counter(World { clock: Clock::system(), ..world }, contest).await;
            let processes = node::start(folder.path(), &counter.bank.world.options, profile(contest), NODES);
            run(&Arena::open(Arc::new(counter)).await, contest, &processes, rounds).await;
        });
    }
}

macro_rules! contests {
    ($($(#[$meta:meta])* fn $name:ident() -> Contest { $contest:expr })*) => {$(
        $(#[$meta])*
        mod $name {
            use super::{Contest, Engine, in_processes_of_their_own, in_this_process};

            #[test]
            fn sqlite() {
                in_this_process(Engine::Sqlite, $contest);
            }

            #[test]
            fn postgres() {
                in_this_process(Engine::Postgres, $contest);
            }

            /// Asked over HTTP.
            #[test]
            fn by_three_processes_on_one_postgres() {
                in_processes_of_their_own($contest);
            }
        }
    )*};
}

contests! {
    /// D6, DA-23, SD5: of the last administrators who take each other's role away, one stays.
    fn the_last_administrators_do_not_remove_each_other() -> Contest {
        Contest::LastAdministrator
    }

    /// D6, P58: one place, three who give it.
    fn the_last_place_is_filled_once() -> Contest {
        Contest::LastPlace
    }

    /// D11: what three confirm at once is confirmed once.
    fn what_waits_is_confirmed_or_rejected_once() -> Contest {
        Contest::Confirmation
    }

    /// D7, DA-31, SD8: giving against the revocation of whoever gives, and against another who gives the same.
    fn a_grant_and_the_revocation_of_its_giver_have_an_order() -> Contest {
        Contest::GrantAndRevocation
    }

    /// D13, DA-26: giving at an organisation that moves away, and a change of what the move was shown to come to.
    fn a_grant_and_a_move_have_an_order() -> Contest {
        Contest::GrantAndMove
    }
}

/// The orders of three are six, and each is another.
#[test]
fn every_order_is_among_the_orders() {
    let all: BTreeSet<_> = orders(3).into_iter().collect();
    assert_eq!(all.len(), 6);
}
