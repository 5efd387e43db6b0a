//! What another profile would change, and for which roles the holders' authority.

use std::collections::{BTreeMap, BTreeSet};

use super::Profile;
use super::matrix::scope;
use crate::authority::role::RoleDefinition;

/// What becomes of the holders of one role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Permissions that holders gain, and what they come to stand for in applications.
    pub gains: Vec<String>,
    /// What of that holders lose; all of it if the role is gone.
    pub loses: Vec<String>,
    /// What their assignments are about, now and then, where that differs: the widest change there is.
    pub scope: Option<(&'static str, &'static str)>,
    /// The roles that its holders have to hold beside it, and had not to: without them they can do nothing by it (P22, P23).
    pub requires: Vec<String>,
    /// The terms that holders have to accept first, and had not to: until then they can do nothing (E17).
    pub terms: Option<String>,
}

/// The difference between two profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Every change in words of the profile file, by the place where it stands there.
    pub changes: Vec<Change>,
    /// The roles whose holders can do more or less afterwards.
    pub effects: BTreeMap<String, Effect>,
}

/// One value that differs; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where: `roles.Operator.min` …
    pub place: String,
    /// What stands there now.
    pub before: Option<String>,
    /// What would stand there.
    pub after: Option<String>,
}

impl Profile {
    /// What would change if `next` took the place of this profile.
    pub fn diff(&self, next: &Self) -> Diff {
        let (before, after) = (self.places(), next.places());
        let places: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let changed = places.into_iter().filter(|place| before.get(*place) != after.get(*place));
        let changes = changed.map(|place| Change {
            place: place.clone(),
            before: before.get(place).cloned(),
            after: after.get(place).cloned(),
        });
        Diff { changes: changes.collect(), effects: self.effects(next) }
    }

    fn effects(&self, next: &Self) -> BTreeMap<String, Effect> {
        let codes: BTreeSet<&String> = self.roles.iter().chain(next.roles.iter()).map(|role| &role.code).collect();
        let effects = codes.into_iter().map(|code| {
            let (before, after) = (words(self.roles.get(code)), words(next.roles.get(code)));
            let effect = Effect {
                gains: after.difference(&before).cloned().collect(),
                loses: before.difference(&after).cloned().collect(),
                scope: match (self.roles.get(code), next.roles.get(code)) {
                    (Some(now), Some(then)) if now.scope != then.scope => Some((scope(now.scope), scope(then.scope))),
                    _ => None,
                },
                requires: required(next.roles.get(code))
                    .difference(&required(self.roles.get(code)))
                    .map(|needed| (*needed).to_owned())
                    .collect(),
                terms: asked(next.roles.get(code)).filter(|terms| asked(self.roles.get(code)).as_ref() != Some(terms)),
            };
            (code.clone(), effect)
        });
        effects.filter(|(_, effect)| *effect != Effect::default()).collect()
    }
}

/// All that a role allows anywhere, and what it stands for in applications: what it allows where is in the changes.
fn words(role: Option<&RoleDefinition>) -> BTreeSet<String> {
    let Some(role) = role else { return BTreeSet::new() };
    let all = role.permissions.union(role.managed_permissions).union(role.country_permissions);
    let entitlements = role.entitlements.iter().map(|word| format!("entitlement {word}"));
    all.iter().map(|permission| permission.as_str().to_owned()).chain(entitlements).collect()
}

/// The roles that have to be held beside it.
fn required(role: Option<&RoleDefinition>) -> BTreeSet<&str> {
    role.into_iter().flat_map(|role| &role.requires).map(String::as_str).collect()
}

