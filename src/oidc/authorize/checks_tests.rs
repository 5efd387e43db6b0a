//! The checks on an authorization request, one by one.

use super::*;
use crate::directory::client::model::ClientSettings;
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

fn client(kind: ClientKind, redirect_uri: &str) -> Client {
    Client {
        id: ClientId(uuid::Uuid::nil()),
        client_id: "imas".to_owned(),
        name: "IMAS".to_owned(),
        kind,
        environment: None,
        organisation: None,
        active: true,
        settings: ClientSettings { redirect_uris: vec![redirect_uri.to_owned()], ..ClientSettings::default() },
        epoch: 0,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        version: 0,
    }
}

fn asking(pairs: &[(&str, &str)]) -> Parameters {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    Parameters::parse(text.extend_pairs(pairs).finish().as_bytes()).unwrap()
}

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn oa_01_a_redirect_uri_is_compared_octet_by_octet() {
    let client = client(ClientKind::Web, "https://imas.example/cb");
    assert!(redirect_uri(&asking(&[("redirect_uri", "https://imas.example/cb")]), &client).is_ok());
    for odd in [
        "https://imas.example/cb/",
        "https://imas.example/cb?x=1",
        "https://imas.example/CB",
        "https://IMAS.example/cb",
        "https://imas.example:443/cb",
        "https://imas.example/cb#",
        "https://imas.example/a/..;/cb",
        "https://imas.example/%63b",
        "https://imas.example/a/%2e%2e/cb",
        "https://user@imas.example/cb",
        "https://a@b@imas.example/cb",
        "https://imas.example\\cb",
        "https://imas.example.evil.example/cb",
        "https://xn--imas-example/cb",
        "http://imas.example/cb",
        " https://imas.example/cb",
        "https://imas.example/cb\n",
        "//imas.example/cb",
        "javascript:alert(1)",
    ] {
        assert!(redirect_uri(&asking(&[("redirect_uri", odd)]), &client).is_err(), "{odd}");
    }
    assert!(redirect_uri(&asking(&[]), &client).is_err());
}

#[test]
fn oa_02_only_the_loopback_literals_of_native_clients_may_change_their_port() {
    let native = client(ClientKind::Native, "http://127.0.0.1/cb");
    let may = |client: &Client, uri| redirect_uri(&asking(&[("redirect_uri", uri)]), client).is_ok();
    assert!(may(&native, "http://127.0.0.1:51004/cb"));
    for odd in [
        "http://localhost:51004/cb",
        "http://127.0.0.1:51004/other",
        "http://127.0.0.1:51004",
        "http://[::1]:51004/cb",
        "http://127.0.0.1:x/cb",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "https://127.0.0.1:51004/cb",
        "http://127.0.0.2:51004/cb",
    ] {
        assert!(!may(&native, odd), "{odd}");
    }
    assert!(!may(&client(ClientKind::Web, "http://127.0.0.1/cb"), "http://127.0.0.1:51004/cb"));
    assert!(!may(&client(ClientKind::Native, "http://localhost/cb"), "http://localhost:51004/cb"));
}

#[test]
fn oa_04_a_client_without_redirect_uris_cannot_be_used() {
    let mut empty = client(ClientKind::Web, "https://imas.example/cb");
    empty.settings.redirect_uris.clear();
    assert!(redirect_uri(&asking(&[("redirect_uri", "https://imas.example/cb")]), &empty).is_err());
}

/// OA-06, OA-08
#[test]
fn oa_06_and_08_pkce_with_s256_is_needed() {
    let mut client = client(ClientKind::Web, "https://imas.example/cb");
    let with = |method: &'static str| asking(&[("code_challenge", CHALLENGE), ("code_challenge_method", method)]);
    assert_eq!(code_challenge(&with("S256"), &client).unwrap().as_deref(), Some(CHALLENGE));
    assert!(code_challenge(&with("plain"), &client).is_err());
    assert!(code_challenge(&asking(&[("code_challenge", CHALLENGE)]), &client).is_err());
    assert!(code_challenge(&asking(&[]), &client).is_err());
    client.settings.allow_without_pkce_insecure = true;
    assert_eq!(code_challenge(&asking(&[]), &client).unwrap(), None);
    client.kind = ClientKind::Spa;
    assert!(code_challenge(&asking(&[]), &client).is_err());
}

/// OA-15, OA-16, OA-19
#[test]
fn oa_15_16_and_19_other_flows_modes_and_request_objects_are_refused() {
    let client = client(ClientKind::Web, "https://imas.example/cb");
    for kind in ["token", "id_token", "code id_token", "none"] {
        let error = request(&asking(&[("response_type", kind)]), &client, ("", Way::default()), "").unwrap_err();
        assert_eq!(error.code(), "unsupported_response_type");
    }
    for mode in ["fragment.jwt", "fragment", "JWT", "web_message", "Query", "query form_post", "form_post.jwt "] {
        assert!(response_mode(&asking(&[("response_mode", mode)])).is_err(), "{mode}");
    }
    let elsewhere = asking(&[("request_uri", "https://evil.example")]);
    let error = request(&elsewhere, &client, ("", Way::default()), "").unwrap_err();
    assert_eq!(error.code(), "request_uri_not_supported");
}

#[test]
fn prompt_none_stands_alone() {
    assert!(prompt(&asking(&[("prompt", "none login")])).is_err() && prompt(&asking(&[("prompt", "odd")])).is_err());
    assert!(prompt(&asking(&[("prompt", "login consent")])).unwrap().sign_in);
}
