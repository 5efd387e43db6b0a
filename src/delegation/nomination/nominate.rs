//! Naming somebody: by address, or by choosing one of those who hold what the role requires.

use std::time::Duration;

use super::model::{Nomination, State};
use super::store;
use crate::audit::{self, Kind};
use crate::authority::action::Nominate;
use crate::authority::{Applications, Permit, Roles};
use crate::db::{self, Tx};
use crate::delegation::award::{Award, award, places_taken};
use crate::delegation::grant::GrantError;
use crate::delegation::model::{Place, RoleAssignment, State as AssignmentState};
use crate::directory::{organisation, project, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{NominationId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::secret::Token;
use crate::kernel::text::EmailAddress;
use crate::notify::{Message, outbox};

/// How many people somebody names in an hour at most: each is a mail to an address of their choice.
pub const MAX_IN_AN_HOUR: i64 = 60;

/// How many mails somebody lets one address have in a day at most.
pub const MAX_TO_ONE_IN_A_DAY: i64 = 10;

/// Why nobody was named.
#[derive(Debug, thiserror::Error)]
pub enum NominateError {
    /// Nobody names themself (D5).
    #[error("nobody can nominate themself")]
    Oneself,
    /// The same address is named for the same already.
    #[error("this address is nominated for this role already")]
    AlreadyNominated,
    /// The most holders that the role allows are reached, those named included (D14).
    #[error("at most {max} may hold this role here")]
    Full {
        /// The most.
        max: u32,
    },
    /// It would end before it begins.
    #[error("the role would end before it begins")]
    InvalidDates,
    /// Too many in an hour.
    #[error("you have nominated many people within an hour; go on later")]
    TooMany,
    /// The role is not defined by the profile any more.
    #[error("role `{0}` is not defined")]
    UnknownRole(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Keeps a place and mails the address a link. The answer is the same whether anybody has an account with that address or not (P18,
/// D14).
pub async fn nominate(
    tx: &mut Tx,
    permit: Permit<Nominate>,
    roles: &Roles,
    email: &EmailAddress,
    ctx: &Ctx,
) -> Result<Nomination, NominateError> {
    let action = permit.action();
    let role = roles.get(&action.role).ok_or_else(|| NominateError::UnknownRole(action.role.clone()))?;
    let waits_until = ctx.now.plus(ctx.links.activation);
    let wanted = Nomination {
        id: NominationId(ctx.uuid()),
        role: action.role.clone(),
        organisation: action.organisation,
        project: action.project,
        email: email.as_str().to_owned(),
        valid_until: action.validity.until,
        state: State::Open,
        nominated_by: permit.actor(),
        kept_by: ctx.kept_by.filter(|_| matches!(permit.actor(), PrincipalId::Service(_))),
        nominated_via: permit.via(),
        nominated_at: ctx.now,
        expires_at: action.validity.until.map_or(waits_until, |end| end.min(waits_until)),
    };
    if wanted.valid_until.is_some_and(|end| end <= ctx.now) {
        return Err(NominateError::InvalidDates);
    }
    if is_own_address(tx, wanted.answering(), email).await? {
        return Err(NominateError::Oneself);
    }
    let an_hour_ago = ctx.now.minus(Duration::from_hours(1));
    if permit.actor() != PrincipalId::Console
        && store::count_by(tx, permit.actor(), an_hour_ago).await? >= MAX_IN_AN_HOUR
    {
        return Err(NominateError::TooMany);
    }
    let a_day_ago = ctx.now.minus(Duration::from_hours(24));
    if store::count_to(tx, permit.actor(), email.as_str(), a_day_ago).await? >= MAX_TO_ONE_IN_A_DAY {
        return Err(NominateError::TooMany);
    }
    if store::find_same(tx, &wanted, ctx.now).await?.is_some() {
        return Err(NominateError::AlreadyNominated);
    }
    let place = Place::of(role.scope, wanted.organisation, wanted.project);
    if let Some(max) = role.max
        && places_taken(tx, role, place, None, ctx.now).await? >= i64::from(max)
    {
        return Err(NominateError::Full { max });
    }
    let token = Token::generate(&ctx.entropy);
    store::insert(tx, &wanted, &token.digest()).await?;
    audit::record(tx, ctx, permit.via(), wanted.event(Kind::Nominated)).await?;
    tell(tx, &wanted, &token, ctx).await?;
    Ok(wanted)
}

async fn is_own_address(tx: &mut Tx, actor: PrincipalId, email: &EmailAddress) -> db::Result<bool> {
    let PrincipalId::Person(id) = actor else { return Ok(false) };
    let own = user::store::find(tx, id).await?.and_then(|own| own.email);
    Ok(own.is_some_and(|own| own.folded() == email.folded()))
}

async fn tell(tx: &mut Tx, nomination: &Nomination, token: &Token, ctx: &Ctx) -> db::Result<()> {
    let organisation = organisation::store::find(tx, nomination.organisation).await?;
    let mut place = organisation.map(|found| found.name).unwrap_or_default();
    if let Some(id) = nomination.project
        && let Some(project) = project::store::find(tx, id).await?
    {
        place = format!("{place} ({})", project.code);
    }
    let message = Message::Nomination { role: nomination.role.clone(), organisation: place, token: token.seal() };
    outbox::enqueue(tx, outbox::Channel::Email, &nomination.email, None, &message, ctx).await
}

/// Gives the role at once to the person that was chosen (P22), or, in a phase that has not come, from then on (P14).
pub async fn assign(
    tx: &mut Tx,
    permit: Permit<Nominate>,
    roles: &Roles,
    waits_for_phase: Option<String>,
    ctx: &Ctx,
) -> Result<RoleAssignment, GrantError> {
    let action = permit.action();
    let role = roles.get(&action.role).ok_or_else(|| GrantError::UnknownRole(action.role.clone()))?;
    let person = action.person.ok_or_else(|| GrantError::UnknownRole(action.role.clone()))?;
    let wanted = assignment(&permit, person, ctx);
    let wanted = RoleAssignment { waits_for_phase, ..wanted };
    if wanted.valid_until.is_some_and(|end| end <= wanted.valid_from.max(ctx.now)) {
        return Err(GrantError::InvalidDates);
    }
    award(tx, Award { roles, role, wanted, as_operator: permit.is_operators(), accepted: None }, ctx).await
}

/// What somebody gets by a nomination.
pub(super) fn assignment(permit: &Permit<Nominate>, person: UserId, ctx: &Ctx) -> RoleAssignment {
    let action = permit.action();
    RoleAssignment {
        id: RoleAssignmentId(ctx.uuid()),
        principal: PrincipalId::Person(person),
        role: action.role.clone(),
        organisation: action.organisation,
        include_sub_levels: false,
        applications: Applications::All,
        project: action.project,
        waits_for_phase: None,
        state: AssignmentState::Active,
        valid_from: action.validity.from.unwrap_or(ctx.now),
        valid_until: action.validity.until,
        granted_by: permit.actor(),
        granted_via: permit.via(),
        granted_at: ctx.now,
    }
}
