//! How a client proves itself and by which rules, on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::CliError;
use super::client_encryption::Encrypting;
use super::client_provisioning::Provisioned;
use crate::directory::client::model::{AuthMethod, ClientProfile, ClientSettings, SubjectType};
use crate::directory::client::token_format::AccessTokenFormat;
use crate::proofs::CertificateName;
use crate::proofs::certificate::name::KINDS;

/// How it proves itself (RFC 7591 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Method {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    TlsClientAuth,
    SelfSignedTlsClientAuth,
}

/// By which rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Profile {
    Compat,
    Fapi2,
}

/// What access tokens look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Jwt,
    Opaque,
}

/// Names of people (OIDC Core §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    Public,
    Pairwise,
}

/// What may be said about it; what is not said stays.
#[derive(Clone, Debug, Args)]
pub(super) struct Security {
    /// How it proves itself
    #[arg(long, value_enum)]
    auth_method: Option<Method>,
    /// By which rules: `compat` for everybody, `fapi2` for the FAPI 2.0 Security Profile
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Whether it has to push its authorization requests (RFC 9126); the profile fapi2 implies it
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    require_pushed_authorization_requests: Option<bool>,
    /// Whether it has to sign its authorization requests (RFC 9101)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    require_signed_request_object: Option<bool>,
    /// What its ID tokens are signed with: ES256, RS256, PS256 or EdDSA
    #[arg(long, value_name = "ALGORITHM")]
    id_token_signed_response_alg: Option<String>,
    /// What signed authorization answers (JARM) are signed with
    #[arg(long, value_name = "ALGORITHM")]
    authorization_signed_response_alg: Option<String>,
    /// Whether it gets access tokens only for a key that it proves to have (RFC 9449); the profile fapi2 implies it
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    dpop_bound_access_tokens: Option<bool>,
    /// What its access tokens look like: signed and readable (RFC 9068), or random, which only this server can read
    #[arg(long, value_enum)]
    access_token_format: Option<Format>,
    /// Seconds in which a rotated refresh token gives the same successor again, for lost answers; at most 10
    #[arg(long)]
    refresh_grace_seconds: Option<u32>,
    /// Whether its proofs need a nonce of ours
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    require_dpop_nonce: Option<bool>,
    /// Whether it may be used on devices without a browser (RFC 8628); without redirect URIs nothing else is possible then
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    device_grant: Option<bool>,
    /// Whether it may set up a stream of security events for itself (SSF 1.0), with tokens of its own
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    event_stream: Option<bool>,
    /// Whether it may exchange access tokens of its application and act for their persons (RFC 8693)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    token_exchange: Option<bool>,
    /// By which `sub` it knows people: the same as every other client, or one of its own sector. Changes everybody's name at it
    #[arg(long, value_enum)]
    subject_type: Option<Subject>,
    /// Where the redirect addresses of its sector are listed (https); asked for where they are at several hosts
    #[arg(long)]
    sector_identifier_uri: Option<String>,
    /// A file with its public keys as a JWK Set
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    jwks: Option<PathBuf>,
    /// Where it keeps its public keys (https)
    #[arg(long)]
    jwks_uri: Option<String>,
    #[command(flatten)]
    certificate: Certificate,
    #[command(flatten)]
    encrypting: Encrypting,
    #[command(flatten)]
    provisioned: Provisioned,
}

/// What its certificate is known by (RFC 8705 §2.1.2): one name.
#[derive(Clone, Debug, Args)]
struct Certificate {
    /// The subject of its certificate, like `CN=imas,O=Bank A,C=DE` (RFC 4514)
    #[arg(long = "tls-client-auth-subject-dn", value_name = "NAME", group = "certificate_name")]
    subject_dn: Option<String>,
    /// A DNS name in its certificate
    #[arg(long = "tls-client-auth-san-dns", value_name = "NAME", group = "certificate_name")]
    san_dns: Option<String>,
    /// A URI in its certificate
    #[arg(long = "tls-client-auth-san-uri", value_name = "URI", group = "certificate_name")]
    san_uri: Option<String>,
    /// An IP address in its certificate
    #[arg(long = "tls-client-auth-san-ip", value_name = "ADDRESS", group = "certificate_name")]
    san_ip: Option<String>,
    /// An e-mail address in its certificate
    #[arg(long = "tls-client-auth-san-email", value_name = "ADDRESS", group = "certificate_name")]
    san_email: Option<String>,
    /// Whether it gets access tokens only for the certificate that it presents (RFC 8705)
    #[arg(
        long = "tls-client-certificate-bound-access-tokens",
        value_name = "BOOL",
        num_args = 0..=1,
        default_missing_value = "true"
    )]
    bound: Option<bool>,
}

