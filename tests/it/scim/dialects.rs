//! What provisioning clients send in the course of their work, from the test of the connection to the last day of a person:
//! recordings, as data, each played to its end. Where a vendor's requests are known from stands in the file; how the vendor is
//! set up stands in `docs/provisioning`.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Request;
use chamberlain::authority::Applications;
use chamberlain::directory::application::environment_store;
use chamberlain::directory::client;
use chamberlain::{db, transact};
use serde::Deserialize;
use serde_json::Value;

use super::service::{Answer, Place, Service};
use crate::support::{World, only};

/// Every recording, by the name of its page.
const RECORDINGS: [(&str, &str); 6] = [
    ("entra", include_str!("dialects/entra.json")),
    ("okta", include_str!("dialects/okta.json")),
    ("onelogin", include_str!("dialects/onelogin.json")),
    ("google", include_str!("dialects/google.json")),
    ("jumpcloud", include_str!("dialects/jumpcloud.json")),
    ("sap", include_str!("dialects/sap.json")),
];

/// What every recording may name: the group of the application that the customer's client gives.
const GROUP: (&str, &str) = ("group_name", "IMAS_PORTAL_USER");

/// The fewest steps of a whole cycle.
const SHORTEST: usize = 13;

/// What one vendor sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    vendor: String,
    /// How well the requests are known.
    known_from: String,
    /// Where they are published.
    documented: Vec<String>,
    /// With every request; the media type only where there is a body.
    headers: BTreeMap<String, String>,
    steps: Vec<Step>,
}

/// One request, and what the vendor needs for an answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    says: String,
    #[serde(default)]
    by: By,
    request: Sent,
    answer: Needed,
    /// What later steps name, by where it stands in this answer.
    #[serde(default)]
    keep: BTreeMap<String, String>,
}

/// Whose client sends it.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    /// A customer's: people of one subtree, and the memberships of one application.
    #[default]
    Customer,
    /// The institution's own, which creates groups as well.
    Institution,
    /// One without a token.
    Nobody,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Needed {
    status: u16,
    /// What has to be there: objects may hold more, lists may not.
    body: Option<Value>,
    /// What must not be there.
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

type Names = BTreeMap<String, String>;

/// A text with `{name}` filled in.
fn filled(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// A document with `{name}` filled in; what is filled in are ids and plain words.
fn filled_in(document: &Value, names: &Names) -> Value {
    serde_json::from_str(&filled(&document.to_string(), names)).unwrap()
}

/// The names between braces.
fn named(text: &str) -> BTreeSet<String> {
    let inside = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    inside.filter(is_name).map(str::to_owned).collect()
}

/// Where an answer is not what is needed.
fn differences(needed: &Value, got: &Value, at: &str) -> Vec<String> {
    match (needed, got) {
        (Value::Object(fields), Value::Object(_)) => fields
            .iter()
            .flat_map(|(key, needed)| differences(needed, &got[key.as_str()], &format!("{at}/{key}")))
            .collect(),
        (Value::Array(needed), Value::Array(got)) if needed.len() == got.len() => {
            let pairs = needed.iter().zip(got).enumerate();
            pairs.flat_map(|(index, (needed, got))| differences(needed, got, &format!("{at}/{index}"))).collect()
        }
        _ if needed == got => Vec::new(),
        _ => vec![format!("{at} is {got} instead of {needed}")],
    }
}

/// The institution's own client: of one application alone, so that its groups need not say of which.
async fn institution(place: &Place) -> Service {
    let service = place.service(place.bank.root, &[("Operator", Applications::All)], "scim").await;
    let changed: db::Result<()> = transact!(place.bank.world.db, tx => {
        let mut client = client::store::find_by_client_id(tx, &service.client_id).await?.unwrap();
        let environments = environment_store::list_of_application(tx, place.bank.imas).await?;
        client.settings.scim_environment = Some(environments[0].id);
        client::store::save(tx, &client).await.map(drop)
    });
    changed.unwrap();
    service
}

async fn send(service: &Service, with_token: bool, recording: &Recording, sent: &Sent, names: &Names) -> Answer {
    let mut headers = recording.headers.clone();
    headers.extend(sent.headers.clone());
    let path = filled(&sent.path, names);
    let mut request = Request::builder().method(sent.method.as_str()).uri(format!("/scim/v2{path}"));
    for (name, value) in headers.iter().filter(|(name, _)| sent.body.is_some() || *name != "content-type") {
        request = request.header(name, value);
    }
    if with_token {
        request = request.header("authorization", format!("Bearer {}", service.token));
    }
    let body = sent.body.as_ref().map(|body| filled_in(body, names).to_string());
    service.send(request.body(Body::from(body.unwrap_or_default())).unwrap()).await
}

fn check(needed: &Needed, answer: &Answer, names: &Names, what: &str) {
    assert_eq!(answer.status, needed.status, "{what}: {}", answer.text);
    if needed.status == 204 {
        assert!(answer.text.is_empty(), "{what}: {}", answer.text);
    }
    if let Some(body) = &needed.body {
        let found = differences(&filled_in(body, names), &answer.body, "");
        assert!(found.is_empty(), "{what}: {found:?} in {}", answer.text);
    }
    for pointer in &needed.absent {
        assert!(answer.body.pointer(pointer).is_none(), "{what}: {pointer} in {}", answer.text);
    }
    for (name, value) in &needed.headers {
        assert!(answer.headers.contains(&(name.clone(), value.clone())), "{what}: {name} in {:?}", answer.headers);
    }
}

async fn play(world: World, recording: &str) {
    let recording: Recording = serde_json::from_str(recording).unwrap();
    let place = Place::new(world).await;
    let bank = &place.bank;
    let roles = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[bank.imas]))];
    let customer = place.service(bank.bank_b, &roles, "scim").await;
    let institution = institution(&place).await;
    let mut names = Names::from([(GROUP.0.to_owned(), GROUP.1.to_owned())]);
    for (index, step) in recording.steps.iter().enumerate() {
        let what = format!("{}, step {}: {}", recording.vendor, index + 1, step.says);
        let (service, with_token) = match step.by {
            By::Customer => (&customer, true),
            By::Institution => (&institution, true),
            By::Nobody => (&customer, false),
        };
        let answer = send(service, with_token, &recording, &step.request, &names).await;
        check(&step.answer, &answer, &names, &what);
        for (name, pointer) in &step.keep {
            let kept = answer.body.pointer(pointer).and_then(Value::as_str);
            names.insert(name.clone(), kept.unwrap_or_else(|| panic!("{what}: nothing at {pointer}")).to_owned());
        }
    }
}

