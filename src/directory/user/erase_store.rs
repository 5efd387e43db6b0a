//! The SQL that erases what is stored of a person, table by table. What is not here is kept for a reason that stands in
//! `docs/privacy.md`; `tests/it/directory/erasing.rs` knows every table and what becomes of it.

use std::time::Duration;

use sqlx::types::Json;

use super::model::User;
use crate::db::{self, Tx, on, statements};
use crate::directory::registration::model::Application;
use crate::kernel::ids::UserId;
use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;

/// How long something that was said to an application about a change of address may still be in the queue: held for a week, and shown for
/// another one when it is over.
const TRACES_LAST: Duration = Duration::from_hours(15 * 24);

statements! {
    LIST_DUE = "SELECT id FROM users WHERE deleted_at <= $1 AND erased_at IS NULL ORDER BY deleted_at, id LIMIT $2";
    HAS_TO_BE_TOLD = "SELECT EXISTS (SELECT 1 FROM signal_changes WHERE user_id = $1) OR EXISTS (SELECT 1 FROM push_targets t
        JOIN push_work w ON w.client_id = t.client_id AND w.kind = 'user' AND w.local_id = $1)";
    /// Whoever knows of the person is told, and forgets who it was, where time has not seen to that already (RISC 1.0 §2.2).
    TELL = "INSERT INTO signal_changes (kind, user_id) SELECT DISTINCT 'purged', p.user_id FROM client_people p WHERE p.user_id = $1";

    // How they signed in, and what came of it.
    PASSWORDS = "DELETE FROM passwords WHERE user_id = $1";
    PASSWORD_HISTORY = "DELETE FROM password_history WHERE user_id = $1";
    PHONE_FACTORS = "DELETE FROM phone_factors WHERE user_id = $1";
    AUTHENTICATORS = "DELETE FROM authenticators WHERE user_id = $1";
    PASSKEYS = "DELETE FROM passkeys WHERE user_id = $1";
    PASSKEY_HANDLES = "DELETE FROM passkey_handles WHERE user_id = $1";
    RECOVERY_CODES = "DELETE FROM recovery_codes WHERE user_id = $1";
    KNOWN_BROWSERS = "DELETE FROM known_browsers WHERE user_id = $1";
    NAMED_BROWSERS = "DELETE FROM named_browsers WHERE user_id = $1";
    REMEMBERED_DEVICES = "DELETE FROM remembered_devices WHERE user_id = $1";
    LINKS = "DELETE FROM one_time_links WHERE user_id = $1";
    SIGN_INS = "DELETE FROM sign_ins WHERE user_id = $1";
    FORMER_SESSIONS = "DELETE FROM session_former_ids WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)";
    SESSION_CLIENTS = "DELETE FROM session_clients WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)";
    SESSIONS = "DELETE FROM sessions WHERE user_id = $1";
    REFRESH_TOKENS = "DELETE FROM refresh_tokens WHERE family_id IN (SELECT id FROM token_families WHERE user_id = $1)";
    FAMILIES = "DELETE FROM token_families WHERE user_id = $1";
    CODES = "DELETE FROM authorization_codes WHERE user_id = $1";
    CONSENTS = "DELETE FROM consents WHERE user_id = $1";
    DELEGATED_TOKENS = "DELETE FROM delegated_tokens WHERE user_id = $1";

    // What others hold of them here.
    MEMBERSHIPS = "DELETE FROM memberships WHERE user_id = $1";
    EXTERNAL_IDS = "DELETE FROM external_ids WHERE client_id IN (SELECT id FROM clients) AND resource_kind = 'user' AND resource_id = $1";
    REMINDERS = "DELETE FROM recertification_reminders WHERE user_id = $1";
    PUSH_MEMBERS = "DELETE FROM push_members WHERE user_id = $1 AND client_id IN (SELECT t.client_id FROM push_targets t
        WHERE NOT EXISTS (SELECT 1 FROM push_work w WHERE w.client_id = t.client_id AND w.kind = 'user' AND w.local_id = $1))";
    PUSH_RESOURCES = "DELETE FROM push_resources WHERE kind = 'user' AND local_id = $1 AND NOT EXISTS (
        SELECT 1 FROM push_work w WHERE w.client_id = push_resources.client_id AND w.kind = 'user' AND w.local_id = $1)";

    // What somebody wrote about them; that it was written, by whom and when stays.
    ROLE_REASONS = "UPDATE role_assignments SET reason = NULL
        WHERE principal_id = $1 AND principal_kind = 'person' AND reason IS NOT NULL";
    REVOCATION_REASONS = "UPDATE revocation_requests SET reason = '', answer = NULL WHERE assignment_id IN (
        SELECT id FROM role_assignments WHERE principal_id = $1 AND principal_kind = 'person')";
    ACCEPTED = "UPDATE nominations SET email = '', email_folded = '' WHERE email <> '' AND assignment_id IN (
        SELECT id FROM role_assignments WHERE principal_id = $1 AND principal_kind = 'person')";

    /// What went to the address while it was theirs. An open nomination stays where somebody else has the address now.
    NOMINATIONS = "UPDATE nominations SET email = '', email_folded = '',
        answered_at = CASE state WHEN 'open' THEN $3 ELSE answered_at END, state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END
        WHERE email_folded = $1 AND nominated_at <= $2
        AND (state <> 'open' OR NOT EXISTS (SELECT 1 FROM users WHERE users.email_folded = $1))";
    REGISTRATIONS = "UPDATE registrations SET email = '', email_folded = '', message = '', answer = NULL, application = $3
        WHERE email <> '' AND invited_at <= $2 AND (settled_at IS NOT NULL OR expires_at <= $2 AND state IN ('sent', 'opened', 'returned'))
        AND (email_folded = $1 OR REPLACE(LOWER(CAST(application AS TEXT)), $4, '') <> LOWER(CAST(application AS TEXT)))";
    PARKED = "DELETE FROM authorization_requests WHERE created_at <= $2
        AND (LOWER(login_hint) = $1 OR REPLACE(LOWER(CAST(parameters AS TEXT)), $3, '') <> LOWER(CAST(parameters AS TEXT)))";
    PUSHED = "DELETE FROM pushed_requests WHERE created_at <= $1
        AND REPLACE(LOWER(CAST(parameters AS TEXT)), $2, '') <> LOWER(CAST(parameters AS TEXT))";
    DEVICES = "DELETE FROM device_grants WHERE created_at <= $1
        AND REPLACE(LOWER(CAST(parameters AS TEXT)), $2, '') <> LOWER(CAST(parameters AS TEXT))";
    SILENCES = "DELETE FROM event_stream_silences WHERE subject = $1";
    MESSAGES = "UPDATE messages SET state = 'dropped', recipient = NULL, content = NULL, leased_until = NULL, finished_at = $3
        WHERE state = 'queued' AND created_at <= $2 AND recipient = $1";
    TRACES = "DELETE FROM signal_deliveries WHERE CAST(content AS TEXT) LIKE $1
        AND (finished_at IS NOT NULL OR CAST(content AS TEXT) LIKE '%\"new-value\"%')";

    BLANK = "UPDATE users SET user_name = '', email = NULL, email_folded = NULL, email_verified = FALSE, phone = NULL,
        phone_verified = FALSE, given_name = '', given_name_folded = '', family_name = '', family_name_folded = '', company_id = NULL,
        subsidiary = NULL, locale = NULL, self_registered = FALSE, active = FALSE, blocked = FALSE, activated_at = NULL,
        account_expires_at = NULL, last_sign_in_at = NULL, password_changed_at = NULL, user_name_told_at = NULL,
        pending_email = NULL, pending_email_folded = NULL, pending_phone = NULL, pending_since = NULL,
        pending_email_by_kind = NULL, pending_email_by_id = NULL, pending_phone_by_kind = NULL, pending_phone_by_id = NULL,
        pending_confirmed_at = NULL, pending_approved_by_kind = NULL, pending_approved_by_id = NULL, pending_approved_at = NULL,
        epoch = epoch + 1, scim = '{}', updated_at = $2, erased_at = $2, version = version + 1
        WHERE id = $1 AND deleted_at IS NOT NULL AND erased_at IS NULL";
}

