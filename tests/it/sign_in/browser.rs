//! A browser without script: cookies, forms, redirects; and the person and the outbox it meets.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use chamberlain::audit;
use chamberlain::authority::Roles;
use chamberlain::db::{self, Db, transact};
use chamberlain::directory::organisation::{self, model::Organisation};
use chamberlain::directory::user::{self, model::User};
use chamberlain::factors::passkey::RelyingParty;
use chamberlain::factors::{Factors, password_store};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports, deliver_due};
use chamberlain::portal::{Portal, router};
use chamberlain::web::App;
use chamberlain::web::proxies::TrustedProxies;
use tower::ServiceExt as _;

use crate::support::{Demo, START, World};

pub(super) const EMAIL: &str = "ann@bank-a.example";
pub(super) const PASSWORD: &str = "three grey herons";
pub(super) const PHONE: &str = "+4969123489";
const HOST: &str = "http://localhost:8080";

/// The pages over a world with one person.
pub(super) struct Site {
    pub(super) world: World,
    pub(super) user: User,
    pub(super) app: App,
    pub(super) factors: Factors,
    pages: Router,
    outbox: DevOutbox,
    pub(super) transports: Transports,
}

impl Site {
    pub(super) async fn new(world: World) -> Self {
        let url: url::Url = HOST.parse().unwrap();
        let app = App::new(world.db.clone(), world.clock.clone(), world.entropy.clone(), url.clone(), Roles::new([]));
        let user = person(&world, &Factors::default()).await;
        Self::over(world, app.in_development(), user, Factors::default())
    }

    /// The same with other limits.
    pub(super) async fn with_factors(world: World, factors: Factors) -> Self {
        let site = Self::new(world.clone()).await;
        let mut app = site.app;
        app.passwords = factors.passwords.clone();
        Self::over(world, app, site.user, factors)
    }

    /// Other pages over the same world, with these limits.
    pub(super) fn with_pages_of(site: &Self, factors: Factors) -> Self {
        Self::over(site.world.clone(), site.app.clone(), site.user.clone(), factors)
    }

    /// The pages over the demo world; `email` is whoever the test is about.
    pub(super) async fn demo(demo: &Demo, email: &str) -> Self {
        let world = demo.world.clone();
        let url = HOST.parse().unwrap();
        let mut app = App::new(world.db.clone(), world.clock.clone(), world.entropy.clone(), url, Roles::new([]));
        app.door = demo.door.clone();
        let user = user::store::find_by_email(&mut demo.reader().await, email).await.unwrap().unwrap();
        let factors = Factors::default();
        for account in &demo.printed.accounts {
            let slot = factors.hasher.reserve().await.unwrap();
            let hash = factors.hasher.hash(slot, &account.password, [3; 16]).await.unwrap();
            let now = world.clock.now();
            let done: db::Result<()> =
                transact!(world.db, tx => password_store::save(tx, account.user.unwrap(), &hash, now).await);
            done.unwrap();
        }
        Self::over(world, app.in_development(), user, factors)
    }

