//! Checks a profile as a whole: every problem with its line and its cure.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use toml::Spanned;

use super::Profile;
use super::file::{ConfirmationWord, RoleFile, ScopeWord, UserNamesWord};
use super::read::read;
use super::role::{permissions, role};
use crate::agreements::Documents;
use crate::authority::role::RoleDefinition;
use crate::authority::{DirectoryRules, Permission, Roles, SECOND_FACTOR_LASTS};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::kernel::user_names::UserNames;

/// How long a deactivated organisation stays where a profile does not say it (I81).
const HALF_A_YEAR: Duration = Duration::from_hours(183 * 24);

/// The usual limit of a token for scripts.
const NINETY_DAYS: Duration = Duration::from_hours(90 * 24);
/// Characters of what pages say of a role.
const LONGEST_TEXT: usize = 500;
/// Days that a browser may be asked for no code, at most.
const MOST_REMEMBERED: u64 = 90;

/// One thing that is wrong in a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub cure: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.message, self.cure)
    }
}

/// How a text is found that stands in a file beside the profile; what is wrong with it otherwise.
pub type Beside<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads a profile that has no files beside it; gives all problems at once.
pub fn load(text: &str) -> Result<Profile, Vec<Problem>> {
    load_beside(text, &|_| Err("there are no files beside this profile".to_owned()))
}

