//! Adding an authenticator app: a secret is made and shown, and counts from its first right code on (ASVS 6.5.7).

use crate::audit::Kind;
use crate::db::Tx;
use crate::directory::user::model::User;
use crate::factors::own::{self, FactorError, MOST, require_fresh};
use crate::factors::phone_code::canonical;
use crate::factors::{Factors, phone_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::AuthenticatorId;
use crate::notify::Message;
use crate::sessions::Session;

use super::{Authenticator, Shown, generate, place, shown, step_of, store};

/// How long a secret waits for its first code.
pub const WAITS: std::time::Duration = std::time::Duration::from_mins(15);

/// Makes a secret that waits for its first code; one that waited before is gone.
pub async fn begin(
    tx: &mut Tx,
    factors: &Factors,
    (user, session): (&User, &Session),
    ctx: &Ctx,
) -> Result<AuthenticatorId, FactorError> {
    require_fresh(session, ctx)?;
    if store::list(tx, user.id).await?.len() >= MOST {
        return Err(FactorError::TooMany);
    }
    store::remove_waiting(tx, user.id).await?;
    let id = AuthenticatorId(ctx.uuid());
    let secret = factors.vault.seal(place(&id.to_string()), &generate(&ctx.entropy), &ctx.entropy)?;
    let waiting = Authenticator {
        id,
        user: user.id,
        name: String::new(),
        secret,
        tries: 0,
        created_at: ctx.now,
        confirmed_at: None,
        last_step: None,
        last_used_at: None,
    };
    store::insert(tx, &waiting).await?;
    Ok(id)
}

/// What is shown of a secret that waits: `None` if it was confirmed, has waited for too long, or is somebody else's.
pub async fn look(
    tx: &mut Tx,
    factors: &Factors,
    (user, id): (&User, AuthenticatorId),
    service: &str,
    ctx: &Ctx,
) -> Result<Option<Shown>, FactorError> {
    let found = store::find(tx, id, user.id).await?;
    let Some(found) = found.filter(|found| waits(found, ctx)) else { return Ok(None) };
    let secret = factors.vault.open(place(&id.to_string()), &found.secret)?;
    let account = user.email.as_ref().map_or_else(|| user.user_name.clone(), |email| email.as_str().to_owned());
    shown(&secret, service, &account).map(Some).map_err(|_| FactorError::Wrong)
}

fn waits(found: &Authenticator, ctx: &Ctx) -> bool {
    found.confirmed_at.is_none() && ctx.now.since(found.created_at) < WAITS
}

/// The first code: counted, then compared. A right one makes the app a factor, and the default (E27).
pub async fn confirm(
    tx: &mut Tx,
    factors: &Factors,
    (user, session): (&User, &Session),
    (id, name, code): (AuthenticatorId, &str, &str),
    ctx: &Ctx,
) -> Result<Confirmed, FactorError> {
    require_fresh(session, ctx)?;
    let name = own::name(name)?;
    let Some(found) = store::raise(tx, id, user.id).await?.filter(|found| waits(found, ctx)) else {
        return Ok(Confirmed::Over);
    };
    let secret = factors.vault.open(place(&id.to_string()), &found.secret)?;
    let Some(step) = canonical(code).and_then(|code| step_of(&secret, &code, ctx.now)) else {
        return Ok(Confirmed::Wrong);
    };
    if !store::confirm(tx, id, (&name, step), ctx.now).await? {
        return Ok(Confirmed::Over);
    }
    phone_store::save_by_app(tx, user.id, true).await?;
    let message = Message::FactorAdded { given_name: user.given_name.clone(), factor: name };
    own::changed(tx, user, (Kind::FactorAdded, &message), ctx).await?;
    Ok(Confirmed::Done)
}

/// What came of a first code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The app is a factor.
    Done,
    /// Wrong, and counted.
    Wrong,
    /// Tried too often, too late, or not there.
    Over,
}
