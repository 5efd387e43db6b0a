//! Runs a command through the one door and the real use case.

use std::time::Duration;

use chamberlain::authority::action::{
    BlockUser, DeleteUser, MoveUser, RemoveMembership, UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Applications, Reason};
use chamberlain::delegation::model::State;
use chamberlain::directory::membership::assign;
use chamberlain::directory::organisation::update as organisations;
use chamberlain::directory::user::model::UserChange;
use chamberlain::directory::user::{delete, guard::Guard, transfer, update};
use chamberlain::kernel::ids::{ApplicationId, GroupId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use super::model::{ASKING, Command, Model, Verb as Access};
use crate::support::{Bank, Failure, Modules, failure};

/// What came of it, as far as the model has to know.
#[derive(Debug)]
pub(super) enum Done {
    Nothing,
    Created(UserId),
    Granted(RoleAssignmentId, State),
}

/// The bank with numbers for its parts.
pub(super) struct Numbered {
    pub(super) bank: Bank,
    pub(super) start: Timestamp,
}

impl Numbered {
    pub(super) fn organisation(&self, number: usize) -> OrganisationId {
        let bank = &self.bank;
        [bank.root, bank.bank_a, bank.bank_b, bank.germany, bank.frankfurt, bank.france][number]
    }

    pub(super) fn application(&self, number: usize) -> ApplicationId {
        [self.bank.imas, self.bank.casper][number]
    }

    pub(super) fn group(&self, number: usize) -> GroupId {
        [self.bank.imas_user, self.bank.casper_submitter][number]
    }

    pub(super) fn instant(&self, hour: u64) -> Timestamp {
        self.start.plus(Duration::from_hours(hour))
    }

    fn applications(&self, some: Option<&std::collections::BTreeSet<usize>>) -> Applications {
        some.map_or(Applications::All, |set| Applications::Only(set.iter().map(|n| self.application(*n)).collect()))
    }

    /// Does it as `by`; `None` is the console.
    pub(super) async fn run(&self, model: &Model, by: Option<usize>, command: &Command) -> Result<Done, Failure> {
        let by = by.map_or(PrincipalId::Console, |by| PrincipalId::Person(model.people[by].id));
        let id = |who: &usize| model.people[*who].id;
        match command {
            Command::Create { at } => {
                let name = format!("Person {}", model.people.len());
                self.bank.create(by, self.organisation(*at), &name).await.map(Done::Created)
            }
            Command::Grant { to, role, at, below, applications, until } => {
                let place = (self.organisation(*at), *below);
                let until = until.map(|hour| self.instant(hour));
                let over = self.applications(applications.as_ref());
                let (id, state) = self.bank.grant_until(by, (id(to), role), place, over, until).await?;
                Ok(Done::Granted(id, state))
            }
            Command::Revoke { held } => {
                self.bank.revoke(by, model.held[*held].id, Some("reason")).await.map(|()| Done::Nothing)
            }
            Command::Confirm { held } => self.bank.confirm(by, model.held[*held].id).await.map(|()| Done::Nothing),
            Command::Assign { who, application } => {
                self.bank.assign(by, id(who), self.group(*application)).await.map(|()| Done::Nothing)
            }
            Command::Remove { who, application } => self.remove(by, id(who), self.group(*application)).await,
            Command::Module { at, verb } => {
                let modules = Modules::of(&self.bank.world, &self.bank.door).by(by);
                let place = (self.organisation(*at), self.application(ASKING));
                match verb {
                    Access::Grant => modules.grant(place).await,
                    Access::Suspend => modules.suspend(place).await,
                    Access::Regrant => modules.regrant(place).await,
                }
                .map(|_| Done::Nothing)
            }
            Command::Close { at, closed } => self.close(by, self.organisation(*at), *closed).await,
            Command::Update { who } => self.on_person(by, id(who), Verb::Update).await,
            Command::Delete { who } => self.on_person(by, id(who), Verb::Delete).await,
            Command::Block { who, blocked } => self.on_person(by, id(who), Verb::Block(*blocked)).await,
            Command::Move { who, to } => self.on_person(by, id(who), Verb::Move(self.organisation(*to))).await,
        }
    }

    async fn remove(&self, by: PrincipalId, user: UserId, group: GroupId) -> Result<Done, Failure> {
        let (bank, ctx) = (&self.bank, self.bank.world.ctx_of(by));
        transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, RemoveMembership { user, group }).await?;
            assign::remove(tx, permit, &ctx).await.map(|()| Done::Nothing).map_err(failure)
        })
    }

    async fn close(&self, by: PrincipalId, organisation: OrganisationId, closed: bool) -> Result<Done, Failure> {
        let (bank, ctx) = (&self.bank, self.bank.world.ctx_of(by));
        transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation }).await?;
            let done = if closed {
                organisations::deactivate(tx, permit, &ctx).await
            } else {
                organisations::reactivate(tx, permit, &ctx).await
            };
            done.map(|_| Done::Nothing).map_err(failure)
        })
    }

    async fn on_person(&self, by: PrincipalId, user: UserId, verb: Verb) -> Result<Done, Failure> {
        let (bank, ctx) = (&self.bank, self.bank.world.ctx_of(by));
        let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
        transact!(bank.world.db, tx => {
            match verb {
                Verb::Update => {
                    let permit = bank.door.authorise(tx, &ctx, UpdateUser { user }).await?;
                    let change = UserChange { subsidiary: Some(Some(ctx.request_id.clone())), ..UserChange::default() };
                    update::update(tx, permit, change, None, guard, &ctx).await.map(drop).map_err(failure)?;
                }
                Verb::Delete => {
                    let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
                    delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)?;
                }
                Verb::Block(blocked) => {
                    let permit = bank.door.authorise(tx, &ctx, BlockUser { user }).await?;
                    delete::set_blocked(tx, permit, blocked, guard, &ctx).await.map(drop).map_err(failure)?;
                }
                Verb::Move(to) => {
                    let permit = bank.door.authorise(tx, &ctx, MoveUser { user, to }).await?;
                    transfer::transfer(tx, permit, guard, &ctx).await.map(drop).map_err(failure)?;
                }
            }
            Ok(Done::Nothing)
        })
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Update,
    Delete,
    Block(bool),
    Move(OrganisationId),
}

/// Whether the door refused, for a reason of the rules.
pub(super) fn is_refusal(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(reason) if !matches!(reason, Reason::StepUp { .. }))
}
