//! The functions of `fuzz/` over their corpus and over what is near to it, without libFuzzer (`make fuzz` has that).

use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::mutation::{Mutation, rounds};

#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// Longest that anything that anybody may send keeps us, on a slow machine and without optimisation.
const LONGEST: Duration = Duration::from_millis(500);

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Everything of the corpus, and as many things near to it: none panics or takes long; some get through, some do not.
fn run(target: &str, read: fn(&[u8]) -> bool) {
    let (seeds, mutation) = (corpus(target), Mutation::seeded(9101));
    // A second time where it took long: something else may have had the processor.
    let timed = |octets: &[u8]| {
        let mut through = false;
        let long = (0..2).all(|_| {
            let start = Instant::now();
            through = read(octets);
            start.elapsed() >= LONGEST
        });
        assert!(!long, "more than {LONGEST:?} for {:?}", String::from_utf8_lossy(octets));
        through
    };
    let good = seeds.iter().filter(|seed| timed(seed)).count();
    assert!(good > 0, "{target}: nothing of the corpus gets through");
    let near = (0..rounds(3_000)).map(|number| mutation.of(&seeds[number % seeds.len()], &seeds));
    let (through, not): (Vec<bool>, Vec<bool>) = near.map(|octets| timed(&octets)).partition(|through| *through);
    assert!(!through.is_empty() && !not.is_empty(), "{target}: {} got through, {} did not", through.len(), not.len());
}

#[test]
fn parameters_are_read_or_refused_whatever_they_are() {
    run("parameters", targets::parameters);
}

/// OA-33 to OA-36.
#[test]
fn signed_tokens_are_read_or_refused_whatever_they_are() {
    run("jwt", targets::jwt);
}

#[test]
fn encrypted_tokens_are_opened_or_refused_whatever_they_are() {
    run("jwe", targets::jwe);
}

/// OA-41.
#[test]
fn proofs_of_possession_are_judged_whatever_they_are() {
    run("dpop_proof", targets::dpop_proof);
}

/// RFC 7591 §3.2.2.
#[test]
fn client_metadata_are_judged_whatever_they_are() {
    run("registration", targets::registration);
}

#[test]
fn key_sets_are_judged_whatever_they_are() {
    run("key_set", targets::key_set);
}

/// RFC 9865 §2.
#[test]
fn cursors_are_opened_or_refused_whatever_they_are() {
    run("scim_cursor", targets::scim_cursor);
}

/// SC-15: what is read is written and read again as the same, and asked of a resource.
#[test]
fn filters_are_read_or_refused_whatever_they_are() {
    run("scim_filter", targets::scim_filter);
}

/// SC-12: a PATCH is done or refused as a whole.
#[test]
fn changes_of_a_resource_are_made_or_refused_whatever_they_are() {
    run("scim_patch", targets::scim_patch);
}

/// SC-20, SC-22, SC-24.
#[test]
fn people_are_read_or_refused_whatever_they_are() {
    run("scim_user", targets::scim_user);
}

/// SC-21.
#[test]
fn a_bulk_is_planned_or_refused_whatever_it_is() {
    run("scim_bulk", targets::scim_bulk);
}

/// IN-01, IN-11.
#[test]
fn files_of_people_are_read_or_refused_whatever_they_are() {
    run("people", targets::people);
}

/// Every target has its function, its file and its corpus.
#[test]
fn nothing_that_is_fuzzed_is_left_out_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |folder: &str| {
        let mut names: Vec<_> = std::fs::read_dir(root.join(folder)).unwrap().map(|one| one.unwrap().path()).collect();
        names.sort();
        names.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let here = std::fs::read_to_string(root.join("tests/it/fuzzing.rs")).unwrap();
    assert_eq!(names("fuzz/fuzz_targets"), names("fuzz/corpus"));
    for target in names("fuzz/fuzz_targets") {
        assert!(here.contains(&format!("run(\"{target}\", targets::{target});")), "{target}");
    }
}
