//! The yardstick: a server that does what HTTP and the signature cost and nothing else. No database, no limits, no checks.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jws::{ES256, JwsSigner};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// Set for the process that is to be the floor.
pub const MARK: &str = "CHAMBERLAIN_BENCH_FLOOR";

/// The one client of the floor.
pub const CLIENT: (&str, &str) = ("floor", "the-secret-of-the-floor");

struct Floor {
    signer: Box<dyn JwsSigner>,
    secret: [u8; 32],
    document: Bytes,
}

/// Serves if this process is to be the floor; never returns then.
pub fn serve_if_told() {
    if std::env::var_os(MARK).is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let key = EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair();
        let floor = Floor {
            signer: Box::new(ES256.signer_from_jwk(&key).unwrap()),
            secret: Sha256::digest(CLIENT.1).into(),
            document: Bytes::from(vec![b'x'; 1_300]),
        };
        let router = Router::new()
            .route("/document", get(async |State(floor): State<Arc<Floor>>| floor.document.clone()))
            .route("/token", post(token))
            .with_state(Arc::new(floor));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        axum::serve(listener, router).await.unwrap();
    });
    std::process::exit(0);
}

async fn token(State(floor): State<Arc<Floor>>, headers: HeaderMap, body: Bytes) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pair = STANDARD.decode(given.trim_start_matches("Basic ")).unwrap_or_default();
    let (id, secret) = pair.split_at(pair.iter().position(|byte| *byte == b':').unwrap_or(0));
    let digest: [u8; 32] = Sha256::digest(secret.get(1..).unwrap_or_default()).into();
    if id != CLIENT.0.as_bytes() || digest != floor.secret || !body.starts_with(b"grant_type=client_credentials") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = json!({
        "iss": "http://127.0.0.1:8080", "aud": "http://127.0.0.1:8080", "sub": CLIENT.0, "client_id": CLIENT.0,
        "jti": uuid::Uuid::new_v4().simple().to_string(), "iat": now, "exp": now + 300, "scope": "scim", "client_epoch": 0,
    });
    let mut token =
        URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}"#);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
    let signature = floor.signer.sign(token.as_bytes()).unwrap();
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": "scim" })).into_response()
}
