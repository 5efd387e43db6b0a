//! Checks the terms of use of a profile: versions that follow one another, and texts of a bounded size (E16).

use std::collections::BTreeMap;

use toml::Spanned;

use super::check::{Beside, Checker};
use super::file::{RoleFile, TermsFile, VersionFile};
use crate::agreements::model::Texts;
use crate::agreements::{Document, Documents, GENERAL, Version};

/// Longest text, in bytes: some thirty printed pages.
pub const MAX_TEXT: usize = 100_000;
/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Most documents, and most versions of one.
const MOST: usize = 50;

impl Checker<'_> {
    /// All documents.
    pub(super) fn agreements(&mut self, files: &[TermsFile], beside: Beside<'_>) -> Documents {
        let mut known: Vec<&str> = Vec::new();
        let mut documents = Vec::new();
        for file in files {
            let code = file.code.as_ref().as_str();
            if known.contains(&code) {
                self.report(
                    &file.code,
                    format!("terms `{code}` are there twice"),
                    "make them versions of one document",
                );
            }
            known.push(code);
            if !is_code(code) {
                self.report(
                    &file.code,
                    format!("`{code}` is no code"),
                    "use up to 64 small letters, digits and hyphens",
                );
            }
            if files.len() > MOST || file.versions.is_empty() || file.versions.len() > MOST {
                let message = format!("terms `{code}`: {} versions, {} documents", file.versions.len(), files.len());
                self.report(&file.code, message, &format!("give 1 to {MOST} of each"));
            }
            documents.push(self.document(file, beside));
        }
        Documents::new(documents)
    }

    /// A role asks for terms that there are, and not for those that everybody is asked for (E17).
    pub(super) fn asks(&mut self, file: &RoleFile, documents: &Documents) {
        let Some(code) = &file.terms else { return };
        if documents.get(code.as_ref()).is_none() || code.as_ref() == GENERAL {
            let message = format!("role `{}` asks for the terms `{}`", file.code.as_ref(), code.as_ref());
            self.report(code, message, "name terms of the profile other than `general`, which everybody is asked for");
        }
    }

    fn document(&mut self, file: &TermsFile, beside: Beside<'_>) -> Document {
        let titles = file.titles.get_ref();
        self.languages(&file.titles, titles.keys());
        if titles.values().any(|title| title.trim().is_empty() || title.chars().count() > MAX_TITLE) {
            self.report(&file.titles, "a title is empty or too long".to_owned(), "give up to 200 characters");
        }
        let mut versions: Vec<Version> = Vec::new();
        for given in &file.versions {
            let version = self.version(given, beside);
            if let Some(before) = versions.last() {
                if version.number <= before.number {
                    let message = format!("version {} comes after version {}", version.number, before.number);
                    self.report(&given.as_ref().version, message, "count up: what was accepted is known by its number");
                }
                if version.effective.is_some() && (before.effective.is_none() || before.effective >= version.effective)
                {
                    let message = format!("version {} takes effect before the one above it", version.number);
                    self.report(
                        given,
                        message,
                        "let each version take effect later than the one before; a draft comes last",
                    );
                }
            }
            versions.push(version);
        }
        Document { code: file.code.as_ref().clone(), titles: Texts::new(titles.clone()), versions }
    }

    fn version(&mut self, given: &Spanned<VersionFile>, beside: Beside<'_>) -> Version {
        let file = given.as_ref();
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (language, text) in &file.texts {
            self.text(text, text.get_ref());
            texts.insert(language.clone(), text.get_ref().clone());
        }
        for (language, path) in &file.files {
            match beside(path.get_ref()) {
                Ok(text) => {
                    self.text(path, &text);
                    if texts.insert(language.clone(), text).is_some() {
                        let message = format!("the text in `{language}` is there twice");
                        self.report(path, message, "give it in the profile or in a file");
                    }
                }
                Err(problem) => {
                    let message = format!("`{}` cannot be read: {problem}", path.get_ref());
                    self.report(path, message, "name a file of UTF-8 text, relative to the profile");
                }
            }
        }
        self.languages(given, texts.keys());
        let effective = file.effective.as_ref().map(|day| self.day(day));
        Version { number: *file.version.as_ref(), effective, texts: Texts::new(texts) }
    }

    fn text<T>(&mut self, at: &Spanned<T>, text: &str) {
        let control = text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        if text.trim().is_empty() || text.len() > MAX_TEXT || control {
            let message = format!("a text of {} bytes that cannot be shown", text.len());
            self.report(at, message, &format!("give plain text of up to {MAX_TEXT} bytes"));
        }
    }

    pub(super) fn languages<'a, T>(&mut self, at: &Spanned<T>, given: impl Iterator<Item = &'a String>) {
        let given: Vec<&String> = given.collect();
        if !given.iter().any(|language| *language == "en") {
            self.report(at, "a text in English is missing".to_owned(), "add one for `en`");
        }
        let known = |language: &str| language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
        if let Some(language) = given.iter().find(|language| !known(language)) {
            self.report(at, format!("`{language}` is no language"), "use tags of two letters, such as `de`");
        }
    }
}

