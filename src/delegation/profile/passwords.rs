//! Checks what a profile asks of passwords (I65, I84–I86).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;

use super::check::Checker;
use super::file::PasswordFile;
use crate::kernel::password_rules::{PasswordRules, PasswordSets};

/// The highest score there is.
const MOST_STRENGTH: u8 = 4;

/// Most former passwords that are compared: each costs as much as a sign-in.
const MOST_HISTORY: u32 = 10;

impl Checker<'_> {
    /// The rules for everybody, and those by their codes.
    pub(super) fn password_sets(
        &mut self,
        given: Option<&PasswordFile>,
        sets: &BTreeMap<Spanned<String>, PasswordFile>,
    ) -> PasswordSets {
        let standard = self.passwords(given);
        let mut named = BTreeMap::new();
        for (code, file) in sets {
            let letters = code.get_ref().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !letters || !(1..=32).contains(&code.get_ref().len()) {
                let message = format!("`{}` cannot be the code of a set of password rules", code.get_ref());
                self.report(code, message, "give 1 to 32 lower-case letters, digits and hyphens");
            }
            if let Some(days) = &file.max_age_days {
                let cure = "say it in [credentials.password]: it is the same for everybody";
                self.report(days, format!("an age of passwords for `{}` alone", code.get_ref()), cure);
            }
            let rules = PasswordRules { max_age: standard.max_age, ..self.passwords(Some(file)) };
            named.insert(code.get_ref().clone(), rules);
        }
        PasswordSets { standard, named: Arc::new(named) }
    }

    /// Length, strength, kinds, history and age.
    fn passwords(&mut self, given: Option<&PasswordFile>) -> PasswordRules {
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
        let rules = Profile::shipped("imi").unwrap().unwrap().passwords.standard;
        let half_a_year = Some(Duration::from_hours(183 * 24));
        assert_eq!(
            rules,
            PasswordRules { min_characters: 8, strength: 0, kinds: true, history: 5, max_age: half_a_year }
        );
        for other in ["ecb-identity-portal", "participant-portal"] {
            assert_eq!(Profile::shipped(other).unwrap().unwrap().passwords.standard, PasswordRules::default());
        }
    }

    /// Sets of rules for parts of the tree, beside those for everybody, whose age is that of everybody.
    #[test]
    fn a_profile_has_sets_of_rules_by_their_codes() {
        let with = |set: &str| load(&IMI.replacen("[retention]", &format!("{set}\n\n[retention]"), 1));
        let passwords = with("[credentials.password_sets.long]\nmin_characters = 20").unwrap().passwords;
        let long =
            PasswordRules { min_characters: 20, max_age: passwords.standard.max_age, ..PasswordRules::default() };
        assert_eq!(passwords.named.get("long"), Some(&long));
        assert!(passwords.standard.max_age.is_some());
        for (set, message) in [
            (
                "[credentials.password_sets.Long]\nmin_characters = 20",
                "`Long` cannot be the code of a set of password rules",
            ),
            ("[credentials.password_sets.long]\nmin_characters = 4", "passwords of 4 characters at least"),
            (
                "[credentials.password_sets.long]\nmin_characters = 20\nmax_age_days = 90",
                "an age of passwords for `long` alone",
            ),
        ] {
            let problems = with(set).unwrap_err();
            assert_eq!(problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(), [message]);
            assert!(problems[0].line > 1);
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

    /// ADR 0019: not offered unless a profile says so, and no shipped one does.
    #[test]
    fn browsers_are_remembered_for_ninety_days_at_most_and_by_no_shipped_profile() {
        for name in ["ecb-identity-portal", "imi", "participant-portal"] {
            assert_eq!(Profile::shipped(name).unwrap().unwrap().remember_for, Duration::ZERO, "{name}");
        }
        let with =
            |days: &str| load(&IMI.replacen("second_factor", &format!("remember_days = {days}\nsecond_factor"), 1));
        for days in [0, 1, 90] {
            assert_eq!(with(&days.to_string()).unwrap().remember_for, Duration::from_hours(24 * days));
        }
        let problems = with("91").unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(), ["91 is out of range"]);
    }
}
