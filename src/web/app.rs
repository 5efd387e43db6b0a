//! The handle that every surface holds.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::limits::Limits;
use super::mtls::Mtls;
use super::proxies::TrustedProxies;
use super::support::SupportSettings;
use crate::agreements::Documents;
use crate::authority::{Door, Roles};
use crate::db::Db;
use crate::delegation::recertification::model::Rules;
use crate::directory::client::activity::Activity;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::registration::model::RegistrationRules;
use crate::kernel::ctx::{Channel, Ctx, LinkLives};
use crate::kernel::password_rules::PasswordSets;
use crate::kernel::random::Entropy;
use crate::kernel::time::Clock;
use crate::kernel::user_names::UserNames;
use crate::kernel::wording::Wording;
use crate::tokens::Kek;
use crate::tokens::subjects::Subjects;

/// What every surface needs. Surfaces keep it in their own state, beside their settings; it is cloned with every request, so
/// that is one counter. Changing a part (at the start, in a test) makes a handle of its own.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// What an [`App`] holds.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Where randomness comes from.
    pub entropy: Entropy,
    /// The address under which people and applications reach this server; every link starts with it.
    pub public_url: Arc<Url>,
    /// Decisions and permits.
    pub door: Door,
    /// Development mode: banner, outbox pages; only on loopback.
    pub dev: bool,
    /// Whether cookies carry `Secure` and `__Host-`: always, but on plain `http://localhost`.
    pub secure_cookies: bool,
    /// Whether applications may watch the session from a frame (OIDC Session Management 1.0).
    pub session_management: bool,
    /// Conformance mode: a banner on every page; only on loopback.
    pub conformance: bool,
    /// Codes of the applications for which a password alone signs in; in conformance mode only.
    pub one_factor_applications: Arc<[String]>,
    /// Whose `X-Forwarded-For` is believed, and whose word for the certificate of a client.
    pub proxies: Arc<TrustedProxies>,
    /// From where certificates of clients come, and whose are believed (RFC 8705).
    pub mtls: Arc<Mtls>,
    /// Whom people can ask.
    pub support: Arc<SupportSettings>,
    /// What organisations are called, as the profile says.
    pub wording: Wording,
    /// Buckets per address, account and client.
    pub limits: Arc<Limits>,
    /// How long a change of address by an administrator waits; from the profile (`decisions.md` 5).
    pub cooling_off: Duration,
    /// What is asked of passwords; from the profile.
    pub passwords: PasswordSets,
    /// How new people get their user names; from the profile.
    pub user_names: UserNames,
    /// How long mailed links work; from the profile.
    pub links: LinkLives,
    /// How long a token that a delegate makes for scripts lasts at most; from the profile.
    pub delegated_token: Duration,
    /// For how long a browser may be asked for no code, if its owner wishes so; from the profile, zero where that is not offered.
    pub remember_for: Duration,
    /// The phases of projects; from the profile, empty where there are none.
    pub phases: Arc<[String]>,
    /// In which terms organisations are described; from the profile (I16).
    pub terms: Arc<Terms>,
    /// How authorities are invited to register themselves; from the profile (I30).
    pub registrations: RegistrationRules,
    /// How long a deactivated organisation stays before it is deleted; from the profile (I81).
    pub deactivated_organisation: Duration,
    /// How often administrators are asked what is still needed; from the profile.
    pub recertification: Option<Rules>,
    /// How long a deleted person can be restored; from the profile.
    pub deleted_user: Duration,
    /// Seals where lists go on; one for all nodes, derived from the key of the installation.
    pub places: Kek,
    /// By which names clients know people and sessions; those of the installation once its keys are open.
    pub subjects: Subjects,
    /// What people are asked to accept; from the profile (E16).
    pub agreements: Documents,
    /// Notes what services do.
    pub activity: Activity,
    /// The scanner that looks at documents before anybody gets them, if one is set up (P62).
    pub scanner: Option<SocketAddr>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for App {
    fn deref_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

impl App {
    /// A handle without trusted proxies and with the default limits; where lists go on is sealed with a key of its own.
    pub fn new(db: Db, clock: Clock, entropy: Entropy, public_url: Url, roles: Roles) -> Self {
        let secure_cookies = public_url.scheme() == "https";
        let door = Door::new(roles).following(db.changes());
        let places = Kek::generate(&entropy);
        let subjects = Subjects::with_key(&entropy.bytes::<32>());
        Self(Arc::new(Parts {
            places,
            subjects,
            db,
            clock,
            entropy,
            public_url: Arc::new(public_url),
            door,
            dev: false,
            secure_cookies,
            session_management: false,
            conformance: false,
            one_factor_applications: Arc::default(),
            proxies: Arc::default(),
            mtls: Arc::default(),
            support: Arc::default(),
            wording: Wording::default(),
            limits: Arc::default(),
            cooling_off: Duration::from_hours(24),
            deactivated_organisation: Duration::from_hours(183 * 24),
            recertification: None,
            delegated_token: Duration::from_hours(90 * 24),
            remember_for: Duration::ZERO,
            deleted_user: Duration::from_hours(90 * 24),
            passwords: PasswordSets::default(),
            user_names: UserNames::default(),
            links: LinkLives::default(),
            activity: Activity::default(),
            scanner: None,
            phases: Arc::default(),
            terms: Arc::default(),
            registrations: RegistrationRules::default(),
            agreements: Documents::default(),
        }))
    }

    /// In development mode.
    #[must_use]
    pub fn in_development(mut self) -> Self {
        self.dev = true;
        self
    }

    /// Scheme, host and port of the public address, as in the `Origin` header (RFC 6454 §6.2).
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// An absolute link to a path of ours that starts with `/`.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// A context for work that no request asked for.
    pub fn internal_ctx(&self, channel: Channel) -> Ctx {
        Ctx::internal(self.clock.now(), self.entropy.clone(), channel)
            .with_links(self.links)
            .with_user_names(self.user_names)
    }
}
