//! What somebody may do with the forms of an organisation in a project: what their roles there stand for, and nothing else.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{common::relying_party::Identity, forms::Kind};

/// One entry of the claim `role_assignments`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Assignment {
    project: Option<String>,
    phase: Option<String>,
    organisation: String,
    role: String,
    entitlements: BTreeSet<String>,
}

/// The roles that somebody holds for one organisation in one project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rights {
    /// The code of the project.
    pub project: String,
    /// Where the project stands.
    pub phase: String,
    /// The organisation, by the name that the provider tells; an application of your own would rather go by a number of the contract.
    pub organisation: String,
    /// Codes of the roles.
    pub roles: Vec<String>,
    entitlements: BTreeSet<String>,
}

impl Rights {
    /// All of somebody's, by project and organisation, as the provider told them last.
    pub(crate) fn all_of(identity: &Identity) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for told in &identity.claims.role_assignments {
            // What is not understood gives nothing.
            let Ok(one) = Assignment::deserialize(told) else { continue };
            let Some(project) = one.project else { continue };
            let known =
                all.iter_mut().find(|rights| rights.project == project && rights.organisation == one.organisation);
            let rights = match known {
                Some(rights) => rights,
                None => {
                    let phase = one.phase.unwrap_or_default();
                    all.push(Self { project, phase, organisation: one.organisation, ..Self::default() });
                    let Some(rights) = all.last_mut() else { continue };
                    rights
                }
            };
            rights.roles.push(one.role);
            rights.entitlements.extend(one.entitlements);
        }
        all
    }

    /// Those for one organisation in one project.
    pub(crate) fn of(identity: &Identity, project: &str, organisation: &str) -> Option<Self> {
        let mut all = Self::all_of(identity).into_iter();
        all.find(|rights| rights.project == project && rights.organisation == organisation)
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.entitlements.contains(*name))
    }

    /// P52: some only read.
    pub(crate) fn may_read(&self) -> bool {
        self.any(&["forms:read", "forms:search"]) || self.may_write()
    }

    /// P27, P42, P48.
    pub(crate) fn may_write(&self) -> bool {
        self.any(&["forms:write", "forms:update"])
    }

    /// P22, P55: a financial statement only.
    pub(crate) fn may_sign(&self, kind: Kind) -> bool {
        kind == Kind::Financial && self.any(&["sign:form-c"])
    }

    /// To whom; `None` for who may not submit it. A financial statement is submitted by who may sign it.
    pub(crate) fn submits_to(&self, kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::Financial => self.any(&["submit:form-c"]).then_some("the Commission"),
            Kind::Report if self.any(&["submit:commission"]) => Some("the Commission"),
            Kind::Report => self.any(&["submit:coordinator"]).then_some("the coordinator"),
        }
    }
}
