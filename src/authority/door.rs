//! The one door: loads what a decision needs, decides, and hands out the permit.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;

use super::action::{Action, ManageClient, Nominate};
use super::decide::{Decision, Reason, decide};
use super::facts::Facts;
use super::hold_store;
use super::load::{self, Memo};
use super::load_targets;
use super::model::Authority;
use super::narrow::{self, Narrowing};
use super::permit::{Permit, issue};
use super::role::Roles;
use crate::db::{self, Changes, Tx};
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::limits::{Detail, Limits};
use crate::kernel::time::Timestamp;

/// How long a cached authority may answer reads on a node that did not make the change (`decisions.md` 4).
const READ_CACHE: Duration = Duration::from_secs(1);

/// How long after a second factor a person may make changes, unless the profile says otherwise; afterwards they step up.
pub const SECOND_FACTOR_LASTS: Duration = Duration::from_hours(12);

/// Why there is no permit.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Decided against. [`Reason::NotFound`] is answered exactly as for a thing that does not exist.
    #[error("{0}")]
    Denied(Reason),
    /// Nobody is signed in.
    #[error("sign in first")]
    Anonymous,
    /// The facts could not be read.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Under which generation it was compiled, what, and when.
type Cached = (u64, Arc<Authority>, Timestamp);
/// What was decided about one person of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Where the person is at home.
    pub path: OrganisationPath,
    /// One answer per action, in the order asked.
    pub allowed: Vec<bool>,
}

impl Judged {
    /// Whether the action with this number is allowed.
    pub fn allows(&self, number: usize) -> bool {
        self.allowed.get(number).copied().unwrap_or(false)
    }
}

/// Authority and decisions for all surfaces; cheap to clone.
#[derive(Clone, Debug)]
pub struct Door {
    roles: Roles,
    /// How long after a second factor a person may make changes.
    elevation: Duration,
    cache: Arc<Cache<PrincipalId, Cached>>,
    changes: Changes,
}

impl Door {
    /// A door for the roles of a profile.
    pub fn new(roles: Roles) -> Self {
        Self { roles, elevation: SECOND_FACTOR_LASTS, cache: Arc::new(Cache::new(10_000)), changes: Changes::default() }
    }

    /// The same door, whose cache is told of every change committed through a database handle.
    #[must_use]
    pub fn following(self, changes: &Changes) -> Self {
        Self { changes: changes.clone(), ..self }
    }

    /// The same door, at which persons prove a second factor anew when the last one is older than this.
    #[must_use]
    pub fn elevating_for(self, elevation: Duration) -> Self {
        Self { elevation, ..self }
    }

    /// Whether the person who asks proved a second factor lately enough to change something.
    pub fn is_elevated(&self, ctx: &Ctx) -> bool {
        ctx.second_factor_at.is_some_and(|at| ctx.now.since(at) <= self.elevation)
    }

    /// Changes ask a person for a second factor.
    fn step_up(&self, ctx: &Ctx) -> Result<(), Refusal> {
        let is_person = ctx.actor.is_some_and(|actor| actor.person().is_some());
        let within = self.elevation;
        if is_person && !self.is_elevated(ctx) {
            Err(Refusal::Denied(Reason::StepUp { within, as_strong_as: ctx.strength }))
        } else {
            Ok(())
        }
    }

    /// The roles of the profile.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Decides on a change, from facts read in the same transaction as the change itself (SD8). Once it is committed,
    /// the caches of this node forget what they hold.
    pub async fn authorise<A: Into<Action> + Clone>(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        action: A,
    ) -> Result<Permit<A>, Refusal> {
        let mut permits = self.authorise_all(tx, ctx, vec![action]).await?;
        permits.pop().ok_or(Refusal::Denied(Reason::NotPermitted))
    }

    /// Decides on several changes of one request, each on its own; one refusal refuses them all (DA-12).
    pub async fn authorise_all<A: Into<Action> + Clone>(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        actions: Vec<A>,
    ) -> Result<Vec<Permit<A>>, Refusal> {
        let decided = self.decide_each(tx, ctx, actions).await?;
        let permits = decided.into_iter().collect::<Result<Vec<_>, _>>().map_err(Refusal::Denied)?;
        tx.note_change();
        self.step_up(ctx)?;
        Ok(permits)
    }

    /// Decides on many changes that have nothing to do with each other: what is refused is refused by itself.
    pub async fn authorise_each<A: Into<Action> + Clone>(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        actions: Vec<A>,
    ) -> Result<Vec<Result<Permit<A>, Reason>>, Refusal> {
        let decided = self.decide_each(tx, ctx, actions).await?;
        tx.note_change();
        self.step_up(ctx)?;
        Ok(decided)
    }

