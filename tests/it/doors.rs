//! SD1: one door. Each use case on people, organisations, memberships, roles and clients takes the proof of its permission by
//! value, so that it is spent; and no surface writes past the use cases.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What changes without a permit, and who stands for it. The list may only shrink.
const WITHOUT_PERMIT: &[(&str, &str)] = &[
    ("nomination/accept.rs accept", "the owner of the address, and a permit of whoever made the nomination"),
    ("nomination/accept.rs take", "the owner of the address, and a permit of whoever made the nomination"),
    ("nomination/accept.rs lapse", "nobody: it can no longer be accepted"),
    ("nomination/accept.rs decline", "the owner of the address"),
    (
        "user/register.rs register",
        "the owner of the address, by the link of a nomination and a permit of whoever made it",
    ),
    ("registration/applicant.rs save", "the owner of the invited address, by a one-time link"),
    ("registration/applicant.rs submit", "the owner of the invited address, by a one-time link"),
    ("registration/applicant.rs ask_again", "the owner of the invited address: whoever invited it is told"),
    ("user/activate.rs activate", "the owner, by a one-time link"),
    ("user/contact.rs agree", "the owner, by a one-time link or a session"),
    ("user/contact.rs refuse", "the owner, by a one-time link or a session"),
    ("user/contact.rs set_own_email", "the owner, by a session and a one-time link"),
    ("user/contact.rs set_own_phone", "the owner, by a session and a code"),
    ("user/language.rs set_own", "the owner, by a session"),
    ("user/contact.rs settle_due_of", "the clock: what was permitted takes effect"),
];

/// Parts of use cases that spend the permit themselves.
const PARTS: &[&str] = &[
    "ending.rs end",
    "ending.rs along",
    "membership/ending.rs lapse",
    "first_user.rs give",
    "deputy/end.rs end_all_of",
];

/// What is about many things at once, or about one of two kinds, and asks the door for the permit of each.
const ASKS_THE_DOOR: &[&str] = &[
    "give.rs give",
    "recertification/answer.rs roles",
    "recertification/answer.rs memberships",
    "group/import.rs bring",
    "membership/import.rs bring",
];

/// What only reads.
const READS: &[&str] = &[
    "user/conflict.rs check",
    "organisation/conflict.rs check",
    "organisation/managing_links.rs of_move",
    "user/leaving.rs of_move",
    "user/contact.rs may_have",
    "effect.rs of_move",
    "effect.rs of_transfer",
    "effect.rs of_end",
    "ending.rs dependent_on",
    "separation.rs conflict",
    "separation.rs met_by_move",
    "request/tell.rs who_asked",
    "administrators.rs administrators",
    "holders.rs last_holder_of",
    "holders.rs last_holder_is",
    "explain.rs explain",
    "explain.rs explain_all",
    "explain.rs held_by",
    "explain.rs held_by_each",
    "request/answerable.rs answerable",
    "beside.rs of",
    "explain.rs who_can",
    "explain.rs who_can_each",
    "ending.rs dependent_on_all",
    "holders.rs last_holder_among",
    "client/shown.rs find",
    "client/entry.rs find",
    "client/one_factor.rs suffices",
    "told.rs roles",
    "mailing/send.rs recipients",
    "amendment/answer.rs present",
    "membership/import.rs groups",
];

/// Stores whose rows a surface may write itself: they hold neither people nor rights.
const OF_SURFACES: &[&str] = &[
    "src/scim/external_id.rs",
    "src/scim/users.rs",
    "src/scim/groups.rs",
    "src/oidc/",
    "src/portal/account/security.rs",
    "src/portal/sign_in/recover.rs",
    "src/portal/signed_in.rs",
    "src/cli/demo/mod.rs",
];

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files
}

