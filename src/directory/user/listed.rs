//! A person as lists show one: of the row of `users` what a table needs, and no more. What a page costs is mostly the number of
//! values that are handed over (docs/performance.md).

use super::model::{Standing, Status, is_plain_name};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// One person of a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The id.
    pub id: UserId,
    /// The home organisation.
    #[sqlx(rename = "organisation_id")]
    pub organisation: OrganisationId,
    /// SCIM `userName`.
    pub user_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The person's number at the customer (E43).
    pub company_id: Option<String>,
    active: bool,
    blocked: bool,
    activated_at: Option<Timestamp>,
    account_expires_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is selected of `users u`.
pub(super) const SELECTED: &str = "SELECT u.id, u.organisation_id, u.user_name, u.email, u.phone, u.given_name, u.family_name, \
    u.company_id, u.active, u.blocked, u.activated_at, u.account_expires_at, u.deleted_at, u.created_at, u.updated_at";

impl Listed {
    /// The state of the account at `now`.
    pub fn status(&self, now: Timestamp) -> Status {
        let standing = Standing {
            deleted: self.deleted_at.is_some(),
            blocked: self.blocked,
            active: self.active,
            ends: self.account_expires_at,
            activated: self.activated_at.is_some(),
        };
        standing.status(now)
    }

    /// E-mail address and phone number.
    pub fn contacts(&self) -> (Option<&str>, Option<&str>) {
        (self.email.as_deref(), self.phone.as_deref())
    }

    /// Whether the user name is shown where e-mail address and phone number are not (decision 13).
    pub fn has_plain_name(&self) -> bool {
        is_plain_name(&self.user_name)
    }
}
