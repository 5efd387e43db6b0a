//! Checks what a profile says about nominations and projects.

use std::collections::BTreeSet;

use toml::Spanned;

use super::check::Checker;
use super::file::{ProjectsFile, RelationWord, RoleFile, RuleFile, ScopeWord};
use super::role::permissions;

/// Most phases of a project.
const MAX_PHASES: usize = 20;

impl RoleFile {
    fn is_of_project(&self) -> bool {
        matches!(self.scope, ScopeWord::Project | ScopeWord::ProjectAndOrganisation)
    }
}

impl Checker<'_> {
    /// What belongs together in roles that people are named for, and in roles of projects.
    pub(super) fn nominations(&mut self, files: &[Spanned<RoleFile>]) {
        for file in files.iter().map(Spanned::as_ref) {
            let code = &file.code;
            if file.is_of_project() && !file.nominated {
                let message = format!("role `{}` of a project is not given by nomination", code.as_ref());
                self.report(code, message, "add `nominated = true`");
            }
            if file.nominated && !matches!(file.sub_levels, super::file::SubLevelsWord::Never) {
                let message = format!("role `{}` is given by nomination and reaches below", code.as_ref());
                self.report(code, message, "add `sub_levels = \"never\"`");
            }
            if file.nominated && matches!(file.scope, ScopeWord::System | ScopeWord::OrganisationAndApplications) {
                let message = format!("nobody can be named for role `{}` of this scope", code.as_ref());
                self.report(code, message, "let its scope be `organisation`, `project` or `project+organisation`");
            }
            if file.dormant && !permissions(&file.permissions).is_empty() {
                let message = format!("role `{}` is dormant and carries permissions", code.as_ref());
                self.report(code, message, "give them to the role that requires it");
            }
            self.relations(file);
            self.required(file, files);
            self.handed_on(file, files);
            self.entitlements(file);
        }
    }

    fn relations(&mut self, file: &RoleFile) {
        let named = file.granted_by.iter().chain(&file.revoked_by).chain(&file.revocation_requests_by);
        let within = |rule: &RuleFile| {
            matches!(rule.relation, RelationWord::SameProject | RelationWord::SameProjectAndOrganisation)
        };
        for rule in named.filter(|rule| within(rule.as_ref()) && !file.is_of_project()) {
            let message = format!("role `{}` is not about projects", file.code.as_ref());
            self.report(rule, message, "use `same-organisation`, `covering` or `any`");
        }
    }

    fn required(&mut self, file: &RoleFile, files: &[Spanned<RoleFile>]) {
        for code in &file.requires {
            let required = files.iter().map(Spanned::as_ref).find(|other| other.code.as_ref() == code.as_ref());
            if required.is_some_and(|other| !matches!(other.scope, ScopeWord::Organisation)) {
                let message = format!("role `{}` is not a role of an organisation", code.as_ref());
                self.report(code, message, "require a role of scope `organisation`");
            }
        }
    }

    /// D4: nobody hands on what they do not hold, unless they hold everything.
    fn handed_on(&mut self, file: &RoleFile, files: &[Spanned<RoleFile>]) {
        let given = permissions(&file.permissions);
        for rule in &file.granted_by {
            let giver = files.iter().map(Spanned::as_ref).find(|other| *other.code.as_ref() == rule.as_ref().role);
            let Some(giver) = giver.filter(|giver| !matches!(giver.scope, ScopeWord::System)) else { continue };
            let held = permissions(&giver.permissions);
            if let Some(beyond) = given.iter().find(|permission| !held.contains(*permission)) {
                let (code, from) = (file.code.as_ref(), giver.code.as_ref());
                let message = format!("`{from}` would hand on `{beyond}` with role `{code}` without holding it");
                self.report(rule, message, "let the giver hold it, or the role not");
            }
        }
    }

    fn entitlements(&mut self, file: &RoleFile) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-');
        for word in &file.entitlements {
            if word.as_ref().is_empty() || word.as_ref().len() > 100 || !word.as_ref().chars().all(allowed) {
                let message = format!("entitlement `{}` is not a word", word.as_ref());
                self.report(word, message, "use letters, digits, and `:._-`, 100 at most");
            }
        }
    }

    /// The phases of projects; roles of projects ask for some.
    pub(super) fn phases(&mut self, given: Option<&Spanned<ProjectsFile>>, files: &[Spanned<RoleFile>]) -> Vec<String> {
        let Some(projects) = given else {
            if let Some(file) = files.iter().map(Spanned::as_ref).find(|file| file.is_of_project()) {
                let message = format!("role `{}` is about projects, which have no phases", file.code.as_ref());
                self.report(&file.code, message, "add a section `[projects]` with `phases`");
            }
            return Vec::new();
        };
        let words = &projects.as_ref().phases;
        if words.len() < 2 || words.len() > MAX_PHASES {
            let message = format!("a project has {} phases", words.len());
            self.report(projects, message, "give 2 to 20: in the last one the project is over");
        }
        let mut seen = BTreeSet::new();
        for word in words {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if word.as_ref().is_empty() || word.as_ref().len() > 50 || !word.as_ref().chars().all(fits) {
                self.report(word, format!("phase `{}` is not a word", word.as_ref()), "use `a-z`, `0-9` and `-`");
            }
            if !seen.insert(word.as_ref()) {
                self.report(word, format!("phase `{}` is named twice", word.as_ref()), "remove one of them");
            }
        }
        words.iter().map(|word| word.as_ref().clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SHIPPED, load};

    fn problems(replace: &str, by: &str) -> Vec<String> {
        let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "participant-portal").unwrap();
        assert!(text.contains(replace), "{replace}");
        let found = load(&text.replacen(replace, by, 1)).err().unwrap_or_default();
        assert!(found.iter().all(|problem| problem.line > 1 && !problem.cure.is_empty()));
        found.into_iter().map(|problem| problem.message).collect()
    }

    /// D4, P12: a nomination graph that would let somebody hand on what they do not hold is refused as a whole.
    #[test]
    fn a_profile_in_which_a_right_grows_on_its_way_is_refused() {
        let found = problems(
            "Lit les formulaires d’une organisation dans le projet.\"\npermissions = [\"project.read\"]",
            "Lit.\"\npermissions = [\"project.manage\"]",
        );
        assert!(found.iter().any(|message| message.contains("would hand on `project.manage`")), "{found:?}");
    }

    #[test]
    fn projects_without_phases_and_dormant_roles_with_rights_are_refused() {
        assert_eq!(problems("[projects]", "[[roles.granted]]").len(), 1, "a section that is not known");
        let found = problems("dormant = true\npermissions = []", "dormant = true\npermissions = [\"role.read\"]");
        assert!(found.iter().any(|message| message.contains("is dormant and carries permissions")), "{found:?}");
        let found = problems("phases = [", "phases = [\"Not A Word\", ");
        assert_eq!(found, ["phase `Not A Word` is not a word"]);
    }
}