fn asked(role: Option<&RoleDefinition>) -> Option<String> {
    role?.terms.as_ref().map(|terms| terms.code.clone())
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, SHIPPED, load};
    use super::{Change, Effect};
    use crate::authority::role::{Confirmation, RoleDefinition, RoleScope, SubLevels};
    use crate::authority::{PermissionSet, Roles};
    use crate::kernel::labels::Labels;
    use crate::kernel::strength::Strength;

    fn changed(edit: impl Fn(&str) -> String) -> (Profile, Profile) {
        let text = SHIPPED[0].1;
        let edited = edit(text);
        assert_ne!(text, edited, "the edit changed nothing");
        (load(text).unwrap(), load(&edited).unwrap())
    }

    #[test]
    fn a_profile_does_not_differ_from_itself() {
        let profile = load(SHIPPED[0].1).unwrap();
        assert_eq!(profile.diff(&profile), super::Diff::default());
    }

    /// P10: what changes is named with its place, its old and its new value, and whose authority it touches.
    #[test]
    fn a_permission_taken_from_a_role_is_named_as_a_loss_of_its_holders() {
        let (old, new) =
            changed(|text| text.replacen("\"user.delete\", ", "", 1).replacen("version = 2", "version = 3", 1));
        let diff = old.diff(&new);
        let places: Vec<&str> = diff.changes.iter().map(|change| change.place.as_str()).collect();
        assert_eq!(places, ["roles.DelegatedUserAdmin.permissions", "version"]);
        assert_eq!(
            diff.changes[1],
            Change { place: "version".to_owned(), before: Some("2".to_owned()), after: Some("3".to_owned()) }
        );
        let effect = Effect { loses: vec!["user.delete".to_owned()], ..Effect::default() };
        assert_eq!(diff.effects.into_iter().collect::<Vec<_>>(), [("DelegatedUserAdmin".to_owned(), effect)]);
    }

    /// What pages say of a role is part of a profile as well, language by language; it is nobody's authority.
    #[test]
    fn another_text_of_a_role_is_named_and_touches_nobody() {
        let (old, new) = changed(|text| text.replacen("Operates this server for everybody", "Keeps it running", 1));
        let diff = old.diff(&new);
        assert_eq!((diff.changes.len(), diff.effects.len()), (1, 0));
        assert_eq!(diff.changes[0].place, "roles.Operator.texts.en");
        assert_eq!(diff.changes[0].after.as_deref(), Some("Keeps it running."));
    }

    #[test]
    fn a_role_that_goes_takes_everything_from_its_holders() {
        let (old, new) =
            changed(|text| text.split("[[roles]]\ncode = \"ApplicationAccessAdmin\"").next().unwrap().to_owned());
        let diff = old.diff(&new);
        assert!(diff.changes.iter().all(|change| change.after.is_none()));
        assert!(diff.effects["ApplicationAccessAdmin"].loses.contains(&"membership.assign".to_owned()));
    }

    /// Whoever held a role of one organisation holds it everywhere if its scope widens, with the same permissions.
    #[test]
    fn a_wider_scope_of_a_role_is_an_effect_on_its_holders() {
        let (old, new) = changed(|text| {
            let (head, role) = text.split_once("code = \"DelegatedUserAdmin\"").unwrap();
            let role = role.replacen("scope = \"organisation\"", "scope = \"system\"", 1);
            format!("{head}code = \"DelegatedUserAdmin\"{role}")
                // Whoever acts for the whole installation has no deputies.
                .replacen("deputies = true\n", "", 1)
                // Nor can a role of a level require one of the whole installation.
                .replacen("requires = [\"DelegatedUserAdmin\"]\n", "", 1)
        });
        let effects = old.diff(&new).effects;
        assert_eq!(effects["DelegatedUserAdmin"].scope, Some(("organisation", "system")));
        assert_eq!(effects.len(), 1);
    }

    /// The first shipped profile, and the same with its user administrators changed.
    fn with(change: impl Fn(&mut RoleDefinition)) -> (Profile, Profile) {
        let old = load(SHIPPED[0].1).unwrap();
        let roles = old.roles.iter().cloned().map(|mut role| {
            if role.code == "DelegatedUserAdmin" {
                change(&mut role);
            }
            role
        });
        let roles = Roles::new(roles).with_directory(old.roles.directory()).with_initial(old.roles.initial().clone());
        (old.clone(), Profile { roles, ..old })
    }

    /// P10: whatever of a role changes is told at its place. That no field is forgotten is seen to by the compiler (`places`).
    #[test]
    fn each_field_of_a_role_that_changes_is_told() {
        type Change = fn(&mut RoleDefinition);
        let changes: [(&str, Change); 24] = [
            ("scope", |role| role.scope = RoleScope::System),
            ("permissions", |role| role.permissions = PermissionSet::EMPTY),
            ("managed_permissions", |role| role.managed_permissions = role.permissions),
            ("country_permissions", |role| role.country_permissions = role.permissions),
            ("sub_levels", |role| role.sub_levels = SubLevels::Never),
            ("granted_by", |role| role.granted_by.clear()),
            ("revoked_by", |role| role.revoked_by.clear()),
            ("min", |role| role.min = 9),
            ("max", |role| role.max = Some(9)),
            ("confirmation", |role| role.confirmation = Confirmation::Always),
            ("separation_of_duties", |role| role.separation_of_duties.push("Operator".to_owned())),
            ("nominated", |role| role.nominated = true),
            ("requires", |role| role.requires.push("Operator".to_owned())),
            ("ends_with_grantor", |role| role.ends_with_grantor = true),
            ("dormant", |role| role.dormant = true),
            ("revocation_requests_by", |role| role.revocation_requests_by.clone_from(&role.granted_by)),
            ("first_user", |role| role.first_user = true),
            ("auto_groups", |role| role.auto_groups = true),
            ("deputies", |role| role.deputies = false),
            ("recertified", |role| role.recertified = false),
            ("terms", |role| role.terms = None),
            ("second_factor", |role| role.second_factor = Strength::Passkey),
            ("texts.de", |role| role.texts = Labels::default()),
            ("entitlements", |role| role.entitlements.push("users:manage".to_owned())),
        ];
        for (field, change) in changes {
            let (old, new) = with(change);
            let diff = old.diff(&new);
            let place = format!("roles.DelegatedUserAdmin.{field}");
            let told =
                diff.changes.iter().find(|one| one.place == place).unwrap_or_else(|| panic!("{field}: {diff:?}"));
            assert_ne!(told.before, told.after, "{field}");
            assert_eq!(new.diff(&old).changes.len(), diff.changes.len(), "{field}");
        }
    }

    /// P22, P27: what a role stands for in applications is authority as well, and whoever has to hold another one beside it may lose all.
    #[test]
    fn entitlements_and_what_is_required_are_effects_on_holders() {
        let (old, new) = with(|role| {
            role.entitlements.push("users:manage".to_owned());
            role.requires.push("ResourceOwner".to_owned());
        });
        let effect = |gains: &[&str], loses: &[&str], requires: &[&str]| {
            let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            Effect { gains: words(gains), loses: words(loses), requires: words(requires), ..Effect::default() }
        };
        let there = old.diff(&new);
        assert_eq!(there.effects.len(), 1);
        assert_eq!(there.effects["DelegatedUserAdmin"], effect(&["entitlement users:manage"], &[], &["ResourceOwner"]));
        // What is required no more lets in nobody who could do nothing: it is a change, and no effect.
        let back = new.diff(&old);
        assert_eq!(back.effects["DelegatedUserAdmin"], effect(&[], &["entitlement users:manage"], &[]));
        assert_eq!(back.changes.len(), 2);
    }
}
