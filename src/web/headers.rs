//! The headers of pages: one fixed set, tested exactly.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;

use super::app::App;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                      manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// Put into a response's extensions: origins to which its forms may lead after redirects, besides our own. Browsers apply
/// `form-action` to the whole chain of redirects after a POST, so that a sign-in needs its client's origin here.
#[derive(Clone, Debug, Default)]
pub struct FormAction(pub Vec<Url>);

/// The content security policy with further form targets.
fn policy(further: &FormAction) -> String {
    let mut policy = POLICY.to_owned();
    for target in &further.0 {
        let origin = target.origin();
        policy.push(' ');
        if origin.is_tuple() {
            policy.push_str(&origin.ascii_serialization());
        } else {
            policy.push_str(target.scheme());
            policy.push(':');
        }
    }
    policy
}

/// Sets the headers of a page (OA-43). A `Cache-Control` that is there already stays (assets).
pub fn secure(app: &App, headers: &mut HeaderMap, further: &FormAction) {
    if let Ok(value) = HeaderValue::from_str(&policy(further)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    let fixed = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "publickey-credentials-get=(self), publickey-credentials-create=(self)",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.secure_cookies {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_targets_are_origins_or_schemes_and_nothing_else() {
        let targets = ["https://casper.example/cb?x=1;y", "com.example.app:/cb"].map(|text| text.parse().unwrap());
        let policy = policy(&FormAction(targets.to_vec()));
        assert!(policy.ends_with("form-action 'self' https://casper.example com.example.app:"), "{policy}");
    }
}
