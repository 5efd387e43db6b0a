//! People: creating, changing, deleting, and what an administrator cannot do to them.

use chamberlain::authority::action::{CreateUser, DeleteUser, ReadUser, UpdateUser};
use chamberlain::authority::{Door, Reason, Refusal};
use chamberlain::db;
use chamberlain::db::transact;
use chamberlain::directory::user::error::UserError;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::{NewUser, Status, User, UserChange};
use chamberlain::directory::user::{create, delete, store, update};
use chamberlain::directory::{external_id_store, membership};
use chamberlain::kernel::ids::UserId;

use crate::support::Demo;

fn new_user(email: &str) -> NewUser {
    NewUser {
        user_name: None,
        email: Some(email.parse().unwrap()),
        phone: None,
        given_name: "Nora".to_owned(),
        family_name: "Neu".to_owned(),
        company_id: Some("4711".to_owned()),
        subsidiary: None,
        locale: None,
        account_expires_at: None,
        active: true,
        scim: serde_json::Map::new(),
    }
}

async fn created(demo: &Demo, email: &str) -> Result<User, UserError> {
    let ctx = demo.acting("dora.roux@bank-a.example").await;
    let organisation = demo.organisation("Bank A").await;
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, CreateUser { organisation }).await.unwrap();
        create::create(tx, permit, new_user(email), &ctx).await
    })
}

async fn deleted(demo: &Demo, user: UserId) -> Result<(), UserError> {
    let ctx = demo.acting("dora.roux@bank-a.example").await;
    transact!(demo.world.db, tx => {
        let permit = demo.door.authorise(tx, &ctx, DeleteUser { user }).await.unwrap();
        delete::delete(tx, permit, None, guard(&demo.door), &ctx).await
    })
}

fn guard(door: &Door) -> Guard<'_> {
    Guard { roles: door.roles(), reason: None }
}

