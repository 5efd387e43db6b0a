//! For which roles somebody can be named by whom, and where: the decision on nominations as a condition for lists.

use std::collections::BTreeSet;

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::model::{Applications, Assignment, Authority, Extent};
use super::permission::Permission;
use super::role::{Relation, Roles};
use super::scope::Scope;
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::time::Timestamp;

/// What somebody could name people for. Whoever was named has not agreed to be seen yet: only those who could have named them read of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming(Vec<Part>);

/// One role, by one assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    role: String,
    /// Wherever this reaches; `None` for wherever in the project.
    reach: Option<Extent>,
    /// Only at this organisation.
    at: Option<OrganisationId>,
    /// Only in these projects.
    projects: Option<BTreeSet<ProjectId>>,
}

/// Where it reaches, and the one organisation that it is for.
type Place = (Option<Extent>, Option<OrganisationId>);

impl Naming {
    /// What whoever holds this authority could name people for, by the rules of the roles (`granted_by`).
    pub fn of(authority: &Authority, roles: &Roles, now: Timestamp) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for role in roles.iter().filter(|role| role.nominated) {
            for mine in authority.carrying(Permission::RoleGrant, now) {
                let rules = role.granted_by.iter().filter(|rule| rule.role == mine.role);
                for (place, project) in rules.filter_map(|rule| part(rule.relation, mine)) {
                    let same = |part: &&mut Part| {
                        part.role == role.code
                            && (part.reach, part.at) == place
                            && part.projects.is_some() == project.is_some()
                    };
                    match parts.iter_mut().find(same) {
                        Some(part) => part.projects.iter_mut().for_each(|projects| projects.extend(project)),
                        None => parts.push(Part {
                            role: role.code.clone(),
                            reach: place.0,
                            at: place.1,
                            projects: project.map(|project| BTreeSet::from([project])),
                        }),
                    }
                }
            }
        }
        Self(parts)
    }

    /// Whether it is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the condition that a row `n` with `role`, `organisation_id` and `project_id` is one of those; in each arm of `on!`.
    pub fn push_condition<DB>(&self, query: &mut QueryBuilder<DB>)
    where
        DB: Database,
        for<'q> String: Encode<'q, DB> + Type<DB>,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ProjectId: Encode<'q, DB> + Type<DB>,
    {
        query.push("(FALSE");
        for part in &self.0 {
            query.push(" OR (n.role = ").push_bind(part.role.clone());
            if let Some(extent) = part.reach {
                query.push(" AND ");
                Scope::Within(vec![extent]).push_condition(query, "n.organisation_id");
            }
            if let Some(at) = part.at {
                query.push(" AND n.organisation_id = ").push_bind(at);
            }
            if let Some(projects) = &part.projects {
                query.push(" AND n.project_id IN (NULL");
                for project in projects {
                    query.push(", ").push_bind(*project);
                }
                query.push(")");
            }
            query.push(")");
        }
        query.push(")");
    }
}

/// What one assignment lets its holder name people for by one rule, as `stands` has it for a single nomination.
fn part(relation: Relation, mine: &Assignment) -> Option<(Place, Option<ProjectId>)> {
    let own = mine.anchor.as_ref().map(OrganisationPath::node);
    let reach = (mine.project.is_none() && mine.applications == Applications::All).then_some(mine.extent);
    match relation {
        Relation::SameOrganisation => Some(((Some(reach?), Some(own?)), None)),
        Relation::Covering | Relation::Any => Some(((Some(reach?), None), None)),
        Relation::SameProject => Some(((None, None), Some(mine.project?))),
        Relation::SameProjectAndOrganisation => Some(((None, Some(own?)), Some(mine.project?))),
    }
}