fn is_code(code: &str) -> bool {
    (1..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, SHIPPED, load, load_beside};
    use super::{MAX_TEXT, MAX_TITLE, MOST};
    use crate::agreements::GENERAL;

    /// The shipped profile with other terms than its own.
    fn with(terms: &str) -> String {
        let text = SHIPPED[0].1;
        let (head, rest) = text.split_once("[[terms]]").unwrap();
        let roles = &rest[rest.find("[[roles]]").unwrap()..];
        format!("{head}{terms}\n{roles}").replace("terms = \"delegated-administrators\"\n", "")
    }

    fn said(terms: &str) -> Vec<String> {
        let problems = load(&with(terms)).err().unwrap_or_default();
        assert!(problems.iter().all(|problem| problem.line > 20 && !problem.cure.is_empty()), "{problems:?}");
        problems.into_iter().map(|problem| problem.message).collect()
    }

    /// E16: what cannot be asked for is refused, all at once, each with its line.
    #[test]
    fn terms_that_cannot_be_asked_for_are_refused() {
        let one = |more: &str| format!("[[terms]]\ncode = \"general\"\ntitles = {{ en = \"Terms\" }}\n{more}");
        let version = |number: u32, from: &str| {
            format!("[[terms.versions]]\nversion = {number}\n{from}\ntexts = {{ en = \"Text {number}\" }}\n")
        };
        let (first, second) = ("effective = \"2026-01-01\"", "effective = \"2026-02-01\"");
        assert_eq!(said(&one(&(version(1, first) + &version(2, second) + &version(3, "")))), Vec::<String>::new());
        assert_eq!(
            said(&one(&(version(1, second) + &version(2, first)))),
            ["version 2 takes effect before the one above it"]
        );
        assert_eq!(
            said(&one(&(version(1, "") + &version(2, first)))),
            ["version 2 takes effect before the one above it"]
        );
        assert_eq!(said(&one(&(version(2, first) + &version(2, second)))), ["version 2 comes after version 2"]);
        assert_eq!(said(&one(&version(1, "effective = \"soon\""))), ["`soon` is not a day"]);
        assert_eq!(
            said("[[terms]]\ncode = \"Not A Code\"\ntitles = { de = \"\" }\nversions = []"),
            [
                "`Not A Code` is no code",
                "terms `Not A Code`: 0 versions, 1 documents",
                "a text in English is missing",
                "a title is empty or too long",
            ]
        );
        let bad = "[[terms.versions]]\nversion = 1\ntexts = { en = \"\\u0007\", deu = \"x\" }\n";
        assert_eq!(said(&one(bad)), ["a text of 1 bytes that cannot be shown", "`deu` is no language"]);
        let long = format!("[[terms.versions]]\nversion = 1\ntexts = {{ en = \"{}\" }}\n", "x".repeat(MAX_TEXT + 1));
        assert_eq!(said(&one(&long)), [format!("a text of {} bytes that cannot be shown", MAX_TEXT + 1)]);
    }

    /// As many documents, versions and letters as there may just be, and one more.
    #[test]
    fn terms_are_as_many_and_as_long_as_they_may_be() {
        let version = |number: usize, text: &str| {
            let effective =
                if number == 0 { String::new() } else { format!("effective = \"{}-01-01\"\n", 2000 + number) };
            format!("[[terms.versions]]\nversion = {number}\n{effective}texts = {{ en = \"{text}\" }}\n")
        };
        let document = |code: &str, title: &str, versions: &str| {
            format!("[[terms]]\ncode = \"{code}\"\ntitles = {{ en = \"{title}\" }}\n{versions}")
        };
        let documents = |count: usize| -> Vec<String> {
            said(&(0..count).map(|n| document(&format!("t-{n}"), "Terms", &version(0, "x"))).collect::<String>())
        };
        let versions =
            |count: usize| said(&document("one", "Terms", &(1..=count).map(|n| version(n, "x")).collect::<String>()));
        assert_eq!((documents(MOST), versions(MOST)), (Vec::new(), Vec::new()));
        assert_eq!(documents(MOST + 1).len(), MOST + 1);
        assert_eq!(documents(MOST + 2).len(), MOST + 2);
        for count in [MOST + 1, MOST + 2] {
            assert_eq!(versions(count), [format!("terms `one`: {count} versions, 1 documents")]);
        }
        let titled = |length: usize| said(&document("one", &"t".repeat(length), &version(0, "x")));
        assert_eq!(titled(MAX_TITLE), Vec::<String>::new());
        for length in [MAX_TITLE + 1, MAX_TITLE + 2] {
            assert_eq!(titled(length), ["a title is empty or too long"]);
        }
        assert_eq!(said(&document("one", "Terms", &version(0, &"x".repeat(MAX_TEXT)))), Vec::<String>::new());
    }

    /// E17: a role asks for terms that there are, and not for those that everybody is asked for.
    #[test]
    fn a_role_asks_for_terms_of_its_profile() {
        let text = SHIPPED[0].1;
        for wrong in ["general", "nothing"] {
            let problems =
                load(&text.replacen("terms = \"delegated-administrators\"", &format!("terms = \"{wrong}\""), 1))
                    .unwrap_err();
            assert_eq!(problems[0].message, format!("role `DelegatedUserAdmin` asks for the terms `{wrong}`"));
        }
        let asks = |profile: &Profile, role: &str| {
            profile.roles.get(role).unwrap().terms.as_ref().map(|terms| terms.code.clone())
        };
        let profile = load(text).unwrap();
        assert_eq!(asks(&profile, "ApplicationAccessAdmin").as_deref(), Some("delegated-administrators"));
        assert_eq!(asks(&profile, "Operator"), None);
        let without = load(&text.replacen("terms = \"delegated-administrators\"\n", "", 1)).unwrap();
        let diff = without.diff(&profile);
        assert_eq!(
            diff.changes.iter().map(|one| one.place.as_str()).collect::<Vec<_>>(),
            ["roles.DelegatedUserAdmin.terms"]
        );
        assert_eq!(diff.effects["DelegatedUserAdmin"].terms.as_deref(), Some("delegated-administrators"));
    }

    /// E16: a text may stand in a file beside the profile; one that is not there is named.
    #[test]
    fn texts_stand_in_the_profile_or_in_a_file_beside_it() {
        let text = with(
            "[[terms]]\ncode = \"general\"\ntitles = { en = \"Terms\" }\n[[terms.versions]]\nversion = 1\nfiles = { en = \"terms.txt\" }",
        );
        let profile = load_beside(&text, &|name| Ok(format!("what {name} says"))).unwrap();
        let version = &profile.agreements.get(GENERAL).unwrap().versions[0];
        assert_eq!(version.texts.of("de"), ("en", "what terms.txt says"));
        let problems = load(&text).unwrap_err();
        assert_eq!(problems[0].message, "`terms.txt` cannot be read: there are no files beside this profile");
    }

    /// P10: a new version is a change of the profile that is named.
    #[test]
    fn another_version_is_a_change_of_the_profile() {
        let old = load(SHIPPED[0].1).unwrap();
        let text = SHIPPED[0].1.replacen("# effective = \"2027-01-01\"", "effective = \"2027-01-01\"", 1);
        let changes = old.diff(&load(&text).unwrap()).changes;
        assert_eq!(changes.iter().map(|change| change.place.as_str()).collect::<Vec<_>>(), ["terms.general.1"]);
        assert_eq!(changes[0].before.as_deref(), Some("draft (de, en, fr)"));
    }
}
