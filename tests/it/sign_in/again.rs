//! Signing in again in a browser where somebody is signed in already.

use std::time::Duration;

use chamberlain::db::{self, transact};
use chamberlain::directory::client::{self, model::Client, model::ClientKind, model::ClientSettings};
use chamberlain::kernel::ids::{ClientId, FamilyId, SessionId};
use chamberlain::sessions;
use chamberlain::tokens::family::{Claims, Family};
use chamberlain::tokens::family_store;

use super::browser::{EMAIL, PASSWORD, Site};

/// A grant that an application got in a session.
async fn given_in(site: &Site, session: SessionId) -> FamilyId {
    let ctx = site.world.ctx();
    let client = Client {
        id: ClientId(ctx.uuid()),
        client_id: "imas".to_owned(),
        name: "IMAS".to_owned(),
        kind: ClientKind::Machine,
        environment: None,
        organisation: Some(site.user.organisation),
        active: true,
        settings: ClientSettings::default(),
        epoch: 0,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let family = Family {
        id: FamilyId(ctx.uuid()),
        client: client.id,
        user: site.user.id,
        session,
        scope: "openid".to_owned(),
        details: Vec::new(),
        claims: Claims::default(),
        offline: false,
        auth_time: ctx.now,
        amr: "pwd".to_owned(),
        acr: String::new(),
        user_epoch: 0,
        created_at: ctx.now,
        expires_at: ctx.now.plus(Duration::from_hours(8)),
        revoked_at: None,
    };
    let done: db::Result<()> = transact!(site.world.db, tx => {
        client::store::insert(tx, &client).await?;
        sessions::store::save_client(tx, session, client.id, ctx.now).await?;
        family_store::insert(tx, &family).await
    });
    done.unwrap();
    family.id
}

on_both! {
    /// OA-26, SE-01: what an application got before its person signed in anew ends when they sign out after that.
    async fn oa_26_signing_in_anew_takes_along_what_was_given_before(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        browser.enter(&site.code().await).await;
        let live = async || sessions::store::list(&mut site.world.db.reader().await.unwrap(), site.user.id, site.world.clock.now()).await.unwrap();
        let family = async |id| family_store::find(&mut site.world.db.reader().await.unwrap(), id).await.unwrap().unwrap();
        let first = live().await[0].id;
        let given = given_in(&site, first).await;
        site.world.clock.advance(Duration::from_mins(1));
        browser.get("/profile").await;
        browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        browser.enter(&site.code().await).await;
        let now = live().await;
        assert!(now.len() == 1 && now[0].id != first, "a new session in place of the first");
        assert_eq!((family(given).await.session, family(given).await.revoked_at), (now[0].id, None));
        browser.get("/logout").await;
        assert!(browser.html.contains("IMAS"), "the page names the applications of both");
        browser.post("/logout", &[]).await;
        assert!(!browser.is_signed_in().await && family(given).await.revoked_at.is_some());
    }
}
