//! Applies a change to a person, and says which fields it touched. Pure.

use super::model::{PendingContact, User, UserChange};
use crate::kernel::ids::PrincipalId;
use crate::kernel::text::{EmailAddress, PhoneNumber};
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

/// Who asks for a change, and whether a new address takes effect at once: only on an account that nobody has ever taken
/// over and that opens nothing (D15). On every other one it stays pending.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Who.
    pub by: PrincipalId,
    /// Never activated, no group, no role.
    pub at_once: bool,
}

/// Applies what an administrator asks for.
pub fn apply(user: &User, change: UserChange, asking: Asking, now: Timestamp) -> Applied {
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
    if asking.at_once {
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
        if let Some(pending) = ask(next.pending.as_ref(), (email, phone), asking.by, now) {
            fields.push("pendingContact");
            applied.became_pending = true;
            next.pending = Some(pending);
        }
    }
    applied.user.updated_at = if applied.fields.is_empty() { user.updated_at } else { now };
    applied
}

/// What waits once these are asked for; `None` if nothing new is asked for.
///
/// A synchronisation that asks for the same again does not start the cooling-off anew. A new address leaves a number that
/// waits alone, and the other way round, whoever asks; each keeps its proposer, since nobody may approve what they proposed
/// themself (D11). Agreement and approval were given to something else and are void.
fn ask(
    waiting: Option<&PendingContact>,
    (email, phone): (Option<EmailAddress>, Option<PhoneNumber>),
    by: PrincipalId,
    now: Timestamp,
) -> Option<PendingContact> {
    let asked_before = waiting.is_some_and(|waiting| {
        (email.is_none() || waiting.email == email) && (phone.is_none() || waiting.phone == phone)
    });
    if (email.is_none() && phone.is_none()) || asked_before {
        return None;
    }
    let waiting_email = waiting.and_then(|waiting| waiting.email.clone().zip(waiting.email_by));
    let waiting_phone = waiting.and_then(|waiting| waiting.phone.clone().zip(waiting.phone_by));
    let (email, email_by) = next(waiting_email, email, by).unzip();
    let (phone, phone_by) = next(waiting_phone, phone, by).unzip();
    Some(PendingContact { email, email_by, phone, phone_by, since: now, agreed_at: None, approved: None })
}

/// What waits of one kind, and whose proposal it is: of whoever asked for it first.
fn next<T: PartialEq>(
    waiting: Option<(T, PrincipalId)>,
    asked: Option<T>,
    by: PrincipalId,
) -> Option<(T, PrincipalId)> {
    match (waiting, asked) {
        (Some((known, first)), Some(same)) if known == same => Some((known, first)),
        (_, Some(new)) => Some((new, by)),
        (waiting, None) => waiting,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ids::UserId;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn somebody(n: u128) -> PrincipalId {
        PrincipalId::Person(UserId(uuid::Uuid::from_u128(n)))
    }

    #[test]
    fn the_same_again_does_not_start_the_cooling_off_anew_and_bits_of_one_principal_add_up() {
        let email: EmailAddress = "new@bank.example".parse().unwrap();
        let phone: PhoneNumber = "+4969555555".parse().unwrap();
        let first = ask(None, (Some(email.clone()), None), somebody(1), NOW).unwrap();
        assert_eq!(ask(Some(&first), (Some(email.clone()), None), somebody(2), NOW), None);
        let both = ask(Some(&first), (None, Some(phone.clone())), somebody(1), NOW).unwrap();
        assert_eq!((both.email.as_ref(), both.phone.as_ref()), (Some(&email), Some(&phone)));
    }

    /// D11, D15: neither takes the other's place, neither is attributed to somebody else, and what was agreed to is something
    /// else now.
    #[test]
    fn what_another_asks_for_is_added_to_what_waits() {
        let email: EmailAddress = "new@bank.example".parse().unwrap();
        let phone: PhoneNumber = "+4969555555".parse().unwrap();
        let mut first = ask(None, (Some(email.clone()), None), somebody(1), NOW).unwrap();
        (first.agreed_at, first.approved) = (Some(NOW), Some((somebody(3), NOW)));
        // A synchronisation names both.
        for asked in [(None, Some(phone.clone())), (Some(email.clone()), Some(phone.clone()))] {
            let second = ask(Some(&first), asked, somebody(2), NOW).unwrap();
            assert_eq!((second.email, second.email_by), (Some(email.clone()), Some(somebody(1))));
            assert_eq!((second.phone, second.phone_by), (Some(phone.clone()), Some(somebody(2))));
            assert_eq!((second.agreed_at, second.approved), (None, None));
        }
        let other = ask(Some(&first), (Some("other@bank.example".parse().unwrap()), None), somebody(2), NOW).unwrap();
        assert_eq!((other.email.unwrap().as_str(), other.email_by), ("other@bank.example", Some(somebody(2))));
    }
}
