//! Suggested values (`canonicalValues`, RFC 7643 §7) of the attributes that name something of this installation: what the
//! caller may put there, so that a personnel system can offer a choice. Nothing else is in them (D8).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::error::ScimError;
use super::request::Caller;
use super::router::Scim;
use super::schema::{CHAMBERLAIN_GROUP, CHAMBERLAIN_USER};
use super::{group_place, schema};
use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::directory::organisation;

/// Most values of one attribute.
const MOST: i64 = 100;

/// What may be put where: schema, attribute, values.
#[derive(Debug)]
pub struct Suggestions(Vec<(&'static str, &'static str, Vec<String>)>);

impl Suggestions {
    /// Those of one caller.
    pub async fn of(scim: &Scim, caller: &Caller) -> Result<Self, ScimError> {
        let tx = &mut scim.app.db.reader().await?;
        let places = group_place::list(tx, scim, caller).await?;
        let applications: BTreeSet<String> = places.iter().map(|place| place.application_code.clone()).collect();
        let environments: BTreeSet<String> = places.into_iter().map(|place| place.environment_code).collect();
        Ok(Self(vec![
            (CHAMBERLAIN_USER, "organisation", organisations(tx, scim, caller).await?),
            (CHAMBERLAIN_GROUP, "application", applications.into_iter().collect()),
            (CHAMBERLAIN_GROUP, "environment", environments.into_iter().collect()),
        ]))
    }

    /// A schema with the values in it.
    pub fn within(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        let id = schema.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        for (_, name, values) in self.0.iter().filter(|(uri, _, values)| *uri == id && !values.is_empty()) {
            let attribute = schema.get_mut("attributes").and_then(|list| schema::named_mut(list, name));
            if let Some(attribute) = attribute {
                attribute.insert("canonicalValues".to_owned(), json!(values));
            }
        }
        schema
    }
}

/// The organisations in which the caller may create people, upper levels first.
async fn organisations(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Vec<String>, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    let scope = Scope::of(&authority, &[Permission::UserCreate], caller.ctx.now);
    let mut anchors = match scope {
        Scope::Everywhere => {
            organisation::store::find_root(tx).await?.map(|root| (root.id, true)).into_iter().collect()
        }
        Scope::Within(_) => scope.anchors(),
    };
    let managed = organisation::managing_store::list_managed(tx, &scope.managers(), MOST).await?;
    anchors.extend(managed.into_iter().map(|id| (id, false)));
    let mut found = Vec::new();
    for (anchor, below) in anchors {
        if below {
            let below = organisation::store::list_subtree(tx, anchor, MOST).await?;
            found.extend(below.into_iter().map(|organisation| organisation.id.to_string()));
        } else {
            found.push(anchor.to_string());
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|id| seen.insert(id.clone()));
    found.truncate(usize::try_from(MOST).unwrap_or_default());
    Ok(found)
}
