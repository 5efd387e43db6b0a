//! Reads the file as written: wrong words, wrong kinds of values and unknown keys at once, until something is missing.

use std::ops::Range;

use super::check::{Problem, line_of};
use super::file::ProfileFile;

/// More is not told at once.
const MOST: usize = 50;
/// As many lines as the value of an unknown key may have.
const LINES: usize = 100;
/// One value of each kind.
const KINDS: [&str; 5] = ["1", "\"word\"", "false", "[]", "{}"];

/// What the file says, or what is wrong with it as it is written. Whatever is wrong is set right in a copy, just to find what else is:
/// that copy is never a profile.
pub(super) fn read(text: &str) -> Result<ProfileFile, Vec<Problem>> {
    let (mut copy, mut problems) = (text.to_owned(), Vec::new());
    loop {
        match toml::from_str(&copy) {
            Ok(file) if problems.is_empty() => return Ok(file),
            Ok(_) => break,
            Err(error) => {
                problems.push(problem(&copy, &error));
                match set_right(&copy, &error) {
                    Some(next) if problems.len() < MOST => copy = next,
                    _ => break,
                }
            }
        }
    }
    problems.sort_by_key(|problem| problem.line);
    Err(problems)
}

fn problem(text: &str, error: &toml::de::Error) -> Problem {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    let (message, cure) = match error.message().split_once(", expected ") {
        Some((message, expected)) => (message, cure(expected)),
        None => (error.message(), "compare with a shipped profile".to_owned()),
    };
    Problem { line, message: message.to_owned(), cure }
}

/// What is expected, in the words of a profile and not of the program.
fn cure(expected: &str) -> String {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "give a whole number".to_owned(),
        "a boolean" => "give true or false".to_owned(),
        "a string" => "give a text in quotes".to_owned(),
        "a sequence" => "give a list".to_owned(),
        _ if expected.contains('`') => format!("give {expected}"),
        _ => "compare with a shipped profile".to_owned(),
    }
}

/// The text without this mistake, with every line where it was; nothing where that takes a person.
fn set_right(text: &str, error: &toml::de::Error) -> Option<String> {
    let (span, message) = (error.span()?, error.message());
    if message.starts_with("unknown field") {
        return without(text, span.start);
    }
    let values: Vec<String> = if let Some(words) = message.strip_prefix("unknown variant") {
        let expected = words.split_once(", expected ")?.1;
        expected.split('`').skip(1).step_by(2).map(|word| format!("\"{word}\"")).collect()
    } else if message.starts_with("invalid type") {
        KINDS.map(str::to_owned).into()
    } else {
        return None;
    };
    let with = |value: &String| replaced(text, span.clone(), value);
    // Something else is wrong next, or nothing is.
    let gone = |copy: &String| match toml::from_str::<ProfileFile>(copy) {
        Ok(_) => true,
        Err(next) => next.span().is_none_or(|next| next.start != span.start),
    };
    values.iter().map(with).filter(|copy| is_toml(copy)).find(gone)
}

fn is_toml(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok()
}

/// With another value, and as many lines.
fn replaced(text: &str, span: Range<usize>, value: &str) -> String {
    let lines = text.get(span.clone()).unwrap_or_default().matches('\n').count();
    let mut copy = text.to_owned();
    copy.replace_range(span, &format!("{value}{}", "\n".repeat(lines)));
    copy
}

/// Without the key that begins there and its value, which may go on over lines; as few as leave it TOML.
fn without(text: &str, key: usize) -> Option<String> {
    let first = line_of(text, key) - 1;
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for at in first..lines.len().min(first + LINES) {
        lines.get_mut(at)?.insert_str(0, "# ");
        let copy = lines.join("\n");
        if is_toml(&copy) {
            return Some(copy);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::delegation::profile::SHIPPED;

    /// The lines and messages for the first shipped profile with these edits.
    fn said(edits: &[(&str, &str)]) -> Vec<(usize, String, String)> {
        let text = edits.iter().fold(SHIPPED[0].1.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let problems = read(&text).err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.line, problem.message, problem.cure)).collect()
    }

    /// The line of the first shipped profile where this stands.
    fn line(of: &str) -> usize {
        super::line_of(SHIPPED[0].1, SHIPPED[0].1.find(of).unwrap())
    }

    #[test]
    fn every_wrong_word_value_and_key_is_told_at_once_with_its_line() {
        let found = said(&[
            ("relation = \"covering\"", "relation = \"above\""),
            ("scope = \"organisation\"", "scope = \"level\""),
            ("deleted_user_days = 30", "deleted_user_days = \"a month\""),
            ("max_open", "most_open"),
        ]);
        let told = |message: &str| found.iter().find(|(_, told, _)| told.contains(message)).cloned();
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(told("`above`").map(|one| one.0), Some(line("relation = \"covering\"")));
        let (at, _, cure) = told("`level`").unwrap();
        assert_eq!(at, line("scope = \"organisation\""));
        assert!(cure.starts_with("give one of `system`, `organisation`"), "{cure}");
        assert_eq!(told("a month").map(|one| one.0), Some(line("deleted_user_days")));
        assert_eq!(told("most_open").map(|one| one.0), Some(line("max_open")));
    }

    /// Every line is where it was, also behind values that go on over lines.
    #[test]
    fn values_over_several_lines_are_one_mistake_each() {
        let wrong = said(&[
            ("permissions = [\n", "permissons = [\n"),
            ("[retention]", "surprise = [\n  1,\n  2,\n]\n\n[retention]"),
            ("deleted_user_days = 30", "deleted_user_days = [\n]"),
            ("relation = \"covering\"", "relation = \"above\""),
        ]);
        let told: Vec<&str> = wrong.iter().map(|(_, message, _)| message.as_str()).collect();
        assert!(told.iter().all(|message| !message.contains("TOML")), "{told:?}");
        for expected in ["surprise", "sequence", "permissons", "missing field `permissions`"] {
            assert!(told.iter().any(|message| message.contains(expected)), "{expected}: {told:?}");
        }
        assert!(wrong.is_sorted_by_key(|(line, ..)| *line));
        let days = wrong.iter().find(|(_, message, _)| message.contains("sequence")).unwrap();
        assert_eq!((days.0, days.2.as_str()), (line("deleted_user_days") + 5, "give a whole number"));
    }

    #[test]
    fn what_takes_a_person_ends_the_list() {
        let found = said(&[("relation = \"covering\"", "relation = \"above\""), ("[retention]", "[retention")]);
        assert_eq!(found.len(), 1, "what is not TOML says nothing: {found:?}");
        let found = said(&[("deleted_user_days = 30", "")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("missing field"), "{found:?}");
        assert!(!found[0].2.is_empty());
    }
}
