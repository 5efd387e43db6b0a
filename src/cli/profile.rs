//! `chamberlain profile …`

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Value, json};

use super::console::Console;
use super::names::{Names, beside, put};
use super::output::{Output, table};
use super::separated;
use super::{CliError, Global};
use crate::authority::Permission;
use crate::db::Tx;
use crate::delegation::profile::Profile;
use crate::delegation::profile::diff::{Diff, Effect};
use crate::delegation::profile::matrix::{self, Edge, Line};
use crate::delegation::store;
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// Most assignments of one role that are listed.
const LISTED: i64 = 10_000;

/// Commands on profiles.
#[derive(Debug, Subcommand)]
pub(super) enum ProfileCommand {
    /// Report every problem of a profile with its line and what to do about it
    Check {
        /// The profile, or the name of a shipped one
        file: PathBuf,
    },
    /// Print who may do what, and who nominates whom
    Matrix {
        /// A profile, or the name of a shipped one [default: the configured one]
        profile: Option<String>,
    },
    /// Show what a profile would change, and whose authority, before it takes the place of the configured one
    Diff {
        /// The new profile
        file: PathBuf,
    },
}

impl ProfileCommand {
    /// `false` where there are problems.
    pub(super) async fn run(self, global: &Global, output: &Output) -> Result<bool, CliError> {
        match self {
            Self::Check { file } => check(&file, *output),
            Self::Matrix { profile } => {
                let name = match profile {
                    Some(name) => name,
                    None => global.load_lightly()?.config.profile,
                };
                matrix(&crate::app::profile(&name)?, *output)?;
                Ok(true)
            }
            Self::Diff { file } => {
                let next = crate::app::profile(&file.to_string_lossy())?;
                let present = crate::app::profile(&global.load_lightly()?.config.profile)?;
                diff(&present, &next, &Console::open_present(global).await?, output).await
            }
        }
    }
}

fn check(file: &Path, output: Output) -> Result<bool, CliError> {
    // A shipped one by its name, as elsewhere.
    let loaded = match file.to_str().and_then(Profile::shipped) {
        Some(shipped) => shipped,
        None => {
            crate::app::profile_file(file).map_err(|error| CliError::Refused(format!("{}: {error}", file.display())))?
        }
    };
    let problems = loaded.err().unwrap_or_default();
    let rows: Vec<Value> = problems
        .iter()
        .map(|problem| json!({ "line": problem.line, "message": problem.message, "cure": problem.cure }))
        .collect();
    output.print(&json!({ "problems": rows }), || match problems.as_slice() {
        [] => "the profile is in order".to_owned(),
        problems => {
            problems.iter().map(|problem| format!("{}:{problem}\n", file.display())).collect::<Vec<_>>().concat()
        }
    })?;
    Ok(problems.is_empty())
}

fn edges(edges: &[Edge]) -> Value {
    let texts: Vec<String> = edges.iter().map(|edge| format!("{} ({})", edge.role, edge.relation)).collect();
    json!(texts)
}

fn row(line: &Line) -> Value {
    // Without a rest: what is added to the table does not compile until it is printed.
    let Line {
        role,
        scope,
        sub_levels,
        holders: (min, max),
        confirmation,
        granted_by,
        revoked_by,
        grants,
        revocation_requests_by,
        permissions,
        managed_permissions,
        country_permissions,
        nominated,
        requires,
        dormant,
        first_user,
        auto_groups,
        deputies,
        ends_with_grantor,
        recertified,
        second_factor,
        separation_of_duties,
        terms,
        entitlements,
        // They say in words what stands here.
        texts: _,
    } = line;
    let words = |list: &[Permission]| list.iter().map(|permission| permission.as_str()).collect::<Vec<_>>();
    json!({
        "role": role, "scope": scope, "sub_levels": sub_levels, "min": min, "max": max, "confirmation": confirmation,
        "granted_by": edges(granted_by), "revoked_by": edges(revoked_by), "grants": edges(grants),
        "revocation_requests_by": edges(revocation_requests_by), "permissions": words(permissions),
        "managed_permissions": words(managed_permissions), "country_permissions": words(country_permissions),
        "nominated": nominated, "requires": requires, "dormant": dormant, "first_user": first_user,
        "auto_groups": auto_groups, "deputies": deputies, "ends_with_grantor": ends_with_grantor,
        "recertified": recertified, "second_factor": second_factor.as_str(),
        "separation_of_duties": separation_of_duties, "terms": terms, "entitlements": entitlements,
    })
}

