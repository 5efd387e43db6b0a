//! All languages hold the same keys with the same variables.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Locale, Tongue, Wording, t, t_count};

/// Key → variables, over all files of one language. Also checks that no key appears twice.
fn texts(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/locales").join(locale.tag());
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut key = String::new();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let starts_key = line.starts_with(|c: char| c.is_ascii_lowercase());
            if let Some((name, _)) = line.split_once('=').filter(|_| starts_key) {
                name.trim().clone_into(&mut key);
                assert!(texts.insert(key.clone(), BTreeSet::new()).is_none(), "{key} twice, in {}", path.display());
            }
            let Some(variables) = texts.get_mut(&key) else { continue };
            for piece in line.split('$').skip(1) {
                variables.insert(piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
            }
        }
    }
    texts
}

#[test]
fn every_language_has_every_key_with_the_same_variables() {
    let source = texts(Locale::En);
    assert!(source.len() > 50, "the texts were not found");
    for locale in [Locale::De, Locale::Fr] {
        let other = texts(locale);
        let missing: Vec<_> = source.iter().filter(|(key, variables)| other.get(*key) != Some(variables)).collect();
        let extra: Vec<_> = other.keys().filter(|key| !source.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{locale}: missing or with other variables: {missing:?}");
        assert!(extra.is_empty(), "{locale}: not in English: {extra:?}");
    }
}

#[test]
fn every_key_has_a_text_when_looked_up() {
    for locale in Locale::ALL {
        for (key, variables) in texts(locale).iter().filter(|(_, variables)| variables.is_empty()) {
            assert!(!t(locale, key).contains('⟦'), "{locale}: {key} {variables:?}");
        }
    }
}

#[test]
fn plurals_follow_the_language() {
    assert_eq!(t_count(Locale::En, "count-users", 1), "1 user");
    assert_eq!(t_count(Locale::En, "count-users", 2), "2 users");
    assert_eq!(t_count(Locale::Fr, "count-users", 0), "0 utilisateur");
}

/// Every text with something for each of its variables.
fn shown(tongue: Tongue) -> BTreeMap<String, String> {
    let show = |(key, variables): (String, BTreeSet<String>)| {
        let given = |name: &String| (Cow::Owned(name.clone()), if name == "count" { 2.into() } else { "…".into() });
        let text = super::lookup(tongue, &key, &variables.iter().map(given).collect());
        (key, text)
    };
    texts(tongue.locale).into_iter().map(show).collect()
}

/// `delegation.md` §2: a profile chooses what organisations are called, in every text and language; the word of another profile stands nowhere.
#[test]
fn every_text_calls_organisations_as_the_profile_does() {
    let others = |key: &str| OTHERWISE.contains(&key);
    for locale in Locale::ALL {
        let all = Wording::ALL.map(|wording| shown(Tongue { locale, wording }));
        let mut differ = 0;
        for key in all[0].keys() {
            let texts = [0, 1, 2].map(|n| all[n][key].to_lowercase());
            differ += usize::from(texts[0] != texts[1] && texts[1] != texts[2]);
            for (text, own) in texts.iter().zip(Wording::ALL) {
                assert!(!text.contains('{') && !text.contains('⟦'), "{locale}: {key}: {text}");
                let foreign = Wording::ALL
                    .into_iter()
                    .filter(|wording| *wording != own)
                    .flat_map(|wording| words(locale, wording));
                let found = foreign.into_iter().find(|word| text.contains(word));
                assert!(found.is_none() || others(key), "{locale}: {key} says {found:?} where it is {own:?}: {text}");
            }
        }
        assert!(differ > 100, "{locale}: only {differ} texts name organisations");
    }
}

/// The beginnings of its words.
fn words(locale: Locale, wording: Wording) -> Vec<&'static str> {
    match (locale, wording) {
        (Locale::En, Wording::Level) => vec!["level"],
        (Locale::En, Wording::Authority) => {
            vec!["authorit"]
        }
        (Locale::De, Wording::Level) => vec!["ebene"],
        (Locale::De, Wording::Authority) => vec!["behörde"],
        (Locale::Fr, Wording::Level) => vec!["niveau"],
        (Locale::Fr, Wording::Authority) => vec!["autorité"],
        (Locale::En | Locale::De | Locale::Fr, Wording::Organisation) => vec!["organisation"],
    }
}

/// Texts in which one of these words means something else.
const OTHERWISE: &[&str] = &[
    "accessibility-text",
    // An authority that signs certificates; the kind of an access to a module.
    "client-certificate-name-hint",
    "module-kind-authority",
    "module-kind-hint",
    "application-coordinators",
    "rollout-choose-text",
    "help-modules-1",
    // Power.
    "level-move-changed",
    "event-authority-denied",
    // The name of a column.
    "import-text",
    "import-error-organisation",
    // German words that hold another one.
    "device-code-shown",
    "level-identifier-many",
];
