//! Whether somebody may be spoken for, as a condition in SQL on `users u`: what [`super::model::User::is_usable`] says of the account, nothing
//! changed about it that asks for a new sign-in (AU-40), and no organisation above it switched off (DA-44).

/// The account as it is, at an instant.
macro_rules! account_usable {
    ($now:literal) => {
        concat!(
            "u.active AND NOT u.blocked AND u.deleted_at IS NULL AND u.activated_at IS NOT NULL AND (u.account_expires_at IS NULL OR u.account_expires_at > ",
            $now,
            ") AND NOT EXISTS (SELECT 1 FROM organisation_closure oc JOIN organisations oo ON oo.id = oc.ancestor_id
                WHERE oc.descendant_id = u.organisation_id AND oo.status <> 'active')"
        )
    };
}

/// That a person is so, and still of the epoch at which something was given out. The table is named here and not by those who ask.
macro_rules! usable_since {
    (user: $user:literal, epoch: $epoch:literal, now: $now:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM users u WHERE u.id = ",
            $user,
            " AND u.epoch = ",
            $epoch,
            " AND ",
            $crate::directory::user::usable::account_usable!($now),
            ")"
        )
    };
}

pub(crate) use {account_usable, usable_since};
