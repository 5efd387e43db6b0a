//! The tree: closure, moves, deactivation.

use chamberlain::authority::action::{AssignMembership, CreateOrganisation, MoveOrganisation, UpdateOrganisation};
use chamberlain::authority::{Reason, Refusal};
use chamberlain::db::transact;
use chamberlain::directory::organisation::error::OrganisationError;
use chamberlain::directory::organisation::model::{MAX_DEPTH, OrganisationDetails, Status};
use chamberlain::directory::organisation::{create, store, transfer, update};
use chamberlain::directory::user;
use chamberlain::kernel::ids::OrganisationId;

use crate::support::Demo;

fn named(name: &str) -> OrganisationDetails {
    OrganisationDetails { name: name.to_owned(), ..OrganisationDetails::default() }
}

async fn create_below(demo: &Demo, parent: OrganisationId, name: &str) -> Result<OrganisationId, OrganisationError> {
    let ctx = demo.acting("olga.meyer@institution.example").await;
    let permit = || CreateOrganisation { parent: Some(parent) };
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, permit()).await.unwrap();
        create::create(tx, permit, named(name), &ctx).await.map(|organisation| organisation.id)
    })
}

async fn move_below(demo: &Demo, organisation: OrganisationId, to: OrganisationId) -> Result<(), OrganisationError> {
    let ctx = demo.acting("olga.meyer@institution.example").await;
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, MoveOrganisation { organisation, to }).await.unwrap();
        transfer::transfer(tx, permit, &ctx).await.map(drop)
    })
}

on_both! {
    async fn a_moved_subtree_takes_its_paths_along(world: World) {
        let demo = Demo::seeded(world).await;
        let (a, b) = (demo.organisation("Bank A").await, demo.organisation("Bank B").await);
        let (germany, frankfurt) = (demo.organisation("Bank B Germany").await, demo.organisation("Bank B Frankfurt").await);
        move_below(&demo, germany, a).await.unwrap();
        let tx = &mut demo.reader().await;
        let path = store::path(tx, frankfurt).await.unwrap().unwrap();
        assert_eq!(path.depth(), 3);
        assert!(path.is_under(a) && path.is_under(germany) && !path.is_under(b));
        let names = store::list_path(tx, frankfurt).await.unwrap().into_iter().map(|o| o.name).collect::<Vec<_>>();
        assert_eq!(names, ["European Institution", "Bank A", "Bank B Germany", "Bank B Frankfurt"]);
        assert_eq!(store::list_subtree(tx, b, 10).await.unwrap().len(), 2, "Bank B and Bank B France are left");
        assert_eq!(store::list_children(tx, a, 10).await.unwrap().len(), 1);
        assert_eq!(store::find_height(tx, a).await.unwrap(), 2);
    }

    async fn da_09_cycles_and_too_deep_trees_are_refused(world: World) {
        let demo = Demo::seeded(world).await;
        let (b, frankfurt) = (demo.organisation("Bank B").await, demo.organisation("Bank B Frankfurt").await);
        assert!(matches!(move_below(&demo, b, frankfurt).await, Err(OrganisationError::Cycle)));
        assert!(matches!(move_below(&demo, b, b).await, Err(OrganisationError::Cycle)));
        let mut node = frankfurt;
        for depth in 4..=MAX_DEPTH {
            node = create_below(&demo, node, &format!("Level {depth}")).await.unwrap();
        }
        assert!(matches!(create_below(&demo, node, "One too deep").await, Err(OrganisationError::TooDeep)));
        let a = demo.organisation("Bank A").await;
        let inner = create_below(&demo, a, "Inner").await.unwrap();
        assert!(matches!(move_below(&demo, b, inner).await, Err(OrganisationError::TooDeep)));
    }

    async fn siblings_have_different_names_whatever_the_case(world: World) {
        let demo = Demo::seeded(world).await;
        let root = demo.organisation("European Institution").await;
        assert!(matches!(create_below(&demo, root, "BANK A").await, Err(OrganisationError::NameTaken)));
        let a = demo.organisation("Bank A").await;
        create_below(&demo, a, "Bank A").await.unwrap();
    }

    /// DA-08: moving needs rights at the old parent, the new parent and over the subtree.
    async fn da_08_a_delegated_administrator_moves_no_levels(world: World) {
        let demo = Demo::seeded(world).await;
        let (germany, a) = (demo.organisation("Bank B Germany").await, demo.organisation("Bank A").await);
        let ctx = demo.acting("daniel.weiss@bank-b.example").await;
        assert!(matches!(demo.ask(&ctx, MoveOrganisation { organisation: germany, to: a }).await, Err(Refusal::Denied(_))));
    }

    /// D9, DA-44
    async fn da_44_rights_below_a_deactivated_organisation_stop(world: World) {
        let demo = Demo::seeded(world).await;
        let (b, frankfurt) = (demo.organisation("Bank B").await, demo.organisation("Bank B Frankfurt").await);
        let (frank, group) = (demo.user("felix.brandt@bank-b.example").await, demo.group("IMAS_PORTAL_USER").await);
        let daa = demo.acting("alma.novak@bank-b.example").await;
        let assign = AssignMembership { user: frank, group };
        demo.ask(&daa, assign.clone()).await.unwrap();
        let epoch = user::store::find_epoch(&mut demo.reader().await, frank).await.unwrap().unwrap();
        let operator = demo.acting("olga.meyer@institution.example").await;
        let outcome: Result<_, OrganisationError> = transact!(demo.world.db, tx => {
            let permit = demo.door.authorise(tx, &operator, UpdateOrganisation { organisation: b }).await.unwrap();
            update::deactivate(tx, permit, &operator).await
        });
        assert_eq!(outcome.unwrap().status, Status::Deactivated);
        let tx = &mut demo.reader().await;
        assert_eq!(store::find_effective_status(tx, frankfurt).await.unwrap(), Some(Status::Deactivated));
        assert!(user::store::find_epoch(tx, frank).await.unwrap().unwrap() > epoch, "sessions below are judged anew");
        assert!(matches!(demo.ask(&daa, assign).await, Err(Refusal::Denied(Reason::NotFound | Reason::NotPermitted))));
    }
}
