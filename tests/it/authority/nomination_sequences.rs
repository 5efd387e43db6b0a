//! Random sequences of nominations, answers, revocations and phases by everybody, through the real use cases: after each step the
//! bounds hold, every role was given by the pattern, and what requires another role goes with it (D3, D4, D6).

use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::delegation::nomination::store as nominations;
use chamberlain::delegation::place_store;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use crate::support::pattern::{self, OF_ORGANISATION};
use crate::support::{At, Consortium};

/// 4 sequences of 40 steps in `make test`; more in `make prove`.
fn sequences() -> u64 {
    std::env::var("CHAMBERLAIN_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

struct Play {
    all: Consortium,
    people: Vec<(UserId, String)>,
    dice: StdRng,
    done: usize,
}

fn at(all: &Consortium, role: &str, organisation: OrganisationId) -> At {
    let of_organisation = OF_ORGANISATION.contains(&role);
    (organisation, (!of_organisation).then_some(all.project))
}

impl Play {
    async fn begin(all: Consortium, seed: u64) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "sequences are made from a seed so that a failure can be repeated"
        )]
        let dice = StdRng::seed_from_u64(seed);
        let mut people = Vec::new();
        let homes = [("Ann", all.acme), ("Ben", all.acme), ("Cid", all.beta), ("Dee", all.beta), ("Eve", all.gamma)];
        for (name, home) in homes {
            let name = format!("{name} {seed}");
            people.push((all.person(home, &name).await, name));
        }
        for (person, role, organisation) in
            [(0, "PrimaryCoordinatorContact", all.acme), (2, "ParticipantContact", all.beta), (1, "LEAR", all.acme)]
        {
            let at = at(&all, role, organisation);
            all.assign(PrincipalId::Console, people[person].0, role, at).await.unwrap();
        }
        Self { all, people, dice, done: 0 }
    }

    async fn step(&mut self) {
        // Mostly somebody who holds something.
        let held = self.held().await;
        let holder = held.choose(&mut self.dice).and_then(|role| role.principal.person());
        let by = match holder.filter(|_| self.dice.random_range(0..4) > 0) {
            Some(holder) => holder,
            None => self.people.choose(&mut self.dice).unwrap().0,
        };
        let whom = self.people.choose(&mut self.dice).cloned().unwrap();
        let actor = PrincipalId::Person(by);
        let (role, organisation) = self.asked(actor).await;
        let place = at(&self.all, &role, organisation);
        let done = match self.dice.random_range(0..8) {
            0..=2 => self.all.nominate(actor, &Consortium::address(&whom.1), &role, place).await.is_ok(),
            3..=4 => self.answer((whom.0, &whom.1)).await,
            5 => self.all.assign(actor, whom.0, &role, place).await.is_ok(),
            _ => match self.all.held(whom.0).await.choose(&mut self.dice) {
                Some(role) => self.all.revoke(actor, role.id).await.is_ok(),
                None => false,
            },
        };
        self.done += usize::from(done);
    }

    /// A role and an organisation: mostly what is offered to whoever asks.
    async fn asked(&mut self, actor: PrincipalId) -> (String, OrganisationId) {
        let ctx = self.all.world.ctx_of(actor);
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let mut offered = Vec::new();
        for project in [None, Some(self.all.project)] {
            let organisations = [self.all.acme, self.all.beta];
            offered.extend(self.all.door.judge_nominations(tx, &ctx, project, &organisations).await.unwrap());
        }
        let chosen = offered.choose(&mut self.dice).cloned();
        match chosen.filter(|_| self.dice.random_range(0..5) > 0) {
            Some(offered) => offered,
            None => {
                let organisation = if self.dice.random_range(0..3) == 0 { self.all.beta } else { self.all.acme };
                ((*pattern::roles().choose(&mut self.dice).unwrap()).to_owned(), organisation)
            }
        }
    }

    async fn answer(&mut self, (user, name): (UserId, &str)) -> bool {
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let now = self.all.world.clock.now();
        let open = nominations::list_open_to(tx, &Consortium::address(name), now, 10).await.unwrap();
        let Some(one) = open.choose(&mut self.dice) else { return false };
        self.all.accept(user, one.id).await.is_ok()
    }

    /// Everything that is held at the two organisations.
    async fn held(&self) -> Vec<RoleAssignment> {
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let now = self.all.world.clock.now();
        let mut held = Vec::new();
        for organisation in [self.all.acme, self.all.beta] {
            held.extend(place_store::list_in_organisation(tx, organisation, (now, 1_000)).await.unwrap());
        }
        held
    }

    async fn check(&self) {
        let held = self.held().await;
        for role in &held {
            assert!(self.was_given_by_the_pattern(role).await, "{role:?}");
            assert!(role.state == State::Active && role.granted_by != role.principal, "{role:?}");
            let twice = held.iter().filter(|other| {
                (&other.role, other.principal, other.organisation, other.project)
                    == (&role.role, role.principal, role.organisation, role.project)
            });
            assert_eq!(twice.count(), 1, "{role:?}");
        }
        let count = |code: &str, at: Option<OrganisationId>| {
            held.iter().filter(|role| role.role == code && at.is_none_or(|at| role.organisation == at)).count()
        };
        assert_eq!(count("PrimaryCoordinatorContact", None), 1, "P25");
        assert!(count("CoordinatorContact", None) <= 4, "P34");
        assert!((1..=5).contains(&count("ParticipantContact", Some(self.all.beta))), "P41");
        assert_eq!(count("LEAR", Some(self.all.acme)), 1, "P58");
        for signs in held.iter().filter(|role| role.role == "ProjectFinancialSignatory") {
            let basis = |other: &&RoleAssignment| {
                other.role == "FinancialSignatory"
                    && other.principal == signs.principal
                    && other.organisation == signs.organisation
            };
            assert!(held.iter().any(|other| basis(&other)), "P23: {signs:?}");
        }
    }

    /// The one by which it was given is of a role that may name this one, in the relation that the manual says.
    async fn was_given_by_the_pattern(&self, role: &RoleAssignment) -> bool {
        let Some(via) = role.granted_via else { return role.granted_by == PrincipalId::Console };
        let tx = &mut self.all.world.db.reader().await.unwrap();
        let giver = chamberlain::delegation::store::find(tx, via).await.unwrap().unwrap();
        let here = giver.organisation == role.organisation;
        let together = giver.project.is_some() && giver.project == role.project;
        giver.principal == role.granted_by && pattern::names(&giver.role, &role.role, here, together)
    }
}

on_both! {
    /// D3, D4, D6, P12, P13, P23, P25, P34, P41, P58: no sequence gives anybody what the pattern does not.
    async fn no_sequence_of_nominations_leaves_the_pattern(world: World) {
        let mut done = 0;
        let all = Consortium::found(world).await;
        for seed in 0..sequences() {
            let mut play = Play::begin(all.another(seed).await, seed).await;
            play.check().await;
            for _ in 0..40 {
                play.all.world.clock.advance(std::time::Duration::from_mins(5));
                play.step().await;
                play.check().await;
            }
            done += play.done;
        }
        assert!(done > 5 * usize::try_from(sequences()).unwrap(), "too little was allowed: {done}");
    }
}
