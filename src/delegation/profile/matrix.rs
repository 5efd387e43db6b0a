//! A profile as a table: one line per role with all that its definition says, with who nominates whom both ways round (P12, P74).

use crate::authority::role::{Confirmation, GrantRule, Relation, RoleDefinition, RoleScope, SubLevels};
use crate::authority::{Permission, Roles};
use crate::delegation::rules::separated_from;
use crate::kernel::labels::Labels;
use crate::kernel::strength::Strength;

/// One role as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its code.
    pub role: String,
    /// What its assignments are about: the word of the profile file.
    pub scope: &'static str,
    /// Whether it reaches below its node: the word of the profile file.
    pub sub_levels: &'static str,
    /// Fewest and most holders per scope; no most where there is no limit.
    pub holders: (u32, Option<u32>),
    /// Who must confirm: the word of the profile file.
    pub confirmation: &'static str,
    /// Who gives it.
    pub granted_by: Vec<Edge>,
    /// Who takes it away.
    pub revoked_by: Vec<Edge>,
    /// Which roles a holder gives.
    pub grants: Vec<Edge>,
    /// Who may ask for its revocation without being able to revoke (P60, P68).
    pub revocation_requests_by: Vec<Edge>,
    /// What a holder may do.
    pub permissions: Vec<Permission>,
    /// What a holder may do over what their organisation manages (I07).
    pub managed_permissions: Vec<Permission>,
    /// What a holder may do over the country of an organisation that manages others (I42).
    pub country_permissions: Vec<Permission>,
    /// Given by naming an e-mail address, to whoever owns it and accepts (P17, P18).
    pub nominated: bool,
    /// Roles of the same organisation that must be held for it to have effect (P22, P23).
    pub requires: Vec<String>,
    /// It carries nothing by itself; it is what another role requires (P21, P72).
    pub dormant: bool,
    /// Given by itself to the first person of an organisation (I19).
    pub first_user: bool,
    /// Comes with all groups of a module (I55).
    pub auto_groups: bool,
    /// Its holders may have deputies.
    pub deputies: bool,
    /// It ends with the role by which it was handed on (I02).
    pub ends_with_grantor: bool,
    /// Whoever may give it is asked from time to time whether it is still needed.
    pub recertified: bool,
    /// How strongly its holders have to prove who they are.
    pub second_factor: Strength,
    /// What one person may not hold beside it in one scope.
    pub separation_of_duties: Vec<String>,
    /// The terms that its holders accept before it has effect (E17).
    pub terms: Option<String>,
    /// What it stands for in applications, in their words (P27, P28, P42).
    pub entitlements: Vec<String>,
    /// What pages say of it.
    pub texts: Labels,
}

/// One arrow of the nomination pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The role at the other end.
    pub role: String,
    /// How the two scopes must stand to each other: the word of the profile file.
    pub relation: &'static str,
}

/// The table of these roles, in the order of their codes.
pub fn matrix(roles: &Roles) -> Vec<Line> {
    roles.iter().map(|role| line(roles, role)).collect()
}

fn line(roles: &Roles, role: &RoleDefinition) -> Line {
    // Without a rest: a field that is added does not compile until it has its place in the table.
    let RoleDefinition {
        code,
        scope,
        permissions,
        managed_permissions,
        country_permissions,
        sub_levels,
        granted_by,
        revoked_by,
        min,
        max,
        confirmation,
        // Read from both ends, since either of the two roles may say it.
        separation_of_duties: _,
        nominated,
        requires,
        ends_with_grantor,
        dormant,
        revocation_requests_by,
        first_user,
        auto_groups,
        deputies,
        recertified,
        terms,
        second_factor,
        texts,
        entitlements,
    } = role;
    let grants = roles.iter().flat_map(|other| {
        let rules = other.granted_by.iter().filter(|rule| rule.role == *code);
        rules.map(|rule| Edge { role: other.code.clone(), relation: relation(rule.relation) })
    });
    Line {
        role: code.clone(),
        scope: self::scope(*scope),
        sub_levels: self::sub_levels(*sub_levels),
        holders: (*min, *max),
        confirmation: self::confirmation(*confirmation),
        granted_by: edges(granted_by),
        revoked_by: edges(revoked_by),
        grants: grants.collect(),
        revocation_requests_by: edges(revocation_requests_by),
        permissions: permissions.iter().collect(),
        managed_permissions: managed_permissions.iter().collect(),
        country_permissions: country_permissions.iter().collect(),
        nominated: *nominated,
        requires: requires.clone(),
        dormant: *dormant,
        first_user: *first_user,
        auto_groups: *auto_groups,
        deputies: *deputies,
        ends_with_grantor: *ends_with_grantor,
        recertified: *recertified,
        second_factor: *second_factor,
        separation_of_duties: separated_from(roles, role).into_iter().map(|(_, other)| other).collect(),
        terms: terms.as_ref().map(|terms| terms.code.clone()),
        entitlements: entitlements.clone(),
        texts: texts.clone(),
    }
}

fn edges(rules: &[GrantRule]) -> Vec<Edge> {
    rules.iter().map(|rule| Edge { role: rule.role.clone(), relation: relation(rule.relation) }).collect()
}

/// The word of the profile file.
pub(super) fn scope(scope: RoleScope) -> &'static str {
    match scope {
        RoleScope::System => "system",
        RoleScope::Organisation => "organisation",
        RoleScope::OrganisationAndApplications => "organisation+applications",
        RoleScope::Project => "project",
        RoleScope::ProjectAndOrganisation => "project+organisation",
    }
}

/// The word of the profile file.
fn sub_levels(sub_levels: SubLevels) -> &'static str {
    match sub_levels {
        SubLevels::Allowed => "allowed",
        SubLevels::Always => "always",
        SubLevels::Never => "never",
    }
}

/// The word of the profile file.
fn confirmation(confirmation: Confirmation) -> &'static str {
    match confirmation {
        Confirmation::None => "none",
        Confirmation::FirstInScope => "first-in-scope",
        Confirmation::Always => "always",
    }
}

/// The word of the profile file.
fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::SameOrganisation => "same-organisation",
        Relation::Covering => "covering",
        Relation::SameProject => "same-project",
        Relation::SameProjectAndOrganisation => "same-project-and-organisation",
        Relation::Any => "any",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Profile;
    use super::matrix;

    /// P12, P74: the pattern can be read from both ends, and the two readings agree.
    #[test]
    fn whoever_grants_a_role_is_listed_with_it_and_it_with_them() {
        let matrix = matrix(&Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
        let mut arrows = 0;
        for line in &matrix {
            for edge in &line.granted_by {
                let giver = matrix.iter().find(|other| other.role == edge.role).unwrap();
                assert!(giver.grants.iter().any(|back| back.role == line.role && back.relation == edge.relation));
                arrows += 1;
            }
        }
        assert_eq!(arrows, matrix.iter().map(|line| line.grants.len()).sum::<usize>());
        assert!(arrows > 4, "{arrows}");
    }
}
