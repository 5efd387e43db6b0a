//! Loads authority and facts from the database, in the caller's transaction.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::action::{
    Action, AnswerAmendment, AttachDocument, BlockUser, ConfirmRole, CreateOrganisation, CreateService, CreateUser,
    DeclineRevocation, DeleteUser, EraseUser, KeepRole, LookUpOrganisation, ManageClient, ReadAmendment, ReadClient,
    ReadContact, ReadOrganisation, ReadRoles, ReadUser, RemoveManager, RequestAmendment, RequestRevocation,
    ResetCredentials, RevokeRole, UpdateOrganisation, UpdateUser, WithdrawAmendment,
};
use super::agreed;
use super::console::console;
use super::deputies;
use super::deputy_store;
use super::facts::{AssignmentFacts, Facts, OrganisationFacts, ProjectFacts, TargetFacts};
use super::load_asked;
use super::load_targets::target;
use super::model::{Applications, Assignment, Authority, Extent};
use super::narrow;
use super::people_store;
use super::permission::PermissionSet;
use super::place::{organisation, paths};
use super::project_store;
use super::requires;
use super::role::{RoleScope, Roles};
use super::store::{self, AssignmentRow};
use crate::db::{self, Tx};
use crate::directory::module::model::{MAX_COORDINATORS, Standing};
use crate::directory::organisation::sign_in_rules_store::strongest;
use crate::directory::user::contact_store;
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use crate::kernel::limits::Detail;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// What a principal may do, as a deputy of others too. Nothing if the account is blocked, deactivated, expired or deleted, or the home
/// organisation is deactivated; an assignment below a deactivated organisation contributes nothing (DA-44).
pub(super) async fn authority(
    tx: &mut Tx,
    roles: &Roles,
    principal: PrincipalId,
    now: Timestamp,
) -> db::Result<Authority> {
    let (mut authority, home) = own(tx, roles, principal, now).await?;
    if let (PrincipalId::Person(person), Some(Home { place, second_factor })) = (principal, home) {
        let mut lent = deputies::held(tx, roles, &BTreeMap::from([(person, place)]), now).await?;
        authority.assignments.extend(lent.remove(&person).unwrap_or_default());
        let ask = |held: &mut Assignment| held.second_factor = held.second_factor.max(second_factor);
        authority.assignments.iter_mut().for_each(ask);
    }
    Ok(authority)
}

/// Where somebody who can act is at home, and how strongly it asks its people to prove who they are (`docs/adr/0020-second-factor-by-place.md`).
struct Home {
    place: OrganisationFacts,
    second_factor: Strength,
}

/// What a principal may do by roles of their own, and where they are at home if they can act at all.
async fn own(
    tx: &mut Tx,
    roles: &Roles,
    principal: PrincipalId,
    now: Timestamp,
) -> db::Result<(Authority, Option<Home>)> {
    if principal == PrincipalId::Console {
        return Ok((console(roles), None));
    }
    let usable = match principal {
        PrincipalId::Person(id) => store::find_person(tx, id).await?.and_then(|row| {
            let expired = row.account_expires_at.is_some_and(|end| end <= now);
            let counts = row.active && !row.blocked && !expired && row.deleted_at.is_none();
            counts.then_some((row.organisation_id, row.second_factors))
        }),
        PrincipalId::Service(id) => {
            let row = store::find_service(tx, id).await?.filter(|row| row.active);
            row.and_then(|row| Some((row.organisation_id?, None)))
        }
        PrincipalId::Console => None,
    };
    let none = (Authority::none(principal), None);
    let Some((home, asked)) = usable else { return Ok(none) };
    let Some(place) = organisation(tx, home).await?.filter(|home| home.active) else { return Ok(none) };
    let assignments = assignments(tx, roles, principal, Which::Effective(now)).await?;
    Ok((
        Authority { principal, assignments, looks_up: roles.directory().is_some() },
        Some(Home { place, second_factor: strongest(asked.as_deref())? }),
    ))
}

/// Which assignments of somebody count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Those that allow something at this instant: confirmed, and not below a deactivated organisation; marked where their holder has yet
    /// to accept something.
    Effective(Timestamp),
    /// Also what waits for a confirmation or for its organisation to come back: whoever could take the account over now
    /// would hold it then (D5).
    AlsoToCome,
}