    async fn decide_each<A: Into<Action> + Clone>(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        actions: Vec<A>,
    ) -> Result<Vec<Result<Permit<A>, Reason>>, Refusal> {
        let actor = ctx.actor.ok_or(Refusal::Anonymous)?;
        hold_store::hold(tx, actor).await?;
        let authority = load::authority(tx, &self.roles, actor, ctx.now).await?;
        let authority = narrowed(tx, Arc::new(authority), ctx).await?;
        let (mut memo, mut decided) = (Memo::default(), Vec::with_capacity(actions.len()));
        memo.foresee(tx, actions.iter().map(|action| action.clone().into())).await?;
        for action in actions {
            let facts = load::facts(tx, &self.roles, &action.clone().into(), &mut memo).await?;
            hold_store::hold_links(tx, &authority, &facts).await?;
            let issued = issue((Authority::clone(&authority), &self.roles), action, &facts, ctx.now);
            decided.push(issued.map_err(|reason| refused(&authority, ctx, reason)));
        }
        Ok(decided)
    }

    /// Decides anew whether somebody may still name whom they named: at the moment when the nomination is accepted, by what they hold
    /// now (D4, D14). They are not there to be asked for a second factor; they were when they made it.
    pub async fn authorise_nomination(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        by: PrincipalId,
        action: Nominate,
    ) -> Result<Permit<Nominate>, Refusal> {
        self.authorise_absent(tx, ctx, by, action).await
    }

    /// Decides anew whether whoever made a registration token may still manage clients: at the moment when one registers, changes
    /// that or leaves (RFC 7591 §3). They made the token with a second factor and are not there to be asked for another.
    pub async fn authorise_registration(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        by: PrincipalId,
        action: ManageClient,
    ) -> Result<Permit<ManageClient>, Refusal> {
        self.authorise_absent(tx, ctx, by, action).await
    }

    async fn authorise_absent<A: Into<Action> + Clone>(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        by: PrincipalId,
        action: A,
    ) -> Result<Permit<A>, Refusal> {
        hold_store::hold(tx, by).await?;
        let authority = load::authority(tx, &self.roles, by, ctx.now).await?;
        let facts = load::facts(tx, &self.roles, &action.clone().into(), &mut Memo::default()).await?;
        let permit = issue((authority, &self.roles), action, &facts, ctx.now).map_err(Refusal::Denied)?;
        tx.note_change();
        Ok(permit)
    }

