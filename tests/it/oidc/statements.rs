//! How often one request asks the database: on SQLite each statement is a hop to another thread, which costs more than what it does
//! (`docs/performance.md`). A request that asks more often than before fails here.

use chamberlain::db::counting;
use serde_json::Value;

use crate::support::relying_party::{Answer, Provider};

const FRED: &str = "fred.perry@bank-a.example";

/// What is released by the most usual scopes; roles take more.
const SCOPE: (&str, &str) = ("scope", "openid profile email groups organisation");

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

/// How many statements a good answer took.
async fn cost(doing: impl Future<Output = Answer>) -> (u64, Answer) {
    let (answer, statements) = counting(doing).await;
    assert!(answer.status.as_u16() < 400, "{}", answer.body);
    (statements, answer)
}

on_both! {
    /// Everything that may be remembered is: the client, the keys. `BEGIN` and `COMMIT` are not counted.
    async fn a_request_of_an_application_asks_the_database_a_few_times(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.introspection = true).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        provider.tokens(&imas, &browser).await;
        let (authorization, answer) = cost(provider.get(&browser, &imas.authorize(&[SCOPE]))).await;
        let (exchange, answer) = cost(provider.redeem(&imas, &answer.param("code").unwrap())).await;
        let tokens = answer.json();
        let (refresh, answer) = cost(provider.refresh(&imas, &text(&tokens, "refresh_token"))).await;
        let access = text(&answer.json(), "access_token");
        let basic = imas.basic();
        let pairs = [("token", access.as_str())];
        let (introspection, answer) = cost(provider.post("/oauth2/introspect", Some(&basic), &pairs)).await;
        assert_eq!(answer.json()["active"], true);
        let (userinfo, _) = cost(provider.userinfo(&access)).await;
        let address = imas.authorize(&[SCOPE]);
        let query = address.split_once('?').unwrap().1.as_bytes();
        let pushed: Vec<(String, String)> = url::form_urlencoded::parse(query).into_owned().collect();
        let pushed: Vec<(&str, &str)> = pushed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (push, _) = cost(provider.post("/oauth2/par", Some(&basic), &pushed)).await;
        let (service, _) = provider.service(0);
        let own = [("grant_type", "client_credentials")];
        provider.post("/oauth2/token", Some(&service), &own).await;
        let (credentials, _) = cost(provider.post("/oauth2/token", Some(&service), &own)).await;
        let counted = [authorization, exchange, refresh, introspection, userinfo, push, credentials];
        assert_eq!(counted, [5, 4, 2, 1, 1, 1, 0], "authorization, code exchange, refresh, introspection, UserInfo, pushed request, client_credentials");
    }
}