/// No recording is empty, or sends a `{name}` that nobody has filled in, or keeps one for nothing; each has its page.
#[test]
fn every_recording_is_a_whole_cycle_and_has_a_page() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/provisioning");
    let index = std::fs::read_to_string(folder.join("index.md")).unwrap();
    for (name, text) in RECORDINGS {
        let recording: Recording = serde_json::from_str(text).unwrap();
        assert!(recording.steps.len() >= SHORTEST, "{name} has {} steps", recording.steps.len());
        assert!(
            !recording.known_from.is_empty() && !recording.documented.is_empty(),
            "{name} says not where it is from"
        );
        let methods: BTreeSet<&str> = recording.steps.iter().map(|step| step.request.method.as_str()).collect();
        assert_eq!(methods.into_iter().filter(|m| ["GET", "POST", "PATCH", "DELETE"].contains(m)).count(), 4, "{name}");
        let (mut kept, mut used) = (BTreeSet::from([GROUP.0.to_owned()]), BTreeSet::new());
        for step in &recording.steps {
            let body = step.request.body.iter().chain(&step.answer.body).map(Value::to_string);
            let texts = body.chain([step.request.path.clone()]).collect::<String>();
            let names = named(&texts);
            assert!(names.is_subset(&kept), "{name}: {} names {names:?} of {kept:?}", step.says);
            used.extend(names);
            kept.extend(step.keep.keys().cloned());
        }
        used.insert(GROUP.0.to_owned());
        assert_eq!(kept, used, "{name} keeps what no step names");
        let page = format!("{name}.md");
        assert!(folder.join(&page).exists() && index.contains(&format!("]({page})")), "{page}");
    }
}

on_both! {
    /// RFC 7644 §3.4.2.2, §3.5.2: words in capitals, switches as words, filters outside of the grammar, members removed by a list.
    async fn entra_id_keeps_people_and_groups_in_step(world: World) {
        play(world, RECORDINGS[0].1).await;
    }

    /// RFC 7644 §3.5.1, §3.5.2: whole people and groups by PUT, switches without a path, groups pushed.
    async fn okta_keeps_people_and_groups_in_step(world: World) {
        play(world, RECORDINGS[1].1).await;
    }

    /// RFC 7644 §3.5.1: templates with nothing in them, an address that is no list, members in each form that was seen.
    async fn onelogin_keeps_people_and_groups_in_step(world: World) {
        play(world, RECORDINGS[2].1).await;
    }

    /// RFC 7644 §3.8, SC-13: `application/json`, and people who are created switched off.
    async fn google_keeps_people_in_step(world: World) {
        play(world, RECORDINGS[3].1).await;
    }

    /// RFC 7644 §3.5.2: a test person, one operation for each attribute, members who are added and removed twice.
    async fn jumpcloud_keeps_people_and_groups_in_step(world: World) {
        play(world, RECORDINGS[4].1).await;
    }

    /// RFC 7643 §3.3: extensions that nobody has here, names that are no addresses, conflicts resolved by looking people up.
    async fn sap_keeps_people_and_groups_in_step(world: World) {
        play(world, RECORDINGS[5].1).await;
    }
}
