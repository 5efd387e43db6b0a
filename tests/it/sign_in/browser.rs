//! A browser without script: cookies, forms, redirects; and the person and the outbox it meets.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use chamberlain::authority::Roles;
use chamberlain::db::{self, transact};
use chamberlain::directory::organisation::{self, model::Organisation};
use chamberlain::directory::user::{self, model::User};
use chamberlain::factors::{Factors, password_store};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::notify::render::Sender;
use chamberlain::notify::{DevOutbox, Driver, Settings, Transports, deliver_due};
use chamberlain::portal::{Portal, router};
use chamberlain::web::App;
use tower::ServiceExt as _;

use crate::support::World;

pub(super) const EMAIL: &str = "ann@bank-a.example";
pub(super) const PASSWORD: &str = "three grey herons";
pub(super) const PHONE: &str = "+4969123489";
const HOST: &str = "http://localhost:8080";

/// The pages over a world with one person.
pub(super) struct Site {
    pub(super) world: World,
    pub(super) user: User,
    pages: Router,
    outbox: DevOutbox,
    transports: Transports,
}

impl Site {
    pub(super) async fn new(world: World) -> Self {
        let url: url::Url = HOST.parse().unwrap();
        let app = App::new(world.db.clone(), world.clock.clone(), world.entropy.clone(), url.clone(), Roles::new([]))
            .in_development();
        let portal = Portal::new(app);
        let outbox = portal.outbox.clone();
        let mut settings = Settings::default();
        (settings.mail.driver, settings.sms.driver, settings.voice.driver) =
            (Driver::Memory, Driver::Memory, Driver::Memory);
        let transports = Transports::new(
            &settings,
            Sender { public_url: url, support: "help@example.org, +49 69 1234".to_owned() },
            Some(outbox.clone()),
        )
        .unwrap();
        let user = person(&world, &portal.factors).await;
        Self { world, user, pages: router(portal), outbox, transports }
    }

    /// Sends what is queued; every text to this address or number so far.
    pub(super) async fn texts(&self, to: &str) -> Vec<String> {
        deliver_due(&self.world.db, &self.transports, &self.world.clock).await.unwrap();
        self.outbox.list().into_iter().filter(|sent| sent.to == to).map(|sent| sent.text).collect()
    }

    /// The last code sent to the person's phone.
    pub(super) async fn code(&self) -> String {
        let text = self.texts(PHONE).await.pop().expect("a message to the phone").replace(", ", "");
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
        }
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
}

impl Browser {
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
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, "localhost:8080")
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

    pub(super) async fn is_signed_in(&self) -> bool {
        let mut probe = self.clone();
        probe.get("/profile").await;
        probe.path == "/profile" && probe.status == 200
    }
}
