//! The pages of CASPER.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;

use super::{
    collections::{COLLECTIONS, Collections, Person},
    common::{
        page::{Page, escape, notice},
        session::Session,
        sign_in::Door,
    },
};

/// What the pages share.
#[derive(Clone)]
pub(crate) struct Casper {
    /// Signing in.
    pub door: Arc<Door>,
    /// The application's store.
    pub collections: Arc<Collections>,
    /// Prefix of this environment's group codes.
    pub prefix: &'static str,
}

impl Casper {
    /// Whether the person is in the group with this code in this environment (C07).
    fn in_group(&self, session: &Session, code: &str) -> bool {
        let code = format!("{}{code}", self.prefix);
        session.identity.claims.groups.contains(&code)
    }

    fn is_submitter(&self, session: &Session) -> bool {
        self.in_group(session, "CASPER_WEB_DATA_SUBMITTER")
    }

    fn is_user_admin(&self, session: &Session) -> bool {
        self.in_group(session, "CASPER_WEB_USER_ADMIN")
    }

    /// The collection owner at the institution (C16), and who administers the application's access for an organisation (C13).
    fn is_owner(session: &Session) -> bool {
        Self::owns_everywhere(session) || session.identity.holds("ApplicationAccessAdmin")
    }

    /// The owner at the institution, who assigns to people of every organisation.
    fn owns_everywhere(session: &Session) -> bool {
        session.identity.holds("ResourceOwner")
    }

    /// What the person may assign: an owner everything, a web user administrator what they hold.
    fn assignable(&self, session: &Session, own: &Person) -> Vec<&'static str> {
        let all = COLLECTIONS.into_iter();
        if Self::is_owner(session) {
            return all.collect();
        }
        let admin = self.is_user_admin(session);
        all.filter(|name| admin && own.assigned.contains(*name)).collect()
    }

    fn page(&self, session: &Session, here: &str, title: &str, body: String) -> Response {
        let name = session.identity.name();
        let mut links = vec![("/", "Home")];
        if self.is_user_admin(session) || Self::is_owner(session) {
            links.push(("/useradmin/", "Manage Users"));
        }
        Page { brand: &self.door.brand, title, person: Some(&name), links: &links, here, body }.respond(StatusCode::OK)
    }

    fn own(&self, session: &Session) -> Option<Person> {
        self.collections.find(&session.identity.subject)
    }

    fn refused(&self) -> Response {
        self.door.problem(StatusCode::FORBIDDEN, "Not allowed", "Your role in CASPER does not allow this.")
    }
}

/// What happened before the page is shown.
#[derive(Deserialize)]
pub(crate) struct View {
    /// Any value: what was sent has been done.
    done: Option<String>,
}

/// A submission.
#[derive(Deserialize)]
pub(crate) struct Submission {
    token: String,
    collection: String,
}

/// The collections ticked for one person.
#[derive(Deserialize)]
pub(crate) struct Assignment {
    token: String,
    subject: String,
    #[serde(default)]
    collection: Vec<String>,
}

/// The start page: what the person is here, and the collections to submit to.
pub(crate) async fn home(State(casper): State<Casper>, headers: HeaderMap, Query(view): Query<View>) -> Response {
    let session = match casper.door.require(&headers, "/") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let Some(own) = casper.own(&session) else { return casper.refused() };
    let groups: Vec<String> = session.identity.claims.groups.iter().map(|code| escape(code)).collect();
    let mut body = notice(view.done.as_deref(), "Your report has been submitted.");
    let _ = write!(
        body,
        "<dl class=box><dt>Organisation</dt><dd id=organisation>{}</dd><dt>Groups</dt><dd id=groups>{}</dd><dt>Reports submitted</dt><dd>{}</dd></dl>",
        escape(&own.organisation.name),
        groups.join(", "),
        own.submitted
    );
    if casper.is_user_admin(&session) && own.assigned.is_empty() {
        body.push_str(
            "<div class=note id=dormant><p>You are a web user administrator without a data collection. Until the collection owner \
             or another administrator assigns one to you, you cannot manage anybody.</p></div>",
        );
    }
    if casper.is_submitter(&session) {
        body.push_str(&submission_form(&session, &own));
    }
    casper.page(&session, "/", "Your data collections", body)
}

