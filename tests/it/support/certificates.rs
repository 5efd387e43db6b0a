//! Authorities and those who hold certificates (RFC 5280), and how a proxy passes them on.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chamberlain::oidc::Settings;
use chamberlain::outbound::Outbound;
use chamberlain::proofs::ClientKeys;
use chamberlain::proofs::certificate::Trust;
use chamberlain::web::mtls::{HeaderFormat, Mtls};
use chamberlain::web::proxies::TrustedProxies;
use josekit::jwk::alg::ec::EcKeyPair;
use josekit::jwk::alg::ed::EdKeyPair;
use josekit::jwk::alg::rsa::RsaKeyPair;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, SanType, date_time_ymd,
};
use sha2::{Digest as _, Sha256};

use super::World;
use super::relying_party::{Answer, Provider, form};
use super::signing::Signer;

/// The proxy in front, and whoever else comes.
pub const PROXY: &str = "10.0.0.7:1";
pub const STRANGER: &str = "203.0.113.9:1";

/// An authority that issues certificates to clients.
pub struct Authority {
    pub pem: String,
    pub der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

/// What a client holds.
pub struct Held {
    pub certificate: Certificate,
    /// PKCS#8 in PEM.
    pub key: String,
    /// Certificates above it.
    pub chain: Vec<Vec<u8>>,
}

fn of_authority(name: &str) -> (CertificateParams, KeyPair) {
    let mut params = of_subject(&[(DnType::CommonName, name)]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (params, KeyPair::generate().unwrap())
}

/// What stands in a certificate of a client.
pub fn of_subject(names: &[(DnType, &str)]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    for (kind, value) in names {
        params.distinguished_name.push(kind.clone(), *value);
    }
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2060, 1, 1));
    params
}

/// The subject of IMAS, and what it is written like.
pub fn imas() -> CertificateParams {
    let mut params = of_subject(&[
        (DnType::CountryName, "DE"),
        (DnType::OrganizationName, "Bank A, Ltd."),
        (DnType::CommonName, "imas"),
    ]);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.subject_alt_names = vec![
        SanType::DnsName("imas.bank-a.example".try_into().unwrap()),
        SanType::URI("urn:bank-a:imas".try_into().unwrap()),
        SanType::IpAddress("192.0.2.7".parse().unwrap()),
        SanType::IpAddress("2001:db8::7".parse().unwrap()),
        SanType::Rfc822Name("Imas@bank-a.example".try_into().unwrap()),
    ];
    params
}

pub const IMAS_DN: &str = "CN=imas,O=Bank A\\, Ltd.,C=DE";

impl Authority {
    pub fn new(name: &str) -> Self {
        let (params, key) = of_authority(name);
        let certificate = params.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().to_vec(), issuer: Issuer::new(params, key) }
    }

    /// An authority below this one.
    pub fn below(&self, name: &str) -> Self {
        let (params, key) = of_authority(name);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().to_vec(), issuer: Issuer::new(params, key) }
    }

    pub fn issue(&self, params: &CertificateParams) -> Held {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Held { certificate, key: key.serialize_pem(), chain: Vec::new() }
    }

    pub fn trust(&self) -> Trust {
        Trust::of_pem(self.pem.as_bytes()).unwrap()
    }
}

/// A certificate that the holder of a key made by itself.
pub fn self_made(signer: &Signer) -> Held {
    let pem = match signer.alg {
        "ES256" => EcKeyPair::from_jwk(&signer.private).unwrap().to_pem_private_key(),
        "EdDSA" => EdKeyPair::from_jwk(&signer.private).unwrap().to_pem_private_key(),
        _ => RsaKeyPair::from_jwk(&signer.private).unwrap().to_pem_private_key(),
    };
    let pem = String::from_utf8(pem).unwrap();
    let key = KeyPair::from_pem(&pem).unwrap();
    let certificate = of_subject(&[(DnType::CommonName, "anybody")]).self_signed(&key).unwrap();
    Held { certificate, key: pem, chain: Vec::new() }
}

impl Held {
    /// `x5t#S256`.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.certificate.der()))
    }

    /// As one of `x5c`.
    pub fn x5c(&self) -> String {
        STANDARD.encode(self.certificate.der())
    }

    /// RFC 9440 §2.2.
    pub fn header(&self) -> String {
        format!(":{}:", self.x5c())
    }

    /// RFC 9440 §2.3.
    pub fn chain_header(&self) -> String {
        self.chain.iter().map(|der| format!(":{}:", STANDARD.encode(der))).collect::<Vec<_>>().join(", ")
    }

    /// As nginx writes `$ssl_client_escaped_cert`.
    pub fn escaped(&self) -> String {
        url::form_urlencoded::byte_serialize(self.certificate.pem().as_bytes()).collect::<String>().replace('+', "%20")
    }
}

impl Provider {
    /// One behind a proxy that passes certificates on, with these authorities.
    pub async fn with_certificates(world: World, authority: Option<&Authority>) -> Self {
        Self::behind(world, authority, HeaderFormat::Rfc9440).await
    }

    pub async fn behind(world: World, authority: Option<&Authority>, format: HeaderFormat) -> Self {
        let mtls = Mtls {
            header: Mtls::header("client-cert", format),
            trust: authority.map(Authority::trust),
            alias: Some("https://mtls.id.example".parse().unwrap()),
            ..Mtls::default()
        };
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        Self::with_app(world, Settings::default(), "ecb-identity-portal", move |app| {
            app.mtls = Arc::new(mtls);
            app.proxies = Arc::new(proxies);
        })
        .await
    }

    /// The same, fetching the keys of clients by this way out.
    pub async fn with_certificates_reaching(world: World, outbound: Outbound) -> Self {
        let Self { world, demo, mut oidc, .. } = Self::with_certificates(world, None).await;
        oidc.client_keys = ClientKeys::fetching(outbound);
        Self::serving(world, demo, oidc)
    }

    /// A form from an address, with headers.
    pub async fn post_from(&self, peer: &str, path: &str, headers: &[(&str, &str)], pairs: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(from(peer, request, headers).body(Body::from(form(pairs))).unwrap()).await
    }

    /// A form by the proxy, with the certificate of a client.
    pub async fn post_held(&self, held: &Held, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let (certificate, chain) = (held.header(), held.chain_header());
        self.post_from(PROXY, path, &[("client-cert", &certificate), ("client-cert-chain", &chain)], pairs).await
    }

    /// `UserInfo` by the proxy, with the certificate of a client or none.
    pub async fn userinfo_held(&self, held: Option<&Held>, headers: &[(&str, &str)]) -> Answer {
        let certificate = held.map(Held::header).unwrap_or_default();
        let all = [headers, &[("client-cert", certificate.as_str())]].concat();
        self.send(from(PROXY, Request::get("/oauth2/userinfo"), &all).body(Body::empty()).unwrap()).await
    }
}

/// A request from an address, to the host for certificates unless another is named.
pub fn from(
    peer: &str,
    request: axum::http::request::Builder,
    headers: &[(&str, &str)],
) -> axum::http::request::Builder {
    let request = request.extension(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    let named = headers.iter().any(|(name, _)| *name == "host");
    let request = if named { request } else { request.header("host", "mtls.id.example") };
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}