    fn over(world: World, app: App, user: User, mut factors: Factors) -> Self {
        factors.passkeys = RelyingParty::of(&app.public_url);
        let mut portal = Portal::new(app.clone());
        portal.factors = factors.clone();
        let outbox = portal.outbox.clone();
        let mut settings = Settings::default();
        (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
            (Driver::Memory, Driver::Memory, Driver::Memory);
        let support = "help@example.org, +49 69 1234".to_owned();
        let sender = Sender { support, ..Sender::of(HOST.parse().unwrap()) };
        let transports = Transports::new(&settings, sender, Some(outbox.clone())).unwrap();
        Self { world, user, app, factors, pages: router(portal), outbox, transports }
    }

    /// Another process on the same database: connections and caches of its own, the same clock.
    pub(super) async fn another_node(&self) -> Self {
        let world = World { db: Db::open(&self.world.options).await.unwrap(), ..self.world.clone() };
        let (clock, entropy, url) = (world.clock.clone(), world.entropy.clone(), (*self.app.public_url).clone());
        let app = App::new(world.db.clone(), clock, entropy, url, self.app.door.roles().clone());
        Self::over(world, app.in_development(), self.user.clone(), Factors::default())
    }

    /// Sends what is queued; every text to this address or number so far.
    pub(super) async fn texts(&self, to: &str) -> Vec<String> {
        deliver_due(&self.world.db, &self.transports, &self.world.clock).await.unwrap();
        self.outbox.list().into_iter().filter(|sent| sent.to == to).map(|sent| sent.text).collect()
    }

    /// The last code sent to the person's phone.
    pub(super) async fn code(&self) -> String {
        self.code_to(self.user.phone.as_ref().unwrap().as_str()).await
    }

    /// The last code sent to a number.
    pub(super) async fn code_to(&self, number: &str) -> String {
        let text = self.codes_to(number).await.pop().expect("a code to the phone").replace(", ", "");
        let mut words = text.split(|c: char| !c.is_ascii_digit());
        words.rfind(|word| word.len() == 6).expect("a code").to_owned()
    }

    pub(super) fn browser(&self) -> Browser {
        Browser {
            pages: self.pages.clone(),
            cookies: BTreeMap::new(),
            path: String::new(),
            html: String::new(),
            status: 0,
            headers: BTreeMap::new(),
        }
    }

    /// Every text with a code to a number so far.
    pub(super) async fn codes_to(&self, number: &str) -> Vec<String> {
        self.texts(number).await.into_iter().filter(|text| text.contains("security code")).collect()
    }

    /// The last link in the mails to an address.
    pub(super) async fn link(&self, to: &str) -> String {
        let mails = self.texts(to).await;
        let mut links =
            mails.iter().filter_map(|mail| mail.split_whitespace().find_map(|word| word.strip_prefix(HOST)));
        links.next_back().unwrap_or_else(|| panic!("no link to {to} in {mails:?}")).to_owned()
    }

    /// Everything that was written to the audit log about the person, by kind, the newest first.
    pub(super) async fn events(&self) -> Vec<String> {
        let tx = &mut self.world.db.reader().await.unwrap();
        let rows = audit::store::list_of_subject(tx, self.user.id.0, START, 100).await.unwrap();
        rows.into_iter().map(|row| row.kind).collect()
    }

    /// The person as stored now.
    pub(super) async fn stored(&self) -> User {
        user::store::find(&mut self.world.db.reader().await.unwrap(), self.user.id).await.unwrap().unwrap()
    }

    /// Believes these proxies from now on.
    pub(super) fn trust(&mut self, proxies: TrustedProxies) {
        self.app.proxies = std::sync::Arc::new(proxies);
        let mut portal = Portal::new(self.app.clone());
        (portal.factors, portal.outbox) = (self.factors.clone(), self.outbox.clone());
        self.pages = router(portal);
    }

    /// The cookies of a page as they are where the public address is https: name, and the whole of the rest.
    pub(super) async fn cookies_over_tls(&self, path: &str) -> Vec<(String, String)> {
        let mut app = self.app.clone();
        app.secure_cookies = true;
        let request = Request::get(path).header(header::HOST, "localhost:8080").body(Body::empty()).unwrap();
        let response = router(Portal::new(app)).oneshot(request).await.unwrap();
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let pair =
            |cookie: &str| cookie.split_once('=').map(|(name, rest)| (name.to_owned(), rest.to_owned())).unwrap();
        let found: Vec<_> = cookies.map(|cookie| pair(cookie.to_str().unwrap())).collect();
        assert!(found.len() >= 2, "{found:?}");
        found
    }

    /// Changes the person behind the pages' back.
    pub(super) async fn change(&self, change: impl FnOnce(&mut User)) {
        let mut user =
            user::store::find(&mut self.world.db.reader().await.unwrap(), self.user.id).await.unwrap().unwrap();
        change(&mut user);
        let done: db::Result<bool> = transact!(self.world.db, tx => user::store::save(tx, &user).await);
        assert!(done.unwrap());
    }
}

async fn person(world: &World, factors: &Factors) -> User {
    let ctx = world.ctx();
    let home = Organisation {
        id: OrganisationId(ctx.uuid()),
        parent: None,
        name: "Bank A".to_owned(),
        country: None,
        lei: None,
        external_id: None,
        status: organisation::model::Status::Active,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let user = User {
        id: UserId(ctx.uuid()),
        organisation: home.id,
        user_name: EMAIL.to_owned(),
        email: Some(EMAIL.parse().unwrap()),
        email_verified: true,
        phone: Some(PHONE.parse().unwrap()),
        phone_verified: true,
        given_name: "Ann".to_owned(),
        family_name: "Example".to_owned(),
        company_id: None,
        subsidiary: None,
        locale: None,
        self_registered: false,
        active: true,
        blocked: false,
        activated_at: Some(ctx.now),
        account_expires_at: None,
        deleted_at: None,
        last_sign_in_at: None,
        pending: None,
        password_changed_at: None,
        user_name_told_at: None,
        erased_at: None,
        epoch: 0,
        scim: serde_json::Map::new(),
        created_by: PrincipalId::Console,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    let hash = factors.hasher.hash(factors.hasher.reserve().await.unwrap(), PASSWORD, [1; 16]).await.unwrap();
    let done: db::Result<()> = transact!(world.db, tx => {
        organisation::store::insert(tx, &home).await?;
        user::store::insert(tx, &user).await?;
        password_store::save(tx, user.id, &hash, ctx.now).await
    });
    done.unwrap();
    user
}

/// One browser. `path` is where it is after redirects.
#[derive(Clone)]
pub(super) struct Browser {
    pages: Router,
    pub(super) cookies: BTreeMap<String, String>,
    pub(super) path: String,
    pub(super) html: String,
    pub(super) status: u16,
    /// More headers to send, by name.
    pub(super) headers: BTreeMap<&'static str, String>,
}

impl Browser {
    /// The same browser, led to another node.
    pub(super) fn at(&self, node: &Site) -> Self {
        Self { pages: node.pages.clone(), ..self.clone() }
    }

    async fn send(&mut self, request: Request<Body>) {
        let response = self.pages.clone().oneshot(request).await.unwrap();
        self.status = response.status().as_u16();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(rest.contains("HttpOnly") && rest.contains("SameSite=Lax"), "SE-04: {rest}");
            if value.is_empty() {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        self.html = String::from_utf8(body.to_vec()).unwrap();
        match to {
            Some(to) if to.starts_with("/oauth2/") => self.path = to,
            Some(to) => Box::pin(self.get(&to)).await,
            None => {}
        }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, "localhost:8080");
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1)));
        self.headers.iter().fold(request.extension(peer), |request, (name, value)| request.header(*name, value))
    }

