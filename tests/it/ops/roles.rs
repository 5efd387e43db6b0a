//! Roles over time at the console: rounds of recertification, deputies, and what a new profile separates.

use std::path::Path;

use serde_json::Value;

use super::commands::tamper;
use super::{KEY, chamberlain};

/// Exit code and document.
fn ask(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    super::json(chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
}

fn good(folder: &Path, arguments: &[&str]) -> Value {
    let (code, answer) = ask(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {answer}");
    answer
}

fn person(folder: &Path, email: &str, organisation: &str) {
    let name = ["--given-name", "Anna", "--family-name", "Abel", "--organisation", organisation];
    good(folder, &[&["user", "create", email], name.as_slice()].concat());
}

/// An operator asks a branch at once, each organisation once; nobody stands in for anybody yet.
#[test]
fn rounds_are_begun_and_listed_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let root = good(at, &["organisation", "create", "Institution"])["id"].as_str().unwrap().to_owned();
    good(at, &["organisation", "create", "Bank"]);
    assert_eq!(good(at, &["recertification", "open", &root])["opened"], 1);
    assert_eq!(good(at, &["recertification", "open", &root, "--below"])["opened"], 1, "the bank");
    assert_eq!(good(at, &["recertification", "open", &root, "--below"])["opened"], 0);
    let rounds = good(at, &["recertification", "list"]);
    assert_eq!(rounds.as_array().unwrap().len(), 2, "{rounds}");
    assert!(rounds.as_array().unwrap().iter().any(|round| round["organisation"] == root.as_str()));
    assert_eq!(good(at, &["deputy", "list"]), Value::Array(Vec::new()));
    let (code, answer) = ask(at, &["deputy", "end", "00000000-0000-4000-8000-000000000000"]);
    assert_eq!((code, answer["error"].as_str()), (2, Some("not found")));
}

/// P10, D6: whoever holds together what a new profile separates is listed before it is applied, and the command says that it is not in order.
#[test]
fn who_holds_together_what_a_new_profile_separates_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let shipped = include_str!("../../../config/profiles/ecb-identity-portal.toml");
    let file = at.join("next.toml");
    let named = file.to_str().unwrap();
    let with = "code = \"DelegatedUserAdmin\"\nseparation_of_duties = [\"ApplicationAccessAdmin\"]";
    std::fs::write(&file, shipped.replacen("code = \"DelegatedUserAdmin\"", with, 1)).unwrap();
    let root = good(at, &["organisation", "create", "Institution"])["id"].as_str().unwrap().to_owned();
    let bank = good(at, &["organisation", "create", "Bank"])["id"].as_str().unwrap().to_owned();
    good(at, &["application", "create", "IMAS"]);
    person(at, "anna@bank.example", &root);
    person(at, "bert@bank.example", &bank);
    for (user, role, place) in
        [("anna@bank.example", "DelegatedUserAdmin", &root), ("bert@bank.example", "DelegatedUserAdmin", &bank)]
    {
        good(at, &["role", "grant", role, "--user", user, "--organisation", place]);
    }
    let (code, answer) = ask(at, &["profile", "diff", named]);
    assert_eq!((code, answer["together"].as_array().map(Vec::len)), (0, Some(0)), "{answer}");
    let access = [
        "role",
        "grant",
        "ApplicationAccessAdmin",
        "--user",
        "anna@bank.example",
        "--organisation",
        &bank,
        "--application",
        "IMAS",
    ];
    good(at, &access);
    let (code, answer) = ask(at, &["profile", "diff", named]);
    assert_eq!(code, 1, "{answer}");
    let together = answer["together"].as_array().unwrap();
    assert_eq!(together.len(), 1, "over the bank, from above: {answer}");
    assert!(
        answer["changes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|change| change["place"] == "roles.ApplicationAccessAdmin.separation_of_duties")
    );
    // A role that excludes what goes with it.
    let with = "code = \"DelegatedUserAdmin\"\nseparation_of_duties = [\"DelegatedUserAdmin\"]";
    std::fs::write(&file, shipped.replacen("code = \"DelegatedUserAdmin\"", with, 1)).unwrap();
    let (code, answer) = ask(at, &["profile", "check", named]);
    assert_eq!(code, 1, "{answer}");
    assert!(answer["problems"][0]["message"].as_str().unwrap().contains("goes with it"), "{answer}");
}

/// D3: what the profile lets reach no sub-levels needs no word about them, and what people are named for is tried as it would be given.
#[test]
fn a_role_is_given_and_tried_as_the_profile_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    good(at, &["organisation", "create", "Institution"]);
    let bank = good(at, &["organisation", "create", "Bank"])["id"].as_str().unwrap().to_owned();
    person(at, "anna@bank.example", &bank);
    let under = |profile: &str, arguments: &[&str]| {
        let mut command = chamberlain(at);
        command.args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY).env("CHAMBERLAIN__PROFILE", profile);
        super::json(&mut command)
    };
    let given = ["--to", "anna@bank.example", "--organisation", &bank];
    for (profile, role) in [("imi", "Administrator"), ("participant-portal", "LEAR")] {
        let (code, would) = under(profile, &[&["explain", "change", "grant", role], given.as_slice()].concat());
        assert_eq!((code, &would["gains"][0]["role"]), (0, &Value::from(role)), "{would}");
        assert_eq!(would["gains"][0]["sub_levels"], false, "{would}");
    }
    let made = ["role", "grant", "Administrator", "--user", "anna@bank.example", "--organisation", &bank];
    let (code, given) = under("imi", &made);
    assert_eq!((code, &given["role"]), (0, &Value::from("Administrator")), "{given}");
}

