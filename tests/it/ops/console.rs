//! The command line: a whole small installation built with it, read back as JSON.

use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::symm::Cipher;

use super::{KEY, chamberlain, json};

#[test]
fn an_installation_can_be_built_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let (code, document) =
            json(chamberlain(folder.path()).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY));
        assert_eq!(code, 0, "{arguments:?}: {document}");
        document
    };
    assert!(run(&["migrate"])["schema"].as_i64().unwrap() >= 1);
    let root = run(&["organisation", "create", "European Institution"]);
    assert!(root["parent"].is_null());
    let bank = run(&["organisation", "create", "Bank A"]);
    assert_eq!(bank["parent"], root["id"]);
    assert_eq!(run(&["organisation", "list"]).as_array().unwrap().len(), 2);
    let bank_id = bank["id"].as_str().unwrap();
    assert_eq!(run(&["organisation", "sign-in", bank_id])["holds"], "any");
    run(&["organisation", "sign-in", root["id"].as_str().unwrap(), "--second-factor", "app"]);
    let told = run(&["organisation", "sign-in", bank_id, "--second-factor", "any"]);
    assert_eq!((&told["second_factor"], &told["holds"]), (&"any".into(), &"app".into()), "no less than above");
    run(&["organisation", "sign-in", root["id"].as_str().unwrap(), "--second-factor", "any"]);
    run(&["application", "create", "CASPER"]);
    let pre = ["CASPER", "pre-production", "--group-prefix", "A-", "--second-factor", "app"];
    run(&[&["application", "add-environment"], &pre[..]].concat());
    assert_eq!(run(&["application", "list"])[0]["environments"][0], "pre-production");
    run(&["group", "create", "A-CASPER_USER", "--application", "CASPER", "--environment", "pre-production"]);
    run(&[
        "user",
        "create",
        "anna@bank-a.example",
        "--given-name",
        "Anna",
        "--family-name",
        "Abel",
        "--organisation",
        bank["id"].as_str().unwrap(),
    ]);
    run(&["user", "assign", "anna@bank-a.example", "A-CASPER_USER"]);
    assert_eq!(run(&["user", "show", "anna@bank-a.example"])["organisation"], bank["id"]);
    run(&["user", "unassign", "anna@bank-a.example", "A-CASPER_USER"]);
    let redirect = "http://localhost:8082/callback";
    let made = run(&[
        "client",
        "create",
        "casper",
        "--application",
        "CASPER",
        "--environment",
        "pre-production",
        "--redirect-uri",
        redirect,
    ]);
    assert_eq!(made["client_secret"].as_str().unwrap().len(), 43);
    assert_ne!(run(&["client", "rotate-secret", "casper"])["client_secret"], made["client_secret"]);
    let shown = run(&["client", "show", "casper"]);
    assert_eq!(shown["settings"]["redirect_uris"][0], redirect);
    assert!(!shown.to_string().contains(made["client_secret"].as_str().unwrap()));
    assert_eq!(run(&["client", "disable", "casper"])["active"], false);
    let bank_id = bank["id"].as_str().unwrap();
    run(&["client", "create", "personnel", "--kind", "machine", "--organisation", bank_id]);
    let role = run(&["role", "grant", "DelegatedUserAdmin", "--client", "personnel", "--organisation", bank_id]);
    assert_eq!((&role["state"], &role["sub_levels"]), (&"active".into(), &true.into()));
    assert_eq!(run(&["role", "list", "--client", "personnel"])[0]["id"], role["id"]);
    assert_eq!(run(&["role", "revoke", role["id"].as_str().unwrap()])["state"], "revoked");
    assert_eq!(run(&["role", "list", "--client", "personnel"]).as_array().unwrap().len(), 0);
    assert_eq!(run(&["keys", "rotate"])["stage"], "next");
    let made = run(&["keys", "rotate", "--algorithm", "ECDH-ES", "--emergency"]);
    assert_eq!((&made["algorithm"], &made["stage"]), (&"ECDH-ES".into(), &"active".into()));
    let stages: Vec<_> = run(&["keys", "list"]).as_array().unwrap().iter().map(|key| key["stage"].clone()).collect();
    assert!(stages.contains(&"active".into()) && stages.contains(&"next".into()), "{stages:?}");
    let audit = run(&["audit", "verify"]);
    assert_eq!(audit["intact"], true);
    assert!(audit["tail"].as_i64().unwrap() > 5);
    assert_eq!(run(&["doctor"])["healthy"], true);
}

