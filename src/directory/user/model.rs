//! What a user is.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::kernel::ids::{OrganisationId, PrincipalId, UserId};
use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;

/// The state of an account, as pages, SCIM and filters name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Created, not yet activated by its owner (I67).
    New,
    /// In use.
    Active,
    /// Past the account expiration date (E44, D12).
    Expired,
    /// Stopped by an operator; the customer cannot lift it (SC-32).
    Blocked,
    /// Switched off by the customer.
    Deactivated,
    /// Deleted and restorable for a while; found by nobody but the operator.
    Deleted,
}

impl Status {
    /// The word in SCIM (`accountStatus`), filters and locale keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
            Self::Deactivated => "deactivated",
            Self::Deleted => "deleted",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::New, Self::Active, Self::Expired, Self::Blocked, Self::Deactivated, Self::Deleted]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// The state of a password, as pages, SCIM and filters name it (I69).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordStatus {
    /// The owner has not chosen one yet: what was mailed is good for that only.
    Temporary,
    /// It can be used.
    Valid,
    /// It cannot be used: the account is blocked.
    Blocked,
    /// It is older than the profile allows; a new one is asked for at the next sign-in (I65).
    Expired,
}

impl PasswordStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Temporary, Self::Valid, Self::Blocked, Self::Expired];

    /// The word in SCIM (`passwordStatus`), filters and locale keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Temporary => "temporary",
            Self::Valid => "valid",
            Self::Blocked => "blocked",
            Self::Expired => "expired",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// A change of address that an administrator asked for and that has not taken effect (D15, `decisions.md` 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingContact {
    /// The e-mail address to come.
    pub email: Option<EmailAddress>,
    /// Who asked for that.
    pub email_by: Option<PrincipalId>,
    /// The phone number to come.
    pub phone: Option<PhoneNumber>,
    /// Who asked for that.
    pub phone_by: Option<PrincipalId>,
    /// Since when; it takes effect after the cooling-off of the profile.
    pub since: Timestamp,
    /// When its owner agreed; then it waits no longer.
    pub agreed_at: Option<Timestamp>,
    /// The second administrator who approved it, and when (D11).
    pub approved: Option<(PrincipalId, Timestamp)>,
}

impl PendingContact {
    /// Whether it has waited long enough at `now`, or its owner agreed.
    pub fn is_due(&self, cooling_off: Duration, now: Timestamp) -> bool {
        self.agreed_at.is_some() || self.since.plus(cooling_off) <= now
    }
}

/// A natural person with one home organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its id; also `sub` and the SCIM `id`. Never re-used.
    pub id: UserId,
    /// The home organisation ("level").
    pub organisation: OrganisationId,
    /// SCIM `userName`; the e-mail address unless a provisioning client says otherwise.
    pub user_name: String,
    /// The address that signs in; SCIM may leave it out, then nobody can sign in.
    pub email: Option<EmailAddress>,
    /// Whether its owner has proved it.
    pub email_verified: bool,
    /// The number that receives sign-in codes.
    pub phone: Option<PhoneNumber>,
    /// Whether its owner has proved it.
    pub phone_verified: bool,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The person's number at the customer (E43).
    pub company_id: Option<String>,
    /// Free text (E72).
    pub subsidiary: Option<String>,
    /// `en`, `de`, `fr` …
    pub locale: Option<String>,
    /// Set by the registration flow only (E70).
    pub self_registered: bool,
    /// The customer's switch (SCIM `active`).
    pub active: bool,
    /// The operator's switch.
    pub blocked: bool,
    /// When its owner activated it.
    pub activated_at: Option<Timestamp>,
    /// From this instant on the account has no effect (D12).
    pub account_expires_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// When its owner last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// A change of address on its way.
    pub pending: Option<PendingContact>,
    /// When the owner last chose a password; written with the password only.
    pub password_changed_at: Option<Timestamp>,
    /// When an administrator confirmed to have told them the user name (I18); written by that only.
    pub user_name_told_at: Option<Timestamp>,
    /// When what was stored of them was erased; written by that only.
    pub erased_at: Option<Timestamp>,
    /// Raised when sessions and tokens must be judged anew.
    pub epoch: i64,
    /// SCIM attributes that have no column (RFC 7643 §4.1), kept and returned as they came.
    pub scim: Map<String, Value>,
    /// Who created it.
    pub created_by: PrincipalId,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by each change.
    pub version: i64,
}

