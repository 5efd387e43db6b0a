//! What a service asked lately by SCIM: without what was in its requests or in the answers.

use axum::extract::{Path, RawQuery};

use super::clients::find;
use super::plain::{Cell, Table, TablePage};
use crate::directory::client::activity::model::{Request, Wanted};
use crate::directory::client::activity::store;
use crate::directory::client::model::ClientKind;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Form, Page, Pages};

/// Rows of one page.
const ROWS: u32 = 50;

const COLUMNS: [&str; 6] =
    ["request-at", "request-what", "request-status", "request-error", "request-took", "request-bytes"];

/// `GET /admin/clients/{id}/requests`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    if client.kind != ClientKind::Machine {
        return Err(Failure::NotFound);
    }
    let form = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let failed = form.text("which") == "failed";
    let mut page = person.page(Area::Clients, "requests-title");
    let total = u64::try_from(store::count(tx, client.id, failed).await?).unwrap_or(0);
    let asked = form.text("page").parse().ok().filter(|number| (1..=1_000).contains(number)).unwrap_or(1);
    let number = Pages::reached(asked, ROWS, total);
    let wanted = Wanted {
        client: client.id,
        failed,
        limit: ROWS.into(),
        offset: i64::from(number.saturating_sub(1)) * i64::from(ROWS),
    };
    let rows = store::list(tx, wanted).await?.into_iter().map(|one| row(&page, one)).collect();
    let base = format!("/admin/clients/{}", client.id);
    let action = format!("{base}/requests");
    let which = if failed { "failed" } else { "all" };
    let pages = Pages::new(&page, (number, ROWS), total, |number| format!("{action}?which={which}&page={number}"));
    page.results = Some(total);
    let caption = page.t1("requests-caption", "client", &client.name);
    let table = Table::new(&page, caption, &COLUMNS, rows).or_else(&page, "requests-none");
    let choices = ["all", "failed"].map(|word| Choice::new(word, page.t(&format!("requests-{word}")), which));
    let filters = vec![Field::select(&page, "which", "requests-which", choices.to_vec()).filter()];
    let (lead, back) = (Some(page.t("requests-text")), Some((base, client.name.clone())));
    Ok(TablePage { action, back, lead, filters, pages: Some(pages), ..TablePage::new(page, table) }.show())
}

fn row(page: &Page, one: Request) -> Vec<Cell> {
    let failed = one.has_failed();
    let took = format!("{}.{:03} ms", one.micros / 1_000, one.micros % 1_000);
    let kind = if failed { "blocked" } else { "active" };
    vec![
        Cell::whole(format!("{} {}", one.at.to_date(), one.at.to_time_of_day())),
        Cell::code(format!("{} {}", one.method, one.path)),
        Cell::badge(one.status.to_string(), kind),
        Cell::text(one.scim_type.unwrap_or_default()),
        Cell::whole(took),
        Cell::text(one.bytes.map_or_else(|| page.t("request-streamed"), |bytes| bytes.to_string())),
    ]
}