/// D11: what somebody else proposed is confirmed or refused at the console, once, and refused with a reason.
#[test]
fn a_proposed_role_is_confirmed_or_refused_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    good(at, &["organisation", "create", "Institution"]);
    let bank = good(at, &["organisation", "create", "Bank"])["id"].as_str().unwrap().to_owned();
    let [annas, berts] = ["anna@bank.example", "bert@bank.example"].map(|user| {
        person(at, user, &bank);
        let given = good(at, &["role", "grant", "DelegatedUserAdmin", "--user", user, "--organisation", &bank]);
        given["id"].as_str().unwrap().to_owned()
    });
    assert_eq!(ask(at, &["role", "confirm", &annas]).0, 2, "nothing waits that the console gave");
    // As an administrator would have proposed them.
    tamper(
        at,
        "UPDATE role_assignments SET state = 'pending', granted_by_kind = 'person', granted_by_id = principal_id",
    );
    let confirmed = good(at, &["role", "confirm", &annas]);
    assert_eq!((&confirmed["id"], &confirmed["state"]), (&Value::from(annas.as_str()), &Value::from("active")));
    let (code, answer) = ask(at, &["role", "reject", &berts, "--reason", " "]);
    assert_eq!((code, answer["error"].as_str()), (2, Some("the reason must not be empty")));
    assert_eq!(good(at, &["role", "reject", &berts, "--reason", "Has left"])["state"], "revoked");
    for again in [&["role", "confirm", &annas][..], &["role", "reject", &annas, "--reason", "Has left"]] {
        let (code, answer) = ask(at, again);
        assert_eq!((code, answer["error"].as_str()), (2, Some("there is nothing to decide any more")), "{again:?}");
    }
    let (code, answer) = ask(at, &["role", "confirm", &berts]);
    assert_eq!((code, answer["error"].as_str()), (2, Some("not found")));
    assert_eq!(good(at, &["role", "list", "--user", "anna@bank.example"])[0]["state"], "active");
    assert_eq!(good(at, &["role", "list", "--user", "bert@bank.example"]), Value::Array(Vec::new()));
}
