//! Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2): length, not on a list, not made of what everybody knows
//! about the person. No rules on kinds of characters, no expiry.

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

/// The core of common passwords of twelve characters and more; digits and signs around it do not help.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "motdepasse",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "letmein",
    "welcome",
    "willkommen",
    "bienvenue",
    "administrator",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "changeme",
    "trustno",
    "abcdefghijkl",
    "dragon",
    "monkey",
    "master",
    "starwars",
    "whatever",
    "computer",
    "internet",
    "identityportal",
    "chamberlain",
    "correcthorsebatterystaple",
];

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
    if kinds.len() < 5 || is_run(&folded) || COMMON.iter().any(|word| letters == *word || letters == word.repeat(2)) {
        return Err(PolicyError::Common);
    }
    let mut rest = folded;
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    if rest.chars().filter(|c| c.is_alphanumeric()).count() < 5 { Err(PolicyError::Personal) } else { Ok(()) }
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
}