    pub(super) async fn get(&mut self, path: &str) {
        path.clone_into(&mut self.path);
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(request).await;
    }

    /// The value of a hidden field of the page shown.
    pub(super) fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        self.html.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    /// Posts a form with the hidden fields of the page shown.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for name in ["csrf", "sign_in", "continue", "return"] {
            let value = self.hidden(name);
            if !value.is_empty() {
                body.append_pair(name, &value);
            }
        }
        body.extend_pairs(fields);
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, HOST)
            .body(Body::from(body.finish()))
            .unwrap();
        path.clone_into(&mut self.path);
        self.send(request).await;
    }

    /// Step one.
    pub(super) async fn password(&mut self, email: &str, password: &str) {
        self.get("/login").await;
        self.post("/login", &[("email", email), ("password", password)]).await;
    }

    /// Step two.
    pub(super) async fn enter(&mut self, code: &str) {
        self.post("/login/otp", &[("code", code)]).await;
    }

    /// Both steps: signed in.
    pub(super) async fn sign_in(&mut self, site: &Site, email: &str, password: &str) {
        self.password(email, password).await;
        let number = site.stored().await.phone.unwrap();
        self.enter(&site.code_to(number.as_str()).await).await;
        assert!(self.is_signed_in().await, "{}: {}", self.path, self.html);
    }

    pub(super) async fn is_signed_in(&self) -> bool {
        let mut probe = self.clone();
        probe.get("/profile").await;
        probe.path == "/profile" && probe.status == 200
    }
}
