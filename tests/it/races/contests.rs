//! What is asked of several servers at once, and how things stand afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use chamberlain::authority::Applications;
use chamberlain::delegation::model::State;
use chamberlain::delegation::nomination::nominate::MAX_IN_AN_HOUR;
use chamberlain::delegation::store as roles;
use chamberlain::directory::organisation::store as organisations;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::Outcome;
use super::node::Ask;
use crate::api::calls::{Counter, role};

/// Who asks for what at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contest {
    /// Three administrators, each of whom takes the role of the next away.
    LastAdministrator,
    /// A role that one person may hold, given to three.
    LastPlace,
    /// One proposal, confirmed twice and rejected once.
    Confirmation,
    /// An administrator gives a role, an operator gives the same, another one takes the administrator's away.
    GrantAndRevocation,
    /// An administrator gives a role at a level, an operator moves the level away, another one makes an administrator above it.
    GrantAndMove,
}

impl Contest {
    /// What the outcomes of all orders have in common; that a contest is one is part of it.
    pub fn check(self, allowed: &BTreeSet<Outcome>) {
        assert!(allowed.len() > 1, "the order makes no difference: {allowed:#?}");
        for outcome in allowed {
            let done = outcome.statuses.iter().filter(|status| (200..300).contains(*status)).count();
            match self {
                Self::LastPlace => assert_eq!((done, &outcome.standing[0]), (1, &"1 named".to_owned())),
                Self::Confirmation => assert_eq!(done, 1, "{outcome:?}"),
                Self::LastAdministrator => assert_eq!(outcome.standing.len(), 1 + 3 - done, "{outcome:?}"),
                Self::GrantAndRevocation | Self::GrantAndMove => assert!(done >= 1, "{outcome:?}"),
            }
        }
    }
}

/// The world of a contest and three operators.
pub struct Arena {
    counter: Arc<Counter>,
    operators: Vec<String>,
    /// Who names somebody, and in which rounds.
    naming: Mutex<(i64, Vec<String>)>,
}

/// Each names but so many in an hour, and whoever holds a role at the root is counted with each who gets it.
const ROUNDS_OF_ONE: i64 = MAX_IN_AN_HOUR / 2;

impl Arena {
    pub async fn open(counter: Arc<Counter>) -> Self {
        let operators = Self::operators(&counter, "first").await;
        Self { counter, operators, naming: Mutex::new((-1, Vec::new())) }
    }

    async fn operators(counter: &Counter, number: &str) -> Vec<String> {
        let (bank, mut operators) = (&counter.bank, Vec::new());
        for name in ["Olga", "Otto", "Ona"] {
            let operator = bank.person(bank.root, &format!("{name} {number}")).await;
            bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
            operators.push(counter.token(operator).await);
        }
        operators
    }

    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Somebody new who holds this role at a level, and their token.
    async fn administrator(&self, name: String, at: OrganisationId) -> (UserId, RoleAssignmentId, String) {
        let bank = &self.counter.bank;
        let person = bank.person(at, &name).await;
        let held = bank.appoint(person, "DelegatedUserAdmin", at, true, Applications::All).await;
        (person, held, self.counter.token(person).await)
    }

    /// What everybody wants in one round; nothing of it was in another.
    pub async fn prepare(&self, contest: Contest, round: usize) -> Entrants {
        let bank = &self.counter.bank;
        let above = if contest == Contest::LastPlace { bank.root } else { bank.bank_b };
        let upper = bank.organisation(Some(above), &format!("Upper {round}")).await;
        let mut entrants = Entrants { asks: Vec::new(), watched: Vec::new(), level: upper, places: None };
        match contest {
            Contest::LastAdministrator => self.last_administrator(&mut entrants, round).await,
            Contest::LastPlace => self.last_place(&mut entrants, round).await,
            Contest::Confirmation => self.confirmation(&mut entrants, round).await,
            Contest::GrantAndRevocation => self.grant_and_revocation(&mut entrants, round).await,
            Contest::GrantAndMove => self.grant_and_move(&mut entrants, round).await,
        }
        entrants
    }

    async fn last_administrator(&self, entrants: &mut Entrants, round: usize) {
        let mut all = Vec::new();
        for n in 0..3 {
            all.push(self.administrator(format!("Adam {round} {n}"), entrants.level).await);
        }
        for (n, (person, _, token)) in all.iter().enumerate() {
            let next = all[(n + 1) % 3].1;
            entrants.watched.push((["first", "second", "third"][n], *person));
            entrants.ask(token, &format!("/api/v1/role-assignments/{next}/revoke"), Some(json!({})));
        }
    }

