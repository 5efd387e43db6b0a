//! Many people at once: by the same decision, with the same audit, and all or nobody.

use chamberlain::audit;
use chamberlain::authority::action::CreateUser;
use chamberlain::authority::{Reason, Refusal};
use chamberlain::db::{self, transact};
use chamberlain::directory::organisation::people_store;
use chamberlain::directory::user::create::create_many;
use chamberlain::directory::user::error::UserError;
use chamberlain::directory::user::model::{NewUser, User};
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::OrganisationId;
use chamberlain::kernel::time::Timestamp;

use crate::support::Demo;

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    Db(#[from] db::Error),
}

fn person(number: usize, user_name: Option<&str>) -> NewUser {
    NewUser {
        user_name: user_name.map(str::to_owned),
        email: Some(format!("number{number}@bank-a.example").parse().unwrap()),
        phone: None,
        given_name: "Nora".to_owned(),
        family_name: format!("Neu {number}"),
        company_id: None,
        subsidiary: None,
        locale: None,
        account_expires_at: None,
        active: true,
        scim: serde_json::Map::new(),
    }
}

/// Dora of Bank A brings people in.
async fn import(demo: &Demo, organisation: OrganisationId, people: Vec<NewUser>) -> Result<Vec<User>, Failure> {
    let ctx = demo.acting("dora.roux@bank-a.example").await;
    transact!(demo.world.db, tx => {
        let permits = demo.door.authorise_all(tx, &ctx, vec![CreateUser { organisation }; people.len()]).await?;
        Ok(create_many(tx, permits, people.clone(), &ctx).await?)
    })
}

on_both! {
    async fn many_people_are_created_at_once_and_each_is_in_the_log(world: World) {
        let demo = Demo::seeded(world).await;
        let bank = demo.organisation("Bank A").await;
        let before = people_store::count(&mut demo.reader().await, &[], &[bank]).await.unwrap();
        let made = import(&demo, bank, (0..450).map(|n| person(n, None)).collect()).await.unwrap();
        let tx = &mut demo.reader().await;
        assert_eq!(people_store::count(tx, &[], &[bank]).await.unwrap(), before + 450);
        for user in [&made[0], &made[199], &made[200], &made[449]] {
            assert_eq!(store::find(tx, user.id).await.unwrap().as_ref(), Some(user));
            let lines = audit::store::list_of_subject(tx, user.id.0, Timestamp(0), 10).await.unwrap();
            assert_eq!(lines.len(), 1);
            assert!(lines[0].via.is_some() && lines[0].organisation_id == Some(bank), "{lines:?}");
        }
    }

    /// E20, AU-24: one address or name that is taken, by anybody or twice among the new ones, and nobody is created.
    async fn au_24_all_are_created_or_nobody(world: World) {
        let demo = Demo::seeded(world).await;
        let bank = demo.organisation("Bank A").await;
        import(&demo, bank, vec![person(0, Some("e.m.ployee"))]).await.unwrap();
        for wrong in [
            person(0, None),
            person(1, Some("OLGA.meyer@institution.example")),
            person(1, Some("E.m.ployee")),
            person(1, Some("number3@bank-a.example")),
            NewUser { user_name: None, email: None, ..person(1, None) },
        ] {
            let people = vec![person(2, None), person(3, None), wrong];
            assert!(matches!(import(&demo, bank, people.clone()).await, Err(Failure::User(_))), "{people:?}");
            let found = store::find_by_email(&mut demo.reader().await, "number2@bank-a.example").await.unwrap();
            assert!(found.is_none(), "{people:?}");
        }
    }

    /// DA-01: what may not be done once may not be done a hundred times.
    async fn da_01_nobody_is_brought_into_another_customers_organisation(world: World) {
        let demo = Demo::seeded(world).await;
        let other = demo.organisation("Bank B").await;
        let refused = import(&demo, other, vec![person(0, None)]).await;
        assert!(matches!(refused, Err(Failure::Refused(Refusal::Denied(Reason::NotFound)))), "{refused:?}");
        let ctx = demo.acting("fred.perry@bank-a.example").await;
        let wanted = CreateUser { organisation: demo.organisation("Bank A").await };
        let refused = demo.door.authorise_all(&mut demo.reader().await, &ctx, vec![wanted; 3]).await;
        assert!(matches!(refused, Err(Refusal::Denied(_))));
    }

    async fn a_permit_less_is_a_person_less(world: World) {
        let demo = Demo::seeded(world).await;
        let (bank, ctx) = (demo.organisation("Bank A").await, demo.acting("dora.roux@bank-a.example").await);
        let made: Result<Vec<User>, Failure> = transact!(demo.world.db, tx => {
            let permits = demo.door.authorise_all(tx, &ctx, vec![CreateUser { organisation: bank }; 2]).await?;
            Ok(create_many(tx, permits, (0..3).map(|n| person(n, None)).collect(), &ctx).await?)
        });
        assert_eq!(made.unwrap().len(), 2);
    }
}
