//! What a profile may just say, and what it may just not.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Profile, SHIPPED, load};
use crate::kernel::strength::Strength;

const ECB: usize = 0;
const IMI: usize = 1;
const PARTICIPANTS: usize = 2;

/// A role without a fault.
const EXTRA: &str = r#"
[[roles]]
code = "Extra"
scope = "organisation"
sub_levels = "never"
permissions = ["organisation.read"]
granted_by = [{ role = "Operator", relation = "any" }]
revoked_by = [{ role = "Operator", relation = "any" }]
"#;

fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn said(text: &str) -> Vec<String> {
    let found = load(text).err().unwrap_or_default();
    assert!(found.iter().all(|problem| problem.line > 1 && !problem.cure.is_empty()));
    found.into_iter().map(|problem| problem.message).collect()
}

/// What is said of a shipped profile with these edits.
fn of(profile: usize, edits: &[(&str, &str)]) -> Vec<String> {
    said(&edited(SHIPPED[profile].1, edits))
}

/// What is said of a shipped profile with one more role, which is edited, and has these lines beside.
fn extra(profile: usize, edits: &[(&str, &str)], more: &str) -> Vec<String> {
    said(&format!("{}{}{more}\n", SHIPPED[profile].1, edited(EXTRA, edits)))
}

fn none() -> Vec<String> {
    Vec::new()
}

/// A role excludes neither itself nor what goes with it, whichever of the two says so.
#[test]
fn a_role_excludes_nothing_that_goes_with_it() {
    let refused = |other: &str| vec![format!("role `Extra` excludes `{other}`, which goes with it")];
    let excludes = |other: &str| format!("separation_of_duties = [\"{other}\"]\n");
    assert_eq!(extra(ECB, &[], &excludes("DelegatedUserAdmin")), none());
    assert_eq!(extra(ECB, &[], &excludes("Extra")), refused("Extra"));
    let requires = "requires = [\"DelegatedUserAdmin\"]\n";
    assert_eq!(extra(ECB, &[], &(excludes("DelegatedUserAdmin") + requires)), refused("DelegatedUserAdmin"));
    let second = edited(EXTRA, &[("Extra", "Second")]) + "requires = [\"Extra\"]\n";
    assert_eq!(extra(ECB, &[], &(excludes("Second") + &second)), refused("Second"));
}

/// What one alone lends is given by one, and is a role that is given, of an organisation, by which roles are given.
#[test]
fn only_holders_of_granted_roles_of_organisations_have_deputies() {
    let refused = "holders of role `Extra` cannot have deputies".to_owned();
    let gives = ("\"organisation.read\"", "\"organisation.read\", \"role.grant\"");
    assert_eq!(extra(ECB, &[gives], "deputies = true"), none());
    assert_eq!(extra(ECB, &[], "deputies = true"), std::slice::from_ref(&refused));
    let system = ("scope = \"organisation\"", "scope = \"system\"");
    for (edits, more) in [
        (&[gives][..], "confirmation = \"always\"\n"),
        (&[gives][..], "nominated = true\n"),
        (&[gives, system][..], ""),
    ] {
        let found = extra(ECB, edits, &format!("deputies = true\n{more}"));
        assert!(found.contains(&refused), "{edits:?} {more}: {found:?}");
    }
}

#[test]
fn what_is_managed_is_seen() {
    for permission in
        ["module.manage", "module.propose", "service.manage", "access_manager.manage", "access_manager.self_add"]
    {
        let found = extra(ECB, &[("organisation.read", permission)], "");
        assert_eq!(found, [format!("permission `{permission}` is given without `organisation.read`")]);
    }
}

/// D13: a role that reaches what an organisation manages is one of that organisation, by grant, and nothing is asked for beside.
#[test]
fn what_an_organisation_manages_is_reached_by_granted_roles_of_one_organisation() {
    let managed = "managed_permissions = [\"organisation.read\"]\n";
    let country = "country_permissions = [\"organisation.read\"]\n";
    let refused = "role `Extra` cannot reach what an organisation manages".to_owned();
    assert_eq!(extra(IMI, &[], managed), none());
    let applications = ("scope = \"organisation\"", "scope = \"organisation+applications\"");
    let below = ("sub_levels = \"never\"", "sub_levels = \"allowed\"");
    for (edits, more) in [
        (&[applications][..], ""),
        (&[below][..], ""),
        (&[][..], "nominated = true\n"),
        (&[][..], "requires = [\"Administrator\"]\n"),
    ] {
        let found = extra(IMI, edits, &format!("{managed}{more}"));
        assert!(found.contains(&refused), "{edits:?} {more}: {found:?}");
    }
    assert_eq!(extra(IMI, &[], country), ["role `Extra` has a country and manages nothing"]);
}

