//! Registration with names of a sector (OIDC Registration §2, §5).

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use chamberlain::directory::client::model::DEVICE_GRANT;
use chamberlain::directory::client::registration::model::Policy;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::outbound::{Outbound, Settings};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::policy;
use crate::support::World;
use crate::support::relying_party::Provider;

const ONE: &str = "https://one.example/cb";
const TWO: &str = "https://two.example/cb";

/// A provider that fetches, and where the lists are.
async fn fetching(world: World) -> (Provider, String, JoinSet<()>) {
    let outbound = Outbound::new(&Settings { timeout_seconds: 1, ..Settings::default() }, true).unwrap();
    let provider = Provider::reaching(world, outbound).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let says = |body: Value| get(move || async move { body.to_string() });
    let router = Router::new()
        .route("/both", says(json!([ONE, TWO, "https://three.example/cb"])))
        .route("/one", says(json!([ONE])))
        .route("/odd", says(json!({ "redirect_uris": [ONE, TWO] })))
        .route("/prefixes", says(json!(["https://one.example/", "https://two.example/"])));
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (provider, url, tasks)
}

on_both! {
    /// OIDC Registration §5: each redirect address has to be in the list; without one there is one host only (OIDC Core §8.1).
    async fn a_sector_lists_each_redirect_address(world: World) {
        let (provider, url, _tasks) = fetching(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 100).await;
        let with = |list: Option<&str>| {
            let list = list.map(|path| format!("{url}{path}"));
            json!({ "redirect_uris": [ONE, TWO], "subject_type": "pairwise", "sector_identifier_uri": list })
        };
        let devices = provider.registration_token(PrincipalId::Console, Policy { device_grant: true, ..policy() }, 9).await;
        let device = json!({ "redirect_uris": [ONE], "subject_type": "pairwise", "grant_types": [DEVICE_GRANT, "authorization_code"] });
        let alone = json!({ "redirect_uris": [], "subject_type": "pairwise", "grant_types": [DEVICE_GRANT], "response_types": [], "sector_identifier_uri": format!("{url}/both") });
        for of_devices in [device, alone] {
            let answer = provider.register(&devices, &of_devices).await;
            assert_eq!(answer.error(), "invalid_client_metadata", "nothing shows whose sector it is: {of_devices}");
        }
        for (list, good) in [(Some("/both"), true), (None, false), (Some("/one"), false), (Some("/odd"), false), (Some("/prefixes"), false), (Some("/nowhere"), false)] {
            let answer = provider.register(&token, &with(list)).await;
            if good {
                assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
                let made = answer.json();
                assert_eq!((&made["subject_type"], &made["sector_identifier_uri"]), (&json!("pairwise"), &json!(format!("{url}/both"))));
            } else {
                assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_client_metadata".to_owned()), "{list:?}");
            }
        }
        for odd in ["http://one.example/list", "file:///etc/passwd", "https://u@one.example/list", ""] {
            let document = json!({ "redirect_uris": [ONE], "subject_type": "pairwise", "sector_identifier_uri": odd });
            assert_eq!(provider.register(&token, &document).await.error(), "invalid_client_metadata", "{odd}");
        }
        for odd in [
            json!({ "redirect_uris": ["com.example.app:/cb"], "application_type": "native", "token_endpoint_auth_method": "none", "subject_type": "pairwise" }),
            json!({ "redirect_uris": ["http://127.0.0.1/cb"], "application_type": "native", "token_endpoint_auth_method": "none", "subject_type": "pairwise" }),
        ] {
            assert_eq!(provider.register(&token, &odd).await.error(), "invalid_client_metadata", "everybody's sector: {odd}");
        }
        let nobody = provider.register("not a token", &with(Some("/both"))).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{}", nobody.body);
    }

    /// OA-51: whoever knows people by names of its sector does not come to know those of everybody by changing its registration.
    async fn oa_51_names_of_a_sector_do_not_become_those_of_everybody(world: World) {
        let (provider, _, _tasks) = fetching(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let made = provider.register(&token, &json!({ "redirect_uris": [ONE], "subject_type": "pairwise" })).await.json();
        let (address, own) = Provider::own(&made);
        let document = json!({ "client_id": made["client_id"], "redirect_uris": [ONE], "subject_type": "public" });
        let changed = provider.manage(axum::http::Method::PUT, &address, Some(&own), Some(&document)).await;
        assert_eq!((changed.status, &changed.json()["subject_type"]), (StatusCode::OK, &json!("pairwise")), "{}", changed.body);
    }
}
