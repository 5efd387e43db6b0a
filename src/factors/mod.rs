//! Proving who you are: passwords, codes by phone, links by mail, and the counters that guard them.

pub mod assist;
pub mod authenticator;
pub mod breached;
pub mod change_email;
pub mod change_phone;
pub mod foreign_hash;
pub mod known_store;
pub mod link_store;
pub mod links;
pub mod means;
pub mod new_password;
pub mod own;
pub mod own_store;
pub mod passkey;
pub mod password;
pub mod password_store;
pub mod phone_code;
pub mod phone_store;
pub mod policy;
pub mod recovery_code;
pub mod remembered;
pub mod remind;
pub mod renew;
pub mod reset;
pub mod secret_store;
pub mod stuffing;
pub mod throttle;
pub mod throttle_store;
pub mod vault;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::audit::Tally;
use crate::db::{self, Db, transact};
use crate::directory::organisation::sign_in_rules_store;
use crate::directory::user::model::User;
use crate::directory::user::signing_in_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::kernel::password_rules::{PasswordRules, PasswordSets};
use crate::kernel::random::Entropy;
use crate::kernel::seal::Kek;
use crate::notify::NumberSettings;
use breached::Breached;
use foreign_hash::schemes::Schemes;
use passkey::RelyingParty;
use password::Hasher;
use stuffing::Detector;
use vault::Vault;

/// Section `[factors]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many passwords may be hashed at once; 0 for the number of processors.
    pub hashers: usize,
    /// How many more may wait; beyond that a sign-in is refused with 503 and counts as no failure (IN-18).
    pub hash_queue: usize,
    /// A list of `chamberlain password-list build`: nobody chooses a password that is on it.
    pub breached_passwords: Option<PathBuf>,
    /// Codes that one account, and one number, may be sent per hour.
    pub codes_per_hour: i64,
    /// Codes asked for again that one account, and one number, may be sent per hour (AU-08).
    pub resends_per_hour: i64,
    /// The same per day.
    pub resends_per_day: i64,
    /// Wrong passwords within ten minutes at which lists are suspected.
    pub stuffing: stuffing::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hashers: 0,
            hash_queue: 256,
            breached_passwords: None,
            codes_per_hour: 60,
            resends_per_hour: 5,
            resends_per_day: 10,
            stuffing: stuffing::Settings::default(),
        }
    }
}

/// What the use cases of signing in share; cheap to clone.
#[derive(Clone, Debug)]
pub struct Factors {
    /// Limits.
    pub settings: Settings,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// How passwords are hashed here that others hashed.
    pub schemes: Schemes,
    /// Notices lists of passwords being tried (AU-20).
    pub detector: Detector,
    /// How long a change of address by an administrator waits (`decisions.md` 5).
    pub cooling_off: Duration,
    /// For how long a browser may be asked for no code, if its owner wishes so; zero where that is not offered. From the profile.
    pub remember_for: Duration,
    /// What the profile asks of passwords.
    pub passwords: PasswordSets,
    /// Passwords known from breaches, if there is a list.
    pub breached: Option<Breached>,
    /// Which phone numbers may be given (AU-09).
    pub numbers: NumberSettings,
    /// Answers that were not even compared, for the log.
    pub refusals: Tally,
    /// Keys of apps and recovery codes at rest.
    pub vault: Vault,
    /// This installation as authenticators know it; `None` where browsers have no passkeys.
    pub passkeys: Option<RelyingParty>,
    key: Arc<OnceCell<Vec<u8>>>,
    stand_in: Arc<OnceCell<UserId>>,
}

impl Factors {
    /// What is asked of the passwords of a person: what an organisation above or at their home says, or what the profile says for everybody.
    pub async fn password_rules(&self, db: &Db, user: &User) -> db::Result<PasswordRules> {
        if self.passwords.named.is_empty() {
            return Ok(self.passwords.standard);
        }
        let asked = sign_in_rules_store::list_path(&mut db.reader().await?, user.organisation).await?;
        // A set that the profile has no more hides none further up.
        let nearest = asked.iter().find_map(|rules| self.passwords.named.get(rules.password_set.as_deref()?));
        Ok(nearest.copied().unwrap_or(self.passwords.standard))
    }

    /// With these settings.
    pub fn new(settings: Settings) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let hashers = if settings.hashers == 0 { cores } else { settings.hashers };
        Self {
            hasher: Hasher::new(hashers, settings.hash_queue),
            schemes: Schemes::default(),
            detector: Detector::new(settings.stuffing),
            cooling_off: Duration::from_hours(24),
            remember_for: Duration::ZERO,
            passwords: PasswordSets::default(),
            breached: None,
            numbers: NumberSettings::default(),
            refusals: Tally::default(),
            settings,
            // Until the configured key is put in: nothing sealed with this one is opened by anybody later.
            vault: Vault::new(&Kek::generate(&Entropy::system())),
            passkeys: None,
            key: Arc::default(),
            stand_in: Arc::default(),
        }
    }

    /// The same in days.
    pub fn remember_days(&self) -> u32 {
        u32::try_from(self.remember_for.as_secs() / 86_400).unwrap_or(u32::MAX)
    }

    /// The installation's key for code digests and look-alike answers; made at its first use.
    pub async fn key(&self, db: &Db, ctx: &Ctx) -> db::Result<&[u8]> {
        let key = self.key.get_or_try_init(|| async {
            transact!(db, tx => secret_store::find_or_insert(tx, "sign_in", &ctx.entropy.bytes::<32>(), ctx.now).await)
        });
        Ok(key.await?.as_slice())
    }

    /// Who is read where nobody has the name that was typed (AU-23).
    pub async fn stand_in(&self, db: &Db) -> db::Result<UserId> {
        if let Some(known) = self.stand_in.get() {
            return Ok(*known);
        }
        let found = signing_in_store::find_any(&mut db.reader().await?).await?;
        // Until there is somebody, there is nobody to be told from.
        Ok(match found {
            Some(user) => *self.stand_in.get_or_init(async || user).await,
            None => UserId(uuid::Uuid::nil()),
        })
    }
}

impl Default for Factors {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
