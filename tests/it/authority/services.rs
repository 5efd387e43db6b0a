//! Services hold roles like people; making one, or having its secret, gives nothing that was not given (D13, DA-43).

use std::time::Duration;

use chamberlain::authority::action::{
    AssignMembership, CreateUser, GrantRole, ManageClient, ReadUser, UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Applications, Reason, Validity};
use chamberlain::delegation::grant;
use chamberlain::directory::client::manage::{self as clients, ClientDetails};
use chamberlain::directory::client::model::{AuthMethod, ClientKind, ClientSettings};
use chamberlain::directory::client::{service, store};
use chamberlain::directory::organisation::update as organisations;
use chamberlain::kernel::ids::{ClientId, OrganisationId, PrincipalId};
use chamberlain::transact;

use crate::support::{Bank, Failure, failure, only};

pub(super) async fn register(
    bank: &Bank,
    by: PrincipalId,
    organisation: Option<OrganisationId>,
    kind: ClientKind,
) -> Result<ClientId, Failure> {
    let ctx = bank.world.ctx_of(by);
    let machine = kind == ClientKind::Machine;
    let environment = if machine { None } else { Some(environment(bank).await) };
    let settings = ClientSettings {
        grant_types: vec![if machine { "client_credentials" } else { "authorization_code" }.to_owned()],
        redirect_uris: if machine { Vec::new() } else { vec!["https://app.example/cb".to_owned()] },
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        ..service::settings()
    };
    let (client_id, name) = (format!("client-{}", ctx.uuid()), "HR of the bank".to_owned());
    let details = ClientDetails { client_id, name, kind, environment, organisation, settings };
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, ManageClient { client: None }).await?;
        Ok(clients::create(tx, permit, details.clone(), &ctx).await.map_err(failure)?.0.id)
    })
}

/// As the console: changes settings of a client.
pub(super) async fn change(bank: &Bank, client: ClientId, change: impl Fn(&mut ClientSettings)) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let present = store::find(tx, client).await?.unwrap();
        let mut settings = present.settings;
        change(&mut settings);
        let permit = bank.door.authorise(tx, &ctx, ManageClient { client: Some(client) }).await?;
        clients::update(tx, permit, (present.name, settings), None, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

async fn environment(bank: &Bank) -> chamberlain::kernel::ids::EnvironmentId {
    let tx = &mut bank.world.db.reader().await.unwrap();
    chamberlain::directory::group::store::find(tx, bank.imas_user).await.unwrap().unwrap().environment
}

pub(super) async fn grant_to(
    bank: &Bank,
    by: PrincipalId,
    client: ClientId,
    (role, organisation): (&str, OrganisationId),
    applications: Applications,
) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(by);
    let (to, role) = (PrincipalId::Service(client), role.to_owned());
    let action =
        GrantRole { to, role, organisation, include_sub_levels: true, applications, validity: Validity::default() };
    let done = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
        grant::grant(tx, permit, bank.door.roles(), &ctx).await.map(drop).map_err(failure)
    });
    bank.door.changed();
    done
}

/// Whether the service may, asked as a change.
async fn may<A: Into<chamberlain::authority::Action> + Clone>(
    bank: &Bank,
    client: ClientId,
    action: A,
) -> Result<(), Reason> {
    let ctx = bank.world.ctx_of(PrincipalId::Service(client));
    let answer: Result<(), Failure> = transact!(bank.world.db, tx => {
        bank.door.authorise(tx, &ctx, action.clone()).await?;
        Ok(())
    });
    answer.map_err(Failure::reason)
}

