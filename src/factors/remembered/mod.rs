//! Browsers that are asked for no code until a day, because their owner wished so after a sign-in with both factors (ADR 0019). What
//! the browser holds is a secret of its own; it stands for no factor, and whether it counts is judged in one place.

pub mod store;

use std::time::Duration;

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::user::model::User;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, RememberedDeviceId, UserId};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::notify::Message;

use super::{Factors, own, own_store};

/// How many of them somebody may have; the oldest goes.
const MOST: i64 = 10;

/// A browser that is remembered.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// Its id.
    pub id: RememberedDeviceId,
    /// Whose.
    pub user: UserId,
    /// The epoch of the account when it was remembered.
    pub user_epoch: i64,
    /// What could prove a second factor then, as one digest.
    pub credentials: Digest,
    /// Which browser (`sessions::browser_store`).
    pub browser: Digest,
    /// What the browser calls itself, shortened.
    pub user_agent: String,
    /// When the second factor was proved on which it stands.
    pub remembered_at: Timestamp,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
    /// From when on it is nothing. Never moves.
    pub expires_at: Timestamp,
}

impl Remembered {
    /// From when on it is nothing: a shorter time in the profile binds what was remembered before, too.
    pub fn ends(&self, lasts: Duration) -> Timestamp {
        self.expires_at.min(self.remembered_at.plus(lasts))
    }
}

/// A browser in which both factors have just been proved.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Which (`sessions::browser_store`).
    pub browser: &'a Digest,
    /// What it calls itself.
    pub user_agent: &'a str,
    /// The secret that it held until now, whoever's.
    pub previous: Option<&'a Digest>,
}

/// Whether this secret stands for a second factor of this person now; since when it is remembered. The one place where that is judged.
pub async fn judge(
    tx: &mut Tx,
    factors: &Factors,
    (user, secret): (&User, &Digest),
    ctx: &Ctx,
) -> db::Result<Option<Timestamp>> {
    let Some(found) = store::find(tx, secret).await? else { return Ok(None) };
    let credentials = credentials(tx, user).await?;
    if !counts(&found, user, (factors.remember_for, &credentials), ctx.now) {
        return Ok(None);
    }
    store::save_used(tx, found.id, ctx.now).await?;
    Ok(Some(found.remembered_at))
}

fn counts(device: &Remembered, user: &User, (lasts, credentials): (Duration, &Digest), now: Timestamp) -> bool {
    let is_theirs = device.user == user.id && device.user_epoch == user.epoch;
    is_theirs && now < device.ends(lasts) && device.credentials == *credentials
}

/// Those of a person that count, the latest first.
pub async fn list(tx: &mut Tx, factors: &Factors, user: &User, now: Timestamp) -> db::Result<Vec<Remembered>> {
    let (stored, credentials) = (store::list(tx, user.id).await?, credentials(tx, user).await?);
    let lasts = (factors.remember_for, &credentials);
    Ok(stored.into_iter().filter(|device| counts(device, user, lasts, now)).collect())
}

/// All that could prove who somebody is, as one digest: it changes with the password, the address, the number, each app and passkey, and
/// with new recovery codes, by whatever way they were changed.
async fn credentials(tx: &mut Tx, user: &User) -> db::Result<Digest> {
    let (ways, codes) = (own_store::list_ways(tx, user.id).await?, own_store::find_codes_made(tx, user.id).await?);
    let email = user.email.as_ref().map(crate::kernel::text::EmailAddress::folded);
    let phone = user.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let times = (user.password_changed_at.map(|at| at.0), codes.map(|at| at.0));
    Ok(Digest::of(format!("{times:?} {email:?} {phone:?} {ways:?}").as_bytes()))
}

/// Remembers a browser; the secret that it is to hold. Its owner is told by mail.
pub async fn remember(
    tx: &mut Tx,
    factors: &Factors,
    (user, place): (&User, Place<'_>),
    ctx: &Ctx,
) -> db::Result<Option<Token>> {
    if factors.remember_for.is_zero() {
        return Ok(None);
    }
    if let Some(previous) = place.previous {
        store::remove_secret(tx, previous).await?;
    }
    let secret = Token::generate(&ctx.entropy);
    let device = Remembered {
        id: RememberedDeviceId(ctx.uuid()),
        user: user.id,
        user_epoch: user.epoch,
        credentials: credentials(tx, user).await?,
        browser: *place.browser,
        user_agent: place.user_agent.to_owned(),
        remembered_at: ctx.now,
        last_used_at: None,
        expires_at: ctx.now.plus(factors.remember_for),
    };
    store::replace(tx, &device, &secret.digest(), MOST).await?;
    let days = factors.remember_days();
    let message = Message::DeviceRemembered { given_name: user.given_name.clone(), days };
    own::tell(tx, user, (Kind::DeviceRemembered, &message), ctx).await?;
    Ok(Some(secret))
}

/// Why nothing was forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// This person has no such browser.
    #[error("not found")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Forgets one of them, or all: the next sign-in there asks for a code. Sessions stay.
pub async fn forget(tx: &mut Tx, user: &User, one: Option<RememberedDeviceId>, ctx: &Ctx) -> Result<(), ForgetError> {
    let forgotten = match one {
        Some(id) => store::remove(tx, id, user.id).await?,
        None => store::remove_all(tx, user.id).await?,
    };
    if forgotten == 0 {
        return Err(ForgetError::NotFound);
    }
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    let event = Event::new(Kind::DeviceForgotten, Subject::User(user.id)).within(user.organisation);
    Ok(audit::record(tx, &own, None, event.with(serde_json::json!({ "devices": forgotten }))).await?)
}
