//! Conditions on people as callers may state them. Pure; the SQL is in `condition_store.rs`.

use super::model::{PasswordStatus, Status};
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal; also true where there is no value.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The word in a filter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// A column that a filter may name: its SQL, a constant of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(pub &'static str);

impl Column {
    /// The e-mail address, as compared.
    pub const EMAIL: Self = Self("u.email_folded");
    /// The phone number.
    pub const PHONE: Self = Self("u.phone");
    /// The user name, as compared.
    pub const USER_NAME: Self = Self("u.user_name_folded");
    /// When the person was changed last: it moves with addresses and numbers, too.
    pub const UPDATED_AT: Self = Self("u.updated_at");

    /// Whether not everybody has a value in it.
    pub fn may_be_empty(self) -> bool {
        matches!(self, Self::EMAIL | Self::PHONE | Self("u.account_expires_at"))
    }

    /// Who sees what the column holds (decision 13).
    pub fn seen_by(self) -> SeenBy {
        match self {
            Self::EMAIL | Self::PHONE | Self::UPDATED_AT => SeenBy::Contacts,
            Self::USER_NAME => SeenBy::ContactsUnlessPlain,
            _ => SeenBy::All,
        }
    }
}

/// Who sees what a column holds, among those who see the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenBy {
    /// Everybody.
    All,
    /// Who sees the addresses and numbers of the person.
    Contacts,
    /// The same, unless it is a name that cannot be an address or a number (`User::has_plain_name`).
    ContactsUnlessPlain,
}

/// A condition on a row of `users u`. Each is true or false, never unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Always, or never.
    Constant(bool),
    /// All of both.
    And(Box<Condition>, Box<Condition>),
    /// Either.
    Or(Box<Condition>, Box<Condition>),
    /// The opposite.
    Not(Box<Condition>),
    /// There is a value, and it is not empty.
    Present(Column),
    /// A folded text.
    Text(Column, Operator, String),
    /// An instant.
    Time(Column, Operator, Timestamp),
    /// A switch.
    Flag(Column, bool),
    /// The account is in this state.
    Status(Status),
    /// The password is in this state.
    Password(PasswordStatus),
    /// The id of the user.
    Id(UserId),
    /// The home organisation.
    Organisation(OrganisationId),
    /// The id that the asking client gave.
    ExternalId(String),
    /// In this group, as far as the caller sees it.
    InGroup(GroupId),
}

impl Condition {
    /// Whether it names people by an index in which each has a place of their own, so that few are looked at.
    pub fn is_pointed(&self) -> bool {
        match self {
            Self::Constant(all) => !all,
            Self::And(left, right) => left.is_pointed() || right.is_pointed(),
            Self::Or(left, right) => left.is_pointed() && right.is_pointed(),
            Self::Text(column, Operator::Eq, _) => matches!(column.0, "u.user_name_folded" | "u.email_folded"),
            Self::Id(_) | Self::ExternalId(_) => true,
            Self::Not(_) | Self::Present(_) | Self::Text(..) | Self::Time(..) | Self::Flag(..) => false,
            Self::Status(_) | Self::Password(_) => false,
            Self::Organisation(_) | Self::InGroup(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_points_if_every_way_to_meet_it_names_somebody() {
        let name = || Condition::Text(Column("u.user_name_folded"), Operator::Eq, "a".to_owned());
        let wide = || Condition::Flag(Column("u.active"), true);
        let both = |left, right| (Box::new(left), Box::new(right));
        let (left, right) = both(name(), wide());
        assert!(Condition::And(left, right).is_pointed());
        let (left, right) = both(name(), wide());
        assert!(!Condition::Or(left, right).is_pointed());
        assert!(!Condition::Not(Box::new(name())).is_pointed());
        let part = Condition::Text(Column("u.user_name_folded"), Operator::Sw, "a".to_owned());
        assert!(!part.is_pointed() && !Condition::Constant(true).is_pointed());
    }
}
