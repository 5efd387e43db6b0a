//! The OpenID Provider with the demo world behind it, and those who talk to it: a browser and a relying party.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chamberlain::authority::Door;
use chamberlain::authority::action::ManageKeys;
use chamberlain::cli::demo::world::{self as demo, Addresses, seed};
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::client::model::{Client, ClientSettings};
use chamberlain::directory::{client, user};
use chamberlain::kernel::ids::{PrincipalId, SessionId, UserId};
use chamberlain::kernel::secret::Token;
use chamberlain::oidc::{Oidc, Settings};
use chamberlain::outbound::Outbound;
use chamberlain::portal::{self, Portal};
use chamberlain::proofs::ClientKeys;
use chamberlain::sessions::model::ACR_TWO_FACTORS;
use chamberlain::sessions::{self, Session};
use chamberlain::tokens::rotation::{Next, RotateError, rotate};
use chamberlain::tokens::signing_key::Algorithm;
use chamberlain::tokens::{Kek, Keys, Rotation, Tokens};
use chamberlain::transact;
use chamberlain::web::App;
use chamberlain::web::limits::{LimitSettings, Limits};
use scraper::{Html, Selector};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use super::World;

/// Where the provider believes to be.
pub const ISSUER: &str = "http://127.0.0.1:4000";

/// A verifier and its S256 challenge (RFC 7636 appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The provider under test.
pub struct Provider {
    pub world: World,
    pub demo: demo::World,
    pub oidc: Oidc,
    router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }

    /// A parameter of the redirect.
    pub fn param(&self, name: &str) -> Option<String> {
        let url = Url::parse(ISSUER).unwrap().join(self.location()).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Whether the page has an element with this id.
    pub fn shows(&self, id: &str) -> bool {
        let wanted = Selector::parse(&format!("#{id}")).unwrap();
        Html::parse_document(&self.body).select(&wanted).next().is_some()
    }

    /// The hidden fields of the form that posts to `action`.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let wanted = Selector::parse(&format!("form[method=post][action='{action}'] input[type=hidden]")).unwrap();
        let html = Html::parse_document(&self.body);
        let value = |input: scraper::ElementRef<'_>, name| input.attr(name).unwrap_or_default().to_owned();
        html.select(&wanted).map(|input| (value(input, "name"), value(input, "value"))).collect()
    }

    /// Whether the answer takes the session cookie away.
    pub fn ends_session(&self) -> bool {
        let mut cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies.any(|cookie| cookie.to_str().unwrap().starts_with("chamberlain=;"))
    }

    /// The error of a JSON body.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// A browser: its cookie before anybody signed in, and the one of its session.
#[derive(Clone, Debug)]
pub struct Browser {
    pub browser: Token,
    pub session: Option<Token>,
}

impl Browser {
    pub fn cookie(&self) -> String {
        let session =
            self.session.as_ref().map(|token| format!("; chamberlain={}", token.reveal())).unwrap_or_default();
        format!("chamberlain-browser={}{session}", self.browser.reveal())
    }
}

/// A confidential relying application.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub client_id: String,
    pub secret: String,
    pub redirect_uri: String,
}

impl Provider {
    pub async fn new(world: World) -> Self {
        Self::with(world, Settings::default()).await
    }

    pub async fn with(world: World, settings: Settings) -> Self {
        Self::of_profile(world, settings, "ecb-identity-portal").await
    }

    /// The same world, served with the roles of another profile.
    pub async fn of_profile(world: World, settings: Settings, name: &str) -> Self {
        Self::with_app(world, settings, name, |_| {}).await
    }

    /// The same with another handle of all surfaces.
    pub async fn with_app(world: World, settings: Settings, name: &str, change: impl FnOnce(&mut App)) -> Self {
        let roles = Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles;
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let addresses = Addresses { imas: at(4001), casper: at(4002), casper_pre: at(4003) };
        let demo = seed(&world.db, &Door::new(roles.clone()), &world.clock, &world.entropy, &addresses).await.unwrap();
        let roles = Profile::shipped(name).unwrap().unwrap().roles;
        let mut app =
            App::new(world.db.clone(), world.clock.clone(), world.entropy.clone(), Url::parse(ISSUER).unwrap(), roles);
        app.session_management = settings.session_management;
        change(&mut app);
        let keys = Keys::open(&world.db, Kek::generate(&world.entropy), &world.ctx()).await.unwrap();
        app.subjects = keys.subjects().clone();
        Self::serving(world, demo, Oidc::new(app, Tokens::new(keys, ISSUER), settings))
    }

