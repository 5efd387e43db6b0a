//! Tokens by which clients register themselves: made, listed, taken back by an operator; nothing for anybody else.

use axum::http::StatusCode;
use chamberlain::directory::application::environment_store;
use chamberlain::directory::client;
use chamberlain::directory::client::registration::store;
use chamberlain::kernel::secret::Token;
use chamberlain::transact;

use super::browser::selector;
use super::pages::check;
use super::town::Town;

const BASE: &str = "/admin/clients/registration";

on_both! {
    /// RFC 7591 §3, DA-38: an operator makes a token, whose secret is shown once, and takes it back.
    async fn an_operator_makes_a_registration_token_and_takes_it_back(world: World) {
        let town = Town::build(world).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let list = olga.get("/admin/clients").await;
        assert!(list.has(&format!("a[href='{BASE}']")), "{}", list.text);
        let empty = olga.get(BASE).await;
        check(&empty);
        let page = olga.get(&format!("{BASE}/new")).await;
        check(&page);
        let html = page.html();
        let place = html.select(&selector("#environment option:last-child")).next().unwrap().value().attr("value").unwrap().to_owned();
        let form = page.form(&format!("{BASE}/new")).set("name", "For a partner").set("environment", &place);
        let wrong = olga.submit(&form.clone().set("uses", "0").set("days", "400").set("scopes", " ")).await;
        check(&wrong);
        assert!(wrong.text.contains("from 1 to 1,000") && wrong.text.contains("from 1 to 365") && wrong.text.contains("at least one scope"), "{}", wrong.text);
        let made = olga.submit(&form.set("uses", "3")).await;
        check(&made);
        let html = made.html();
        let secret: String = html.select(&selector("#registration-secret")).next().unwrap().text().collect();
        let tx = &mut town.world.db.reader().await.unwrap();
        let token = store::find_token(tx, &Token::from_text(secret.clone()).digest()).await.unwrap().unwrap();
        assert!(token.uses_left == 3 && token.policy.third_party && !token.policy.allow_without_pkce_insecure);
        let list = olga.get(BASE).await;
        check(&list);
        assert!(list.text.contains("For a partner") && !list.text.contains(&secret));
        let address = format!("{BASE}/{}", token.id);
        let asks = olga.get(&address).await;
        check(&asks);
        let done = olga.submit_and_follow(&asks.form(&address)).await;
        assert!(!done.text.contains("For a partner") && done.text.contains("was taken back"), "{}", done.text);
        assert_eq!(olga.get(&address).await.status, StatusCode::NOT_FOUND);
    }

    /// DA-38 in kind: only who manages clients sees or makes any.
    async fn nobody_else_sees_or_makes_registration_tokens(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        for path in [BASE.to_owned(), format!("{BASE}/new"), format!("{BASE}/01938f5c-7a00-7000-8000-000000000001")] {
            assert_eq!(anna.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }

    /// OIDC Core §4: without an address of its own the tile leads to where the application begins a sign-in, and says at whom.
    async fn a_tile_leads_to_where_the_application_begins_a_sign_in(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let address = format!("/admin/users/{fred}/memberships");
        let mut paul = town.signed_in(daa).await;
        let form = paul.get(&address).await.form(&address);
        paul.submit_and_follow(&form.tick("groups[]", &town.imas_user.to_string())).await;
        town.client("tiled").await;
        let changed: chamberlain::db::Result<()> = transact!(town.world.db, tx => {
            let mut client = client::store::find_by_client_id(tx, "tiled").await?.unwrap();
            client.settings.initiate_login_uri = Some("https://imas.example/begin?tenant=1".to_owned());
            client::store::save(tx, &client).await?;
            let mut environment = environment_store::find(tx, client.environment.unwrap()).await?.unwrap();
            environment.launch_url = None;
            environment_store::save(tx, &environment).await.map(drop)
        });
        changed.unwrap();
        let page = town.signed_in(fred).await.get("/").await;
        let issuer: String = url::form_urlencoded::byte_serialize(town.app.link("").as_bytes()).collect();
        assert!(page.has(&format!("a.tile[href='https://imas.example/begin?tenant=1&iss={issuer}']")), "{}", page.text);
    }
}
