//! Grants that an operator switches on for a client, on its page.

use chamberlain::directory::client;

use super::town::Town;

on_both! {
    /// RFC 8628, `decisions.md` 20: the grant for devices is switched on by name; without redirect addresses it is the only way in.
    async fn a_client_is_let_be_used_on_devices(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&link).await;
        assert!(page.has("#device") && !page.has("#device[checked]") && page.has("#device-hint"));
        let id = link.rsplit('/').next().unwrap().parse().unwrap();
        let granted = async || {
            let found = client::store::find(&mut town.world.db.reader().await.unwrap(), id).await;
            found.unwrap().unwrap().settings.grant_types
        };
        let both = olga.submit_and_follow(&page.form(&link).tick("device", "on")).await;
        assert!(both.has("#device[checked]"));
        assert_eq!(granted().await, ["authorization_code", "refresh_token", client::model::DEVICE_GRANT]);
        let alone = olga.submit_and_follow(&both.form(&link).set("redirects", "").set("frame_uri", "")).await;
        assert_eq!(granted().await, ["refresh_token", client::model::DEVICE_GRANT]);
        let refused = olga.submit(&alone.form(&link).untick("device", "on")).await;
        assert!(refused.has("#redirects-error"), "{}", refused.text);
    }

    /// RFC 8693: the exchange of tokens is switched on by name, and not for a client of somebody else.
    async fn a_client_is_let_act_for_the_persons_of_tokens(world: World) {
        let town = Town::build(world).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&link).await;
        assert!(page.has("#exchange") && !page.has("#exchange[checked]") && page.has("#exchange-hint"));
        let page = olga.submit_and_follow(&page.form(&link).tick("exchange", "on")).await;
        assert!(page.has("#exchange[checked]"));
        let refused = olga.submit(&page.form(&link).tick("third_party", "on")).await;
        assert!(refused.has("#exchange-error"), "{}", refused.text);
    }
}
