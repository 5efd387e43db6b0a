//! What organisations are called: the profile says it, and every page with it.

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
