//! Roles that ask for a stronger sign-in than a code by phone (`decisions.md` 10).

use axum::http::StatusCode;
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::kernel::ids::UserId;

use super::town::Town;
use crate::support::World;

/// The town, whose user administrators are asked for this.
async fn town(world: World, asked: &str) -> (Town, UserId) {
    let (_, text) = SHIPPED[0];
    let text = text.replacen("second_factor = \"any\"", asked, 1);
    let town = Town::of(world, load(&text).unwrap()).await;
    let (dua, _, _) = town.staff().await;
    (town, dua)
}

on_both! {
    /// Decision 10: what nobody has said otherwise, whoever changes anything uses an app or a passkey; until then the role has no effect on any
    /// surface, its menus are not there, and each page says why.
    async fn administrators_use_an_app_or_a_passkey_unless_the_profile_says_otherwise(world: World) {
        let (town, dua) = town(world, "").await;
        let mut by_phone = town.signed_in(dua).await;
        let page = by_phone.get("/").await;
        assert!(page.text.contains("has effect only when you sign in with an authenticator app or a passkey"), "{}", page.text);
        assert!(!page.has("nav.menu a[href='/admin/users']"));
        assert_eq!(by_phone.get("/admin/users/new").await.status, StatusCode::FORBIDDEN);

        for amr in [["pwd", "otp", "mfa"], ["pop", "user", "mfa"]] {
            let mut stronger = town.signed_in_by(dua, &amr).await;
            let page = stronger.get("/").await;
            assert!(page.has("nav.menu a[href='/admin/users']") && !page.has("#reminder"), "{}", page.text);
            assert_eq!(stronger.get("/admin/users/new").await.status, StatusCode::OK);
        }
    }

    /// A profile may ask for a passkey, and for no more than a code by phone.
    async fn a_profile_says_how_strongly(world: World) {
        let (town, dua) = town(world, "second_factor = \"passkey\"").await;
        let mut by_app = town.signed_in_by(dua, &["pwd", "otp", "mfa"]).await;
        let page = by_app.get("/").await;
        assert!(page.text.contains("has effect only when you sign in with a passkey"), "{}", page.text);
        assert_eq!(by_app.get("/admin/users/new").await.status, StatusCode::FORBIDDEN);
        let mut by_passkey = town.signed_in_by(dua, &["pop", "user", "mfa"]).await;
        assert_eq!(by_passkey.get("/admin/users/new").await.status, StatusCode::OK);
    }
}
