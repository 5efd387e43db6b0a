//! How groups look to one caller, alone and in lists. There are as many as the institution has set up, so a list is read by
//! one query and filtered in memory; members, of whom there may be any number, are not read for that.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::attribute::AttributePath;
use super::cursor::Cursors;
use super::error::ScimError;
use super::filter::{Filter, Operator};
use super::list_request::ListRequest;
use super::page::Cut;
use super::projection::Projection;
use super::schema::CHAMBERLAIN_GROUP;
use super::sorted::Sorted;
use super::user_view::Viewer;
use super::{etag, group_resource};
use crate::db::Tx;
use crate::directory::group::listed_store::{self as store, ListedGroup};
use crate::directory::group::nesting_store;
use crate::directory::membership::change_store::{self, Changes};
use crate::directory::membership::listed_store;
use crate::kernel::ids::{GroupId, UserId};

/// A group with the groups in it and without the people, and its version, which counts for the members in sight as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which.
    pub id: GroupId,
    /// The resource, `meta.version` included.
    pub resource: Map<String, Value>,
    /// The version.
    pub version: String,
    /// Whether our extension is left out where nobody asks for it by name.
    pub leaves_out_extension: bool,
}

impl Shown {
    /// What of the group is returned to who asks for these attributes.
    pub fn projection(&self, asked: &Projection) -> Projection {
        if self.leaves_out_extension { asked.unless_named(CHAMBERLAIN_GROUP) } else { asked.clone() }
    }
}

/// The group, if the caller may see it.
pub async fn find(tx: &mut Tx, viewer: &Viewer, id: GroupId) -> Result<ListedGroup, ScimError> {
    let found = store::list(tx, &viewer.groups.applications(), viewer.client, Some(id)).await?;
    found.into_iter().next().ok_or(ScimError::NotFound)
}

/// Groups as they are shown. What the version needs of the members is read by three queries, whatever their number.
pub async fn show(tx: &mut Tx, viewer: &Viewer, groups: &[ListedGroup]) -> Result<Vec<Shown>, ScimError> {
    let ids: Vec<GroupId> = groups.iter().map(|listed| listed.group.id).collect();
    let changes = changes(change_store::list(tx, Some(&ids), viewer.sight()).await?);
    let mut inner: BTreeMap<GroupId, Vec<Value>> = BTreeMap::new();
    for one in nesting_store::list_inner(tx, &ids).await? {
        inner.entry(one.outer_id).or_default().push(group_resource::inner(&one, &viewer.base));
    }
    let ended: BTreeMap<GroupId, i64> = change_store::list_ended(tx, &ids, viewer.sight()).await?.into_iter().collect();
    let shown = groups.iter().map(|listed| {
        let id = listed.group.id;
        let changes = changes.get(&id);
        let mut resource = group_resource::render(listed, &viewer.base, changes.map(|changes| changes.changed_at));
        resource.extend(inner.get(&id).map(|inner| ("members".to_owned(), json!(inner))));
        let stamps = changes.map_or(0, |changes| changes.stamps);
        let version = etag::of_group(&resource, (stamps, ended.get(&id).copied().unwrap_or(0)));
        if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
            meta.insert("version".to_owned(), json!(version));
        }
        let leaves_out_extension = group_resource::leaves_out_extension(&listed.group);
        Shown { id, resource, version, leaves_out_extension }
    });
    Ok(shown.collect())
}

/// One group as it is shown.
pub async fn show_one(tx: &mut Tx, viewer: &Viewer, listed: ListedGroup) -> Result<Shown, ScimError> {
    show(tx, viewer, &[listed]).await?.pop().ok_or(ScimError::NotFound)
}

fn changes(list: Vec<Changes>) -> BTreeMap<GroupId, Changes> {
    list.into_iter().map(|changes| (changes.group_id, changes)).collect()
}

/// A page of groups, without their members.
#[derive(Clone, Debug)]
pub struct Groups {
    /// How many there are on all pages.
    pub total: i64,
    /// How it was cut.
    pub cut: Cut,
    /// Those on it.
    pub shown: Vec<Shown>,
}

