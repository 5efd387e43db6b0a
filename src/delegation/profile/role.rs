//! One role of the file as a definition.

use toml::Spanned;

use super::file::{ConfirmationWord, RelationWord, RoleFile, RuleFile, ScopeWord, SubLevelsWord};
use crate::agreements::{Document, Documents};
use crate::authority::role::{Confirmation, GrantRule, Relation, RoleDefinition, RoleScope, SubLevels};
use crate::authority::{Permission, PermissionSet};
use crate::kernel::labels::Labels;
use crate::kernel::strength::Strength;

/// What is asked of holders of a role that does not say so itself: `decisions.md` 10, or what the profile says of all. Whoever only reads is
/// nobody's administrator.
fn general(file: &RoleFile, standard: Option<Strength>) -> Strength {
    let all = [&file.permissions, &file.managed_permissions, &file.country_permissions];
    let changes = all.into_iter().any(|words| permissions(words).iter().any(|permission| !permission.is_reading()));
    if changes { standard.unwrap_or(Strength::App) } else { Strength::Any }
}

/// A role of the file as the decision reads it.
pub(super) fn role(file: &RoleFile, terms: &Documents, standard: Option<Strength>) -> RoleDefinition {
    RoleDefinition {
        code: file.code.as_ref().clone(),
        scope: match file.scope {
            ScopeWord::System => RoleScope::System,
            ScopeWord::Organisation => RoleScope::Organisation,
            ScopeWord::OrganisationAndApplications => RoleScope::OrganisationAndApplications,
            ScopeWord::Project => RoleScope::Project,
            ScopeWord::ProjectAndOrganisation => RoleScope::ProjectAndOrganisation,
        },
        permissions: permissions(&file.permissions),
        managed_permissions: permissions(&file.managed_permissions),
        country_permissions: permissions(&file.country_permissions),
        first_user: file.first_user,
        auto_groups: file.auto_groups,
        sub_levels: match file.sub_levels {
            SubLevelsWord::Allowed => SubLevels::Allowed,
            SubLevelsWord::Always => SubLevels::Always,
            SubLevelsWord::Never => SubLevels::Never,
        },
        granted_by: rules(&file.granted_by),
        revoked_by: rules(&file.revoked_by),
        min: file.min,
        max: file.max.as_ref().map(|max| *max.as_ref()),
        confirmation: match file.confirmation {
            ConfirmationWord::None => Confirmation::None,
            ConfirmationWord::FirstInScope => Confirmation::FirstInScope,
            ConfirmationWord::Always => Confirmation::Always,
        },
        separation_of_duties: texts(&file.separation_of_duties),
        nominated: file.nominated,
        requires: texts(&file.requires),
        dormant: file.dormant,
        revocation_requests_by: rules(&file.revocation_requests_by),
        ends_with_grantor: file.ends_with_grantor,
        deputies: file.deputies,
        recertified: file.recertified,
        second_factor: file.second_factor.unwrap_or_else(|| general(file, standard)),
        terms: file.terms.as_ref().and_then(|code| terms.get(code.as_ref())).map(Document::in_force),
        texts: file.texts.as_ref().map(|texts| Labels::new(texts.get_ref().clone())).unwrap_or_default(),
        entitlements: texts(&file.entitlements),
    }
}

fn texts(words: &[Spanned<String>]) -> Vec<String> {
    words.iter().map(|word| word.as_ref().clone()).collect()
}

/// The permissions of these words; `*` is all of them.
pub(super) fn permissions(words: &[Spanned<String>]) -> PermissionSet {
    if words.iter().any(|word| word.as_ref() == "*") {
        return Permission::ALL.iter().copied().collect();
    }
    words.iter().filter_map(|word| Permission::parse(word.as_ref())).collect()
}

fn rules(files: &[Spanned<RuleFile>]) -> Vec<GrantRule> {
    let rule = |file: &RuleFile| GrantRule {
        role: file.role.clone(),
        relation: match file.relation {
            RelationWord::SameOrganisation => Relation::SameOrganisation,
            RelationWord::Covering => Relation::Covering,
            RelationWord::SameProject => Relation::SameProject,
            RelationWord::SameProjectAndOrganisation => Relation::SameProjectAndOrganisation,
            RelationWord::Any => Relation::Any,
        },
    };
    files.iter().map(|file| rule(file.as_ref())).collect()
}
