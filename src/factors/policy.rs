//! Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2): length, not on a list, not made of what everybody knows
//! about the person. No rules on kinds of characters, no expiry.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Shortest password, in characters.
pub const MIN_CHARACTERS: usize = 12;

/// Why a password was refused. The variant is a key of the locale files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Fewer than [`MIN_CHARACTERS`].
    #[error("is too short")]
    TooShort,
    /// More than [`super::password::MAX_BYTES`] bytes.
    #[error("is too long")]
    TooLong,
    /// Among the first that anybody would try.
    #[error("is too common")]
    Common,
    /// Little more than the person's name, address or organisation.
    #[error("is made of your name or address")]
    Personal,
}

/// What people choose first (ASVS 6.2.4), without digits and signs, which do not help around it.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Judges a new password against the list and the words known about its owner.
pub fn check(password: &str, words: &[&str]) -> Result<(), PolicyError> {
    if password.chars().count() < MIN_CHARACTERS {
        return Err(PolicyError::TooShort);
    }
    if password.len() > super::password::MAX_BYTES {
        return Err(PolicyError::TooLong);
    }
    let folded = password.to_lowercase();
    let letters: String = folded.chars().filter(|c| c.is_alphabetic()).collect();
    let mut kinds: Vec<char> = folded.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 5 || is_run(&folded) || is_common(&folded) || is_common(&letters) {
        return Err(PolicyError::Common);
    }
    let mut rest = folded;
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    if rest.chars().filter(|c| c.is_alphanumeric()).count() < 5 { Err(PolicyError::Personal) } else { Ok(()) }
}

/// On the list, or one entry of it said two or three times.
fn is_common(text: &str) -> bool {
    let times = |n: usize| (text.len().is_multiple_of(n)).then(|| text.get(..text.len() / n)).flatten();
    (1..=3).any(|n| times(n).is_some_and(|part| COMMON.contains(part) && part.repeat(n) == text))
}

/// `123456789012`, `abcdefghijkl`: each character follows the one before it.
fn is_run(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = codes.windows(2).filter(|pair| matches!(pair, [a, b] if a.abs_diff(*b) <= 1)).count();
    steps + 2 >= codes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I85: no password is shorter than eight characters.
    #[test]
    fn length_lists_and_names_are_judged() {
        assert_eq!(check("short", &[]), Err(PolicyError::TooShort));
        assert_eq!(check(&"aé1-Z".repeat(400), &[]), Err(PolicyError::TooLong));
        assert_eq!(check("Password123!!", &[]), Err(PolicyError::Common));
        assert_eq!(check("aaaaaaaaaaaaaa", &[]), Err(PolicyError::Common));
        assert_eq!(check("123456789012", &[]), Err(PolicyError::Common));
        assert_eq!(check("anna.schmidt1", &["Anna", "Schmidt"]), Err(PolicyError::Personal));
        assert_eq!(check("three grey herons", &["Anna", "Schmidt"]), Ok(()));
    }

    /// ASVS 6.2.4: at least the first three thousand, whatever is put around them to reach the length.
    #[test]
    fn no_common_password_becomes_a_good_one_by_digits_and_signs() {
        assert!(COMMON.len() > 3_000, "{}", COMMON.len());
        for word in COMMON.iter().filter(|word| word.chars().all(char::is_alphabetic)) {
            for dressed in [format!("{word}-1234567890"), format!("!2026 {} 2027?", word.to_uppercase())] {
                assert_eq!(check(&dressed, &[]), Err(PolicyError::Common), "{dressed}");
            }
        }
        assert_eq!(check("Dragon1984Dragon", &[]), Err(PolicyError::Common));
    }

    /// ASVS 6.2.8, 6.2.9: long ones are welcome, every character may be used.
    #[test]
    fn au_25_passwords_up_to_a_kibibyte_of_any_characters_are_accepted() {
        let long = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 🐟 ".repeat(14);
        assert!(long.len() > 900 && long.len() <= crate::factors::password::MAX_BYTES);
        assert_eq!(check(&long, &[]), Ok(()));
        assert_eq!(check(&long.chars().take(64).collect::<String>(), &[]), Ok(()));
    }
}