fn short(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

/// The public async functions of a file that work in somebody's transaction: name, and everything up to the body.
fn functions(text: &str) -> Vec<(String, String)> {
    let starts = text.match_indices("pub async fn ").chain(text.match_indices("pub(crate) async fn "));
    let signatures = starts.filter_map(|(at, _)| text[at..].split_once(" {\n").map(|(signature, _)| signature));
    let named = signatures.filter(|signature| signature.contains("&mut Tx")).map(|signature| {
        let name = signature.split("fn ").nth(1).unwrap_or_default();
        (name.split(['(', '<']).next().unwrap_or_default().to_owned(), signature.to_owned())
    });
    named.collect()
}

fn use_cases() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tokens/keys.rs");
    for path in files("src/directory").into_iter().chain(files("src/delegation")).chain([keys]) {
        let name = short(&path);
        if name.ends_with("store.rs") || name.contains("/tests") {
            continue;
        }
        let place = name.trim_start_matches("src/directory/").trim_start_matches("src/delegation/").to_owned();
        let functions = functions(&fs::read_to_string(&path).unwrap());
        found.extend(functions.into_iter().map(|(function, signature)| (format!("{place} {function}"), signature)));
    }
    found
}

#[test]
fn every_use_case_takes_its_permit_by_value() {
    let excepted: BTreeSet<&str> = WITHOUT_PERMIT.iter().map(|(name, _)| *name).chain(READS.iter().copied()).collect();
    let use_cases = use_cases();
    let mut problems = Vec::new();
    let mut spent = 0;
    for (name, signature) in &use_cases {
        if PARTS.contains(&name.as_str()) {
            assert!(signature.contains("&Permit<"), "{name} is judged by somebody's permit");
        } else if ASKS_THE_DOOR.contains(&name.as_str()) {
            assert!(signature.contains("&Door"), "{name} asks the door");
        } else if signature.contains("&Permit<") {
            problems.push(format!("{name} borrows its permit"));
        } else if signature.contains("Permit<") {
            spent += 1;
        } else if !excepted.contains(name.as_str()) {
            problems.push(format!("{name} takes no permit"));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(spent >= 20, "only {spent} use cases: the search must be broken");
    let names: BTreeSet<&str> = use_cases.iter().map(|(name, _)| name.as_str()).collect();
    let gone: Vec<_> = excepted.difference(&names).collect();
    assert!(gone.is_empty(), "take them out of the list: {gone:?}");
}

#[test]
fn no_surface_writes_past_the_use_cases() {
    let mut problems = Vec::new();
    for path in
        ["src/scim", "src/api", "src/ssf", "src/portal", "src/oidc", "src/cli", "src/web"].into_iter().flat_map(files)
    {
        let (name, text) = (short(&path), fs::read_to_string(&path).unwrap());
        let writes = ["insert", "save", "remove", "raise", "clear"];
        let found = text.match_indices("store::").any(|(at, word)| {
            let call = &text[at + word.len()..];
            writes.iter().any(|write| call.starts_with(write))
        });
        if found && !OF_SURFACES.iter().any(|known| name.starts_with(known)) {
            problems.push(name);
        }
    }
    assert!(problems.is_empty(), "a surface calls the writing part of a store: {problems:#?}");
}

/// A permit cannot be made, copied or kept: its fields are private, it is neither `Clone` nor made anywhere but at the door.
#[test]
fn permits_are_issued_at_the_door_only() {
    let permit = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/authority/permit.rs")).unwrap();
    let declaration = permit.split("pub struct Permit<A> {").nth(1).unwrap().split('}').next().unwrap();
    assert!(!declaration.contains("pub"), "{declaration}");
    assert!(
        permit.contains("#[derive(Debug)]\npub struct Permit<A>"),
        "a permit derives nothing by which it is copied"
    );
    for path in files("src").into_iter().filter(|path| !short(path).starts_with("src/authority/permit.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("Permit {"), "{} makes a permit", short(&path));
        let issues = text.contains("issue(authority");
        assert!(!issues || short(&path) == "src/authority/door.rs", "{} issues permits", short(&path));
    }
}
