//! Dashboard, processes and messages: what every signed-in person sees.

use std::fmt::Write as _;

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{Imas, common::page::escape};

/// The dashboard: who is signed in, with which groups, and what IMAS lets them do.
pub(crate) async fn home(State(imas): State<Imas>, headers: HeaderMap) -> Response {
    let session = match imas.door.require(&headers, "/") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let identity = &session.identity;
    let groups: Vec<String> = identity.claims.groups.iter().map(|code| escape(code)).collect();
    let role = if identity.holds("ApplicationAccessAdmin") { "Access administrator" } else { "User" };
    let processes = imas.accounts.find(&identity.subject).map(|own| own.process_types().join(", ")).unwrap_or_default();
    let processes = if processes.is_empty() { "none yet" } else { &processes };
    let mut cards = card("/processes", "My Processes", &format!("Process types: {}", escape(processes)));
    cards.push_str(&card("/messages", "All Messages", "No new messages"));
    if identity.holds("ApplicationAccessAdmin") {
        cards.push_str(&card("/useradmin/", "Manage Users", "Permissions of the people of your organisation"));
    }
    let body = format!(
        "<ul class=cards>{cards}</ul><h2>How you are signed in</h2>\
         <dl class=box><dt>Email</dt><dd>{}</dd><dt>Organisation</dt><dd id=organisation>{}</dd><dt>Groups</dt><dd id=groups>{}</dd>\
         <dt>Role</dt><dd id=role>{role}</dd></dl>",
        escape(&identity.email),
        escape(&identity.organisation().name),
        groups.join(", "),
    );
    imas.page(&session, "/", &format!("Welcome, {}", identity.name()), body)
}

/// One entry of the dashboard; `text` is escaped already.
fn card(link: &str, title: &str, text: &str) -> String {
    format!("<li><a href=\"{link}\"><strong>{title}</strong><span>{text}</span></a></li>")
}

/// What the person may do, by process type and institution.
pub(crate) async fn processes(State(imas): State<Imas>, headers: HeaderMap) -> Response {
    let session = match imas.door.require(&headers, "/processes") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let grants = imas.accounts.find(&session.identity.subject).map(|own| own.grants).unwrap_or_default();
    if grants.is_empty() {
        let body = "<p>You have no permissions yet. An access administrator of your organisation can give them to you; refresh this page afterwards.</p>";
        return imas.page(&session, "/processes", "My Processes", body.to_owned());
    }
    let mut rows = String::new();
    for ((process, institution), permission) in &grants {
        let _ = write!(
            rows,
            "<tr><th scope=row>{}</th><td data-label=\"Institution\">{}</td><td data-label=\"Permission\">{}</td></tr>",
            escape(process),
            escape(institution),
            permission.label()
        );
    }
    let head = "<th scope=col>Process type</th><th scope=col>Institution</th><th scope=col>Permission</th>";
    let table = format!("<table class=rows><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>");
    imas.page(&session, "/processes", "My Processes", table)
}

/// There is nobody to send messages in an example.
pub(crate) async fn messages(State(imas): State<Imas>, headers: HeaderMap) -> Response {
    match imas.door.require(&headers, "/messages") {
        Ok(session) => imas.page(&session, "/messages", "All Messages", "<p>No messages.</p>".to_owned()),
        Err(redirect) => redirect,
    }
}
