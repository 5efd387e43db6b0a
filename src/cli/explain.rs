//! `chamberlain explain …`: why somebody can or cannot do something, who can, and what somebody holds.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::CliError;
use super::console::{Console, application};
use super::names::{Names, beside, put};
use super::output::{Output, table};
use super::role::Holder;
use crate::authority::action::{
    Action, AssignMembership, BlockUser, CreateUser, DeleteUser, GrantRole, ReadUser, RemoveMembership,
    ResetCredentials, UpdateOrganisation, UpdateUser,
};
use crate::authority::{Applications, Assignment, Decision, Extent, Permission, Validity};
use crate::db::Tx;
use crate::delegation::explain::{Explanation, explain, who_can};
use crate::delegation::model::RoleAssignment;
use crate::directory::user::model::User;
use crate::directory::{client, group, organisation, user};
use crate::kernel::ids::{OrganisationId, PrincipalId};

/// Questions about who may do what.
#[derive(Debug, Subcommand)]
pub(super) enum ExplainCommand {
    /// Say whether a person or a service can do something, and why
    Can {
        #[command(flatten)]
        holder: Holder,
        #[command(subcommand)]
        question: Question,
    },
    /// List who can do something, and why
    Who {
        #[command(subcommand)]
        question: Question,
    },
    /// List what a person or a service may do, and where
    Holds {
        #[command(flatten)]
        holder: Holder,
    },
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(super) enum Question {
    /// See a person
    ReadUser(Target),
    /// Create a person in an organisation
    CreateUser(Place),
    /// Change a person's details
    UpdateUser(Target),
    /// Delete a person
    DeleteUser(Target),
    /// Start a recovery for a person
    ResetCredentials(Target),
    /// Block a person
    BlockUser(Target),
    /// Put a person into a group
    AssignMembership(Membership),
    /// Take a person out of a group
    RemoveMembership(Membership),
    /// Give a role over an organisation
    GrantRole(Role),
    /// Change an organisation
    UpdateOrganisation(Place),
}

/// A person.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// The e-mail address of the person it is done to
    #[arg(long)]
    to: String,
}

/// An organisation.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The id of the organisation [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
}

/// A person and a group.
#[derive(Debug, Args)]
pub(super) struct Membership {
    #[command(flatten)]
    target: Target,
    /// The code of the group
    #[arg(long)]
    group: String,
}

/// A role, a person and a scope.
#[derive(Debug, Args)]
pub(super) struct Role {
    /// The code of the role
    #[arg(id = "role", value_name = "ROLE")]
    code: String,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    place: Place,
    /// Only there, and not below
    #[arg(long)]
    without_sub_levels: bool,
    /// The code of an application that it is for; may be given several times [default: all]
    #[arg(long)]
    application: Vec<String>,
}

impl Target {
    async fn find(&self, tx: &mut Tx) -> Result<User, CliError> {
        let found = user::store::find_by_email(tx, &self.to).await?;
        found.ok_or_else(|| CliError::missing("person", &self.to))
    }
}

impl Place {
    async fn find(&self, tx: &mut Tx) -> Result<OrganisationId, CliError> {
        let root = organisation::store::find_root(tx).await?.map(|root| root.id);
        self.organisation.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))
    }
}

