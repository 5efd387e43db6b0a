//! All languages hold the same keys with the same variables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Locale, t, t_count};

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
