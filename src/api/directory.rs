//! The general directory of organisations, for applications that show their users the counterparts (I43, I88).

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ApiError;
use super::request::{ApiResult, Asked, Caller, answer};
use super::router::Api;
use crate::authority::DirectoryRules;
use crate::authority::action::LookUpOrganisation;
use crate::db::Tx;
use crate::directory::organisation::look_up::model::{Found, Part, Wanted, is_country};
use crate::directory::organisation::look_up::{store, words};
use crate::web::place;

/// Most of one page; each brings all its names and modules.
const MAX_PAGE: u32 = 100;

/// The parameters.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LookUp {
    q: Option<String>,
    country: Option<String>,
    class: Option<String>,
    application: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// What an organisation is called in one language.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TitlesView {
    /// Its official name in that language.
    pub legal_name: Option<String>,
    /// What makes clear to others for what it is responsible.
    pub informal_title: Option<String>,
}

/// How it is reached.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContactView {
    /// Phone number, as of E.164.
    pub phone: Option<String>,
    /// Postal address, in lines.
    pub address: Option<String>,
    /// Its pages.
    pub website: Option<String>,
}

/// A module that it holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartView {
    /// The code of the application.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `authority` or `coordinator`.
    pub kind: String,
    /// `active` or `complete_only`: nothing new is to be sent there.
    pub status: String,
}

/// An organisation in use.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DirectoryEntry")]
pub struct EntryView {
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// Its official name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// By language tag.
    pub titles: BTreeMap<String, TitlesView>,
    /// Codes by vocabulary.
    pub classification: BTreeMap<String, Vec<String>>,
    /// How it is reached; null where the profile does not show it.
    pub contact: Option<ContactView>,
    /// Its modules; null where the profile does not show them.
    pub applications: Option<Vec<PartView>>,
    /// When it was last changed.
    pub last_modified: String,
}

impl EntryView {
    fn of(found: Found, shown: DirectoryRules) -> Self {
        let Found { id, name, country, changed_at, said, parts } = found;
        let part = |Part { code, name, kind, status }| PartView {
            code,
            name,
            kind: kind.as_str().to_owned(),
            status: status.told().to_owned(),
        };
        let phone = said.phone.as_ref().map(|phone| phone.as_str().to_owned());
        let titles = said.titles.into_iter().map(|(language, titles)| {
            (language, TitlesView { legal_name: titles.legal_name, informal_title: titles.informal_title })
        });
        Self {
            id: id.0,
            name,
            country,
            titles: titles.collect(),
            classification: said
                .classification
                .into_iter()
                .map(|(of, codes)| (of, codes.into_iter().collect()))
                .collect(),
            contact: shown.contact.then_some(ContactView { phone, address: said.address, website: said.website }),
            applications: shown.applications.then(|| parts.into_iter().map(part).collect()),
            last_modified: changed_at.to_rfc3339(),
        }
    }
}

/// A page of the directory, by name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Directory {
    /// The organisations.
    pub items: Vec<EntryView>,
    /// Where the next page begins (`after`); a page may be short, or empty, and go on all the same.
    pub next: Option<String>,
}

async fn read(tx: &mut Tx, api: &Api, query: LookUp, shown: DirectoryRules) -> Result<Wanted, ApiError> {
    let malformed = |text: &str| ApiError::Malformed(text.to_owned());
    let country = query.country.map(|code| code.to_uppercase());
    if country.as_ref().is_some_and(|code| !is_country(code)) {
        return Err(malformed("`country` is a code of two letters"));
    }
    let class = match query.class.as_deref().map(|class| class.split_once(':')) {
        None => None,
        Some(Some((vocabulary, code))) if api.app.terms.has(vocabulary, code) => {
            Some((vocabulary.to_owned(), code.to_owned()))
        }
        Some(_) => return Err(malformed("`class` is a vocabulary of the profile and a code of it: `vocabulary:code`")),
    };
    let application = match query.application {
        None => None,
        Some(code) => {
            let known = if shown.applications { store::list_applications(tx).await? } else { Vec::new() };
            let found = known.iter().find(|(_, known, _)| *known == code).map(|(id, ..)| *id);
            Some(found.ok_or_else(|| malformed("`application` is the code of one whose modules are shown"))?)
        }
    };
    let after = match query.after {
        None => None,
        Some(text) => Some(
            place::parse(&api.app.places, &text).ok_or_else(|| malformed("`after` is the `next` of a page before"))?,
        ),
    };
    let words = words::asked(&query.q.unwrap_or_default().chars().take(200).collect::<String>());
    Ok(Wanted { words, country, class, application, after, ..Wanted::default() })
}

/// `GET /directory`
pub async fn list(State(api): State<Api>, caller: Caller, Asked(query): Asked<LookUp>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    api.app.door.authorise_read(tx, &caller.ctx, LookUpOrganisation { organisation: None }).await?;
    let shown = api.app.door.roles().directory().ok_or(ApiError::NotFound)?;
    let limit = query.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let wanted = read(tx, &api, query, shown).await?;
    let page = store::list(tx, &wanted, shown, limit).await?;
    let items = page.found.into_iter().map(|found| EntryView::of(found, shown)).collect();
    let next = page.next.map(|next| place::to_text(&api.app.places, &next, &api.app.entropy)).transpose()?;
    answer(StatusCode::OK, &Directory { items, next })
}
