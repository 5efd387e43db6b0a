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
    let head: String = ["Name", "Last name", "Email", "Created", "Last Modified", "Institution", "Process type(s)"]
        .map(|title| format!("<th scope=col>{title}</th>"))
        .concat();
    let new_user = format!("{}/admin/users/new", imas.door.provider.issuer().trim_end_matches('/'));
    let body = format!(
        "<p class=row><a href=\"/useradmin/export.csv\">Export as CSV</a><a class=button href=\"{}\">+ New User</a></p>\
         <div class=scroll tabindex=0 role=region aria-label=Users><table><caption>People of {} who have signed in to IMAS</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{}",
        escape(&new_user),
        escape(&own.organisation.name),
        pager("/useradmin/?", paging.page, PER_PAGE, accounts.len()),
    );
    imas.page(&session, "Users", body)
}

fn first(page: usize) -> usize {
    page.saturating_sub(1).saturating_mul(PER_PAGE)
}

fn row(account: &Account) -> String {
    format!(
        "<tr><td><a href=\"/useradmin/{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape(&account.subject),
        escape(&account.given_name),
        escape(&account.family_name),
        escape(&account.email),
        day(account.created),
        day(account.last_modified),
        escape(&account.organisation.name),
        escape(&account.process_types().join(", ")),
    )
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
    let mut text =
        format!("<p class=row><span id=range>Items {} - {to} of {total}</span>", from.saturating_add(1).min(total));
    if page > 1 {
        let _ = write!(text, "<a rel=prev href=\"{base}page={}\">Previous</a>", page.saturating_sub(1));
    }
    if to < total {
        let _ = write!(text, "<a rel=next href=\"{base}page={}\">Next</a>", page.saturating_add(1));
    }
    text + "</p>"
}