impl Certificate {
    fn name(&self) -> Option<CertificateName> {
        let given = [&self.subject_dn, &self.san_dns, &self.san_uri, &self.san_ip, &self.san_email];
        KINDS.into_iter().zip(given).find_map(|(kind, name)| CertificateName::of(kind, name.clone()?))
    }
}

impl Security {
    /// Changes what is said.
    pub(super) fn apply(&self, settings: &mut ClientSettings) -> Result<(), CliError> {
        if let Some(method) = self.auth_method {
            settings.token_endpoint_auth_method = match method {
                Method::ClientSecretBasic => AuthMethod::ClientSecretBasic,
                Method::ClientSecretPost => AuthMethod::ClientSecretPost,
                Method::PrivateKeyJwt => AuthMethod::PrivateKeyJwt,
                Method::TlsClientAuth => AuthMethod::TlsClientAuth,
                Method::SelfSignedTlsClientAuth => AuthMethod::SelfSignedTlsClientAuth,
            };
        }
        if let Some(name) = self.certificate.name() {
            settings.tls_client_auth = Some(name);
        }
        if let Some(bound) = self.certificate.bound {
            settings.tls_client_certificate_bound_access_tokens = bound;
        }
        self.encrypting.apply(&mut settings.encryption)?;
        self.provisioned.apply(&mut settings.provisioning)?;
        if let Some(profile) = self.profile {
            settings.profile = match profile {
                Profile::Compat => ClientProfile::Compat,
                Profile::Fapi2 => ClientProfile::Fapi2,
            };
        }
        if let Some(pushed) = self.require_pushed_authorization_requests {
            settings.require_pushed_authorization_requests = pushed;
        }
        if let Some(signed) = self.require_signed_request_object {
            settings.require_signed_request_object = signed;
        }
        if let Some(algorithm) = &self.id_token_signed_response_alg {
            settings.id_token_signed_response_alg.clone_from(algorithm);
        }
        if self.authorization_signed_response_alg.is_some() {
            settings.authorization_signed_response_alg.clone_from(&self.authorization_signed_response_alg);
        }
        if let Some(bound) = self.dpop_bound_access_tokens {
            settings.dpop_bound_access_tokens = bound;
        }
        if let Some(format) = self.access_token_format {
            settings.access_token_format = match format {
                Format::Jwt => AccessTokenFormat::Jwt,
                Format::Opaque => AccessTokenFormat::Opaque,
            };
        }
        if self.refresh_grace_seconds.is_some() {
            settings.refresh_grace_seconds = self.refresh_grace_seconds;
        }
        if let Some(nonce) = self.require_dpop_nonce {
            settings.require_dpop_nonce = nonce;
        }
        if let Some(exchange) = self.token_exchange {
            settings.token_exchange = exchange;
        }
        if let Some(device) = self.device_grant {
            settings.offer_to_devices(device);
        }
        if let Some(offered) = self.event_stream {
            settings.offer_stream(offered);
        }
        if let Some(subject) = self.subject_type {
            settings.subject_type = match subject {
                Subject::Public => SubjectType::Public,
                Subject::Pairwise => SubjectType::Pairwise,
            };
        }
        if self.sector_identifier_uri.is_some() {
            settings.sector_identifier_uri.clone_from(&self.sector_identifier_uri);
        }
        if let Some(file) = &self.jwks {
            let text = std::fs::read_to_string(file)?;
            let set =
                serde_json::from_str(&text).map_err(|_| CliError::Refused("the key set is no JSON".to_owned()))?;
            (settings.jwks, settings.jwks_uri) = (Some(set), None);
        }
        if let Some(uri) = &self.jwks_uri {
            (settings.jwks, settings.jwks_uri) = (None, Some(uri.clone()));
        }
        Ok(())
    }
}
