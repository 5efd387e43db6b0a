//! Signing what a grant has come to (RFC 6749 §5.1, OIDC Core §3.1.3.3).

use serde::Serialize;

use super::Request;
use crate::directory::client::token_format::AccessTokenFormat;
use crate::kernel::ids::UserId;
use crate::kernel::limits::Detail;
use crate::kernel::secret::Token;
use crate::oidc::claims::{self, Frame, Release, Subject};
use crate::oidc::claims_request;
use crate::oidc::error::OAuthError;
use crate::oidc::scopes;
use crate::tokens::Tokens;
use crate::tokens::access_token::{AccessClaims, Confirmation};
use crate::tokens::exchanged::{Actor, Ancestor};
use crate::tokens::family::Family;
use crate::tokens::mint::Kind;
use crate::tokens::signing_key::Algorithm;

/// The body of a successful answer.
#[derive(Debug, Serialize)]
pub(super) struct Issued {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details: Vec<Detail>,
    /// RFC 8693 §2.2.1, for what was exchanged.
    #[serde(rename = "issued_token_type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl Issued {
    /// An access token alone.
    fn of_access(
        access_token: String,
        (token_type, expires_in): (&'static str, u64),
        (scope, authorization_details): (String, Vec<Detail>),
    ) -> Self {
        let (kind, refresh_token, id_token) = (None, None, None);
        Self { access_token, token_type, expires_in, scope, authorization_details, kind, refresh_token, id_token }
    }
}

impl Request<'_> {
    fn access_claims(&self, sub: String, scope: &str, lifetime: u64) -> AccessClaims {
        let iat = self.ctx.now.as_seconds();
        AccessClaims {
            iss: self.oidc.tokens.issuer().to_owned(),
            aud: self.oidc.tokens.issuer().to_owned(),
            sub,
            client_id: self.client.client_id.clone(),
            jti: self.ctx.uuid().simple().to_string(),
            iat,
            exp: iat.saturating_add_unsigned(lifetime),
            scope: scope.to_owned(),
            authorization_details: Vec::new(),
            family: None,
            cnf: Confirmation::of(&self.holder),
            client_epoch: self.client.epoch,
            auth_time: None,
            acr: None,
            amr: None,
            act: None,
            exchanged: Vec::new(),
            kept_by: self.kept_by,
        }
    }

    /// The person, as the client knows it.
    fn named(&self, user: UserId) -> String {
        self.oidc.tokens.keys.subjects().of(user, &self.client.settings)
    }

