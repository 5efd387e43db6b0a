//! Signing in again in a browser where somebody is signed in already.

use std::collections::BTreeSet;
use std::time::Duration;

use chamberlain::authority::{Door, Roles};
use chamberlain::db::{self, transact};
use chamberlain::directory::client::{self, model::Client, model::ClientKind, model::ClientSettings};
use chamberlain::kernel::ids::{ClientId, FamilyId, SessionId};
use chamberlain::sessions;
use chamberlain::signals::deliver::deliver;
use chamberlain::signals::fan_out::fan_out;
use chamberlain::tokens::family::{Claims, Family, Holder};
use chamberlain::tokens::family_store;

use super::browser::{EMAIL, PASSWORD, Site};
use crate::support::relying_party::claims;
use crate::support::told::{Receiver, sender};

/// A grant that an application got in a session.
async fn given_in(site: &Site, session: SessionId, settings: ClientSettings) -> FamilyId {
    let ctx = site.world.ctx();
    let client = Client {
        id: ClientId(ctx.uuid()),
        client_id: "imas".to_owned(),
        name: "IMAS".to_owned(),
        kind: ClientKind::Machine,
        environment: None,
        organisation: Some(site.user.organisation),
        active: true,
        settings,
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
        holder: Holder::default(),
    };
    let done: db::Result<()> = transact!(site.world.db, tx => {
        client::store::insert(tx, &client).await?;
        sessions::store::save_client(tx, session, client.id, ctx.now).await?;
        family_store::insert(tx, &family, None).await
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
        let given = given_in(&site, first, ClientSettings::default()).await;
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

    /// OIDC Front-Channel Logout 1.0 §3, OA-26: the frames name the session that was told first, too.
    async fn oa_26_a_frame_names_the_session_that_the_application_knows(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        browser.enter(&site.code().await).await;
        let live = async || sessions::store::list(&mut site.world.db.reader().await.unwrap(), site.user.id, site.world.clock.now()).await.unwrap()[0].id;
        let first = live().await;
        let settings = ClientSettings { frontchannel_logout_uri: Some("https://imas.example/fcl".to_owned()), ..ClientSettings::default() };
        given_in(&site, first, settings).await;
        site.world.clock.advance(Duration::from_mins(1));
        browser.get("/profile").await;
        browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        browser.enter(&site.code().await).await;
        let second = live().await;
        browser.get("/logout").await;
        browser.post("/logout", &[]).await;
        for sid in [first, second] {
            assert!(browser.html.contains(&format!("sid={sid}")), "{}", browser.html);
        }
        assert!(!browser.is_signed_in().await);
    }

    /// OA-26, SE-05: an application knows a session by the name that it was told first; it is told by that name that it is over.
    async fn oa_26_an_application_is_told_of_the_session_that_it_knows(world: World) {
        let (site, receiver) = (Site::new(world).await, Receiver::start().await);
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        browser.enter(&site.code().await).await;
        let live = async || sessions::store::list(&mut site.world.db.reader().await.unwrap(), site.user.id, site.world.clock.now()).await.unwrap();
        let sender = sender(&site.world).await;
        let told = async || {
            let (db, door, now) = (&site.world.db, Door::new(Roles::default()), site.world.clock.now());
            fan_out(db, &door, &site.world.entropy, now).await.unwrap();
            deliver(db, &sender).await.unwrap();
            let sids = receiver.arrived().iter().map(|one| claims(&one.token().into())["sid"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
            sids.into_iter().collect::<BTreeSet<_>>()
        };
        let settings = ClientSettings { backchannel_logout_uri: Some(format!("{}/logout", receiver.url)), ..ClientSettings::default() };
        let mut names = BTreeSet::new();
        for round in 0..3 {
            let session = live().await[0].id;
            names.insert(session.to_string());
            if round == 0 {
                given_in(&site, session, settings.clone()).await;
            }
            if round < 2 {
                site.world.clock.advance(Duration::from_mins(1));
                browser.get("/profile").await;
                browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
                browser.enter(&site.code().await).await;
                assert!(told().await.is_empty(), "the person is still signed in");
            }
        }
        assert_eq!(names.len(), 3);
        browser.get("/logout").await;
        browser.post("/logout", &[]).await;
        assert_eq!(told().await, names);
    }
}
