//! Applies a change to a person, and says which fields it touched. Pure.

use super::model::{PendingContact, User, UserChange};
use crate::kernel::ids::PrincipalId;
use crate::kernel::time::Timestamp;

/// What a change comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The person as it will be.
    pub user: User,
    /// The names of the fields that differ, for the audit log; never their values, which are personal.
    pub fields: Vec<&'static str>,
    /// Whether an address became pending by it (D15).
    pub became_pending: bool,
    /// Whether sessions and tokens must be judged anew.
    pub raises_epoch: bool,
}

impl Applied {
    /// Whether anything changes at all.
    pub fn is_change(&self) -> bool {
        !self.fields.is_empty()
    }
}

/// Applies what an administrator asks for. On an account that its owner has activated, a new address stays pending (D15).
pub fn apply(user: &User, change: UserChange, by: PrincipalId, now: Timestamp) -> Applied {
    let mut applied = Applied { user: user.clone(), fields: Vec::new(), became_pending: false, raises_epoch: false };
    let fields = &mut applied.fields;
    let next = &mut applied.user;
    set(&mut next.user_name, change.user_name, "userName", fields);
    set(&mut next.given_name, change.given_name, "givenName", fields);
    set(&mut next.family_name, change.family_name, "familyName", fields);
    set(&mut next.company_id, change.company_id, "companyId", fields);
    set(&mut next.subsidiary, change.subsidiary, "subsidiary", fields);
    set(&mut next.locale, change.locale, "locale", fields);
    set(&mut next.scim, change.scim, "scim", fields);
    if set(&mut next.account_expires_at, change.account_expires_at, "accountExpires", fields) {
        applied.raises_epoch = true;
    }
    if set(&mut next.active, change.active, "active", fields) {
        applied.raises_epoch = true;
    }
    if user.activated_at.is_none() {
        let follows = user.email.as_ref().is_some_and(|email| email.as_str() == user.user_name)
            && next.user_name == user.user_name;
        if set(&mut next.email, change.email, "email", fields)
            && follows
            && let Some(email) = &next.email
        {
            email.as_str().clone_into(&mut next.user_name);
        }
        set(&mut next.phone, change.phone, "phone", fields);
    } else {
        let email = change.email.flatten().filter(|email| next.email.as_ref() != Some(email));
        let phone = change.phone.flatten().filter(|phone| next.phone.as_ref() != Some(phone));
        // A synchronisation that asks for the same again must not start the cooling-off anew.
        let asked_before = next.pending.as_ref().is_some_and(|waiting| {
            (email.is_none() || waiting.email == email) && (phone.is_none() || waiting.phone == phone)
        });
        if (email.is_some() || phone.is_some()) && !asked_before {
            fields.push("pendingContact");
            applied.became_pending = true;
            next.pending = Some(PendingContact { email, phone, since: now, by });
        }
    }
    applied.user.updated_at = if applied.fields.is_empty() { user.updated_at } else { now };
    applied
}

/// Puts a pending address into effect: confirmed by its owner, or after the cooling-off.
pub fn settle(user: &User, now: Timestamp) -> Option<User> {
    let pending = user.pending.clone()?;
    let mut next = user.clone();
    if let Some(email) = pending.email {
        if user.email.as_ref().is_some_and(|old| old.as_str() == user.user_name) {
            email.as_str().clone_into(&mut next.user_name);
        }
        next.email = Some(email);
        next.email_verified = false;
    }
    if let Some(phone) = pending.phone {
        next.phone = Some(phone);
        next.phone_verified = false;
    }
    next.pending = None;
    next.updated_at = now;
    Some(next)
}

fn set<T: PartialEq>(field: &mut T, value: Option<T>, name: &'static str, fields: &mut Vec<&'static str>) -> bool {
    match value {
        Some(value) if value != *field => {
            *field = value;
            fields.push(name);
            true
        }
        _ => false,
    }
}
