//! What somebody loses, and what stays, when they get another home organisation (D13, DA-07): shown before the move, and done
//! by it.
//!
//! A role stays if it is over the new home as well: then nobody gains anything by the move. Every other one was for the place
//! that is left, or for one that the new home has nothing to do with; whoever administers it may give it again. A membership
//! stays if whoever moves could give it at the new home, and so answers for it, and the new home has the module where one is
//! asked for.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::authority::role::RoleScope;
use crate::authority::{Authority, Extent, Permission, Roles};
use crate::db::{self, Tx};
use crate::delegation::ending;
use crate::delegation::model::RoleAssignment;
use crate::delegation::store as roles_store;
use crate::directory::membership::access_store;
use crate::directory::membership::model::HeldGroup;
use crate::directory::module::{self, model::Standing};
use crate::directory::organisation;
use crate::directory::organisation::model::OrganisationPath;
use crate::directory::user;
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// What a move comes to for whoever moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Roles, and proposals of roles, that end.
    pub roles_end: Vec<RoleAssignment>,
    /// Those that stay.
    pub roles_stay: Vec<RoleAssignment>,
    /// Memberships that end.
    pub groups_end: Vec<HeldGroup>,
    /// Those that stay.
    pub groups_stay: Vec<HeldGroup>,
}

impl Leaving {
    /// One text for one effect: what was shown can be compared with what would happen now (DA-26).
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for (mark, roles) in [('-', &self.roles_end), ('+', &self.roles_stay)] {
            for role in roles {
                text.push(mark);
                text.push_str(&role.id.to_string());
            }
        }
        for (mark, groups) in [('-', &self.groups_end), ('+', &self.groups_stay)] {
            for held in groups {
                text.push(mark);
                text.push_str(&held.group.to_string());
            }
        }
        URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).as_bytes())
    }
}

/// What it means for somebody if whoever holds `authority` moves them; nothing if there is no such place.
pub async fn of_move(
    tx: &mut Tx,
    (authority, roles): (&Authority, &Roles),
    (user, to): (UserId, OrganisationId),
    now: Timestamp,
) -> db::Result<Leaving> {
    let Some(path) = organisation::store::path(tx, to).await? else { return Ok(Leaving::default()) };
    let held = ending::running(roles_store::list_of(tx, PrincipalId::Person(user)).await?, now);
    let left = user::store::find(tx, user).await?.map(|user| user.organisation);
    let (roles_stay, roles_end) = held.into_iter().partition(|role| stays(roles, role, &path, left));
    let groups = access_store::list_held(tx, user).await?;
    let modules = module::store::list_standings(tx, to).await?;
    let (groups_stay, groups_end) =
        groups.into_iter().partition(|held| takes(&modules, held) && answers_for(authority, held, &path, now));
    Ok(Leaving { roles_end, roles_stay, groups_end, groups_stay })
}

/// Roles that somebody was named for are not for those at home there: they end only with the organisation that is left.
fn stays(roles: &Roles, role: &RoleAssignment, to: &OrganisationPath, left: Option<OrganisationId>) -> bool {
    let nominated = roles.get(&role.role).is_some_and(|role| role.nominated);
    if nominated { Some(role.organisation) != left } else { reach(roles, role).covers(to) }
}

fn reach(roles: &Roles, role: &RoleAssignment) -> Extent {
    let system = roles.get(&role.role).is_some_and(|role| role.scope == RoleScope::System);
    match (system, role.include_sub_levels) {
        (true, _) => Extent::Everywhere,
        (false, true) => Extent::Subtree(role.organisation),
        (false, false) => Extent::Only(role.organisation),
    }
}

/// D2: where module access is asked for, the new home must hold it, active; whoever arrives begins something new there.
fn takes(modules: &BTreeMap<ApplicationId, Standing>, held: &HeldGroup) -> bool {
    modules.get(&held.application).is_none_or(|standing| *standing == Standing::Active)
}

fn answers_for(authority: &Authority, held: &HeldGroup, path: &OrganisationPath, now: Timestamp) -> bool {
    let mut giving = authority.holding(Permission::MembershipAssign, now);
    giving.any(|mine| mine.extent.covers(path) && mine.applications.contains(held.application))
}
