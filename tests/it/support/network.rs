//! The world of authorities that manage each other: the Commission, two countries with their national coordinators, and some authorities.
//!
//! Everything is made by the use cases, through the one door.

use chamberlain::authority::Applications;
use chamberlain::authority::action::{AddManager, CreateOrganisation, RemoveManager};
use chamberlain::directory::organisation::model::OrganisationDetails;
use chamberlain::directory::organisation::{create, managing, managing_store};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::transact;

use super::World;
use super::bank::{Bank, Failure, failure};

/// The authorities; the application IMAS of the bank stands for a module.
#[derive(Debug, Clone)]
pub struct Network {
    /// Database, clock, randomness, the door with the roles of the profile, and what can be done through it.
    pub bank: Bank,
    /// The Commission.
    pub root: OrganisationId,
    /// The national coordinator of Germany.
    pub germany: OrganisationId,
    /// The one of France.
    pub france: OrganisationId,
    /// Manages the agency.
    pub ministry: OrganisationId,
    /// Managed by the ministry and by Germany.
    pub agency: OrganisationId,
    /// Managed by Germany only, and by itself manages nothing.
    pub office: OrganisationId,
    /// Managed by France.
    pub marseille: OrganisationId,
    /// National coordinator of Germany.
    pub nina: UserId,
    /// Administrator of the ministry.
    pub maria: UserId,
    /// Administrator of the agency.
    pub anton: UserId,
    /// Administrator of the office.
    pub olaf: UserId,
}

impl Network {
    /// Founds it.
    pub async fn found(world: World) -> Self {
        let bank = Bank::bare(world, "imi");
        let (nil, nobody) = (OrganisationId(uuid::Uuid::nil()), UserId(uuid::Uuid::nil()));
        let mut all = Self {
            root: bank.organisation(None, "Commission").await,
            bank,
            germany: nil,
            france: nil,
            ministry: nil,
            agency: nil,
            office: nil,
            marseille: nil,
            nina: nobody,
            maria: nobody,
            anton: nobody,
            olaf: nobody,
        };
        all.bank.root = all.root;
        all.germany = all.bank.organisation(Some(all.root), "Germany").await;
        all.france = all.bank.organisation(Some(all.root), "France").await;
        (all.bank.imas, all.bank.imas_user) = all.bank.application("IMAS", "IMAS_PORTAL_USER").await;
        (all.bank.casper, all.bank.casper_submitter) =
            all.bank.application("CASPER", "CASPER_WEB_DATA_SUBMITTER").await;
        // Whoever comes first would be Administrator: the coordinators are those of others.
        for country in [all.root, all.germany, all.france] {
            all.bank.person(country, &format!("First {country}")).await;
        }
        all.nina = all.coordinator(all.germany, "Nina").await;
        let francine = all.coordinator(all.france, "Francine").await;
        let nina = PrincipalId::Person(all.nina);
        all.ministry = all.register(nina, all.germany, "Ministry").await.unwrap();
        all.agency = all.register(nina, all.germany, "Agency").await.unwrap();
        all.office = all.register(nina, all.germany, "Office").await.unwrap();
        all.marseille = all.register(PrincipalId::Person(francine), all.france, "Marseille").await.unwrap();
        all.maria = all.bank.create(nina, all.ministry, "Maria").await.unwrap();
        all.anton = all.bank.create(nina, all.agency, "Anton").await.unwrap();
        all.olaf = all.bank.create(nina, all.office, "Olaf").await.unwrap();
        all.add(all.nina, (all.agency, all.ministry)).await.unwrap();
        all
    }

    /// A national coordinator.
    pub async fn coordinator(&self, country: OrganisationId, name: &str) -> UserId {
        let id = self.bank.person(country, name).await;
        self.bank.appoint(id, "NationalCoordinator", country, true, Applications::All).await;
        id
    }

    /// Somebody registers an authority.
    pub async fn register(
        &self,
        by: PrincipalId,
        parent: OrganisationId,
        name: &str,
    ) -> Result<OrganisationId, Failure> {
        let ctx = self.bank.world.ctx_of(by);
        let made = transact!(self.bank.world.db, tx => {
            let permit = self.bank.door.authorise(tx, &ctx, CreateOrganisation { parent: Some(parent) }).await?;
            let details = OrganisationDetails { name: name.to_owned(), ..OrganisationDetails::default() };
            Ok::<_, Failure>(create::create(tx, permit, details, &ctx).await.map_err(failure)?.id)
        });
        self.bank.door.changed();
        made
    }

    /// Adds an Access Manager: the managed organisation first.
    pub async fn add(&self, by: UserId, pair: (OrganisationId, OrganisationId)) -> Result<(), Failure> {
        let ctx = self.bank.world.ctx_of(PrincipalId::Person(by));
        transact!(self.bank.world.db, tx => {
            let action = AddManager { organisation: pair.0, manager: pair.1 };
            let permit = self.bank.door.authorise(tx, &ctx, action).await?;
            managing::add(tx, permit, &ctx).await.map_err(failure)
        })
    }

    /// Removes one.
    pub async fn remove(&self, by: UserId, pair: (OrganisationId, OrganisationId)) -> Result<(), Failure> {
        let ctx = self.bank.world.ctx_of(PrincipalId::Person(by));
        transact!(self.bank.world.db, tx => {
            let action = RemoveManager { organisation: pair.0, manager: pair.1 };
            let permit = self.bank.door.authorise(tx, &ctx, action).await?;
            managing::remove(tx, permit, &ctx).await.map_err(failure)
        })
    }

    /// The names of those that manage an organisation.
    pub async fn managers(&self, of: OrganisationId) -> Vec<String> {
        let tx = &mut self.bank.world.db.reader().await.unwrap();
        let found = managing_store::list_managers(tx, of).await.unwrap();
        found.into_iter().map(|manager| manager.name).collect()
    }
}