on_both! {
    /// D1, E09, E20, E50, I68, P02: an address belongs to one person, however it is written.
    async fn a_created_person_is_new_and_has_no_access(world: World) {
        let demo = Demo::seeded(world).await;
        let nora = created(&demo, "Nora@Bank-A.example").await.unwrap();
        assert!(matches!(created(&demo, "nora@bank-a.EXAMPLE").await, Err(UserError::EmailTaken)));
        let tx = &mut demo.reader().await;
        let stored = store::find(tx, nora.id).await.unwrap().unwrap();
        assert_eq!(stored, nora, "what is stored is what was made");
        assert_eq!(stored.status(demo.world.clock.now()), Status::New);
        assert!(membership::store::list_of_user(tx, nora.id).await.unwrap().is_empty());
    }

    /// AU-24: a user name that is somebody else's address would be signed in with by two.
    async fn au_24_a_user_name_is_nobody_elses_address(world: World) {
        let demo = Demo::seeded(world).await;
        let ctx = demo.acting("dora.roux@bank-a.example").await;
        let organisation = demo.organisation("Bank A").await;
        let outcome: Result<User, UserError> = transact!(demo.world.db, tx => {
            let permit = demo.door.authorise(tx, &ctx, CreateUser { organisation }).await.unwrap();
            let twin = NewUser { user_name: Some("NINA.petit@bank-a.example".to_owned()), ..new_user("other@bank-a.example") };
            create::create(tx, permit, twin, &ctx).await
        });
        assert!(matches!(outcome, Err(UserError::UserNameTaken)));
    }

    /// AU-24: a name that looks like somebody's is refused by the use case, through whichever door it comes.
    async fn au_24_a_name_that_looks_like_another_is_nobodys(world: World) {
        let demo = Demo::seeded(world).await;
        let ctx = demo.acting("dora.roux@bank-a.example").await;
        let organisation = demo.organisation("Bank A").await;
        let twin = "nin\u{430}.petit@bank-a.example";
        let outcome: Result<User, UserError> = transact!(demo.world.db, tx => {
            let permit = demo.door.authorise(tx, &ctx, CreateUser { organisation }).await.unwrap();
            let new = NewUser { user_name: Some(twin.to_owned()), ..new_user("other@bank-a.example") };
            create::create(tx, permit, new, &ctx).await
        });
        assert!(matches!(outcome, Err(UserError::UserName(_))), "{outcome:?}");
        let user = demo.user("fred.perry@bank-a.example").await;
        let outcome: Result<User, UserError> = transact!(demo.world.db, tx => {
            let permit = demo.door.authorise(tx, &ctx, UpdateUser { user }).await.unwrap();
            let change = UserChange { user_name: Some(twin.to_owned()), ..UserChange::default() };
            update::update(tx, permit, change, None, guard(&demo.door), &ctx).await
        });
        assert!(matches!(outcome, Err(UserError::UserName(_))), "{outcome:?}");
    }

    async fn da_01_people_of_another_customer_are_not_found(world: World) {
        let demo = Demo::seeded(world).await;
        let frank = demo.user("felix.brandt@bank-b.example").await;
        let ctx = demo.acting("dora.roux@bank-a.example").await;
        assert!(matches!(demo.ask(&ctx, ReadUser { user: frank }).await, Err(Refusal::Denied(Reason::NotFound))));
        assert!(matches!(demo.ask(&ctx, UpdateUser { user: frank }).await, Err(Refusal::Denied(Reason::NotFound))));
        assert!(matches!(demo.ask(&ctx, DeleteUser { user: frank }).await, Err(Refusal::Denied(Reason::NotFound))));
    }

    async fn da_06_nobody_is_created_in_another_customers_level(world: World) {
        let demo = Demo::seeded(world).await;
        let organisation = demo.organisation("Bank B Frankfurt").await;
        let ctx = demo.acting("dora.roux@bank-a.example").await;
        assert!(matches!(demo.ask(&ctx, CreateUser { organisation }).await, Err(Refusal::Denied(_))));
    }

    async fn da_16_an_access_administrator_changes_no_details(world: World) {
        let demo = Demo::seeded(world).await;
        let user = demo.user("nina.petit@bank-a.example").await;
        assert!(matches!(demo.ask(&demo.acting("anna.berg@bank-a.example").await, UpdateUser { user }).await, Err(Refusal::Denied(_))));
    }

    /// D5, DA-18
    async fn da_18_a_lower_administrator_does_not_touch_a_wider_one(world: World) {
        let demo = Demo::seeded(world).await;
        let user = demo.user("daniel.weiss@bank-b.example").await;
        let ctx = demo.acting("greta.hahn@bank-b.example").await;
        assert!(matches!(demo.ask(&ctx, UpdateUser { user }).await, Err(Refusal::Denied(_))));
        assert!(matches!(demo.ask(&ctx, DeleteUser { user }).await, Err(Refusal::Denied(_))));
    }

    /// D15, DA-17: an address that an administrator enters does not take effect at once.
    async fn da_17_a_change_of_address_by_an_administrator_waits(world: World) {
        let demo = Demo::seeded(world).await;
        let user = demo.user("nina.petit@bank-a.example").await;
        let ctx = demo.acting("dora.roux@bank-a.example").await;
        let change = || UserChange { email: Some(Some("thief@bank-a.example".parse().unwrap())), ..UserChange::default() };
        let outcome: Result<User, UserError> = transact!(demo.world.db, tx => {
            let permit = demo.door.authorise(tx, &ctx, UpdateUser { user }).await.unwrap();
            update::update(tx, permit, change(), None, guard(&demo.door), &ctx).await
        });
        let nina = outcome.unwrap();
        assert_eq!(nina.email.unwrap().as_str(), "nina.petit@bank-a.example");
        assert_eq!(nina.pending.unwrap().email.unwrap().as_str(), "thief@bank-a.example");
        assert!(store::find_by_email(&mut demo.reader().await, "thief@bank-a.example").await.unwrap().is_none());
        let now = demo.world.clock.now();
        let waiting = chamberlain::directory::user::contact_store::list_due(&mut demo.reader().await, now, now, 10).await.unwrap();
        assert_eq!(waiting.into_iter().map(|user| user.id).collect::<Vec<_>>(), [user]);
    }

    /// DA-47: a new person with an old address is a new person.
    async fn da_47_a_deleted_person_frees_the_address_and_leaves_nothing_to_the_next(world: World) {
        let demo = Demo::seeded(world).await;
        let anna = demo.user("fred.perry@bank-a.example").await;
        deleted(&demo, anna).await.unwrap();
        let next = created(&demo, "fred.perry@bank-a.example").await.unwrap();
        assert_ne!(next.id, anna);
        let tx = &mut demo.reader().await;
        assert!(membership::store::list_of_user(tx, next.id).await.unwrap().is_empty());
        assert!(membership::store::list_of_user(tx, anna).await.unwrap().is_empty());
        assert_eq!(store::find(tx, anna).await.unwrap().unwrap().status(demo.world.clock.now()), Status::Deleted);
    }

    async fn two_changes_of_one_version_do_not_both_succeed(world: World) {
        let demo = Demo::seeded(world).await;
        let nina = demo.user("nina.petit@bank-a.example").await;
        let user = store::find(&mut demo.reader().await, nina).await.unwrap().unwrap();
        let saves: db::Result<(bool, bool)> = transact!(demo.world.db, tx => {
            Ok((store::save(tx, &user).await?, store::save(tx, &user).await?))
        });
        assert_eq!(saves.unwrap(), (true, false));
    }

    async fn sc_14_an_external_id_belongs_to_one_client(world: World) {
        use chamberlain::directory::client;
        use external_id_store::{ResourceKind, find, find_resource, remove, remove_all, save};
        let demo = Demo::seeded(world).await;
        let nina = demo.user("nina.petit@bank-a.example").await;
        let outcome: db::Result<()> = transact!(demo.world.db, tx => {
            let a = client::store::find_by_client_id(tx, "hr-bank-a").await?.unwrap().id;
            let b = client::store::find_by_client_id(tx, "hr-bank-b").await?.unwrap().id;
            save(tx, a, ResourceKind::User, nina.0, "one").await?;
            save(tx, a, ResourceKind::User, nina.0, "two").await?;
            assert_eq!(find(tx, a, ResourceKind::User, nina.0).await?.as_deref(), Some("two"));
            assert_eq!(find_resource(tx, a, ResourceKind::User, "two").await?, Some(nina.0));
            assert_eq!(find_resource(tx, b, ResourceKind::User, "two").await?, None);
            assert_eq!(find_resource(tx, a, ResourceKind::Group, "two").await?, None);
            remove(tx, a, ResourceKind::User, nina.0).await?;
            remove_all(tx, ResourceKind::User, nina.0).await
        });
        outcome.unwrap();
    }
}
