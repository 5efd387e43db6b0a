//! What an OAuth client is.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{encryption::Encryption, provisioning::Provisioning, token_format::AccessTokenFormat};
use crate::kernel::ids::{ClientId, EnvironmentId, OrganisationId};
use crate::kernel::time::Timestamp;
use crate::proofs::{Algorithm, CertificateName};

/// What kind of program a client is (RFC 6749 §2.1, OIDC Registration §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// A web server that keeps a secret.
    Web,
    /// A single-page application: public.
    Spa,
    /// An installed application: public, loopback redirects on any port (RFC 8252 §7.3).
    Native,
    /// A service that acts for itself (`client_credentials`) and holds roles like a person.
    Machine,
}

impl ClientKind {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Spa => "spa",
            Self::Native => "native",
            Self::Machine => "machine",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Web, Self::Spa, Self::Native, Self::Machine].into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it cannot keep a secret.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Spa | Self::Native)
    }
}

/// How a client proves itself at the token endpoint (RFC 7591 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// HTTP Basic.
    ClientSecretBasic,
    /// Form parameters.
    ClientSecretPost,
    /// A JWT signed by one of its keys (RFC 7523, OIDC Core §9).
    PrivateKeyJwt,
    /// A certificate with the name that is registered, from an authority that we trust (RFC 8705 §2.1).
    TlsClientAuth,
    /// A certificate of one of its keys, whoever issued it (RFC 8705 §2.2).
    SelfSignedTlsClientAuth,
    /// Public client.
    None,
}

impl AuthMethod {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ClientSecretBasic,
        Self::ClientSecretPost,
        Self::PrivateKeyJwt,
        Self::TlsClientAuth,
        Self::SelfSignedTlsClientAuth,
        Self::None,
    ];

    /// The registered name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::TlsClientAuth => "tls_client_auth",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
            Self::None => "none",
        }
    }

    /// Reads the registered name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    /// Whether it rests on the certificate of a connection.
    pub fn has_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    /// Whether it rests on a secret of ours.
    pub fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// The grant by which a device without a browser of its own gets tokens (RFC 8628 §3.4).
pub const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The grant by which a client acts for the person of a token that it was sent (RFC 8693 §2.1); a setting of its own says who may.
pub const EXCHANGE_GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// By which rules a client is held to what it sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientProfile {
    /// OpenID Connect Core, tolerant where relying parties differ.
    #[default]
    Compat,
    /// The FAPI 2.0 Security Profile.
    Fapi2,
}

impl ClientProfile {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compat => "compat",
            Self::Fapi2 => "fapi2",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Compat, Self::Fapi2].into_iter().find(|profile| profile.as_str() == text)
    }
}

/// By which `sub` it knows people (OIDC Core §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// The same one that every other client knows.
    #[default]
    Public,
    /// One that only clients of its sector know.
    Pairwise,
}

impl SubjectType {
    /// All.
    pub const ALL: [Self; 2] = [Self::Public, Self::Pairwise];

