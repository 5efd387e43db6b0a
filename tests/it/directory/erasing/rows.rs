//! Rows that speak of somebody, in every table that can: written past the use cases, so that none is forgotten.

use std::sync::atomic::{AtomicU64, Ordering};

use chamberlain::db::{self, Db, Tx, transact};
use chamberlain::kernel::ids::UserId;
use chamberlain::kernel::time::Timestamp;
use serde_json::{Value, json};
use sqlx::types::Json;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

/// A value of a column.
#[derive(Clone, Debug)]
pub enum Cell {
    Id(Uuid),
    Text(String),
    Int(i64),
    Bool(bool),
    Bytes(Vec<u8>),
    Json(Value),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Uuid> for Cell {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Timestamp> for Cell {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.0)
    }
}

impl From<bool> for Cell {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

impl From<Vec<u8>> for Cell {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

fn query<DB>(table: &str, row: &[(&str, Cell)]) -> QueryBuilder<DB>
where
    DB: Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> bool: Encode<'q, DB> + Type<DB>,
    for<'q> Vec<u8>: Encode<'q, DB> + Type<DB>,
    for<'q> Json<Value>: Encode<'q, DB> + Type<DB>,
{
    let names: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let mut query = QueryBuilder::new(format!("INSERT INTO {table} ({}) VALUES (", names.join(", ")));
    let mut list = query.separated(", ");
    for (_, cell) in row.iter().cloned() {
        match cell {
            Cell::Id(id) => list.push_bind(id),
            Cell::Text(text) => list.push_bind(text),
            Cell::Int(number) => list.push_bind(number),
            Cell::Bool(is) => list.push_bind(is),
            Cell::Bytes(bytes) => list.push_bind(bytes),
            Cell::Json(value) => list.push_bind(Json(value)),
        };
    }
    query.push(")");
    query
}

/// Writes a row.
pub async fn put(db: &Db, table: &str, row: &[(&str, Cell)]) {
    let done: db::Result<()> = transact!(*db, tx => {
        match tx {
            Tx::Sqlite(inner) => query::<sqlx::Sqlite>(table, row).build().execute(inner.connection()).await.map(drop)?,
            Tx::Postgres(inner) => query::<sqlx::Postgres>(table, row).build().execute(inner.connection()).await.map(drop)?,
        }
        Ok(())
    });
    done.unwrap_or_else(|error| panic!("{table}: {error}"));
}

/// `cells![id: any, name: "x"]`
macro_rules! cells {
    ($($name:ident: $value:expr),* $(,)?) => { &[$((stringify!($name), $crate::directory::erasing::rows::Cell::from($value))),*] };
}
pub(crate) use cells;

/// By which a row that speaks of the person is known, besides the id.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    pub name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
}

/// The next of a row of ids, which are nobody's.
fn any() -> Uuid {
    static LAST: AtomicU64 = AtomicU64::new(0);
    Uuid::from_u64_pair(0x4d61_7262_6c65_0000, LAST.fetch_add(1, Ordering::Relaxed))
}

fn secret() -> Vec<u8> {
    any().as_bytes().to_vec()
}

/// A client that is nobody's in particular.
pub async fn client(db: &Db, now: Timestamp) -> Uuid {
    let id = any();
    let row = cells![id: id, client_id: "app", name: "App", kind: "web", active: true, settings: json!({}), epoch: 0_i64,
        created_at: now, updated_at: now, version: 1_i64];
    put(db, "clients", row).await;
    id
}

/// By which they sign in, and where they are signed in.
pub async fn ways_in(db: &Db, user: UserId, client: Uuid, (marks, now): (Marks, Timestamp)) {
    let (user, session, family) = (user.0, any(), any());
    put(db, "passwords", cells![user_id: user, hash: "$argon2id$x", changed_at: now]).await;
    put(db, "password_history", cells![user_id: user, hash: "$argon2id$y", replaced_at: now]).await;
    put(db, "phone_factors", cells![user_id: user, preferred_channel: "sms", failures: 0_i64]).await;
    put(
        db,
        "authenticators",
        cells![id: any(), user_id: user, name: marks.name, secret: secret(), tries: 0_i64, created_at: now,
        confirmed_at: now],
    )
    .await;
    put(db, "passkey_handles", cells![user_id: user, handle: any()]).await;
    put(db, "recovery_codes", cells![user_id: user, digest: secret(), created_at: now]).await;
    put(db, "known_browsers", cells![digest: secret(), user_id: user, last_used_at: now]).await;
    put(db, "named_browsers", cells![digest: secret(), user_id: user, name: marks.name, last_used_at: now]).await;
    put(
        db,
        "remembered_devices",
        cells![id: any(), digest: secret(), user_id: user, user_epoch: 0_i64, credentials: secret().repeat(2),
        browser: secret().repeat(2),
        user_agent: marks.name, remembered_at: now, expires_at: now],
    )
    .await;
    put(
        db,
        "one_time_links",
        cells![purpose: "email", digest: secret(), user_id: user, created_at: now, expires_at: now,
        address: marks.email],
    )
    .await;
    put(db, "sign_ins", cells![id: any(), browser: secret(), purpose: "phone", user_id: user, user_epoch: 0_i64, account: secret(),
        ending: "66", channel: "sms", code_sent_at: now, code_expires_at: now, code_tries: 0_i64, tries: 0_i64, resends: 0_i64,
        number: marks.phone, started_at: now]).await;
    put(
        db,
        "sessions",
        cells![id: session, digest: secret(), user_id: user, user_epoch: 0_i64, auth_time: now, second_factor_at: now,
        amr: json!(["pwd"]), acr: "1", user_agent: marks.name, ip: "192.0.2.1", created_at: now, last_seen_at: now,
        idle_expires_at: now, expires_at: now, ended_at: now],
    )
    .await;
    put(db, "session_clients", cells![session_id: session, client_id: client, first_used_at: now, last_used_at: now])
        .await;
    put(db, "session_former_ids", cells![session_id: session, former_id: any()]).await;
    put(db, "token_families", cells![id: family, client_id: client, user_id: user, session_id: session, scope: "openid",
        claims: json!({}), offline: false, auth_time: now, amr: "pwd", acr: "1", user_epoch: 0_i64, created_at: now, expires_at: now]).await;
    put(db, "refresh_tokens", cells![digest: secret(), family_id: family, generation: 1_i64, issued_at: now]).await;
    put(db, "authorization_codes", cells![digest: secret(), family_id: family, client_id: client, user_id: user, session_id: session,
        redirect_uri: "https://app.example/cb", scope: "openid", claims: json!({}), nonce: marks.name, auth_time: now, amr: "pwd",
        acr: "1", user_epoch: 0_i64, issued_at: now, expires_at: now, purge_at: now]).await;
    put(db, "consents", cells![user_id: user, client_id: client, scope: "openid", given_at: now]).await;
    put(
        db,
        "delegated_tokens",
        cells![id: any(), digest: secret(), user_id: user, name: marks.name, details: json!([]),
        user_epoch: 0_i64, created_at: now, expires_at: now],
    )
    .await;
}

/// A passkey, as no library made it: it cannot be read back.
pub async fn passkey(db: &Db, user: UserId, (marks, now): (Marks, Timestamp)) {
    let user = user.0;
    put(
        db,
        "passkeys",
        cells![id: any(), user_id: user, credential_id: secret(), name: marks.name, credential: "{}", synced: false,
        created_at: now],
    )
    .await;
}

/// What others hold of them, and what is on its way.
pub async fn traces(db: &Db, user: UserId, client: Uuid, (marks, now): (Marks, Timestamp)) {
    let (id, hint) = (user.0, json!({ "login_hint": marks.email }));
    put(db, "external_ids", cells![client_id: client, resource_kind: "user", resource_id: id, external_id: marks.name])
        .await;
    put(db, "recertification_reminders", cells![user_id: id, number: 1_i64, day: "2026-11-23"]).await;
    put(db, "client_people", cells![client_id: client, user_id: id, since: now]).await;
    put(
        db,
        "push_targets",
        cells![client_id: client, base_url: "https://app.example/scim", sealed_token: secret(), rules: json!({}),
        status: "active", created_at: now, updated_at: now],
    )
    .await;
    put(
        db,
        "push_resources",
        cells![client_id: client, kind: "user", local_id: id, remote_id: marks.name, digest: "left", names: ""],
    )
    .await;
    put(db, "push_members", cells![client_id: client, user_id: id, group_id: any()]).await;
    put(
        db,
        "authorization_requests",
        cells![digest: secret(), browser: secret(), client_id: client, client_name: "App",
        login_hint: marks.email, force_login: false, parameters: json!({}), created_at: now, expires_at: now],
    )
    .await;
    put(
        db,
        "pushed_requests",
        cells![digest: secret(), client_id: client, parameters: hint.clone(), created_at: now, expires_at: now],
    )
    .await;
    put(
        db,
        "device_grants",
        cells![digest: secret(), user_code: secret(), client_id: client, parameters: hint, interval_seconds: 5_i64,
        created_at: now, expires_at: now],
    )
    .await;
    let stream = any();
    put(
        db,
        "event_streams",
        cells![id: stream, client_id: client, method: "poll", status: "enabled", created_at: now, updated_at: now],
    )
    .await;
    put(db, "event_stream_silences", cells![stream_id: stream, subject: marks.email]).await;
    put(
        db,
        "messages",
        cells![id: any(), channel: "email", recipient: marks.email, content: json!({ "name": marks.name }),
        state: "queued", attempts: 0_i64, due_at: now, created_at: now],
    )
    .await;
    let about =
        json!({ "sub": user.to_string(), "about": { "email": marks.email }, "says": { "new-value": marks.email } });
    put(
        db,
        "signal_deliveries",
        cells![id: any(), client_id: client, kind: "event", content: about, state: "done", attempts: 1_i64,
        due_at: now, created_at: now, expires_at: now, finished_at: now],
    )
    .await;
}

/// What somebody wrote about them, and what went to their address.
pub async fn letters(db: &Db, user: UserId, organisation: Uuid, (marks, now): (Marks, Timestamp)) {
    let role = any();
    put(db, "role_assignments", cells![id: role, principal_kind: "person", principal_id: user.0, role: "DelegatedUserAdmin",
        organisation_id: organisation, include_sub_levels: true, all_applications: true, state: "revoked", valid_from: now,
        granted_by_kind: "console", granted_by_id: Uuid::nil(), granted_at: now, reason: marks.name]).await;
    put(
        db,
        "revocation_requests",
        cells![id: any(), assignment_id: role, reason: marks.name, state: "declined",
        asked_by_kind: "console", asked_by_id: Uuid::nil(), asked_at: now, answer: marks.name],
    )
    .await;
    for (state, email) in [("accepted", "former@nowhere.example"), ("open", marks.email)] {
        let mut row = cells![id: any(), digest: secret(), role: "DelegatedUserAdmin", organisation_id: organisation, email: email,
            email_folded: email, state: state, nominated_by_kind: "console", nominated_by_id: Uuid::nil(), nominated_at: now,
            expires_at: now].to_vec();
        row.extend((state == "accepted").then_some(("assignment_id", Cell::Id(role))));
        put(db, "nominations", &row).await;
    }
    let application = json!({ "first_user": { "email": marks.email, "given_name": marks.name } });
    put(db, "registrations", cells![id: any(), digest: secret(), parent_id: organisation, email: "office@nowhere.example",
        email_folded: "office@nowhere.example", proposed_name: "Office", message: marks.name, state: "validated",
        application: application, invited_by_kind: "console", invited_by_id: Uuid::nil(), invited_at: now, expires_at: now,
        settled_at: now, answer: marks.name, version: 1_i64]).await;
}
