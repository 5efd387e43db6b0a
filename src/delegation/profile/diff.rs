//! What another profile would change, and for which roles the holders' authority.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::Profile;
use super::matrix::{Edge, Line, matrix, scope};
use crate::authority::Permission;
use crate::authority::role::RoleDefinition;
use crate::kernel::password_rules::PasswordRules;
use crate::kernel::time::Timestamp;
use crate::kernel::user_names::UserNames;

/// What becomes of the holders of one role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Permissions that holders gain.
    pub gains: Vec<&'static str>,
    /// Permissions that holders lose; all of them if the role is gone.
    pub loses: Vec<&'static str>,
    /// What their assignments are about, now and then, where that differs: the widest change there is.
    pub scope: Option<(&'static str, &'static str)>,
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
                gains: after.difference(&before).copied().collect(),
                loses: before.difference(&after).copied().collect(),
                scope: match (self.roles.get(code), next.roles.get(code)) {
                    (Some(now), Some(then)) if now.scope != then.scope => Some((scope(now.scope), scope(then.scope))),
                    _ => None,
                },
                terms: asked(next.roles.get(code)).filter(|terms| asked(self.roles.get(code)).as_ref() != Some(terms)),
            };
            (code.clone(), effect)
        });
        effects.filter(|(_, effect)| *effect != Effect::default()).collect()
    }

    /// Every value with the place where it stands.
    fn places(&self) -> BTreeMap<String, String> {
        let mut places: BTreeMap<String, String> = [
            ("name", self.name.clone()),
            ("version", self.version.to_string()),
            ("effective", self.effective.to_date()),
            ("words.organisation", self.wording.as_str().to_owned()),
            ("credentials.cooling_off_seconds", self.cooling_off.as_secs().to_string()),
            ("credentials.activation_seconds", self.activation.as_secs().to_string()),
            ("credentials.recovery_seconds", self.recovery.as_secs().to_string()),
            ("credentials.delegated_token_seconds", self.delegated_token.as_secs().to_string()),
            ("credentials.elevation_seconds", self.elevation.as_secs().to_string()),
            ("credentials.remember_days", (self.remember_for.as_secs() / 86_400).to_string()),
            ("projects.phases", self.phases.join(", ")),
            ("registrations.invitation_days", (self.registrations.lifetime.as_secs() / 86_400).to_string()),
            ("registrations.four_eyes", self.registrations.four_eyes.to_string()),
            ("registrations.max_open", self.registrations.max_open.to_string()),
            ("organisations.identifiers", codes(self.terms.schemes.iter().map(|scheme| &scheme.code))),
            ("organisations.vocabularies", codes(self.terms.vocabularies.iter().map(|vocabulary| &vocabulary.code))),
            ("retention.deleted_user_days", (self.deleted_user.as_secs() / 86_400).to_string()),
            ("retention.deactivated_organisation_days", (self.deactivated_organisation.as_secs() / 86_400).to_string()),
        ]
        .map(|(place, value)| (place.to_owned(), value))
        .into();
        let names = if self.user_names == UserNames::Assigned { "assigned" } else { "email" };
        places.insert("credentials.user_names".to_owned(), names.to_owned());
        places.extend(password_places("credentials.password", &self.passwords.standard));
        for (code, rules) in self.passwords.named.iter() {
            places.extend(password_places(&format!("credentials.password_sets.{code}"), rules));
        }
        if let Some(shown) = self.roles.directory() {
            places.insert("organisations.directory.contact".to_owned(), shown.contact.to_string());
            places.insert("organisations.directory.applications".to_owned(), shown.applications.to_string());
        }
        let initial = self.roles.initial();
        let begins =
            [("registrations.representative", &initial.representative), ("projects.contact", &initial.contact)];
        places.extend(begins.into_iter().filter_map(|(place, role)| Some((place.to_owned(), role.clone()?))));
        if let Some(rules) = self.recertification {
            let days = |span: Duration| (span.as_secs() / 86_400).to_string();
            places.insert("recertification.every_days".to_owned(), days(rules.every));
            places.insert("recertification.days".to_owned(), days(rules.lasts));
            places.insert("recertification.memberships".to_owned(), rules.memberships.to_string());
        }
        for vocabulary in &self.terms.vocabularies {
            let entries = codes(vocabulary.entries.iter().map(|entry| &entry.code));
            places.insert(format!("organisations.vocabularies.{}", vocabulary.code), entries);
        }
        for document in self.agreements.iter() {
            for version in &document.versions {
                let from = version.effective.map_or_else(|| "draft".to_owned(), Timestamp::to_date);
                let languages = version.texts.languages().collect::<Vec<_>>().join(", ");
                places.insert(format!("terms.{}.{}", document.code, version.number), format!("{from} ({languages})"));
            }
        }
        for role in self.roles.iter() {
            let said =
                role.texts.iter().map(|(tag, text)| (format!("roles.{}.texts.{tag}", role.code), text.to_owned()));
            places.extend(said);
        }
        for line in matrix(&self.roles) {
            places.extend(values(&line).map(|(key, value)| (format!("roles.{}.{key}", line.role), value)));
        }
        places
    }
}

