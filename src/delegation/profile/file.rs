//! The TOML of a profile, as written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::kernel::strength::Strength;
use crate::kernel::wording::Wording;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileFile {
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) effective: Spanned<String>,
    #[serde(default)]
    pub(super) words: Words,
    pub(super) credentials: Credentials,
    pub(super) retention: Retention,
    pub(super) projects: Option<Spanned<ProjectsFile>>,
    pub(super) organisations: Option<OrganisationsFile>,
    pub(super) registrations: Option<RegistrationsFile>,
    pub(super) recertification: Option<Spanned<RecertificationFile>>,
    #[serde(default)]
    pub(super) terms: Vec<TermsFile>,
    pub(super) roles: Vec<Spanned<RoleFile>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    #[serde(default)]
    pub(super) organisation: Wording,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    pub(super) cooling_off_seconds: Spanned<u64>,
    pub(super) activation_seconds: Spanned<u64>,
    pub(super) recovery_seconds: Spanned<u64>,
    /// Ninety days, unless it is said.
    pub(super) delegated_token_seconds: Option<Spanned<u64>>,
    /// Twelve hours, unless it is said.
    pub(super) elevation_seconds: Option<Spanned<u64>>,
    /// Not offered, unless it is said.
    pub(super) remember_days: Option<Spanned<u64>>,
    /// An app or a passkey for roles that change anything, unless it is said (`decisions.md` 10).
    pub(super) second_factor: Option<Strength>,
    /// The e-mail address, unless it is said.
    #[serde(default)]
    pub(super) user_names: UserNamesWord,
    /// As in `PasswordRules::default`, unless it is said.
    pub(super) password: Option<PasswordFile>,
    /// Rules for parts of the tree, by their codes.
    #[serde(default)]
    pub(super) password_sets: BTreeMap<Spanned<String>, PasswordFile>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UserNamesWord {
    #[default]
    Email,
    Assigned,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordFile {
    pub(super) min_characters: Spanned<u64>,
    /// Three, unless it is said.
    pub(super) strength: Option<Spanned<u8>>,
    #[serde(default)]
    pub(super) kinds: bool,
    pub(super) history: Option<Spanned<u32>>,
    pub(super) max_age_days: Option<Spanned<u64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retention {
    pub(super) deleted_user_days: Spanned<u64>,
    /// Half a year, unless it is said.
    pub(super) deactivated_organisation_days: Option<Spanned<u64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectsFile {
    pub(super) phases: Vec<Spanned<String>>,
    pub(super) contact: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationsFile {
    #[serde(default)]
    pub(super) identifiers: Vec<SchemeFile>,
    #[serde(default)]
    pub(super) vocabularies: Vec<VocabularyFile>,
    pub(super) directory: Option<DirectoryFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DirectoryFile {
    #[serde(default)]
    pub(super) contact: bool,
    #[serde(default)]
    pub(super) applications: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegistrationsFile {
    pub(super) invitation_days: Option<Spanned<u64>>,
    #[serde(default)]
    pub(super) four_eyes: bool,
    pub(super) max_open: Option<Spanned<u32>>,
    pub(super) representative: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecertificationFile {
    pub(super) every_days: Spanned<u64>,
    pub(super) days: Spanned<u64>,
    #[serde(default)]
    pub(super) memberships: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsFile {
    pub(super) code: Spanned<String>,
    pub(super) titles: Spanned<BTreeMap<String, String>>,
    pub(super) versions: Vec<Spanned<VersionFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionFile {
    pub(super) version: Spanned<u32>,
    /// Left out, it is a draft.
    pub(super) effective: Option<Spanned<String>>,
    /// The text itself, by language.
    #[serde(default)]
    pub(super) texts: BTreeMap<String, Spanned<String>>,
    /// Or the file that holds it, beside the profile.
    #[serde(default)]
    pub(super) files: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeFile {
    pub(super) code: Spanned<String>,
    pub(super) labels: Spanned<BTreeMap<String, String>>,
    pub(super) digits: Option<Spanned<usize>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VocabularyFile {
    pub(super) code: Spanned<String>,
    pub(super) labels: Spanned<BTreeMap<String, String>>,
    pub(super) entries: Vec<EntryFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryFile {
    pub(super) code: Spanned<String>,
    pub(super) labels: Spanned<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleFile {
    pub(super) code: Spanned<String>,
    pub(super) scope: ScopeWord,
    #[serde(default = "allowed")]
    pub(super) sub_levels: SubLevelsWord,
    pub(super) permissions: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) managed_permissions: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) country_permissions: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) first_user: bool,
    #[serde(default)]
    pub(super) auto_groups: bool,
    pub(super) granted_by: Vec<Spanned<RuleFile>>,
    pub(super) revoked_by: Vec<Spanned<RuleFile>>,
    #[serde(default)]
    pub(super) min: u32,
    pub(super) max: Option<Spanned<u32>>,
    #[serde(default = "unconfirmed")]
    pub(super) confirmation: ConfirmationWord,
    #[serde(default)]
    pub(super) separation_of_duties: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) nominated: bool,
    #[serde(default)]
    pub(super) requires: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) dormant: bool,
    #[serde(default)]
    pub(super) revocation_requests_by: Vec<Spanned<RuleFile>>,
    #[serde(default)]
    pub(super) ends_with_grantor: bool,
    #[serde(default)]
    pub(super) deputies: bool,
    #[serde(default)]
    pub(super) recertified: bool,
    /// That of the section `credentials`, unless it is said.
    pub(super) second_factor: Option<Strength>,
    pub(super) terms: Option<Spanned<String>>,
    /// What pages say of it, by language.
    pub(super) texts: Option<Spanned<BTreeMap<String, String>>>,
    #[serde(default)]
    pub(super) entitlements: Vec<Spanned<String>>,
}

fn allowed() -> SubLevelsWord {
    SubLevelsWord::Allowed
}

fn unconfirmed() -> ConfirmationWord {
    ConfirmationWord::None
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) role: String,
    pub(super) relation: RelationWord,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum ScopeWord {
    #[serde(rename = "system")]
    System,
    #[serde(rename = "organisation")]
    Organisation,
    #[serde(rename = "organisation+applications")]
    OrganisationAndApplications,
    #[serde(rename = "project")]
    Project,
    #[serde(rename = "project+organisation")]
    ProjectAndOrganisation,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SubLevelsWord {
    Allowed,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RelationWord {
    SameOrganisation,
    Covering,
    SameProject,
    SameProjectAndOrganisation,
    Any,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConfirmationWord {
    None,
    FirstInScope,
    Always,
}