/// What goes by the id alone, in an order that foreign keys allow. Who holds them is forgotten before the row changes, so that no
/// application is brought somebody without a name.
const BY_ID: [&str; 29] = [
    TELL,
    PASSWORDS,
    PASSWORD_HISTORY,
    PHONE_FACTORS,
    AUTHENTICATORS,
    PASSKEYS,
    PASSKEY_HANDLES,
    RECOVERY_CODES,
    KNOWN_BROWSERS,
    NAMED_BROWSERS,
    REMEMBERED_DEVICES,
    LINKS,
    SIGN_INS,
    FORMER_SESSIONS,
    SESSION_CLIENTS,
    SESSIONS,
    REFRESH_TOKENS,
    FAMILIES,
    CODES,
    CONSENTS,
    DELEGATED_TOKENS,
    PUSH_MEMBERS,
    PUSH_RESOURCES,
    MEMBERSHIPS,
    EXTERNAL_IDS,
    REMINDERS,
    ROLE_REASONS,
    REVOCATION_REASONS,
    ACCEPTED,
];

/// Somebody as they were.
#[derive(Clone, Debug)]
pub(super) struct Former {
    pub(super) user: User,
    pub(super) deleted_at: Timestamp,
}

/// Who was deleted then or before, the longest ago first.
pub(super) async fn list_due(tx: &mut Tx, before: Timestamp, limit: i64) -> db::Result<Vec<UserId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_DUE).bind(before).bind(limit).fetch_all(c).await)?)
}