    /// The registered word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Pairwise => "pairwise",
        }
    }

    /// Reads the registered word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// The registered settings of a client, stored as one JSON document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientSettings {
    /// Compared as exact octets (OA-01).
    pub redirect_uris: Vec<String>,
    /// Compared as exact octets.
    pub post_logout_redirect_uris: Vec<String>,
    /// How it proves itself.
    pub token_endpoint_auth_method: AuthMethod,
    /// By which rules.
    pub profile: ClientProfile,
    /// Whether it has to push its authorization requests (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// Whether it has to sign its authorization requests (RFC 9101 §10.5).
    pub require_signed_request_object: bool,
    /// The only algorithm that its request objects are signed with (OIDC Registration §2); `None`: any that is offered.
    pub request_object_signing_alg: Option<String>,
    /// The only algorithm that its assertions are signed with (OIDC Registration §2); `None`: any that is offered.
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// What signed authorization answers are signed with (JARM §3); `None`: as ID tokens.
    pub authorization_signed_response_alg: Option<String>,
    /// Whether it gets access tokens only for a key that it proves to have (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// Whether it gets access tokens only for the certificate that it presents (RFC 8705 §3.4).
    pub tls_client_certificate_bound_access_tokens: bool,
    /// The name that its certificate has to have where it proves itself by one from an authority (RFC 8705 §2.1.2): exactly one.
    pub tls_client_auth: Option<CertificateName>,
    /// Whether its DPoP proofs need a nonce of ours (RFC 9449 §8); a setting of ours.
    pub require_dpop_nonce: bool,
    /// Its public keys (RFC 7517 §5), if they are registered with it.
    pub jwks: Option<Value>,
    /// Or where it keeps them (RFC 7591 §2).
    pub jwks_uri: Option<String>,
    /// `authorization_code`, `refresh_token`, `client_credentials`, [`DEVICE_GRANT`] (`decisions.md` 20).
    pub grant_types: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// `ES256`, `RS256`, `PS256` or `EdDSA`.
    pub id_token_signed_response_alg: String,
    /// `ES256` or `RS256` for a signed `UserInfo` (OIDC Core §5.3.2); plain JSON if nothing is said.
    pub userinfo_signed_response_alg: Option<String>,
    /// Only for confidential clients that cannot do PKCE; named so that nobody sets it unread.
    pub allow_without_pkce_insecure: bool,
    /// Origins that may call the token and `UserInfo` endpoints from a browser.
    pub cors_origins: Vec<String>,
    /// What its access tokens look like; a setting of ours.
    pub access_token_format: AccessTokenFormat,
    /// Seconds.
    pub access_token_lifetime: u32,
    /// Seconds; of the whole family.
    pub refresh_token_lifetime: u32,
    /// Seconds in which a rotated refresh token still gives its successor; `None`: as the installation says.
    pub refresh_grace_seconds: Option<u32>,
    /// Whether `companyId` is released to it (E43).
    pub release_company_id: bool,
    /// Run by somebody else than the institution: people are asked before anything is told to it (OA-42).
    pub third_party: bool,
    /// Where it says what it does with what it is told; https, shown where people sign in or agree.
    pub policy_uri: Option<String>,
    /// Its terms of use; likewise.
    pub tos_uri: Option<String>,
    /// Where a sign-in that begins here is sent (OIDC Core §4); https.
    pub initiate_login_uri: Option<String>,
    /// Seconds after which a sign-in is too old for it, unless a request says otherwise (OIDC Registration §2).
    pub default_max_age: Option<u32>,
    /// Where it is told that a session is over (OIDC Back-Channel Logout 1.0 §2.2).
    pub backchannel_logout_uri: Option<String>,
    /// Whether it can do nothing with a logout token without `sid`; ours always have one.
    pub backchannel_logout_session_required: bool,
    /// Where it is told the same by a frame in the page of whoever signs out (OIDC Front-Channel Logout 1.0 §2).
    pub frontchannel_logout_uri: Option<String>,
    /// Whether it can do nothing without `iss` and `sid`; we always give them.
    pub frontchannel_logout_session_required: bool,
    /// Where it takes signed security events by push (RFC 8935); a setting of ours, described in `docs/openid-connect.md`.
    pub security_events_uri: Option<String>,
    /// Whether it may ask about tokens of its application (RFC 7662): an API that takes them, say.
    pub introspection: bool,
    /// Whether it may exchange such tokens for its own and act for their persons (RFC 8693); a setting of ours.
    pub token_exchange: bool,
    /// How answers to that are signed for it when it asks for a signature (RFC 9701 §6); as its ID tokens if nothing is said.
    pub introspection_signed_response_alg: Option<String>,
    /// What is encrypted to it, and how.
    pub encryption: Encryption,
    /// By which `sub` it knows people; a change of this or of its sector is a change of everybody's.
    pub subject_type: SubjectType,
    /// Where the redirect addresses of its sector are listed (OIDC Core §8.1); its host is the sector.
    pub sector_identifier_uri: Option<String>,
    /// The only environment in which a service creates groups by SCIM, and need not name; `None`: it names one.
    pub scim_environment: Option<EnvironmentId>,
    /// What a service that provisions is held to.
    #[serde(skip_serializing_if = "Provisioning::is_open")]
    pub provisioning: Provisioning,
}

impl ClientSettings {
    /// Whether an authorization request counts only if the client itself brought it (RFC 9126; FAPI 2.0 Security Profile §5.3.2.2).
    pub fn requires_pushed_requests(&self) -> bool {
        self.require_pushed_authorization_requests || self.profile == ClientProfile::Fapi2
    }

    /// Whether it may use a grant.
    pub fn has_grant(&self, grant: &str) -> bool {
        self.grant_types.iter().any(|allowed| allowed == grant)
    }

