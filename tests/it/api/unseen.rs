//! Non-interference: whatever happens out of somebody's sight, every list, filter, search, simulation and error that a script of theirs can
//! ask for stays the same to the byte. One step of an arbitrary story and one question are one pair of worlds.

use chamberlain::authority::Applications;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::calls::{Counter, Reply};
use crate::support::{Bank, Modules, only};

/// How many things happen out of sight; times the questions a thousand pairs, and more of them in the heavy proof.
pub fn steps() -> usize {
    let sequences: usize = std::env::var("CHAMBERLAIN_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    (sequences * 3).clamp(30, 3_000)
}

/// What is asked: an address, and a body for those that take one.
fn questions(counter: &Counter, gerda: UserId, hidden: (UserId, OrganisationId)) -> Vec<(String, Option<Value>)> {
    let bank = &counter.bank;
    let mut asked: Vec<(String, Option<Value>)> = Vec::new();
    let lists = [
        "/scim/v2/Users",
        "/scim/v2/Users?sortBy=name.familyName",
        "/scim/v2/Users?filter=userName%20co%20%22e%22",
        "/scim/v2/Users?count=0",
        "/scim/v2/Users?filter=active%20eq%20true&startIndex=2&count=1",
        "/scim/v2/Groups",
        "/scim/v2/Groups?filter=displayName%20pr&count=1",
        "/scim/v2/Organizations",
        "/scim/v2/Organizations?filter=name%20co%20%22Bank%22",
        "/scim/v2/Organizations?sortBy=name&sortOrder=descending",
        "/scim/v2/Applications",
        "/scim/v2/Memberships",
        "/scim/v2/Memberships?sortBy=meta.created&count=1",
        "/scim/v2/RoleAssignments",
        "/scim/v2/RoleAssignments?filter=role%20pr&count=0",
        "/scim/v2/RoleAssignments?sortBy=role",
        "/scim/v2/Nominations",
        "/scim/v2/Nominations?count=0",
        "/scim/v2/Invitations",
        "/scim/v2/Invitations?filter=state%20pr&count=0",
        "/scim/v2/Schemas",
        "/api/v1/role-assignments",
        "/api/v1/role-assignments?limit=1",
        "/api/v1/role-assignments?state=pending",
        "/api/v1/role-assignments?state=revoked",
        "/api/v1/revocation-requests",
        "/api/v1/deputies",
        "/api/v1/recertification/roles",
        "/api/v1/recertification/memberships",
    ];
    asked.extend(lists.map(|path| (path.to_owned(), None)));
    let (person, place) = hidden;
    for path in [
        format!("/scim/v2/Users/{person}"),
        format!("/scim/v2/Organizations/{place}"),
        format!("/api/v1/organisations/{}/modules", bank.germany),
        format!("/api/v1/organisations/{place}/modules"),
        format!("/api/v1/organisations/{}/move?to={place}", bank.frankfurt),
        format!("/api/v1/role-assignments?organisation={place}"),
    ] {
        asked.push((path, None));
    }
    let who = json!({ "type": "user", "id": gerda });
    let (action, user) = (json!({ "name": "user.update" }), json!({ "type": "user" }));
    let level = |id: OrganisationId| json!({ "type": "organisation", "id": id });
    for (search, body) in [
        ("resource", json!({ "subject": who, "action": action, "resource": user })),
        (
            "resource",
            json!({ "subject": who, "action": { "name": "organisation.read" }, "resource": { "type": "organisation" } }),
        ),
        ("subject", json!({ "subject": user, "action": { "name": "user.create" }, "resource": level(bank.frankfurt) })),
        ("subject", json!({ "subject": user, "action": action, "resource": { "type": "user", "id": person } })),
        ("action", json!({ "subject": who, "resource": level(place) })),
    ] {
        asked.push((format!("/access/v1/search/{search}"), Some(body)));
    }
    let question = json!({ "subject": { "type": "user", "id": person }, "action": action, "resource": { "type": "user", "id": gerda } });
    asked.push(("/access/v1/evaluation".to_owned(), Some(question)));
    let change = json!({ "grant": { "principal": { "kind": "person", "id": person }, "role": "DelegatedUserAdmin", "organisation": bank.frankfurt } });
    asked.push(("/api/v1/simulations".to_owned(), Some(json!({ "change": change }))));
    let change = json!({ "move": { "organisation": bank.frankfurt, "to": place } });
    asked.push(("/api/v1/simulations".to_owned(), Some(json!({ "change": change }))));
    asked
}

async fn answers(counter: &Counter, token: &str, asked: &[(String, Option<Value>)]) -> Vec<Reply> {
    let mut replies = Vec::new();
    for (path, body) in asked {
        replies.push(match body {
            None => counter.get(token, path).await,
            Some(body) => counter.post(token, path, body.clone()).await,
        });
    }
    replies
}

/// What is out of sight, and grows.
pub struct Hidden {
    places: Vec<OrganisationId>,
    people: Vec<UserId>,
    roles: Vec<RoleAssignmentId>,
    granted: Vec<OrganisationId>,
    dice: StdRng,
}

fn any<T: Copy>(dice: &mut StdRng, of: &[T]) -> T {
    of[dice.random_range(0..of.len())]
}

impl Hidden {
    /// Out of the sight of whoever administers Germany; this person stays.
    pub fn of(bank: &Bank, stays: UserId) -> Self {
        Self {
            places: vec![bank.france, bank.bank_a, bank.bank_b, bank.root],
            people: vec![stays],
            roles: Vec::new(),
            granted: Vec::new(),
            dice: StdRng::seed_from_u64(11),
        }
    }

    /// Something happens in France, in another bank or above.
    pub async fn happen(&mut self, counter: &Counter, olga: &str, step: usize) {
        let bank = &counter.bank;
        let place = any(&mut self.dice, &self.places);
        let name = format!("Hidden{step}");
        match self.dice.random_range(0..9) {
            0 => self.places.push(bank.organisation(Some(place), &name).await),
            1 => self.people.push(bank.person(place, &name).await),
            2 => {
                let person = bank.person(place, &name).await;
                self.roles.push(bank.appoint(person, "DelegatedUserAdmin", place, true, Applications::All).await);
            }
            3 => {
                let person = bank.person(place, &name).await;
                self.roles.push(bank.appoint(person, "ApplicationAccessAdmin", place, true, only(&[bank.imas])).await);
            }
            4 => {
                let person = bank.person(place, &name).await;
                bank.assign(PrincipalId::Console, person, bank.imas_user).await.unwrap();
            }
            5 if !self.granted.contains(&place) => {
                let modules = Modules::of(&bank.world, &bank.door);
                modules.grant((place, bank.casper)).await.unwrap();
                self.granted.push(place);
            }
            6 if !self.roles.is_empty() => {
                let role = self.roles.swap_remove(self.dice.random_range(0..self.roles.len()));
                bank.revoke(PrincipalId::Console, role, Some("reason")).await.unwrap();
            }
            7 => {
                let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Invitation"], "proposedName": name,
                    "email": format!("{name}@example.org"), "organization": { "value": place } });
                let reply = counter.post(olga, "/scim/v2/Invitations", body).await;
                assert!(matches!(reply.status.as_u16(), 201 | 429), "{}", reply.text);
            }
            _ if self.people.len() > 1 => {
                // Not the one whom the questions name: they would be gone for everybody.
                let person = self.people.swap_remove(self.dice.random_range(1..self.people.len()));
                let reply = counter.call(olga, "DELETE", &format!("/scim/v2/Users/{person}"), None).await;
                assert!(matches!(reply.status.as_u16(), 204 | 409), "{}", reply.text);
            }
            _ => self.people.push(bank.person(place, &name).await),
        }
    }
}

