//! The user manual (E01): dated, and walked through by tests that are there.

use std::collections::BTreeSet;
use std::fs;

use crate::citations::{at, checks, files, tests};

/// The tests and checks that a procedure may name: `it::folder::file::test`, and `conformance/clients/file.mjs: check`.
fn known() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for path in files(&["tests/it"], "rs") {
        let module =
            path.trim_start_matches("tests/it/").trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
        known.extend(
            tests(&fs::read_to_string(at(&path)).unwrap())
                .into_iter()
                .map(|test| format!("it::{module}::{}", test.name)),
        );
    }
    for path in files(&["conformance/clients"], "mjs") {
        known.extend(
            checks(&fs::read_to_string(at(&path)).unwrap()).into_iter().map(|check| format!("{path}: {}", check.name)),
        );
    }
    known
}

/// What is wrong with one part of the manual, and how many procedures it has.
fn problems(path: &str, text: &str, known: &BTreeSet<String>) -> (Vec<String>, usize) {
    let mut problems = Vec::new();
    if !text.lines().any(|line| line.starts_with("Version ") && line.contains(" 20")) {
        problems.push(format!("{path}: no version with its day"));
    }
    let procedures: Vec<&str> = text.split("\n## ").skip(1).collect();
    for procedure in &procedures {
        let title = procedure.lines().next().unwrap_or_default();
        if !procedure.contains("\n1. ") {
            problems.push(format!("{path}, {title}: no steps"));
        }
        let walked = procedure.split("Walked through by ").nth(1).unwrap_or_default();
        let named: Vec<&str> = walked.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            problems.push(format!("{path}, {title}: names no test"));
        }
        let gone = named.into_iter().filter(|name| !known.contains(*name));
        problems.extend(gone.map(|name| format!("{path}, {title}: there is no test {name}")));
    }
    (problems, procedures.len())
}

/// E01: a dated, versioned manual with a general part and one for each example application, each procedure of which a test walks through.
#[test]
fn every_procedure_of_the_manual_is_walked_through_by_a_test() {
    let known = known();
    let parts: Vec<String> =
        files(&["docs/manual"], "md").into_iter().filter(|path| !path.ends_with("README.md")).collect();
    for part in ["general", "imas", "casper", "imi-module", "participant-portal"] {
        assert!(parts.contains(&format!("docs/manual/{part}.md")), "{part}");
    }
    let contents = fs::read_to_string(at("docs/manual/README.md")).unwrap();
    let (mut wrong, mut procedures) = (Vec::new(), 0);
    for path in &parts {
        assert!(
            contents.contains(&format!("({})", path.trim_start_matches("docs/manual/"))),
            "{path} is not in the contents"
        );
        let (found, count) = problems(path, &fs::read_to_string(at(path)).unwrap(), &known);
        wrong.extend(found);
        procedures += count;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(procedures >= 30, "only {procedures} procedures");
}

#[test]
fn a_procedure_without_a_test_is_noticed() {
    let known = known();
    let text = "# Part\n\n## One\n\n1. Do it.\n\n## Two\n\n1. Do it.\n\nWalked through by `it::portal::stories::nobody_does_this`.\n";
    let (found, count) = problems("x.md", text, &known);
    assert_eq!(count, 2);
    assert_eq!(
        found,
        [
            "x.md: no version with its day",
            "x.md, One: names no test",
            "x.md, Two: there is no test it::portal::stories::nobody_does_this",
        ]
    );
}
