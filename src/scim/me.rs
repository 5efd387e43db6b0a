//! `/Me` (RFC 7644 §3.11): the person whose token it is, under the same rules as below `/Users`.

use axum::extract::Request;
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};

use super::error::ScimError;
use super::parts::Resources;
use super::request::Caller;
use crate::kernel::ids::PrincipalId;

/// Passes the request on to the resource of the person. A service is nobody among the users.
pub async fn answer(resources: Resources, caller: Caller, mut request: Request) -> Response {
    let Some(PrincipalId::Person(id)) = caller.ctx.actor else { return ScimError::NotFound.into_response() };
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    match format!("/Users/{id}{query}").parse::<Uri>() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => return ScimError::InvalidValue("the query cannot be read".to_owned()).into_response(),
    }
    resources.answer(&caller, request).await
}
