//! Services that delegates make for their organisations: no ladder, and no power that outlives the right of whoever took their secrets.

use chamberlain::audit::store as log;
use chamberlain::authority::action::{ApproveContact, BlockUser, CreateService, GrantRole, ManageClient, ReadClient};
use chamberlain::authority::{Applications, Reason, Validity};
use chamberlain::delegation::grant;
use chamberlain::delegation::model::State;
use chamberlain::directory::client::manage::{self, ClientError};
use chamberlain::directory::client::model::Client;
use chamberlain::directory::client::provisioning::Provisioning;
use chamberlain::directory::client::{keep, secret_store, store};
use chamberlain::directory::user::delete::set_blocked;
use chamberlain::directory::user::guard::Guard;
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{ClientId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::scim::router;
use chamberlain::tokens::provisioning;
use chamberlain::transact;
use serde_json::json;

use super::service::{OURS, Place, Service, person};
use crate::support::{Failure, failure, only};

/// Somebody who administers the people of Germany and connects its systems, and the second of their roles.
async fn keeper(place: &Place, name: &str) -> (UserId, RoleAssignmentId) {
    let bank = &place.bank;
    let keeper = bank.user_admin(bank.germany, true, name).await;
    (keeper, bank.appoint(keeper, "ProvisioningAdmin", bank.germany, true, Applications::All).await)
}

async fn make(place: &Place, by: UserId, organisation: OrganisationId) -> Result<Client, Failure> {
    let ctx = place.bank.world.ctx_of(PrincipalId::Person(by));
    transact!(place.bank.world.db, tx => {
        let permit = place.bank.door.authorise(tx, &ctx, CreateService { organisation }).await?;
        let wanted = ("HR of Frankfurt".to_owned(), Provisioning::default());
        Ok(keep::create(tx, permit, wanted, &ctx).await.map_err(failure)?.0)
    })
}

async fn give(
    place: &Place,
    by: PrincipalId,
    (to, role): (ClientId, &str),
    organisation: OrganisationId,
    until: Option<Timestamp>,
) -> Result<RoleAssignmentId, Failure> {
    let (world, door) = (&place.bank.world, &place.bank.door);
    let ctx = world.ctx_of(by);
    let applications = if role == "ApplicationAccessAdmin" { only(&[place.bank.imas]) } else { Applications::All };
    let (to, role, validity) = (PrincipalId::Service(to), role.to_owned(), Validity { from: None, until });
    let action = GrantRole { to, role, organisation, include_sub_levels: true, applications, validity };
    let given = transact!(world.db, tx => {
        let permit = door.authorise(tx, &ctx, action.clone()).await?;
        Ok::<_, Failure>(grant::grant(tx, permit, door.roles(), &ctx).await.map_err(failure)?.id)
    });
    door.changed();
    // The first one of a level waits for an operator.
    if let Ok(id) = &given {
        let _ = place.bank.confirm(PrincipalId::Console, *id).await;
    }
    given
}

/// A fixed token of a service, taken by somebody.
async fn take(place: &Place, by: PrincipalId, client: ClientId) -> Result<Service, Failure> {
    let world = &place.bank.world;
    let ctx = world.ctx_of(by);
    let secret = transact!(world.db, tx => {
        let permit = place.bank.door.authorise(tx, &ctx, ManageClient { client: Some(client) }).await?;
        let client = store::find(tx, client).await?.unwrap();
        let made = provisioning::issue(tx, permit, &client, ("here", 30), &ctx).await.map_err(failure)?;
        Ok::<_, Failure>(made.1.reveal().to_owned())
    })?;
    let found = store::find(&mut world.db.reader().await?, client).await?.unwrap();
    let (client_id, home) = (found.client_id, found.organisation.unwrap());
    Ok(Service {
        router: router(place.scim.clone()),
        token: secret,
        client_id,
        principal: PrincipalId::Service(client),
        home,
    })
}

async fn block(place: &Place, user: UserId, blocked: bool) {
    let (world, door) = (&place.bank.world, &place.bank.door);
    let ctx = world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(world.db, tx => {
        let permit = door.authorise(tx, &ctx, BlockUser { user }).await?;
        let guard = Guard { roles: door.roles(), reason: Some("left") };
        set_blocked(tx, permit, blocked, guard, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

on_both! {
    /// D1, D3, D5, D8, D10, D13: for one's own levels, with no more than one holds, and on the record there.
    async fn a_delegate_makes_a_service_of_their_own_levels_which_does_no_more_than_they_do(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (petra, by_role) = keeper(&place, "Petra").await;
        let service = make(&place, petra, bank.frankfurt).await.unwrap();
        assert!(service.client_id.starts_with("service-") && service.organisation == Some(bank.frankfurt));
        for elsewhere in [bank.bank_b, bank.france, bank.bank_a] {
            assert_eq!(make(&place, petra, elsewhere).await.unwrap_err().reason(), Reason::NotFound);
        }
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        assert_eq!(make(&place, gerda, bank.frankfurt).await.unwrap_err().reason(), Reason::NotPermitted);
        assert_eq!(bank.may(gerda, ManageClient { client: Some(service.id) }).await, Err(Reason::NotPermitted));
        // What it is given: what whoever gives it holds, and no more.
        let by = PrincipalId::Person(petra);
        for (role, at) in [("DelegatedUserAdmin", bank.bank_b), ("ApplicationAccessAdmin", bank.frankfurt), ("Operator", bank.root), ("ProvisioningAdmin", bank.frankfurt)] {
            assert!(give(&place, by, (service.id, role), at, None).await.is_err(), "{role}");
        }
        give(&place, by, (service.id, "DelegatedUserAdmin"), bank.frankfurt, None).await.unwrap();
        let hr = take(&place, by, service.id).await.unwrap();
        assert_eq!(hr.joiner("ada").await[OURS]["organisation"], json!(bank.frankfurt));
        for elsewhere in [bank.france, bank.germany, bank.bank_b] {
            let mut moved = person("bob");
            moved[OURS] = json!({ "organisation": elsewhere });
            let refused = hr.call("POST", "/Users", &moved).await;
            assert!(matches!(refused.status, 400 | 403 | 404), "{}", refused.text);
        }
        assert_eq!(hr.get("/Users").await.body["totalResults"], json!(1), "nobody above or beside is seen");
        // One that works elsewhere than at home is asked to say where.
        let above = make(&place, petra, bank.germany).await.unwrap();
        give(&place, by, (above.id, "DelegatedUserAdmin"), bank.frankfurt, None).await.unwrap();
        let refused = take(&place, by, above.id).await.unwrap().call("POST", "/Users", &person("cy")).await;
        assert!(refused.status == 400 && refused.text.contains("say which `organisation`"), "{}", refused.text);
        // On the record of that level, with who did it and by which role.
        let events = log::list_of_subject(&mut bank.world.db.reader().await.unwrap(), service.id.0, Timestamp(0), 20).await.unwrap();
        let made = events.iter().find(|event| event.kind == "client.created").unwrap();
        assert_eq!((made.organisation_id, made.actor_id, made.via), (Some(bank.frankfurt), Some(petra.0), Some(by_role)));
        assert!(made.details.contains("HR of Frankfurt"));
    }

    /// D4, D5, D8, D13: a service that may do more than oneself is seen and not kept; one elsewhere is not there.
    async fn no_service_is_a_ladder(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (petra, _) = keeper(&place, "Petra").await;
        let (by, console) = (PrincipalId::Person(petra), PrincipalId::Console);
        let elsewhere = place.hr(bank.france).await;
        let PrincipalId::Service(beside) = elsewhere.principal else { panic!("not a service") };
        for answer in [bank.may(petra, ReadClient { client: beside }).await, bank.may(petra, ManageClient { client: Some(beside) }).await] {
            assert_eq!(answer, Err(Reason::NotFound));
        }
        let nobody = ClientId(bank.world.ctx().uuid());
        assert_eq!(bank.may(petra, ManageClient { client: Some(nobody) }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(petra, ManageClient { client: None }).await, Err(Reason::NotPermitted));
        // Made by an operator for a level below, plain: it is kept like one's own.
        let of_operator = make(&place, petra, bank.frankfurt).await.unwrap().id;
        give(&place, console, (of_operator, "DelegatedUserAdmin"), bank.frankfurt, None).await.unwrap();
        let keep = || bank.may(petra, ManageClient { client: Some(of_operator) });
        assert_eq!(keep().await, Ok(()));
        for (role, at) in [("DelegatedUserAdmin", bank.bank_b), ("ApplicationAccessAdmin", bank.frankfurt)] {
            let wider = give(&place, console, (of_operator, role), at, None).await.unwrap();
            assert_eq!(keep().await, Err(Reason::Outranked), "{role}");
            assert_eq!(bank.may(petra, ReadClient { client: of_operator }).await, Ok(()));
            assert!(matches!(take(&place, by, of_operator).await, Err(Failure::Refused(Reason::Outranked))));
            // Also while it waits for a confirmation.
            bank.revoke(console, wider, Some("test")).await.unwrap();
            assert_eq!(keep().await, Ok(()));
        }
        // Nothing is changed but what a delegate says.
        let ctx = bank.world.ctx_of(by);
        for more in [true, false] {
            let changed: Result<_, Failure> = transact!(bank.world.db, tx => {
                let present = store::find(tx, of_operator).await?.unwrap();
                let mut settings = present.settings.clone();
                settings.provisioning.valid_until = Some(ctx.now.plus(std::time::Duration::from_hours(24)));
                settings.introspection = more;
                let permit = bank.door.authorise(tx, &ctx, ManageClient { client: Some(of_operator) }).await?;
                Ok(manage::update(tx, permit, (present.name, settings), None, &ctx).await)
            });
            assert_eq!(matches!(changed.unwrap(), Err(ClientError::Reserved)), more);
        }
        // What an operator has switched off stays off.
        let switch = async |by: PrincipalId, active: bool| {
            let ctx = bank.world.ctx_of(by);
            let done: Result<_, Failure> = transact!(bank.world.db, tx => {
                let permit = bank.door.authorise(tx, &ctx, ManageClient { client: Some(of_operator) }).await?;
                Ok(manage::set_active(tx, permit, active, &ctx).await.map(drop))
            });
            done.unwrap()
        };
        assert!(switch(by, false).await.is_ok() && switch(by, true).await.is_ok());
        assert!(switch(console, false).await.is_ok() && matches!(switch(by, true).await, Err(ClientError::Reserved)));
        assert!(switch(console, true).await.is_ok() && switch(by, false).await.is_ok());
    }

    /// D4, D7: what a delegate took of a service ends with their right to keep it, at the next request; what an operator gave out does not.
    async fn what_a_delegate_took_of_a_service_ends_with_their_right(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (petra, by_role) = keeper(&place, "Petra").await;
        let (by, console) = (PrincipalId::Person(petra), PrincipalId::Console);
        let service = make(&place, petra, bank.germany).await.unwrap();
        give(&place, by, (service.id, "DelegatedUserAdmin"), bank.germany, None).await.unwrap();
        let (hers, ours) = (take(&place, by, service.id).await.unwrap(), take(&place, console, service.id).await.unwrap());
        let fetched = hers.with_token(&place.token(&service.client_id, |claims| claims.kept_by = Some(petra)).await);
        let answers = async || [hers.get("/Users").await.status, fetched.get("/Users").await.status, ours.get("/Users").await.status];
        assert_eq!(answers().await, [200, 200, 200]);
        let live = secret_store::list_live(&mut bank.world.db.reader().await.unwrap(), service.id, bank.world.clock.now()).await.unwrap();
        assert_eq!(live.iter().map(|secret| secret.kept_by).collect::<Vec<_>>(), [Some(petra)], "the secret that she was shown");
        // D5: by its right nothing is done to whoever holds its secret, as they do nothing to themselves.
        let own = format!("/Users/{petra}");
        let rename = || json!([{ "op": "replace", "path": "nickName", "value": "P" }]);
        assert_eq!([hers.patch(&own, rename()).await.status, fetched.patch(&own, rename()).await.status], [403, 403]);
        assert_eq!(ours.patch(&own, rename()).await.status, 200);
        // The service grows: it is no ladder for who knows its secret.
        let wider = give(&place, console, (service.id, "DelegatedUserAdmin"), bank.bank_b, None).await.unwrap();
        assert_eq!(answers().await, [401, 401, 200]);
        bank.revoke(console, wider, Some("test")).await.unwrap();
        assert_eq!(answers().await, [200, 200, 200]);
        // She is blocked, and comes back; then loses the role.
        block(&place, petra, true).await;
        assert_eq!(answers().await, [401, 401, 200]);
        block(&place, petra, false).await;
        assert_eq!(answers().await, [200, 200, 200]);
        bank.revoke(console, by_role, None).await.unwrap();
        assert_eq!(answers().await, [401, 401, 200]);
        assert!(take(&place, by, service.id).await.is_err());
        // Somebody whose role ends takes no secret that would last longer.
        let until = bank.world.clock.now().plus(std::time::Duration::from_hours(1));
        let (paul, _) = keeper(&place, "Paul").await;
        assert!(take(&place, PrincipalId::Person(paul), service.id).await.is_ok());
        let soon = bank.user_admin(bank.germany, true, "Sonia").await;
        bank.grant_until(console, (soon, "ProvisioningAdmin"), (bank.germany, true), Applications::All, Some(until)).await.unwrap();
        let sonias = take(&place, PrincipalId::Person(soon), service.id).await.unwrap();
        assert_eq!(sonias.get("/Users").await.status, 200);
        bank.world.clock.advance(std::time::Duration::from_hours(1));
        assert_eq!(sonias.get("/Users").await.status, 401, "D12");
    }

    /// D5, D11, D15, DA-17: nobody decides on what a service asked for by a secret that they took, as on nothing that they asked for themselves;
    /// somebody else does.
    async fn da_17_nobody_approves_what_their_own_service_asked_for(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let (petra, _) = keeper(&place, "Petra").await;
        let other = bank.user_admin(bank.germany, true, "Gerda").await;
        let service = make(&place, petra, bank.germany).await.unwrap();
        give(&place, PrincipalId::Person(petra), (service.id, "DelegatedUserAdmin"), bank.germany, None).await.unwrap();
        let hers = take(&place, PrincipalId::Person(petra), service.id).await.unwrap();
        let anna = bank.user_admin(bank.frankfurt, false, "Anna").await;
        let changed = json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "petra@elsewhere.example" }]);
        let answer = hers.patch(&format!("/Users/{anna}"), changed).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.body["emails"].to_string().contains("elsewhere"), "it waits: {}", answer.text);
        assert_eq!(bank.may(petra, ApproveContact { user: anna }).await, Err(Reason::OwnProposal));
        assert_eq!(bank.may(other, ApproveContact { user: anna }).await, Ok(()));
        // So does a role that waits, as the first one of its level does.
        let (branch, berta) = (bank.organisation(Some(bank.frankfurt), "Branch").await, bank.person(bank.frankfurt, "Berta").await);
        let ctx = Ctx { kept_by: Some(petra), ..bank.world.ctx_of(hers.principal) };
        let (to, role, validity) = (PrincipalId::Person(berta), "DelegatedUserAdmin".to_owned(), Validity::default());
        let action = GrantRole { to, role, organisation: branch, include_sub_levels: false, applications: Applications::All, validity };
        let given: Result<_, Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
            grant::grant(tx, permit, bank.door.roles(), &ctx).await.map_err(failure)
        });
        let given = given.unwrap();
        assert_eq!((given.state, given.granted_by), (State::Pending, PrincipalId::Person(petra)));
    }
}