    /// The same, where each client may ask so often in a second.
    pub fn with_clients_limited_to(self, per_second: u32) -> Self {
        let Self { world, demo, mut oidc, .. } = self;
        let few = NonZeroU32::new(per_second).unwrap();
        let limits = LimitSettings { per_client: few, burst_seconds: NonZeroU32::MIN, ..LimitSettings::default() };
        oidc.app.limits = Arc::new(Limits::new(limits));
        Self::serving(world, demo, oidc)
    }

    /// One that fetches the keys of clients by this way out.
    pub async fn reaching(world: World, outbound: Outbound) -> Self {
        let Self { world, demo, mut oidc, .. } = Self::new(world).await;
        oidc.client_keys = ClientKeys::fetching(outbound);
        Self::serving(world, demo, oidc)
    }

    /// Pages and endpoints over a world that is there.
    pub(super) fn serving(world: World, demo: demo::World, oidc: Oidc) -> Self {
        let router = portal::router(Portal::new(oidc.app.clone())).merge(chamberlain::oidc::router(oidc.clone()));
        Self { world, demo, oidc, router }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, browser: &Browser, path: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, browser.cookie()).body(Body::empty()).unwrap()).await
    }

    /// Sends the form of one of our pages as its browser would: hidden fields, cookies, origin.
    pub async fn submit(&self, browser: &Browser, page: &Answer, action: &str, more: &[(&str, &str)]) -> Answer {
        let hidden = page.hidden(action);
        assert!(!hidden.is_empty(), "no form to {action}: {}", page.body);
        let mut pairs: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend_from_slice(more);
        let request = Request::post(action)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, browser.cookie())
            .header(header::ORIGIN, ISSUER);
        self.send(request.body(Body::from(form(&pairs))).unwrap()).await
    }

    pub async fn post(&self, path: &str, authorization: Option<&str>, pairs: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        self.send(request.body(Body::from(form(pairs))).unwrap()).await
    }

    /// Makes the next key and lets it take over.
    pub async fn rotate_keys(&self, rotation: Rotation) -> String {
        rotate_keys(&self.world, &self.oidc.tokens.keys, rotation).await
    }

    pub fn relying_party(&self, client_id: &str) -> RelyingParty {
        let client = self.demo.clients.iter().find(|client| client.client_id == client_id).unwrap();
        RelyingParty {
            client_id: client_id.to_owned(),
            secret: client.client_secret.clone(),
            redirect_uri: client.redirect_uris[0].clone(),
        }
    }

    /// Changes the settings of a client; seen after a second, as on another node.
    pub async fn reconfigure(&self, client_id: &str, change: impl Fn(&mut Client)) {
        let done: chamberlain::db::Result<bool> = transact!(self.world.db, tx => {
            let mut client = client::store::find_by_client_id(tx, client_id).await?.unwrap();
            change(&mut client);
            client::store::save(tx, &client).await
        });
        assert!(done.unwrap());
        self.world.clock.advance(std::time::Duration::from_secs(2));
    }

    pub async fn set(&self, client_id: &str, change: impl Fn(&mut ClientSettings)) {
        self.reconfigure(client_id, |client| change(&mut client.settings)).await;
    }

    /// Changes a person past the use cases.
    pub async fn change_user(&self, user: UserId, change: impl Fn(&mut user::model::User)) {
        let done: chamberlain::db::Result<bool> = transact!(self.world.db, tx => {
            let mut row = user::store::find(tx, user).await?.unwrap();
            change(&mut row);
            user::store::save(tx, &row).await
        });
        assert!(done.unwrap());
    }

    pub async fn user(&self, email: &str) -> UserId {
        user::store::find_by_email(&mut self.world.db.reader().await.unwrap(), email).await.unwrap().unwrap().id
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser { browser: Token::generate(&self.world.entropy), session: None }
    }

    /// Signs somebody in with both factors, now.
    pub async fn sign_in(&self, browser: &mut Browser, email: &str) -> Session {
        self.sign_in_as(browser, email, ACR_TWO_FACTORS).await
    }

    /// The same, of this context class.
    pub async fn sign_in_as(&self, browser: &mut Browser, email: &str, acr: &str) -> Session {
        self.sign_in_by(browser, email, (&["pwd", "sms", "mfa"], acr)).await
    }

    /// The same, in these ways and of this context class.
    pub async fn sign_in_by(&self, browser: &mut Browser, email: &str, (amr, acr): (&[&str], &str)) -> Session {
        let change = |session: &mut Session| {
            session.amr = amr.iter().map(|way| (*way).to_owned()).collect();
            acr.clone_into(&mut session.acr);
        };
        self.sign_in_with(browser, email, change).await
    }

    /// The same, with another session than usual.
    pub async fn sign_in_with(&self, browser: &mut Browser, email: &str, change: impl FnOnce(&mut Session)) -> Session {
        let (now, cookie) = (self.world.clock.now(), Token::generate(&self.world.entropy));
        let user = self.user(email).await;
        let mut session = Session {
            id: SessionId(self.world.entropy.uuid(now)),
            user,
            auth_time: now,
            second_factor_at: now,
            amr: ["pwd", "sms", "mfa"].map(str::to_owned).to_vec(),
            acr: ACR_TWO_FACTORS.to_owned(),
            remembered_since: None,
            browser: None,
            locale: None,
            user_agent: "test".to_owned(),
            ip: None,
            created_at: now,
            last_seen_at: now,
            expires_at: now.plus(std::time::Duration::from_hours(12)),
        };
        change(&mut session);
        let settings = sessions::Settings::default();
        let done: chamberlain::db::Result<()> = transact!(self.world.db, tx => {
            let epoch = user::store::find_epoch(tx, user).await?.unwrap();
            sessions::store::insert(tx, &session, &cookie.digest(), epoch, &settings).await
        });
        done.unwrap();
        browser.session = Some(cookie);
        session
    }

    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        self.sign_in(&mut browser, email).await;
        browser
    }

    /// A code for somebody who is signed in.
    pub async fn code(&self, party: &RelyingParty, browser: &Browser) -> String {
        let answer = self.get(browser, &party.authorize(&[])).await;
        answer.param("code").unwrap_or_else(|| panic!("no code: {}", answer.location()))
    }

    /// The whole code flow; the JSON of the token endpoint.
    pub async fn tokens(&self, party: &RelyingParty, browser: &Browser) -> Value {
        let code = self.code(party, browser).await;
        let answer = self.redeem(party, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    pub async fn redeem(&self, party: &RelyingParty, code: &str) -> Answer {
        self.post("/oauth2/token", Some(&party.basic()), &party.redemption(code)).await
    }

    pub async fn refresh(&self, party: &RelyingParty, token: &str) -> Answer {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/oauth2/token", Some(&party.basic()), &pairs).await
    }

    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let bearer = format!("Bearer {access_token}");
        self.send(Request::get("/oauth2/userinfo").header(header::AUTHORIZATION, bearer).body(Body::empty()).unwrap())
            .await
    }

    pub async fn plain_get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

impl RelyingParty {
    pub fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.client_id, self.secret)))
    }

    /// The address of an authorization request: a right one, with `changes` (an empty value leaves the parameter out).
    pub fn authorize(&self, changes: &[(&str, &str)]) -> String {
        let mut pairs = vec![
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("response_type", "code"),
            ("scope", "openid profile email groups organisation roles"),
            ("state", "the state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            if !value.is_empty() {
                pairs.push((name, value));
            }
        }
        format!("/oauth2/authorize?{}", form(&pairs))
    }

    pub fn redemption<'a>(&'a self, code: &'a str) -> Vec<(&'static str, &'a str)> {
        vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", VERIFIER),
        ]
    }
}

/// Form-encodes pairs.
pub fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The claims of a JWT, unchecked.
pub fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Makes the next signing key and lets it take over: its name.
pub async fn rotate_keys(world: &World, keys: &Keys, rotation: Rotation) -> String {
    let next = keys.prepare(Algorithm::Es256, rotation, &world.ctx()).await.unwrap();
    take_over(world, keys, &next).await
}

/// Lets a key take over.
pub async fn take_over(world: &World, keys: &Keys, next: &Next) -> String {
    let ctx = world.ctx_of(PrincipalId::Console);
    let profile = Profile::shipped("ecb-identity-portal").unwrap().unwrap();
    let door = Door::new(profile.roles);
    let kid: Result<String, RotateError> = transact!(world.db, tx => {
        let permit = door.authorise(tx, &ctx, ManageKeys {}).await?;
        rotate(tx, permit, next, &ctx).await
    });
    keys.refresh(&world.db, ctx.now).await.unwrap();
    kid.unwrap()
}
