//! The search of the page Users, as it stands in the address: bookmarks, the back button and the export all carry it.

use crate::kernel::ids::{GroupId, OrganisationId};
use crate::web::Form;

/// Rows per page that may be chosen.
pub const SIZES: [u32; 3] = [25, 50, 100];

/// The columns that can be sorted by (E48).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// First name.
    GivenName,
    /// Last name.
    #[default]
    FamilyName,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
}

impl Column {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 4] = [Self::GivenName, Self::FamilyName, Self::Email, Self::Phone];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// Whether it holds what not everybody sees (decision 13).
    pub fn is_contact(self) -> bool {
        matches!(self, Self::Email | Self::Phone)
    }

    /// The key of its heading.
    pub fn key(self) -> &'static str {
        match self {
            Self::GivenName => "user-given-name",
            Self::FamilyName => "user-family-name",
            Self::Email => "user-email",
            Self::Phone => "user-phone",
        }
    }
}

/// What is searched for. Anything unreadable counts as not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserQuery {
    /// The level; the top of the searcher's scope when not given.
    pub level: Option<OrganisationId>,
    /// What was given as a level is none.
    pub is_of_no_level: bool,
    /// Part of the name of a level, where there are too many to list.
    pub level_name: String,
    /// And the levels below it.
    pub sub_levels: bool,
    /// Members of this group.
    pub group: Option<GroupId>,
    /// Part of the first name.
    pub given_name: String,
    /// Part of the last name.
    pub family_name: String,
    /// Part of the e-mail address.
    pub email: String,
    /// Part of the phone number.
    pub phone: String,
    /// The state of the account.
    pub status: String,
    /// The state of the password.
    pub password: String,
    /// Sorted by.
    pub sort: Column,
    /// From Z to A.
    pub descending: bool,
    /// Rows per page.
    pub size: u32,
    /// Counted from 1.
    pub page: u32,
}

impl UserQuery {
    /// Reads the query of an address. Without a search sent, sub-levels are included.
    pub fn read(query: &str) -> Self {
        let form = Form::parse(query.as_bytes()).unwrap_or_default();
        let text = |name: &str| form.text(name).trim().chars().take(200).collect::<String>();
        let size = form.text("size").parse().ok().filter(|size| SIZES.contains(size)).unwrap_or(SIZES[0]);
        Self {
            level: form.text("level").parse().ok(),
            is_of_no_level: !form.text("level").is_empty() && form.text("level").parse::<OrganisationId>().is_err(),
            level_name: text("level_name"),
            sub_levels: !form.has("search") || form.has("sub_levels"),
            group: form.text("group").parse().ok(),
            given_name: text("given_name"),
            family_name: text("family_name"),
            email: text("email"),
            phone: text("phone"),
            status: text("status"),
            password: text("password"),
            sort: Column::ALL.into_iter().find(|column| column.as_str() == form.text("sort")).unwrap_or_default(),
            descending: form.text("dir") == "desc",
            size,
            page: form.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1),
        }
    }

    /// The address of the same search at `path`.
    pub fn link(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("search", "1");
        let ids = [("level", self.level.map(|id| id.to_string())), ("group", self.group.map(|id| id.to_string()))];
        for (name, value) in ids {
            query.extend_pairs(value.map(|value| (name, value)));
        }
        if self.sub_levels {
            query.append_pair("sub_levels", "on");
        }
        let texts = [
            ("level_name", &self.level_name),
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("email", &self.email),
            ("phone", &self.phone),
            ("status", &self.status),
            ("password", &self.password),
        ];
        query.extend_pairs(texts.into_iter().filter(|(_, value)| !value.is_empty()));
        query.append_pair("sort", self.sort.as_str());
        if self.descending {
            query.append_pair("dir", "desc");
        }
        query.append_pair("size", &self.size.to_string()).append_pair("page", &self.page.to_string());
        format!("{path}?{}", query.finish())
    }

    /// The same search from the first page, sorted by a column; the other way round if it already is.
    #[must_use]
    pub fn sorted_by(&self, column: Column) -> Self {
        Self { sort: column, descending: self.sort == column && !self.descending, page: 1, ..self.clone() }
    }

    /// The same search on another page.
    #[must_use]
    pub fn on_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }

    /// Whether anything narrows the list besides the level.
    pub fn is_narrowed(&self) -> bool {
        let texts = [&self.given_name, &self.family_name, &self.email, &self.phone, &self.status];
        self.group.is_some() || texts.iter().any(|text| !text.is_empty())
    }

    /// How many rows come before this page.
    pub fn offset(&self) -> i64 {
        i64::from(self.page.saturating_sub(1)) * i64::from(self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_survives_its_own_address() {
        let query =
            UserQuery::read("search=1&family_name=P%C3%A9rry+%26&sort=email&dir=desc&size=50&page=3&status=new");
        let link = query.link("/admin/users");
        assert_eq!(UserQuery::read(link.split_once('?').unwrap().1), query);
        assert_eq!((query.offset(), query.sub_levels), (100, false));
    }

    #[test]
    fn nonsense_counts_as_not_given() {
        let query = UserQuery::read("level=1;DROP&sort=password&size=100000&page=-1&dir=up");
        assert_eq!(
            query,
            UserQuery { is_of_no_level: true, sub_levels: true, size: 25, page: 1, ..UserQuery::default() }
        );
    }

    #[test]
    fn sorting_again_turns_the_order_round() {
        let query = UserQuery::read("sort=email");
        assert!(query.sorted_by(Column::Email).descending);
        assert!(!query.sorted_by(Column::Phone).descending);
    }
}
