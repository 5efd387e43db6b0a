//! How groups look to one caller, alone and in lists. There are few of them, so lists are filtered in memory.

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::attribute::AttributePath;
use super::error::ScimError;
use super::filter::{Filter, Operator};
use super::group_resource::{self, Surroundings};
use super::request::{Caller, ListParameters, answer_list, stamp};
use super::router::Scim;
use super::schema::CHAMBERLAIN_GROUP;
use super::user_view::{self, Viewer};
use crate::authority::action::ReadGroup;
use crate::authority::{Permission, scope};
use crate::db::Tx;
use crate::directory::external_id_store::{self, ResourceKind};
use crate::directory::group::model::Group;
use crate::directory::user::condition_store as store;
use crate::directory::{application, group, membership};
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId};

/// The group, if the caller may see it.
pub async fn find(tx: &mut Tx, scim: &Scim, caller: &Caller, id: GroupId) -> Result<Group, ScimError> {
    scim.app.door.authorise_read(tx, &caller.ctx, ReadGroup { group: id }).await?;
    group::store::find(tx, id).await?.ok_or(ScimError::NotFound)
}

/// Where a new group goes: as asked for, or the one environment whose groups the caller manages.
pub async fn place(
    tx: &mut Tx,
    scim: &Scim,
    caller: &Caller,
    (wanted, environment): (Option<String>, Option<String>),
) -> Result<(ApplicationId, EnvironmentId), ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    let managed = scope::applications(&authority, Permission::GroupManage, caller.ctx.now);
    let mut candidates = Vec::new();
    for found in application::store::list(tx).await? {
        let asked = wanted.as_ref().is_none_or(|code| code.eq_ignore_ascii_case(&found.code));
        if !asked || !managed.contains(found.id) {
            continue;
        }
        for place in application::environment_store::list_of_application(tx, found.id).await? {
            if environment.as_ref().is_none_or(|code| code.eq_ignore_ascii_case(&place.code)) {
                candidates.push((found.id, place.id));
            }
        }
    }
    match candidates.as_slice() {
        [only] => Ok(*only),
        [] if authority.has_anywhere(Permission::GroupManage, caller.ctx.now) => {
            Err(ScimError::InvalidValue("there is no such application and environment".to_owned()))
        }
        [] => Err(ScimError::Forbidden("you do not manage the groups of any application".to_owned())),
        _ => Err(ScimError::InvalidValue(format!("name `application` and `environment` in `{CHAMBERLAIN_GROUP}`"))),
    }
}

/// What is shown beside groups, loaded once per request.
#[derive(Debug)]
pub struct Loaded {
    viewer: Viewer,
    caller: crate::kernel::ids::ClientId,
    now: crate::kernel::time::Timestamp,
    base: String,
    applications: BTreeMap<ApplicationId, String>,
    environments: BTreeMap<EnvironmentId, String>,
}

