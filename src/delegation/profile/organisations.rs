//! Checks what a profile says about organisations: schemes of identifiers and vocabularies (I16).

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::check::Checker;
use super::file::{OrganisationsFile, ProfileFile, RegistrationsFile, RoleFile, ScopeWord};
use crate::authority::InitialRoles;
use crate::directory::organisation::describe::rules::MAX_IDENTIFIER;
use crate::directory::organisation::describe::terms::{Entry, Scheme, Terms, Vocabulary};
use crate::directory::registration::model::RegistrationRules;
use crate::kernel::labels::Labels;

/// Most schemes, and most vocabularies.
const MAX_LISTS: usize = 20;

/// Most entries of one vocabulary: all of them are boxes of one form.
const MAX_ENTRIES: usize = 200;

/// Characters of what pages call a scheme, a vocabulary or an entry.
const LONGEST_LABEL: usize = 200;

impl Checker<'_> {
    /// The terms of a profile; none where it says nothing.
    pub(super) fn terms(&mut self, file: Option<&OrganisationsFile>) -> Terms {
        let Some(file) = file else { return Terms::default() };
        self.words(file.identifiers.iter().map(|scheme| &scheme.code), MAX_LISTS);
        self.words(file.vocabularies.iter().map(|vocabulary| &vocabulary.code), MAX_LISTS);
        let mut terms = Terms::default();
        for scheme in &file.identifiers {
            if let Some(digits) =
                scheme.digits.as_ref().filter(|digits| !(1..=MAX_IDENTIFIER).contains(digits.get_ref()))
            {
                self.report(digits, format!("{} digits are none", digits.get_ref()), "give 1 to 64, or leave it out");
            }
            terms.schemes.push(Scheme {
                code: scheme.code.get_ref().clone(),
                labels: self.labels(&scheme.labels, LONGEST_LABEL),
                digits: scheme.digits.as_ref().map(|digits| *digits.get_ref()),
            });
        }
        for vocabulary in &file.vocabularies {
            self.words(vocabulary.entries.iter().map(|entry| &entry.code), MAX_ENTRIES);
            let entries = vocabulary.entries.iter().map(|entry| Entry {
                code: entry.code.get_ref().clone(),
                labels: self.labels(&entry.labels, LONGEST_LABEL),
            });
            let entries = entries.collect();
            let labels = self.labels(&vocabulary.labels, LONGEST_LABEL);
            terms.vocabularies.push(Vocabulary { code: vocabulary.code.get_ref().clone(), labels, entries });
        }
        terms
    }

    /// What it says about invitations of authorities; the usual where it says nothing.
    pub(super) fn registrations(&mut self, file: Option<&RegistrationsFile>) -> RegistrationRules {
        let mut rules = RegistrationRules::default();
        let Some(file) = file else { return rules };
        if let Some(days) = &file.invitation_days {
            rules.lifetime = self.figure(days, 86_400, 1);
        }
        if let Some(max) = &file.max_open {
            rules.max_open = *max.get_ref();
            if rules.max_open == 0 {
                self.report(max, "nobody could invite anybody".to_owned(), "give at least 1");
            }
        }
        rules.four_eyes = file.four_eyes;
        rules
    }

    /// The roles that organisations and projects begin with: such as people are named for, each in its scope (P15, P32).
    pub(super) fn initial(&mut self, file: &ProfileFile) -> InitialRoles {
        let registrations = file.registrations.as_ref();
        let representative = registrations.and_then(|file| file.representative.as_ref());
        let contact = file.projects.as_ref().and_then(|projects| projects.as_ref().contact.as_ref());
        InitialRoles {
            representative: self.named(&file.roles, representative, |scope| matches!(scope, ScopeWord::Organisation)),
            contact: self.named(&file.roles, contact, |scope| matches!(scope, ScopeWord::Project)),
        }
    }

    fn named(
        &mut self,
        roles: &[Spanned<RoleFile>],
        given: Option<&Spanned<String>>,
        fits: fn(ScopeWord) -> bool,
    ) -> Option<String> {
        let given = given?;
        let mut roles = roles.iter().map(Spanned::as_ref);
        let known = roles.any(|role| role.code.as_ref() == given.get_ref() && role.nominated && fits(role.scope));
        if !known {
            let message = format!("`{}` is no role that people are named for there", given.get_ref());
            self.report(given, message, "name one with `nominated = true` and the scope of what begins with it");
        }
        Some(given.get_ref().clone())
    }

    /// Codes stand in names of form fields and in addresses, each once in its list.
    fn words<'a>(&mut self, codes: impl Iterator<Item = &'a Spanned<String>>, most: usize) {
        let mut seen = BTreeSet::new();
        for (number, code) in codes.enumerate() {
            let word = code.get_ref();
            let plain = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            if word.is_empty() || word.len() > 64 || !plain {
                self.report(code, format!("`{word}` is no code"), "use up to 64 letters, digits, `_` and `-`");
            }
            if !seen.insert(word) {
                self.report(code, format!("`{word}` is there twice"), "remove or rename one of them");
            }
            if number == most {
                self.report(code, format!("there are more than {most}"), "remove some");
            }
        }
    }

    /// One line in each language, of so many characters at most.
    pub(super) fn labels(&mut self, labels: &Spanned<BTreeMap<String, String>>, most: usize) -> Labels {
        let given = labels.get_ref();
        self.languages(labels, given.keys());
        let plain = |text: &String| {
            !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
        };
        if !given.values().all(plain) {
            let cure = format!("give one line of up to {most} characters in each language");
            self.report(labels, "a text that cannot be shown".to_owned(), &cure);
        }
        Labels::new(given.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::delegation::profile::{SHIPPED, load};

    fn with(section: &str) -> String {
        // Tables of the profile come before its lists of roles.
        let text = SHIPPED[1].1;
        let (head, roles) = text.split_once("[[roles]]").unwrap();
        let head = head.split("[[organisations.").next().unwrap_or(head);
        format!("{head}\n{section}\n[[roles]]{roles}")
    }

    /// What pages say of a role is one line in each language, in English at least.
    #[test]
    fn what_is_wrong_with_the_texts_of_a_role_is_said() {
        let with = |texts: &str| {
            let (head, role) = SHIPPED[1].1.split_once("code = \"Operator\"\n").unwrap();
            let (_, role) = role.split_once("scope = ").unwrap();
            let broken = format!("{head}code = \"Operator\"\n{texts}\nscope = {role}");
            load(&broken).err().unwrap_or_default().into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        assert!(with("texts = { en = \"It runs.\" }").is_empty() && with("").is_empty());
        assert_eq!(with("texts = { de = \"Betreibt.\" }"), ["a text in English is missing"]);
        assert_eq!(with("texts = { en = \"Runs.\", deu = \"Betreibt.\" }"), ["`deu` is no language"]);
        let long = "x".repeat(501);
        for text in ["", "  ", "two\\nlines", long.as_str()] {
            let texts = format!("texts = {{ en = \"Runs.\", de = \"{text}\" }}");
            assert_eq!(with(&texts), ["a text that cannot be shown"], "{text:?}");
        }
    }

    /// I16: a vocabulary has labels in English at least, and codes that are codes, each once.
    #[test]
    fn what_is_wrong_with_a_vocabulary_is_said_with_its_line() {
        let broken = with(
            "[[organisations.vocabularies]]\ncode = \"policy area\"\nlabels = { de = \"Bereich\" }\n\
             entries = [{ code = \"a\", labels = { en = \"A\" } }, { code = \"a\", labels = { en = \"B\", xyz = \"C\" } }]",
        );
        let problems = load(&broken).unwrap_err();
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(
            said,
            ["`policy area` is no code", "`a` is there twice", "`xyz` is no language", "a text in English is missing"]
        );
        assert!(problems.iter().all(|problem| problem.line > 5 && !problem.cure.is_empty()));
    }

    /// I16: labels in the languages of the pages, in English where there is none.
    #[test]
    fn an_entry_is_called_in_the_language_of_the_reader() {
        let profile = load(&with(
            "[[organisations.vocabularies]]\ncode = \"area\"\nlabels = { en = \"Policy area\", de = \"Politikbereich\" }\n\
             entries = [{ code = \"health\", labels = { en = \"Health\" } }]",
        ))
        .unwrap();
        let area = &profile.terms.vocabularies[0];
        assert_eq!((area.labels.of("de"), area.labels.of("fr")), ("Politikbereich", "Policy area"));
        assert!(profile.terms.has("area", "health") && !profile.terms.has("area", "labour"));
    }
}
