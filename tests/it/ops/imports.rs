//! People from a CSV file, from the command line.

use super::{KEY, chamberlain, json};

/// E34, IN-01: each line for itself, looked at first, and the same file again changes nothing.
#[test]
fn the_console_imports_people_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| {
        json(chamberlain(folder.path()).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
    };
    assert_eq!(ask(&["organisation", "create", "Institution"]).0, 0);
    let file = "email,given_name,family_name\nann@bank.example,Ann,Lee\nnobody,Bo,Li\n";
    std::fs::write(folder.path().join("people.csv"), file).unwrap();
    let results = |arguments: &[&str]| -> Vec<String> {
        let (code, document) = ask(arguments);
        assert_eq!((code, &document["refused"]), (0, &serde_json::json!(1)), "{document}");
        let lines = document["lines"].as_array().unwrap().clone();
        lines.iter().map(|line| line["result"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(results(&["user", "import", "people.csv", "--preview"]), ["would be created", "refused"]);
    assert_ne!(ask(&["user", "show", "ann@bank.example"]).0, 0, "a look keeps nothing");
    assert_eq!(results(&["user", "import", "people.csv"]), ["created", "refused"]);
    assert_eq!(ask(&["user", "show", "ann@bank.example"]).0, 0);
    assert_eq!(results(&["user", "import", "people.csv"]), ["there already", "refused"]);
}
