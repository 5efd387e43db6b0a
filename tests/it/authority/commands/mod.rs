//! Random sequences of commands by random people, through the real use cases, beside a model: after each of them the store
//! holds what the model says, nobody holds more than somebody was given at the start or an operator gave (D4), lists show
//! whom the model lets one see (D8), and each change left a line in the log (D10).

mod compare;
mod model;
mod perform;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chamberlain::audit::chain;
use chamberlain::authority::Applications;
use chamberlain::delegation::model::State;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use self::model::{APPLICATIONS, ASKING, Command, Held, Model, PARENTS, Somebody, Verb};
use self::perform::{Done, Numbered, is_refusal};
use crate::support::{Bank, Engine, Failure, Modules, World, only, run};

/// How many commands one sequence has.
const COMMANDS: usize = 60;

/// How many sequences: few in `make test`, many in `make prove`.
fn sequences() -> u64 {
    std::env::var("CHAMBERLAIN_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

struct Play {
    dice: StdRng,
    numbered: Numbered,
    model: Model,
    /// What was held at the start, and what operators gave or confirmed since.
    ceiling: Vec<Held>,
    /// Per kind of command: how often it was allowed, and how often refused.
    tally: BTreeMap<&'static str, (usize, usize)>,
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::Create { .. } => "create",
        Command::Update { .. } => "update",
        Command::Move { .. } => "move",
        Command::Delete { .. } => "delete",
        Command::Block { .. } => "block",
        Command::Assign { .. } => "assign",
        Command::Remove { .. } => "remove",
        Command::Grant { .. } => "grant",
        Command::Revoke { .. } => "revoke",
        Command::Confirm { .. } => "confirm",
        Command::Module { .. } => "module",
        Command::Close { .. } => "close",
    }
}

impl Play {
    fn below(&mut self, bound: usize) -> usize {
        self.dice.random_range(0..bound)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn place(&mut self) -> usize {
        self.below(PARENTS.len())
    }

    /// An administrator mostly; sometimes anybody, seldom the console.
    fn actor(&mut self) -> Option<usize> {
        if self.one_in(25) {
            return None;
        }
        let holders: Vec<usize> = self.model.held.iter().filter(|h| !h.revoked).map(|h| h.holder).collect();
        let anybody = self.below(self.model.people.len());
        if self.one_in(6) { Some(anybody) } else { Some(holders.choose(&mut self.dice).copied().unwrap_or(anybody)) }
    }

    fn applications(&mut self) -> BTreeSet<usize> {
        let set: BTreeSet<usize> = (0..APPLICATIONS).filter(|_| self.dice.random_bool(0.6)).collect();
        if set.is_empty() { BTreeSet::from([0]) } else { set }
    }

    /// A grant near what the actor holds, so that some are allowed.
    fn grant(&mut self, by: Option<usize>, to: usize) -> Command {
        let mine: Vec<Held> = by.map(|by| self.model.effective(by).into_iter().cloned().collect()).unwrap_or_default();
        let base = mine.choose(&mut self.dice).cloned();
        let role = match self.below(12) {
            0 => "Operator",
            1..=2 => "DelegatedUserAdmin",
            3..=4 => "ApplicationAccessAdmin",
            _ => base.as_ref().map_or("DelegatedUserAdmin", |held| held.role),
        };
        let near = base.as_ref().map_or(0, |held| held.at);
        let at = if role == "Operator" {
            0
        } else if self.one_in(3) {
            self.place()
        } else {
            near
        };
        let applications = match role {
            "ApplicationAccessAdmin" if self.one_in(3) => Some(self.applications()),
            "ApplicationAccessAdmin" => {
                base.as_ref().and_then(|held| held.applications.clone()).or(Some(self.applications()))
            }
            _ => None,
        };
        let below = role == "Operator" || !self.one_in(3);
        let end = self.model.hour + 1 + self.below(30) as u64;
        let until = if self.one_in(3) {
            Some(end)
        } else {
            base.and_then(|held| held.until).filter(|end| *end > self.model.hour)
        };
        Command::Grant { to, role, at, below, applications, until }
    }

    /// A membership that is there, mostly, so that something can be removed.
    fn membership(&mut self) -> (usize, usize) {
        let present: Vec<_> = self.model.members.iter().copied().collect();
        let any = (self.below(self.model.people.len()), self.below(APPLICATIONS));
        if self.one_in(4) { any } else { present.choose(&mut self.dice).copied().unwrap_or(any) }
    }

    /// A proposal that waits, mostly, so that something can be confirmed.
    fn proposal(&mut self) -> usize {
        let waiting: Vec<_> = (0..self.model.held.len())
            .filter(|n| self.model.held[*n].pending && !self.model.held[*n].revoked)
            .collect();
        let any = self.below(self.model.held.len());
        if self.one_in(4) { any } else { waiting.choose(&mut self.dice).copied().unwrap_or(any) }
    }

    /// Who does it: what only operators may do is often done by one.
    fn actor_of(&mut self, command: &Command, by: Option<usize>) -> Option<usize> {
        let is_operators = matches!(
            command,
            Command::Confirm { .. } | Command::Close { .. } | Command::Block { .. } | Command::Module { .. }
        );
        if !is_operators || self.one_in(2) {
            return by;
        }
        if self.one_in(2) { None } else { Some(0) }
    }

    fn command(&mut self, by: Option<usize>) -> Command {
        let who = self.below(self.model.people.len());
        let held = self.below(self.model.held.len());
        let application = self.below(APPLICATIONS);
        match self.below(33) {
            0..=3 => Command::Create { at: self.place() },
            4..=6 => Command::Update { who },
            7..=9 => Command::Move { who, to: self.place() },
            10 => Command::Delete { who },
            11..=12 => Command::Block { who, blocked: self.dice.random_bool(0.4) },
            13..=16 => Command::Assign { who, application },
            17..=18 => {
                let (who, application) = self.membership();
                Command::Remove { who, application }
            }
            19..=23 => self.grant(by, who),
            24..=26 => Command::Revoke { held },
            27..=28 => Command::Confirm { held: self.proposal() },
            29..=31 => {
                let at = self.place();
                // Mostly what makes sense there.
                let any = self.one_in(5);
                let verb = match self.model.modules.get(&at) {
                    _ if any => Verb::Suspend,
                    None => Verb::Grant,
                    Some(true) => Verb::Suspend,
                    Some(false) => Verb::Regrant,
                };
                Command::Module { at, verb }
            }
            _ => Command::Close { at: 1 + self.below(PARENTS.len() - 1), closed: self.dice.random_bool(0.3) },
        }
    }

    /// What a command that was done means for the model.
    fn apply(&mut self, by: Option<usize>, command: &Command, done: Done) {
        let operator = self.model.is_operator(by);
        match (command, done) {
            (Command::Create { at }, Done::Created(id)) => {
                self.model.people.push(Somebody { id, home: *at, deleted: false, blocked: false });
            }
            (Command::Grant { .. }, Done::Granted(id, state)) => {
                let held = Held { id, pending: state == State::Pending, ..Model::wanted(by, command) };
                if operator {
                    self.ceiling.push(held.clone());
                }
                self.model.held.push(held);
            }
            (Command::Move { who, to }, _) => self.moved(by, *who, *to),
            (Command::Delete { who }, _) => {
                self.model.people[*who].deleted = true;
                self.model.members.retain(|(user, _)| user != who);
                self.end_roles(*who, |_| true);
            }
            (Command::Block { who, blocked }, _) => self.model.people[*who].blocked = *blocked,
            (Command::Assign { who, application }, _) => drop(self.model.members.insert((*who, *application))),
            (Command::Remove { who, application }, _) => drop(self.model.members.remove(&(*who, *application))),
            (Command::Revoke { held }, _) => self.model.held[*held].revoked = true,
            (Command::Confirm { held }, _) => {
                self.model.held[*held].pending = false;
                self.ceiling.push(self.model.held[*held].clone());
            }
            (Command::Module { at, verb }, _) => drop(self.model.modules.insert(*at, *verb != Verb::Suspend)),
            (Command::Close { at, closed: true }, _) => drop(self.model.closed.insert(*at)),
            (Command::Close { at, closed: false }, _) => drop(self.model.closed.remove(at)),
            _ => {}
        }
    }

    /// The roles of somebody that have not run out and do not stay, end.
    fn end_roles(&mut self, who: usize, ends: impl Fn(&Held) -> bool) {
        for n in 0..self.model.held.len() {
            let held = &self.model.held[n];
            if held.holder == who && self.model.has_begun_and_not_ended(held) && ends(held) {
                self.model.held[n].revoked = true;
            }
        }
    }

    /// DA-07: roles that are not over the new place end, and memberships that the mover could not give there.
    fn moved(&mut self, by: Option<usize>, who: usize, to: usize) {
        if self.model.people[who].home == to {
            return;
        }
        self.model.people[who].home = to;
        self.end_roles(who, |held| !model::organisations(held).contains(&to));
        let keeps = |application: usize| {
            self.model.takes(to, application)
                && (by.is_none()
                    || self.model.effective(by.unwrap_or_default()).into_iter().any(|held| {
                        held.role != "DelegatedUserAdmin"
                            && model::organisations(held).contains(&to)
                            && model::applications(held).contains(&application)
                    }))
        };
        let lost: Vec<_> =
            self.model.members.iter().filter(|(user, group)| *user == who && !keeps(*group)).copied().collect();
        for one in lost {
            self.model.members.remove(&one);
        }
    }

    async fn step(&mut self) {
        if self.one_in(6) {
            let hours = 1 + self.below(12) as u64;
            self.model.hour += hours;
            self.numbered.bank.world.clock.advance(Duration::from_hours(hours));
        }
        let by = self.actor();
        let command = self.command(by);
        let by = self.actor_of(&command, by);
        let allowed = self.model.allows(by, &command);
        let before = self.events().await;
        let outcome = self.numbered.run(&self.model, by, &command).await;
        let tally = self.tally.entry(name(&command)).or_default();
        match outcome {
            Ok(done) => {
                assert!(allowed, "{by:?} was let do {command:?}\n{:#?}", self.model);
                tally.0 += 1;
                let idle = matches!(&command, Command::Move { who, to } if self.model.people[*who].home == *to)
                    || matches!(&command, Command::Block { who, blocked } if self.model.people[*who].blocked == *blocked)
                    || matches!(&command, Command::Close { at, closed } if self.model.closed.contains(at) == *closed);
                assert!(idle || self.events().await > before, "D10: {command:?} left no line in the log");
                self.apply(by, &command, done);
            }
            Err(failure) if is_refusal(&failure) => {
                assert!(!allowed, "{by:?} was not let do {command:?}: {failure}\n{:#?}", self.model);
                tally.1 += 1;
                assert_eq!(self.events().await, before);
            }
            // Permitted, and against a rule of the use case: the last holder, held already, not a member …
            Err(Failure::UseCase(text)) => {
                assert!(allowed, "{by:?} was let as far as the use case with {command:?}: {text}");
                assert_eq!(self.events().await, before);
            }
            Err(failure) => panic!("{command:?}: {failure}"),
        }
    }

    async fn events(&self) -> i64 {
        chain::verify(&mut self.numbered.bank.world.db.reader().await.unwrap()).await.unwrap().tail
    }
}

/// The start: people at every level, and one of each kind of administrator, appointed by the console.
async fn opening(world: World, seed: u64) -> Play {
    let start = world.clock.now();
    let bank = Bank::found(world).await;
    let numbered = Numbered { bank, start };
    let (mut model, mut ceiling) = (Model::default(), Vec::new());
    for number in 0..10 {
        let home = number % PARENTS.len();
        let id = numbered.bank.person(numbered.organisation(home), &format!("Person {number}")).await;
        model.people.push(Somebody { id, home, deleted: false, blocked: false });
    }
    let roles: [(usize, &'static str, usize, bool, &[usize]); 7] = [
        (0, "Operator", 0, true, &[]),
        (1, "DelegatedUserAdmin", 1, true, &[]),
        (2, "DelegatedUserAdmin", 2, true, &[]),
        (3, "DelegatedUserAdmin", 3, false, &[]),
        (8, "ApplicationAccessAdmin", 2, true, &[0, 1]),
        (9, "ApplicationAccessAdmin", 3, true, &[0]),
        (5, "ApplicationAccessAdmin", 5, false, &[1]),
    ];
    for (holder, role, at, below, some) in roles {
        let over = match some {
            [] => Applications::All,
            some => only(&some.iter().map(|n| numbered.application(*n)).collect::<Vec<_>>()),
        };
        let place = numbered.organisation(at);
        let id = numbered.bank.appoint(model.people[holder].id, role, place, below, over).await;
        let applications = (!some.is_empty()).then(|| some.iter().copied().collect());
        let (until, pending, revoked, by) = (None, false, false, None);
        let held = Held { id, holder, role, at, below, applications, until, pending, revoked, by };
        ceiling.push(held.clone());
        model.held.push(held);
    }
    // Of six organisations three hold the module, one suspended, two not at all.
    let modules = Modules::of(&numbered.bank.world, &numbered.bank.door);
    modules.ask(numbered.application(ASKING)).await;
    for (at, active) in [(0, true), (2, true), (3, true), (4, false)] {
        let place = (numbered.organisation(at), numbered.application(ASKING));
        modules.grant(place).await.unwrap();
        if !active {
            modules.suspend(place).await.unwrap();
        }
        model.modules.insert(at, active);
    }
    Play { dice: StdRng::seed_from_u64(seed), numbered, model, ceiling, tally: BTreeMap::new() }
}

type Tally = Arc<Mutex<BTreeMap<&'static str, (usize, usize)>>>;

async fn sequence(world: World, seed: u64, tally: Tally) {
    let mut play = opening(world, seed).await;
    for _ in 0..COMMANDS {
        play.step().await;
        play.compare().await;
        play.check_ceiling();
        let somebody = play.below(play.model.people.len());
        play.check_list(somebody).await;
    }
    let mut sums = tally.lock().unwrap();
    for (name, (allowed, refused)) in play.tally {
        let sum = sums.entry(name).or_default();
        sum.0 += allowed;
        sum.1 += refused;
    }
}

/// Each sequence in a world of its own; the number of the sequence is its seed.
fn play(engine: Engine) {
    let tally = Tally::default();
    for seed in 1..=sequences() {
        let sums = Arc::clone(&tally);
        run(engine, move |world| async move {
            // Shown when the test fails.
            eprintln!("sequence {seed}");
            sequence(world, seed, sums).await;
        });
    }
    let tally = tally.lock().unwrap();
    eprintln!("allowed and refused: {tally:?}");
    for (name, (allowed, refused)) in &*tally {
        assert!(*allowed > 0 && *refused > 0, "{name}: {allowed} allowed and {refused} refused say too little");
    }
    assert!(tally.is_empty() || tally.len() == 12, "some kind of command never came up");
}

/// D1–D5, D7, D8, D10, D12: nobody comes to more than they were given, whatever they do together and in which order.
mod no_sequence_of_commands_escalates {
    use super::{Engine, play};

    #[test]
    fn sqlite() {
        play(Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        play(Engine::Postgres);
    }
}
