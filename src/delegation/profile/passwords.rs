//! Checks what a profile asks of passwords (I65, I84–I86).

use std::time::Duration;

use super::check::Checker;
use super::file::PasswordFile;
use crate::kernel::password_rules::PasswordRules;

/// The highest score there is.
const MOST_STRENGTH: u8 = 4;

/// Most former passwords that are compared: each costs as much as a sign-in.
const MOST_HISTORY: u32 = 10;

impl Checker<'_> {
    /// Length, strength, kinds, history and age.
    pub(super) fn passwords(&mut self, given: Option<&PasswordFile>) -> PasswordRules {
        let Some(file) = given else { return PasswordRules::default() };
        let least = *file.min_characters.get_ref();
        if !(8..=64).contains(&least) {
            let message = format!("passwords of {least} characters at least");
            self.report(&file.min_characters, message, "give 8 to 64");
        }
        let strength = file.strength.as_ref().map_or(PasswordRules::default().strength, |strength| *strength.get_ref());
        if let Some(at) = file.strength.as_ref().filter(|_| strength > MOST_STRENGTH) {
            self.report(
                at,
                format!("passwords of strength {strength}"),
                "give 0 to 4; 3 withstands whoever has stolen the hash",
            );
        }
        let history = file.history.as_ref().map_or(0, |history| *history.get_ref());
        if let Some(at) = file.history.as_ref().filter(|_| history > MOST_HISTORY) {
            let cure = format!("give 0 to {MOST_HISTORY}: each is compared whenever a password is chosen");
            self.report(at, format!("the last {history} passwords are compared"), &cure);
        }
        // The first reminder goes out two weeks before.
        let max_age: Option<Duration> = file.max_age_days.as_ref().map(|days| self.figure(days, 86_400, 30));
        let min_characters = usize::try_from(least).unwrap_or(64);
        PasswordRules { min_characters, strength, kinds: file.kinds, history, max_age }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, load};
    use super::*;

    const IMI: &str = include_str!("../../../config/profiles/imi.toml");

    /// I65, I84, I85, I86: the figures of the manual are those of the shipped profile, and nobody else has to have them.
    #[test]
    fn the_manual_of_imi_is_its_profile() {
        let rules = Profile::shipped("imi").unwrap().unwrap().passwords;
        let half_a_year = Some(Duration::from_hours(183 * 24));
        assert_eq!(
            rules,
            PasswordRules { min_characters: 8, strength: 0, kinds: true, history: 5, max_age: half_a_year }
        );
        for other in ["ecb-identity-portal", "participant-portal"] {
            assert_eq!(Profile::shipped(other).unwrap().unwrap().passwords, PasswordRules::default());
        }
    }

    #[test]
    fn what_no_password_should_be_is_refused_with_its_line() {
        for (from, to, message) in [
            ("min_characters = 8", "min_characters = 7", "passwords of 7 characters at least"),
            ("strength = 0", "strength = 5", "passwords of strength 5"),
            ("history = 5", "history = 11", "the last 11 passwords are compared"),
            ("max_age_days = 183", "max_age_days = 29", "29 is out of range"),
        ] {
            assert!(IMI.contains(from), "{from}");
            let problems = load(&IMI.replacen(from, to, 1)).unwrap_err();
            assert_eq!(problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(), [message]);
            assert!(problems[0].line > 1);
        }
    }
}