on_both! {
    /// DA-43, D13: belonging to an organisation is no right in it.
    async fn a_new_service_may_do_nothing_until_it_is_given_a_role(world: World) {
        let bank = Bank::found(world).await;
        let client = register(&bank, PrincipalId::Console, Some(bank.germany), ClientKind::Machine).await.unwrap();
        let user = bank.person(bank.germany, "Gustav").await;
        assert_eq!(may(&bank, client, ReadUser { user }).await, Err(Reason::NotFound));
        assert_eq!(may(&bank, client, CreateUser { organisation: bank.germany }).await, Err(Reason::NotFound));
        grant_to(&bank, PrincipalId::Console, client, ("DelegatedUserAdmin", bank.germany), Applications::All).await.unwrap();
        assert_eq!(may(&bank, client, CreateUser { organisation: bank.frankfurt }).await, Ok(()));
        assert_eq!(may(&bank, client, CreateUser { organisation: bank.france }).await, Err(Reason::NotFound));
        let group = bank.imas_user;
        assert_eq!(may(&bank, client, AssignMembership { user, group }).await, Err(Reason::NotPermitted), "decisions.md 6");
        let above = bank.user_admin(bank.bank_b, true, "Boris").await;
        assert_eq!(may(&bank, client, UpdateUser { user: above }).await, Err(Reason::NotFound));
    }

    /// D13: a delegated administrator neither makes a client nor gets at the secret of one.
    async fn only_operators_register_clients_and_see_their_new_secrets(world: World) {
        let bank = Bank::found(world).await;
        let client = register(&bank, PrincipalId::Console, Some(bank.germany), ClientKind::Machine).await.unwrap();
        grant_to(&bank, PrincipalId::Console, client, ("DelegatedUserAdmin", bank.bank_b), Applications::All).await.unwrap();
        let admin = bank.user_admin(bank.bank_b, true, "Boris").await;
        let by = PrincipalId::Person(admin);
        for action in [ManageClient { client: None }, ManageClient { client: Some(client) }] {
            assert_eq!(bank.may(admin, action).await, Err(Reason::NotPermitted));
        }
        let made = register(&bank, by, Some(bank.bank_b), ClientKind::Machine).await;
        assert_eq!(made.unwrap_err().reason(), Reason::NotPermitted);
        assert_eq!(may(&bank, client, ManageClient { client: Some(client) }).await, Err(Reason::NotPermitted));
    }

    /// D3, D5: a service is given roles under the same rules as a person.
    async fn a_service_is_granted_no_more_than_the_grantor_holds(world: World) {
        let bank = Bank::found(world).await;
        let client = register(&bank, PrincipalId::Console, Some(bank.germany), ClientKind::Machine).await.unwrap();
        let people = PrincipalId::Person(bank.user_admin(bank.germany, true, "Gerda").await);
        let access = PrincipalId::Person(bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await);
        let give = async |by, role: &str, at, applications| grant_to(&bank, by, client, (role, at), applications).await.is_ok();
        assert!(!give(people, "DelegatedUserAdmin", bank.bank_b, Applications::All).await);
        assert!(!give(people, "ApplicationAccessAdmin", bank.germany, only(&[bank.imas])).await);
        assert!(!give(access, "ApplicationAccessAdmin", bank.germany, only(&[bank.imas, bank.casper])).await);
        assert!(!give(people, "Operator", bank.root, Applications::All).await);
        assert!(give(access, "ApplicationAccessAdmin", bank.germany, only(&[bank.imas])).await);
        let itself = PrincipalId::Service(client);
        assert!(!give(itself, "ApplicationAccessAdmin", bank.frankfurt, only(&[bank.imas])).await, "nor by itself");
    }

    /// D13: an application that signs people in is not a service of an organisation, whatever grant types it has.
    async fn an_application_holds_no_role(world: World) {
        let bank = Bank::found(world).await;
        let client = register(&bank, PrincipalId::Console, None, ClientKind::Web).await.unwrap();
        let done = grant_to(&bank, PrincipalId::Console, client, ("DelegatedUserAdmin", bank.germany), Applications::All).await;
        assert_eq!(done.unwrap_err().reason(), Reason::NotFound);
        let both = register(&bank, PrincipalId::Console, Some(bank.germany), ClientKind::Web).await;
        assert!(matches!(both, Err(Failure::UseCase(_))));
    }

    /// D7, D9, DA-44: a service that is switched off, or whose organisation is, may do nothing from that instant.
    async fn a_service_ends_with_its_client_and_with_its_organisation(world: World) {
        let bank = Bank::found(world).await;
        let (first, second) = (
            register(&bank, PrincipalId::Console, Some(bank.frankfurt), ClientKind::Machine).await.unwrap(),
            register(&bank, PrincipalId::Console, Some(bank.frankfurt), ClientKind::Machine).await.unwrap(),
        );
        for client in [first, second] {
            grant_to(&bank, PrincipalId::Console, client, ("DelegatedUserAdmin", bank.bank_b), Applications::All).await.unwrap();
        }
        let create = CreateUser { organisation: bank.france };
        assert_eq!(may(&bank, first, create.clone()).await, Ok(()));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let off: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, ManageClient { client: Some(first) }).await?;
            clients::set_active(tx, permit, false, &ctx).await.map(drop).map_err(failure)
        });
        off.unwrap();
        assert!(may(&bank, first, create.clone()).await.is_err());
        assert_eq!(may(&bank, second, create.clone()).await, Ok(()));
        bank.world.clock.advance(Duration::from_secs(1));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let closed: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation: bank.germany }).await?;
            organisations::deactivate(tx, permit, &ctx).await.map(drop).map_err(failure)
        });
        closed.unwrap();
        assert!(may(&bank, second, create).await.is_err());
    }
}