fn submission_form(session: &Session, own: &Person) -> String {
    if own.assigned.is_empty() {
        return "<p id=nothing-assigned>No data collection is assigned to you yet. Ask the web user administrator of your organisation.</p>".into();
    }
    let mut options = String::new();
    for name in &own.assigned {
        let _ = write!(options, "<option>{}</option>", escape(name));
    }
    format!(
        "<h2>Submit a report</h2><form method=post class=\"row box\"><input type=hidden name=token value=\"{}\">\
         <label>Data collection <select name=collection>{options}</select></label><button>Submit</button></form>",
        session.form_token
    )
}

/// Takes a report (C14: only for an assigned collection).
pub(crate) async fn submit(State(casper): State<Casper>, headers: HeaderMap, Form(form): Form<Submission>) -> Response {
    let session = match casper.door.require(&headers, "/") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let allowed = form.token == session.form_token && casper.is_submitter(&session);
    if allowed && casper.collections.submit(&session.identity.subject, &form.collection) {
        Redirect::to("/?done=1").into_response()
    } else {
        casper.refused()
    }
}

/// The people of the administrator's organisation, or for the owner at the institution of all, each with the collections (C12, C16).
pub(crate) async fn useradmin(State(casper): State<Casper>, headers: HeaderMap, Query(view): Query<View>) -> Response {
    let session = match casper.door.require(&headers, "/useradmin/") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let Some(own) = casper.own(&session) else { return casper.refused() };
    let assignable = casper.assignable(&session, &own);
    if assignable.is_empty() {
        return casper.refused();
    }
    let mut body = notice(view.done.as_deref(), "The data collections have been saved.");
    let (whose, mut others) = if Casper::owns_everywhere(&session) {
        ("every organisation", casper.collections.list())
    } else {
        (own.organisation.name.as_str(), casper.collections.list_of(&own.organisation))
    };
    let _ = write!(body, "<p>People of {} who have signed in to CASPER.</p>", escape(whose));
    // D5 of the portal holds here too: nobody assigns to themself.
    others.retain(|(subject, _)| *subject != session.identity.subject);
    if others.is_empty() {
        body.push_str("<p class=box>Nobody else has signed in yet. Refresh this page after a first sign-in.</p>");
    }
    for (subject, person) in others {
        body.push_str(&person_form(&session, &subject, &person, &assignable));
    }
    casper.page(&session, "/useradmin/", "Manage Users", body)
}

fn person_form(session: &Session, subject: &str, person: &Person, assignable: &[&str]) -> String {
    let mut boxes = String::new();
    for name in assignable {
        let ticked = if person.assigned.contains(*name) { " checked" } else { "" };
        let _ = write!(boxes, "<label><input type=checkbox name=collection value=\"{name}\"{ticked}> {name}</label>");
    }
    format!(
        "<form method=post><fieldset class=box><legend>{}</legend><input type=hidden name=token value=\"{}\">\
         <input type=hidden name=subject value=\"{}\"><div class=row>{boxes}<button>Save</button></div></fieldset></form>",
        escape(&person.name),
        session.form_token,
        escape(subject)
    )
}

/// Saves the collections of one person.
pub(crate) async fn assign(State(casper): State<Casper>, headers: HeaderMap, Form(form): Form<Assignment>) -> Response {
    let session = match casper.door.require(&headers, "/useradmin/") {
        Ok(session) => session,
        Err(redirect) => return redirect,
    };
    let (Some(own), Some(person)) = (casper.own(&session), casper.collections.find(&form.subject)) else {
        return casper.refused();
    };
    let assignable = casper.assignable(&session, &own);
    let reached = Casper::owns_everywhere(&session) || person.organisation.id == own.organisation.id;
    let bounded = reached && form.subject != session.identity.subject;
    if form.token != session.form_token || !bounded || assignable.is_empty() {
        return casper.refused();
    }
    // What the administrator cannot see on the form stays as it is.
    let kept = person.assigned.iter().filter(|name| !assignable.contains(&name.as_str()));
    let ticked = form.collection.iter().filter(|name| assignable.contains(&name.as_str()));
    let all: Vec<String> = kept.chain(ticked).cloned().collect();
    casper.collections.assign(&form.subject, &all);
    Redirect::to("/useradmin/?done=1").into_response()
}
