//! What must hold after every command.

use std::collections::{BTreeMap, BTreeSet};

use chamberlain::authority::{Applications, Scope};
use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::directory::module::model::ModuleStatus;
use chamberlain::directory::user::search_store::{self, Search};
use chamberlain::directory::{membership, module, user};
use chamberlain::kernel::ids::{PrincipalId, UserId};

use super::Play;
use super::model::{ASKING, Held, PARENTS, spans};

impl Play {
    /// The store holds what the model says.
    pub(super) async fn compare(&self) {
        let (numbered, model) = (&self.numbered, &self.model);
        let tx = &mut numbered.bank.world.db.reader().await.unwrap();
        let mut stored = Vec::new();
        for state in [State::Active, State::Pending] {
            let root = numbered.bank.root;
            stored.extend(chamberlain::delegation::store::list_under(tx, root, state, 10_000).await.unwrap());
        }
        stored.sort_by_key(|held| held.id);
        let mut expected: Vec<&Held> = model.held.iter().filter(|held| !held.revoked).collect();
        expected.sort_by_key(|held| held.id);
        assert_eq!(stored.len(), expected.len(), "role assignments");
        for (stored, expected) in stored.iter().zip(expected) {
            assert!(self.is(stored, expected), "{stored:?}\n{expected:?}");
        }
        for (number, expected) in model.people.iter().enumerate() {
            let stored = user::store::find(tx, expected.id).await.unwrap().unwrap();
            assert_eq!(stored.organisation, numbered.organisation(expected.home));
            assert_eq!((stored.deleted_at.is_some(), stored.blocked), (expected.deleted, expected.blocked));
            let held = membership::store::list_of_user(tx, expected.id).await.unwrap();
            let held: BTreeSet<_> = held.into_iter().map(|held| held.group).collect();
            let groups =
                model.members.iter().filter(|(user, _)| *user == number).map(|(_, group)| numbered.group(*group));
            assert_eq!(held, groups.collect(), "memberships of person {number}");
        }
        // D9: what is stored of module access, and none of it active where everything is over.
        let mut modules = BTreeMap::new();
        for at in 0..PARENTS.len() {
            let held = module::store::find(tx, numbered.organisation(at), numbered.application(ASKING)).await.unwrap();
            modules.extend(held.map(|held| (at, held.status == ModuleStatus::Active)));
        }
        assert_eq!(modules, model.modules, "module access");
        assert!(
            modules.iter().all(|(at, active)| !active || model.is_open(*at)),
            "active and deactivated: {modules:?}"
        );
    }

    fn is(&self, stored: &RoleAssignment, expected: &Held) -> bool {
        let numbered = &self.numbered;
        let only = expected.applications.as_ref().map(|set| set.iter().map(|n| numbered.application(*n)).collect());
        stored.id == expected.id
            && stored.principal == PrincipalId::Person(self.model.people[expected.holder].id)
            && stored.role == expected.role
            && stored.organisation == numbered.organisation(expected.at)
            && stored.include_sub_levels == expected.below
            && stored.applications == only.map_or(Applications::All, Applications::Only)
            && stored.valid_until == expected.until.map(|hour| numbered.instant(hour))
            && (stored.state == State::Pending) == expected.pending
    }

    /// D4: nothing is in effect that is wider or longer than one right of the same kind that was there at the start, or
    /// that an operator gave or confirmed.
    pub(super) fn check_ceiling(&self) {
        for who in 0..self.model.people.len() {
            for held in self.model.effective(who) {
                let roof = self.ceiling.iter().any(|roof| roof.role == held.role && spans(roof, held));
                assert!(roof, "{held:?} is more than anybody was given");
            }
        }
    }

    /// D8: one person's list is what the model lets them see, and so is the count.
    pub(super) async fn check_list(&self, by: usize) {
        let world = &self.numbered.bank.world;
        let ctx = world.ctx_of(PrincipalId::Person(self.model.people[by].id));
        let tx = &mut world.db.reader().await.unwrap();
        let authority = self.numbered.bank.door.authority_of(tx, ctx.actor.unwrap(), ctx.now).await.unwrap();
        let search = Search::everybody(Scope::of_people(&authority, ctx.now), None);
        let listed = search_store::list(tx, &search, ctx.now, 1_000, 0).await.unwrap();
        let listed: BTreeSet<UserId> = listed.into_iter().map(|user| user.id).collect();
        let seen = (0..self.model.people.len()).filter(|who| self.model.sees(by, *who));
        assert_eq!(listed, seen.map(|who| self.model.people[who].id).collect());
        assert_eq!(search_store::count(tx, &search, ctx.now).await.unwrap(), listed.len() as u64);
    }
}