    /// Lets it be used on devices, or no more. Without a redirect address nothing else is possible then (RFC 8628).
    pub fn offer_to_devices(&mut self, device: bool) {
        const CODE: &str = "authorization_code";
        let had = self.has_grant(DEVICE_GRANT);
        self.grant_types.retain(|grant| grant != DEVICE_GRANT);
        if device {
            if self.redirect_uris.is_empty() {
                self.grant_types.retain(|grant| grant != CODE);
            }
            self.grant_types.push(DEVICE_GRANT.to_owned());
        } else if had && !self.has_grant(CODE) {
            self.grant_types.insert(0, CODE.to_owned());
        }
    }

    /// The host that its pairwise names are for (OIDC Core §8.1); none where its addresses name no host, or several.
    pub fn sector(&self) -> Option<String> {
        let host = |uri: &String| Some(url::Url::parse(uri).ok()?.host_str()?.to_owned());
        if let Some(uri) = &self.sector_identifier_uri {
            return host(uri);
        }
        let first = self.redirect_uris.first().and_then(host)?;
        self.redirect_uris.iter().all(|uri| host(uri).as_ref() == Some(&first)).then_some(first)
    }

    /// What signed authorization answers are signed with.
    pub fn authorization_signing(&self) -> Algorithm {
        let name = self.authorization_signed_response_alg.as_deref().unwrap_or(&self.id_token_signed_response_alg);
        Algorithm::named(name).unwrap_or(Algorithm::Es256)
    }

    /// Whether each use of a refresh token gives another one. With FAPI 2.0 (Security Profile §5.3.2.1) it does not: what is bound to the
    /// proof of the client and to its key need not change, and cannot be lost with an answer.
    pub fn rotates_refresh_tokens(&self) -> bool {
        self.profile != ClientProfile::Fapi2
    }

    /// Whether it gets no bearer tokens (FAPI 2.0 Security Profile §5.3.2.1).
    pub fn requires_bound_tokens(&self) -> bool {
        self.requires_dpop() || self.tls_client_certificate_bound_access_tokens
    }

    /// Whether its tokens need a DPoP proof: by its own wish, or because the profile wants them bound and they are to no certificate.
    pub fn requires_dpop(&self) -> bool {
        let fapi2 = self.profile == ClientProfile::Fapi2;
        self.dpop_bound_access_tokens || fapi2 && !self.tls_client_certificate_bound_access_tokens
    }
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            profile: ClientProfile::Compat,
            require_pushed_authorization_requests: false,
            require_signed_request_object: false,
            request_object_signing_alg: None,
            token_endpoint_auth_signing_alg: None,
            authorization_signed_response_alg: None,
            dpop_bound_access_tokens: false,
            tls_client_certificate_bound_access_tokens: false,
            tls_client_auth: None,
            require_dpop_nonce: false,
            jwks: None,
            jwks_uri: None,
            grant_types: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
            scopes: ["openid", "profile", "email", "phone", "groups", "organisation", "roles"]
                .map(str::to_owned)
                .to_vec(),
            id_token_signed_response_alg: "ES256".to_owned(),
            userinfo_signed_response_alg: None,
            allow_without_pkce_insecure: false,
            cors_origins: Vec::new(),
            access_token_format: AccessTokenFormat::Jwt,
            access_token_lifetime: 300,
            refresh_token_lifetime: 28_800,
            refresh_grace_seconds: None,
            release_company_id: false,
            third_party: false,
            policy_uri: None,
            tos_uri: None,
            initiate_login_uri: None,
            default_max_age: None,
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            security_events_uri: None,
            introspection: false,
            token_exchange: false,
            introspection_signed_response_alg: None,
            encryption: Encryption::default(),
            subject_type: SubjectType::Public,
            sector_identifier_uri: None,
            scim_environment: None,
            provisioning: Provisioning::default(),
        }
    }
}

/// An OAuth client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Our id.
    pub id: ClientId,
    /// The public `client_id`.
    pub client_id: String,
    /// Its name as shown on the sign-in page.
    pub name: String,
    /// What kind of program it is.
    pub kind: ClientKind,
    /// The environment whose groups it gets; `None` for a service.
    pub environment: Option<EnvironmentId>,
    /// The organisation that a service belongs to; `None` for a relying application.
    pub organisation: Option<OrganisationId>,
    /// Switched on.
    pub active: bool,
    /// Registered settings.
    pub settings: ClientSettings,
    /// Raised when its tokens must be judged anew.
    pub epoch: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by each change.
    pub version: i64,
}
