//! The media type of answers (RFC 7644 §3.1): `application/scim+json`, and `application/json` for those who ask for that alone.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::MEDIA_TYPE;

/// Answers in the media type that the client takes.
pub async fn negotiate(request: Request, next: Next) -> Response {
    let plain = wants_plain(request.headers());
    let mut response = next.run(request).await;
    if plain && response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE) {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}

fn wants_plain(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let kinds =
        accepted.flat_map(|value| value.split(',')).map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let mut plain = false;
    for kind in kinds {
        if kind.eq_ignore_ascii_case(MEDIA_TYPE) || kind == "*/*" || kind.eq_ignore_ascii_case("application/*") {
            return false;
        }
        plain |= kind.eq_ignore_ascii_case("application/json");
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7644 §3.1: SCIM's own type unless `application/json` is all that is taken.
    #[test]
    fn json_is_for_those_who_take_nothing_else() {
        for (accept, plain) in [
            ("application/json", true),
            ("text/html, Application/JSON;q=0.9", true),
            ("application/scim+json, application/json", false),
            ("application/json, */*", false),
            ("*/*", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_plain(&headers), plain, "{accept}");
        }
    }
}