/// For people: one paragraph per role, since arrows are too wide for a table.
fn paragraph(row: &Value) -> String {
    let list = |key: &str| match row.get(key).and_then(Value::as_array).filter(|list| !list.is_empty()) {
        Some(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        None => "nobody".to_owned(),
    };
    let word = |key: &str| match row.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "no limit".to_owned(),
    };
    // Said of those roles alone that have it.
    let lists = [
        ("managed_permissions", "over managed"),
        ("country_permissions", "in country"),
        ("requires", "only with"),
        ("entitlements", "stands for"),
        ("separation_of_duties", "never with"),
        ("revocation_requests_by", "end asked by"),
    ];
    let lists = lists.map(|(key, title)| {
        let said = list(key).replace("nobody", "");
        if said.is_empty() { said } else { format!("  {title:<13}{said}\n") }
    });
    let flags = [
        ("nominated", "given:", "to whoever owns the address that was named, and accepts"),
        ("dormant", "dormant:", "it carries nothing by itself"),
        ("first_user", "by itself:", "the first person of an organisation"),
        ("auto_groups", "by itself:", "all groups of a module"),
        ("deputies", "deputies:", "its holders may have them"),
        ("ends_with_grantor", "ends:", "with the role by which it was handed on"),
        ("recertified", "recertified:", "whether it is still needed"),
    ];
    let flags = flags.map(|(key, title, text)| match row.get(key) {
        Some(Value::Bool(true)) => format!("  {title:<13}{text}\n"),
        _ => String::new(),
    });
    let sign_in = match row.get("second_factor").and_then(Value::as_str) {
        Some(strength) if strength != Strength::Any.as_str() => format!("  {:<13}{strength}\n", "sign-in:"),
        _ => String::new(),
    };
    let terms = match row.get("terms") {
        Some(Value::String(terms)) => format!("  once accepted: {terms}\n"),
        _ => String::new(),
    };
    let beside = [lists.concat(), flags.concat(), sign_in, terms].concat();
    format!(
        "{}\n  scope:        {}, sub-levels {}\n  holders:      at least {}, at most {}\n  confirmation: {}\n  granted by:   {}\n  revoked by:   {}\n  grants:       {}\n  permissions:  {}\n{beside}",
        word("role"),
        word("scope"),
        word("sub_levels"),
        word("min"),
        word("max"),
        word("confirmation"),
        list("granted_by"),
        list("revoked_by"),
        list("grants").replace("nobody", "none"),
        list("permissions").replace("nobody", "none"),
    )
}

fn matrix(profile: &Profile, output: Output) -> Result<(), CliError> {
    let rows: Vec<Value> = matrix::matrix(&profile.roles).iter().map(row).collect();
    let effective = profile.effective.to_date();
    let document = json!({
        "profile": profile.name, "version": profile.version, "effective": effective, "roles": rows,
    });
    output.print(&document, || {
        let head = format!("{}, version {}, in effect from {effective}\n\n", profile.name, profile.version);
        head + &rows.iter().map(paragraph).collect::<Vec<_>>().join("\n")
    })?;
    Ok(())
}

/// What becomes of whom: one row per assignment of a role that changes, and the scopes that would break a bound.
#[derive(Default)]
struct Consequences {
    holders: Vec<Value>,
    broken: Vec<Value>,
    /// Roles of which only the first [`LISTED`] assignments were looked at.
    cut: Vec<String>,
}

