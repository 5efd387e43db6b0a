//! *Manage Users*: the accounts that the access administrator manages, page by page (E81, E82).

use std::fmt::Write as _;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Imas, accounts::Account, common::page::escape};

/// Accounts on one page.
const PER_PAGE: usize = 10;

/// The columns (E81).
const HEAD: [&str; 7] = ["Name", "Last name", "Email", "Created", "Last Modified", "Institution", "Process type(s)"];

/// Which page.
#[derive(Deserialize)]
pub(crate) struct Paging {
    /// Counted from one.
    #[serde(default)]
    page: usize,
}

/// The list.
pub(crate) async fn list(State(imas): State<Imas>, headers: HeaderMap, Query(paging): Query<Paging>) -> Response {
    let (session, own) = match imas.admin(&headers, "/useradmin/") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let accounts = imas.accounts.list_managed_by(&own);
    let rows: String = accounts.iter().skip(first(paging.page)).take(PER_PAGE).map(row).collect();
    let head: String = HEAD.map(|title| format!("<th scope=col>{title}</th>")).concat();
    let new_user = format!("{}/admin/users/new", imas.door.provider.issuer().trim_end_matches('/'));
    let table = if accounts.is_empty() {
        "<p class=box>Nobody of your organisation has signed in to IMAS yet. Refresh this page after a first sign-in.</p>".to_owned()
    } else {
        format!(
            "<table class=rows><caption>People of {} who have signed in to IMAS</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{}",
            escape(&own.organisation.name),
            pager("/useradmin/?", paging.page, PER_PAGE, accounts.len()),
        )
    };
    let body = format!(
        "<p class=row><a class=button href=\"{}\">+ New User</a><a href=\"/useradmin/export.csv\">Export as CSV</a></p>{table}",
        escape(&new_user),
    );
    imas.page(&session, "/useradmin/", "Users", body)
}

fn first(page: usize) -> usize {
    page.saturating_sub(1).saturating_mul(PER_PAGE)
}

fn row(account: &Account) -> String {
    let processes = account.process_types().join(", ");
    let cells = [
        account.family_name.clone(),
        account.email.clone(),
        day(account.created),
        day(account.last_modified),
        account.organisation.name.clone(),
        if processes.is_empty() { "none".to_owned() } else { processes },
    ];
    let name = if account.given_name.is_empty() { &account.email } else { &account.given_name };
    let mut row =
        format!("<tr><th scope=row><a href=\"/useradmin/{}\">{}</a></th>", escape(&account.subject), escape(name));
    for (label, cell) in HEAD.iter().skip(1).zip(cells) {
        let _ = write!(row, "<td data-label=\"{label}\">{}</td>", escape(&cell));
    }
    row + "</tr>"
}

/// A day as in `02 October 2020` (UTC).
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%d %B %Y").to_string()
}

/// `1 - 10 of 74` with links to the neighbours; `base` is the address up to the parameter `page`.
pub(crate) fn pager(base: &str, page: usize, per_page: usize, total: usize) -> String {
    let page = page.max(1);
    let from = page.saturating_sub(1).saturating_mul(per_page);
    let to = from.saturating_add(per_page).min(total);
    let mut text = format!(
        "<p class=\"row pager\"><span id=range>Items {} - {to} of {total}</span>",
        from.saturating_add(1).min(total)
    );
    if page > 1 {
        let _ = write!(text, "<a rel=prev href=\"{base}page={}\">Previous</a>", page.saturating_sub(1));
    }
    if to < total {
        let _ = write!(text, "<a rel=next href=\"{base}page={}\">Next</a>", page.saturating_add(1));
    }
    text + "</p>"
}
