//! The SQL of grant families and refresh tokens.

use sqlx::types::Json;

use crate::db::{self, Statement, Tx, on, statements};
use crate::directory::client::entry_store::{Person, PersonRow, entry_joins, person_columns};
use crate::kernel::ids::{ClientId, EnvironmentId, FamilyId, SessionId, UserId};
use crate::kernel::limits::Detail;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::family::{Claims, Family, Holder, RevokedFor};

/// The columns of `token_families f`, by names that nothing has that is read beside them.
macro_rules! columns {
    () => {
        "f.id AS family_id, f.client_id AS family_client_id, f.user_id AS family_user_id, f.session_id AS family_session_id,
        f.scope AS family_scope, f.claims AS family_claims, f.authorization_details AS family_authorization_details,
        f.offline AS family_offline, f.auth_time AS family_auth_time, f.amr AS family_amr, f.acr AS family_acr,
        f.user_epoch AS family_user_epoch, f.created_at AS family_created_at, f.expires_at AS family_expires_at,
        f.revoked_at AS family_revoked_at, f.dpop_jkt AS family_dpop_jkt, f.certificate_thumbprint AS family_certificate_thumbprint"
    };
}

macro_rules! insert {
    () => {
        "INSERT INTO token_families
        (id, client_id, user_id, session_id, scope, claims, authorization_details, offline, auth_time, amr, acr, user_epoch,
        created_at, expires_at, revoked_at, revoked_reason, dpop_jkt, certificate_thumbprint)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, NULL, $15, $16)"
    };
}

/// A family with its first refresh token. One text, because each is a hop to another thread on SQLite, which runs several statements of a
/// text, each with the same values; PostgreSQL runs several changes inside one statement.
const INSERT_WITH_FIRST: Statement = Statement {
    name: "tokens::family_store::INSERT_WITH_FIRST",
    sqlite: concat!(
        insert!(),
        "; INSERT INTO refresh_tokens (digest, family_id, generation, issued_at, used_at) VALUES ($17, $1, 0, $13, NULL)"
    ),
    postgres: concat!(
        "WITH family AS (",
        insert!(),
        " RETURNING id, created_at) INSERT INTO refresh_tokens (digest, family_id, generation, issued_at, used_at)
        SELECT $17, id, 0, created_at, NULL FROM family"
    ),
};

/// A refresh token is used up, and its successor is there: both, or nothing if it was used before. Two of one generation violate
/// `refresh_tokens(family_id, generation)`.
const ROTATE: Statement = Statement {
    name: "tokens::family_store::ROTATE",
    sqlite: "INSERT INTO refresh_tokens (digest, family_id, generation, issued_at, used_at)
        SELECT $3, r.family_id, r.generation + 1, $2, NULL FROM refresh_tokens r WHERE r.digest = $1 AND r.used_at IS NULL;
        UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL",
    postgres: "WITH used AS (UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL RETURNING family_id, generation)
        INSERT INTO refresh_tokens (digest, family_id, generation, issued_at, used_at)
        SELECT $3, family_id, generation + 1, $2, NULL FROM used",
};

/// What differs between the engines, for the catalogue.
pub const TOGETHER: &[Statement] = &[INSERT_WITH_FIRST, ROTATE];

