//! What a client may prove itself with: which method goes with which keys, and with which profile. Pure.

use serde_json::Value;

use super::model::{AuthMethod, ClientProfile, ClientSettings, DEVICE_GRANT};
use super::rules::is_endpoint;
use crate::proofs::certificate::name::NoName;
use crate::proofs::key_set::{SetFault, check_receives, check_signs};
use crate::proofs::{KeySet, KeySource};

/// Longest key set that is registered, in octets of JSON.
const LONGEST: usize = 32 * 1024;

/// Longest grace of a rotated refresh token, in seconds.
pub const MAX_GRACE: u32 = 10;

/// What is wrong with the keys of a client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysFault {
    /// `private_key_jwt` rests on keys.
    #[error("a client that signs needs its public keys: a key set or the address of one")]
    Missing,
    /// What is encrypted rests on keys.
    #[error("a client to which something is encrypted needs its public keys: a key set or the address of one")]
    NoRecipient,
    /// RFC 7591 §2: one or the other.
    #[error("give a key set or the address of one, not both")]
    Both,
    /// The registered set.
    #[error("the key set {0}")]
    Set(SetFault),
    /// Too long to be a key set.
    #[error("the key set is longer than {LONGEST} octets")]
    Long,
    /// The address of the set.
    #[error("`{0}` cannot be the address of a key set: https without fragment or user name, http only on loopback")]
    Address(String),
    /// RFC 8705 §2.1.2: `tls_client_auth` rests on the name of a certificate.
    #[error("a client that proves itself by tls_client_auth needs exactly one name that its certificate has")]
    NameMissing,
    /// What no certificate is named.
    #[error(transparent)]
    Name(#[from] NoName),
    /// FAPI 2.0 Security Profile §5.3.2.1: no secrets.
    #[error("a client with the profile fapi2 proves itself by private_key_jwt or by a certificate")]
    Weak,
    /// FAPI 2.0 Security Profile §5.3.2.2: PKCE always.
    #[error("a client with the profile fapi2 cannot go without PKCE")]
    WithoutPkce,
    /// FAPI 2.0 Security Profile §5.3.2.2: authorization code flow only, with pushed requests.
    #[error("a client with the profile fapi2 does not use the device grant")]
    Device,
    /// FAPI 2.0 Security Profile §5.4.1: no RS256.
    #[error("ID tokens of a client with the profile fapi2 are not signed with RS256")]
    WeakSignature,
    /// FAPI 2.0 Security Profile §5.3.2.2: nothing is sent in clear.
    #[error("`{0}` cannot be a redirect address of a client with the profile fapi2: https only")]
    PlainRedirect(String),
    /// A grace is there for lost answers (`decisions.md` 23).
    #[error("a rotated refresh token is taken again for at most {MAX_GRACE} seconds")]
    Grace,
}

/// Checks method, keys and profile together.
pub fn check(settings: &ClientSettings) -> Vec<KeysFault> {
    let mut faults = Vec::new();
    let method = settings.token_endpoint_auth_method;
    let signs = matches!(method, AuthMethod::PrivateKeyJwt | AuthMethod::SelfSignedTlsClientAuth);
    match (&settings.jwks, &settings.jwks_uri) {
        (Some(_), Some(_)) => faults.push(KeysFault::Both),
        (None, None) if signs || settings.require_signed_request_object => faults.push(KeysFault::Missing),
        (None, None) if settings.encryption.to_client().next().is_some() => faults.push(KeysFault::NoRecipient),
        _ => {}
    }
    if let Some(set) = &settings.jwks {
        let long = set.to_string().len() > LONGEST;
        let fault = if long { Some(KeysFault::Long) } else { check_set(settings, set).err().map(KeysFault::Set) };
        faults.extend(fault);
    }
    faults.extend(settings.jwks_uri.iter().filter(|uri| !is_endpoint(uri)).cloned().map(KeysFault::Address));
    match &settings.tls_client_auth {
        None if method == AuthMethod::TlsClientAuth => faults.push(KeysFault::NameMissing),
        name => faults.extend(name.iter().filter_map(|name| name.check().err()).map(KeysFault::Name)),
    }
    if settings.refresh_grace_seconds.is_some_and(|seconds| seconds > MAX_GRACE) {
        faults.push(KeysFault::Grace);
    }
    if settings.profile == ClientProfile::Fapi2 {
        faults.extend(fapi2(settings));
    }
    faults
}