impl Loaded {
    /// Codes and the view of the caller.
    pub async fn new(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Self, ScimError> {
        let applications = application::store::list(tx).await?.into_iter().map(|a| (a.id, a.code)).collect();
        let environments =
            application::environment_store::list(tx).await?.into_iter().map(|e| (e.id, e.code)).collect();
        let viewer = Viewer::new(tx, scim, caller).await?;
        Ok(Self { viewer, caller: caller.client, now: caller.ctx.now, base: scim.base(), applications, environments })
    }

    /// The resource, without a version.
    pub async fn render(
        &self,
        tx: &mut Tx,
        group: &Group,
        with_members: bool,
    ) -> Result<Map<String, Value>, ScimError> {
        let members = if with_members {
            Some(store::list_members(tx, group.id, &self.viewer.people, self.now).await?)
        } else {
            None
        };
        let code = |found: Option<&String>| found.map_or("", String::as_str).to_owned();
        let around = Surroundings {
            base: &self.base,
            application: &code(self.applications.get(&group.application)),
            environment: &code(self.environments.get(&group.environment)),
            external_id: external_id_store::find(tx, self.caller, ResourceKind::Group, group.id.0).await?,
            members,
        };
        Ok(group_resource::render(group, &around))
    }
}

/// One page of groups.
pub async fn page(scim: &Scim, caller: &Caller, parameters: &ListParameters) -> Result<Response, ScimError> {
    let request = parameters.check()?;
    let mut named = Vec::new();
    if let Some(filter) = &request.filter {
        check(filter, None, &mut named)?;
    }
    let sort_by = request.sort_by.clone().unwrap_or(AttributePath { uri: None, name: "id".to_owned(), sub: None });
    if !is_known(&sort_by) || sort_by.is(None, "members") {
        return Err(ScimError::InvalidValue("`sortBy` must be displayName, id, meta.created or code".to_owned()));
    }
    let tx = &mut scim.app.db.reader().await?;
    let loaded = Loaded::new(tx, scim, caller).await?;
    let memberships = memberships(tx, scim, caller, &named).await?;
    let mut found = Vec::new();
    for group in
        group::store::list(tx).await?.into_iter().filter(|g| loaded.viewer.applications.contains(g.application))
    {
        let mut resource = loaded.render(tx, &group, false).await?;
        let members = memberships.get(&group.id).cloned().unwrap_or_default();
        resource.insert("members".to_owned(), members.into_iter().map(|id| json!({ "value": id })).collect());
        if request.filter.as_ref().is_none_or(|filter| filter.matches(&resource)) {
            found.push((key(&resource, &sort_by), group));
        }
    }
    found.sort_by(|(left, a), (right, b)| (left, a.id).cmp(&(right, b.id)));
    if request.descending {
        found.reverse();
    }
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let (skip, take) =
        (usize::try_from(request.start_index - 1).unwrap_or(0), usize::try_from(request.count).unwrap_or(0));
    let mut resources = Vec::new();
    for (_, group) in found.into_iter().skip(skip).take(take) {
        let with_members = request.projection.wants("members");
        let mut resource = loaded.render(tx, &group, with_members).await?;
        if with_members {
            stamp(&mut resource);
        }
        resources.push(request.projection.apply(&resource));
    }
    Ok(answer_list(total, request.start_index, resources))
}

fn key(resource: &Map<String, Value>, path: &AttributePath) -> String {
    let holder = path.extension().map_or(Some(resource), |uri| resource.get(uri).and_then(Value::as_object));
    let value = holder.and_then(|holder| super::filter::get(holder, &path.name));
    let value = path
        .sub
        .as_ref()
        .map_or(value, |sub| value.and_then(Value::as_object).and_then(|object| super::filter::get(object, sub)));
    value.and_then(Value::as_str).unwrap_or_default().to_lowercase()
}

/// In which groups the people are whom a filter names, as far as the caller may see them (SC-03).
async fn memberships(
    tx: &mut Tx,
    scim: &Scim,
    caller: &Caller,
    named: &[String],
) -> Result<BTreeMap<GroupId, Vec<String>>, ScimError> {
    let mut groups: BTreeMap<GroupId, Vec<String>> = BTreeMap::new();
    for text in named {
        let Ok(id) = text.parse() else { continue };
        match user_view::find(tx, scim, caller, id).await {
            Ok(_) => {}
            Err(ScimError::NotFound) => continue,
            Err(error) => return Err(error),
        }
        for held in
            membership::store::list_of_user(tx, id).await?.into_iter().filter(|held| held.is_live(caller.ctx.now))
        {
            groups.entry(held.group).or_default().push(text.clone());
        }
    }
    Ok(groups)
}

/// Refuses what cannot be filtered on, and collects the members that are named.
fn check(filter: &Filter, within: Option<&AttributePath>, named: &mut Vec<String>) -> Result<(), ScimError> {
    let refuse = |path: &AttributePath| {
        let name: String = path.to_string().chars().take(80).collect();
        Err(ScimError::InvalidFilter(format!("`{name}` cannot be filtered on in this way")))
    };
    match filter {
        Filter::And(left, right) | Filter::Or(left, right) => {
            check(left, within, named)?;
            check(right, within, named)
        }
        Filter::Not(inner) => check(inner, within, named),
        Filter::ValuePath(path, inner) if path.is(None, "members") && within.is_none() => {
            check(inner, Some(path), named)
        }
        Filter::ValuePath(path, _) => refuse(path),
        Filter::Present(path) if within.is_none() && is_known(path) && !path.is(None, "members") => Ok(()),
        Filter::Present(path) => refuse(path),
        Filter::Compare(path, operator, value) => {
            let is_member = match within {
                Some(_) => path.is(None, "value") && path.sub.is_none(),
                None => path.is(None, "members") && matches!(path.sub_folded().as_str(), "" | "value"),
            };
            match (is_member, operator, value) {
                (true, Operator::Eq, Value::String(text)) => {
                    named.push(text.to_lowercase());
                    Ok(())
                }
                (true, _, _) => refuse(path),
                (false, _, _) if within.is_none() && is_known(path) => Ok(()),
                _ => refuse(path),
            }
        }
    }
}

fn is_known(path: &AttributePath) -> bool {
    let name = path.name.to_ascii_lowercase();
    match (path.extension(), name.as_str(), path.sub_folded().as_str()) {
        (None, "id" | "displayname" | "externalid", "") | (None, "meta", "created" | "lastmodified") => true,
        (Some(uri), "application" | "environment" | "code", "") => uri == CHAMBERLAIN_GROUP,
        _ => false,
    }
}