/// One role is that of the first person, and only what is granted at an organisation comes by itself.
#[test]
fn what_comes_by_itself_is_one_granted_role_of_an_organisation() {
    assert_eq!(extra(IMI, &[], "first_user = true"), ["role `Extra` is a second one for the first person"]);
    assert_eq!(extra(IMI, &[], "auto_groups = true"), none());
    let named = extra(IMI, &[], "auto_groups = true\nnominated = true");
    assert_eq!(named, ["role `Extra` cannot come by itself"]);
    let applications = ("scope = \"organisation\"", "scope = \"organisation+applications\"");
    assert_eq!(extra(IMI, &[applications], "auto_groups = true"), ["role `Extra` cannot come by itself"]);
}

/// D4: over what is managed nobody hands on what they do not hold there.
#[test]
fn nobody_hands_on_over_what_is_managed_what_they_do_not_hold() {
    let giver = ("granted_by = [", "granted_by = [{ role = \"RegistrationDelegate\", relation = \"covering\" }, ");
    let managed = |more: &str| format!("managed_permissions = [\"organisation.read\"{more}]\n");
    assert_eq!(extra(IMI, &[giver], &managed("")), none());
    assert_eq!(
        extra(IMI, &[giver], &managed(", \"module.manage\"")),
        ["`RegistrationDelegate` would hand on `module.manage` with role `Extra` without holding it there"]
    );
}

/// Rules about projects are for roles of projects, and what is required is held at an organisation.
#[test]
fn relations_and_requirements_fit_the_scope() {
    let giver = ("granted_by = [", "granted_by = [{ role = \"DelegatedUserAdmin\", relation = \"same-project\" }, ");
    assert_eq!(extra(ECB, &[giver], ""), ["role `Extra` is not about projects"]);
    let requires = "requires = [\"ApplicationAccessAdmin\"]";
    assert_eq!(extra(ECB, &[], requires), ["role `ApplicationAccessAdmin` is not a role of an organisation"]);
}

/// What a role stands for is a word that applications can compare.
#[test]
fn entitlements_are_words() {
    let given = |word: &str| extra(ECB, &[], &format!("entitlements = [\"{word}\"]"));
    for word in ["a", "Forms:write.all_of-them2", &"x".repeat(100)] {
        assert_eq!(given(word), none(), "{word}");
    }
    for word in ["", "a b", &"x".repeat(101)] {
        assert_eq!(given(word), [format!("entitlement `{word}` is not a word")]);
    }
}

/// Two to twenty phases, each a word.
#[test]
fn projects_have_two_to_twenty_phases() {
    let phases = "phases = [\"proposal\", \"negotiation\", \"running\", \"closed\"]";
    let with = |words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        of(PARTICIPANTS, &[(phases, &format!("phases = [{}]", words.join(", ")))])
    };
    let numbered = |count: usize| (1..=count).map(|number| format!("p-{number}")).collect::<Vec<_>>();
    for count in [2, 3, 19, 20] {
        assert_eq!(with(&numbered(count)), none(), "{count}");
    }
    for count in [1, 21] {
        assert_eq!(with(&numbered(count)), [format!("a project has {count} phases")]);
    }
    let beside = |word: &str| with(&["first".to_owned(), word.to_owned()]);
    for word in ["a", "1", "-", &"x".repeat(50)] {
        assert_eq!(beside(word), none(), "{word}");
    }
    for word in ["", "A", &"x".repeat(51)] {
        assert_eq!(beside(word), [format!("phase `{word}` is not a word")]);
    }
}

/// An organisation begins with a role that people are named for, of an organisation.
#[test]
fn an_organisation_begins_with_a_role_that_people_are_named_for_there() {
    let with = |role: &str| of(PARTICIPANTS, &[("\"LEAR\"", &format!("\"{role}\""))]);
    assert_eq!(with("AccountAdministrator"), none());
    for other in ["Operator", "PrimaryCoordinatorContact", "Nobody"] {
        assert_eq!(with(other), [format!("`{other}` is no role that people are named for there")]);
    }
}

/// Codes of up to 64 letters, digits and strokes.
#[test]
fn codes_of_vocabularies_are_short_words() {
    let with = |code: &str| of(ECB, &[("code = \"institution-type\"", &format!("code = \"{code}\""))]);
    for code in ["a", "A_1-b", &"x".repeat(64)] {
        assert_eq!(with(code), none(), "{code}");
    }
    for code in ["", "a b", &"x".repeat(65)] {
        assert_eq!(with(code), [format!("`{code}` is no code")]);
    }
}

/// The strictest that may be asked of passwords, and the names of sets of rules.
#[test]
fn passwords_may_be_as_strong_and_as_new_as_can_be_checked() {
    assert_eq!(of(IMI, &[("strength = 0", "strength = 4"), ("history = 5", "history = 10")]), none());
    let set = "[credentials.password_sets.a1-b]\nmin_characters = 20\n\n[retention]";
    assert_eq!(of(IMI, &[("[retention]", set)]), none());
}

