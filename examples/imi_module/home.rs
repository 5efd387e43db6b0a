//! The start page and the counterparts.

use std::fmt::Write as _;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{Module, common::page::escape, standing::Standing};

/// What the authority is here, and what it may do.
pub(crate) async fn home(State(module): State<Module>, headers: HeaderMap) -> Response {
    let (session, standing) = match module.require(&headers, "/") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let open = module.requests.list_of(&standing.authority.id);
    let received =
        open.iter().filter(|one| one.to.id == standing.authority.id && one.state == super::requests::State::Open);
    let mut body = restriction(&standing);
    let _ = write!(
        body,
        "<ul class=cards><li><a href=\"/requests\"><strong>Requests</strong><span>{} to be answered</span></a></li>\
         <li><a href=\"/counterparts\"><strong>Counterparts</strong><span>Authorities that you can ask</span></a></li></ul>\
         <h2>Your authority in this module</h2><dl class=box><dt>Authority</dt><dd id=authority>{}</dd>\
         <dt>Acts as</dt><dd id=kind>{}</dd><dt>Status</dt><dd id=status>{}</dd>",
        received.count(),
        escape(&standing.authority.name),
        standing.kind(),
        standing.status(),
    );
    if !standing.classification.is_empty() {
        let _ = write!(
            body,
            "<dt>Classification</dt><dd id=classification>{}</dd>",
            escape(&standing.classification.join(", "))
        );
    }
    for (name, value) in &standing.settings {
        let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
    }
    let _ = write!(body, "<dt>You may</dt><dd id=right>{}</dd></dl>", standing.right());
    if session.identity.holds("Administrator") {
        let portal = escape(module.door.provider.issuer());
        let _ = write!(
            body,
            "<p>You administer your authority: people, groups and access to modules are in <a href=\"{portal}\">the portal</a>.</p>"
        );
    }
    module.page(&session, "/", &format!("Welcome, {}", session.identity.name()), body)
}

/// What complete-only means, for the top of a page; empty when the access has its full effect.
pub(crate) fn restriction(standing: &Standing) -> String {
    if standing.active {
        return String::new();
    }
    "<div class=note id=complete-only><p><strong>Complete only.</strong> The access of your authority to this module is suspended. You can \
     finish the requests that are under way; you can neither send nor receive new ones.</p></div>"
        .to_owned()
}

/// Everybody who can be asked.
pub(crate) async fn counterparts(State(module): State<Module>, headers: HeaderMap) -> Response {
    let (session, standing) = match module.require(&headers, "/counterparts") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Ok(found) = module.directory.counterparts_of(&standing.authority.id).await else {
        return module.door.problem(
            StatusCode::BAD_GATEWAY,
            "The directory does not answer",
            "The counterparts cannot be shown at the moment.",
        );
    };
    let mut rows = String::new();
    for one in &found {
        let name = escape(&one.authority.name);
        let kind = if one.coordinates { "Coordinator" } else { "Authority" };
        let ask = if standing.may_send() {
            format!(
                "<td><a href=\"/requests/new?to={}\">Send a request<span class=unseen> to {name}</span></a></td>",
                escape(&one.authority.id)
            )
        } else {
            String::new()
        };
        let _ = write!(rows, "<tr><th scope=row>{name}</th><td data-label=\"Acts as\">{kind}</td>{ask}</tr>");
    }
    let action = if standing.may_send() { "<th scope=col>Request</th>" } else { "" };
    let table = if found.is_empty() {
        "<p class=box>No other authority is active in this module.</p>".to_owned()
    } else {
        format!(
            "<table class=rows><caption>Authorities that are active in this module</caption><thead><tr><th scope=col>Authority</th>\
             <th scope=col>Acts as</th>{action}</tr></thead><tbody>{rows}</tbody></table>"
        )
    };
    module.page(&session, "/counterparts", "Counterparts", restriction(&standing) + &table)
}
