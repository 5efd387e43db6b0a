//! Fixed bearer tokens of services, for senders that cannot fetch any.

use std::time::Duration;

use chamberlain::authority::action::ManageClient;
use chamberlain::directory::client::{manage, store};
use chamberlain::kernel::ids::{PrincipalId, ProvisioningTokenId};
use chamberlain::tokens::provisioning::{self, MAX_TOKENS, ProvisioningTokenError};
use chamberlain::tokens::provisioning_store;
use chamberlain::transact;
use serde_json::json;

use super::service::{Place, Service, person};
use crate::support::{Failure, failure};

pub(super) async fn issue(
    place: &Place,
    service: &Service,
    (name, days): (&str, u32),
) -> Result<(ProvisioningTokenId, String), String> {
    let world = &place.bank.world;
    let ctx = world.ctx_of(PrincipalId::Console);
    let made: Result<_, Failure> = transact!(world.db, tx => {
        let client = store::find_by_client_id(tx, &service.client_id).await?.unwrap();
        let permit = place.bank.door.authorise(tx, &ctx, ManageClient { client: Some(client.id) }).await?;
        Ok(provisioning::issue(tx, permit, &client, (name, days), &ctx).await)
    });
    let made: Result<_, ProvisioningTokenError> = made.unwrap();
    made.map(|(token, secret)| (token.id, secret.reveal().to_owned())).map_err(|error| error.to_string())
}

on_both! {
    /// SC-28, OA-49: a fixed token stands for its service as it is now, until its day or until it is taken back.
    async fn a_fixed_token_stands_for_its_service_until_its_day(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let (id, secret) = issue(&place, &hr, ("Okta", 30)).await.unwrap();
        assert!(secret.starts_with("chp_") && secret.len() == 47);
        let okta = hr.with_token(&secret);
        assert_eq!(okta.call("POST", "/Users", &person("ada")).await.status, 201);
        assert_eq!(okta.find("externalId eq \"hr-ada\"").await.body["totalResults"], json!(1), "external ids are those of the client");
        let elsewhere = place.hr(place.bank.bank_a).await;
        assert_eq!(okta.get("/Users").await.body["totalResults"], json!(1));
        assert_eq!(elsewhere.get("/Users").await.body["totalResults"], json!(0));
        for odd in [format!("{secret}A"), secret.replace("chp_", "chd_"), secret.replace("chp_", "cha_"), "chp_".to_owned(), format!("chp_{}", "A".repeat(43)), "chp_".repeat(1000)] {
            assert_eq!(hr.with_token(&odd).get("/Users").await.status, 401, "{odd}");
        }
        place.bank.world.clock.advance(Duration::from_hours(24 * 30 - 1));
        assert_eq!(okta.get("/Users").await.status, 200);
        place.bank.world.clock.advance(Duration::from_hours(1));
        assert_eq!(okta.get("/Users").await.status, 401);
        let (second, secret) = issue(&place, &hr, ("Okta", 366)).await.unwrap();
        let (okta, world) = (hr.with_token(&secret), &place.bank.world);
        assert_eq!(okta.get("/Users").await.status, 200);
        let ctx = world.ctx_of(PrincipalId::Console);
        let taken: Result<_, Failure> = transact!(world.db, tx => {
            let client = store::find_by_client_id(tx, &hr.client_id).await?.unwrap();
            let mut results = Vec::new();
            for token in [second, second, id] {
                let permit = place.bank.door.authorise(tx, &ctx, ManageClient { client: Some(client.id) }).await?;
                results.push(provisioning::revoke(tx, permit, &client, token, &ctx).await.is_ok());
            }
            Ok(results)
        });
        assert_eq!(taken.unwrap(), [true, false, false], "once, and only while it is live");
        assert_eq!(okta.get("/Users").await.status, 401);
    }

    /// OA-28: whatever stops the service stops its tokens; they are few, short and named.
    async fn a_fixed_token_ends_with_its_service_and_there_are_few(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for (name, days) in [("", 1), ("x", 0), ("x", 367), ("a\nb", 1)] {
            assert!(issue(&place, &hr, (name, days)).await.is_err(), "{name:?} {days}");
        }
        let mut secret = String::new();
        for number in 0..MAX_TOKENS {
            secret = issue(&place, &hr, (&format!("t{number}"), 1)).await.unwrap().1;
        }
        assert!(issue(&place, &hr, ("one more", 1)).await.unwrap_err().contains("already"));
        let world = &place.bank.world;
        let ctx = world.ctx_of(PrincipalId::Console);
        let client = store::find_by_client_id(&mut world.db.reader().await.unwrap(), &hr.client_id).await.unwrap().unwrap();
        let off: Result<_, Failure> = transact!(world.db, tx => {
            let permit = place.bank.door.authorise(tx, &ctx, ManageClient { client: Some(client.id) }).await?;
            manage::set_active(tx, permit, false, &ctx).await.map_err(failure)
        });
        off.unwrap();
        place.bank.door.changed();
        world.clock.advance(Duration::from_secs(2));
        assert_eq!(hr.with_token(&secret).get("/Users").await.status, 401);
        let listed = provisioning_store::list(&mut world.db.reader().await.unwrap(), client.id, world.clock.now()).await.unwrap();
        assert_eq!(listed.len(), MAX_TOKENS);
        let purged: chamberlain::db::Result<()> = transact!(world.db, tx => provisioning_store::remove_expired(tx, world.clock.now().plus(Duration::from_hours(25))).await);
        purged.unwrap();
        assert!(provisioning_store::list(&mut world.db.reader().await.unwrap(), client.id, world.clock.now()).await.unwrap().is_empty());
    }
}
