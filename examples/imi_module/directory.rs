//! Which authorities work in the module: asked of the directory of the provider, each time anew, so that a suspended or deactivated one
//! is in no list.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use super::common::{Failure, organisation::Organisation};

/// Authorities on one page of an answer, and how many pages are read at most.
const PAGE: usize = 100;
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
    /// For one module; `client` is a service of the provider with the scope `organisations:read`, with its secret.
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
        let mut found: BTreeMap<(String, String), bool> = BTreeMap::new();
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let count = PAGE.to_string();
            let mut query = vec![("application", self.module), ("limit", count.as_str())];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let request = self.http.get(format!("{}/api/v1/directory", self.issuer)).query(&query).bearer_auth(&token);
            let list: Value = request.send().await?.error_for_status()?.json().await?;
            let authorities = list.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            found.extend(authorities.iter().filter_map(|one| self.active(one)));
            after = list.get("next").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() {
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

    /// An authority, if it is active in the module.
    fn active(&self, authority: &Value) -> Option<((String, String), bool)> {
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let held = authority.get("applications")?.as_array()?;
        let held = held.iter().find(|one| text(one, "code").as_deref() == Some(self.module))?;
        if text(held, "status").as_deref() != Some("active") {
            return None;
        }
        let coordinates = text(held, "kind").as_deref() == Some("coordinator");
        Some(((text(authority, "name")?, text(authority, "id")?), coordinates))
    }

    /// RFC 6749 §4.4.
    async fn token(&self) -> Result<String, Failure> {
        let (id, secret) = &self.client;
        let form = [("grant_type", "client_credentials"), ("scope", "organisations:read")];
        let request = self.http.post(format!("{}/oauth2/token", self.issuer)).basic_auth(id, Some(secret)).form(&form);
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        Ok(answer.get("access_token").and_then(Value::as_str).ok_or("no access token")?.to_owned())
    }
}