fn codes<'a>(codes: impl Iterator<Item = &'a String>) -> String {
    codes.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// All that a role allows anywhere: what it allows where is in the changes.
fn words(role: Option<&RoleDefinition>) -> BTreeSet<&'static str> {
    let all = |role: &RoleDefinition| role.permissions.union(role.managed_permissions).union(role.country_permissions);
    role.into_iter().flat_map(|role| all(role).iter().map(Permission::as_str).collect::<Vec<_>>()).collect()
}

fn asked(role: Option<&RoleDefinition>) -> Option<String> {
    role?.terms.as_ref().map(|terms| terms.code.clone())
}

fn permissions(list: &[Permission]) -> String {
    list.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(", ")
}

fn values(line: &Line) -> impl Iterator<Item = (&'static str, String)> {
    let edges = |edges: &[Edge]| {
        let texts: BTreeSet<String> = edges.iter().map(|edge| format!("{} ({})", edge.role, edge.relation)).collect();
        texts.into_iter().collect::<Vec<_>>().join(", ")
    };
    let max = line.holders.1.map(|max| max.to_string());
    [
        ("scope", line.scope.to_owned()),
        ("sub_levels", line.sub_levels.to_owned()),
        ("min", line.holders.0.to_string()),
        ("confirmation", line.confirmation.to_owned()),
        ("granted_by", edges(&line.granted_by)),
        ("revoked_by", edges(&line.revoked_by)),
        ("permissions", permissions(&line.permissions)),
        ("managed_permissions", permissions(&line.managed_permissions)),
        ("country_permissions", permissions(&line.country_permissions)),
        ("first_user", line.first_user.to_string()),
        ("auto_groups", line.auto_groups.to_string()),
        ("ends_with_grantor", line.ends_with_grantor.to_string()),
        ("deputies", line.deputies.to_string()),
        ("recertified", line.recertified.to_string()),
        ("second_factor", line.second_factor.to_string()),
        ("separation_of_duties", line.separation_of_duties.join(", ")),
    ]
    .into_iter()
    .chain(max.map(|max| ("max", max)))
    .chain(line.terms.clone().map(|terms| ("terms", terms)))
}

fn password_places(place: &str, rules: &PasswordRules) -> Vec<(String, String)> {
    let mut places = vec![
        ("min_characters", rules.min_characters.to_string()),
        ("strength", rules.strength.to_string()),
        ("kinds", rules.kinds.to_string()),
        ("history", rules.history.to_string()),
    ];
    places.extend(rules.max_age.map(|age| ("max_age_days", (age.as_secs() / 86_400).to_string())));
    places.into_iter().map(|(name, value)| (format!("{place}.{name}"), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Profile, SHIPPED, load};
    use super::{Change, Effect};

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
        let effect = Effect { gains: Vec::new(), loses: vec!["user.delete"], scope: None, terms: None };
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
        assert!(diff.effects["ApplicationAccessAdmin"].loses.contains(&"membership.assign"));
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
}
