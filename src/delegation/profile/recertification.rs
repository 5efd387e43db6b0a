//! Checks what a profile says about recertification.

use toml::Spanned;

use super::check::Checker;
use super::file::{RecertificationFile, RoleFile};
use crate::delegation::recertification::model::Rules;

/// Fewest days of a round: the second reminder goes out a week before its end.
const LEAST: u64 = 8;

impl Checker<'_> {
    /// How often, for how long, and that there is something to ask about.
    pub(super) fn recertification(
        &mut self,
        given: Option<&Spanned<RecertificationFile>>,
        files: &[Spanned<RoleFile>],
    ) -> Option<Rules> {
        let mut asked = files.iter().map(Spanned::as_ref).filter(|file| file.recertified);
        let Some(section) = given else {
            if let Some(file) = asked.next() {
                let message = format!("role `{}` is recertified, and nothing says when", file.code.as_ref());
                self.report(&file.code, message, "add a section `[recertification]` with `every_days` and `days`");
            }
            return None;
        };
        let file = section.as_ref();
        let lasts = self.figure(&file.days, 86_400, LEAST);
        let every = self.figure(&file.every_days, 86_400, LEAST);
        if every <= lasts {
            let message =
                format!("a round of {} days begins every {} days", file.days.as_ref(), file.every_days.as_ref());
            self.report(&file.days, message, "let a round end before the next one begins");
        }
        if !file.memberships && asked.next().is_none() {
            let message = "nothing is asked about in recertification".to_owned();
            self.report(section, message, "add `memberships = true`, or `recertified = true` to a role");
        }
        Some(Rules { every, lasts, memberships: file.memberships })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SHIPPED, load};

    fn problems(replace: &str, by: &str) -> Vec<String> {
        let text = SHIPPED[0].1;
        assert!(text.contains(replace), "{replace}");
        let found = load(&text.replacen(replace, by, 1)).err().unwrap_or_default();
        assert!(found.iter().all(|problem| problem.line > 1 && !problem.cure.is_empty()));
        found.into_iter().map(|problem| problem.message).collect()
    }

    /// A round that could not remind, that never ends, or that asks about nothing is refused with its line.
    #[test]
    fn rounds_that_cannot_be_are_refused() {
        assert_eq!(problems("every_days = 365", "every_days = 30"), ["a round of 30 days begins every 30 days"]);
        assert_eq!(problems("\ndays = 30", "\ndays = 7"), ["7 is out of range"]);
        let section = "[recertification]\nevery_days = 365\ndays = 30\nmemberships = true\n";
        assert_eq!(problems(section, ""), ["role `Operator` is recertified, and nothing says when"]);
        let text =
            SHIPPED[0].1.replace("recertified = true\n", "").replacen("memberships = true", "memberships = false", 1);
        let found = load(&text).unwrap_err();
        assert_eq!(found[0].message, "nothing is asked about in recertification");
    }

    /// P10: what changes is named.
    #[test]
    fn another_period_is_a_change_of_the_profile() {
        let old = load(SHIPPED[0].1).unwrap();
        let new = load(&SHIPPED[0].1.replacen("every_days = 365", "every_days = 180", 1)).unwrap();
        let places: Vec<String> = old.diff(&new).changes.into_iter().map(|change| change.place).collect();
        assert_eq!(places, ["recertification.every_days"]);
    }
}