/// What the state of an account follows from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) deleted: bool,
    pub(super) blocked: bool,
    pub(super) active: bool,
    pub(super) ends: Option<Timestamp>,
    pub(super) activated: bool,
}

impl Standing {
    /// The state at `now`, the strongest reason first.
    pub(super) fn status(self, now: Timestamp) -> Status {
        match self {
            Self { deleted: true, .. } => Status::Deleted,
            Self { blocked: true, .. } => Status::Blocked,
            Self { active: false, .. } => Status::Deactivated,
            Self { ends: Some(end), .. } if end <= now => Status::Expired,
            Self { activated: false, .. } => Status::New,
            _ => Status::Active,
        }
    }
}

/// Whether a user name looks like neither an e-mail address nor a phone number: one that does is one for all that a reader can
/// tell, whatever the address is now.
pub(super) fn is_plain_name(user_name: &str) -> bool {
    !user_name.contains('@') && !user_name.starts_with('+')
}

impl User {
    /// The state of the account at `now`, the strongest reason first.
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
        (self.email.as_ref().map(EmailAddress::as_str), self.phone.as_ref().map(PhoneNumber::as_str))
    }

    /// The state of the password; those set at `expired_since` or before have expired.
    pub fn password_status(&self, expired_since: Option<Timestamp>) -> PasswordStatus {
        match self.password_changed_at {
            _ if self.blocked => PasswordStatus::Blocked,
            None => PasswordStatus::Temporary,
            Some(at) if expired_since.is_some_and(|since| at <= since) => PasswordStatus::Expired,
            Some(_) => PasswordStatus::Valid,
        }
    }

    /// Whether the user name is shown where e-mail address and phone number are not (decision 13).
    pub fn has_plain_name(&self) -> bool {
        is_plain_name(&self.user_name)
    }

    /// Whether the account may sign in and hold authority at `now`.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.status(now) == Status::Active
    }
}

/// What a caller gives to create a user.
#[derive(Clone, Debug, PartialEq)]
pub struct NewUser {
    /// SCIM `userName`; the e-mail address if left out.
    pub user_name: Option<String>,
    /// Address to sign in with.
    pub email: Option<EmailAddress>,
    /// Number for sign-in codes.
    pub phone: Option<PhoneNumber>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The person's number at the customer.
    pub company_id: Option<String>,
    /// Free text.
    pub subsidiary: Option<String>,
    /// Preferred language.
    pub locale: Option<String>,
    /// From this instant on the account has no effect.
    pub account_expires_at: Option<Timestamp>,
    /// The customer's switch.
    pub active: bool,
    /// SCIM attributes without a column.
    pub scim: Map<String, Value>,
}

/// A change to a user: `None` leaves a field as it is, `Some(None)` clears it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserChange {
    /// SCIM `userName`.
    pub user_name: Option<String>,
    /// Address to sign in with; by an administrator it stays pending (D15).
    pub email: Option<Option<EmailAddress>>,
    /// Number for sign-in codes; by an administrator it stays pending (D15).
    pub phone: Option<Option<PhoneNumber>>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// The person's number at the customer.
    pub company_id: Option<Option<String>>,
    /// Free text.
    pub subsidiary: Option<Option<String>>,
    /// Preferred language.
    pub locale: Option<Option<String>>,
    /// End of the account.
    pub account_expires_at: Option<Option<Timestamp>>,
    /// The customer's switch.
    pub active: Option<bool>,
    /// SCIM attributes without a column.
    pub scim: Option<Map<String, Value>>,
}
