//! The device code (RFC 8628 §3.4, §3.5): a device asks until somebody has decided, and gets its tokens once.

use super::issue::Issued;
use super::{Request, authorization_code};
use crate::db::{self, Tx, transact};
use crate::kernel::secret::{Digest, Token};
use crate::oidc::device;
use crate::oidc::error::OAuthError;
use crate::oidc::refusals::Refusal;
use crate::tokens::device_store as store;

/// By how many seconds the time between two questions grows with each that comes too early (RFC 8628 §3.5).
const SLOWER: i64 = 5;

/// How things stand with a device.
enum Standing {
    Waits,
    TooFast,
    Denied,
    Expired,
    Foreign,
    /// Approved, or so old that only what came of it is remembered: whether there is anything is known where codes are.
    Decided,
}

/// The tokens, once somebody has approved.
pub(super) async fn exchange(request: &Request<'_>) -> Result<Issued, Refusal> {
    let digest = Token::from_text(request.parameters.require("device_code", "device_code is missing")?).digest();
    let standing: db::Result<Standing> = transact!(request.oidc.app.db, tx => ask(tx, request, &digest).await);
    match standing? {
        Standing::Waits => Err(Refusal::expected(OAuthError::AuthorizationPending)),
        Standing::TooFast => Err(Refusal::expected(OAuthError::SlowDown)),
        Standing::Denied => Err(Refusal::expected(OAuthError::ConsentRefused)),
        Standing::Expired => Err(Refusal::expected(OAuthError::ExpiredToken)),
        Standing::Foreign => Err(OAuthError::InvalidGrant("another client's device code").into()),
        Standing::Decided => authorization_code::for_device(request, &device::kept_as(&digest)).await,
    }
}

async fn ask(tx: &mut Tx, request: &Request<'_>, digest: &Digest) -> db::Result<Standing> {
    let now = request.ctx.now;
    let Some(grant) = store::find(tx, digest).await? else { return Ok(Standing::Decided) };
    if grant.client != request.client.id {
        return Ok(Standing::Foreign);
    }
    match grant.approved {
        // What was used up is told as such at any time: a second use ends what came of the first.
        Some(true) => return Ok(Standing::Decided),
        Some(false) => return Ok(Standing::Denied),
        None if grant.expires_at <= now => return Ok(Standing::Expired),
        None => {}
    }
    let wait = u64::try_from(grant.interval).unwrap_or(0);
    let fast = grant.polled_at.is_some_and(|last| now.since(last).as_secs() < wait);
    let interval = if fast { grant.interval.saturating_add(SLOWER) } else { grant.interval };
    store::save_polled(tx, digest, interval, now).await?;
    Ok(if fast { Standing::TooFast } else { Standing::Waits })
}