impl Question {
    /// The action, and the place of what it is done to.
    async fn read(&self, tx: &mut Tx) -> Result<(Action, OrganisationId), CliError> {
        let (target, place) = match self {
            Self::ReadUser(target)
            | Self::UpdateUser(target)
            | Self::DeleteUser(target)
            | Self::ResetCredentials(target)
            | Self::BlockUser(target) => (Some(target), None),
            Self::AssignMembership(membership) | Self::RemoveMembership(membership) => (Some(&membership.target), None),
            Self::GrantRole(role) => (Some(&role.target), Some(&role.place)),
            Self::CreateUser(place) | Self::UpdateOrganisation(place) => (None, Some(place)),
        };
        let person = match target {
            Some(target) => Some(target.find(tx).await?),
            None => None,
        };
        let organisation = match (place, &person) {
            (Some(place), _) => place.find(tx).await?,
            (None, Some(person)) => person.organisation,
            (None, None) => return Err(CliError::missing("target", "")),
        };
        let user = person.map(|person| person.id);
        let user = || user.ok_or_else(|| CliError::missing("person", ""));
        let action: Action = match self {
            Self::ReadUser(_) => ReadUser { user: user()? }.into(),
            Self::UpdateUser(_) => UpdateUser { user: user()? }.into(),
            Self::DeleteUser(_) => DeleteUser { user: user()? }.into(),
            Self::ResetCredentials(_) => ResetCredentials { user: user()? }.into(),
            Self::BlockUser(_) => BlockUser { user: user()? }.into(),
            Self::CreateUser(_) => CreateUser { organisation }.into(),
            Self::UpdateOrganisation(_) => UpdateOrganisation { organisation }.into(),
            Self::AssignMembership(of) => AssignMembership { user: user()?, group: of.group(tx).await? }.into(),
            Self::RemoveMembership(of) => RemoveMembership { user: user()?, group: of.group(tx).await? }.into(),
            Self::GrantRole(role) => GrantRole {
                to: PrincipalId::Person(user()?),
                role: role.code.clone(),
                organisation,
                include_sub_levels: !role.without_sub_levels,
                applications: role.applications(tx).await?,
                validity: Validity::default(),
            }
            .into(),
        };
        Ok((action, organisation))
    }
}

impl Membership {
    async fn group(&self, tx: &mut Tx) -> Result<crate::kernel::ids::GroupId, CliError> {
        let found = group::store::find_by_code(tx, &self.group).await?;
        found.map(|group| group.id).ok_or_else(|| CliError::missing("group", &self.group))
    }
}

impl Role {
    async fn applications(&self, tx: &mut Tx) -> Result<Applications, CliError> {
        let mut only = BTreeSet::new();
        for code in &self.application {
            only.insert(application(tx, code).await?.id);
        }
        Ok(if only.is_empty() { Applications::All } else { Applications::Only(only) })
    }
}

impl ExplainCommand {
    /// `false` where the answer is no.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        let (tx, now) = (&mut console.app.db.reader().await?, console.ctx.now);
        match self {
            Self::Can { holder, question } => {
                let principal = holder.find(tx).await?;
                let (action, _) = question.read(tx).await?;
                let answer = explain(tx, &console.app.door, principal, &action, now).await?;
                let document = document(tx, &answer).await?;
                output.print(&document, || text(&document))?;
                Ok(matches!(answer.decision, Decision::Allow(_)))
            }
            Self::Who { question } => {
                let (action, organisation) = question.read(tx).await?;
                let (able, whole) = who_can(tx, &console.app.door, (&action, organisation), now).await?;
                let mut rows = Vec::new();
                for (principal, answer) in &able {
                    let by = document(tx, answer).await?;
                    rows.push(json!({ "principal": name(tx, *principal).await?, "because": by.get("because") }));
                }
                output.print(&json!({ "can": rows, "whole": whole }), || {
                    let lines = rows.iter().map(|row| {
                        format!("{}\n{}", row.get("principal").and_then(Value::as_str).unwrap_or_default(), text(row))
                    });
                    lines.collect::<Vec<_>>().concat()
                })?;
                Ok(!able.is_empty())
            }
            Self::Holds { holder } => holds(&holder, console, output).await,
        }
    }
}

/// The name under which somebody signs in, or the id of a client.
async fn name(tx: &mut Tx, principal: PrincipalId) -> Result<String, CliError> {
    let found = match principal {
        PrincipalId::Person(id) => user::store::find(tx, id).await?.map(|user| user.user_name),
        PrincipalId::Service(id) => client::store::find(tx, id).await?.map(|client| client.client_id),
        PrincipalId::Console => Some("the console".to_owned()),
    };
    Ok(found.unwrap_or_else(|| "somebody who is gone".to_owned()))
}

async fn link(tx: &mut Tx, assignment: &RoleAssignment) -> Result<Value, CliError> {
    let place = organisation::store::find(tx, assignment.organisation).await?.map(|place| place.name);
    Ok(json!({
        "assignment": assignment.id, "role": assignment.role, "holder": name(tx, assignment.principal).await?,
        "organisation": place, "sub_levels": assignment.include_sub_levels,
        "granted_by": name(tx, assignment.granted_by).await?, "granted_at": assignment.granted_at,
    }))
}

