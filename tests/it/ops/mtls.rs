//! The listener that asks for client certificates (RFC 8705), by real handshakes, and its configuration.

use std::net::SocketAddr;
use std::path::Path;

use chamberlain::config::{Layers, Mode, check, load};
use rcgen::{DnType, KeyPair, SanType};
use reqwest::{Certificate, Client, ClientBuilder, Identity, StatusCode};
use serde_json::{Value, json};

use super::{KEY, Running, chamberlain, json as run};
use crate::support::certificates::{Authority, Held, IMAS_DN, imas, of_subject, self_made};
use crate::support::signing::Signer;

const BASE: &str = "https://mtls.id.test";

/// A server with a certificate of its own and one organisation with two services: `own` is known by its key, `named` by a name.
struct Site {
    server: Running,
    own: Held,
    named: Held,
    certificate: String,
    _folder: tempfile::TempDir,
}

fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut params = of_subject(&[(DnType::CommonName, "mtls.id.test")]);
    params.subject_alt_names = vec![SanType::DnsName("mtls.id.test".try_into().unwrap())];
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let (authority, signer) = (Authority::new("Authority"), Signer::new("ES256"));
    let own = self_made(&signer);
    let set = file("keys.json", &json!({"keys": [signer.registered()]}).to_string());
    let ask = |arguments: &[&str]| run(with_key(folder.path()).args(arguments)).1;
    let root = ask(&["organisation", "create", "Institution"]);
    let of = root["id"].as_str().unwrap();
    let bound = "--tls-client-certificate-bound-access-tokens";
    let own_method = ["--auth-method", "self_signed_tls_client_auth", "--jwks", &set, bound];
    let by_name =
        ["--auth-method", "tls_client_auth", "--tls-client-auth-subject-dn", IMAS_DN, "--profile", "fapi2", bound];
    for (client, method) in [("own", &own_method[..]), ("named", &by_name[..])] {
        let made = ask(&[&["client", "create", client, "--kind", "machine", "--organisation", of], method].concat());
        assert!(made["client_secret"].is_null() && made["client_id"] == client, "{made}");
    }
    let mut command = with_key(folder.path());
    command.args(["serve", "--dev", "--public-url", "http://localhost:4711"]);
    for (key, value) in [
        ("LISTEN", "127.0.0.1:0"),
        ("CERTIFICATE", &file("server.pem", &certificate)),
        ("PRIVATE_KEY", &file("server.key", &key.serialize_pem())),
        ("CLIENT_CA", &file("authorities.pem", &authority.pem)),
        ("PUBLIC_URL", BASE),
        ("HEADER", "Client-Cert"),
    ] {
        command.env(format!("CHAMBERLAIN__MTLS__{key}"), value);
    }
    command.env("CHAMBERLAIN__HTTP__TRUSTED_PROXIES", "127.0.0.1");
    let server = Running::start(&mut command).unwrap();
    Site { server, own, named: authority.issue(&imas()), certificate, _folder: folder }
}

fn with_key(folder: &Path) -> std::process::Command {
    let mut command = chamberlain(folder);
    command.env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    command
}

impl Site {
    /// A program that holds a certificate, or none.
    fn client(&self, held: Option<&Held>, more: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let _installed_before = rustls::crypto::ring::default_provider().install_default().is_err();
        let address: SocketAddr = self.server.mtls.as_ref().unwrap().parse().unwrap();
        let mut builder = Client::builder()
            .tls_certs_only([Certificate::from_pem(self.certificate.as_bytes()).unwrap()])
            .resolve("mtls.id.test", address);
        if let Some(held) = held {
            let pem = format!("{}{}", held.key, held.certificate.pem());
            builder = builder.identity(Identity::from_pem(pem.as_bytes()).unwrap());
        }
        more(builder).build().unwrap()
    }
}

