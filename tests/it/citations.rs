//! What tests say that they check: the doc comment directly above a test function, and the comment above a check of the clients.

use std::fs;
use std::path::{Path, PathBuf};

/// A test, or a check of a client, with the comment above it.
pub(crate) struct Cited {
    /// The name of the test function or of the check.
    pub(crate) name: String,
    /// The comment directly above it.
    pub(crate) comment: String,
}

/// The path of something in the repository.
pub(crate) fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file below these folders whose name ends like this, by its path in the repository, in order.
pub(crate) fn files(folders: &[&str], end: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| at(folder)).collect();
    while let Some(folder) = waiting.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("node_modules") {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == end) {
                found.push(path.strip_prefix(at("")).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The name of the function that a line begins, and whether the line alone shows a test of `on_both!` or `contests!`.
fn function(line: &str) -> Option<(&str, bool)> {
    let rest = line.trim_start();
    let rest = rest.strip_prefix("async ").unwrap_or(rest).strip_prefix("fn ")?;
    let (name, parameters) = rest.split_once('(')?;
    let on_both = parameters.ends_with(": World) {") && name != "test";
    Some((name, on_both || parameters == ") -> Contest {"))
}

/// The test functions of a Rust file.
pub(crate) fn tests(text: &str) -> Vec<Cited> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let mut tests = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((name, on_both)) = function(line) else { continue };
        let above = lines[..at].iter().rev();
        let above: Vec<&str> =
            above.copied().take_while(|line| line.starts_with("///") || line.starts_with("#[")).collect();
        if on_both || above.iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test")) {
            let comment: Vec<&str> = above.iter().rev().filter_map(|line| line.strip_prefix("///")).collect();
            tests.push(Cited { name: name.to_owned(), comment: comment.join("\n") });
        }
    }
    tests
}

/// The checks of a client: `check('name', …)` or `step('name', …)`, below comment lines.
pub(crate) fn checks(text: &str) -> Vec<Cited> {
    let mut checks = Vec::new();
    let mut comment = String::new();
    for line in text.lines().map(str::trim_start) {
        if let Some(words) = line.strip_prefix("//") {
            comment.push_str(words);
            comment.push('\n');
            continue;
        }
        let call = ["check(", "step("].iter().find_map(|call| line.split_once(call)).map(|(_, rest)| rest);
        let name = call.and_then(|rest| rest.split(['\'', '`']).nth(1));
        if let Some(name) = name {
            checks.push(Cited { name: name.to_owned(), comment: comment.clone() });
        }
        comment.clear();
    }
    checks
}
