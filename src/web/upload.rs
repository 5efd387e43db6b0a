//! A form that brings a file. Its token is checked as that of every form is.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, FromRequestParts, Multipart, Request};

use super::app::App;
use super::csrf;
use super::extract::RequestInfo;
use super::form::Form;
use super::limits::UPLOAD_BYTES;
use super::respond::Failure;

/// The fields of a form, and the one file that came with them; so many bytes in all.
#[derive(Debug)]
pub struct Upload<const MOST: usize = UPLOAD_BYTES> {
    /// Everything but the file.
    pub form: Form,
    /// The file; empty if none was chosen.
    pub file: Bytes,
    /// What it is called where it comes from.
    pub name: String,
}

impl<S: Send + Sync, const MOST: usize> FromRequest<S> for Upload<MOST>
where
    App: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let Ok(info) = <RequestInfo as FromRequestParts<S>>::from_request_parts(&mut parts, state).await;
        let bytes = to_bytes(body, MOST).await.map_err(|_| Failure::TooLarge)?;
        // What is no form of this kind brings no token either.
        let mut request = Request::from_parts(parts, Body::from(bytes));
        DefaultBodyLimit::max(MOST).apply(&mut request);
        let mut sent = Multipart::from_request(request, state).await.map_err(|_| Failure::Csrf)?;
        let (mut fields, mut file, mut called) = (Vec::new(), None, String::new());
        while let Some(field) = sent.next_field().await.map_err(|_| Failure::BadRequest)? {
            let name = field.name().unwrap_or_default().to_owned();
            let Some(file_name) = field.file_name().map(str::to_owned) else {
                fields.push((name, field.text().await.map_err(|_| Failure::BadRequest)?));
                continue;
            };
            called = file_name;
            if file.replace(field.bytes().await.map_err(|_| Failure::BadRequest)?).is_some() {
                return Err(Failure::BadRequest);
            }
        }
        let fields = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = Form::parse(fields.as_bytes()).map_err(|_| Failure::BadRequest)?;
        if csrf::verify(Some(&info.browser), info.session.as_ref(), form.text(csrf::FIELD)) {
            Ok(Self { form, file: file.unwrap_or_default(), name: called })
        } else {
            Err(Failure::Csrf)
        }
    }
}