/// Those who look, and one of each kind that they look for.
pub struct Seen {
    /// Administers Germany, its people and its access to IMAS.
    pub gerda: UserId,
    /// Sees everything.
    pub operator: UserId,
    /// In Gerda's sight.
    pub frank: UserId,
    /// Out of it.
    pub felicie: UserId,
}

impl Seen {
    pub async fn of(bank: &Bank) -> Self {
        Modules::of(&bank.world, &bank.door).ask(bank.casper).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        bank.appoint(gerda, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
        let frank = bank.person(bank.frankfurt, "Frank").await;
        bank.assign(PrincipalId::Console, frank, bank.imas_user).await.unwrap();
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let felicie = bank.person(bank.france, "Felicie").await;
        Self { gerda, operator, frank, felicie }
    }
}

/// Somebody who gives access to one application in Germany and to another one below it, and what of the other one is out of their sight.
pub struct Partly {
    /// Gives access to IMAS in Germany and to CASPER in Frankfurt.
    pub dora: UserId,
    /// In Dora's sight, in Germany: her memberships of CASPER are not.
    pub greta: UserId,
    /// In Dora's sight, in Frankfurt: his role for CASPER in Germany is not.
    fritz: UserId,
    /// Her membership of CASPER while she has one.
    membership: Option<String>,
    /// A role for CASPER that somebody in Dora's sight has in Germany, while they have it.
    role: Option<RoleAssignmentId>,
}

impl Partly {
    pub async fn of(bank: &Bank) -> Self {
        let dora = bank.person(bank.bank_b, "Dora").await;
        bank.appoint(dora, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
        bank.appoint(dora, "ApplicationAccessAdmin", bank.frankfurt, true, only(&[bank.casper])).await;
        let (greta, fritz) = (bank.person(bank.germany, "Greta").await, bank.person(bank.frankfurt, "Fritz").await);
        let frida = bank.person(bank.frankfurt, "Frida").await;
        for (member, group) in [(fritz, bank.imas_user), (frida, bank.casper_submitter)] {
            bank.assign(PrincipalId::Console, member, group).await.unwrap();
        }
        Self { dora, greta, fritz, membership: None, role: None }
    }

    /// Greta comes to CASPER or leaves it, and somebody in sight becomes its access administrator in Germany or is it no more; so does
    /// somebody out of sight.
    pub async fn happen(&mut self, counter: &Counter, olga: &str, step: usize) {
        let bank = &counter.bank;
        if step % 3 == 2 {
            let person = bank.person(bank.bank_a, &format!("Hidden{step}")).await;
            bank.appoint(person, "ApplicationAccessAdmin", bank.germany, step.is_multiple_of(2), only(&[bank.casper]))
                .await;
        }
        self.role = match self.role.take() {
            Some(role) => {
                bank.revoke(PrincipalId::Console, role, Some("reason")).await.unwrap();
                None
            }
            None => {
                Some(bank.appoint(self.fritz, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.casper])).await)
            }
        };
        self.membership = match self.membership.take() {
            Some(id) => {
                let reply = counter.call(olga, "DELETE", &format!("/scim/v2/Memberships/{id}"), None).await;
                assert_eq!(reply.status.as_u16(), 204, "{}", reply.text);
                None
            }
            None => {
                let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Membership"],
                    "user": { "value": self.greta }, "group": { "value": bank.casper_submitter } });
                let reply = counter.post(olga, "/scim/v2/Memberships", body).await;
                assert_eq!(reply.status.as_u16(), 201, "{}", reply.text);
                let made: Value = serde_json::from_str(&reply.text).unwrap();
                Some(made["id"].as_str().unwrap().to_owned())
            }
        };
    }
}

