//! Sending a request, reading it, answering or refusing it.

use std::fmt::Write as _;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;

use super::{
    Module,
    common::page::{escape, notice},
    directory::Counterpart,
    home::restriction,
    requests::{Request, State as Stands},
    standing::Standing,
};

/// Longest text of a request or an answer, in characters.
const LONGEST: usize = 2_000;

/// What happened before the page is shown, and whom to ask.
#[derive(Deserialize)]
pub(crate) struct View {
    done: Option<String>,
    #[serde(default)]
    to: String,
}

/// A new request.
#[derive(Deserialize)]
pub(crate) struct New {
    token: String,
    to: String,
    subject: String,
    text: String,
}

/// An answer to a request.
#[derive(Deserialize)]
pub(crate) struct Answer {
    token: String,
    text: String,
    how: String,
}

/// What was sent and received.
pub(crate) async fn list(State(module): State<Module>, headers: HeaderMap) -> Response {
    let (session, standing) = match module.require(&headers, "/requests") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let own = &standing.authority.id;
    let mut rows = String::new();
    for one in module.requests.list_of(own) {
        let (direction, other) = if one.from.id == *own { ("Sent to", &one.to) } else { ("Received from", &one.from) };
        let _ = write!(
            rows,
            "<tr><th scope=row><a href=\"/requests/{0}\">{0}. {1}</a></th><td data-label=\"Counterpart\">{direction} {2}</td><td data-label=\"State\">{3}</td></tr>",
            one.number,
            escape(&one.subject),
            escape(&other.name),
            one.state.label()
        );
    }
    let head = "<th scope=col>Request</th><th scope=col>Counterpart</th><th scope=col>State</th>";
    let table = if rows.is_empty() {
        "<p class=box>Your authority has neither sent nor received a request.</p>".to_owned()
    } else {
        format!(
            "<table class=rows><caption>Requests of your authority</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
    };
    let new = if standing.may_send() { "<p><a class=button href=\"/counterparts\">New request</a></p>" } else { "" };
    module.page(&session, "/requests", "Requests", format!("{}{new}{table}", restriction(&standing)))
}

impl Module {
    /// Whom the person may ask, if they may ask anybody: both are asked anew when the form comes back (I76).
    async fn counterpart(&self, standing: &Standing, to: &str) -> Result<Counterpart, Response> {
        if !standing.may_send() {
            return Err(
                self.refused("Your authority can begin nothing new in this module, or you do not handle its requests.")
            );
        }
        let found = self.directory.counterparts_of(&standing.authority.id).await.map_err(|_| {
            let text = "It cannot be said at the moment whom you can ask.";
            self.door.problem(StatusCode::BAD_GATEWAY, "The directory does not answer", text)
        })?;
        let found = found.into_iter().find(|one| one.authority.id == to);
        found.ok_or_else(|| self.refused("This authority can receive nothing new in this module."))
    }
}

/// The form of a new request.
pub(crate) async fn form(State(module): State<Module>, headers: HeaderMap, Query(view): Query<View>) -> Response {
    let (session, standing) = match module.require(&headers, "/counterparts") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let to = match module.counterpart(&standing, &view.to).await {
        Ok(to) => to,
        Err(answer) => return answer,
    };
    let body = format!(
        "<form method=post action=\"/requests\" class=box><input type=hidden name=token value=\"{}\"><input type=hidden name=to value=\"{}\">\
         <p class=field><label for=subject>Subject</label><input id=subject name=subject required maxlength=120></p>\
         <p class=field><label for=text>Question</label><textarea id=text name=text required rows=6 maxlength={LONGEST}></textarea></p>\
         <p class=row><button>Send</button><a href=\"/counterparts\">Cancel</a></p></form>",
        session.form_token,
        escape(&to.authority.id)
    );
    module.page(&session, "/requests", &format!("Request to {}", to.authority.name), body)
}

/// Sends it.
pub(crate) async fn send(State(module): State<Module>, headers: HeaderMap, Form(new): Form<New>) -> Response {
    let (session, standing) = match module.require(&headers, "/requests") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let to = match module.counterpart(&standing, &new.to).await {
        Ok(to) => to.authority,
        Err(answer) => return answer,
    };
    let fits = |text: &str, most| !text.trim().is_empty() && text.chars().count() <= most;
    if new.token != session.form_token || !fits(&new.subject, 120) || !fits(&new.text, LONGEST) {
        return module.refused("A request has a subject and a question, and neither is too long.");
    }
    let (from, by) = (standing.authority, session.identity.name());
    let (subject, text) = (new.subject.trim().to_owned(), new.text.trim().to_owned());
    let request = Request { number: 0, from, to, subject, text, by, state: Stands::Open, answer: String::new() };
    match module.requests.send(request) {
        Some(number) => Redirect::to(&format!("/requests/{number}?done=1")).into_response(),
        None => module.refused("This example keeps no more requests."),
    }
}

/// One request, and what can be done with it.
pub(crate) async fn show(
    State(module): State<Module>,
    headers: HeaderMap,
    Path(number): Path<usize>,
    Query(view): Query<View>,
) -> Response {
    let (session, standing) = match module.require(&headers, &format!("/requests/{number}")) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Some(request) = module.requests.find(number, &standing.authority.id) else { return missing(&module) };
    let mut body = notice(view.done.as_deref(), "This has been done.") + &restriction(&standing);
    let _ = write!(
        body,
        "<dl class=box><dt>From</dt><dd>{} ({})</dd><dt>To</dt><dd>{}</dd><dt>State</dt><dd id=state>{}</dd><dt>Question</dt><dd class=written>{}</dd>",
        escape(&request.from.name),
        escape(&request.by),
        escape(&request.to.name),
        request.state.label(),
        escape(&request.text)
    );
    if !request.answer.is_empty() {
        let _ = write!(body, "<dt>Answer</dt><dd id=answer class=written>{}</dd>", escape(&request.answer));
    }
    body.push_str("</dl>");
    if request.state == Stands::Open && request.to.id == standing.authority.id && standing.handles {
        let refuse =
            if standing.may_refuse { "<button name=how value=refuse class=second>Refuse</button>" } else { "" };
        let _ = write!(
            body,
            "<form method=post action=\"/requests/{number}/settle\" class=box><input type=hidden name=token value=\"{}\">\
             <p class=field><label for=text>Your answer</label><textarea id=text name=text required rows=6 maxlength={LONGEST}></textarea></p>\
             <p class=row><button name=how value=answer>Answer</button>{refuse}</p></form>",
            session.form_token
        );
    }
    module.page(&session, "/requests", &format!("{number}. {}", request.subject), body)
}

/// Answers or refuses: also while nothing new can be begun (I76).
pub(crate) async fn settle(
    State(module): State<Module>,
    headers: HeaderMap,
    Path(number): Path<usize>,
    Form(answer): Form<Answer>,
) -> Response {
    let (session, standing) = match module.require(&headers, &format!("/requests/{number}")) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let how = match answer.how.as_str() {
        "answer" => Stands::Answered,
        "refuse" if standing.may_refuse => Stands::Refused,
        _ => return module.refused("Your authority may not do this with a request."),
    };
    let text = answer.text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST;
    if answer.token != session.form_token || !standing.handles || !fits {
        return module.refused("An answer is a text that is not too long, of somebody who handles requests.");
    }
    if module.requests.settle(number, &standing.authority.id, (how, text)) {
        Redirect::to(&format!("/requests/{number}?done=1")).into_response()
    } else {
        missing(&module)
    }
}

fn missing(module: &Module) -> Response {
    let text = "There is no such request of your authority, or it is settled already.";
    module.door.problem(StatusCode::NOT_FOUND, "Not found", text)
}
