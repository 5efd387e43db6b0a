//! Reads the file as written: every wrong word, wrong kind of value and unknown key at once.

use super::check::{Problem, line_of};
use super::file::ProfileFile;

/// More is not told at once.
const MOST: usize = 50;
/// One value of each kind.
const KINDS: [&str; 5] = ["1", "\"word\"", "false", "[]", "{}"];

/// What the file says, or all that is wrong with it as it is written. Whatever is wrong is set right in a copy, just to find what else is:
/// that copy is never a profile.
pub(super) fn read(text: &str) -> Result<ProfileFile, Vec<Problem>> {
    let (mut copy, mut problems) = (text.to_owned(), Vec::new());
    loop {
        match toml::from_str(&copy) {
            Ok(file) if problems.is_empty() => return Ok(file),
            Ok(_) => return Err(problems),
            Err(error) => {
                problems.push(problem(&copy, &error));
                match set_right(&copy, &error) {
                    Some(next) if problems.len() < MOST => copy = next,
                    _ => return Err(problems),
                }
            }
        }
    }
}

fn problem(text: &str, error: &toml::de::Error) -> Problem {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    let (message, cure) = match error.message().split_once(", expected ") {
        Some((message, expected)) => (message, format!("give {expected}")),
        None => (error.message(), "compare with a shipped profile".to_owned()),
    };
    Problem { line, message: message.to_owned(), cure }
}

/// The text without this mistake, with every line where it was; nothing where that takes a person.
fn set_right(text: &str, error: &toml::de::Error) -> Option<String> {
    let (span, message) = (error.span()?, error.message());
    let with = |range: std::ops::Range<usize>, value: &str| {
        let mut copy = text.to_owned();
        copy.replace_range(range, value);
        copy
    };
    if message.starts_with("unknown field") {
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let alone = text[start..span.start].trim().is_empty();
        return alone.then(|| with(start..start, "# "));
    }
    let values: Vec<String> = if let Some(words) = message.strip_prefix("unknown variant") {
        let expected = words.split_once(", expected ")?.1;
        expected.split('`').skip(1).step_by(2).map(|word| format!("\"{word}\"")).collect()
    } else if message.starts_with("invalid type") {
        KINDS.map(str::to_owned).into()
    } else {
        return None;
    };
    let gone = |copy: &String| match toml::from_str::<ProfileFile>(copy) {
        Ok(_) => true,
        Err(next) => next.span().is_none_or(|next| next.start != span.start),
    };
    values.iter().map(|value| with(span.clone(), value)).find(gone)
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
