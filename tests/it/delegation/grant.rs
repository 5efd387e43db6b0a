//! Giving roles (D3).

use chamberlain::authority::action::GrantRole;
use chamberlain::authority::{Applications, Refusal, Validity};
use chamberlain::db::transact;
use chamberlain::delegation::grant::{GrantError, grant};
use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::directory::application;
use chamberlain::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, UserId};

use crate::support::Demo;

fn role(to: UserId, role: &str, organisation: OrganisationId, applications: Applications) -> GrantRole {
    GrantRole {
        to: PrincipalId::Person(to),
        role: role.to_owned(),
        organisation,
        include_sub_levels: true,
        applications,
        validity: Validity::default(),
    }
}

async fn granted(demo: &Demo, by: &str, action: GrantRole) -> Result<RoleAssignment, GrantError> {
    let ctx = demo.acting(by).await;
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, action.clone()).await.unwrap();
        grant(tx, permit, demo.door.roles(), &ctx).await
    })
}

async fn id(demo: &Demo, code: &str) -> ApplicationId {
    application::store::find_by_code(&mut demo.reader().await, code).await.unwrap().unwrap().id
}

async fn only(demo: &Demo, code: &str) -> Applications {
    Applications::Only([id(demo, code).await].into())
}

async fn is_refused(demo: &Demo, by: &str, action: GrantRole) -> bool {
    matches!(demo.ask(&demo.acting(by).await, action).await, Err(Refusal::Denied(_)))
}

on_both! {
    /// E68
    async fn a_user_administrator_grants_the_own_role_once(world: World) {
        let demo = Demo::seeded(world).await;
        let (nina, bank) = (demo.user("nina.petit@bank-a.example").await, demo.organisation("Bank A").await);
        let action = role(nina, "DelegatedUserAdmin", bank, Applications::All);
        let held = granted(&demo, "dora.roux@bank-a.example", action.clone()).await.unwrap();
        assert_eq!(held.state, State::Active, "there is a holder already, so nobody has to confirm");
        assert!(matches!(granted(&demo, "dora.roux@bank-a.example", action).await, Err(GrantError::AlreadyHeld)));
    }

    /// E06, E07, requirements decision 2
    async fn the_first_holder_at_a_level_waits_for_the_operator(world: World) {
        let demo = Demo::seeded(world).await;
        let (frank, frankfurt) = (demo.user("felix.brandt@bank-b.example").await, demo.organisation("Bank B Frankfurt").await);
        let action = role(frank, "DelegatedUserAdmin", frankfurt, Applications::All);
        let proposed = granted(&demo, "daniel.weiss@bank-b.example", action).await.unwrap();
        assert_eq!(proposed.state, State::Pending);
        let authority = demo.door.authority_of(&mut demo.reader().await, PrincipalId::Person(frank), demo.world.clock.now()).await.unwrap();
        assert!(authority.assignments.is_empty(), "DA-28: no rights before the confirmation");
    }

    async fn da_10_no_role_is_granted_above_the_grantor(world: World) {
        let demo = Demo::seeded(world).await;
        let (frank, bank) = (demo.user("felix.brandt@bank-b.example").await, demo.organisation("Bank B").await);
        assert!(is_refused(&demo, "greta.hahn@bank-b.example", role(frank, "DelegatedUserAdmin", bank, Applications::All)).await);
    }

    async fn da_11_the_two_kinds_of_administrators_do_not_make_each_other(world: World) {
        let demo = Demo::seeded(world).await;
        let (nina, bank) = (demo.user("nina.petit@bank-a.example").await, demo.organisation("Bank A").await);
        let imas = only(&demo, "IMAS").await;
        assert!(is_refused(&demo, "dora.roux@bank-a.example", role(nina, "ApplicationAccessAdmin", bank, imas)).await);
        assert!(is_refused(&demo, "anna.berg@bank-a.example", role(nina, "DelegatedUserAdmin", bank, Applications::All)).await);
    }

    async fn da_12_an_access_administrator_does_not_widen_the_applications(world: World) {
        let demo = Demo::seeded(world).await;
        let (nina, bank) = (demo.user("nina.petit@bank-a.example").await, demo.organisation("Bank A").await);
        assert!(is_refused(&demo, "anna.berg@bank-a.example", role(nina, "ApplicationAccessAdmin", bank, Applications::All)).await);
        let both = Applications::Only([id(&demo, "IMAS").await, id(&demo, "CASPER").await].into());
        assert!(is_refused(&demo, "anna.berg@bank-a.example", role(nina, "ApplicationAccessAdmin", bank, both)).await, "the whole request");
        granted(&demo, "anna.berg@bank-a.example", role(nina, "ApplicationAccessAdmin", bank, only(&demo, "IMAS").await)).await.unwrap();
    }
}
