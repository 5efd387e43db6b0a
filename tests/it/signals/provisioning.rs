//! RFC 9967: services that provision are told that something changed which they see, and nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::audit::chain;
use chamberlain::authority::action::{BlockUser, MoveUser, RevokeRole, UpdateUser};
use chamberlain::delegation::{revoke, store as roles};
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::UserChange;
use chamberlain::directory::user::{delete, error::UserError, transfer, update};
use chamberlain::directory::{client, external_id_store, group};
use chamberlain::kernel::ids::{ClientId, PrincipalId, UserId};
use chamberlain::signals::provisioning::feed::feed;
use chamberlain::transact;
use serde_json::{Value, json};

use crate::support::relying_party::RelyingParty;
use crate::support::streams::Streaming;
use crate::support::{Failure, World, failure};

const FRED: &str = "fred.perry@bank-a.example";
const PAUL: &str = "paul.ito@bank-b.example";
const GROUP: &str = "IMAS_PORTAL_USER";

/// A service of the demo with a stream that is fetched.
struct Listener {
    token: String,
    stream: Value,
}

struct Feeding {
    streaming: Streaming,
}

impl Feeding {
    async fn new(world: World) -> Self {
        let feeding = Self { streaming: Streaming::new(world).await };
        // What the seed did is nobody's news.
        assert_eq!(feeding.feed().await, 0);
        feeding
    }

    async fn feed(&self) -> usize {
        let provider = self.streaming.provider();
        while chain::seal(&provider.world.db).await.unwrap() > 0 {}
        feed(&provider.world.db, &provider.oidc.app.door, &provider.world.entropy, provider.world.clock.now())
            .await
            .unwrap()
    }

    async fn listener(&self, client: &str, requested: Option<Value>) -> Listener {
        let provider = self.streaming.provider();
        provider.set(client, |settings| settings.offer_stream(true)).await;
        let service = provider.demo.service_clients.iter().find(|one| one.client_id == client).unwrap();
        let (client_id, secret, redirect_uri) = (client.to_owned(), service.client_secret.clone(), String::new());
        let basic = RelyingParty { client_id, secret, redirect_uri }.basic();
        let pairs = [("grant_type", "client_credentials"), ("scope", "ssf.read ssf.manage")];
        let answer = provider.post("/oauth2/token", Some(&basic), &pairs).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        let body = requested.map_or_else(|| json!({}), |list| json!({ "events_requested": list }));
        let made = self.streaming.set_up(&token, body).await;
        let supported = made["events_supported"].as_array().unwrap();
        assert!(supported.iter().all(|uri| uri.as_str().unwrap().starts_with("urn:ietf:params:scim:event:")), "{made}");
        Listener { token, stream: made["stream_id"].clone() }
    }

    /// What a service is told now: the event, the resource, what it says; without what it was told before.
    async fn told(&self, to: &Listener) -> Vec<(String, Value, Value)> {
        let fetched = self.streaming.fetch(&to.token, &to.stream, json!({})).await;
        let acknowledged: Vec<&String> = fetched.iter().map(|(jti, _)| jti).collect();
        self.streaming.fetch(&to.token, &to.stream, json!({ "ack": acknowledged, "maxEvents": 0 })).await;
        let one = |(_, claims): (String, Value)| {
            assert!(
                claims["txn"].is_string() && claims.get("sub").is_none() && claims.get("exp").is_none(),
                "{claims}"
            );
            let (uri, says) = claims["events"].as_object().unwrap().iter().next().unwrap();
            (
                uri.strip_prefix("urn:ietf:params:scim:event:").unwrap().to_owned(),
                claims["sub_id"].clone(),
                says.clone(),
            )
        };
        fetched.into_iter().map(one).collect()
    }

    async fn client(&self, client_id: &str) -> ClientId {
        let tx = &mut self.streaming.provider().world.db.reader().await.unwrap();
        client::store::find_by_client_id(tx, client_id).await.unwrap().unwrap().id
    }

