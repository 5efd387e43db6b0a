//! `chamberlain explain …`: why somebody can or cannot do something, who can, and what somebody holds.

mod change;
mod question;

use std::collections::BTreeSet;

use clap::Subcommand;
use serde_json::{Value, json};

use self::change::Change;
use self::question::Question;
use super::CliError;
use super::console::Console;
use super::names::{Names, beside, put};
use super::output::{Output, table};
use super::role::Holder;
use crate::authority::{Applications, Assignment, Decision, Extent, Permission};
use crate::db::Tx;
use crate::delegation::beside::{Beside, Surroundings};
use crate::delegation::explain::{Explanation, Eyes, explain, who_can};
use crate::delegation::model::RoleAssignment;
use crate::delegation::store;
use crate::kernel::ids::PrincipalId;

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
    /// Say what would change if something were done; nothing is kept
    Change {
        #[command(subcommand)]
        change: Change,
    },
    /// List what a person or a service may do, and where
    Holds {
        #[command(flatten)]
        holder: Holder,
    },
}

impl ExplainCommand {
    /// `false` where the answer is no.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        note_undefined(&mut console.app.db.reader().await?, console).await?;
        if let Self::Change { change } = self {
            return change.run(console, output).await.map(|()| true);
        }
        let (tx, now) = (&mut console.app.db.reader().await?, console.ctx.now);
        match self {
            Self::Can { holder, question } => {
                let principal = holder.find(tx).await?;
                let (action, place) = question.read(tx, console.app.door.roles()).await?;
                let answer = explain(tx, &console.app.door, (Eyes::All, principal, &action), now).await?;
                let place = Surroundings::of(tx, console.app.door.roles(), place).await?;
                let document = document((&names(tx, &[&answer], BTreeSet::new()).await?, &place), &answer);
                output.print(&document, || text(&document))?;
                Ok(matches!(answer.decision, Decision::Allow(_)))
            }
            Self::Who { question } => {
                let (action, organisation) = question.read(tx, console.app.door.roles()).await?;
                let (able, whole) = who_can(tx, &console.app.door, (&action, organisation), now).await?;
                let explained: Vec<_> = able.iter().map(|(_, answer)| answer).collect();
                let place = Surroundings::of(tx, console.app.door.roles(), organisation).await?;
                let names = names(tx, &explained, able.iter().map(|(principal, _)| *principal).collect()).await?;
                let row = |(principal, answer): &(PrincipalId, Explanation)| {
                    let because = document((&names, &place), answer).get("because").cloned();
                    json!({ "principal": name(&names, *principal), "name": names.person(*principal), "because": because })
                };
                let rows: Vec<Value> = able.iter().map(row).collect();
                output.print(&json!({ "can": rows, "whole": whole }), || {
                    let lines = rows.iter().map(|row| format!("{}\n{}", who(row, "principal", "name"), text(row)));
                    lines.collect::<Vec<_>>().concat()
                })?;
                Ok(!able.is_empty())
            }
            // Done above: it opens a transaction of its own.
            Self::Change { .. } => Ok(false),
            Self::Holds { holder } => holds(&holder, console, output).await,
        }
    }
}

/// The names of everybody and everything in some explanations, and of `more`.
async fn names(tx: &mut Tx, explained: &[&Explanation], more: BTreeSet<PrincipalId>) -> Result<Names, CliError> {
    let links = || explained.iter().flat_map(|one| one.chains.iter().flatten());
    let principals: BTreeSet<_> = links().flat_map(|link| [link.principal, link.granted_by]).chain(more).collect();
    let places = links().map(|link| link.organisation).collect();
    let names = Names::default().with_principals(tx, &principals).await?.with_people(tx, &principals).await?;
    names.with_organisations(tx, &places).await
}

/// The name under which somebody signs in, or the id of a client.
fn name(names: &Names, principal: PrincipalId) -> &str {
    match principal {
        PrincipalId::Console => "the console",
        other => names.principal(other).unwrap_or("somebody who is gone"),
    }
}

/// Somebody of a document: by name, with the sign-in name behind.
fn who(document: &Value, key: &str, name: &str) -> String {
    let word = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
    match document.get(name).and_then(Value::as_str) {
        Some(name) => format!("{name} ({})", word(key)),
        None => word(key),
    }
}

/// Says which roles are held that the profile does not know: by another profile the answers would be others.
async fn note_undefined(tx: &mut Tx, console: &Console) -> Result<(), CliError> {
    let mut codes = store::list_codes(tx, console.ctx.now).await?;
    codes.retain(|code| console.app.door.roles().get(code).is_none());
    if !codes.is_empty() {
        Output::note(&format!(
            "roles are held that the configured profile does not define, and that allow nothing by it: {}; set `profile` to the one that this installation runs with",
            codes.join(", ")
        ));
    }
    Ok(())
}

fn link(names: &Names, assignment: &RoleAssignment) -> Value {
    json!({
        "assignment": assignment.id, "role": assignment.role,
        "holder": name(names, assignment.principal), "holder_name": names.person(assignment.principal),
        "organisation": names.organisation(assignment.organisation), "sub_levels": assignment.include_sub_levels,
        "granted_by": name(names, assignment.granted_by), "granted_by_name": names.person(assignment.granted_by),
        "granted_at": assignment.granted_at,
    })
}

fn document((names, place): (&Names, &Surroundings), answer: &Explanation) -> Value {
    if let Decision::Deny(reason) = &answer.decision {
        let reason = match &answer.awaits {
            Some(terms) => format!("the terms `{terms}` are not accepted yet"),
            None => reason.to_string(),
        };
        return json!({ "allowed": false, "reason": reason, "terms": answer.awaits, "because": [] });
    }
    let chain = |chain: &Vec<RoleAssignment>| {
        let mut links: Vec<Value> = chain.iter().map(|one| link(names, one)).collect();
        // What follows is by which role that one was given.
        let by = chain.first().and_then(|one| place.beside(one)).map(|by| match by {
            Beside::Managing => "access manager",
            Beside::Country => "country",
        });
        if let (Some(Value::Object(first)), Some(by)) = (links.first_mut(), by) {
            first.insert("reaches_as".to_owned(), json!(by));
        }
        links
    };
    json!({ "allowed": true, "reason": null, "because": answer.chains.iter().map(chain).collect::<Vec<_>>() })
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
            text.push_str(&who(link, "holder", "holder_name"));
            text.push_str(" is ");
            text.push_str(&word(link, "role"));
            text.push_str(" of ");
            text.push_str(&word(link, "organisation"));
            text.push_str(below);
            match link.get("reaches_as").and_then(Value::as_str) {
                Some("access manager") => text.push_str(", which is an Access Manager there"),
                Some(_) => text.push_str(", for all of its country"),
                None => {}
            }
            text.push_str(", by ");
            text.push_str(&who(link, "granted_by", "granted_by_name"));
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