statements! {
    FIND = concat!("SELECT ", columns!(), " FROM token_families f WHERE f.id = $1");
    FIND_LIVE_OF_TOKEN = concat!("SELECT ", columns!(), ", ", person_columns!("$3"), "
        FROM token_families f JOIN users u ON u.id = f.user_id LEFT JOIN environments e ON e.id = $4", entry_joins!(), "
        WHERE f.id = $1 AND f.revoked_at IS NULL AND f.expires_at > $3
        AND NOT EXISTS (SELECT 1 FROM revoked_access_tokens r WHERE r.jti = $2)");
    INSERT = insert!();
    REVOKE = "UPDATE token_families SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL";
    REVOKE_OF_SESSION = "UPDATE token_families SET revoked_at = $2, revoked_reason = $3
        WHERE session_id = $1 AND NOT offline AND revoked_at IS NULL";
    SAVE_SESSION = "UPDATE token_families SET session_id = $2 WHERE session_id = $1 AND revoked_at IS NULL";
    REVOKE_OF_USER = "UPDATE token_families SET revoked_at = $2, revoked_reason = $3
        WHERE user_id = $1 AND revoked_at IS NULL";
    REVOKE_OF_OTHERS = "UPDATE token_families SET revoked_at = $3, revoked_reason = $4
        WHERE user_id = $1 AND session_id <> $2 AND NOT offline AND revoked_at IS NULL";
    REVOKE_OF_CLIENT = "UPDATE token_families SET revoked_at = $3, revoked_reason = $4
        WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL";
    FIND_REFRESH = concat!("SELECT r.used_at AS refresh_used_at, ", columns!(), ", ", person_columns!("$2"), "
        FROM refresh_tokens r JOIN token_families f ON f.id = r.family_id JOIN users u ON u.id = f.user_id
        LEFT JOIN environments e ON e.id = $3", entry_joins!(), " WHERE r.digest = $1");
    PURGE_CODES = "DELETE FROM authorization_codes WHERE purge_at < $1";
    PURGE_REFRESH = "DELETE FROM refresh_tokens WHERE family_id IN (SELECT id FROM token_families WHERE expires_at < $1)";
    PURGE = "DELETE FROM token_families WHERE expires_at < $1";
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "columns that are read beside those of other tables")]
struct Row {
    family_id: FamilyId,
    family_client_id: ClientId,
    family_user_id: UserId,
    family_session_id: SessionId,
    family_scope: String,
    family_claims: Json<Claims>,
    family_authorization_details: Json<Vec<Detail>>,
    family_offline: bool,
    family_auth_time: Timestamp,
    family_amr: String,
    family_acr: String,
    family_user_epoch: i64,
    family_created_at: Timestamp,
    family_expires_at: Timestamp,
    family_revoked_at: Option<Timestamp>,
    family_dpop_jkt: Option<String>,
    family_certificate_thumbprint: Option<String>,
}

/// A family and the person it speaks for.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The family.
    pub family: Family,
    /// The person, with how they stand to the application that was asked about.
    pub person: Person,
}

impl Granted {
    /// Whether the person may still be spoken for: the account is in use, of the same epoch, at an active organisation.
    pub fn is_usable(&self) -> bool {
        self.person.usable && self.person.user.epoch == self.family.user_epoch
    }
}

#[derive(sqlx::FromRow)]
struct GrantedRow {
    #[sqlx(flatten)]
    family: Row,
    #[sqlx(flatten)]
    person: PersonRow,
}

impl GrantedRow {
    fn into_model(self) -> db::Result<Granted> {
        Ok(Granted { family: self.family.into_model(), person: self.person.into_model()? })
    }
}

#[derive(sqlx::FromRow)]
struct RefreshRow {
    refresh_used_at: Option<Timestamp>,
    #[sqlx(flatten)]
    granted: GrantedRow,
}

/// One refresh token as stored.
#[derive(Debug)]
pub struct Refresh {
    /// Its family, ended or not, and the person.
    pub granted: Granted,
    /// When it was rotated away.
    pub used_at: Option<Timestamp>,
}

impl Row {
    fn into_model(self) -> Family {
        Family {
            id: self.family_id,
            client: self.family_client_id,
            user: self.family_user_id,
            session: self.family_session_id,
            scope: self.family_scope,
            claims: self.family_claims.0,
            details: self.family_authorization_details.0,
            offline: self.family_offline,
            auth_time: self.family_auth_time,
            amr: self.family_amr,
            acr: self.family_acr,
            user_epoch: self.family_user_epoch,
            created_at: self.family_created_at,
            expires_at: self.family_expires_at,
            revoked_at: self.family_revoked_at,
            holder: Holder { jkt: self.family_dpop_jkt, x5t: self.family_certificate_thumbprint },
        }
    }
}

/// One family, ended or not.
pub async fn find(tx: &mut Tx, id: FamilyId) -> db::Result<Option<Family>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Row::into_model))
}

