//! OpenID Connect RP-Initiated Logout 1.0.

use axum::http::StatusCode;

use crate::support::World;
use crate::support::relying_party::{Provider, form};

const FRED: &str = "fred.perry@bank-a.example";
const BACK: &str = "http://127.0.0.1:4001/";

on_both! {
    async fn a_hint_of_this_session_ends_it_and_leads_back_with_state(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let hint = tokens["id_token"].as_str().unwrap();
        let path = format!("/oauth2/logout?{}", form(&[("id_token_hint", hint), ("post_logout_redirect_uri", BACK), ("state", "a b")]));
        let answer = provider.get(&browser, &path).await;
        assert_eq!(answer.location(), "http://127.0.0.1:4001/?state=a+b");
        assert!(answer.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap().starts_with("chamberlain=;")));
        assert!(provider.get(&browser, &imas.authorize(&[])).await.location().starts_with("/login?"));
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_47_and_oa_17_less_than_a_good_hint_asks_first_and_leads_nowhere_else(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let (hint, access) = (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
        let other = provider.signed_in("paul.ito@bank-b.example").await;
        let forged = format!("{}x", hint.trim_end_matches('x'));
        for (browser, pairs) in [
            (&browser, vec![]),
            (&browser, vec![("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("client_id", "imas"), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", forged.as_str()), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", access), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", hint), ("client_id", "casper"), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://evil.example/")]),
            (&browser, vec![("id_token_hint", hint), ("post_logout_redirect_uri", "http://127.0.0.1:4001/?x")]),
            (&other, vec![("id_token_hint", hint), ("post_logout_redirect_uri", BACK)]),
        ] {
            let answer = provider.get(browser, &format!("/oauth2/logout?{}", form(&pairs))).await;
            assert_eq!(answer.location(), "/logout", "{pairs:?}");
            assert!(provider.get(browser, &imas.authorize(&[])).await.param("code").is_some(), "{pairs:?}");
        }
    }
}
