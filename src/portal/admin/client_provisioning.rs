//! A service that provisions: what it is held to, and what it did lately.

use super::plain::{Cell, Section, Table};
use crate::db::Tx;
use crate::directory::client::activity::model::Tolerated;
use crate::directory::client::activity::store;
use crate::directory::client::model::{Client, ClientKind, ClientSettings};
use crate::directory::client::provisioning::Tolerance;
use crate::kernel::network::Network;
use crate::kernel::time::Timestamp;
use crate::portal::error::Failure;
use crate::portal::form::{Reader, last_day, moment};
use crate::web::{Choice, Field, Form, Page};

/// What a service did lately, on its page.
#[derive(Debug)]
pub(super) struct Shown {
    /// What was tolerated, and when.
    pub(super) tolerated: Table,
}

/// Until when, from where, and how literally; only for services.
pub(super) fn section(page: &Page, kind: Option<ClientKind>, settings: &ClientSettings) -> Option<Section> {
    if kind != Some(ClientKind::Machine) {
        return None;
    }
    let held = &settings.provisioning;
    let addresses = held.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let present = held.scim_tolerance.as_str();
    let tolerances = Tolerance::ALL.map(|one| {
        let word = one.as_str();
        Choice::new(word, page.t(&format!("client-tolerance-{word}")), present)
    });
    let fields = vec![
        Field::date(page, "valid_until", "client-valid-until")
            .hint(page, "client-valid-until-hint")
            .optional(page)
            .value(held.valid_until.map(last_day).unwrap_or_default()),
        Field::lines(page, "addresses", "client-addresses")
            .hint(page, "client-addresses-hint")
            .optional(page)
            .value(addresses),
        Field::select(page, "tolerance", "client-tolerance", tolerances.to_vec()).hint(page, "client-tolerance-hint"),
    ];
    Some(Section { title: Some(page.t("client-provisioning")), folded: true, fields })
}

/// Reads them over the settings as they are; a form without them changes nothing of them.
pub(super) fn read(
    reader: &mut Reader<'_>,
    (page, form): (&Page, &Form),
    now: Timestamp,
    settings: &mut ClientSettings,
) {
    let held = &mut settings.provisioning;
    if form.has("valid_until") {
        let unchanged = held.valid_until.filter(|end| form.given("valid_until") == Some(last_day(*end).as_str()));
        // What has ended may be saved as it is.
        held.valid_until = unchanged.or_else(|| reader.day("valid_until", now));
    }
    if form.has("addresses") {
        let (mut read, mut odd) = (Vec::new(), None);
        for text in form.text("addresses").split([',', ' ', '\r', '\n', '\t']).filter(|text| !text.is_empty()) {
            match text.parse::<Network>() {
                Ok(network) => read.push(network),
                Err(_) => odd = odd.or(Some(text)),
            }
        }
        if let Some(text) = odd {
            let text: String = text.chars().take(60).collect();
            reader.fail("addresses", page.t1("client-error-address", "address", text));
        }
        held.addresses = read;
    }
    if let Some(tolerance) = Tolerance::parse(form.text("tolerance")) {
        held.scim_tolerance = tolerance;
    }
}

/// When it was here last, and when it ends.
pub(super) async fn facts(
    tx: &mut Tx,
    page: &Page,
    client: &Client,
    now: Timestamp,
) -> Result<Vec<(String, String)>, Failure> {
    if client.kind != ClientKind::Machine {
        return Ok(Vec::new());
    }
    let used = store::find_use(tx, client.id).await?;
    let mut facts = vec![(page.t("client-last-use"), used.map_or_else(|| page.t("client-never-used"), moment))];
    let held = &client.settings.provisioning;
    if let Some(end) = held.valid_until {
        let word = if held.has_ended(now) { "client-ended" } else { "client-ends" };
        facts.push((page.t(word), last_day(end)));
    }
    if !held.addresses.is_empty() {
        let addresses = held.addresses.iter().map(ToString::to_string).collect::<Vec<_>>();
        facts.push((page.t("client-addresses"), addresses.join(", ")));
    }
    if held.scim_tolerance == Tolerance::Strict {
        facts.push((page.t("client-tolerance"), page.t("client-tolerance-strict")));
    }
    Ok(facts)
}

/// What was tolerated lately; `None` for what is no service.
pub(super) async fn shown(tx: &mut Tx, page: &Page, client: &Client, now: Timestamp) -> Result<Option<Shown>, Failure> {
    if client.kind != ClientKind::Machine {
        return Ok(None);
    }
    let row = |one: Tolerated| {
        vec![
            Cell::text(page.t(&format!("habit-{}", one.habit.as_str()))),
            Cell::text(one.times.to_string()),
            Cell::text(ago(page, now, one.last_at)).noted(moment(one.last_at)),
        ]
    };
    let rows: Vec<_> = store::list_habits(tx, client.id).await?.into_iter().map(row).collect();
    let columns = ["client-tolerated-what", "client-tolerated-times", "client-tolerated-last"];
    let table =
        Table::new(page, page.t("client-tolerated-caption"), &columns, rows).or_else(page, "client-tolerated-none");
    Ok(Some(Shown { tolerated: table }))
}

/// How long ago, in the largest unit that fits.
fn ago(page: &Page, now: Timestamp, at: Timestamp) -> String {
    let minutes = now.since(at).as_secs() / 60;
    match minutes {
        0 => page.t("ago-now"),
        1..=59 => page.count("ago-minutes", minutes),
        60..=1_439 => page.count("ago-hours", minutes / 60),
        _ => page.count("ago-days", minutes / 1_440),
    }
}
