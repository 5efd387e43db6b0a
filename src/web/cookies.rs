//! Cookies: only those that are strictly necessary. `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax` (RFC 6265bis §4.1.3).

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::app::App;
use crate::kernel::secret::{Digest, Token};
use crate::locale::Locale;

/// The signed-in session.
pub const SESSION: &str = "chamberlain";
/// The browser, also before anybody has signed in: binds sign-ins and forms to it.
pub const BROWSER: &str = "chamberlain-browser";
/// By which a browser is asked for no code until a day (ADR 0019): stands for nothing without the password.
pub const REMEMBERED: &str = "chamberlain-remembered";
/// What pages of applications can compare, to see that the session has changed (OIDC Session Management 1.0 §3.2); only where that
/// is switched on. It tells nothing and opens nothing.
pub const STATE: &str = "chamberlain-state";
/// The language that was chosen.
pub const LANGUAGE: &str = "chamberlain-language";

/// How long the language is remembered, in seconds.
const LANGUAGE_LASTS: u32 = 31_536_000;

/// The name as sent: with `__Host-` wherever the browser would accept it.
fn full_name(app: &App, name: &str) -> String {
    if app.secure_cookies { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie. Of two cookies with one name neither is believed (SE-04: cookie tossing).
pub fn read(app: &App, headers: &HeaderMap, name: &str) -> Option<String> {
    let wanted = full_name(app, name);
    let mut found = None;
    for header in headers.get_all(header::COOKIE) {
        for pair in header.to_str().ok()?.split(';') {
            let Some((key, value)) = pair.trim().split_once('=') else { continue };
            if key == wanted {
                if found.is_some() {
                    return None;
                }
                found = Some(value.to_owned());
            }
        }
    }
    found.filter(|value| !value.is_empty() && value.len() <= 128)
}

/// The value of a cookie that holds a secret.
pub fn read_token(app: &App, headers: &HeaderMap, name: &str) -> Option<Token> {
    read(app, headers, name).map(Token::from_text)
}

/// `Set-Cookie` for a secret that lasts as long as the browser is open.
pub fn set_token(app: &App, name: &str, token: &Token) -> Option<HeaderValue> {
    secret(app, (name, ""), token)
}

/// `Set-Cookie` for a secret that lasts for this long.
pub fn set_lasting_token(app: &App, (name, lasts): (&str, Duration), token: &Token) -> Option<HeaderValue> {
    secret(app, (name, &format!("; Max-Age={}", lasts.as_secs())), token)
}

fn secret(app: &App, (name, lasts): (&str, &str), token: &Token) -> Option<HeaderValue> {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    let text = format!("{}={}; Path=/; HttpOnly; SameSite=Lax{lasts}{secure}", full_name(app, name), token.reveal());
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The state of a browser, as the frame of the applications compares it: another one for each session cookie, from which no way
/// leads back to the cookie.
pub fn browser_state(session: &Token) -> String {
    let digest = Digest::of(format!("browser state {}", session.reveal()).as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_bytes())
}

/// `Set-Cookie` for the state of a browser. Read by the script of our own frame within pages of others: neither `HttpOnly` nor
/// `SameSite=Lax`. Browsers take `SameSite=None` with `Secure` only.
pub fn set_state(app: &App, session: &Token) -> Option<HeaderValue> {
    let rest = if app.secure_cookies { "SameSite=None; Secure" } else { "SameSite=Lax" };
    HeaderValue::from_str(&format!("{}={}; Path=/; {rest}", full_name(app, STATE), browser_state(session))).ok()
}

/// The cookie that follows the session cookie of an answer: set with it, taken away with it.
pub fn following(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let name = format!("{}=", full_name(app, SESSION));
    let set = headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let session = set.filter_map(|text| text.strip_prefix(&name)?.split(';').next()).next_back()?;
    if session.is_empty() { clear(app, STATE) } else { set_state(app, &Token::from_text(session)) }
}

/// `Set-Cookie` for the chosen language.
pub fn set_language(app: &App, locale: Locale) -> Option<HeaderValue> {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    let name = full_name(app, LANGUAGE);
    HeaderValue::from_str(&format!("{name}={locale}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LANGUAGE_LASTS}{secure}"))
        .ok()
}

/// `Set-Cookie` that takes a cookie away.
pub fn clear(app: &App, name: &str) -> Option<HeaderValue> {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", full_name(app, name))).ok()
}
