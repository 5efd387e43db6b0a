//! Which paths are looked at: one spelling each. Whatever a proxy in front might read as another path is refused before any
//! route sees it (OA-60), so that a rule there ("nothing under /admin from outside") means the same here.

/// No empty segment but the last, none that is or ends in a dot, no `;` or `\`, and no escape of a character that would
/// mean something as it is: separators, dots, `%` itself, control characters (RFC 3986 §6.2.2).
pub(super) fn is_plain(path: &str) -> bool {
    let Some(segments) = path.strip_prefix('/') else { return false };
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        if (segment.is_empty() && !last) || segment.ends_with('.') || segment.contains([';', '\\']) {
            return false;
        }
        if !segment.split('%').skip(1).all(is_harmless) {
            return false;
        }
    }
    true
}

/// Whether what follows a `%` is the escape of a character without meaning in a path.
fn is_harmless(escape: &str) -> bool {
    let Some(byte) = escape.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) else { return false };
    escape.bytes().take(2).all(|b| b.is_ascii_hexdigit()) && !byte.is_ascii_control() && !b"/\\.;%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn oa_60_every_path_has_one_spelling() {
        for plain in [
            "/",
            "/oauth2/token",
            "/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
            "/scim/v2/Schemas/urn%3Aietf%3Aparams:scim:schemas:core:2.0:User",
            "/.well-known/openid-configuration",
            "/assets/abc/portal.css",
            "/admin/users/",
            "/caf%C3%A9",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for trick in [
            "",
            "*",
            "//",
            "//admin",
            "/admin//users",
            "/admin;x",
            "/admin;x=y/users",
            "/;/admin",
            "/admin%2fusers",
            "/admin%2Fusers",
            "/admin%5cusers",
            "/admin\\users",
            "/admin%00",
            "/admin%0d%0a",
            "/admin%3bx",
            "/admin.",
            "/admin./users",
            "/.",
            "/..",
            "/./admin",
            "/x/../admin",
            "/x/%2e%2e/admin",
            "/admin%2e",
            "/admin%252fusers",
            "/admin%",
            "/admin%2",
            "/admin%+f",
            "/admin%zz",
        ] {
            assert!(!is_plain(trick), "{trick}");
        }
    }
}
