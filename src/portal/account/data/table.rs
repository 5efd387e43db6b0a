//! The same as a table for a spreadsheet: what there is one of each, memberships and roles. The rest has no columns in common, and is in
//! the JSON. Pure.

use super::document::{Actor, Document};
use crate::web::Page;

/// The heads, and a row for each thing.
pub(super) fn rows(page: &Page, document: &Document) -> Vec<Vec<String>> {
    let mut rows = vec![["data-part", "data-value", "since", "until", "granted-by"].map(|key| page.t(key)).to_vec()];
    let account = &document.account;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let facts = [
        ("user-given-name", account.given_name.clone()),
        ("user-family-name", account.family_name.clone()),
        ("user-email", account.email.as_ref().map(|email| email.value.clone()).unwrap_or_default()),
        ("user-phone", account.phone.as_ref().map(|phone| phone.value.clone()).unwrap_or_default()),
        ("data-user-name", account.user_name.clone()),
        ("user-level", account.organisation.path.join(" / ")),
        ("user-company-id", text(&account.company_id)),
        ("user-subsidiary", text(&account.subsidiary)),
        ("language", text(&account.locale)),
        ("user-created", account.created_at.clone()),
        ("user-expires", text(&account.expires_at)),
        ("user-last-sign-in", text(&account.last_sign_in_at)),
    ];
    rows.extend(facts.map(|(key, value)| line(page.t(key), value, ("", "", ""))));
    if let Some(pending) = &account.pending {
        for (key, value) in [("data-pending-email", &pending.email), ("data-pending-phone", &pending.phone)] {
            rows.extend(value.clone().map(|value| line(page.t(key), value, (&pending.since, "", ""))));
        }
    }
    for one in &document.memberships {
        let until = one.until.as_deref().unwrap_or_default();
        let value = format!("{} ({})", one.group, one.title);
        rows.push(line(page.t("group"), value, (&one.since, until, &by(page, &one.by))));
    }
    for one in &document.roles {
        let until = one.until.as_deref().unwrap_or_default();
        let place = one.organisation.as_deref().unwrap_or_default();
        let value = format!("{} ({place})", one.role);
        rows.push(line(page.t("role"), value, (&one.since, until, &by(page, &one.by))));
    }
    rows
}

fn line(part: String, value: String, (since, until, by): (&str, &str, &str)) -> Vec<String> {
    vec![part, value, since.to_owned(), until.to_owned(), by.to_owned()]
}

fn by(page: &Page, actor: &Actor) -> String {
    match (actor.kind, &actor.name) {
        ("self", _) => page.person.clone().unwrap_or_default(),
        (_, Some(name)) => name.clone(),
        ("service", None) => page.t("by-service"),
        ("console", None) => page.t("by-console"),
        (_, None) => page.t("somebody"),
    }
}