async fn diff(present: &Profile, next: &Profile, console: &Console, output: &Output) -> Result<bool, CliError> {
    let diff = present.diff(next);
    let tx = &mut console.app.db.reader().await?;
    let mut all = Consequences::default();
    for role in present.roles.iter() {
        consequences(tx, (role.code.as_str(), &diff, next), console.ctx.now, &mut all).await?;
    }
    let together = separated::held(tx, &next.roles, (console.ctx.now, LISTED)).await?;
    let changes: Vec<Value> = diff
        .changes
        .iter()
        .map(|change| json!({ "place": change.place, "before": change.before, "after": change.after }))
        .collect();
    let document = json!({ "changes": changes, "holders": all.holders, "broken": all.broken, "cut": all.cut, "together": together });
    output.print(&document, || {
        if changes.is_empty() {
            return "nothing would change".to_owned();
        }
        let mut text = table(&changes, &["place", "before", "after"]);
        text.push_str("\nwhose authority changes\n");
        let shown: Vec<Value> = all.holders.iter().map(for_people).collect();
        let columns = ["principal", "role", "organisation", "gains", "loses", "scope", "requires", "terms"];
        text.push_str(&table(&shown, &columns));
        if !all.cut.is_empty() {
            text.extend(["\nonly the first assignments were looked at of: ", &all.cut.join(", "), "\n"]);
        }
        if !all.broken.is_empty() {
            text.push_str("\nscopes that would break a bound: put them right first\n");
            let shown: Vec<Value> = all.broken.iter().map(for_people).collect();
            text.push_str(&table(&shown, &["role", "organisation", "holders", "min", "max"]));
        }
        if !together.is_empty() {
            text.push_str("\nwho would hold together what may not be: put it right first\n");
            let shown: Vec<Value> = together.iter().map(for_people).collect();
            text.push_str(&table(&shown, &["principal", "role", "organisation", "with"]));
        }
        text
    })?;
    Ok(all.broken.is_empty() && together.is_empty())
}

/// The row with names beside ids.
fn for_people(row: &Value) -> Value {
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut shown = row.clone();
    if let Some(principal) = row.get("principal")
        && let (Some(kind), Some(id)) = (word(principal, "kind"), word(principal, "id"))
    {
        put(&mut shown, "principal", beside(word(row, "principal_name").as_deref(), format!("{kind} {id}")));
    }
    if let Some(id) = word(row, "organisation") {
        put(&mut shown, "organisation", beside(word(row, "organisation_name").as_deref(), id));
    }
    shown
}

async fn consequences(
    tx: &mut Tx,
    (code, diff, next): (&str, &Diff, &Profile),
    now: Timestamp,
    all: &mut Consequences,
) -> Result<(), CliError> {
    let held = store::list_of_role(tx, code, now, LISTED).await?;
    if i64::try_from(held.len()).is_ok_and(|count| count == LISTED) {
        all.cut.push(code.to_owned());
    }
    let (principals, places) = held.iter().map(|assignment| (assignment.principal, assignment.organisation)).unzip();
    let names = Names::default().with_principals(tx, &principals).await?.with_organisations(tx, &places).await?;
    if let Some(Effect { gains, loses, scope, requires, terms }) = diff.effects.get(code) {
        all.holders.extend(held.iter().map(|assignment| {
            json!({
                "principal": assignment.principal, "principal_name": names.principal(assignment.principal),
                "role": code, "organisation": assignment.organisation,
                "organisation_name": names.organisation(assignment.organisation),
                "gains": gains, "loses": loses, "scope": scope, "requires": requires, "terms": terms,
            })
        }));
    }
    let Some(role) = next.roles.get(code) else { return Ok(()) };
    // Each person once; services do not make up a minimum.
    let mut holders: BTreeMap<OrganisationId, BTreeSet<PrincipalId>> = BTreeMap::new();
    for assignment in
        held.iter().filter(|assignment| assignment.is_live(now) && assignment.principal.person().is_some())
    {
        holders.entry(assignment.organisation).or_default().insert(assignment.principal);
    }
    let counts = holders.into_iter().map(|(organisation, people)| (organisation, people.len()));
    let broken =
        counts.filter(|(_, count)| *count < role.min as usize || role.max.is_some_and(|max| *count > max as usize));
    all.broken.extend(broken.map(|(organisation, count)| {
        json!({
            "role": code, "organisation": organisation, "organisation_name": names.organisation(organisation),
            "holders": count, "min": role.min, "max": role.max,
        })
    }));
    Ok(())
}
