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

/// Put into a response's extensions: the origins of what is shown in frames of it, and nothing else may be (OIDC Front-Channel
/// Logout 1.0 §3).
#[derive(Clone, Debug, Default)]
pub struct FrameSource(pub Vec<Url>);

/// What a response asks for besides the fixed policy.
#[derive(Clone, Debug, Default)]
pub struct Further {
    /// Where forms may lead.
    pub forms: FormAction,
    /// What may be in frames.
    pub frames: FrameSource,
}

/// The content security policy with further form targets and frames.
fn policy(further: &Further) -> String {
    let mut policy = POLICY.to_owned();
    for target in &further.forms.0 {
        add_source(&mut policy, target);
    }
    let mut origins: Vec<_> = further.frames.0.iter().map(Url::origin).filter(url::Origin::is_tuple).collect();
    origins.dedup();
    if !origins.is_empty() {
        policy.push_str("; frame-src");
        for origin in origins {
            policy.push(' ');
            policy.push_str(&origin.ascii_serialization());
        }
    }
    policy
}

fn add_source(policy: &mut String, target: &Url) {
    let origin = target.origin();
    policy.push(' ');
    if origin.is_tuple() {
        policy.push_str(&origin.ascii_serialization());
    } else {
        policy.push_str(target.scheme());
        policy.push(':');
    }
}

/// Sets the headers of a page (OA-43). A `Cache-Control` that is there already stays (assets).
pub fn secure(app: &App, headers: &mut HeaderMap, further: &Further) {
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
        let policy = policy(&Further { forms: FormAction(targets.to_vec()), ..Further::default() });
        assert!(policy.ends_with("form-action 'self' https://casper.example com.example.app:"), "{policy}");
    }

    #[test]
    fn frames_are_of_the_named_origins_only() {
        let told = ["https://a.example/fcl?x=1;y", "https://a.example/other", "https://b.example:8443/", "x.y:/z"];
        let frames = FrameSource(told.map(|text| text.parse().unwrap()).to_vec());
        let policy = policy(&Further { frames, ..Further::default() });
        assert!(policy.ends_with("; frame-src https://a.example https://b.example:8443"), "{policy}");
        assert!(!super::policy(&Further::default()).contains("frame-src"));
    }
}
