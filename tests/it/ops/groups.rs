//! `chamberlain group …`: groups in groups at the console.

use super::commands::ask;

/// D13, DA-14: a group is put into another one and taken out again, by their codes in whatever case; a circle, a group that is not there and one of
/// another application are refused, and change nothing.
#[test]
fn groups_are_put_into_each_other_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let good = |arguments: &[&str]| {
        let (code, document) = ask(folder.path(), arguments);
        assert_eq!(code, 0, "{arguments:?}: {document}");
        document
    };
    good(&["organisation", "create", "Institution"]);
    for (application, group) in [("IMAS", "IMAS_USER"), ("CASPER", "CASPER_USER")] {
        good(&["application", "create", application]);
        good(&["application", "add-environment", application, "production"]);
        good(&["group", "create", group, "--application", application]);
    }
    good(&["group", "create", "IMAS_READER", "--application", "IMAS"]);
    assert_eq!(good(&["group", "nest", "IMAS_READER", "IMAS_USER"])["changed"], true);
    assert_eq!(good(&["group", "nest", "IMAS_READER", "imas_user"])["changed"], false);
    let sealed = good(&["audit", "verify"])["tail"].clone();
    for inner in ["IMAS_READER", "NO_SUCH_GROUP", "CASPER_USER"] {
        let (code, document) = ask(folder.path(), &["group", "nest", "IMAS_USER", inner]);
        assert!(code == 2 && !document["error"].as_str().unwrap().is_empty(), "{inner}: {document}");
    }
    assert_eq!(good(&["audit", "verify"])["tail"], sealed, "a refusal leaves no line about a change");
    assert_eq!(good(&["group", "unnest", "IMAS_READER", "IMAS_USER"])["changed"], true);
    assert_eq!(good(&["group", "unnest", "IMAS_READER", "IMAS_USER"])["changed"], false);
}
