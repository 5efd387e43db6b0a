//! Profiles from the command line: checked, shown and compared before they are applied.

use serde_json::Value;

use super::commands::{ask, text};
use super::{KEY, chamberlain};

/// P06, P10, P12, P74, P76: a profile is checked, shown and compared before it is applied.
#[test]
fn a_profile_is_checked_shown_and_compared_before_it_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = include_str!("../../../config/profiles/ecb-identity-portal.toml");
    let file = folder.path().join("next.toml");
    let named = file.to_str().unwrap();
    std::fs::write(&file, shipped.replacen("\"user.read\"", "\"user.reed\"", 1)).unwrap();
    let (code, answer) = ask(folder.path(), &["profile", "check", named]);
    assert_eq!(code, 1, "{answer}");
    assert!(answer["problems"][0]["message"].as_str().unwrap().contains("user.reed"), "{answer}");
    assert!(answer["problems"][0]["line"].as_u64().unwrap() > 30 && answer["problems"][0]["cure"].is_string());

    let (code, answer) = ask(folder.path(), &["profile", "matrix"]);
    assert_eq!((code, &answer["profile"]), (0, &Value::from("ecb-identity-portal")));
    let dua = answer["roles"].as_array().unwrap().iter().find(|role| role["role"] == "DelegatedUserAdmin").unwrap();
    assert!(dua["granted_by"].as_array().unwrap().contains(&Value::from("DelegatedUserAdmin (covering)")), "{dua}");
    let systems = answer["roles"].as_array().unwrap().iter().find(|role| role["role"] == "ProvisioningAdmin").unwrap();
    assert_eq!(
        (&systems["requires"][0], &systems["nominated"]),
        (&"DelegatedUserAdmin".into(), &false.into()),
        "{systems}"
    );

    // Somebody holds the role that is to lose a permission and to need two holders.
    ask(
        folder.path(),
        &[
            "bootstrap",
            "admin",
            "--email",
            "olga@bank.example",
            "--phone",
            "+4969100001",
            "--given-name",
            "Olga",
            "--family-name",
            "Op",
        ],
    );
    let next = shipped.replacen("version = 2", "version = 3", 1).replacen("min = 1", "min = 2", 1);
    let next =
        next.replacen("permissions = [\"*\"]", "permissions = [\"user.read\", \"role.grant\", \"role.confirm\"]", 1);
    std::fs::write(&file, next).unwrap();
    let (code, answer) = ask(folder.path(), &["profile", "diff", named]);
    assert_eq!(code, 1, "{answer}");
    let places: Vec<&str> =
        answer["changes"].as_array().unwrap().iter().map(|change| change["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["roles.Operator.min", "roles.Operator.permissions", "version"]);
    assert_eq!(answer["holders"].as_array().unwrap().len(), 1, "{answer}");
    assert!(answer["holders"][0]["loses"].as_array().unwrap().contains(&Value::from("user.delete")), "{answer}");
    assert_eq!(
        (&answer["broken"][0]["role"], &answer["broken"][0]["holders"]),
        (&Value::from("Operator"), &Value::from(1))
    );
}

/// P10, P22: a requirement that falls away, and what a role comes to stand for in applications, are changes.
#[test]
fn requirements_and_entitlements_are_told_before_they_change() {
    let folder = tempfile::tempdir().unwrap();
    ask(folder.path(), &["organisation", "create", "Institution"]);
    let shipped = include_str!("../../../config/profiles/ecb-identity-portal.toml");
    let file = folder.path().join("next.toml");
    let (from, to) = ("requires = [\"DelegatedUserAdmin\"]", "entitlements = [\"personnel:write\"]");
    assert!(shipped.contains(from));
    std::fs::write(&file, shipped.replacen(from, to, 1)).unwrap();
    let (code, answer) = ask(folder.path(), &["profile", "diff", file.to_str().unwrap()]);
    let changes = answer["changes"].as_array().unwrap();
    let places: Vec<&str> = changes.iter().map(|change| change["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["roles.ProvisioningAdmin.entitlements", "roles.ProvisioningAdmin.requires"], "{answer}");
    assert_eq!(code, 0, "{answer}");
}

/// P10, P76: a profile of the future is not applied before its day.
#[test]
fn a_profile_of_the_future_is_refused_until_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = include_str!("../../../config/profiles/ecb-identity-portal.toml");
    let file = folder.path().join("future.toml");
    std::fs::write(&file, shipped.replacen("2024-03-04", "2999-01-01", 1)).unwrap();
    let mut migrate = chamberlain(folder.path());
    migrate.args(["serve", "--dev"]).env("CHAMBERLAIN__PROFILE", &file).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    let outcome = migrate.output().unwrap();
    assert!(!outcome.status.success());
    let said = text(&outcome.stderr);
    assert!(said.contains("2999-01-01"), "{said}");
}
