//! What organisations are called: the profile says it, and every page with it.

use chamberlain::audit;
use chamberlain::directory::user;
use chamberlain::kernel::time::Timestamp;

use super::town::Town;

/// The word of a profile in the languages of the portal, for several and for one.
const WORDS: [(&str, [(&str, &str, &str); 3]); 3] = [
    (
        "ecb-identity-portal",
        [("en", "Levels", "Create a level"), ("de", "Ebenen", "Ebene"), ("fr", "Niveaux", "niveau")],
    ),
    (
        "imi",
        [("en", "Authorities", "Create an authority"), ("de", "Behörden", "Behörde"), ("fr", "Autorités", "autorité")],
    ),
    (
        "participant-portal",
        [
            ("en", "Organisations", "Create an organisation"),
            ("de", "Organisationen", "Organisation"),
            ("fr", "Organisations", "organisation"),
        ],
    ),
];

async fn pages_use_the_word(world: crate::support::World, at: usize) {
    let (profile, words) = WORDS[at];
    let town = Town::of_profile(world, profile).await;
    let olga = town.person("Olga", "Operator", town.root).await;
    town.give(olga, "Operator", town.root, &[]).await;
    for (language, many, one) in words {
        let mut browser = town.signed_in(olga).await.speaking(language);
        let list = browser.get("/admin/levels").await;
        assert_eq!(list.heading(), many, "{profile}, {language}");
        let one_more = browser.get("/admin/levels/new").await.heading();
        assert!(one_more.contains(one), "{profile}, {language}: {one_more}");
        let people = browser.get("/admin/users").await.text;
        for (other, others) in WORDS.iter().filter(|(other, _)| *other != profile) {
            let (_, foreign, _) = others.iter().find(|(tag, ..)| *tag == language).unwrap();
            assert!(
                *foreign == many || !list.text.contains(foreign),
                "{language}: {profile} says {foreign} as {other} does"
            );
            assert!(
                *foreign == many || !people.contains(foreign),
                "{language}: {profile} says {foreign} as {other} does"
            );
        }
    }
}

on_both! {
    /// Whoever chooses a language is written to in it, and applications are told it; it is recorded, and only once.
    async fn the_language_of_pages_is_that_of_mails(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        for _ in 0..2 {
            let form = browser.get("/profile").await.form("/profile").set("language", "fr");
            let page = browser.submit_and_follow(&form).await;
            assert!(page.text.contains("lang=\"fr\""), "{}", page.text);
        }
        let tx = &mut town.world.db.reader().await.unwrap();
        assert_eq!(user::store::find(tx, fred).await.unwrap().unwrap().locale.as_deref(), Some("fr"));
        let log = audit::store::list_of_subject(tx, fred.0, Timestamp(0), 50).await.unwrap();
        let own = log.iter().filter(|row| row.kind == "user.changed" && row.details.contains("locale") && row.actor_id == Some(fred.0));
        assert_eq!(own.count(), 1, "{log:?}");
    }

    /// `delegation.md` §2, E36: the words that the ECB Identity Portal shows.
    async fn the_identity_portal_has_levels(world: World) {
        pages_use_the_word(world, 0).await;
    }

    /// I01: those of IMI.
    async fn imi_has_authorities(world: World) {
        pages_use_the_word(world, 1).await;
    }

    /// `delegation.md` §2: those of the Participant Portal.
    async fn the_participant_portal_has_organisations(world: World) {
        pages_use_the_word(world, 2).await;
    }
}