    /// Decides on a read, or on whether to draw a button; no second factor is asked for again. Hands out no permit: what
    /// was judged from a cache allows no change (SD8); but names the role assignment that allowed it, for the log of exports.
    pub async fn authorise_read(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        action: impl Into<Action>,
    ) -> Result<Option<RoleAssignmentId>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let action = action.into();
        let facts = load::facts(tx, &self.roles, &action, &mut Memo::default()).await?;
        match decide(&authority, &action, &facts, ctx.now) {
            Decision::Allow(by) => Ok(by.first().copied().filter(|id| !id.0.is_nil())),
            Decision::Deny(reason) => Err(Refusal::Denied(refused(&authority, ctx, reason))),
        }
    }

    /// Which of some actions would be allowed, in their order: for the buttons of a page, never for a change. What several
    /// of them need to know is read once.
    pub async fn judge(&self, tx: &mut Tx, ctx: &Ctx, actions: &[Action]) -> Result<Vec<bool>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let (mut memo, mut allowed) = (Memo::default(), Vec::with_capacity(actions.len()));
        for action in actions {
            let facts = load::facts(tx, &self.roles, action, &mut memo).await?;
            allowed.push(matches!(decide(&authority, action, &facts, ctx.now), Decision::Allow(_)));
        }
        Ok(allowed)
    }

    /// Which of some actions would be allowed on each of some people: for the buttons of a list, never for a change. The
    /// same decision as [`Self::authorise_read`], its facts read for all of them together. Homes are the organisations that
    /// the list has just read.
    pub async fn judge_people(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        people: &[(UserId, OrganisationId)],
        actions: &[fn(UserId) -> Action],
    ) -> Result<BTreeMap<UserId, Judged>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let targets = load_targets::targets(tx, &self.roles, people).await?;
        let judged = targets.into_iter().map(|(user, target)| {
            let path = target.home.path.clone();
            let facts = Facts { target: Some(target), ..Facts::default() };
            let allowed = |action: &fn(UserId) -> Action| {
                matches!(decide(&authority, &action(user), &facts, ctx.now), Decision::Allow(_))
            };
            (user, Judged { path, allowed: actions.iter().map(allowed).collect() })
        });
        Ok(judged.collect())
    }

    /// What the actor may do, for menus and for the scope of lists. At most a second old, and never older than the
    /// last change made on this node.
    pub async fn authority(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Arc<Authority>, Refusal> {
        let actor = ctx.actor.ok_or(Refusal::Anonymous)?;
        let count = self.changes.count();
        if let Some((seen, authority, at)) = self.cache.get(&actor)
            && seen == count
            && at <= ctx.now
            && ctx.now.since(at) < READ_CACHE
        {
            return answering(narrowed(tx, authority, ctx).await?, ctx);
        }
        let authority = Arc::new(load::authority(tx, &self.roles, actor, ctx.now).await?);
        self.cache.insert(actor, (count, Arc::clone(&authority), ctx.now));
        answering(narrowed(tx, authority, ctx).await?, ctx)
    }

    /// What somebody else holds, for pages that show it and for second-person rules. Ask `decide` first.
    pub async fn authority_of(&self, tx: &mut Tx, principal: PrincipalId, now: Timestamp) -> db::Result<Authority> {
        load::authority(tx, &self.roles, principal, now).await
    }

    /// What somebody can be granted of the details that a token asks for: what they hold now, within the limits that it has
    /// already (RFC 9396 §7).
    pub async fn grantable(
        &self,
        tx: &mut Tx,
        principal: PrincipalId,
        (limits, asked): (&Limits, &[Detail]),
        now: Timestamp,
    ) -> db::Result<Vec<Detail>> {
        let held = load::authority(tx, &self.roles, principal, now).await?;
        let within = Narrowing::of(limits, &load::levels(tx, &limits.details).await?);
        granted_within(tx, &held.narrowed(&within), (&limits.scopes, asked), now).await
    }

    /// What the decision says about somebody else's action, from live facts: for explanations, never for a change.
    pub async fn explain(
        &self,
        tx: &mut Tx,
        principal: PrincipalId,
        action: &Action,
        now: Timestamp,
    ) -> db::Result<Decision> {
        let authority = load::authority(tx, &self.roles, principal, now).await?;
        let facts = load::facts(tx, &self.roles, action, &mut Memo::default()).await?;
        Ok(decide(&authority, action, &facts, now))
    }

    /// Forgets all cached authority: for changes that did not pass this door.
    pub fn changed(&self) {
        self.changes.note();
    }
}

/// What is granted of some details by whoever holds this authority.
pub async fn granted_within(
    tx: &mut Tx,
    authority: &Authority,
    (scopes, asked): (&[String], &[Detail]),
    now: Timestamp,
) -> db::Result<Vec<Detail>> {
    let paths = load::levels(tx, asked).await?;
    Ok(narrow::granted(authority, scopes, asked, &paths, now))
}

/// A refusal by token, while something that the token may carry waits for a stronger sign-in: that is what is told, whatever was asked for
/// and whether or not there is such a thing (RFC 9470 §3). In the portal each page says it anyway.
fn refused(authority: &Authority, ctx: &Ctx, reason: Reason) -> Reason {
    let waits = || authority.too_weak(ctx.now).map(|held| held.second_factor).max();
    match reason {
        Reason::NotFound | Reason::NotPermitted if ctx.token.is_some() => waits().map_or(reason, Reason::TooWeak),
        other => other,
    }
}

/// A token whose whole authority waits for a stronger sign-in is told so, and not shown empty lists.
fn answering(authority: Arc<Authority>, ctx: &Ctx) -> Result<Arc<Authority>, Refusal> {
    let nothing = authority.live(ctx.now).next().is_none();
    match refused(&authority, ctx, Reason::NotPermitted) {
        weak @ Reason::TooWeak(_) if nothing => Err(Refusal::Denied(weak)),
        _ => Ok(authority),
    }
}

/// What the token of the request leaves of an authority; all of it without a token. A service whose secret a delegate took acts with it as
/// their deputy does: by nothing that it holds on them (D5, D11).
async fn narrowed(tx: &mut Tx, authority: Arc<Authority>, ctx: &Ctx) -> db::Result<Arc<Authority>> {
    let authority = authority.proved_by(ctx.strength);
    let Some(limits) = &ctx.token else { return Ok(authority) };
    let paths = load::levels(tx, &limits.details).await?;
    let mut left = authority.narrowed(&Narrowing::of(limits, &paths));
    if let Some(keeper) = ctx.kept_by {
        left.assignments.iter_mut().for_each(|part| part.on_behalf_of = Some(PrincipalId::Person(keeper)));
    }
    Ok(Arc::new(left))
}
