//! `docs/requirements.toml` and the tests name each other: the list is whole, no test cites an id that does not exist, and each
//! id has a test or a reason why there is none. `docs/requirements.md` shows who cites what; `make gen` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde::Deserialize;

use crate::citations::{at, checks, files, tests};

/// So many ids have a reason instead of a test. The number may only become smaller.
const MOST_UNTESTED: usize = 0;

const HEAD: &str = "\
<!-- Generated from requirements.toml and the tests by `make gen`; do not edit. -->

# Requirements

Every sentence of the four manuals that Chamberlain serves: where it stands (manual:lines), what it means here, and the tests that
cite it, or the reason why there is none. Manuals: 000 identity portal, 001 its application edition, 002 authorities and modules, 003
participants and nominations. Names that begin with `it::` are run by `cargo test --test it`, other names with `::` by
`cargo test --lib`, those of files by `make test-clients`.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    source: String,
    text: String,
    untested: Option<String>,
}

fn requirements() -> BTreeMap<String, Requirement> {
    toml::from_str(&fs::read_to_string(at("docs/requirements.toml")).unwrap()).unwrap()
}

/// `E07`: the letter of a manual and two digits.
fn id(word: &str) -> Option<(char, u32)> {
    let letter = word.chars().next().filter(|letter| "ECIP".contains(*letter))?;
    let number = word.get(1..).filter(|number| number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()))?;
    Some((letter, number.parse().ok()?))
}

/// `E07`, `C02` and, of `P25–P73`, every id in between; each standing alone.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !['-', '–'].contains(&c));
    let runs = words.filter_map(|word| {
        let (first, last) = word.split_once('–').unwrap_or((word, word));
        let ((letter, first), (same, last)) = (id(first)?, id(last)?);
        (letter == same).then(|| (first..=last).map(move |number| format!("{letter}{number:02}")))
    });
    runs.flatten().collect()
}

/// `it::delegation::story` of `tests/it/delegation/story.rs`, `factors::policy::tests` of `src/factors/policy.rs`.
fn module(path: &str, text: &str) -> String {
    let name = path.trim_start_matches("src/").trim_start_matches("tests/");
    let name = name.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
    if path.starts_with("src/") && text.contains("mod tests {") { name + "::tests" } else { name }
}

/// Who cites what: names of tests and checks, by id.
fn citations() -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files(&["tests", "src"], "rs") {
        let text = fs::read_to_string(at(&path)).unwrap();
        let module = module(&path, &text);
        for test in tests(&text) {
            let name = format!("`{module}::{}`", test.name);
            for id in ids(&test.comment) {
                found.entry(id).or_default().push(name.clone());
            }
        }
    }
    for path in files(&["conformance/clients"], "mjs") {
        for check in checks(&fs::read_to_string(at(&path)).unwrap()) {
            let name = format!("`{path}`: {}", check.name);
            for id in ids(&check.comment) {
                found.entry(id).or_default().push(name.clone());
            }
        }
    }
    found
}

/// The page as it should be.
fn page() -> String {
    let (requirements, citations) = (requirements(), citations());
    let mut text = HEAD.to_owned();
    let untested = requirements.values().filter(|one| one.untested.is_some()).count();
    writeln!(text, "\nOf {} requirements {untested} have a reason instead of a test.", requirements.len()).unwrap();
    text.push_str("\n| Id | Source | Requirement | Tests, or why there is none |\n|---|---|---|---|\n");
    for (id, one) in &requirements {
        let proof = match (&one.untested, citations.get(id)) {
            (Some(reason), _) => format!("*{reason}*"),
            (None, tests) => tests.map(|tests| tests.join("<br>")).unwrap_or_default(),
        };
        let cells = [id, &one.source, &one.text, &proof].map(|cell| cell.replace('|', "\\|"));
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    }
    text
}

#[test]
fn every_sentence_of_the_four_manuals_is_listed() {
    let found = requirements();
    let expected = [("E", 92), ("C", 16), ("I", 89), ("P", 76)];
    let expected: BTreeSet<_> =
        expected.iter().flat_map(|(letter, last)| (1..=*last).map(move |n| format!("{letter}{n:02}"))).collect();
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (id, one) in found {
        assert!(!one.source.is_empty() && !one.text.is_empty(), "{id} has no source or no text");
    }
}

#[test]
fn nothing_cites_a_requirement_that_does_not_exist() {
    let known = requirements();
    let mut cites = 0;
    for path in files(&["src", "tests"], "rs").into_iter().chain(files(&["conformance/clients"], "mjs")) {
        let text = fs::read_to_string(at(&path)).unwrap();
        let comments = text.lines().filter_map(|line| line.split_once("//").map(|(_, comment)| comment));
        for id in comments.flat_map(ids) {
            assert!(known.contains_key(&id), "{path} cites {id}");
            cites += 1;
        }
    }
    assert!(cites > 500, "only {cites} citations: the search must be broken");
}

#[test]
fn every_requirement_has_a_test_or_a_reason_and_not_both() {
    let citations = citations();
    let (mut neither, mut both) = (Vec::new(), Vec::new());
    let mut reasons = 0;
    for (id, one) in requirements() {
        match (one.untested, citations.get(&id)) {
            (None, None) => neither.push(id),
            (Some(_), Some(tests)) => both.push(format!("{id}: {}", tests.join(", "))),
            (Some(reason), None) => {
                assert!(reason.len() > 10, "{id} has no reason: {reason:?}");
                reasons += 1;
            }
            (None, Some(_)) => {}
        }
    }
    assert!(neither.is_empty(), "no test cites {neither:?}, and docs/requirements.toml has no `untested = \"reason\"`");
    assert!(both.is_empty(), "a test cites these: take their reasons out of docs/requirements.toml: {both:#?}");
    assert_eq!(reasons, MOST_UNTESTED, "reasons instead of tests");
}

#[test]
fn the_table_of_requirements_is_current() {
    let (path, page) = (at("docs/requirements.md"), page());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stored.lines()).find(|(now, then)| now != then);
    assert!(stored == page, "docs/requirements.md is not current: run `make gen`. First difference: {differs:?}");
}

#[test]
fn an_id_is_found_alone_and_in_ranges_of_one_letter() {
    let found: Vec<String> =
        ids("E07, C02: P25–P27 (I50); not E9, OA-11, E123, P64-x, E01–C03, DA-01–17, I11a").into_iter().collect();
    assert_eq!(found, ["C02", "E07", "I50", "P25", "P26", "P27"]);
}

#[test]
fn a_check_is_cited_by_the_comment_directly_above_it() {
    let text = "// E01\n\nawait step('lost', f);\n  // E02\n  // and E03.\n  await check(`kept: ${name}`, f);\n// E04\nconst x = 1;";
    let found: Vec<_> = checks(text).into_iter().map(|check| (check.name, ids(&check.comment))).collect();
    let kept = BTreeSet::from(["E02".to_owned(), "E03".to_owned()]);
    assert_eq!(found, [("lost".to_owned(), BTreeSet::new()), ("kept: ${name}".to_owned(), kept)]);
}
