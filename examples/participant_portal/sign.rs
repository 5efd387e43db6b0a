//! Signing: only who may, only what they see, and only within five minutes of a proof with two factors that was asked for to sign (OpenID
//! Connect Core §3.1.2.1, `max_age` and `acr`): whoever comes here is led to the provider and back.

use axum::{extract::State, http::HeaderMap, response::Response};
use axum_extra::extract::Form as Sent;
use serde::Deserialize;

use super::{
    Portal,
    common::{page::escape, relying_party::now, session::Session},
    pages::{At, address, done},
};

/// Seconds for which a proof is good enough to sign by it.
const FRESH: i64 = 300;

/// What the person has read and signs.
#[derive(Deserialize)]
pub(crate) struct Signature {
    token: String,
    text: String,
}

fn is_fresh(session: &Session) -> bool {
    session.identity.claims.signed_in_again_at.is_some_and(|at| now() - at <= FRESH)
}

/// Shows what is signed, or asks for a sign-in first.
pub(crate) async fn ask(State(portal): State<Portal>, headers: HeaderMap, at: At) -> Response {
    let (session, rights, key, form) = match portal.find(&headers, at, "/sign") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    if !rights.may_sign(key.2) {
        return portal.refused("Your roles in this project do not let you sign this form.");
    }
    let own = address(&key);
    if form.text.is_empty() || form.signed_by.is_some() || form.submitted.is_some() {
        return portal.refused("There is nothing to sign: the form is empty, or it was signed or submitted already.");
    }
    let body = if is_fresh(&session) {
        format!(
            "<p>You sign for {} in {}:</p><p class=\"box written\" id=content>{}</p><form method=post class=row action=\"{own}/sign\"><input type=hidden name=token value=\"{}\">\
             <input type=hidden name=text value=\"{}\"><button id=sign>Sign</button><a href=\"{own}\">Cancel</a></form>",
            escape(&key.1),
            escape(&key.0),
            escape(&form.text),
            session.form_token,
            escape(&form.text)
        )
    } else {
        format!(
            "<p>A signature binds your organisation. Prove once more who you are: with your password and a code.</p>\
             <p class=row><a class=button id=again href=\"/login?again=1&amp;target_link_uri={own}/sign\">Sign in again</a><a href=\"{own}\">Cancel</a></p>"
        )
    };
    portal.page(&session, &format!("Sign: {}", key.2.title()), body)
}

/// Signs exactly what was shown.
pub(crate) async fn sign(
    State(portal): State<Portal>,
    headers: HeaderMap,
    at: At,
    Sent(signature): Sent<Signature>,
) -> Response {
    let (session, rights, key, _) = match portal.find(&headers, at, "/sign") {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let own = address(&key);
    if signature.token != session.form_token || !rights.may_sign(key.2) || !is_fresh(&session) {
        return portal.refused("You may not sign this form, or too much time has passed since you proved who you are.");
    }
    // A form sends line breaks as CR LF, whatever was in the field.
    let text = signature.text.replace("\r\n", "\n");
    let signed = portal.forms.sign(&key, &text, session.identity.name());
    if signed {
        done(&own)
    } else {
        portal.refused("The form was changed, signed or submitted meanwhile. Read it again.")
    }
}