/// What is asked about members of the two applications besides.
fn of_members(bank: &Bank, greta: UserId) -> Vec<(String, Option<Value>)> {
    let filter = |path: &str, text: String| {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        (format!("/scim/v2/{path}?filter={encoded}"), None)
    };
    let mut asked = vec![
        (format!("/scim/v2/Users/{greta}"), None),
        ("/scim/v2/Users?attributes=groups&count=3".to_owned(), None),
        filter("Groups", format!("members.value eq \"{greta}\"")),
        filter("Memberships", format!("user eq \"{greta}\"")),
        ("/scim/v2/Groups?sortBy=meta.lastModified".to_owned(), None),
    ];
    for group in [bank.imas_user, bank.casper_submitter] {
        asked.push((format!("/scim/v2/Groups/{group}"), None));
        asked.push(filter("Users", format!("groups.value eq \"{group}\"")));
        asked.push(filter("Users", format!("not (groups.value eq \"{group}\")")));
    }
    asked
}

on_both! {
    /// D2, D8: who gives access to one application here and to another one there is answered the same whatever happens to the other one here.
    async fn what_happens_to_another_application_changes_no_answer(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let Seen { operator, felicie, .. } = Seen::of(bank).await;
        Modules::of(&bank.world, &bank.door).grant((bank.germany, bank.casper)).await.unwrap();
        Modules::of(&bank.world, &bank.door).grant((bank.frankfurt, bank.casper)).await.unwrap();
        let mut partly = Partly::of(bank).await;
        let (hers, olga) = (counter.token(partly.dora).await, counter.token(operator).await);
        let mut asked = questions(&counter, partly.greta, (felicie, bank.france));
        asked.extend(of_members(bank, partly.greta));
        let (before, others) = (answers(&counter, &hers, &asked).await, answers(&counter, &olga, &asked).await);
        assert!(before.iter().filter(|reply| reply.status.is_success()).count() > 25, "vacuous: too much is refused");
        for step in 0..steps() / 3 {
            partly.happen(&counter, &olga, step).await;
            let now = answers(&counter, &hers, &asked).await;
            for ((question, before), now) in asked.iter().zip(&before).zip(&now) {
                assert_eq!(before, now, "step {step}: {question:?}");
            }
            if step == 2 {
                let moved = answers(&counter, &olga, &asked).await.iter().zip(&others).filter(|(now, before)| now != before).count();
                assert!(moved >= 12, "only {moved} answers moved for the operator");
            }
        }
    }

    /// D8, SC-03, DA-34: a thousand pairs of worlds that differ only in what Gerda may not see; she is answered the same in both.
    async fn what_happens_out_of_sight_changes_no_answer(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let Seen { gerda, operator, felicie, .. } = Seen::of(bank).await;
        let (hers, olga) = (counter.token(gerda).await, counter.token(operator).await);
        let mut hidden = Hidden::of(bank, felicie);
        let asked = questions(&counter, gerda, (felicie, bank.france));
        let (before, others) = (answers(&counter, &hers, &asked).await, answers(&counter, &olga, &asked).await);
        assert!(before.iter().filter(|reply| reply.status.is_success()).count() > 25, "vacuous: too much is refused");
        let mut pairs = 0;
        for step in 0..steps() {
            hidden.happen(&counter, &olga, step).await;
            let now = answers(&counter, &hers, &asked).await;
            for ((question, before), now) in asked.iter().zip(&before).zip(&now) {
                assert_eq!(before, now, "step {step}: {question:?}");
                pairs += 1;
            }
        }
        assert!(pairs >= 1_000, "{pairs} pairs");
        // Not vacuous: whoever sees everything sees most of it move.
        let moved = answers(&counter, &olga, &asked).await.iter().zip(&others).filter(|(now, before)| now != before).count();
        assert!(moved >= 12, "only {moved} answers moved for the operator");
    }
}
