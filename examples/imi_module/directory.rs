//! Which authorities work in the module: asked of the provider by SCIM, each time anew, so that a suspended one is in no list.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use super::common::{Failure, organisation::Organisation};

const OURS: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";

/// People on one page of an answer, and how many pages are read at most.
const PAGE: usize = 200;
const MOST_PAGES: usize = 50;

/// An authority to which something can be sent.
#[derive(Clone, Debug)]
pub(crate) struct Counterpart {
    /// The authority.
    pub authority: Organisation,
    /// It coordinates others.
    pub coordinates: bool,
}

/// The provider as a directory.
pub(crate) struct Directory {
    http: reqwest::Client,
    issuer: String,
    module: &'static str,
    client: (String, String),
}

impl Directory {
    /// For one module; `client` is the service that holds the role `ModuleDirectory` for it, with its secret.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub(crate) fn new(issuer: &str, module: &'static str, client: (String, String)) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self { http, issuer: issuer.trim_end_matches('/').to_owned(), module, client })
    }

    /// The authorities that are active in the module, by name; without the one that asks.
    ///
    /// # Errors
    /// When the provider does not answer as expected.
    pub(crate) async fn counterparts_of(&self, own: &str) -> Result<Vec<Counterpart>, Failure> {
        let token = self.token().await?;
        let attributes = ["organisation", "organisationName", "modules"].map(|name| format!("{OURS}:{name}")).join(",");
        let mut found: BTreeMap<(String, String), bool> = BTreeMap::new();
        for page in 0..MOST_PAGES {
            let (count, start) = (PAGE.to_string(), (page * PAGE + 1).to_string());
            let query = [("attributes", attributes.as_str()), ("count", &count), ("startIndex", &start)];
            let request = self.http.get(format!("{}/scim/v2/Users", self.issuer)).query(&query).bearer_auth(&token);
            let list: Value = request.send().await?.error_for_status()?.json().await?;
            let people = list.get("Resources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            found.extend(people.iter().filter_map(|person| self.active_home(person)));
            let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or(0);
            if people.is_empty() || total <= u64::try_from((page + 1) * PAGE)? {
                break;
            }
        }
        let others = found.into_iter().filter(|((_, id), _)| id != own);
        let counterpart = |((name, id), coordinates)| {
            let authority = Organisation { id, name, path: Vec::new() };
            Counterpart { authority, coordinates }
        };
        Ok(others.map(counterpart).collect())
    }

    /// The home of somebody, if it is active in the module.
    fn active_home(&self, person: &Value) -> Option<((String, String), bool)> {
        let ours = person.get(OURS)?;
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let held = ours.get("modules")?.as_array()?;
        let held = held.iter().find(|one| text(one, "value").as_deref() == Some(self.module))?;
        if text(held, "status").as_deref() != Some("active") {
            return None;
        }
        let coordinates = text(held, "kind").as_deref() == Some("coordinator");
        Some(((text(ours, "organisationName")?, text(ours, "organisation")?), coordinates))
    }

    /// RFC 6749 §4.4.
    async fn token(&self) -> Result<String, Failure> {
        let (id, secret) = &self.client;
        let form = [("grant_type", "client_credentials"), ("scope", "memberships:read")];
        let request = self.http.post(format!("{}/oauth2/token", self.issuer)).basic_auth(id, Some(secret)).form(&form);
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        Ok(answer.get("access_token").and_then(Value::as_str).ok_or("no access token")?.to_owned())
    }
}