/// Whether an application has yet to be told something of them.
pub(super) async fn has_to_be_told(tx: &mut Tx, id: UserId) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(HAS_TO_BE_TOLD).bind(id).fetch_one(c).await)?)
}

/// Removes all that was theirs alone, and makes the row one without a name.
pub(super) async fn erase(tx: &mut Tx, former: &Former, now: Timestamp) -> db::Result<()> {
    let Former { user, deleted_at } = former;
    for sql in BY_ID {
        on!(tx, c => sqlx::query(sql).bind(user.id).execute(c).await.map(drop))?;
    }
    if let Some(email) = &user.email {
        by_address(tx, email, (*deleted_at, now)).await?;
    }
    let numbers = user.phone.as_ref().map(PhoneNumber::as_str);
    for recipient in user.email.as_ref().map(EmailAddress::as_str).into_iter().chain(numbers) {
        on!(tx, c => sqlx::query(MESSAGES).bind(recipient).bind(*deleted_at).bind(now).execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(SILENCES).bind(user.id.to_string()).execute(c).await.map(drop))?;
    if now < deleted_at.plus(TRACES_LAST) {
        let about = format!("%{}%", user.id);
        on!(tx, c => sqlx::query(TRACES).bind(about).execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(BLANK).bind(user.id).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// What is found by the address only, as far as it is from the time when it was theirs.
async fn by_address(tx: &mut Tx, email: &EmailAddress, (until, now): (Timestamp, Timestamp)) -> db::Result<()> {
    let folded = email.folded();
    let quoted = format!("\"{folded}\"");
    let nothing = Json(Application::default());
    on!(tx, c => sqlx::query(NOMINATIONS).bind(&folded).bind(until).bind(now).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REGISTRATIONS).bind(&folded).bind(until).bind(&nothing).bind(&quoted).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(PARKED).bind(&folded).bind(until).bind(&quoted).execute(c).await.map(drop))?;
    for sql in [PUSHED, DEVICES] {
        on!(tx, c => sqlx::query(sql).bind(until).bind(&quoted).execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(SILENCES).bind(&folded).execute(c).await.map(drop))?;
    Ok(())
}
