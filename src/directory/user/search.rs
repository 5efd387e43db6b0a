//! What lists of people can be asked for (E46–E48). Pure; the SQL is in `search_store.rs`.

use super::model::{PasswordStatus, Status};
use crate::authority::{ApplicationScope, Scope};
use crate::kernel::ids::{GroupId, OrganisationId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// The columns that lists are sorted by (E48). Names, not input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Given name.
    GivenName,
    /// Family name.
    #[default]
    FamilyName,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
}

impl SortBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::GivenName, Self::FamilyName, Self::Email, Self::Phone];

    /// The first column of the order, and whether it may be empty.
    pub(super) fn key(self) -> (&'static str, bool) {
        match self {
            Self::GivenName => ("given_name_folded", false),
            Self::FamilyName => ("family_name_folded", false),
            Self::Email => ("email_folded", true),
            Self::Phone => ("phone", true),
        }
    }

    /// The columns that the order looks at, beside the number.
    pub(super) fn columns(self) -> &'static str {
        match self {
            Self::GivenName | Self::FamilyName => "u.family_name_folded, u.given_name_folded",
            Self::Email => "u.email_folded",
            Self::Phone => "u.phone",
        }
    }

    /// Ascending and descending, with ties broken so that paging neither skips nor repeats anybody. Whoever has no value
    /// comes first, as SQLite keeps them, and last from the end.
    pub(super) fn order(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::GivenName, false) => "u.given_name_folded, u.family_name_folded, u.number",
            (Self::GivenName, true) => "u.given_name_folded DESC, u.family_name_folded DESC, u.number DESC",
            (Self::FamilyName, false) => "u.family_name_folded, u.given_name_folded, u.number",
            (Self::FamilyName, true) => "u.family_name_folded DESC, u.given_name_folded DESC, u.number DESC",
            (Self::Email, false) => "u.email_folded NULLS FIRST, u.number",
            (Self::Email, true) => "u.email_folded DESC NULLS LAST, u.number DESC",
            (Self::Phone, false) => "u.phone NULLS FIRST, u.number",
            (Self::Phone, true) => "u.phone DESC NULLS LAST, u.number DESC",
        }
    }
}

/// What is searched for. Texts are parts of the value, upper or lower case; empty ones do not filter.
#[derive(Clone, Debug)]
pub struct Search {
    /// Nobody outside of it is found or counted.
    pub scope: Scope,
    /// Of everybody outside of it, addresses and numbers are not looked at (decision 13). Who sorts by
    /// them has to see those of everybody ([`crate::authority::Reach::is_inside`]).
    pub contacts: Scope,
    /// Only this organisation, and those below it if so.
    pub organisation: Option<(OrganisationId, bool)>,
    /// Only members of this group, as far as memberships are seen: one out of sight has no members (D8).
    pub group: Option<(GroupId, ApplicationScope)>,
    /// Part of the given name.
    pub given_name: String,
    /// Part of the family name.
    pub family_name: String,
    /// Part of the e-mail address.
    pub email: String,
    /// Part of the phone number.
    pub phone: String,
    /// The state of the account.
    pub status: Option<Status>,
    /// The state of the password; those set then or before have expired.
    pub password: Option<(PasswordStatus, Option<Timestamp>)>,
    /// Sorted by.
    pub sort: SortBy,
    /// From Z to A.
    pub descending: bool,
}

impl Search {
    /// Everybody in a scope, by family name; without a look at addresses and numbers.
    pub fn everybody(scope: Scope, organisation: Option<(OrganisationId, bool)>) -> Self {
        Self {
            scope,
            contacts: Scope::nowhere(),
            organisation,
            group: None,
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            phone: String::new(),
            status: None,
            password: None,
            sort: SortBy::default(),
            descending: false,
        }
    }

    /// The texts that filter, as they are compared, with their columns.
    pub(super) fn texts(&self) -> Vec<(&'static str, String)> {
        let digits = self.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        let texts = [
            ("u.given_name_folded", fold(&self.given_name)),
            ("u.family_name_folded", fold(&self.family_name)),
            ("u.email_folded", fold(&self.email)),
            ("u.phone", digits),
        ];
        texts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Whether some of the texts are looked for in what not everybody in the scope shows.
    pub(super) fn is_guarded(&self) -> bool {
        let by_contact = self.texts().iter().any(|(column, _)| matches!(*column, "u.email_folded" | "u.phone"));
        by_contact && !self.contacts.spans(&self.scope)
    }

    /// Whether anything but the organisation narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.group.is_some() || self.status.is_some() || self.password.is_some() || !self.texts().is_empty()
    }
}

/// A pattern for texts that hold `text`, whose own wildcards are taken literally.
pub(super) fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// What the index of texts is asked for (FTS5): pieces of three characters that all have to be there, next to one another or
/// not, so that every hit has to be looked at again. `None` when no text has three characters.
pub(super) fn pieces(texts: &[(&'static str, String)]) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, text) in texts {
        let characters: Vec<char> = text.chars().collect();
        let windows: Vec<&[char]> = characters.windows(3).collect();
        let chosen = windows.iter().step_by(3).take(8).chain(windows.last());
        found.extend(chosen.map(|window| window.iter().collect::<String>()));
    }
    // A zero byte would end the expression early.
    found.retain(|piece| !piece.contains('\0'));
    found.sort_unstable();
    found.dedup();
    let quoted: Vec<String> = found.iter().map(|piece| format!("\"{}\"", piece.replace('"', "\"\""))).collect();
    if quoted.is_empty() { None } else { Some(quoted.join(" AND ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_are_plain_characters() {
        assert_eq!(containing("50%_\\"), "%50\\%\\_\\\\%");
    }

    #[test]
    fn the_index_is_asked_for_pieces_of_three_characters() {
        let of = |text: &str| pieces(&[("u.email_folded", text.to_owned())]);
        assert_eq!(of("ab"), None);
        assert_eq!(of("müller").as_deref(), Some("\"ler\" AND \"mül\""));
        assert_eq!(of("abcde").as_deref(), Some("\"abc\" AND \"cde\""));
        assert_eq!(of("a\"b").as_deref(), Some("\"a\"\"b\""));
        assert_eq!(of("\0bc"), None);
    }
}