async fn token(client: &Client, id: &str, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let form = [("grant_type", "client_credentials"), ("client_id", id)];
    let request = client.post(format!("{BASE}/oauth2/token")).form(&form);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// RFC 8705 §2, §3: each method by a real handshake; the token works over connections with its certificate and over no other.
#[tokio::test]
async fn a_certificate_of_a_handshake_proves_a_client_and_binds_its_tokens() {
    let site = site();
    for (id, held, other) in [("own", &site.own, &site.named), ("named", &site.named, &site.own)] {
        for version in [reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3] {
            let client = site.client(Some(held), |builder| builder.tls_version_max(version).tls_version_min(version));
            let (status, tokens) = token(&client, id, &[]).await;
            assert_eq!(status, StatusCode::OK, "{id}: {tokens}");
            let bearer = tokens["access_token"].as_str().unwrap();
            let cnf = crate::support::relying_party::claims(&tokens["access_token"])["cnf"].clone();
            assert_eq!(cnf, json!({"x5t#S256": held.thumbprint()}));
            let stranger = site.client(Some(other), |builder| builder);
            let nobody = site.client(None, |builder| builder);
            for (client, status) in [(&client, 200), (&stranger, 401), (&nobody, 401)] {
                let answer =
                    client.get(format!("{BASE}/scim/v2/Users?count=1")).bearer_auth(bearer).send().await.unwrap();
                assert_eq!(answer.status().as_u16(), status, "{id}");
            }
        }
        let stranger = site.client(Some(other), |builder| builder);
        assert_eq!(token(&stranger, id, &[]).await.1["error"], "invalid_client");
        let nobody = site.client(None, |builder| builder);
        assert_eq!(token(&nobody, id, &[]).await.1["error"], "invalid_client");
        // OA-59: on this listener a header is nobody's word, not even that of a trusted proxy.
        assert_eq!(token(&nobody, id, &[("client-cert", &held.header())]).await.1["error"], "invalid_client");
        assert_eq!(token(&stranger, id, &[("client-cert", &held.header())]).await.1["error"], "invalid_client");
    }
    // Nor is one about its address, however odd.
    for told in ["203.0.113.9", "no address"] {
        let client = site.client(Some(&site.own), |builder| builder);
        assert_eq!(token(&client, "own", &[("x-forwarded-for", told)]).await.0, StatusCode::OK, "{told}");
    }
    // A certificate with the right name that its holder made.
    let forged = {
        let key = KeyPair::generate().unwrap();
        let certificate = imas().self_signed(&key).unwrap();
        Held { certificate, key: key.serialize_pem(), chain: Vec::new() }
    };
    assert_eq!(token(&site.client(Some(&forged), |builder| builder), "named", &[]).await.1["error"], "invalid_client");
}

/// Conformance 21: people are never asked for a certificate, and what is for them is not where they would be; each listener has its host.
#[tokio::test]
async fn the_listener_for_certificates_serves_machines_only() {
    let site = site();
    let nobody = site.client(None, |builder| builder);
    let status = async |path: &str| nobody.get(format!("{BASE}{path}")).send().await.unwrap().status().as_u16();
    for path in [
        "/",
        "/login",
        "/admin/users",
        "/oauth2/authorize",
        "/oauth2/logout",
        "/oauth2/consent",
        "/oauth2/session",
        "/assets/x.css",
        "/dev/outbox",
    ] {
        assert_eq!(status(path).await, 404, "{path}");
    }
    let metadata = nobody
        .get(format!("{BASE}/.well-known/openid-configuration"))
        .send()
        .await
        .unwrap()
        .json::<Value>()
        .await
        .unwrap();
    assert_eq!(
        (&metadata["issuer"], &metadata["mtls_endpoint_aliases"]["token_endpoint"]),
        (&json!("http://localhost:4711"), &json!(format!("{BASE}/oauth2/token")))
    );
    let misdirected = nobody
        .get(format!("{BASE}/.well-known/openid-configuration"))
        .header("host", "localhost:4711")
        .send()
        .await
        .unwrap();
    assert_eq!(misdirected.status().as_u16(), 421);
    // By the other listener it is what a proxy serves under that name: with its header, and without pages.
    let plain = Client::builder().build().unwrap();
    let form = [("grant_type", "client_credentials"), ("client_id", "own")];
    let ask = plain.post(format!("{}/oauth2/token", site.server.public)).header("host", "mtls.id.test").form(&form);
    assert_eq!(ask.header("client-cert", site.own.header()).send().await.unwrap().status().as_u16(), 200);
    let page = plain.get(format!("{}/login", site.server.public)).header("host", "mtls.id.test").send().await.unwrap();
    assert_eq!(page.status().as_u16(), 404);
    // Whoever speaks no TLS there is not answered, and nobody else is held up by it.
    let spoken = plain.get(format!("http://{}/oauth2/jwks", site.server.mtls.as_ref().unwrap())).send().await;
    assert!(spoken.is_err());
    assert_eq!(status("/oauth2/jwks").await, 200);
}

/// Each key that does not go with the others is named; a file that cannot be used ends the start with its key.
#[test]
fn what_does_not_go_together_is_named() {
    let problems = |section: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(&file, format!("[keys]\nencryption_key = '{KEY}'\n{section}")).unwrap();
        let layers = Layers { files: vec![file], ..Layers::default() };
        let problems = check(&load(&layers).unwrap(), Mode::Development).err().map(|found| found.0).unwrap_or_default();
        problems.into_iter().map(|problem| problem.key).collect::<Vec<_>>().join(" ")
    };
    let whole = "certificate = 'c'\nprivate_key = 'k'\npublic_url = 'https://mtls.id.test'\n";
    assert_eq!(problems(&format!("[mtls]\nlisten = '127.0.0.1:8443'\n{whole}")), "");
    assert_eq!(problems("[http]\ntrusted_proxies = ['127.0.0.1']\n[mtls]\nheader = 'Client-Cert'\n"), "");
    for (section, keys) in [
        ("[mtls]\nlisten = '127.0.0.1:8443'\n", "mtls.certificate mtls.private_key mtls.public_url"),
        (&format!("[mtls]\nlisten = 'x'\n{whole}"), "mtls.listen"),
        (&format!("[mtls]\nlisten = '127.0.0.1:8080'\n{whole}"), "mtls.listen"),
        (&format!("[mtls]\nlisten = '0.0.0.0:8443'\n{whole}"), "mtls.listen"),
        ("[mtls]\nheader = 'Client-Cert'\n", "mtls.header"),
        ("[http]\ntrusted_proxies = ['127.0.0.1']\n[mtls]\nheader = 'a b'\n", "mtls.header"),
        (
            "[http]\ntrusted_proxies = ['127.0.0.1']\n[mtls]\nheader = 'x'\npublic_url = 'http://x.example'\n",
            "mtls.public_url",
        ),
        (
            "[http]\ntrusted_proxies = ['127.0.0.1']\n[mtls]\nheader = 'x'\npublic_url = 'http://localhost:8080'\n",
            "mtls.public_url",
        ),
        ("[mtls]\nclient_ca = 'x'\n", "mtls.client_ca"),
    ] {
        assert_eq!(problems(section), keys, "{section}");
    }
    let folder = tempfile::tempdir().unwrap();
    let nonsense = folder.path().join("nonsense.pem");
    std::fs::write(&nonsense, "nonsense").unwrap();
    for file in [nonsense.as_path(), Path::new("/no/such/file")] {
        let mut command = with_key(folder.path());
        command.args(["serve", "--dev"]).env("CHAMBERLAIN__HTTP__TRUSTED_PROXIES", "127.0.0.1");
        command.env("CHAMBERLAIN__MTLS__HEADER", "Client-Cert").env("CHAMBERLAIN__MTLS__CLIENT_CA", file);
        let said = Running::start(&mut command).map(drop).unwrap_err();
        assert!(said.contains("mtls.client_ca"), "{said}");
    }
}
