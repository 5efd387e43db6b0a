//! The SQL of how people stand to the application of a client: whatever decides about it in one row, and with it the person.

use crate::db::{self, Tx, on, statements};
use crate::directory::module::store::ToldRow;
use crate::directory::organisation::sign_in_rules_store::strongest;
use crate::directory::user::model::User;
use crate::directory::user::row_store::UserRow;
use crate::kernel::ids::{EnvironmentId, UserId};
use crate::kernel::time::Timestamp;

use super::entry::Entry;

/// How `users u` stand to the application of `environments e`, which [`entry_joins`] joins.
macro_rules! entry_columns {
    ($now:literal) => {
        concat!(
            "e.requires_group AS entry_requires_group, e.second_factor AS entry_second_factor, ",
            $crate::directory::organisation::sign_in_rules_store::home_second_factors!(),
            " AS entry_home_second_factors, a.module_access AS told_access, m.status AS told_status, m.kind AS told_kind,
            m.classification AS told_classification, m.settings AS told_settings,
            (SELECT string_agg(g.code, ' ') FROM memberships x JOIN group_closure i ON i.inner_id = x.group_id JOIN groups g ON g.id = i.outer_id
                WHERE x.user_id = u.id AND g.environment_id = e.id AND (x.until IS NULL OR x.until > ",
            $now,
            ")) AS entry_groups"
        )
    };
}

macro_rules! entry_joins {
    () => {
        " LEFT JOIN applications a ON a.id = e.application_id
        LEFT JOIN module_accesses m ON m.application_id = a.id AND m.organisation_id = u.organisation_id"
    };
}

/// Everything of `users u` that [`PersonRow`] reads. The names of the path stand one below the other: no name has a line break in it.
macro_rules! person_columns {
    ($now:literal) => {
        concat!(
            "u.*, ",
            $crate::directory::client::entry_store::entry_columns!($now),
            ", (",
            $crate::directory::user::usable::account_usable!($now),
            ") AS entry_usable, (SELECT string_agg(o.name, '\n' ORDER BY c.depth DESC) FROM organisation_closure c
                JOIN organisations o ON o.id = c.ancestor_id WHERE c.descendant_id = u.organisation_id) AS entry_path"
        )
    };
}

pub(crate) use {entry_columns, entry_joins, person_columns};

statements! {
    /// Somebody who is not there has no group and no home that could hold a module.
    FIND = concat!("SELECT ", entry_columns!("$3"), " FROM environments e LEFT JOIN users u ON u.id = $1", entry_joins!(), " WHERE e.id = $2");
    FIND_PERSON = concat!("SELECT ", person_columns!("$3"), " FROM users u LEFT JOIN environments e ON e.id = $2", entry_joins!(), " WHERE u.id = $1");
}

#[derive(sqlx::FromRow)]
struct Row {
    entry_requires_group: Option<bool>,
    entry_second_factor: Option<String>,
    entry_home_second_factors: Option<String>,
    /// Codes have neither spaces nor line breaks.
    entry_groups: Option<String>,
    #[sqlx(flatten)]
    told: ToldRow,
}

/// A person with how they stand to an application, column by column.
#[derive(sqlx::FromRow)]
pub(crate) struct PersonRow {
    #[sqlx(flatten)]
    user: UserRow,
    entry_usable: bool,
    entry_path: Option<String>,
    #[sqlx(flatten)]
    entry: Row,
}

/// A person for the application of a client.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub user: User,
    /// Whether the account may be used, and no organisation above it is switched off.
    pub usable: bool,
    /// The names of the organisations from the root down to the home organisation.
    pub path: Vec<String>,
    /// How they stand to the application.
    pub entry: Entry,
}

impl Row {
    fn into_model(self) -> db::Result<Entry> {
        let mut groups: Vec<String> =
            self.entry_groups.as_deref().unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
        // Sorted here: databases disagree about the order of texts.
        groups.sort_unstable();
        // Somebody comes to a group by more than one way.
        groups.dedup();
        let asked =
            strongest(self.entry_second_factor.as_deref())?.max(strongest(self.entry_home_second_factors.as_deref())?);
        Ok(Entry::new(self.entry_requires_group.unwrap_or(false), groups, self.told.into_model()?).asking(asked))
    }
}

impl PersonRow {
    /// The person that the row describes.
    pub(crate) fn into_model(self) -> db::Result<Person> {
        let path = self.entry_path.as_deref().unwrap_or_default().split('\n').map(str::to_owned).collect();
        Ok(Person { user: self.user.into_model()?, usable: self.entry_usable, path, entry: self.entry.into_model()? })
    }
}

/// How somebody stands to the application of an environment; nothing if that is gone.
pub(super) async fn find(
    tx: &mut Tx,
    user: UserId,
    environment: EnvironmentId,
    now: Timestamp,
) -> db::Result<Option<Entry>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND).bind(user).bind(environment).bind(now).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Somebody, deleted or not, with how they stand to the application of an environment; a client without one asks for nothing.
pub async fn find_person(
    tx: &mut Tx,
    user: UserId,
    environment: Option<EnvironmentId>,
    now: Timestamp,
) -> db::Result<Option<Person>> {
    let row: Option<PersonRow> =
        on!(tx, c => sqlx::query_as(FIND_PERSON).bind(user).bind(environment).bind(now).fetch_optional(c).await)?;
    row.map(PersonRow::into_model).transpose()
}
