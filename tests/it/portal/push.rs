//! The page of where people of an application are pushed to.

use axum::http::StatusCode;
use chamberlain::push::run::push;

use super::browser::Answer;
use super::pages::check;
use super::town::Town;
use crate::support::scim_peer::{Peer, TOKEN};

on_both! {
    /// An operator says where and how, looks what would be sent, lets it go, sees how far it is and what is refused, has it tried again,
    /// pauses and ends it. The token stands on no page, and nobody else finds any of them.
    async fn an_operator_sets_up_where_people_are_pushed_to(world: World) {
        let (town, peer) = (Town::build(world).await, Peer::start().await);
        let (_, _, fred) = town.staff().await;
        town.join(fred, town.imas_user).await;
        let link = town.client("imas").await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&link).await;
        let at = format!("{link}/push");
        assert!(page.has(&format!("a[href='{at}']")), "{}", page.text);
        let settings = format!("{at}/settings");
        assert_eq!(olga.get(&at).await.location(), settings);
        let page = olga.get(&settings).await;
        check(&page);
        let form = page.form(&settings).set("url", &peer.url).set("token", TOKEN);
        for (name, value, said) in [
            ("url", "https://10.0.0.8/scim", "cannot be called"),
            ("url", "https://app.example/scim?x=1", "neither “?” nor “#”"),
            ("url", "", "Address of the SCIM server"),
            ("token", "", "Enter the token"),
            ("user_name", "shoe_size", "Choose one of"),
        ] {
            let page = olga.submit(&form.clone().set(name, value)).await;
            assert!(page.text.contains(said) && page.has("[aria-invalid=true]"), "{name} {value}: {}", page.text);
            assert!(!page.text.contains(TOKEN));
            check(&page);
        }
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("Paused: nothing is pushed") && page.text.contains(&peer.url), "{}", page.text);
        check(&page);
        let preview = olga.get(&format!("{at}/preview")).await;
        assert!(preview.text.contains("people missing") || preview.text.contains("one person missing"), "{}", preview.text);
        assert!(preview.text.contains("IMAS_PORTAL_USER") && preview.text.contains("fred@example.org"), "{}", preview.text);
        check(&preview);
        assert!(peer.people().is_empty());
        let page = olga.submit_and_follow(&page.form(&at)).await;
        assert!(page.text.contains("Changes are pushed as they happen"), "{}", page.text);
        peer.refuses("fred@example.org", true);
        push(&town.world.db, &town.pusher).await.unwrap();
        let page = olga.get(&at).await;
        assert!(page.text.contains("HTTP 409 uniqueness") && page.text.contains("Fred "), "{}", page.text);
        check(&page);
        peer.refuses("fred@example.org", false);
        let asking = olga.get(&format!("{at}/retry")).await;
        check(&asking);
        olga.submit_and_follow(&asking.form(&format!("{at}/retry"))).await;
        push(&town.world.db, &town.pusher).await.unwrap();
        let page = olga.get(&at).await;
        assert!(page.text.contains("The application refuses nothing") && peer.active().contains("fred@example.org"), "{}", page.text);
        // The token stays where the address does.
        let again = olga.get(&settings).await;
        assert!(!again.text.contains(TOKEN));
        olga.submit_and_follow(&again.form(&settings).set("leavers", "delete")).await;
        let form = olga.get(&at).await.form(&at);
        let paused = olga.submit_and_follow(&form).await;
        assert!(paused.text.contains("Paused: nothing is pushed"));
        let mut fred = town.signed_in(fred).await;
        for path in [&at, &settings, &format!("{at}/preview"), &format!("{at}/retry"), &format!("{at}/remove")] {
            let page: Answer = fred.get(path).await;
            assert!(page.status.is_client_error() && !page.text.contains(&peer.url), "{path}");
        }
        assert_eq!(olga.get(&format!("{at}/nonsense")).await.status, StatusCode::NOT_FOUND);
        let asking = olga.get(&format!("{at}/remove")).await;
        check(&asking);
        olga.submit_and_follow(&asking.form(&format!("{at}/remove"))).await;
        assert_eq!(olga.get(&at).await.location(), settings);
        // A service has no people.
        assert!(!peer.people().is_empty(), "whoever was brought stays");
    }
}