async fn document(tx: &mut Tx, answer: &Explanation) -> Result<Value, CliError> {
    if let Decision::Deny(reason) = &answer.decision {
        return Ok(json!({ "allowed": false, "reason": reason.to_string(), "because": [] }));
    }
    let mut chains = Vec::new();
    for chain in &answer.chains {
        let mut links = Vec::new();
        for assignment in chain {
            links.push(link(tx, assignment).await?);
        }
        chains.push(links);
    }
    Ok(json!({ "allowed": true, "reason": null, "because": chains }))
}

/// For people: each chain as indented lines, the nearest role first.
fn text(document: &Value) -> String {
    if let Some(reason) = document.get("reason").and_then(Value::as_str) {
        return format!("no: {reason}\n");
    }
    let word = |link: &Value, key: &str| link.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
    let mut text = if document.get("allowed").is_some() { "yes\n".to_owned() } else { String::new() };
    for chain in document.get("because").and_then(Value::as_array).into_iter().flatten() {
        for link in chain.as_array().into_iter().flatten() {
            let below = if link.get("sub_levels") == Some(&Value::Bool(true)) { " and below" } else { "" };
            text.push_str("  ");
            text.push_str(&word(link, "holder"));
            text.push_str(" is ");
            text.push_str(&word(link, "role"));
            text.push_str(" of ");
            text.push_str(&word(link, "organisation"));
            text.push_str(below);
            text.push_str(", by ");
            text.push_str(&word(link, "granted_by"));
            text.push('\n');
        }
    }
    text
}

async fn holds(holder: &Holder, console: &Console, output: &Output) -> Result<bool, CliError> {
    let tx = &mut console.app.db.reader().await?;
    let principal = holder.find(tx).await?;
    let authority = console.app.door.authority_of(tx, principal, console.ctx.now).await?;
    let live: Vec<&Assignment> = authority.live(console.ctx.now).collect();
    let places = live.iter().filter_map(|assignment| assignment.extent.anchor()).collect();
    let only = live.iter().filter_map(|assignment| match &assignment.applications {
        Applications::All => None,
        Applications::Only(only) => Some(only),
    });
    let only = only.flatten().copied().collect();
    let names = Names::default().with_organisations(tx, &places).await?.with_applications(tx, &only).await?;
    let rows: Vec<Value> = live.iter().map(|assignment| held(&names, assignment)).collect();
    output.print(&json!(rows), || {
        let shown: Vec<Value> =
            live.iter().zip(&rows).map(|(assignment, row)| for_people(&names, assignment, row)).collect();
        table(&shown, &["role", "organisation", "reach", "applications", "permissions"])
    })?;
    Ok(!rows.is_empty())
}

fn held(names: &Names, assignment: &Assignment) -> Value {
    let anchor = assignment.extent.anchor();
    let applications = match &assignment.applications {
        Applications::All => (json!("all"), Value::Null),
        Applications::Only(only) => {
            (json!(only), json!(only.iter().map(|id| names.application(*id)).collect::<Vec<_>>()))
        }
    };
    let permissions: Vec<&str> = assignment.permissions.iter().map(Permission::as_str).collect();
    json!({
        "role": assignment.role,
        "organisation": anchor.map_or(Some("everywhere"), |anchor| names.organisation(anchor)),
        "organisation_id": anchor, "sub_levels": !matches!(assignment.extent, Extent::Only(_) | Extent::ManagedBy(_)),
        "reach": reach(assignment.extent),
        "applications": applications.0, "application_names": applications.1,
        "permissions": permissions, "until": assignment.until,
    })
}

/// How far it reaches from where it is anchored, in one word.
fn reach(extent: Extent) -> &'static str {
    match extent {
        Extent::Everywhere => "everywhere",
        Extent::Subtree(_) => "below",
        Extent::Only(_) => "only",
        Extent::ManagedBy(_) => "managed",
        Extent::Country(_) => "country",
    }
}

/// The row with the names of what it is about beside the ids.
fn for_people(names: &Names, assignment: &Assignment, row: &Value) -> Value {
    let mut row = row.clone();
    if let Some(anchor) = assignment.extent.anchor() {
        put(&mut row, "organisation", beside(names.organisation(anchor), anchor));
    }
    if let Applications::Only(only) = &assignment.applications {
        let shown: Vec<String> = only.iter().map(|id| beside(names.application(*id), id)).collect();
        put(&mut row, "applications", shown.join(", "));
    }
    row
}