/// One page of groups.
pub async fn page(
    tx: &mut Tx,
    viewer: &Viewer,
    cursors: &Cursors<'_>,
    request: &ListRequest,
) -> Result<Groups, ScimError> {
    let mut asked = Asked::default();
    if let Some(filter) = &request.filter {
        asked.check(filter, None)?;
    }
    let sort_by = request.sort_by.clone().unwrap_or(AttributePath { uri: None, name: "id".to_owned(), sub: None });
    if !is_known(&sort_by) {
        return Err(ScimError::InvalidValue(
            "`sortBy` must be displayName, id, externalId, code, application, environment, meta.created or meta.lastModified"
                .to_owned(),
        ));
    }
    let members = members(tx, viewer, &asked.members).await?;
    let changes = if asked.changes || sort_by.is(None, "meta") {
        changes(change_store::list(tx, None, viewer.sight()).await?)
    } else {
        BTreeMap::new()
    };
    let mut found = Vec::new();
    for listed in store::list(tx, &viewer.groups.applications(), viewer.client, None).await? {
        let id = listed.group.id;
        let mut resource = group_resource::render(&listed, &viewer.base, changes.get(&id).map(|c| c.changed_at));
        let named = members.get(&id).into_iter().flatten();
        resource.insert("members".to_owned(), named.map(|id| json!({ "value": id })).collect());
        if request.filter.as_ref().is_none_or(|filter| filter.matches(&resource)) {
            found.push((key(&resource, &sort_by), listed));
        }
    }
    let sorted = Sorted::new(found, |listed| listed.group.id.0, request.descending);
    let total = sorted.total();
    let part = sorted.part(cursors, request.count)?;
    let cut = cursors.cut(part.end, total)?;
    Ok(Groups { total, cut, shown: show(tx, viewer, &part.rows).await? })
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

/// In which groups the people and groups are whom a filter names, as far as the caller may see them (SC-03).
async fn members(
    tx: &mut Tx,
    viewer: &Viewer,
    named: &BTreeSet<UserId>,
) -> Result<BTreeMap<GroupId, Vec<Uuid>>, ScimError> {
    let mut groups: BTreeMap<GroupId, Vec<Uuid>> = BTreeMap::new();
    for (group, user) in listed_store::list_of_named(tx, named, viewer.sight()).await? {
        groups.entry(group).or_default().push(user.0);
    }
    for inner in nesting_store::list_outer(tx, named.iter().map(|id| id.0)).await? {
        groups.entry(inner.outer_id).or_default().push(inner.inner_id.0);
    }
    Ok(groups)
}

/// What a filter needs beside the groups themselves.
#[derive(Debug, Default)]
struct Asked {
    /// The people and groups whose memberships it names.
    members: BTreeSet<UserId>,
    /// Whether it asks when members changed.
    changes: bool,
}

impl Asked {
    /// Refuses what cannot be filtered on, and collects the rest.
    fn check(&mut self, filter: &Filter, within: Option<&AttributePath>) -> Result<(), ScimError> {
        match filter {
            Filter::And(left, right) | Filter::Or(left, right) => {
                self.check(left, within)?;
                self.check(right, within)
            }
            Filter::Not(inner) => self.check(inner, within),
            Filter::ValuePath(path, inner) if path.is(None, "members") && within.is_none() => {
                self.check(inner, Some(path))
            }
            Filter::Present(path) if within.is_none() && is_known(path) => Ok(()),
            Filter::Compare(path, operator, value) => self.compare(path, (*operator, value), within),
            Filter::ValuePath(path, _) | Filter::Present(path) => refuse(path),
        }
    }

    fn compare(
        &mut self,
        path: &AttributePath,
        (operator, value): (Operator, &Value),
        within: Option<&AttributePath>,
    ) -> Result<(), ScimError> {
        let is_member = match within {
            Some(_) => path.is(None, "value") && path.sub.is_none(),
            None => path.is(None, "members") && matches!(path.sub_folded().as_str(), "" | "value"),
        };
        match (is_member, operator, value) {
            (true, Operator::Eq, Value::String(text)) => self.members.extend(text.to_lowercase().parse::<UserId>()),
            (true, _, _) => return refuse(path),
            (false, _, _) if within.is_none() && is_known(path) => self.changes |= path.is(None, "meta"),
            _ => return refuse(path),
        }
        Ok(())
    }
}

fn refuse(path: &AttributePath) -> Result<(), ScimError> {
    let name: String = path.to_string().chars().take(80).collect();
    Err(ScimError::InvalidFilter(format!("`{name}` cannot be filtered on in this way")))
}

fn is_known(path: &AttributePath) -> bool {
    let name = path.name.to_ascii_lowercase();
    match (path.extension(), name.as_str(), path.sub_folded().as_str()) {
        (None, "id" | "displayname" | "externalid", "") | (None, "meta", "created" | "lastmodified") => true,
        (Some(uri), "application" | "environment" | "code", "") => uri == CHAMBERLAIN_GROUP,
        _ => false,
    }
}
