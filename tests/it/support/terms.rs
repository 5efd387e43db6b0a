//! Terms of use for tests: each version says its number, and tries what a text must not be able to do.

use std::collections::BTreeMap;

use chamberlain::agreements::model::Texts;
use chamberlain::agreements::{Document, Documents, GENERAL, Version};
use chamberlain::authority::{RoleDefinition, Roles};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::kernel::time::Timestamp;
use chamberlain::oidc::Oidc;

use super::World;
use super::relying_party::Provider;

/// One document whose versions take effect on these days or instants, counted from 1; another word makes a draft.
pub fn document(code: &str, days: &[&str]) -> Document {
    let texts = |pairs: &[(&str, String)]| {
        Texts::new(
            pairs.iter().map(|(language, text)| ((*language).to_owned(), text.clone())).collect::<BTreeMap<_, _>>(),
        )
    };
    let version = |(number, day): (u32, &&str)| Version {
        number,
        effective: Timestamp::start_of_date(day).or_else(|| Timestamp::parse_rfc3339(day)),
        texts: texts(&[
            ("en", format!("# Hello {number}\n\n<script>alert(1)</script> & <b>bold</b>\n\n- first\n- second")),
            ("de", format!("# Hallo {number}\n\nauf Deutsch")),
        ]),
    };
    let titles = texts(&[("en", format!("Terms of {code}")), ("de", format!("Bedingungen {code}"))]);
    Document { code: code.to_owned(), titles, versions: (1..).zip(days).map(version).collect() }
}

/// The terms that everybody is asked to accept.
pub fn general(days: &[&str]) -> Documents {
    Documents::new(vec![document(GENERAL, days)])
}

/// The terms of administrators in the shipped profile, with these versions instead of its draft; and the roles that ask for them.
pub fn supplement(days: &[&str]) -> (Roles, Documents) {
    let (code, text) = ("delegated-administrators", SHIPPED[0].1);
    let (head, tail) =
        text.split_once("[[terms]]\ncode = \"delegated-administrators\"").expect("the shipped profile has them");
    let roles = &tail[tail.find("[[roles]]").expect("roles come after terms")..];
    let version = |(number, day): (u32, &&str)| {
        format!(
            "[[terms.versions]]\nversion = {number}\neffective = \"{}\"\ntexts = {{ en = \"Text {number}\" }}\n",
            &day[..10]
        )
    };
    let versions: String = (1..).zip(days).map(version).collect();
    let new = format!("{head}[[terms]]\ncode = \"{code}\"\ntitles = {{ en = \"Supplement\" }}\n{versions}{roles}");
    let profile = load(&new).unwrap_or_else(|problems| panic!("{problems:?}"));
    // A profile knows days; tests would rather not wait for one.
    let documents = Documents::new(vec![document(code, days)]);
    let in_force = documents.get(code).map(Document::in_force);
    let exact =
        |role: &RoleDefinition| RoleDefinition { terms: role.terms.clone().and(in_force.clone()), ..role.clone() };
    (Roles::new(profile.roles.iter().map(exact).collect::<Vec<_>>()), documents)
}

impl Provider {
    /// The same world, where people are asked to accept something.
    pub async fn asking(world: World, documents: Documents) -> Self {
        Self::new(world).await.with_terms(documents)
    }

    /// Served anew with terms.
    pub fn with_terms(self, documents: Documents) -> Self {
        let Self { world, demo, mut oidc, .. } = self;
        oidc.app.agreements = documents;
        Self::serving(world, demo, Oidc::new(oidc.app, oidc.tokens, oidc.settings))
    }
}
