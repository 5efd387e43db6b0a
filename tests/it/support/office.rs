//! Where authorities are registered: the bank of the stories with registrars, and everything through the use cases.

use chamberlain::authority::Applications;
use chamberlain::authority::Door;
use chamberlain::authority::action::{CreateOrganisation, ValidateRegistration};
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::registration::invite::{self, NewInvitation};
use chamberlain::directory::registration::model::{Application, FirstUser, Registration, Step};
use chamberlain::directory::registration::review::{self, By, Validated};
use chamberlain::directory::registration::{applicant, store};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RegistrationId, UserId};
use chamberlain::transact;

use super::World;
use super::bank::{Bank, Failure, failure};
use super::registrar::registrars;

/// The bank with a profile that has registrars.
#[derive(Debug, Clone)]
pub struct Office {
    /// The bank.
    pub bank: Bank,
    /// What its profile says.
    pub profile: Profile,
}

impl Office {
    /// Opens it.
    pub async fn open(world: World) -> Self {
        let (mut bank, profile) = (Bank::found(world).await, registrars());
        bank.door = Door::new(profile.roles.clone());
        Self { bank, profile }
    }

    /// Somebody who registers organisations at and below a place.
    pub async fn registrar(&self, at: OrganisationId, name: &str) -> UserId {
        let user = self.bank.person(at, name).await;
        self.bank.appoint(user, "Registrar", at, true, Applications::All).await;
        user
    }

    /// Invites.
    pub async fn invite(&self, by: UserId, parent: OrganisationId, email: &str) -> Result<RegistrationId, Failure> {
        let ctx = self.bank.world.ctx_of(PrincipalId::Person(by));
        transact!(self.bank.world.db, tx => {
            let permit = self.bank.door.authorise(tx, &ctx, CreateOrganisation { parent: Some(parent) }).await?;
            let new = NewInvitation {
                email: email.parse().unwrap(),
                proposed_name: format!("Authority of {email}"),
                language: None,
                message: String::new(),
                send: true,
            };
            let made = invite::invite(tx, permit, new, self.profile.registrations, &ctx).await.map_err(failure)?;
            Ok(made.id)
        })
    }

    /// As it is now.
    pub async fn find(&self, id: RegistrationId) -> Registration {
        store::find(&mut self.bank.world.db.reader().await.unwrap(), id).await.unwrap().unwrap()
    }

    /// The authority enters one part, as it found the invitation.
    pub async fn enter(&self, found: &Registration, step: Step) -> Result<(), Failure> {
        let ctx = self.bank.world.ctx();
        let phone = Some("+3291234567".parse().unwrap());
        let first_user = FirstUser { given_name: "Lou".to_owned(), family_name: "Lab".to_owned(), phone };
        let name = format!("Laboratory {}", found.id);
        let given = Application { name, first_user, ..found.application.clone() };
        transact!(self.bank.world.db, tx => {
            let part = (given.clone(), step);
            applicant::save(tx, found, part, &self.profile.terms, &ctx).await.map_err(failure)
        })
    }

    /// The authority submits, as it found the invitation.
    pub async fn submit(&self, found: &Registration) -> Result<(), Failure> {
        let ctx = self.bank.world.ctx();
        transact!(self.bank.world.db, tx => applicant::submit(tx, found, &self.profile.terms, &ctx).await.map(drop).map_err(failure))
    }

    /// An invitation that was answered and waits.
    pub async fn registered(&self, by: UserId, parent: OrganisationId, email: &str) -> RegistrationId {
        let id = self.invite(by, parent, email).await.unwrap();
        self.answer(id).await;
        id
    }

    /// The authority enters everything and submits.
    pub async fn answer(&self, id: RegistrationId) {
        for step in Step::ALL {
            self.enter(&self.find(id).await, step).await.unwrap();
        }
        self.submit(&self.find(id).await).await.unwrap();
    }

    /// Validates what is there; `true` if the organisation was made.
    pub async fn validate(&self, by: UserId, id: RegistrationId) -> Result<bool, Failure> {
        let (ctx, seen) = (self.bank.world.ctx_of(PrincipalId::Person(by)), self.find(id).await.version);
        let door = &self.bank.door;
        let with = By { door, rules: self.profile.registrations, terms: &self.profile.terms };
        transact!(self.bank.world.db, tx => {
            let permit = door.authorise(tx, &ctx, ValidateRegistration { registration: id }).await?;
            let done = review::validate(tx, permit, seen, with, &ctx).await.map_err(failure)?;
            Ok(matches!(done, Validated::Made(_)))
        })
    }

    /// Refuses what is there.
    pub async fn refuse(&self, by: UserId, id: RegistrationId) -> Result<(), Failure> {
        let (ctx, seen) = (self.bank.world.ctx_of(PrincipalId::Person(by)), self.find(id).await.version);
        transact!(self.bank.world.db, tx => {
            let permit = self.bank.door.authorise(tx, &ctx, ValidateRegistration { registration: id }).await?;
            review::refuse(tx, permit, (seen, "not ours"), &ctx).await.map_err(failure)
        })
    }

    /// Gives it back.
    pub async fn send_back(&self, by: UserId, id: RegistrationId) -> Result<(), Failure> {
        let (ctx, seen) = (self.bank.world.ctx_of(PrincipalId::Person(by)), self.find(id).await.version);
        transact!(self.bank.world.db, tx => {
            let permit = self.bank.door.authorise(tx, &ctx, ValidateRegistration { registration: id }).await?;
            let rules = self.profile.registrations;
            review::send_back(tx, permit, (seen, "the address is missing"), rules, &ctx).await.map_err(failure)
        })
    }
}