pub(super) async fn assignments(
    tx: &mut Tx,
    roles: &Roles,
    principal: PrincipalId,
    which: Which,
) -> db::Result<Vec<Assignment>> {
    let mut rows = store::list_assignments(tx, principal).await?;
    if which != Which::AlsoToCome {
        rows.retain(|row| row.state == "active");
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let paths = paths(store::list_assignment_paths(tx, principal).await?);
    let mut applications: BTreeMap<RoleAssignmentId, BTreeSet<ApplicationId>> = BTreeMap::new();
    for (assignment, application) in store::list_assignment_applications(tx, principal).await? {
        applications.entry(assignment).or_default().insert(application);
    }
    let mut compiled = Vec::with_capacity(rows.len());
    for row in rows {
        let anchor = paths.get(&row.organisation_id);
        if let Some(anchor) = anchor.filter(|anchor| anchor.active || which == Which::AlsoToCome) {
            let only = applications.remove(&row.id).unwrap_or_default();
            compiled.extend(compile(roles, row, anchor, only));
        }
    }
    // Somebody who could be more tomorrow counts as that already (D5).
    let Which::Effective(now) = which else { return Ok(compiled) };
    agreed::mark(tx, roles, &mut [(principal, &mut compiled)], now).await?;
    Ok(requires::bound(roles, compiled))
}

/// What one assignment comes to, itself first; then what it carries over those whom its organisation manages, and over the country
/// of an organisation that manages any (I07, I42). A role that the profile does not define any more carries nothing.
pub(super) fn compile(
    roles: &Roles,
    row: AssignmentRow,
    at: &OrganisationFacts,
    only: BTreeSet<ApplicationId>,
) -> Vec<Assignment> {
    let Some(role) = roles.get(&row.role) else { return Vec::new() };
    let (extent, anchor) = match role.scope {
        RoleScope::System => (Extent::Everywhere, None),
        _ => (extent(row.organisation_id, row.include_sub_levels), Some(at.path.clone())),
    };
    let own = Assignment {
        id: row.id,
        role: row.role,
        permissions: if role.dormant { PermissionSet::EMPTY } else { role.permissions },
        extent,
        anchor,
        applications: if row.all_applications { Applications::All } else { Applications::Only(only) },
        project: row.project_id,
        from: row.valid_from,
        until: row.valid_until,
        on_behalf_of: None,
        second_factor: role.second_factor,
        is_too_weak: false,
        lacks: None,
    };
    let mut parts = vec![own.clone()];
    let managed = Extent::ManagedBy(at.path.node());
    let wider =
        [(role.managed_permissions, Some(managed)), (role.country_permissions, at.path.country().map(Extent::Country))];
    for (permissions, extent) in wider {
        if let Some(extent) = extent.filter(|_| at.path.manages() && !permissions.is_empty()) {
            parts.push(Assignment { permissions, extent, ..own.clone() });
        }
    }
    parts
}

fn extent(organisation: OrganisationId, include_sub_levels: bool) -> Extent {
    if include_sub_levels { Extent::Subtree(organisation) } else { Extent::Only(organisation) }
}

/// Where the levels that some details name stand.
pub(super) async fn levels(tx: &mut Tx, details: &[Detail]) -> db::Result<narrow::Paths> {
    let named: BTreeSet<OrganisationId> = details.iter().flat_map(|d| d.levels.iter().flatten().copied()).collect();
    if named.is_empty() {
        return Ok(narrow::Paths::new());
    }
    let found = paths(people_store::list_paths(tx, &named).await?);
    Ok(found.into_iter().map(|(id, organisation)| (id, organisation.path)).collect())
}

/// What has been read for one decision of a batch and holds for the next one of the same transaction.
#[derive(Default)]
pub(super) struct Memo {
    targets: BTreeMap<uuid::Uuid, Option<TargetFacts>>,
    groups: BTreeMap<GroupId, Option<(ApplicationId, bool)>>,
    modules: BTreeMap<(OrganisationId, ApplicationId), Standing>,
    places: BTreeMap<OrganisationId, Option<OrganisationFacts>>,
}

impl Memo {
    /// The facts about one membership.
    async fn membership(&mut self, tx: &mut Tx, roles: &Roles, (user, group): (UserId, GroupId)) -> db::Result<Facts> {
        let target = match self.targets.entry(user.0) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(target(tx, roles, PrincipalId::Person(user), false).await?),
        };
        let application = match self.groups.entry(group) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(store::find_group_application(tx, group).await?),
        };
        let target = target.clone();
        let home = target.as_ref().map(|target| target.home.path.node());
        let module = match (application, home) {
            (Some((application, true)), Some(home)) => match self.modules.entry((home, application)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => *new.insert(store::find_standing(tx, home, application).await?),
            },
            _ => Standing::NotAsked,
        };
        let application = application.map(|(application, _)| application);
        Ok(Facts { target, application, module, ..Facts::default() })
    }

    /// Reads where many people are to be created, all at once.
    pub(super) async fn foresee(&mut self, tx: &mut Tx, actions: impl Iterator<Item = Action>) -> db::Result<()> {
        let homes = actions.filter_map(|action| match action {
            Action::CreateUser(CreateUser { organisation }) => Some(organisation),
            _ => None,
        });
        let homes: Vec<OrganisationId> = homes.collect::<BTreeSet<_>>().into_iter().collect();
        if homes.len() < 2 {
            return Ok(());
        }
        for part in homes.chunks(1_000) {
            let part: BTreeSet<OrganisationId> = part.iter().copied().collect();
            let mut found = paths(people_store::list_paths(tx, &part).await?);
            self.places.extend(part.into_iter().map(|id| (id, found.remove(&id))));
        }
        Ok(())
    }

    /// An organisation; many modules of one are suspended at once.
    async fn place(&mut self, tx: &mut Tx, id: OrganisationId) -> db::Result<Option<OrganisationFacts>> {
        Ok(match self.places.entry(id) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new.insert(organisation(tx, id).await?).clone(),
        })
    }
}

