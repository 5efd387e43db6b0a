//! A profile whose delegates register authorities: the shipped one of the identity portal, its word for them, and a role for that.

use chamberlain::delegation::profile::{Profile, SHIPPED, load};

/// What the shipped profile has no role for: registering organisations within one's own scope, with their people and modules.
const ROLE: &str = r#"
[[roles]]
code = "Registrar"
scope = "organisation"
sub_levels = "always"
permissions = [
  "user.read", "user.read_contact", "user.create", "user.update", "membership.read", "role.read", "role.grant",
  "organisation.read", "organisation.create", "organisation.update", "module.manage", "audit.read",
]
granted_by = [{ role = "Operator", relation = "any" }]
revoked_by = [{ role = "Operator", relation = "any" }]
"#;

/// The profile with the role `Registrar`.
pub fn registrars() -> Profile {
    load(&text()).unwrap()
}

/// Its text.
pub fn text() -> String {
    let words = "[words]\norganisation = \"level\"";
    assert!(SHIPPED[0].1.contains(words));
    format!("{}\n{ROLE}", SHIPPED[0].1.replacen(words, "[words]\norganisation = \"authority\"", 1))
}
