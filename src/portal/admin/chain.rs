//! The role assignments behind a decision, in words; and why there are none.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::authority::{Decision, Reason, Scope};
use crate::db::Tx;
use crate::delegation::beside::{Beside, Surroundings};
use crate::delegation::explain::Explanation;
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::delegation::model::RoleAssignment;
use crate::directory::names_store;
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};
use crate::portal::error::Failure;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// What the reader knows of some chains about things of one place, read in a fixed number of statements.
pub(super) struct Known {
    place: Surroundings,
    seen: BTreeSet<RoleAssignmentId>,
    people: BTreeMap<Uuid, String>,
    levels: BTreeMap<Uuid, String>,
}

impl Known {
    /// Of the chains of some explanations: their own roles, and those of others that are in their sight (D8).
    pub(super) async fn of(
        tx: &mut Tx,
        person: &SignedIn,
        (place, explained): (OrganisationId, &[Explanation]),
    ) -> Result<Self, Failure> {
        let links: Vec<&RoleAssignment> = explained.iter().flat_map(|one| one.chains.iter().flatten()).collect();
        let ids: BTreeSet<RoleAssignmentId> = links.iter().map(|link| link.id).collect();
        let sight = Sight::of(&person.authority, person.ctx.now);
        let wanted = Wanted { ids: Some(ids.iter().copied().collect()), ..Wanted::default() };
        let most = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let listed = listed_store::list(tx, &sight, &wanted, most).await?;
        let own = links.iter().filter(|link| link.principal == PrincipalId::Person(person.user.id));
        let seen: BTreeSet<_> = listed.iter().map(|link| link.id).chain(own.map(|link| link.id)).collect();
        let named = links.iter().flat_map(|link| [link.principal.uuid(), link.granted_by.uuid()]).collect();
        let scopes = (
            &Scope::of_people(&person.authority, person.ctx.now),
            &Scope::of_contacts(&person.authority, person.ctx.now),
        );
        let people = names_store::list_people(tx, scopes, &named).await?;
        // What is in sight is in sight with its place.
        let places = links.iter().filter(|link| seen.contains(&link.id)).map(|link| link.organisation.0).collect();
        let levels = names_store::list_organisations(tx, &Scope::Everywhere, &places).await?;
        let place = Surroundings::of(tx, person.app.door.roles(), place).await?;
        Ok(Self { place, seen, people, levels })
    }

    /// The chain, the nearest role first; of what is out of sight only that there is something.
    fn line(&self, page: &Page, chain: &[RoleAssignment]) -> String {
        let mut parts: Vec<String> = Vec::new();
        for link in chain {
            if !self.seen.contains(&link.id) {
                parts.push(page.t("why-hidden"));
                break;
            }
            let level = self.levels.get(&link.organisation.0).cloned().unwrap_or_else(|| page.t("level-outside"));
            let place = if link.include_sub_levels { page.t1("why-below", "level", &level) } else { level };
            let by = match link.granted_by {
                PrincipalId::Console => page.t("why-console"),
                other => self.people.get(&other.uuid()).cloned().unwrap_or_else(|| page.t("why-somebody")),
            };
            let beside = if parts.is_empty() { self.place.beside(link) } else { None };
            let beside = beside.map(|by| match by {
                Beside::Managing => "why-managing",
                Beside::Country => "why-country",
            });
            let place = beside.map_or_else(|| place.clone(), |key| page.t1(key, "place", &place));
            parts.push(page.t3("why-link", &[("role", &link.role), ("place", &place), ("by", &by)]));
        }
        parts.join(" ← ")
    }

    /// Why: the chains, or the reason.
    pub(super) fn because(&self, page: &Page, explained: &Explanation) -> String {
        match &explained.decision {
            Decision::Deny(_) if explained.awaits.is_some() => page.t("why-terms"),
            Decision::Deny(reason) => page.t(key(*reason)),
            Decision::Allow(_) => {
                let mut lines: Vec<String> = explained.chains.iter().map(|chain| self.line(page, chain)).collect();
                lines.dedup();
                lines.join("; ")
            }
        }
    }
}

/// A reason in the words of the page.
fn key(reason: Reason) -> &'static str {
    match reason {
        Reason::NotFound => "why-not-found",
        Reason::NotPermitted => "why-not-permitted",
        Reason::Outranked => "why-outranked",
        Reason::OwnAccount => "why-own-account",
        Reason::OrganisationInactive => "why-inactive",
        Reason::ModuleMissing => "why-module-missing",
        Reason::ModuleSuspended => "why-module-suspended",
        Reason::InvalidGrant => "why-invalid-grant",
        Reason::OutlivesGrantor => "why-outlives",
        Reason::ProjectOver => "why-project-over",
        Reason::OtherCountry => "why-other-country",
        Reason::StandsAbove => "why-stands-above",
        Reason::OwnProposal => "why-own-proposal",
        Reason::StepUp { .. } | Reason::TooWeak(_) => "why-step-up",
    }
}
