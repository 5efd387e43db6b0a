//! The projects of a person, and the forms in them.

use std::fmt::Write as _;

use axum::{
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form as Sent;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::{
    Portal,
    common::{
        page::{escape, notice},
        session::Session,
    },
    forms::{Form, Key, Kind},
    rights::Rights,
};

/// Longest text of a form, in characters.
const LONGEST: usize = 10_000;

/// The form in an address.
pub(crate) type At = Path<(String, String, String)>;

/// What happened before the page is shown.
#[derive(Deserialize)]
pub(crate) struct View {
    done: Option<String>,
}

/// What was written.
#[derive(Deserialize)]
pub(crate) struct Written {
    token: String,
    #[serde(default)]
    text: String,
}

/// The address of a form; a space in a name is not written as `+` in a path.
pub(crate) fn address((project, organisation, kind): &Key) -> String {
    let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("/forms/{}/{}/{}", part(project), part(organisation), kind.word())
}

/// Every project with the roles that somebody holds in it.
pub(crate) async fn projects(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    let session = match portal.door.require(&headers, "/") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let mut body = String::new();
    for rights in Rights::all_of(&session.identity) {
        let _ = write!(
            body,
            "<section class=box><h2>{} · {}</h2><dl><dt>Phase</dt><dd>{}</dd><dt>Your roles</dt><dd class=roles>{}</dd></dl><ul>",
            escape(&rights.project),
            escape(&rights.organisation),
            escape(&rights.phase),
            escape(&rights.roles.join(", "))
        );
        for kind in Kind::ALL.into_iter().filter(|_| rights.may_read()) {
            let key = (rights.project.clone(), rights.organisation.clone(), kind);
            let state = portal.forms.find(&key).state();
            let _ = write!(body, "<li><a href=\"{}\">{}</a>: {}</li>", address(&key), kind.title(), escape(&state));
        }
        body.push_str("</ul></section>");
    }
    if body.is_empty() {
        "<p class=box id=nothing>You hold no role in a project.</p>".clone_into(&mut body);
    }
    let _ = write!(body, "<p>You are at home at {}.", escape(&session.identity.organisation().name));
    if session.identity.holds("Operator") {
        let portal = escape(portal.door.provider.issuer());
        let _ = write!(body, " You operate the <a href=\"{portal}\">portal</a> in which roles are given.");
    }
    body.push_str("</p>");
    portal.page(&session, "My projects", body)
}

impl Portal {
    /// The session, what it may do there, and the form; or the answer to whoever may not even read it.
    #[expect(clippy::result_large_err, reason = "the answer is given at once and passed no further")]
    pub(crate) fn find(
        &self,
        headers: &HeaderMap,
        Path((project, organisation, word)): At,
        tail: &str,
    ) -> Result<(Session, Rights, Key, Form), Response> {
        let Some(kind) = Kind::parse(&word) else { return Err(self.missing()) };
        let key = (project, organisation, kind);
        let session = self.door.require(headers, &format!("{}{tail}", address(&key)))?;
        let rights = Rights::of(&session.identity, &key.0, &key.1).filter(Rights::may_read);
        let Some(rights) = rights else { return Err(self.missing()) };
        let form = self.forms.find(&key);
        Ok((session, rights, key, form))
    }
}

/// One form, with what the person may do with it now.
pub(crate) async fn show(
    State(portal): State<Portal>,
    headers: HeaderMap,
    at: At,
    Query(view): Query<View>,
) -> Response {
    let (session, rights, key, form) = match portal.find(&headers, at, "") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let mut body = notice(view.done.as_deref(), "This has been done.");
    let _ = write!(
        body,
        "<dl class=box><dt>Project</dt><dd>{}</dd><dt>Organisation</dt><dd>{}</dd><dt>State</dt><dd id=state>{}</dd></dl>",
        escape(&key.0),
        escape(&key.1),
        escape(&form.state())
    );
    let open = form.submitted.is_none();
    let own = address(&key);
    let token = &session.form_token;
    if open && rights.may_write() {
        let warning = if form.signed_by.is_some() { "<p>Whatever you change has to be signed again.</p>" } else { "" };
        let _ = write!(
            body,
            "<form method=post action=\"{own}\" class=box><input type=hidden name=token value=\"{token}\">\
             <p class=field><label for=text>Content</label><textarea id=text name=text required rows=8 maxlength={LONGEST}>{}</textarea></p>{warning}<p class=row><button>Save</button></p></form>",
            escape(&form.text)
        );
    } else {
        let text = if form.text.is_empty() { "Nothing has been written yet." } else { &form.text };
        let _ = write!(body, "<h2>Content</h2><p class=\"box written\" id=content>{}</p>", escape(text));
    }
    if open && !form.text.is_empty() && form.signed_by.is_none() && rights.may_sign(key.2) {
        let _ = write!(body, "<p><a class=button id=to-sign href=\"{own}/sign\">Sign</a></p>");
    }
    let ready = open && !form.text.is_empty() && (key.2 == Kind::Report || form.signed_by.is_some());
    if let Some(to) = rights.submits_to(key.2).filter(|_| ready) {
        let _ = write!(
            body,
            "<form method=post action=\"{own}/submit\"><input type=hidden name=token value=\"{token}\"><p><button id=submit>Submit to {to}</button></p></form>"
        );
    }
    portal.page(&session, key.2.title(), body)
}

/// Writes it.
pub(crate) async fn save(
    State(portal): State<Portal>,
    headers: HeaderMap,
    at: At,
    Sent(sent): Sent<Written>,
) -> Response {
    let (session, rights, key, _) = match portal.find(&headers, at, "") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let text = sent.text.trim().replace("\r\n", "\n");
    let fits = !text.is_empty() && text.chars().count() <= LONGEST;
    if sent.token != session.form_token || !rights.may_write() || !fits {
        return portal
            .refused("Your roles in this project do not let you write this form, or what you wrote is too long.");
    }
    let back = address(&key);
    if portal.forms.write(key, text) { done(&back) } else { portal.refused("This form was submitted already.") }
}

/// Submits it.
pub(crate) async fn submit(
    State(portal): State<Portal>,
    headers: HeaderMap,
    at: At,
    Sent(sent): Sent<Written>,
) -> Response {
    let (session, rights, key, _) = match portal.find(&headers, at, "") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let to = rights.submits_to(key.2).filter(|_| sent.token == session.form_token);
    let submitted = to.is_some_and(|to| portal.forms.submit(&key, to, session.identity.name()));
    let why = "Your roles in this project do not let you submit this form, or it is not ready for that.";
    if submitted { done(&address(&key)) } else { portal.refused(why) }
}

/// Back to the form.
pub(crate) fn done(address: &str) -> Response {
    Redirect::to(&format!("{address}?done=1")).into_response()
}
