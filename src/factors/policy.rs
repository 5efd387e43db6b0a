//! Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2): length, not on a list, not made of what everybody knows
//! about the person. Rules on kinds of characters are for profiles that have to have them.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::breached::Breached;
use crate::directory::user::model::User;
use crate::kernel::password_rules::PasswordRules;
use zxcvbn::zxcvbn;

/// Why a password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Fewer characters than the profile asks for.
    #[error("is too short")]
    TooShort,
    /// More than [`super::password::MAX_BYTES`] bytes.
    #[error("is too long")]
    TooLong,
    /// Among the first that anybody would try.
    #[error("is too common")]
    Common,
    /// Found within so many guesses that whoever has stolen its hash finds it.
    #[error("is easy to guess")]
    Guessable,
    /// On the list of those known from breaches.
    #[error("is known from a breach")]
    Breached,
    /// Little more than the person's name, address or organisation.
    #[error("is made of your name or address")]
    Personal,
    /// Without an upper-case letter, a lower-case letter or a digit, where the profile asks for each (I86).
    #[error("lacks an upper-case letter, a lower-case letter or a digit")]
    Kinds,
    /// One of the last that its owner had (I84).
    #[error("was used before")]
    Used,
}

impl PolicyError {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::TooShort,
        Self::TooLong,
        Self::Common,
        Self::Guessable,
        Self::Breached,
        Self::Personal,
        Self::Kinds,
        Self::Used,
    ];

    /// The word in addresses, and the end of the key in the locale files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::Common => "common",
            Self::Guessable => "guessable",
            Self::Breached => "breached",
            Self::Personal => "personal",
            Self::Kinds => "kinds",
            Self::Used => "used",
        }
    }
}

/// What people choose first (ASVS 6.2.4), without digits and signs, which do not help around it.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// The words that everybody knows about somebody.
pub fn words(user: &User) -> [&str; 5] {
    let email = user.email.as_ref().map_or("", |email| email.as_str());
    [&user.given_name, &user.family_name, &user.user_name, email, email.split('@').next().unwrap_or_default()]
}

/// Judges a new password against the list and the words known about its owner.
pub fn check(password: &str, words: &[&str], rules: &PasswordRules) -> Result<(), PolicyError> {
    if password.chars().count() < rules.min_characters {
        return Err(PolicyError::TooShort);
    }
    if password.len() > super::password::MAX_BYTES {
        return Err(PolicyError::TooLong);
    }
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    if rules.kinds && !(has(char::is_uppercase) && has(char::is_lowercase) && has(|one| one.is_ascii_digit())) {
        return Err(PolicyError::Kinds);
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
    if rest.chars().filter(|c| c.is_alphanumeric()).count() < 5 {
        return Err(PolicyError::Personal);
    }
    Ok(())
}

/// How many characters are guessed at: what is in them is enough, and the work grows with them and with what could stand for what.
const GUESSED: usize = 40;

/// Judges how soon a password is guessed. It can take a while: not for a thread that others wait for.
pub fn check_strength(password: &str, words: &[&str], rules: &PasswordRules) -> Result<(), PolicyError> {
    if rules.strength == 0 {
        return Ok(());
    }
    let guessed: String = password.chars().take(GUESSED).collect();
    if u8::from(zxcvbn(&guessed, words).score()) < rules.strength { Err(PolicyError::Guessable) } else { Ok(()) }
}

/// Whether a password is on the list of those known from breaches. Reads a file: not for a thread that others wait for.
pub fn check_breached(password: &str, list: Option<&Breached>) -> Result<(), PolicyError> {
    match list.map(|list| list.contains(password)) {
        Some(Ok(true)) => Err(PolicyError::Breached),
        None | Some(Ok(false)) => Ok(()),
        // Whoever keeps the list hears of it; people can still choose a password.
        Some(Err(error)) => {
            tracing::error!(%error, "the list of breached passwords cannot be read");
            Ok(())
        }
    }
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

    const IMI: PasswordRules = PasswordRules { min_characters: 8, strength: 0, kinds: true, history: 5, max_age: None };

    fn check(password: &str, words: &[&str]) -> Result<(), PolicyError> {
        super::check(password, words, &PasswordRules::default())
    }

    fn strength(password: &str) -> Result<(), PolicyError> {
        check_strength(password, &["Anna", "Schmidt"], &PasswordRules::default())
    }

    /// I86: an upper-case letter, a lower-case letter and a digit, whatever their script; I85: eight characters.
    #[test]
    fn kinds_of_characters_are_asked_for_where_the_profile_says_so() {
        let judge = |password: &str| super::check(password, &[], &IMI);
        assert_eq!(judge("Kn4rr-ox"), Ok(()));
        assert_eq!(judge("Ωμέγα-77x"), Ok(()));
        assert_eq!(judge("Kn4rr-o"), Err(PolicyError::TooShort));
        for lacking in ["kn4rr-ox", "KN4RR-OX", "Knarr-ox"] {
            assert_eq!(judge(lacking), Err(PolicyError::Kinds), "{lacking}");
        }
        assert_eq!(judge("Password1"), Err(PolicyError::Common), "rules on characters do not make it a good one");
        assert_eq!(check("three grey herons", &[]), Ok(()), "and nobody else is asked for them");
    }

    /// ASVS 6.2.12: a pattern is no better for being long; words of one's own are.
    #[test]
    fn what_guessing_programs_try_early_is_refused() {
        for easy in ["constitution1999", "mnbvcxzlkjhgfdsa", "asdfghjkl;'zxcv", "12.11.1984!!!!!"] {
            let refused = strength(easy);
            assert_eq!(refused, Err(PolicyError::Guessable), "{easy}");
        }
        let without = PasswordRules { strength: 0, ..PasswordRules::default() };
        assert_eq!(check_strength("constitution1999", &[], &without), Ok(()), "where the profile asks for no strength");
        for good in ["three grey herons", "kiosk umbrella 41 fjord", "Ünter-den-Linden-Kastanie"] {
            assert_eq!((check(good, &["Anna", "Schmidt"]), strength(good)), (Ok(()), Ok(())), "{good}");
        }
    }

    /// IN-11: whatever could stand for whatever, it is a matter of a moment.
    #[test]
    fn in_11_no_password_takes_long_to_judge() {
        for costly in ["4@8({[<3691!|70$5+%2".repeat(50), "4@8({[<3691!|70$5+%2zx".repeat(46), "a1!".repeat(340)] {
            let begun = std::time::Instant::now();
            let _either = strength(&costly);
            assert!(begun.elapsed() < std::time::Duration::from_secs(2), "{costly}: {:?}", begun.elapsed());
        }
    }

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