/// Where the public keys of a client are: with it, or at its address.
pub fn source(settings: &ClientSettings) -> Option<KeySource<'_>> {
    let inline = settings.jwks.as_ref().map(KeySource::Inline);
    inline.or_else(|| settings.jwks_uri.as_deref().map(KeySource::At))
}

/// Each key of a registered set, and that there is one for whatever the client uses keys for: for signatures, where nothing is encrypted to it.
fn check_set(settings: &ClientSettings, set: &Value) -> Result<(), SetFault> {
    KeySet::check(set)?;
    let method = settings.token_endpoint_auth_method;
    let signs = matches!(method, AuthMethod::PrivateKeyJwt | AuthMethod::SelfSignedTlsClientAuth);
    let receives = settings.encryption.to_client().next().is_some();
    if signs || settings.require_signed_request_object || !receives {
        check_signs(set)?;
    }
    settings.encryption.to_client().try_for_each(|how| check_receives(set, how.alg))
}

/// What the FAPI 2.0 Security Profile asks of a registration; what it asks of requests is asked with each request.
fn fapi2(settings: &ClientSettings) -> Vec<KeysFault> {
    let mut faults = Vec::new();
    let method = settings.token_endpoint_auth_method;
    if method != AuthMethod::PrivateKeyJwt && !method.has_certificate() {
        faults.push(KeysFault::Weak);
    }
    if settings.allow_without_pkce_insecure {
        faults.push(KeysFault::WithoutPkce);
    }
    if settings.has_grant(DEVICE_GRANT) {
        faults.push(KeysFault::Device);
    }
    let answers = [
        Some(&settings.id_token_signed_response_alg),
        settings.authorization_signed_response_alg.as_ref(),
        settings.userinfo_signed_response_alg.as_ref(),
        settings.introspection_signed_response_alg.as_ref(),
    ];
    if answers.into_iter().flatten().any(|algorithm| algorithm == "RS256") {
        faults.push(KeysFault::WeakSignature);
    }
    let plain = settings.redirect_uris.iter().filter(|uri| !uri.starts_with("https://"));
    faults.extend(plain.cloned().map(KeysFault::PlainRedirect));
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::directory::client::encryption::Encryption;
    use crate::proofs::key::KeyFault;
    use crate::proofs::{CertificateName, ContentEncryption, Encrypted, KeyManagement};

    fn signing() -> ClientSettings {
        let key = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        ClientSettings {
            token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
            jwks: Some(json!({ "keys": [key] })),
            ..ClientSettings::default()
        }
    }

    #[test]
    fn a_client_that_signs_has_keys_in_one_place() {
        assert_eq!(check(&signing()), []);
        assert_eq!(check(&ClientSettings { jwks: None, ..signing() }), [KeysFault::Missing]);
        let uri = Some("https://app.example/jwks".to_owned());
        assert_eq!(check(&ClientSettings { jwks: None, jwks_uri: uri.clone(), ..signing() }), []);
        assert_eq!(check(&ClientSettings { jwks_uri: uri, ..signing() }), [KeysFault::Both]);
        let weak = ClientSettings { profile: ClientProfile::Fapi2, ..ClientSettings::default() };
        assert_eq!(check(&weak), [KeysFault::Weak]);
        let fapi2 = ClientSettings { profile: ClientProfile::Fapi2, ..signing() };
        assert_eq!(check(&fapi2), []);
        let mut device = fapi2.clone();
        device.offer_to_devices(true);
        assert_eq!(check(&device), [KeysFault::Device]);
        let plain = "http://127.0.0.1/cb".to_owned();
        let odd = ClientSettings {
            allow_without_pkce_insecure: true,
            id_token_signed_response_alg: "RS256".to_owned(),
            redirect_uris: vec!["https://app.example/cb".to_owned(), plain.clone()],
            refresh_grace_seconds: Some(11),
            ..fapi2
        };
        let faults =
            [KeysFault::Grace, KeysFault::WithoutPkce, KeysFault::WeakSignature, KeysFault::PlainRedirect(plain)];
        assert_eq!(check(&odd), faults);
    }

    /// OIDC Registration §2, RFC 7517 §4.2: what is encrypted needs a key for it; a key for that alone is enough where the client signs nothing.
    #[test]
    fn a_client_to_which_something_is_encrypted_has_a_key_for_it() {
        let key = |used: &str| json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "use": used}]});
        let how = |alg| Some(Encrypted { alg, enc: ContentEncryption::A128Gcm });
        let with = |jwks, alg| {
            let encryption = Encryption { introspection: how(alg), ..Encryption::default() };
            ClientSettings { jwks, encryption, ..ClientSettings::default() }
        };
        let missing = |alg| [KeysFault::Set(SetFault::NoRecipient(alg))];
        assert_eq!(check(&with(None, KeyManagement::EcdhEs)), [KeysFault::NoRecipient]);
        assert_eq!(check(&with(Some(key("enc")), KeyManagement::EcdhEs)), []);
        assert_eq!(check(&with(Some(key("enc")), KeyManagement::RsaOaep256)), missing(KeyManagement::RsaOaep256));
        assert_eq!(check(&with(Some(key("sig")), KeyManagement::EcdhEs)), missing(KeyManagement::EcdhEs));
        let only = ClientSettings { jwks: Some(key("enc")), ..ClientSettings::default() };
        assert_eq!(check(&only), [KeysFault::Set(SetFault::Empty)], "a key for nothing");
        let signs = ClientSettings {
            token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
            ..with(Some(key("enc")), KeyManagement::EcdhEs)
        };
        assert_eq!(check(&signs), [KeysFault::Set(SetFault::Empty)]);
    }

    /// RFC 8705 §2.1.2, §2.2, FAPI 2.0 Security Profile §5.3.2.1: by a name, or by a key of its own; each is as good as a signature.
    #[test]
    fn a_client_with_a_certificate_has_a_name_or_keys() {
        let name = CertificateName::SubjectDn("CN=imas,O=Bank".to_owned());
        let named = ClientSettings {
            token_endpoint_auth_method: AuthMethod::TlsClientAuth,
            profile: ClientProfile::Fapi2,
            tls_client_auth: Some(name),
            ..ClientSettings::default()
        };
        assert_eq!(check(&named), []);
        assert_eq!(check(&ClientSettings { tls_client_auth: None, ..named.clone() }), [KeysFault::NameMissing]);
        let odd = CertificateName::SanDns("*.bank.example".to_owned());
        let fault = KeysFault::Name(NoName("*.bank.example".to_owned(), "san_dns"));
        assert_eq!(check(&ClientSettings { tls_client_auth: Some(odd), ..named }), [fault]);
        let own = AuthMethod::SelfSignedTlsClientAuth;
        assert_eq!(check(&ClientSettings { token_endpoint_auth_method: own, ..signing() }), []);
        let without = ClientSettings { token_endpoint_auth_method: own, jwks: None, ..signing() };
        assert_eq!(check(&without), [KeysFault::Missing]);
    }

    /// OA-21: plain http, user names and private keys are refused when they are registered.
    #[test]
    fn oa_21_odd_keys_and_odd_addresses_of_keys_are_refused() {
        let private = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}]});
        let refused = KeysFault::Set(SetFault::Key(1, KeyFault::Private));
        assert_eq!(check(&ClientSettings { jwks: Some(private), ..signing() }), [refused]);
        let long = json!({"keys": [], "x": "x".repeat(LONGEST)});
        assert_eq!(check(&ClientSettings { jwks: Some(long), ..signing() }), [KeysFault::Long]);
        for bad in [
            "http://app.example/jwks",
            "https://u:p@app.example/jwks",
            "file:///etc/passwd",
            "https://app.example/#x",
            "",
        ] {
            let settings = ClientSettings { jwks: None, jwks_uri: Some(bad.to_owned()), ..signing() };
            assert_eq!(check(&settings), [KeysFault::Address(bad.to_owned())], "{bad}");
        }
    }
}
