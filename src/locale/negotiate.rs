//! Which language an answer is in.

use super::Locale;

/// What a request and its person say about languages, strongest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// `ui_locales` of the request (OIDC Core §3.1.2.1): tags separated by spaces, best first.
    pub ui_locales: Option<&'a str>,
    /// The language in the person's profile.
    pub profile: Option<&'a str>,
    /// The language cookie.
    pub cookie: Option<&'a str>,
    /// The `Accept-Language` header (RFC 9110 §12.5.4).
    pub accept_language: Option<&'a str>,
}

/// The first wish that can be fulfilled, else English.
pub fn negotiate(wishes: Wishes<'_>) -> Locale {
    wishes
        .ui_locales
        .and_then(|tags| tags.split_whitespace().take(16).find_map(Locale::parse))
        .or_else(|| wishes.profile.and_then(Locale::parse))
        .or_else(|| wishes.cookie.and_then(Locale::parse))
        .or_else(|| wishes.accept_language.and_then(best_accepted))
        .unwrap_or_default()
}

/// The accepted language with the highest weight; of equal ones, the first.
fn best_accepted(header: &str) -> Option<Locale> {
    let mut best: Option<(Locale, u32)> = None;
    for part in header.split(',').take(32) {
        let mut pieces = part.split(';');
        let tag = pieces.next().unwrap_or_default();
        let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(1_000, thousandths);
        let locale = if tag.trim() == "*" { Some(Locale::default()) } else { Locale::parse(tag) };
        if let Some(locale) = locale
            && weight > 0
            && best.is_none_or(|(_, highest)| weight > highest)
        {
            best = Some((locale, weight));
        }
    }
    best.map(|(locale, _)| locale)
}

/// A weight like `0.8` in thousandths; 0 when it cannot be read.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), digits.parse::<u32>()) {
        (Ok(whole), Ok(rest)) => (whole.min(1) * 1_000 + rest).min(1_000),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_wish_that_can_be_fulfilled_wins() {
        let all =
            Wishes { ui_locales: Some("xx de"), profile: Some("fr"), cookie: Some("en"), accept_language: Some("fr") };
        assert_eq!(negotiate(all), Locale::De);
        assert_eq!(negotiate(Wishes { ui_locales: Some("xx"), ..all }), Locale::Fr);
        assert_eq!(
            negotiate(Wishes { cookie: Some("??"), accept_language: Some("fr-BE, en;q=0.5"), ..Wishes::default() }),
            Locale::Fr
        );
        assert_eq!(negotiate(Wishes::default()), Locale::En);
    }

    #[test]
    fn weights_order_the_accepted_languages() {
        assert_eq!(best_accepted("fr;q=0.2, de;q=0.9, en;q=0.1"), Some(Locale::De));
        assert_eq!(best_accepted("el, it;q=0.9"), None);
        assert_eq!(best_accepted("de;q=0, *;q=0.1"), Some(Locale::En));
        assert_eq!(best_accepted("de;q=broken, fr"), Some(Locale::Fr));
    }
}