#[test]
fn figures_end_with_a_year_and_recertification_asks_about_something() {
    assert_eq!(of(ECB, &[("every_days = 365", "every_days = 366")]), none());
    assert_eq!(of(ECB, &[("every_days = 365", "every_days = 367")]), ["367 is out of range"]);
    assert_eq!(of(ECB, &[("memberships = true", "memberships = false")]), none());
}

#[test]
fn what_a_profile_says_holds_and_what_it_leaves_out_is_the_usual() {
    let silent = [("delegated_token_seconds = 7776000\n", ""), ("deactivated_organisation_days = 183\n", "")];
    let profile = load(&edited(SHIPPED[ECB].1, &silent)).unwrap();
    assert_eq!(profile.deactivated_organisation, Duration::from_hours(183 * 24));
    assert_eq!(profile.delegated_token, Duration::from_hours(90 * 24));
    assert_eq!(profile.registrations.lifetime, Duration::from_hours(14 * 24));
    assert!(profile.roles.directory().is_none());
    let shown = load(SHIPPED[IMI].1).unwrap().roles.directory().map(|shown| (shown.contact, shown.applications));
    assert_eq!(shown, Some((true, true)));
}

/// Whoever only reads is nobody's administrator.
#[test]
fn whoever_changes_something_is_asked_for_a_second_factor_unless_the_profile_says_otherwise() {
    let text = edited(SHIPPED[ECB].1, &[("second_factor = \"any\"\n", "")]) + EXTRA;
    let profile = load(&text).unwrap();
    let asked = |role: &str| profile.roles.get(role).unwrap().second_factor;
    assert_eq!((asked("Extra"), asked("DelegatedUserAdmin")), (Strength::Any, Strength::App));
}

/// What is wrong is told with its line and with what to do.
#[test]
fn a_problem_says_where_it_is_and_what_to_do() {
    let problems = load(&edited(SHIPPED[ECB].1, &[("every_days = 365", "every_days = 367")])).unwrap_err();
    let line = problems[0].line;
    assert_eq!(problems[0].to_string(), format!("line {line}: 367 is out of range; give 8 to 366"));
}

#[test]
fn another_age_of_passwords_is_told_in_days() {
    let old = load(SHIPPED[IMI].1).unwrap();
    let new = load(&edited(SHIPPED[IMI].1, &[("max_age_days = 183", "max_age_days = 200")])).unwrap();
    let days = |text: &str| Some(text.to_owned());
    assert_eq!(
        changes(&old, &new),
        [("credentials.password.max_age_days".to_owned(), (days("183"), days("200")))].into()
    );
}

fn changes(old: &Profile, new: &Profile) -> BTreeMap<String, (Option<String>, Option<String>)> {
    old.diff(new).changes.into_iter().map(|change| (change.place, (change.before, change.after))).collect()
}

/// What changes is told as the file says it.
#[test]
fn each_change_is_told_in_the_words_and_figures_of_the_file() {
    let old = load(SHIPPED[ECB].1).unwrap();
    let edits = [
        ("recovery_seconds = 1800\n", "recovery_seconds = 1800\nremember_days = 30\nuser_names = \"assigned\"\n"),
        ("[retention]", "[credentials.password]\nmin_characters = 20\n\n[retention]"),
        ("invitation_days = 14", "invitation_days = 21"),
        ("deleted_user_days = 30", "deleted_user_days = 40"),
        ("deactivated_organisation_days = 183", "deactivated_organisation_days = 200"),
        ("every_days = 365", "every_days = 180"),
        ("code = \"institution-type\"", "code = \"kind\""),
    ];
    let new = load(&(edited(SHIPPED[ECB].1, &edits) + EXTRA)).unwrap();
    let changes = changes(&old, &new);
    for (place, before, after) in [
        ("credentials.remember_days", Some("0"), "30"),
        ("credentials.user_names", Some("email"), "assigned"),
        ("credentials.password.min_characters", Some("12"), "20"),
        ("registrations.invitation_days", Some("14"), "21"),
        ("retention.deleted_user_days", Some("30"), "40"),
        ("retention.deactivated_organisation_days", Some("183"), "200"),
        ("recertification.every_days", Some("365"), "180"),
        ("organisations.vocabularies", Some("institution-type"), "kind"),
        ("roles.Extra.scope", None, "organisation"),
        ("roles.Extra.sub_levels", None, "never"),
        ("roles.Extra.confirmation", None, "none"),
    ] {
        let told = changes.get(place).map(|(before, after)| (before.as_deref(), after.as_deref()));
        assert_eq!(told, Some((before, Some(after))), "{place}");
    }
}