/// CR-04, RFC 5958: a key that was made elsewhere is brought along once, and a wrong file changes nothing.
#[test]
fn a_key_that_was_made_elsewhere_is_brought_along() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        json(chamberlain(folder.path()).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
    };
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let sealed = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"open sesame").unwrap();
    let (file, passphrase) = (write("key.pem", &sealed), write("passphrase", b"open sesame\n"));
    let before = run(&["keys", "list"]).1;
    let (code, refused) = run(&["keys", "import", &file]);
    assert!(code != 0 && refused["error"].as_str().unwrap().contains("passphrase"), "{refused}");
    let (code, refused) = run(&["keys", "import", &file, "--passphrase-file", &passphrase, "--algorithm", "PS256"]);
    assert!(code != 0 && refused["error"].as_str().unwrap().contains("none for PS256"), "{refused}");
    let (code, refused) = run(&["keys", "import", "nowhere.pem"]);
    assert!(code != 0 && refused["error"].as_str().unwrap().contains("nowhere.pem"), "{refused}");
    assert_eq!(run(&["keys", "list"]).1, before);
    let import = ["keys", "import", &file, "--passphrase-file", &passphrase, "--emergency"];
    let (code, made) = run(&import);
    assert_eq!((code, made["stage"].as_str()), (0, Some("active")), "{made}");
    let keys = run(&["keys", "list"]).1;
    assert_eq!((keys.as_array().unwrap().len(), &keys[0]["kid"]), (1, &made["kid"]));
    let (code, refused) = run(&import);
    assert!(code != 0 && refused["error"].as_str().unwrap().contains("one of ours"), "{refused}");
    // What was dropped in an emergency does not come back either.
    assert_eq!(run(&["keys", "rotate", "--emergency"]).0, 0);
    let (code, refused) = run(&import);
    assert!(code != 0 && refused["error"].as_str().unwrap().contains("one of ours"), "{refused}");
    assert!(run(&["audit", "verify"]).1["intact"].as_bool().unwrap());
}

#[test]
fn the_first_operator_gets_a_link_and_no_password_is_ever_printed() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "bootstrap",
        "admin",
        "--email",
        "olga@institution.example",
        "--phone",
        "+4969100001",
        "--given-name",
        "Olga",
        "--family-name",
        "Meyer",
    ];
    let (_, first) = json(chamberlain(folder.path()).args(arguments));
    let link = first["activation_link"].as_str().unwrap();
    assert!(link.starts_with("http://localhost:8080/activate/"), "{link}");
    let (_, again) = json(chamberlain(folder.path()).args(arguments));
    assert_eq!(again["id"], first["id"]);
    assert_ne!(again["activation_link"], first["activation_link"]);
}

#[test]
fn what_is_refused_is_said_as_a_document_too() {
    let folder = tempfile::tempdir().unwrap();
    let (code, answer) = json(chamberlain(folder.path()).args(["client", "show", "nobody"]));
    assert_eq!((code, answer["error"].as_str().unwrap()), (2, "there is no client `nobody`"));
    let (code, answer) = json(chamberlain(folder.path()).args(["config", "check"]).env("CHAMBERLAIN__NONSENSE", "1"));
    assert_eq!((code, answer["problems"][0]["key"].as_str().unwrap()), (2, "nonsense"));
    let (code, answer) = json(chamberlain(folder.path()).arg("doctor"));
    assert_eq!((code, answer["healthy"].as_bool().unwrap()), (1, false));
}

/// CR-09: a checkpoint is printed, holds against the log, and is refused when anything of it was changed.
#[test]
fn an_audit_checkpoint_leaves_the_house_and_is_held_against_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        json(chamberlain(folder.path()).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
    };
    run(&["organisation", "create", "European Institution"]);
    let line = run(&["audit", "checkpoint"]).1["checkpoint"].as_str().unwrap().to_owned();
    run(&["organisation", "create", "Bank A"]);
    let (code, verified) = run(&["audit", "verify", "--checkpoint", &line]);
    assert_eq!((code, &verified["agrees_with_checkpoint"]), (0, &true.into()), "{verified}");
    let (code, refused) = run(&["audit", "verify", "--checkpoint", &line.replace(".1.", ".2.")]);
    assert!(code != 0 && refused.to_string().contains("not signed"), "{refused}");
}
