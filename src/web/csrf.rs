//! A form is accepted only from our own pages in the same browser and session (OA-45).
//!
//! Two independent defences: `Sec-Fetch-Site`/`Origin` (the layer) and a hidden token that only a page of this browser
//! and session can hold. The token is an HMAC under the browser's and the session's own secrets, so that it needs no
//! storage, works on every node, and changes when somebody signs in or out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::kernel::secret::Token;

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// The token of a browser and its session.
pub fn token(browser: &Token, session: Option<&Token>) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(browser.reveal().as_bytes()) else { return String::new() };
    mac.update(b"chamberlain form\0");
    mac.update(session.map_or("", Token::reveal).as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether a submitted token is the right one; takes the same time wherever they differ (CR-07).
pub fn verify(browser: Option<&Token>, session: Option<&Token>, submitted: &str) -> bool {
    browser.is_some_and(|browser| token(browser, session).as_bytes().ct_eq(submitted.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_its_browser_and_session_only() {
        let (browser, other, session) = (Token::from_text("b"), Token::from_text("o"), Token::from_text("s"));
        let right = token(&browser, Some(&session));
        assert!(verify(Some(&browser), Some(&session), &right));
        assert!(!verify(Some(&browser), None, &right));
        assert!(!verify(Some(&other), Some(&session), &right));
        assert!(!verify(None, Some(&session), &right));
        assert!(!verify(Some(&browser), Some(&session), ""));
    }
}
