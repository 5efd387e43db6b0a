//! Your data: a copy of what is stored of oneself, to keep or to take elsewhere (GDPR Art. 15, 20). Whose it is comes from the session
//! and from nowhere else (CR-12).

mod collect;
mod document;
mod table;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::security::fresh;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, transact};
use crate::portal::admin::csv;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::render;
use crate::web::{Form, Page};

/// The name of the file, without its end.
const FILE: &str = "my-data";

#[derive(Template)]
#[template(path = "pages/account/data.html")]
struct DataTemplate {
    page: Page,
    fresh: bool,
}

/// `GET /data`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let page = person.page(Area::Account, "menu-data");
    Ok(render(&DataTemplate { page, fresh: fresh(&person).is_ok() }))
}

/// `POST /data`: the copy, a moment after both factors were proved: whoever finds a browser open takes nothing along.
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    fresh(&person)?;
    let is_table = match form.text("format") {
        "json" => false,
        "csv" => true,
        _ => return Err(Failure::BadRequest),
    };
    let page = person.page(Area::Account, "menu-data");
    let document = collect::collect(&person).await?;
    let answer = if is_table {
        csv::download(&format!("{FILE}.csv"), &table::rows(&page, &document)).map_err(Failure::internal)?
    } else {
        file(serde_json::to_vec_pretty(&document).map_err(Failure::internal)?)
    };
    // Before it is out of the house.
    let event = Event::new(Kind::OwnDataExported, Subject::User(person.user.id)).within(person.user.organisation);
    let recorded: db::Result<()> =
        transact!(person.app.db, tx => audit::record(tx, &person.ctx, None, event.clone()).await);
    recorded?;
    Ok(answer)
}

fn file(bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{FILE}.json\"");
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}
