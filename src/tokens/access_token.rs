//! Access tokens: signed JWTs (RFC 9068), or random texts that stand for the same claims, whose holder is judged anew at each use (`decisions.md` 3).

use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

use super::cache::{Clients, KnownClient};
use super::delegated;
use super::delegated_store;
use super::exchanged::{self, Actor, Ancestor};
use super::family::Holder;
use super::family_store::{self, Granted};
use super::keys::{KeyError, Keys};
use super::mint::{self, Kind};
use super::opaque;
use super::provisioning;
use super::revoked_store;
use super::signing_key::Algorithm;
use crate::audit::Tally;
use crate::authority::Door;
use crate::db::{self, Db};
use crate::directory::client::entry_store::Person;
use crate::directory::client::model::Client;
use crate::directory::client::provisioning::Provisioning;
use crate::kernel::ids::{ClientId, FamilyId, PrincipalId, UserId};
use crate::kernel::limits::{Detail, Limits};
use crate::kernel::secret::Digest;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::proofs::{Dpop, DpopFault};
use crate::sessions::model::is_two_factors;

/// Longest life of an access token, whatever a client's settings say (OA-36).
pub const MAX_LIFETIME: Duration = Duration::from_hours(24);

/// Longest token made by hand that is looked up, in octets.
const MAX_BY_HAND: usize = 64;

/// Signatures remembered as good.
const REMEMBERED: usize = 20_000;

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// The issuer.
    pub iss: String,
    /// The person, as the client knows it, or the `client_id` of a service.
    pub sub: String,
    /// Our own APIs: the issuer again.
    pub aud: String,
    /// The client it was issued to.
    pub client_id: String,
    /// Unique.
    pub jti: String,
    /// Seconds.
    pub iat: i64,
    /// Seconds.
    pub exp: i64,
    /// Separated by spaces.
    pub scope: String,
    /// Part of the holder's authority that is all it carries (RFC 9396 §9.1); left out for no such limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<Detail>,
    /// The grant family; none for a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<FamilyId>,
    /// The client's epoch at issue.
    pub client_epoch: i64,
    /// What it is bound to; nothing for a bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// When the person signed in (OIDC Core §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How strongly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// How.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// Who acts with it for the person (RFC 8693 §4.1); left out where that is the client it was given to first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// The tokens that it was exchanged for, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanged: Vec<Ancestor>,
    /// The delegate by whose secret a service got it: it is good only while they may keep the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_by: Option<UserId>,
}

/// What a token is bound to, by thumbprint (RFC 7800 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// A key (RFC 9449 §6.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
    /// A certificate (RFC 8705 §3.1).
    #[serde(default, rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub x5t: Option<String>,
}

impl Confirmation {
    /// What is said about the tokens of a holder; nothing if they are good in any hand.
    pub fn of(holder: &Holder) -> Option<Self> {
        let is_bound = holder.jkt.is_some() || holder.x5t.is_some();
        is_bound.then(|| Self { jkt: holder.jkt.clone(), x5t: holder.x5t.clone() })
    }
}

/// What a token has to come with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// A proof by the key with this thumbprint.
    pub jkt: Option<String>,
    /// In it a nonce of ours.
    pub nonce: bool,
    /// The certificate with this thumbprint.
    pub x5t: Option<String>,
}

/// Who asks with an access token, checked against the present.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The person or the service.
    pub principal: PrincipalId,
    /// The person as they are for the application of the client; none for a service and for a token that a person made for scripts.
    pub person: Option<Box<Person>>,
    /// Through which client; none for a token that a person made for scripts.
    pub client: Option<ClientId>,
    /// That client as the token paths know it.
    pub known: Option<Arc<KnownClient>>,
    /// What the token is limited to.
    pub limits: Limits,
    /// When the person proved a second factor for it; none for a service.
    pub second_factor_at: Option<Timestamp>,
    /// How strongly the person proved who they are.
    pub strength: Strength,
    /// The grant it descends from; none for a service.
    pub family: Option<FamilyId>,
    /// What it is bound to; nothing for a token that is good in any hand.
    pub bound: Bound,
    /// What the service is held to; nothing for a person.
    pub held_to: Provisioning,
    /// The delegate with whose secret a service asks: nothing is done with it to them, as nothing by themselves (D5).
    pub kept_by: Option<UserId>,
    /// Single claims that `UserInfo` tells beside those of the scopes (OIDC Core §5.5).
    pub claims: Vec<String>,
}

impl Bearer {
    /// Whether the token carries a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.limits.scopes.iter().any(|held| held == scope)
    }
}