    /// RFC 9449 §5: a bound token is never called a bearer token.
    fn token_type(&self) -> &'static str {
        if self.holder.jkt.is_some() { "DPoP" } else { "Bearer" }
    }

    /// In the form of the client. Access tokens are for our own APIs: signed ones always with ES256.
    async fn access_token(&self, claims: &AccessClaims) -> Result<String, OAuthError> {
        match self.client.settings.access_token_format {
            AccessTokenFormat::Jwt => self.sign(Algorithm::Es256, Kind::AccessToken, claims).await,
            AccessTokenFormat::Opaque => {
                let (tokens, db) = (&self.oidc.tokens, &self.oidc.app.db);
                Ok(tokens.issue_opaque(db, claims, &self.ctx).await?.reveal().to_owned())
            }
        }
    }

    async fn sign(&self, algorithm: Algorithm, kind: Kind, claims: &impl Serialize) -> Result<String, OAuthError> {
        self.oidc.sign(algorithm, kind, claims, &self.ctx).await
    }

    /// Whether ID tokens can be encrypted as the client is registered: asked before anything is used up for one.
    pub(super) async fn can_encrypt(&self) -> Result<(), OAuthError> {
        let settings = &self.client.settings;
        self.oidc.can_encrypt(settings, settings.encryption.id_token, self.ctx.now).await
    }

    /// The token of a service that acts for itself.
    pub(super) async fn issue_to_service(&self, scope: String, details: Vec<Detail>) -> Result<Issued, OAuthError> {
        let expires_in = Tokens::lifetime(self.client).as_secs();
        let mut claims = self.access_claims(self.client.client_id.clone(), &scope, expires_in);
        claims.authorization_details.clone_from(&details);
        let access_token = self.access_token(&claims).await?;
        let (token_type, authorization_details) = (self.token_type(), details);
        Ok(Issued::of_access(access_token, (token_type, expires_in), (scope, authorization_details)))
    }

    /// The tokens of a person's grant.
    pub(super) async fn issue_to_person(&self, grant: &PersonGrant) -> Result<Issued, OAuthError> {
        let (family, scope) = (&grant.family, &grant.scope);
        let left = family.expires_at.since(self.ctx.now).as_secs();
        let expires_in = Tokens::lifetime(self.client).as_secs().min(left);
        let access = AccessClaims {
            authorization_details: grant.details.clone(),
            family: Some(family.id),
            auth_time: Some(family.auth_time.as_seconds()),
            acr: Some(family.acr.clone()),
            amr: Some(family.amr.split(' ').map(str::to_owned).collect()),
            ..self.access_claims(self.named(family.user), scope, expires_in)
        };
        let access_token = self.access_token(&access).await?;
        let id_token =
            if scopes::has(scope, "openid") { Some(self.id_token(grant, &access_token).await?) } else { None };
        let refresh_token = grant.refresh_token.as_ref().map(|token| token.reveal().to_owned());
        let (token_type, scope, authorization_details) = (self.token_type(), scope.clone(), grant.details.clone());
        let issued = Issued::of_access(access_token, (token_type, expires_in), (scope, authorization_details));
        Ok(Issued { refresh_token, id_token, ..issued })
    }

    /// A token with which the client acts for a person (RFC 8693 §2.2.1): of the same grant as the one that it was sent, and no longer good.
    pub(super) async fn issue_to_actor(&self, sent: &AccessClaims, given: Delegated) -> Result<Issued, OAuthError> {
        let left = u64::try_from(sent.exp.saturating_sub(self.ctx.now.as_seconds())).unwrap_or(0);
        let expires_in = Tokens::lifetime(self.client).as_secs().min(left);
        let claims = AccessClaims {
            authorization_details: given.details.clone(),
            family: sent.family,
            auth_time: sent.auth_time,
            acr: sent.acr.clone(),
            amr: sent.amr.clone(),
            act: Some(given.act),
            exchanged: given.exchanged,
            ..self.access_claims(self.named(given.user), &given.scope, expires_in)
        };
        let access_token = self.access_token(&claims).await?;
        let issued = Issued::of_access(access_token, (self.token_type(), expires_in), (given.scope, given.details));
        Ok(Issued { kind: Some(super::token_exchange::ACCESS_TOKEN), ..issued })
    }

    async fn id_token(&self, grant: &PersonGrant, access_token: &str) -> Result<String, OAuthError> {
        let settings = &self.client.settings;
        let algorithm = Algorithm::named(&settings.id_token_signed_response_alg).unwrap_or(Algorithm::Es256);
        let frame = Frame {
            algorithm,
            issuer: self.oidc.tokens.issuer(),
            subject: &self.named(grant.family.user),
            audience: &self.client.client_id,
            now: self.ctx.now,
            lifetime: self.oidc.settings.id_token_lifetime_seconds.into(),
            auth_time: grant.family.auth_time,
            amr: &grant.family.amr,
            acr: &grant.family.acr,
            sid: self.oidc.tokens.keys.subjects().session(grant.family.session, settings),
            nonce: grant.nonce.as_deref(),
            access_token,
            jti: self.ctx.uuid().simple().to_string(),
        };
        let names = claims_request::still_allowed(&grant.family.claims.id_token, &self.client.settings);
        let release = Release { scope: &grant.scope, names: &names };
        let signed = self.sign(algorithm, Kind::IdToken, &claims::id_token(&frame, &grant.subject, release)).await?;
        self.oidc.encrypted(signed, settings, settings.encryption.id_token, self.ctx.now).await
    }
}

/// What a person's grant has come to, ready to be signed.
#[derive(Debug)]
pub(super) struct PersonGrant {
    pub(super) family: Family,
    pub(super) subject: Box<Subject>,
    pub(super) scope: String,
    pub(super) details: Vec<Detail>,
    pub(super) nonce: Option<String>,
    pub(super) refresh_token: Option<Token>,
}

/// What a client gets to act for a person, ready to be signed.
#[derive(Debug)]
pub(super) struct Delegated {
    pub(super) user: UserId,
    pub(super) scope: String,
    pub(super) details: Vec<Detail>,
    pub(super) act: Actor,
    pub(super) exchanged: Vec<Ancestor>,
}
