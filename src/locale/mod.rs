//! Languages and texts: which language an answer is in, and the words of that language.
//!
//! Texts are Fluent files under `templates/locales/<language>/`, one file per area, embedded in the binary. What organisations are called in
//! them stands in `templates/words/`, in all its forms.
//! English is the source; a test keeps the keys and the variables of the others equal to it.

mod negotiate;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, StaticLoader, langid, static_loader};
use serde::{Deserialize, Serialize};

pub use crate::kernel::wording::Wording;
pub use negotiate::{Wishes, negotiate};

static_loader! {
    static OF_LEVELS = {
        locales: "./templates/locales",
        core_locales: "./templates/words/level.ftl",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}
static_loader! {
    static OF_AUTHORITIES = {
        locales: "./templates/locales",
        core_locales: "./templates/words/authority.ftl",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}
static_loader! {
    static OF_ORGANISATIONS = {
        locales: "./templates/locales",
        core_locales: "./templates/words/organisation.ftl",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The texts with the words of a profile; only those that are asked for are read.
fn texts(wording: Wording) -> &'static StaticLoader {
    match wording {
        Wording::Level => &OF_LEVELS,
        Wording::Authority => &OF_AUTHORITIES,
        Wording::Organisation => &OF_ORGANISATIONS,
    }
}

const EN: LanguageIdentifier = langid!("en");
const DE: LanguageIdentifier = langid!("de");
const FR: LanguageIdentifier = langid!("fr");

/// A language that is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English, the source and the default.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
}

impl Locale {
    /// All of them, in the order of the language menu.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Fr];

    /// The language tag (RFC 5646).
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }

    /// Its name in its own language, for the language menu.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
        }
    }

    /// Reads a language tag; regions are ignored (`de-AT` is German).
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.tag() == primary)
    }

    fn language(self) -> LanguageIdentifier {
        match self {
            Self::En => EN,
            Self::De => DE,
            Self::Fr => FR,
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A language, and what organisations are called in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tongue {
    /// The language.
    pub locale: Locale,
    /// The word for organisations.
    pub wording: Wording,
}

impl From<Locale> for Tongue {
    /// For texts in which no organisations are named.
    fn from(locale: Locale) -> Self {
        Self { locale, wording: Wording::default() }
    }
}

/// The text of a key. A key without a text shows as `⟦key⟧`, which tests look for.
pub fn t(tongue: impl Into<Tongue>, key: &str) -> String {
    let tongue = tongue.into();
    texts(tongue.wording).try_lookup(&tongue.locale.language(), key).unwrap_or_else(|| missing(key))
}

/// The text of a key with its variables.
pub fn t_with(tongue: impl Into<Tongue>, key: &str, arguments: &[(&'static str, &str)]) -> String {
    let arguments = arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(*value))).collect();
    lookup(tongue.into(), key, &arguments)
}

/// The text of a key that depends on a number (`$count`) for its plural.
pub fn t_count(tongue: impl Into<Tongue>, key: &str, count: u64) -> String {
    let arguments = HashMap::from([(Cow::Borrowed("count"), FluentValue::from(count))]);
    lookup(tongue.into(), key, &arguments)
}

/// What shown texts are put in order by: letters with accents stand with those without, as readers of all our languages expect.
pub fn sort_key(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

/// How long something lasts: whole days, else whole hours, else minutes.
pub fn lasting(locale: Locale, span: Duration) -> String {
    let seconds = span.as_secs();
    let (key, unit) = match seconds {
        some if some.is_multiple_of(86_400) => ("lasting-days", 86_400),
        some if some.is_multiple_of(3_600) => ("lasting-hours", 3_600),
        _ => ("lasting-minutes", 60),
    };
    t_count(locale, key, seconds.div_ceil(unit))
}

fn lookup(tongue: Tongue, key: &str, arguments: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> String {
    texts(tongue.wording)
        .try_lookup_with_args(&tongue.locale.language(), key, arguments)
        .unwrap_or_else(|| missing(key))
}

fn missing(key: &str) -> String {
    format!("⟦{key}⟧")
}
