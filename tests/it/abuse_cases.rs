//! Each abuse case that this version promises to withstand is named by a test: in the doc comment directly above a test
//! function (`/// DA-01: …`) or in its name (`fn au_06_…`).

use std::collections::BTreeSet;
use std::fs;

use crate::citations::{at, files, tests};

/// The abuse cases that this version promises, by family: first and last number of each run.
const PROMISED: &[(&str, &[(u32, u32)])] = &[
    ("OA", &[(1, 30), (33, 48), (51, 60)]),
    ("SE", &[(1, 14)]),
    ("AU", &[(1, 14), (16, 36), (38, 40)]),
    ("DA", &[(1, 20), (29, 39), (41, 44), (47, 47)]),
    ("SC", &[(1, 5), (7, 14), (16, 20), (22, 32)]),
    ("IN", &[(1, 7), (10, 13), (16, 19)]),
    ("CR", &[(1, 4), (7, 12)]),
];

/// Promised and not yet cited by a test, with the reason. This list may only shrink: whoever lands a test that cites one of
/// these takes its line out in the same change, or `what_is_listed_as_missing_is_missing` fails.
const MISSING: &[(&str, &str)] = &[];

fn promised() -> BTreeSet<String> {
    let runs = PROMISED.iter().flat_map(|(family, runs)| runs.iter().map(move |run| (family, run)));
    runs.flat_map(|(family, (first, last))| (*first..=*last).map(move |n| format!("{family}-{n:02}"))).collect()
}

/// `AU-06` out of words such as `AU-06:`, `(AU-06,` or `OA-01–17`; the last one names its first number only.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let id = |word: &str| {
        let (family, number) = word.split_once('-')?;
        let known = PROMISED.iter().any(|(promised, _)| *promised == family);
        (known && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())).then(|| word.to_owned())
    };
    words.filter_map(id).collect()
}

/// `AU-06` out of `au_06_a_code_ends_after_three_minutes`.
fn id_in_name(name: &str) -> Option<String> {
    let mut parts = name.split('_');
    let (family, number) = (parts.next()?, parts.next()?);
    ids(&format!("{}-{number}", family.to_uppercase())).pop_first()
}

/// The ids that the test functions of one file cite.
fn cited_in(text: &str) -> BTreeSet<String> {
    tests(text).iter().flat_map(|test| ids(&test.comment).into_iter().chain(id_in_name(&test.name))).collect()
}

fn cited() -> BTreeSet<String> {
    files(&["src", "tests"], "rs").iter().flat_map(|path| cited_in(&fs::read_to_string(at(path)).unwrap())).collect()
}

#[test]
fn every_promised_abuse_case_is_cited_by_a_test_or_listed_as_missing() {
    let listed: BTreeSet<String> = MISSING.iter().map(|(id, _)| (*id).to_owned()).collect();
    let known: BTreeSet<String> = cited().union(&listed).cloned().collect();
    let lost: Vec<String> = promised().difference(&known).cloned().collect();
    assert!(lost.is_empty(), "no test cites {lost:?} in the doc comment above it");
}

#[test]
fn what_is_listed_as_missing_is_missing() {
    let (promised, cited) = (promised(), cited());
    for (id, reason) in MISSING {
        assert!(promised.contains(*id), "{id} is not promised");
        assert!(!cited.contains(*id), "a test cites {id}: take it out of the list");
        assert!(!reason.is_empty(), "{id} is missing without a reason");
    }
}

#[test]
fn a_citation_is_found_above_tests_and_nowhere_else() {
    let text = [
        "/// AU-01: a helper, no test",
        "fn helper(x: u8) {}",
        "/// AU-02 and SE-03.",
        "#[test]",
        "fn plain() {}",
        "    /// (OA-01, DA-04)",
        "    async fn on_both(world: World) {",
        "#[test]",
        "fn in_14_named() {",
        "// CR-01: not a doc comment",
        "#[test]",
        "fn uncommented() {",
        "/// DA-9, ZZ-01, OA-011",
        "#[tokio::test]",
        "async fn malformed() {",
    ];
    let found: Vec<String> = cited_in(&text.join("\n")).into_iter().collect();
    assert_eq!(found, ["AU-02", "DA-04", "IN-14", "OA-01", "SE-03"]);
}
