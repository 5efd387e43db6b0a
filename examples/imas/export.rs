//! The list of accounts as CSV, safe to open in a spreadsheet (E80).

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Imas, accounts::Account, users::day};

const HEAD: [&str; 7] = ["Name", "Last name", "Email", "Created", "Last Modified", "Institution", "Process type(s)"];

/// Every account that the administrator manages.
pub(crate) async fn csv(State(imas): State<Imas>, headers: HeaderMap) -> Response {
    let (_, own) = match imas.admin(&headers, "/useradmin/") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"imas-users.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match write(&imas.accounts.list_managed_by(&own)) {
        Ok(text) => (headers, text).into_response(),
        Err(failure) => imas.door.problem(StatusCode::INTERNAL_SERVER_ERROR, "The export failed", &failure.to_string()),
    }
}

fn write(accounts: &[Account]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEAD)?;
    for account in accounts {
        let processes = account.process_types().join(", ");
        let (created, modified) = (day(account.created), day(account.last_modified));
        let fields = [
            &account.given_name,
            &account.family_name,
            &account.email,
            &created,
            &modified,
            &account.organisation.name,
            &processes,
        ];
        writer.write_record(fields.map(|field| harmless(field)))?;
    }
    writer.into_inner().map_err(|failure| failure.into_error().into())
}

/// A spreadsheet takes a field that begins with one of these for a formula; a leading apostrophe makes it text.
fn harmless(field: &str) -> String {
    if field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{field}") } else { field.to_owned() }
}