    async fn last_place(&self, entrants: &mut Entrants, round: usize) {
        entrants.places = Some((self.operators[0].clone(), entrants.level));
        let naming = &mut *self.naming.lock().await;
        let turn = i64::try_from(round).unwrap() / ROUNDS_OF_ONE;
        if naming.0 != turn {
            *naming = (turn, Self::operators(&self.counter, &round.to_string()).await);
        }
        for (n, operator) in naming.1.iter().enumerate() {
            let email = format!("lea.{round}.{n}@bank.example");
            let body = json!({ "role": "LEAR", "organisation": entrants.level, "email": email });
            entrants.ask(operator, "/api/v1/nominations", Some(body));
        }
    }

    async fn confirmation(&self, entrants: &mut Entrants, round: usize) {
        let bank = &self.counter.bank;
        let giver = self.administrator(format!("Gina {round}"), entrants.level).await;
        let below = bank.organisation(Some(entrants.level), &format!("Lower {round}")).await;
        let person = bank.person(below, &format!("Paul {round}")).await;
        let by = PrincipalId::Person(giver.0);
        let at = (below, true);
        let (proposed, state) = bank.grant(by, person, "DelegatedUserAdmin", at, Applications::All).await.unwrap();
        assert_eq!(state, State::Pending, "the first of a level is confirmed");
        entrants.watched.push(("proposed", person));
        for (operator, verb) in self.operators.iter().zip(["confirm", "reject", "confirm"]) {
            let body = (verb == "reject").then(|| json!({ "reason": "nobody asked for it" }));
            entrants.ask(operator, &format!("/api/v1/role-assignments/{proposed}/{verb}"), body);
        }
    }

    async fn grant_and_revocation(&self, entrants: &mut Entrants, round: usize) {
        let (_, held, token) = self.administrator(format!("Gina {round}"), entrants.level).await;
        // So that the revocation leaves somebody.
        self.administrator(format!("Stella {round}"), entrants.level).await;
        let person = self.counter.bank.person(entrants.level, &format!("Paul {round}")).await;
        entrants.watched.push(("given", person));
        let body = role(person, "DelegatedUserAdmin", entrants.level);
        entrants.ask(&token, GRANTS, Some(body.clone()));
        entrants.ask(&self.operators[0], GRANTS, Some(body));
        let revoke = format!("/api/v1/role-assignments/{held}/revoke");
        entrants.ask(&self.operators[1], &revoke, Some(json!({ "reason": "leaves" })));
    }

    async fn grant_and_move(&self, entrants: &mut Entrants, round: usize) {
        let bank = &self.counter.bank;
        let upper = entrants.level;
        let (_, _, token) = self.administrator(format!("Gina {round}"), upper).await;
        let lower = bank.organisation(Some(upper), &format!("Lower {round}")).await;
        self.administrator(format!("Stella {round}"), lower).await;
        let (person, other) =
            (bank.person(lower, &format!("Paul {round}")).await, bank.person(upper, &format!("Ute {round}")).await);
        entrants.level = lower;
        entrants.watched.extend([("given below", person), ("given above", other)]);
        let preview = format!("/api/v1/organisations/{lower}/move?to={}", bank.france);
        let effect = self.counter.get(&self.operators[0], &preview).await.body["effect"].clone();
        assert!(effect.is_string());
        entrants.ask(&token, GRANTS, Some(role(person, "DelegatedUserAdmin", lower)));
        let body = json!({ "to": bank.france, "effect": effect });
        entrants.ask(&self.operators[0], &format!("/api/v1/organisations/{lower}/move"), Some(body));
        entrants.ask(&self.operators[1], GRANTS, Some(role(other, "DelegatedUserAdmin", upper)));
    }
}

const GRANTS: &str = "/api/v1/role-assignments";

/// One round of a contest.
pub struct Entrants {
    /// What is asked, by each of them.
    pub asks: Vec<Ask>,
    watched: Vec<(&'static str, UserId)>,
    level: OrganisationId,
    /// Whoever sees the nominations there.
    places: Option<(String, OrganisationId)>,
}

impl Entrants {
    fn ask(&mut self, token: &str, path: &str, body: Option<Value>) {
        self.asks.push(Ask { token: token.to_owned(), path: path.to_owned(), body });
    }

    /// Which roles those concerned hold or wait for, and where the level hangs.
    pub async fn standing(&self, counter: &Counter) -> Vec<String> {
        let bank = &counter.bank;
        let tx = &mut bank.world.db.reader().await.unwrap();
        let mut lines = Vec::new();
        for (label, person) in &self.watched {
            for held in roles::list_of(tx, PrincipalId::Person(*person)).await.unwrap() {
                if held.state != State::Revoked {
                    lines.push(format!("{label}: {} {}", held.state.as_str(), held.role));
                }
            }
        }
        if let Some((token, level)) = &self.places {
            let named = counter.get(token, &format!("/api/v1/nominations?organisation={level}")).await;
            lines.push(format!("{} named", named.body["items"].as_array().unwrap().len()));
        }
        let parent = organisations::find(tx, self.level).await.unwrap().unwrap().parent;
        lines.push(if parent == Some(bank.france) { "moved" } else { "in place" }.to_owned());
        lines
    }
}