/// What the decision on `action` needs to know.
pub(super) async fn facts(tx: &mut Tx, roles: &Roles, action: &Action, memo: &mut Memo) -> db::Result<Facts> {
    let mut facts = Facts::default();
    match action {
        Action::ReadUser(ReadUser { user })
        | Action::ReadContact(ReadContact { user })
        | Action::UpdateUser(UpdateUser { user })
        | Action::ResetCredentials(ResetCredentials { user })
        | Action::BlockUser(BlockUser { user }) => {
            facts.target = target(tx, roles, PrincipalId::Person(*user), false).await?;
        }
        Action::ApproveContact(a) => {
            facts.target = target(tx, roles, PrincipalId::Person(a.user), false).await?;
            facts.proposed_by = contact_store::list_proposers(tx, a.user).await?;
        }
        // Restoring and erasing need to find what was deleted.
        Action::DeleteUser(DeleteUser { user }) | Action::EraseUser(EraseUser { user }) => {
            facts.target = target(tx, roles, PrincipalId::Person(*user), true).await?;
        }
        Action::MoveUser(a) => {
            facts.target = target(tx, roles, PrincipalId::Person(a.user), false).await?;
            facts.destination = organisation(tx, a.to).await?;
        }
        Action::AssignMembership(a) => facts = memo.membership(tx, roles, (a.user, a.group)).await?,
        Action::RemoveMembership(a) => facts = memo.membership(tx, roles, (a.user, a.group)).await?,
        Action::ReadGroup(a) => load_asked::group(tx, a.group, &mut facts).await?,
        Action::NestGroup(a) => load_asked::nesting(tx, a, &mut facts).await?,
        Action::GrantRole(a) => {
            facts.target = target(tx, roles, a.to, false).await?;
            facts.organisation = organisation(tx, a.organisation).await?;
            facts.role = roles.get(&a.role).cloned();
        }
        Action::Nominate(a) => facts = load_asked::nomination(tx, roles, a).await?,
        Action::KeepMembership(a) => facts = memo.membership(tx, roles, (a.user, a.group)).await?,
        Action::NameDeputy(a) => facts = load_asked::deputy(tx, roles, a).await?,
        Action::EndDeputy(a) => {
            if let Some(id) = deputy_store::find_assignment(tx, a.deputy).await? {
                assignment(tx, roles, id, &mut facts).await?;
            }
        }
        Action::KeepRole(KeepRole { assignment: id })
        | Action::RequestRevocation(RequestRevocation { assignment: id })
        | Action::DeclineRevocation(DeclineRevocation { assignment: id })
        | Action::RevokeRole(RevokeRole { assignment: id })
        | Action::ConfirmRole(ConfirmRole { assignment: id }) => assignment(tx, roles, *id, &mut facts).await?,
        Action::Recertify(a) => facts.organisation = memo.place(tx, a.organisation).await?,
        Action::CreateUser(a) => facts.organisation = memo.place(tx, a.organisation).await?,
        Action::ReadRoles(ReadRoles { organisation: id })
        | Action::CreateService(CreateService { organisation: id })
        | Action::ReadOrganisation(ReadOrganisation { organisation: id })
        | Action::UpdateOrganisation(UpdateOrganisation { organisation: id })
        | Action::RequestAmendment(RequestAmendment { organisation: id })
        | Action::RemoveManager(RemoveManager { organisation: id, .. }) => {
            facts.organisation = organisation(tx, *id).await?;
        }
        Action::ReadProject(a) => facts.project = project(tx, a.project).await?,
        Action::AttachDocument(AttachDocument { amendment: id })
        | Action::WithdrawAmendment(WithdrawAmendment { amendment: id })
        | Action::ReadAmendment(ReadAmendment { amendment: id })
        | Action::AnswerAmendment(AnswerAmendment { amendment: id }) => {
            load_asked::amendment(tx, *id, &mut facts).await?;
        }
        Action::WriteToPeople(a) => facts.audience = load_asked::audience(tx, &a.organisations).await?,
        Action::LookUpOrganisation(LookUpOrganisation { organisation: id })
        | Action::CreateOrganisation(CreateOrganisation { parent: id }) => {
            if let Some(id) = id {
                facts.organisation = organisation(tx, *id).await?;
            }
        }
        Action::ValidateRegistration(a) => load_asked::registration(tx, a.registration, &mut facts).await?,
        Action::AddManager(a) => {
            facts.organisation = organisation(tx, a.organisation).await?;
            facts.manager = organisation(tx, a.manager).await?;
            facts.managing = roles.managing();
        }
        Action::GrantModule(a) => {
            facts.organisation = memo.place(tx, a.organisation).await?;
            for coordinator in a.coordinators.iter().take(MAX_COORDINATORS) {
                facts.coordinators.extend(memo.place(tx, *coordinator).await?);
            }
        }
        Action::ProposeModule(a) => facts.organisation = memo.place(tx, a.organisation).await?,
        Action::SuspendModule(a) => facts.organisation = memo.place(tx, a.organisation).await?,
        Action::MoveOrganisation(a) => {
            facts.organisation = organisation(tx, a.organisation).await?;
            facts.destination = organisation(tx, a.to).await?;
        }
        Action::ManageClient(ManageClient { client: Some(id) }) | Action::ReadClient(ReadClient { client: id }) => {
            load_asked::service(tx, roles, *id, &mut facts).await?;
        }
        Action::ManageApplication(_)
        | Action::ManageGroup(_)
        | Action::ManageClient(ManageClient { client: None })
        | Action::ManageProject(_)
        | Action::IssueToken(_)
        | Action::ReadAudit(_)
        | Action::ManageKeys(_)
        | Action::ReadSystem(_) => {}
    }
    Ok(facts)
}