/// Why a bearer is not let in. The client is told `invalid_token` and nothing more (RFC 6750 §3.1).
#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// Not a token of ours, not for us, expired, or its holder has lost what it stood on.
    #[error("the access token is not valid")]
    Invalid,
    /// A token of this service that is good no longer, or whose service is not.
    #[error("the access token is not valid any more")]
    Ended(ClientId),
    /// Bound to a key, or presented as if it were, and not good like that (RFC 9449 §7.1).
    #[error("the access token is not valid as it was presented")]
    Bound,
    /// Without a good proof of its key.
    #[error(transparent)]
    Unproved(#[from] DpopFault),
    /// The keys could not be read.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What a remembered token says, and the key that signed it.
type Remembered = (Arc<AccessClaims>, Arc<str>);

/// Signs and checks tokens; cheap to clone.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The signing keys.
    pub keys: Keys,
    /// Clients as the token paths read them.
    pub clients: Clients,
    /// Checks proofs of keys that tokens are bound to.
    pub dpop: Dpop,
    issuer: Arc<str>,
    /// Where clients with certificates reach us, without a slash at the end, if somewhere else (RFC 8705 §5).
    pub alias: Option<Arc<str>>,
    /// Judges whether delegates may still keep what they took; without it nothing that one took is good.
    pub door: Option<Door>,
    verified: Arc<Cache<[u8; 32], Remembered>>,
    pub(super) refusals: Tally,
}

impl Tokens {
    /// A handle for one issuer: the public address without a slash at its end.
    pub fn new(keys: Keys, issuer: &str) -> Self {
        let verified = Arc::new(Cache::new(REMEMBERED));
        let dpop = Dpop::new(keys.kek().derive("DPoP nonces", b"key"));
        Self {
            keys,
            dpop,
            clients: Clients::default(),
            issuer: issuer.trim_end_matches('/').into(),
            alias: None,
            door: None,
            verified,
            refusals: Tally::default(),
        }
    }

    /// The issuer identifier (OIDC Discovery §3).
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The addresses of a path of ours.
    pub fn urls_of(&self, path: &str) -> Vec<String> {
        std::iter::once(&self.issuer).chain(&self.alias).map(|base| format!("{base}{path}")).collect()
    }

    /// Signs a JWT with the key that is active now.
    pub async fn sign(
        &self,
        db: &Db,
        algorithm: Algorithm,
        kind: Kind,
        claims: &impl Serialize,
        now: Timestamp,
    ) -> Result<String, KeyError> {
        let ring = self.keys.ring(db, now).await?;
        let key = ring.signer(algorithm, now).ok_or(KeyError::NotReady)?;
        Ok(mint::sign(key, kind, claims)?)
    }

    /// The life of a client's access tokens.
    pub fn lifetime(client: &Client) -> Duration {
        Duration::from_secs(client.settings.access_token_lifetime.into()).min(MAX_LIFETIME)
    }

    /// Checks a token and its holder: the client is on and of the same epoch, the person may sign in, the organisation
    /// is active, the grant is not revoked.
    pub async fn verify(&self, db: &Db, token: &str, now: Timestamp) -> Result<Bearer, BearerError> {
        if token.starts_with(delegated::PREFIX) {
            return by_hand(db, token, now).await;
        }
        if token.starts_with(provisioning::PREFIX) {
            return self.of_service(db, token, now).await;
        }
        Ok(self.introspect(db, token, now).await?.1)
    }