/// The live family of an access token that was not taken back by itself, with its person as they are for the application of an environment.
///
/// In one statement, as it is asked with every request.
pub async fn find_live_of_token(
    tx: &mut Tx,
    (id, jti): (FamilyId, &str),
    environment: Option<EnvironmentId>,
    now: Timestamp,
) -> db::Result<Option<Granted>> {
    let row: Option<GrantedRow> = on!(tx, c => sqlx::query_as(FIND_LIVE_OF_TOKEN)
        .bind(id).bind(jti).bind(now).bind(environment).fetch_optional(c).await)?;
    row.map(GrantedRow::into_model).transpose()
}

/// Adds a family, with its first refresh token if it has one.
pub async fn insert(tx: &mut Tx, family: &Family, first: Option<&Digest>) -> db::Result<()> {
    let sql = if first.is_some() { INSERT_WITH_FIRST.text(tx) } else { INSERT };
    on!(tx, c => {
        let query = sqlx::query(sql)
            .bind(family.id)
            .bind(family.client)
            .bind(family.user)
            .bind(family.session)
            .bind(&family.scope)
            .bind(Json(&family.claims))
            .bind(Json(&family.details))
            .bind(family.offline)
            .bind(family.auth_time)
            .bind(&family.amr)
            .bind(&family.acr)
            .bind(family.user_epoch)
            .bind(family.created_at)
            .bind(family.expires_at)
            .bind(family.holder.jkt.as_deref())
            .bind(family.holder.x5t.as_deref());
        let query = if let Some(first) = first { query.bind(first.as_bytes()) } else { query };
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Ends a family; `false`, and nothing happens, if it has ended.
pub async fn save_revoked(tx: &mut Tx, id: FamilyId, why: RevokedFor, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(REVOKE).bind(id).bind(now).bind(why.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Ends everything that was given in a session, but for what outlives it.
pub async fn save_revoked_of_session(
    tx: &mut Tx,
    session: SessionId,
    why: RevokedFor,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_SESSION).bind(session).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Lets what was given in one session belong to another.
pub async fn save_session(tx: &mut Tx, from: SessionId, to: SessionId) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_SESSION).bind(from).bind(to).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything that speaks for a person.
pub async fn save_revoked_of_user(tx: &mut Tx, user: UserId, why: RevokedFor, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_USER).bind(user).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything that speaks for a person but was given in another session.
pub async fn save_revoked_of_others(
    tx: &mut Tx,
    user: UserId,
    but: SessionId,
    why: RevokedFor,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_OTHERS).bind(user).bind(but).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything by which a client speaks for a person.
pub async fn save_revoked_of_client(
    tx: &mut Tx,
    user: UserId,
    client: ClientId,
    why: RevokedFor,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_CLIENT).bind(user).bind(client).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// A refresh token by its digest, used or not, with its family and the person as they are for the application of an environment.
pub async fn find_refresh(
    tx: &mut Tx,
    digest: &Digest,
    environment: Option<EnvironmentId>,
    now: Timestamp,
) -> db::Result<Option<Refresh>> {
    let row: Option<RefreshRow> = on!(tx, c => sqlx::query_as(FIND_REFRESH)
        .bind(digest.as_bytes()).bind(now).bind(environment).fetch_optional(c).await)?;
    let refresh = |row: RefreshRow| {
        let granted = row.granted.into_model()?;
        Ok(Refresh { granted, used_at: row.refresh_used_at })
    };
    row.map(refresh).transpose()
}

/// Uses a refresh token up and adds its successor; `false`, and nothing happens, if somebody used it before.
pub async fn save_rotated(tx: &mut Tx, digest: &Digest, successor: &Digest, now: Timestamp) -> db::Result<bool> {
    let sql = ROTATE.text(tx);
    let done = on!(tx, c => sqlx::query(sql)
        .bind(digest.as_bytes()).bind(now).bind(successor.as_bytes())
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done > 0)
}

/// Forgets families that expired before `before`, their refresh tokens, and the tombstones of codes that nothing depends
/// on any more.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE_CODES).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(PURGE_REFRESH).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