pub(super) async fn project(tx: &mut Tx, id: ProjectId) -> db::Result<Option<ProjectFacts>> {
    let Some(row) = project_store::find(tx, id).await? else { return Ok(None) };
    let taking_part: BTreeSet<_> = project_store::list_participants(tx, id).await?.into_iter().collect();
    let paths = if taking_part.is_empty() { Vec::new() } else { people_store::list_paths(tx, &taking_part).await? };
    let participants = self::paths(paths).into_values().collect();
    Ok(Some(ProjectFacts { id, coordinator: row.coordinator_id, participants, open: row.closed_at.is_none() }))
}

async fn assignment(tx: &mut Tx, roles: &Roles, id: RoleAssignmentId, facts: &mut Facts) -> db::Result<()> {
    let Some(row) = store::find_assignment(tx, id).await? else { return Ok(()) };
    let holder =
        PrincipalId::from_parts(&row.principal_kind, row.principal_id).ok_or(db::Error::Corrupt("principal_kind"))?;
    let granted_by = PrincipalId::from_parts(&row.granted_by_kind, row.granted_by_id)
        .ok_or(db::Error::Corrupt("granted_by_kind"))?;
    let Some(anchor) = organisation(tx, row.organisation_id).await? else { return Ok(()) };
    let applications = if row.all_applications {
        Applications::All
    } else {
        Applications::Only(store::find_assignment_applications(tx, id).await?.into_iter().collect())
    };
    facts.role = roles.get(&row.role).cloned();
    let system = facts.role.as_ref().is_some_and(|role| role.scope == RoleScope::System);
    let extent = if system { Extent::Everywhere } else { extent(row.organisation_id, row.include_sub_levels) };
    // Roles end with the account: what a deleted person holds is nothing.
    facts.target = target(tx, roles, holder, false).await?;
    if let Some(id) = row.project_id {
        facts.project = project(tx, id).await?;
    }
    let OrganisationFacts { path: anchor, active } = anchor;
    let (id, role, project) = (row.id, row.role, row.project_id);
    facts.assignment = Some(AssignmentFacts { id, role, extent, anchor, active, applications, project, granted_by });
    Ok(())
}
