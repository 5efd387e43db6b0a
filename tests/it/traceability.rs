//! `docs/requirements.toml` and the tests name each other: no test cites an id that does not exist, and the list is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn requirements() -> BTreeMap<String, toml::Table> {
    let text = fs::read_to_string(root().join("docs/requirements.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    table.into_iter().map(|(id, entry)| (id, entry.as_table().unwrap().clone())).collect()
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// `E07`, `C02`, `I50`, `P64`: a letter of a manual and two digits, standing alone, in a comment.
fn cited(text: &str) -> BTreeSet<String> {
    let comments = text.lines().filter_map(|line| line.split_once("//").map(|(_, comment)| comment));
    let words = comments.flat_map(|comment| comment.split(|c: char| !c.is_ascii_alphanumeric() && c != '-'));
    let ids = words.filter(|word| {
        let (letter, number) = word.split_at(usize::from(word.is_char_boundary(1)));
        word.len() == 3 && ["E", "C", "I", "P"].contains(&letter) && number.bytes().all(|b| b.is_ascii_digit())
    });
    ids.map(str::to_owned).collect()
}

#[test]
fn every_sentence_of_the_four_manuals_is_listed() {
    let found = requirements();
    let expected = [("E", 92), ("C", 16), ("I", 89), ("P", 76)];
    let expected: BTreeSet<_> =
        expected.iter().flat_map(|(letter, last)| (1..=*last).map(move |n| format!("{letter}{n:02}"))).collect();
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (id, entry) in found {
        for key in ["source", "text"] {
            assert!(
                entry.get(key).and_then(toml::Value::as_str).is_some_and(|text| !text.is_empty()),
                "{id} has no {key}"
            );
        }
    }
}

#[test]
fn nothing_cites_a_requirement_that_does_not_exist() {
    let known = requirements();
    let mut cites = 0;
    for path in rust_files("src").into_iter().chain(rust_files("tests")) {
        for id in cited(&fs::read_to_string(&path).unwrap()) {
            assert!(known.contains_key(&id), "{} cites {id}", path.display());
            cites += 1;
        }
    }
    assert!(cites > 50, "only {cites} citations: the search must be broken");
}