/// Reads a profile with the texts beside it; gives all problems at once.
pub fn load_beside(text: &str, beside: Beside<'_>) -> Result<Profile, Vec<Problem>> {
    let file = read(text)?;
    let mut checker = Checker { text, problems: Vec::new() };
    let effective = checker.day(&file.effective);
    let agreements = checker.agreements(&file.terms, beside);
    let roles = checker.roles(&file.roles, (&agreements, file.credentials.second_factor));
    checker.nominations(&file.roles);
    checker.managing(&file.roles);
    let phases = checker.phases(file.projects.as_ref(), &file.roles);
    let terms = checker.terms(file.organisations.as_ref());
    let directory = file.organisations.as_ref().and_then(|file| file.directory.as_ref());
    let directory = directory.map(|said| DirectoryRules { contact: said.contact, applications: said.applications });
    let initial = checker.initial(&file);
    let registrations = checker.registrations(file.registrations.as_ref());
    let recertification = checker.recertification(file.recertification.as_ref(), &file.roles);
    let (credentials, kept) = (&file.credentials, &file.retention.deleted_user_days);
    let cooling_off = checker.figure(&credentials.cooling_off_seconds, 1, 60);
    let activation = checker.figure(&credentials.activation_seconds, 1, 60);
    let recovery = checker.figure(&credentials.recovery_seconds, 1, 60);
    let passwords = checker.password_sets(credentials.password.as_ref(), &credentials.password_sets);
    let delegated_token = match &credentials.delegated_token_seconds {
        Some(seconds) => checker.figure(seconds, 1, 3_600),
        None => NINETY_DAYS,
    };
    let elevation = match &credentials.elevation_seconds {
        // Time enough for a form.
        Some(seconds) => checker.figure(seconds, 1, 300),
        None => SECOND_FACTOR_LASTS,
    };
    let remember_for = match &credentials.remember_days {
        Some(days) if *days.get_ref() > MOST_REMEMBERED => {
            checker.report(
                days,
                format!("{} is out of range", days.get_ref()),
                &format!("give 0 to {MOST_REMEMBERED}"),
            );
            Duration::ZERO
        }
        Some(days) => Duration::from_hours(24 * days.get_ref()),
        None => Duration::ZERO,
    };
    let deleted_user = checker.figure(kept, 86_400, 1);
    // More than a month: the first reminder goes out so long before.
    let deactivated_organisation = match &file.retention.deactivated_organisation_days {
        Some(days) => checker.figure(days, 86_400, 31),
        None => HALF_A_YEAR,
    };
    if !checker.problems.is_empty() {
        return Err(checker.problems);
    }
    Ok(Profile {
        name: file.name,
        version: file.version,
        effective,
        roles: Roles::new(roles).with_directory(directory).with_initial(initial),
        wording: file.words.organisation,
        cooling_off,
        activation,
        recovery,
        user_names: match credentials.user_names {
            UserNamesWord::Email => UserNames::Email,
            UserNamesWord::Assigned => UserNames::Assigned,
        },
        passwords,
        delegated_token,
        elevation,
        remember_for,
        deleted_user,
        phases,
        terms,
        registrations,
        deactivated_organisation,
        recertification,
        agreements,
    })
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

pub(super) struct Checker<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    pub(super) fn report<T>(&mut self, at: &Spanned<T>, message: String, cure: &str) {
        let line = line_of(self.text, at.span().start);
        self.problems.push(Problem { line, message, cure: cure.to_owned() });
    }

    pub(super) fn day(&mut self, day: &Spanned<String>) -> Timestamp {
        Timestamp::start_of_date(day.as_ref()).unwrap_or_else(|| {
            self.report(day, format!("`{}` is not a day", day.as_ref()), "write it as 2024-03-04");
            Timestamp(0)
        })
    }

    /// A span of time, between `least` and a year, in units of so many seconds.
    pub(super) fn figure(&mut self, given: &Spanned<u64>, unit: u64, least: u64) -> Duration {
        let most = 366 * 86_400 / unit;
        if !(least..=most).contains(given.get_ref()) {
            self.report(given, format!("{} is out of range", given.get_ref()), &format!("give {least} to {most}"));
        }
        Duration::from_secs(given.get_ref().saturating_mul(unit))
    }

    fn roles(
        &mut self,
        files: &[Spanned<RoleFile>],
        (terms, standard): (&Documents, Option<Strength>),
    ) -> Vec<RoleDefinition> {
        let mut codes = BTreeSet::new();
        for file in files {
            let code = &file.as_ref().code;
            if !codes.insert(code.as_ref().clone()) {
                self.report(code, format!("role `{}` is defined twice", code.as_ref()), "remove or rename one of them");
            }
        }
        for file in files {
            self.references(file.as_ref(), &codes);
            self.needs(file.as_ref());
            self.cardinality(file.as_ref());
            self.deputies(file.as_ref());
            self.separation(file.as_ref(), files);
            self.asks(file.as_ref(), terms);
            if let Some(texts) = &file.as_ref().texts {
                self.labels(texts, LONGEST_TEXT);
            }
        }
        self.reachability(files);
        files.iter().map(|file| role(file.as_ref(), terms, standard)).collect()
    }

    fn references(&mut self, file: &RoleFile, codes: &BTreeSet<String>) {
        let named = file.granted_by.iter().chain(&file.revoked_by).chain(&file.revocation_requests_by);
        for rule in named.filter(|rule| !codes.contains(&rule.as_ref().role)) {
            self.report(rule, format!("role `{}` is not defined", rule.as_ref().role), "define it or correct the name");
        }
        let others = file.separation_of_duties.iter().chain(&file.requires);
        for other in others.filter(|other| !codes.contains(other.as_ref())) {
            self.report(other, format!("role `{}` is not defined", other.as_ref()), "define it or correct the name");
        }
        let wider = file.managed_permissions.iter().chain(&file.country_permissions);
        let words = file.permissions.iter().filter(|word| word.as_ref() != "*").chain(wider);
        for word in words.filter(|word| Permission::parse(word.as_ref()).is_none()) {
            let known = Permission::ALL.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(", ");
            self.report(word, format!("permission `{}` is not known", word.as_ref()), &format!("use one of {known}"));
        }
    }

    /// What a permission is worth nothing, or tells too much, without (decision 13).
    fn needs(&mut self, file: &RoleFile) {
        for words in [&file.permissions, &file.managed_permissions, &file.country_permissions] {
            let held = permissions(words);
            for word in words {
                let needed =
                    Permission::parse(word.as_ref()).and_then(needed_by).filter(|needed| !held.contains(*needed));
                if let Some(needed) = needed {
                    let message = format!("permission `{}` is given without `{needed}`", word.as_ref());
                    self.report(word, message, "give both or neither");
                }
            }
        }
    }

    fn cardinality(&mut self, file: &RoleFile) {
        if let Some(max) = &file.max
            && *max.as_ref() < file.min.max(1)
        {
            self.report(
                max,
                format!("at most {} holders, but at least {}", max.as_ref(), file.min),
                "raise `max` or lower `min`",
            );
        }
    }

    /// A role excludes neither itself nor what must be held with it.
    fn separation(&mut self, file: &RoleFile, files: &[Spanned<RoleFile>]) {
        let code = file.code.as_ref();
        for other in &file.separation_of_duties {
            let named = files.iter().map(Spanned::as_ref).find(|role| role.code.as_ref() == other.as_ref());
            let needs = |one: &RoleFile, two: &str| one.requires.iter().any(|needed| needed.as_ref() == two);
            if other.as_ref() == code || needs(file, other.as_ref()) || named.is_some_and(|named| needs(named, code)) {
                let message = format!("role `{code}` excludes `{}`, which goes with it", other.as_ref());
                self.report(other, message, "take it out of `separation_of_duties`");
            }
        }
    }

    /// Roles that two people have to give, and those of the whole installation, are not lent by one (DA-25); roles that people are named
    /// for are about who they are.
    fn deputies(&mut self, file: &RoleFile) {
        let two = matches!(file.confirmation, ConfirmationWord::Always);
        let lends = permissions(&file.permissions).contains(Permission::RoleGrant);
        if file.deputies && (two || !lends || file.nominated || matches!(file.scope, ScopeWord::System)) {
            let message = format!("holders of role `{}` cannot have deputies", file.code.as_ref());
            let cure =
                "let it be a role of organisations with `role.grant`, by grant and without `confirmation = \"always\"`";
            self.report(&file.code, message, cure);
        }
    }

    /// Whoever holds nothing but the operator's role must be able to bring about every role, step by step.
    fn reachability(&mut self, files: &[Spanned<RoleFile>]) {
        let start = files.iter().map(Spanned::as_ref).filter(|role| matches!(role.scope, ScopeWord::System));
        let mut reached: BTreeSet<&str> = start.map(|role| role.code.as_ref().as_str()).collect();
        loop {
            let next = files.iter().map(Spanned::as_ref).find(|role| {
                !reached.contains(role.code.as_ref().as_str())
                    && role.granted_by.iter().any(|rule| reached.contains(rule.as_ref().role.as_str()))
            });
            let Some(role) = next else { break };
            reached.insert(role.code.as_ref());
        }
        for file in files.iter().filter(|file| !reached.contains(file.as_ref().code.as_ref().as_str())) {
            let code = &file.as_ref().code;
            self.report(
                code,
                format!("nobody can ever grant role `{}`", code.as_ref()),
                "let a role of scope `system` grant it",
            );
        }
    }
}

