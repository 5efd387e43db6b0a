//! The demo world.

use chamberlain::audit::chain;
use chamberlain::delegation;
use chamberlain::directory::{client, membership, user};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::secret::Token;

use crate::support::Demo;

on_both! {
    async fn what_the_demo_prints_is_what_was_stored(world: World) {
        let demo = Demo::seeded(world).await;
        let now = demo.world.clock.now();
        let tx = &mut demo.reader().await;
        for account in &demo.printed.accounts {
            let found = user::store::find_by_email(tx, &account.email.to_uppercase()).await.unwrap().unwrap();
            assert!(found.is_usable(now));
            let held = delegation::store::list_of(tx, PrincipalId::Person(found.id)).await.unwrap();
            assert!(held.iter().all(|role| role.is_live(now)), "no role of the demo waits");
            assert_eq!(held.len(), account.roles.len());
            let held = membership::access_store::list_held(tx, found.id).await.unwrap();
            let (mut groups, mut expected) = (held.into_iter().map(|held| held.code).collect::<Vec<_>>(), account.groups.clone());
            groups.sort();
            expected.sort();
            assert_eq!(groups, expected);
        }
        for service in &demo.printed.service_clients {
            let found = client::store::find_by_client_id(tx, &service.client_id).await.unwrap().unwrap();
            let secret = Token::from_text(service.client_secret.clone()).digest();
            let live = client::secret_store::list_live(tx, found.id, now).await.unwrap();
            assert!(live.iter().any(|other| other.digest == secret && other.kept_by.is_none()));
        }
    }

    /// C02, C07: a group of one environment says nothing in another.
    async fn claims_and_tiles_follow_the_environment_of_each_group(world: World) {
        let demo = Demo::seeded(world).await;
        let now = demo.world.clock.now();
        let fred = demo.user("fred.perry@bank-a.example").await;
        let tx = &mut demo.reader().await;
        let production = client::store::find_by_client_id(tx, "casper").await.unwrap().unwrap().environment.unwrap();
        let pre = client::store::find_by_client_id(tx, "casper-pre").await.unwrap().unwrap().environment.unwrap();
        assert_eq!(client::entry::find(tx, fred, Some(production), now).await.unwrap().groups, ["CASPER_WEB_DATA_SUBMITTER"]);
        assert_eq!(client::entry::find(tx, fred, Some(pre), now).await.unwrap().groups, ["A-CASPER_WEB_DATA_SUBMITTER"]);
        let tiles = membership::access_store::list_tiles(tx, fred, now).await.unwrap();
        assert_eq!(tiles.iter().map(|tile| tile.environment.title.as_str()).collect::<Vec<_>>(), ["CASPER", "CASPER Pre-Production", "IMAS"]);
    }

    /// D10: everything that the seed did is in the log, and the chain holds over it.
    async fn what_was_seeded_is_in_the_audit_chain(world: World) {
        let demo = Demo::seeded(world).await;
        let sealed = chain::seal(&demo.world.db).await.unwrap();
        let verified = chain::verify(&mut demo.reader().await).await.unwrap();
        assert!(sealed > 50);
        assert_eq!((verified.broken_at, verified.tail), (None, 0));
    }
}
