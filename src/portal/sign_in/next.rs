//! Where a sign-in leads: back to an application's request, to a page of ours, or to My Apps. Carried from page to page,
//! so that it outlives expired codes and sign-ins that begin anew (E24, E26).

use axum::response::Response;

use crate::directory::client::shown::{self, Shown};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::strength::Strength;
use crate::portal::Portal;
use crate::sessions::parked::{self, ParkedRequest};
use crate::web::headers::FormAction;
use crate::web::{Failure, Form, RequestInfo};

/// Where to go once signed in.
#[derive(Clone, Debug, Default)]
pub(in crate::portal) struct Next {
    /// The secret of a parked authorization request.
    request: String,
    /// A path of ours.
    back: String,
}

impl Next {
    /// From the address of a page.
    pub(in crate::portal) fn of_query(info: &RequestInfo) -> Self {
        let query = info.path.split_once('?').map_or("", |(_, query)| query);
        Form::parse(query.as_bytes()).map(|form| Self::of_form(&form)).unwrap_or_default()
    }

    /// From the hidden fields of a form. A path that a browser could read as another host is dropped (OA-44).
    pub(in crate::portal) fn of_form(form: &Form) -> Self {
        let back = form.text("return");
        let ours = back.starts_with('/')
            && !back.starts_with("//")
            && !back.contains(['\\', '\r', '\n', '\t'])
            && back.len() <= 2_000;
        let request = form.text("continue");
        let token =
            request.len() <= 128 && request.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        Self {
            request: if token { request.to_owned() } else { String::new() },
            back: if ours { back.to_owned() } else { String::new() },
        }
    }

    /// The hidden fields: name and value.
    pub(in crate::portal) fn fields(&self) -> Vec<(&'static str, String)> {
        let all = [("continue", self.request.clone()), ("return", self.back.clone())];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// A page of the sign-in that carries this on, with a problem or a notice to show.
    pub(in crate::portal) fn link(&self, path: &str, further: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields()).extend_pairs(further);
        let query = query.finish();
        let mark = if path.contains('?') { '&' } else { '?' };
        if query.is_empty() { path.to_owned() } else { format!("{path}{mark}{query}") }
    }

    /// The address after the sign-in.
    pub(in crate::portal) fn target(&self) -> String {
        if !self.request.is_empty() {
            format!("/oauth2/resume?request={}", self.request)
        } else if self.back.is_empty() {
            "/".to_owned()
        } else {
            self.back.clone()
        }
    }

    /// The secret of the parked request, if there is one.
    pub(in crate::portal) fn request(&self) -> Option<&str> {
        Some(self.request.as_str()).filter(|request| !request.is_empty())
    }

    /// The application whose request waits for a sign-in, with what is shown of it.
    pub(super) async fn asking(
        &self,
        portal: &Portal,
        parked: Option<&ParkedRequest>,
    ) -> Result<Option<Shown>, Failure> {
        let Some(parked) = parked.filter(|parked| parked.force_login) else { return Ok(None) };
        let shown = shown::find(&mut portal.app.db.reader().await?, parked.client).await?;
        Ok(shown.map(|shown| Shown { second_factor: shown.second_factor.max(asked_strength(parked)), ..shown }))
    }

    /// The parked request, if this browser brought it (SE-02).
    pub(in crate::portal) async fn parked(
        &self,
        portal: &Portal,
        info: &RequestInfo,
    ) -> Result<Option<ParkedRequest>, Failure> {
        let Some(request) = self.request() else { return Ok(None) };
        let tx = &mut portal.app.db.reader().await?;
        let digest: Digest = Token::from_text(request).digest();
        Ok(parked::find(tx, &digest, &info.browser.digest(), info.now).await?)
    }
}

/// How strong a sign-in the request itself asks for.
fn asked_strength(parked: &ParkedRequest) -> Strength {
    let word = parked.parameters.get("second_factor").and_then(serde_json::Value::as_str);
    word.and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// Lets the forms of a page lead to the application in the end: browsers apply `form-action` to redirects.
pub(in crate::portal) fn allow(mut response: Response, parked: Option<&ParkedRequest>) -> Response {
    // The request as its owner parked it: its parameters, alone or first in a list.
    let parameters = parked.map(|parked| parked.parameters.get(0).unwrap_or(&parked.parameters));
    let target = parameters.and_then(|parameters| parameters.get("redirect_uri")).and_then(serde_json::Value::as_str);
    if let Some(url) = target.and_then(|text| text.parse().ok()) {
        response.extensions_mut().insert(FormAction(vec![url]));
    }
    response
}