/// Addresses are seen of people who are seen; and whoever writes them sees them, since the answers to what is written tell them.
fn needed_by(permission: Permission) -> Option<Permission> {
    match permission {
        Permission::UserReadContact => Some(Permission::UserRead),
        Permission::UserCreate | Permission::UserUpdate | Permission::UserDelete => Some(Permission::UserReadContact),
        Permission::ModuleManage
        | Permission::ModulePropose
        | Permission::ServiceManage
        | Permission::AccessManagerManage
        | Permission::AccessManagerSelfAdd => Some(Permission::OrganisationRead),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::load;
    use crate::delegation::profile::SHIPPED;

    #[test]
    fn every_shipped_profile_is_without_a_problem() {
        for (name, text) in SHIPPED {
            assert_eq!(load(text).map(|profile| profile.name).as_deref(), Ok(*name));
        }
    }

    #[test]
    fn all_problems_are_reported_at_once_with_line_and_cure() {
        let broken = SHIPPED[0].1.replace("\"membership.read\", \"role.read\", \"role.grant\"", "\"membership.reed\", \"role.read\", \"role.grant\"").replace(
            "granted_by = [{ role = \"ApplicationAccessAdmin\", relation = \"covering\" }, { role = \"Operator\", relation = \"any\" }]",
            "granted_by = [{ role = \"Nobody\", relation = \"covering\" }]\nmax = 0",
        );
        let problems = load(&broken).unwrap_err();
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            said,
            [
                "permission `membership.reed` is not known",
                "role `Nobody` is not defined",
                "at most 0 holders, but at least 1",
                "nobody can ever grant role `ApplicationAccessAdmin`"
            ]
        );
        assert!(problems.iter().all(|problem| problem.line > 30 && !problem.cure.is_empty()));
    }

    /// Decision 13: a role that writes addresses which it does not see could find them out by writing.
    #[test]
    fn permissions_that_need_one_another_are_given_together() {
        let said = |broken: &str| {
            let problems = load(broken).unwrap_err();
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        let blind = SHIPPED[0].1.replace("\"user.read_contact\", ", "");
        assert_eq!(
            said(&blind),
            ["create", "update", "delete"]
                .map(|verb| format!("permission `user.{verb}` is given without `user.read_contact`"))
        );
        let unseen = SHIPPED[0].1.replace("\"user.read\", \"user.read_contact\"", "\"user.read_contact\"");
        assert_eq!(said(&unseen), ["permission `user.read_contact` is given without `user.read`"]);
        let open = SHIPPED[0]
            .1
            .replace("\"user.read\", \"membership.read\"", "\"user.read\", \"user.read_contact\", \"membership.read\"");
        assert_ne!(open, SHIPPED[0].1);
        load(&open).unwrap();
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let problems = load("name = \"x\"\nsurprise = 1\n").unwrap_err();
        assert!(problems.iter().any(|problem| problem.line == 2 && problem.message.contains("surprise")));
    }
}
