//! The SCIM server of an application (RFC 7644), as its client. Each call is judged by the rules for addresses that others named.

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::document;
use super::model::Kind;
use super::outcome::Trouble;
use crate::kernel::secret::Token;
use crate::outbound::{Call, Outbound};

/// Longest answer about one resource or a page of them, and about a group with its members.
const LONGEST: (usize, usize) = (4 << 20, 32 << 20);

/// Longest id that is remembered.
const MAX_ID: usize = 256;

/// How many resources are asked for at once.
pub(super) const PAGE: u64 = 100;

/// The server.
#[derive(Debug)]
pub(super) struct Remote<'a> {
    outbound: &'a Outbound,
    base: &'a str,
    authorization: Token,
}

/// A page of resources (RFC 7644 §3.4.2.4).
#[derive(Debug)]
pub(super) struct Listed {
    /// How many there are in all, as the server says.
    pub(super) total: u64,
    /// Those on the page, with their ids.
    pub(super) resources: Vec<(String, Value)>,
}

impl<'a> Remote<'a> {
    pub(super) fn new(outbound: &'a Outbound, base: &'a str, token: &Token) -> Self {
        Self { outbound, base, authorization: Token::from_text(format!("Bearer {}", token.reveal())) }
    }

    /// The address of an endpoint, of a resource of it, or of a question to it.
    fn url(&self, kind: Kind, id: Option<&str>, query: &[(&str, &str)]) -> Result<String, Trouble> {
        let unusable = |_| Trouble::Later("the address cannot be used".to_owned(), None);
        let mut url = Url::parse(self.base).map_err(unusable)?;
        if let Ok(mut path) = url.path_segments_mut() {
            // An id of theirs is one part of the path, whatever it holds.
            path.pop_if_empty().push(kind.endpoint()).extend(id);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url.into())
    }

    async fn call(&self, method: Method, url: &str, body: Option<&Value>, longest: usize) -> Result<Value, Trouble> {
        let call = Call {
            method,
            url,
            authorization: self.authorization.reveal(),
            media_type: "application/scim+json",
            body: body.map(ToString::to_string),
            longest,
        };
        let reply = self.outbound.call(call).await?;
        if !(200..300).contains(&reply.status) {
            return Err(Trouble::of(&reply));
        }
        if reply.body.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&reply.body).map_err(|_| Trouble::Later("the answer is no JSON".to_owned(), None))
    }

    /// Makes a resource; its id there.
    pub(super) async fn create(&self, kind: Kind, resource: &Value) -> Result<String, Trouble> {
        let url = self.url(kind, None, &[])?;
        let made = self.call(Method::POST, &url, Some(resource), LONGEST.0).await?;
        id(&made).ok_or_else(|| Trouble::Refused("the answer has no id".to_owned()))
    }

    /// Changes one (RFC 7644 §3.5.2).
    pub(super) async fn patch(&self, kind: Kind, id: &str, patch: &Value) -> Result<(), Trouble> {
        let url = self.url(kind, Some(id), &[])?;
        self.call(Method::PATCH, &url, Some(patch), LONGEST.1).await.map(drop)
    }

    /// Replaces one (RFC 7644 §3.5.1).
    pub(super) async fn replace(&self, kind: Kind, id: &str, resource: &Value) -> Result<(), Trouble> {
        let url = self.url(kind, Some(id), &[])?;
        self.call(Method::PUT, &url, Some(resource), LONGEST.0).await.map(drop)
    }

    /// Deletes one; that it is not there is as good.
    pub(super) async fn delete(&self, kind: Kind, id: &str) -> Result<(), Trouble> {
        let url = self.url(kind, Some(id), &[])?;
        match self.call(Method::DELETE, &url, None, LONGEST.0).await {
            Err(Trouble::Missing) => Ok(()),
            other => other.map(drop),
        }
    }

    /// One resource; of a group with its members.
    pub(super) async fn get(&self, kind: Kind, id: &str) -> Result<Option<Value>, Trouble> {
        let url = self.url(kind, Some(id), &[])?;
        match self.call(Method::GET, &url, None, LONGEST.1).await {
            Err(Trouble::Missing) => Ok(None),
            other => other.map(Some),
        }
    }

    /// The id of the resource with this name, if it is ours by its `externalId` or may be taken for ours.
    pub(super) async fn find(
        &self,
        kind: Kind,
        (attribute, value): (&str, &str),
        (external_id, adopt): (&str, bool),
    ) -> Result<Option<String>, Trouble> {
        let filter = format!("{attribute} eq {}", json!(value));
        let url = self.url(kind, None, &[("filter", &filter), ("startIndex", "1"), ("count", "2")])?;
        let found = match self.call(Method::GET, &url, None, LONGEST.0).await {
            // A server without this filter, or one that says 404 for nobody.
            Err(Trouble::Refused(_) | Trouble::Missing) => return Ok(None),
            other => listed(&other?)?,
        };
        // A server that does not know the filter answers with everybody.
        let has_it = |resource: &Value| {
            let found = resource.get(attribute).and_then(Value::as_str);
            found.is_some_and(|found| found.to_lowercase() == value.to_lowercase())
        };
        let Some((id, resource)) = found.resources.into_iter().find(|(_, resource)| has_it(resource)) else {
            return Ok(None);
        };
        let is_ours = resource.get("externalId").and_then(Value::as_str) == Some(external_id);
        if is_ours || adopt { Ok(Some(id)) } else { Err(Trouble::Refused("the name is taken there".to_owned())) }
    }

    /// Some people, from the given number on.
    pub(super) async fn page(&self, start: u64) -> Result<Listed, Trouble> {
        let (start, count) = (start.to_string(), PAGE.to_string());
        let url = self.url(Kind::User, None, &[("startIndex", &start), ("count", &count)])?;
        listed(&self.call(Method::GET, &url, None, LONGEST.1).await?)
    }

    /// Puts people into a group, and takes others out; by their ids there.
    pub(super) async fn change_members(&self, group: &str, add: &[&str], remove: &[&str]) -> Result<(), Trouble> {
        let mut operations = Vec::new();
        if !add.is_empty() {
            let members: Vec<Value> = add.iter().map(|id| json!({ "value": id })).collect();
            operations.push(json!({ "op": "add", "path": "members", "value": members }));
        }
        let out = |id: &&str| json!({ "op": "remove", "path": format!("members[value eq {}]", json!(id)) });
        operations.extend(remove.iter().map(out));
        self.patch(Kind::Group, group, &document::patch(&operations)).await
    }
}

/// The id of a resource; some servers write numbers.
fn id(resource: &Value) -> Option<String> {
    let id = match resource.get("id")? {
        Value::String(id) => id.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (1..=MAX_ID).contains(&id.len()).then_some(id)
}

fn listed(answer: &Value) -> Result<Listed, Trouble> {
    let total = answer.get("totalResults").and_then(Value::as_u64);
    let total = total.ok_or_else(|| Trouble::Later("the answer is no list".to_owned(), None))?;
    let resources = answer.get("Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let resources = resources.iter().filter_map(|resource| Some((id(resource)?, resource.clone()))).collect();
    Ok(Listed { total, resources })
}