    async fn change(&self, id: UserId, change: UserChange) {
        let provider = self.streaming.provider();
        provider.world.clock.advance(Duration::from_secs(1));
        let (ctx, door) = (provider.world.ctx_of(PrincipalId::Console), &provider.oidc.app.door);
        let guard = Guard { roles: door.roles(), reason: Some("test") };
        let done: Result<(), Failure> = transact!(provider.world.db, tx => {
            let permit = door.authorise(tx, &ctx, UpdateUser { user: id }).await?;
            update::update(tx, permit, change.clone(), None, guard, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
    }

    async fn block(&self, id: UserId, blocked: bool) {
        let provider = self.streaming.provider();
        provider.world.clock.advance(Duration::from_secs(1));
        let (ctx, door) = (provider.world.ctx_of(PrincipalId::Console), &provider.oidc.app.door);
        let guard = Guard { roles: door.roles(), reason: Some("test") };
        let done: Result<(), Failure> = transact!(provider.world.db, tx => {
            let permit = door.authorise(tx, &ctx, BlockUser { user: id }).await?;
            delete::set_blocked(tx, permit, blocked, guard, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
    }

    async fn move_to(&self, id: UserId, name: &str) {
        let provider = self.streaming.provider();
        provider.world.clock.advance(Duration::from_secs(1));
        let (ctx, door) = (provider.world.ctx_of(PrincipalId::Console), &provider.oidc.app.door);
        let guard = Guard { roles: door.roles(), reason: Some("test") };
        let to = provider.organisation(name).await;
        let done: Result<(), UserError> = transact!(provider.world.db, tx => {
            let permit = door.authorise(tx, &ctx, MoveUser { user: id, to }).await.unwrap();
            transfer::transfer(tx, permit, guard, &ctx).await.map(drop)
        });
        done.unwrap();
    }
}

fn person(id: UserId) -> Value {
    json!({ "format": "scim", "uri": format!("/Users/{id}") })
}

on_both! {
    /// RFC 9967 §2: a service hears of the people of its customer and of nobody else, by their addresses and its own names for them, and of
    /// attributes by name, never by value.
    async fn a_service_hears_of_what_it_sees_and_of_nothing_else(world: World) {
        let feeding = Feeding::new(world).await;
        let provider = feeding.streaming.provider();
        let (of_a, of_b) = (feeding.listener("hr-bank-a", None).await, feeding.listener("hr-bank-b", None).await);
        assert_eq!(feeding.feed().await, 0);
        let (fred, paul) = (provider.user(FRED).await, provider.user(PAUL).await);
        let client = feeding.client("hr-bank-a").await;
        let named: chamberlain::db::Result<()> = transact!(provider.world.db, tx =>
            external_id_store::save(tx, client, external_id_store::ResourceKind::User, fred.0, "P-7").await);
        named.unwrap();
        feeding.change(fred, UserChange { given_name: Some("Secret".to_owned()), locale: Some(Some("fr".to_owned())), ..UserChange::default() }).await;
        feeding.change(fred, UserChange { active: Some(false), ..UserChange::default() }).await;
        feeding.block(paul, true).await;
        assert_eq!(feeding.feed().await, 3);
        assert_eq!(feeding.feed().await, 0, "nothing is told twice");
        let told = feeding.told(&of_a).await;
        let mut about = person(fred);
        about["externalId"] = json!("P-7");
        assert_eq!(told, [
            ("prov:patch:notice".to_owned(), about.clone(), json!({ "attributes": ["name.givenName", "preferredLanguage"] })),
            ("prov:deactivate".to_owned(), about, json!({})),
        ]);
        assert_eq!(feeding.told(&of_b).await, [("prov:deactivate".to_owned(), person(paul), json!({}))]);
        // Memberships are told of to who sees people and groups.
        let access = feeding.listener("hr-bank-b-access", Some(json!(["urn:ietf:params:scim:event:prov:patch:notice"]))).await;
        let id = group::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), GROUP).await.unwrap().unwrap().id;
        provider.set_member(paul, id, false).await;
        provider.set_member(fred, id, false).await;
        feeding.block(paul, false).await;
        feeding.feed().await;
        let group = json!({ "format": "scim", "uri": format!("/Groups/{id}") });
        assert_eq!(feeding.told(&access).await, [("prov:patch:notice".to_owned(), group, json!({ "attributes": ["members"] }))]);
        let others: BTreeSet<String> = feeding.told(&of_b).await.into_iter().map(|(event, ..)| event).collect();
        assert!(others.contains("prov:activate"), "{others:?}");
    }

    /// RFC 9967 §2.3: whoever moves away leaves the sight of the one and comes into that of the other; what happens afterwards is the other's.
    async fn a_move_between_customers_is_a_leaving_and_a_coming(world: World) {
        let feeding = Feeding::new(world).await;
        let provider = feeding.streaming.provider();
        let (of_a, of_b) = (feeding.listener("hr-bank-a", None).await, feeding.listener("hr-bank-b", None).await);
        feeding.feed().await;
        let fred = provider.user(FRED).await;
        feeding.move_to(fred, "Bank B").await;
        feeding.block(fred, true).await;
        feeding.feed().await;
        let events = |told: Vec<(String, Value, Value)>| -> Vec<String> {
            told.into_iter().filter(|(_, about, _)| *about == person(fred)).map(|(event, ..)| event).collect()
        };
        assert_eq!(events(feeding.told(&of_a).await), ["feed:remove"]);
        assert_eq!(events(feeding.told(&of_b).await), ["feed:add", "prov:deactivate"]);
    }

    /// Whoever loses the role, the stream or the account hears nothing more; who begins to listen hears nothing of before.
    async fn a_service_without_a_right_hears_nothing(world: World) {
        let feeding = Feeding::new(world).await;
        let provider = feeding.streaming.provider();
        let fred = provider.user(FRED).await;
        feeding.block(fred, true).await;
        let listener = feeding.listener("hr-bank-a", None).await;
        feeding.feed().await;
        feeding.block(fred, false).await;
        feeding.feed().await;
        assert_eq!(feeding.told(&listener).await.len(), 1, "what was before is not told");
        provider.set("hr-bank-a", |settings| settings.scopes.retain(|scope| scope.starts_with("ssf."))).await;
        feeding.block(fred, true).await;
        assert_eq!(feeding.feed().await, 0);
        provider.set("hr-bank-a", |settings| settings.scopes.push("users:read".to_owned())).await;
        let client = feeding.client("hr-bank-a").await;
        let held = roles::list_of(&mut provider.world.db.reader().await.unwrap(), PrincipalId::Service(client)).await.unwrap();
        let (ctx, door) = (provider.world.ctx_of(PrincipalId::Console), &provider.oidc.app.door);
        let done: Result<(), Failure> = transact!(provider.world.db, tx => {
            let permit = door.authorise(tx, &ctx, RevokeRole { assignment: held[0].id }).await?;
            revoke::revoke(tx, permit, door.roles(), Some("over"), &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        door.changed();
        feeding.block(fred, false).await;
        assert_eq!(feeding.feed().await, 0);
    }
}