    /// The same for a token that was issued to a client, with what stands in it.
    pub async fn introspect(
        &self,
        db: &Db,
        token: &str,
        now: Timestamp,
    ) -> Result<(Arc<AccessClaims>, Bearer), BearerError> {
        let claims = self.claims(db, token, now).await?;
        let known = self.clients.find(db, &claims.client_id, now).await?.ok_or(BearerError::Invalid)?;
        let client = &known.client;
        if !known.is_usable(now) || client.epoch != claims.client_epoch {
            return Err(BearerError::Invalid);
        }
        let scopes: Vec<&str> = claims.scope.split_ascii_whitespace().collect();
        let limits = Limits { details: claims.authorization_details.clone(), ..Limits::of_scopes(&scopes) };
        let service = Bearer {
            principal: PrincipalId::Service(client.id),
            person: None,
            client: Some(client.id),
            known: Some(Arc::clone(&known)),
            limits,
            second_factor_at: None,
            strength: Strength::default(),
            family: claims.family,
            bound: claims.cnf.as_ref().map_or_else(Bound::default, |cnf| Bound {
                jkt: cnf.jkt.clone(),
                nonce: client.settings.require_dpop_nonce,
                x5t: cnf.x5t.clone(),
            }),
            held_to: client.settings.provisioning.clone(),
            kept_by: claims.kept_by,
            claims: Vec::new(),
        };
        match claims.family {
            None if claims.sub == claims.client_id => {
                let taken_back = revoked_store::has(&mut db.reader().await?, &claims.jti).await?;
                let gone = taken_back || !self.is_kept(db, (client.id, claims.kept_by), now).await?;
                if gone { Err(BearerError::Invalid) } else { Ok((claims, service)) }
            }
            None => Err(BearerError::Invalid),
            Some(family) => {
                let origin = exchanged::origin(self, db, &claims, client.id, now).await?;
                let (tx, token) = (&mut db.reader().await?, (family, claims.jti.as_str()));
                let found = family_store::find_live_of_token(tx, token, client.environment, now).await?;
                let found = found.filter(|found| found.family.client == origin && found.is_usable());
                let Granted { family, person } = found.ok_or(BearerError::Invalid)?;
                if self.keys.subjects().of(family.user, &client.settings) != claims.sub {
                    return Err(BearerError::Invalid);
                }
                let second_factor_at = is_two_factors(&family.acr).then_some(family.auth_time);
                let principal = PrincipalId::Person(family.user);
                // What the first client asked for is nothing to whoever acts.
                let names = if claims.act.is_none() { family.claims.userinfo } else { Vec::new() };
                let (person, strength) = (Some(Box::new(person)), Strength::of_amr(family.amr.split(' ')));
                Ok((claims, Bearer { principal, person, second_factor_at, strength, claims: names, ..service }))
            }
        }
    }

    /// The claims of a token that we gave out as an access token for our own APIs and that has not expired, signed in it or kept for it;
    /// nothing is said about its holder.
    pub async fn claims(&self, db: &Db, token: &str, now: Timestamp) -> Result<Arc<AccessClaims>, BearerError> {
        let claims = if opaque::is_one(token) {
            Arc::new(self.opaque(db, token, now).await?)
        } else {
            self.signed(db, token, now).await?
        };
        if self.accepts(&claims, now) { Ok(claims) } else { Err(BearerError::Invalid) }
    }

    /// The claims that we signed.
    async fn signed(&self, db: &Db, token: &str, now: Timestamp) -> Result<Arc<AccessClaims>, BearerError> {
        if token.len() > Kind::AccessToken.longest() {
            return Err(BearerError::Invalid);
        }
        let ring = self.keys.ring(db, now).await?;
        let mut digest = [0; 32];
        digest.copy_from_slice(Digest::of(token.as_bytes()).as_bytes());
        match self.verified.get(&digest) {
            // A key that was dropped takes its remembered tokens with it (CR-04).
            Some((claims, kid)) if ring.find(&kid).is_some() => Ok(claims),
            _ => {
                let read =
                    mint::read::<AccessClaims>(token, Kind::AccessToken, |kid| ring.find(kid).map(AsRef::as_ref));
                let (claims, key) = read.ok_or(BearerError::Invalid)?;
                let claims = Arc::new(claims);
                self.verified.insert(digest, (Arc::clone(&claims), key.kid.as_str().into()));
                Ok(claims)
            }
        }
    }

    fn accepts(&self, claims: &AccessClaims, now: Timestamp) -> bool {
        let longest = i64::try_from(MAX_LIFETIME.as_secs()).unwrap_or(0);
        let seconds = now.as_seconds();
        *claims.iss == *self.issuer
            && *claims.aud == *self.issuer
            && seconds < claims.exp
            && claims.iat <= seconds.saturating_add(5)
            && claims.exp.saturating_sub(claims.iat) <= longest
    }
}

/// A token that a delegate made for scripts: found by its digest, and as good as its maker is now. The second factor was proved
/// when it was made; a script has none.
async fn by_hand(db: &Db, token: &str, now: Timestamp) -> Result<Bearer, BearerError> {
    if token.len() > MAX_BY_HAND {
        return Err(BearerError::Invalid);
    }
    let found = delegated_store::find_live(&mut db.reader().await?, &Digest::of(token.as_bytes()), now).await?;
    let found = found.ok_or(BearerError::Invalid)?;
    Ok(Bearer {
        principal: PrincipalId::Person(found.user),
        person: None,
        client: None,
        known: None,
        limits: found.limits(),
        second_factor_at: Some(now),
        strength: found.strength,
        family: None,
        bound: Bound::default(),
        held_to: Provisioning::default(),
        kept_by: None,
        claims: Vec::new(),
    })
}
