//! Help: for everybody, and for administrators on a page of its own (I23, C15).

use axum::http::StatusCode;
use chamberlain::db::{self, transact};
use chamberlain::directory::application;
use chamberlain::web::support::SupportSettings;

use super::browser::Answer;
use super::pages::check;
use super::town::Town;

on_both! {
    /// I23: administrators have a help of their own, which every page of administration leads to in its place; everybody may read it, in
    /// three languages.
    async fn pages_of_administration_lead_to_their_part_of_the_help(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let operator = town.operator().await;
        let level = format!("/admin/levels/{}", town.frankfurt);
        let places = [("/admin/users", "users"), ("/admin/scope", "scope"), (level.as_str(), "levels"), ("/admin/applications", "applications"),
            ("/admin/clients", "clients"), ("/admin/audit", "audit"), ("/admin/modules", "modules")];
        for language in ["en", "de", "fr"] {
            check(&town.browser().speaking(language).get("/help/administrators").await);
            let mut olga = town.signed_in(operator).await.speaking(language);
            let help = olga.get("/help/administrators").await;
            assert!(!help.has("h2#nominations") && help.has("h2#roles"));
            for (path, part) in places {
                let page = olga.get(path).await;
                assert_eq!(page.attribute("main .context a", "href"), format!("/help/administrators#{part}"), "{path}");
                assert!(help.has(&format!("h2#{part}")), "{part}");
            }
            let page = olga.get("/help/administrators").await;
            assert!(page.has("nav.menu") && page.has("a[href='/help']"), "whoever is signed in keeps the menu");
            check(&page);
        }
        assert!(town.signed_in(dua).await.get("/admin/users").await.has(".context a"));
        assert!(!town.signed_in(fred).await.get("/profile").await.has(".context a"), "nothing of administration for who administers nothing");
    }

    /// E08, I23: the help speaks of what customers do in this institution, and says where to write or call where there is such a place.
    async fn help_speaks_of_what_customers_do_here(world: World) {
        let mut town = Town::of_profile(world, "participant-portal").await;
        let page = town.browser().get("/help").await;
        check(&page);
        assert!(page.has("h2#contact-us") && page.has("main a[href='mailto:help@example.org']") && page.has("main a[href='tel:+49691234']"), "{}", page.text);
        let help = town.browser().get("/help/administrators").await;
        check(&help);
        let parts = |page: &Answer| ["nominations", "users", "roles", "memberships", "modules"].map(|part| page.has(&format!("h2#{part}")));
        assert_eq!(parts(&help), [true, false, false, false, false]);
        assert!(help.text.contains("Request to revoke"), "{}", help.text);
        let operator = town.operator().await;
        assert_eq!(parts(&town.signed_in(operator).await.get("/help/administrators").await), [true; 5]);
        town.app.support = std::sync::Arc::new(SupportSettings::default());
        assert!(!town.browser().get("/help").await.has("h2#contact-us"));
    }

    /// I23, C15: the general part names the documentation of the applications that the reader has, and no other.
    async fn help_lists_the_documentation_of_ones_own_applications(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        town.join(fred, town.imas_user).await;
        let done: db::Result<()> = transact!(town.world.db, tx => {
            for (id, url) in [(town.imas, "https://docs.example/imas"), (town.casper, "https://docs.example/casper")] {
                let mut one = application::store::find(tx, id).await?.unwrap();
                one.documentation_url = Some(url.to_owned());
                application::store::save(tx, &one).await?;
            }
            Ok(())
        });
        done.unwrap();
        let page = town.signed_in(fred).await.get("/help").await;
        assert_eq!(page.status, StatusCode::OK);
        check(&page);
        assert!(page.has("main a[href='https://docs.example/imas']") && !page.text.contains("docs.example/casper"), "{}", page.text);
        assert!(page.has("main a[href='/help/administrators']"));
        let stranger = town.browser().get("/help").await;
        check(&stranger);
        assert!(!stranger.text.contains("docs.example") && stranger.has("h2#sign-in"));
    }
}
