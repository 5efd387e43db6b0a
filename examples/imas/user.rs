//! One account: permissions per institution for one process type at a time (E85–E91).

use std::fmt::Write as _;

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;

use super::{
    Imas,
    accounts::Account,
    common::page::{escape, notice},
    permissions::{INSTITUTIONS, PROCESS_TYPES, Permission},
    users::pager,
};

/// Institutions on one page.
const PER_PAGE: usize = 8;

/// Which part of the permissions is shown.
#[derive(Deserialize)]
pub(crate) struct View {
    /// Process type; the first one when left out or unknown.
    #[serde(default)]
    process: String,
    /// Page of institutions, counted from one.
    #[serde(default)]
    page: usize,
    /// Any value: all institutions on one page (*Show all*).
    all: Option<String>,
    /// Any value: the permissions were saved just now.
    saved: Option<String>,
}

/// The form: the institutions shown and their permissions, in the same order.
#[derive(Deserialize)]
pub(crate) struct Change {
    token: String,
    process: String,
    /// Empty, or one value for every institution on the form.
    #[serde(default)]
    set_all: String,
    #[serde(default)]
    institution: Vec<String>,
    #[serde(default)]
    permission: Vec<String>,
}

/// The account with the permissions of one process type.
pub(crate) async fn show(
    State(imas): State<Imas>,
    headers: HeaderMap,
    Path(subject): Path<String>,
    Query(view): Query<View>,
) -> Response {
    let (session, own) = match imas.admin(&headers, &format!("/useradmin/{subject}")) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Some(account) = imas.accounts.find(&subject).filter(|account| account.is_managed_by(&own)) else {
        return imas.not_found();
    };
    let process = PROCESS_TYPES.into_iter().find(|name| *name == view.process).unwrap_or(PROCESS_TYPES[0]);
    let at = format!("/useradmin/{}", escape(&subject));
    let query = process.replace(' ', "+");
    let per_page = if view.all.is_some() { INSTITUTIONS.len() } else { PER_PAGE };
    let from = view.page.saturating_sub(1).saturating_mul(per_page);
    let rows: String = INSTITUTIONS.iter().skip(from).take(per_page).map(|at| row(&account, process, *at)).collect();
    let body = format!(
        "{}<p><a href=\"/useradmin/\">Back to users</a></p><p class=who><span class=initials aria-hidden=true>{}</span> <span>{} · {}</span></p>\
         <nav aria-label=\"Process types\" class=tabs><ul>{}</ul></nav><h2>{process}</h2>\
         <form method=post><input type=hidden name=token value=\"{}\"><input type=hidden name=process value=\"{process}\">\
         <p class=row><label>Set all on this page to <select name=set_all><option value=\"\">as below</option>{}</select></label>{}</p>\
         <table class=rows><caption>Permissions per institution</caption><thead><tr><th scope=col>Institution</th><th scope=col>Permissions</th></tr></thead><tbody>{rows}</tbody></table>\
         {}<p class=row><button>Save</button><a href=\"/useradmin/\">Cancel</a></p></form>",
        notice(view.saved.as_deref(), "The permissions have been saved. The person sees them after a refresh."),
        escape(&account.initials()),
        escape(&account.email),
        escape(&account.organisation.name),
        processes(&at, process),
        session.form_token,
        options(None),
        show_all(&format!("{at}?process={query}"), view.all.is_some()),
        pager(&format!("{at}?process={query}&amp;"), view.page, per_page, INSTITUTIONS.len()),
    );
    imas.page(&session, "/useradmin/", &format!("{} user details", account.name()), body)
}

/// The link between all institutions on one page and some of them.
fn show_all(at: &str, all: bool) -> String {
    if all { format!("<a href=\"{at}\">Show fewer</a>") } else { format!("<a href=\"{at}&amp;all=1\">Show all</a>") }
}

fn processes(at: &str, shown: &str) -> String {
    let item = |name: &str| {
        let current = if name == shown { " aria-current=true" } else { "" };
        format!("<li><a href=\"{at}?process={}\"{current}>{name}</a></li>", name.replace(' ', "+"))
    };
    PROCESS_TYPES.map(item).concat()
}

fn row(account: &Account, process: &str, (name, country, identifier): (&str, &str, &str)) -> String {
    let chosen = account.permission(process, name);
    format!(
        "<tr><th scope=row><label for=\"p-{name}\">{name} ({country} - {identifier})</label></th><td data-label=\"Permissions\"><input type=hidden name=institution value=\"{name}\">\
         <select id=\"p-{name}\" name=permission>{}</select></td></tr>",
        options(Some(chosen))
    )
}

fn options(chosen: Option<Permission>) -> String {
    let mut text = String::new();
    for permission in Permission::ALL {
        let selected = if chosen == Some(permission) { " selected" } else { "" };
        let _ = write!(text, "<option value={}{selected}>{}</option>", permission.key(), permission.label());
    }
    text
}

/// Saves what the form shows; institutions on other pages keep their permissions.
pub(crate) async fn save(
    State(imas): State<Imas>,
    headers: HeaderMap,
    Path(subject): Path<String>,
    Form(change): Form<Change>,
) -> Response {
    let (session, own) = match imas.admin(&headers, &format!("/useradmin/{subject}")) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let managed = imas.accounts.find(&subject).is_some_and(|account| account.is_managed_by(&own));
    if !managed || change.token != session.form_token || !PROCESS_TYPES.contains(&change.process.as_str()) {
        return imas.not_found();
    }
    let set_all = Permission::parse(&change.set_all);
    let shown = change.institution.into_iter().zip(&change.permission);
    let known = shown.filter(|(name, _)| INSTITUTIONS.iter().any(|(known, _, _)| known == name));
    let wanted: Vec<(String, Permission)> =
        known.filter_map(|(name, key)| Some((name, set_all.or_else(|| Permission::parse(key))?))).collect();
    imas.accounts.save(&subject, &change.process, &wanted);
    Redirect::to(&format!("/useradmin/{subject}?process={}&saved=1", change.process.replace(' ', "+"))).into_response()
}
