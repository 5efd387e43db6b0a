//! Grant families: everything that descends from one authorization of one person for one client, and the rotation of
//! its refresh tokens (RFC 9700 §4.14).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::family_store::{self as store, Granted, Refresh};
use crate::db::{self, Tx};
use crate::kernel::ids::{ClientId, EnvironmentId, FamilyId, SessionId, UserId};
use crate::kernel::limits::Detail;
use crate::kernel::seal::Kek;
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;

/// Single claims that an application asked for beside its scopes, by name (OIDC Core §5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// For the ID token.
    pub id_token: Vec<String>,
    /// For `UserInfo`.
    pub userinfo: Vec<String>,
}

/// What tokens are bound to, by thumbprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The key of a DPoP proof (RFC 9449 §5).
    pub jkt: Option<String>,
    /// The certificate of a connection (RFC 8705 §3).
    pub x5t: Option<String>,
}

/// What one authorization has led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// The client it was given to.
    pub client: ClientId,
    /// The person it speaks for.
    pub user: UserId,
    /// The session it was given in; `sid`.
    pub session: SessionId,
    /// The scopes granted, separated by spaces.
    pub scope: String,
    /// Single claims beside them.
    pub claims: Claims,
    /// Part of the person's authority that is all they grant beside other scopes (RFC 9396); empty for no such limit.
    pub details: Vec<Detail>,
    /// Whether signing out leaves it alone (`offline_access`, OIDC Core §11).
    pub offline: bool,
    /// When the person signed in.
    pub auth_time: Timestamp,
    /// How (RFC 8176), separated by spaces.
    pub amr: String,
    /// How strongly.
    pub acr: String,
    /// The person's epoch then: whatever asks for a new sign-in ends it.
    pub user_epoch: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// Nothing of it works from here on.
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
    /// What was proved when it began; nothing for a grant of bearer tokens.
    pub holder: Holder,
}

/// Who presents a refresh token.
#[derive(Clone, Copy, Debug)]
pub struct Presenter<'a> {
    /// The client.
    pub client: ClientId,
    /// Of which environment.
    pub environment: Option<EnvironmentId>,
    /// Whether it has no other proof than a key.
    pub is_public: bool,
    /// Whether it gets another one for it.
    pub rotates: bool,
    /// What it has proved.
    pub holder: &'a Holder,
}

impl Presenter<'_> {
    /// RFC 9449 §5, RFC 8705 §4: what a public client holds is bound to its key and to its certificate; one that proves itself otherwise
    /// may have another by now, but what was bound is never given without any (OA-41).
    fn holds(self, family: &Family) -> bool {
        self.is_bound(family.holder.jkt.as_deref(), self.holder.jkt.as_deref())
            && self.is_bound(family.holder.x5t.as_deref(), self.holder.x5t.as_deref())
    }

    fn is_bound(self, before: Option<&str>, now: Option<&str>) -> bool {
        match (before, now) {
            (None, _) => true,
            (Some(bound), Some(proved)) => !self.is_public || bound == proved,
            (Some(_), None) => false,
        }
    }
}

impl Family {
    /// Whether anything of it works at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Why a family ended before its time; stored, and part of the audit event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokedFor {
    /// Its authorization code was tried a second time (RFC 6749 §4.1.2).
    CodeReplay,
    /// A refresh token that was rotated away was tried again (OA-22).
    RefreshReuse,
    /// The person signed out.
    SignOut,
    /// The account or its access ended.
    AccessLost,
    /// The person took back what the application was allowed (OA-27).
    ConsentWithdrawn,
    /// The client gave it back (RFC 7009).
    Client,
}

impl RevokedFor {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CodeReplay => "code_replay",
            Self::RefreshReuse => "refresh_reuse",
            Self::SignOut => "sign_out",
            Self::AccessLost => "access_lost",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::Client => "client",
        }
    }
}

/// What presenting a refresh token comes to.
#[derive(Debug)]
pub enum Rotated {
    /// A new pair may be issued; this is the successor.
    Next(Box<Granted>, Token),
    /// A used token of this person was presented: the family is dead now.
    Reused(UserId),
    /// Unknown, expired, revoked, or another client's.
    Refused,
    /// Without the key that it is bound to; nothing has changed.
    Unproved,
}

/// Begins a family, with its first refresh token if its client gets one.
pub async fn begin(tx: &mut Tx, family: &Family, first: Option<&Token>) -> db::Result<()> {
    store::insert(tx, family, first.map(Token::digest).as_ref()).await
}

/// Uses up a refresh token and makes its successor. Single use is one conditional change; within `grace` after that the
/// same successor is given again, for a client that lost the answer (`decisions.md` 23). The successor is derived from
/// its predecessor under the key-encryption key: it need not be stored to be given twice.
pub async fn rotate(
    tx: &mut Tx,
    kek: &Kek,
    presented: &Token,
    presenter: Presenter<'_>,
    grace: Duration,
    now: Timestamp,
) -> db::Result<Rotated> {
    let digest = presented.digest();
    let found = store::find_refresh(tx, &digest, presenter.environment, now).await?;
    let Some(Refresh { granted, used_at }) = found else { return Ok(Rotated::Refused) };
    let family = &granted.family;
    if family.client != presenter.client || !family.is_live(now) {
        return Ok(Rotated::Refused);
    }
    if !presenter.holds(family) {
        return Ok(Rotated::Unproved);
    }
    if !presenter.rotates && used_at.is_none() {
        return Ok(Rotated::Next(Box::new(granted), presented.clone()));
    }
    let successor =
        Token::from_text(URL_SAFE_NO_PAD.encode(kek.derive("refresh token successor", presented.reveal().as_bytes())));
    if store::save_rotated(tx, &digest, &successor.digest(), now).await? {
        return Ok(Rotated::Next(Box::new(granted), successor));
    }
    if used_at.is_some_and(|used| now.since(used) < grace) {
        let next = store::find_refresh(tx, &successor.digest(), presenter.environment, now).await?;
        if next.is_some_and(|next| next.used_at.is_none()) {
            return Ok(Rotated::Next(Box::new(granted), successor));
        }
    }
    store::save_revoked(tx, family.id, RevokedFor::RefreshReuse, now).await?;
    Ok(Rotated::Reused(family.user))
}
