//! The directory of organisations as everybody sees it (I43, I88).

use axum::http::StatusCode;
use chamberlain::directory::organisation::catch_up;

use super::pages::check;
use super::town::Town;
use crate::support::Modules;

on_both! {
    /// I43, I80, I88: whoever is signed in finds the organisations that are in use, without any role; the page of one says what it does.
    async fn everybody_who_is_signed_in_looks_organisations_up(world: World) {
        let town = Town::of_profile(world, "imi").await;
        catch_up::catch_up(&town.world.db, catch_up::BATCH).await.unwrap();
        let modules = Modules::of(&town.world, &town.app.door);
        modules.ask(town.casper).await;
        modules.grant((town.bank_a, town.casper)).await.unwrap();
        let first = town.person("Erna", "Erste", town.frankfurt).await;
        town.take_away(first).await;
        let fred = town.person("Fred", "Perry", town.frankfurt).await;
        let mut fred = town.signed_in(fred).await;
        assert!(fred.get("/").await.has("nav a[href='/directory']"));
        let page = fred.get("/directory").await;
        check(&page);
        assert!(page.text.contains("Bank A") && page.text.contains("Bank B Frankfurt"), "{}", page.text);
        let page = fred.get("/directory?q=frank&country=&class=&application=").await;
        check(&page);
        assert!(!page.text.contains(">Bank A<") && page.has(&format!("tbody a[href='/directory/{}']", town.frankfurt)), "{}", page.text);
        let page = fred.get("/directory?application=CASPER").await;
        assert!(page.text.contains("Bank A") && !page.text.contains("Bank B Frankfurt"), "{}", page.text);
        assert!(page.has("select[name=class] option[value='responsibility:health']"));
        let page = fred.get(&format!("/directory/{}", town.bank_a)).await;
        check(&page);
        assert!(page.text.contains("CASPER") && page.text.contains("Last changed"), "{}", page.text);
        for odd in ["q=%00%25", "after=AAAA", "class=x", "country=%00%00", "q=a&q=b", "application=%27"] {
            assert_eq!(fred.get(&format!("/directory?{odd}")).await.status, StatusCode::OK, "{odd}");
        }
        modules.suspend((town.bank_a, town.casper)).await.unwrap();
        modules.close(town.bank_a, true).await.unwrap();
        assert!(!fred.get("/directory").await.text.contains("Bank A"));
        for gone in [town.bank_a.to_string(), uuid::Uuid::nil().to_string(), "x".to_owned()] {
            assert_eq!(fred.get(&format!("/directory/{gone}")).await.status, StatusCode::NOT_FOUND);
        }
        let mut stranger = town.browser();
        assert_eq!(stranger.get("/directory").await.status, StatusCode::SEE_OTHER);
    }

    /// D8, I88: a profile that does not say so has no directory, for nobody.
    async fn a_profile_without_a_directory_has_none(world: World) {
        let town = Town::build(world).await;
        let operator = town.operator().await;
        let mut operator = town.signed_in(operator).await;
        assert!(!operator.get("/").await.has("nav a[href='/directory']"));
        assert_eq!(operator.get("/directory").await.status, StatusCode::FORBIDDEN);
        assert_eq!(operator.get(&format!("/directory/{}", town.bank_a)).await.status, StatusCode::FORBIDDEN);
    }
}
