//! Nominations by a service: whoever holds the secret by which it asked answers for them.

use chamberlain::authority::Reason;
use chamberlain::authority::action::{ConfirmRole, ManageClient};
use chamberlain::delegation::model::State;
use chamberlain::delegation::nomination::model::Nomination;
use chamberlain::delegation::nomination::nominate;
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::client::manage::{self as clients, ClientDetails};
use chamberlain::directory::client::model::{AuthMethod, ClientKind, ClientSettings};
use chamberlain::directory::client::service;
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{ClientId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Consortium, Failure, failure};

/// A service of the operator's, with all that operators may.
async fn operating(all: &Consortium) -> ClientId {
    let ctx = all.world.ctx_of(PrincipalId::Console);
    let settings = ClientSettings {
        grant_types: vec!["client_credentials".to_owned()],
        redirect_uris: Vec::new(),
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        ..service::settings()
    };
    let (client_id, name) = ("naming".to_owned(), "Names people".to_owned());
    let (kind, environment, organisation) = (ClientKind::Machine, None, Some(all.root));
    let details = ClientDetails { client_id, name, kind, environment, organisation, settings };
    let made: Result<ClientId, Failure> = transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, ManageClient { client: None }).await?;
        Ok(clients::create(tx, permit, details.clone(), &ctx).await.map_err(failure)?.0.id)
    });
    let client = made.unwrap();
    all.operate(PrincipalId::Service(client)).await;
    client
}

/// The service names somebody, asked by whoever holds its secret.
async fn named(all: &Consortium, (service, keeper): (ClientId, UserId), email: &str) -> Result<Nomination, Failure> {
    let ctx = Ctx { kept_by: Some(keeper), ..all.world.ctx_of(PrincipalId::Service(service)) };
    transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, Consortium::action("LEAR", (all.acme, None), None)).await?;
        let email = email.parse().unwrap();
        nominate::nominate(tx, permit, all.door.roles(), &email, &ctx).await.map_err(failure)
    })
}

on_both! {
    /// D5, D11, DA-17: whoever holds a service's secret takes no role by its nominations, by whichever address, and confirms none.
    async fn da_17_nobody_takes_or_confirms_what_their_own_service_named(world: World) {
        let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "participant-portal").unwrap();
        let (head, tail) = text.split_once("code = \"LEAR\"\n").unwrap();
        let profile = load(&format!("{head}code = \"LEAR\"\nconfirmation = \"always\"\n{tail}")).unwrap();
        let all = Consortium::found_with(world, profile).await;
        let service = operating(&all).await;
        let (petra, lea) = (all.person(all.root, "Petra").await, all.person(all.acme, "Lea").await);
        assert!(named(&all, (service, petra), &Consortium::address("Petra")).await.is_err(), "her own address");
        let other = named(&all, (service, petra), "petra@elsewhere.example").await.unwrap();
        assert_eq!((other.nominated_by, other.kept_by), (PrincipalId::Service(service), Some(petra)));
        all.readdress(petra, "petra@elsewhere.example").await;
        assert!(all.accept(petra, other.id).await.unwrap_err().to_string().contains("nomination of their own"));
        all.withdraw(PrincipalId::Console, other.id).await.unwrap();
        // Somebody else takes the role, and it waits for another than the one who answers for the service.
        let hers = named(&all, (service, petra), &Consortium::address("Lea")).await.unwrap();
        let role = all.accept(lea, hers.id).await.unwrap().expect("given");
        assert_eq!((role.state, role.granted_by), (State::Pending, PrincipalId::Person(petra)));
        let operators = [petra, all.person(all.root, "Olga").await];
        for operator in operators {
            all.operate(PrincipalId::Person(operator)).await;
        }
        let confirm = ConfirmRole { assignment: role.id };
        assert_eq!(all.may(petra, confirm.clone()).await, Err(Reason::OwnProposal));
        assert_eq!(all.may(operators[1], confirm).await, Ok(()));
    }
}
