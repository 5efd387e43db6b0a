//! A user as a row of the table `users`, and the SQL that writes all of its columns.

use serde_json::{Map, Value};
use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::{self, Error, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{OrganisationId, PrincipalId, UserId};
use crate::kernel::text::{EmailAddress, fold};
use crate::kernel::time::Timestamp;

use super::model::{PendingContact, User};

macro_rules! columns {
    () => {
        "id, organisation_id, user_name, user_name_folded, email, email_folded, email_verified, phone, phone_verified,
        given_name, given_name_folded, family_name, family_name_folded, company_id, subsidiary, locale,
        self_registered, active, blocked, activated_at, account_expires_at, deleted_at, last_sign_in_at,
        pending_email, pending_phone, pending_since, pending_email_by_kind, pending_email_by_id, epoch, scim,
        created_by_kind, created_by_id, created_at, updated_at, version, pending_email_folded, pending_confirmed_at,
        pending_approved_by_kind, pending_approved_by_id, pending_approved_at, pending_phone_by_kind, pending_phone_by_id"
    };
}

statements! {
    INSERT = concat!("INSERT INTO users (", columns!(), ") VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
        $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42)");
    SAVE = "UPDATE users SET
        organisation_id = $2, user_name = $3, user_name_folded = $4, email = $5, email_folded = $6, email_verified =
        $7, phone = $8, phone_verified = $9, given_name = $10, given_name_folded = $11, family_name = $12,
        family_name_folded = $13, company_id = $14, subsidiary = $15, locale = $16, self_registered = $17, active =
        $18, blocked = $19, activated_at = $20, account_expires_at = $21, deleted_at = $22, last_sign_in_at = $23,
        pending_email = $24, pending_phone = $25, pending_since = $26, pending_email_by_kind = $27,
        pending_email_by_id = $28, epoch = $29, scim = $30, created_by_kind = $31, created_by_id = $32, created_at = $33, updated_at = $34,
        version = $35, pending_email_folded = $36, pending_confirmed_at = $37, pending_approved_by_kind = $38,
        pending_approved_by_id = $39, pending_approved_at = $40, pending_phone_by_kind = $41, pending_phone_by_id = $42
        WHERE id = $1 AND version + 1 = $35";
}

/// One line of the table, column by column.
#[derive(sqlx::FromRow)]
pub(crate) struct UserRow {
    id: UserId,
    organisation_id: OrganisationId,
    user_name: String,
    user_name_folded: String,
    email: Option<String>,
    email_folded: Option<String>,
    email_verified: bool,
    phone: Option<String>,
    phone_verified: bool,
    given_name: String,
    given_name_folded: String,
    family_name: String,
    family_name_folded: String,
    company_id: Option<String>,
    subsidiary: Option<String>,
    locale: Option<String>,
    self_registered: bool,
    active: bool,
    blocked: bool,
    activated_at: Option<Timestamp>,
    account_expires_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    last_sign_in_at: Option<Timestamp>,
    pending_email: Option<String>,
    pending_email_folded: Option<String>,
    pending_phone: Option<String>,
    pending_since: Option<Timestamp>,
    pending_email_by_kind: Option<String>,
    pending_email_by_id: Option<Uuid>,
    pending_phone_by_kind: Option<String>,
    pending_phone_by_id: Option<Uuid>,
    pending_confirmed_at: Option<Timestamp>,
    pending_approved_by_kind: Option<String>,
    pending_approved_by_id: Option<Uuid>,
    pending_approved_at: Option<Timestamp>,
    password_changed_at: Option<Timestamp>,
    user_name_told_at: Option<Timestamp>,
    erased_at: Option<Timestamp>,
    epoch: i64,
    scim: Json<Map<String, Value>>,
    created_by_kind: String,
    created_by_id: Uuid,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl UserRow {
    /// A deleted user keeps its names for the restore, yet no longer stands in the way of others (RFC 7644 §3.6).
    pub(super) fn of(user: &User, version: i64) -> Self {
        let gone = user.deleted_at.is_some();
        let pending = user.pending.as_ref();
        Self {
            id: user.id,
            organisation_id: user.organisation,
            user_name: user.user_name.clone(),
            user_name_folded: if gone { format!("\u{1}deleted {}", user.id) } else { fold(&user.user_name) },
            email: user.email.as_ref().map(|email| email.as_str().to_owned()),
            email_folded: user.email.as_ref().filter(|_| !gone).map(EmailAddress::folded),
            email_verified: user.email_verified,
            phone: user.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            phone_verified: user.phone_verified,
            given_name: user.given_name.clone(),
            given_name_folded: fold(&user.given_name),
            family_name: user.family_name.clone(),
            family_name_folded: fold(&user.family_name),
            company_id: user.company_id.clone(),
            subsidiary: user.subsidiary.clone(),
            locale: user.locale.clone(),
            self_registered: user.self_registered,
            active: user.active,
            blocked: user.blocked,
            activated_at: user.activated_at,
            account_expires_at: user.account_expires_at,
            deleted_at: user.deleted_at,
            last_sign_in_at: user.last_sign_in_at,
            pending_email: pending.and_then(|p| p.email.as_ref()).map(|email| email.as_str().to_owned()),
            pending_phone: pending.and_then(|p| p.phone.as_ref()).map(|phone| phone.as_str().to_owned()),
            pending_since: pending.map(|p| p.since),
            pending_email_by_kind: pending.and_then(|p| p.email_by).map(|by| by.kind().to_owned()),
            pending_email_by_id: pending.and_then(|p| p.email_by).map(PrincipalId::uuid),
            pending_phone_by_kind: pending.and_then(|p| p.phone_by).map(|by| by.kind().to_owned()),
            pending_phone_by_id: pending.and_then(|p| p.phone_by).map(PrincipalId::uuid),
            pending_email_folded: pending.filter(|_| !gone).and_then(|p| p.email.as_ref()).map(EmailAddress::folded),
            pending_confirmed_at: pending.and_then(|p| p.agreed_at),
            pending_approved_by_kind: pending.and_then(|p| p.approved).map(|(by, _)| by.kind().to_owned()),
            pending_approved_by_id: pending.and_then(|p| p.approved).map(|(by, _)| by.uuid()),
            pending_approved_at: pending.and_then(|p| p.approved).map(|(_, at)| at),
            password_changed_at: user.password_changed_at,
            user_name_told_at: user.user_name_told_at,
            erased_at: user.erased_at,
            epoch: user.epoch,
            scim: Json(user.scim.clone()),
            created_by_kind: user.created_by.kind().to_owned(),
            created_by_id: user.created_by.uuid(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            version,
        }
    }

    /// The user that the row describes.
    pub(crate) fn into_model(self) -> db::Result<User> {
        let pending = self.pending()?;
        Ok(User {
            id: self.id,
            organisation: self.organisation_id,
            user_name: self.user_name,
            email: read(self.email, "users.email")?,
            email_verified: self.email_verified,
            phone: read(self.phone, "users.phone")?,
            phone_verified: self.phone_verified,
            given_name: self.given_name,
            family_name: self.family_name,
            company_id: self.company_id,
            subsidiary: self.subsidiary,
            locale: self.locale,
            self_registered: self.self_registered,
            active: self.active,
            blocked: self.blocked,
            activated_at: self.activated_at,
            account_expires_at: self.account_expires_at,
            deleted_at: self.deleted_at,
            last_sign_in_at: self.last_sign_in_at,
            pending,
            password_changed_at: self.password_changed_at,
            user_name_told_at: self.user_name_told_at,
            erased_at: self.erased_at,
            epoch: self.epoch,
            scim: self.scim.0,
            created_by: principal(&self.created_by_kind, self.created_by_id)?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }

    fn pending(&self) -> db::Result<Option<PendingContact>> {
        let Some(since) = self.pending_since else { return Ok(None) };
        let asker = |kind: &Option<String>, id: Option<Uuid>| {
            kind.as_ref().zip(id).map(|(kind, id)| principal(kind, id)).transpose()
        };
        Ok(Some(PendingContact {
            email: read(self.pending_email.clone(), "users.pending_email")?,
            phone: read(self.pending_phone.clone(), "users.pending_phone")?,
            since,
            email_by: asker(&self.pending_email_by_kind, self.pending_email_by_id)?,
            phone_by: asker(&self.pending_phone_by_kind, self.pending_phone_by_id)?,
            agreed_at: self.pending_confirmed_at,
            approved: match (&self.pending_approved_by_kind, self.pending_approved_by_id, self.pending_approved_at) {
                (Some(kind), Some(id), Some(at)) => Some((principal(kind, id)?, at)),
                _ => None,
            },
        }))
    }

    pub(super) async fn insert(self, tx: &mut Tx) -> db::Result<u64> {
        self.write(tx, INSERT).await
    }

    /// Adds many in one statement, which is kept for the next ones where there are as many as usual.
    pub(super) async fn insert_all(tx: &mut Tx, rows: Vec<Self>, usual: usize) -> db::Result<()> {
        let is_usual = rows.len() == usual;
        on!(tx, c => {
            let mut query = QueryBuilder::new(concat!("INSERT INTO users (", columns!(), ") "));
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(row.id)
                    .push_bind(row.organisation_id)
                    .push_bind(row.user_name)
                    .push_bind(row.user_name_folded)
                    .push_bind(row.email)
                    .push_bind(row.email_folded)
                    .push_bind(row.email_verified)
                    .push_bind(row.phone)
                    .push_bind(row.phone_verified)
                    .push_bind(row.given_name)
                    .push_bind(row.given_name_folded)
                    .push_bind(row.family_name)
                    .push_bind(row.family_name_folded)
                    .push_bind(row.company_id)
                    .push_bind(row.subsidiary)
                    .push_bind(row.locale)
                    .push_bind(row.self_registered)
                    .push_bind(row.active)
                    .push_bind(row.blocked)
                    .push_bind(row.activated_at)
                    .push_bind(row.account_expires_at)
                    .push_bind(row.deleted_at)
                    .push_bind(row.last_sign_in_at)
                    .push_bind(row.pending_email)
                    .push_bind(row.pending_phone)
                    .push_bind(row.pending_since)
                    .push_bind(row.pending_email_by_kind)
                    .push_bind(row.pending_email_by_id)
                    .push_bind(row.epoch)
                    .push_bind(row.scim)
                    .push_bind(row.created_by_kind)
                    .push_bind(row.created_by_id)
                    .push_bind(row.created_at)
                    .push_bind(row.updated_at)
                    .push_bind(row.version)
                    .push_bind(row.pending_email_folded)
                    .push_bind(row.pending_confirmed_at)
                    .push_bind(row.pending_approved_by_kind)
                    .push_bind(row.pending_approved_by_id)
                    .push_bind(row.pending_approved_at)
                    .push_bind(row.pending_phone_by_kind)
                    .push_bind(row.pending_phone_by_id);
            });
            query.build().persistent(is_usual).execute(c).await.map(drop)
        })?;
        Ok(())
    }

    /// Writes every column where the version is still the one before.
    pub(super) async fn save(self, tx: &mut Tx) -> db::Result<u64> {
        self.write(tx, SAVE).await
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(self.organisation_id)
            .bind(&self.user_name)
            .bind(&self.user_name_folded)
            .bind(&self.email)
            .bind(&self.email_folded)
            .bind(self.email_verified)
            .bind(&self.phone)
            .bind(self.phone_verified)
            .bind(&self.given_name)
            .bind(&self.given_name_folded)
            .bind(&self.family_name)
            .bind(&self.family_name_folded)
            .bind(&self.company_id)
            .bind(&self.subsidiary)
            .bind(&self.locale)
            .bind(self.self_registered)
            .bind(self.active)
            .bind(self.blocked)
            .bind(self.activated_at)
            .bind(self.account_expires_at)
            .bind(self.deleted_at)
            .bind(self.last_sign_in_at)
            .bind(&self.pending_email)
            .bind(&self.pending_phone)
            .bind(self.pending_since)
            .bind(&self.pending_email_by_kind)
            .bind(self.pending_email_by_id)
            .bind(self.epoch)
            .bind(&self.scim)
            .bind(&self.created_by_kind)
            .bind(self.created_by_id)
            .bind(self.created_at)
            .bind(self.updated_at)
            .bind(self.version)
            .bind(&self.pending_email_folded)
            .bind(self.pending_confirmed_at)
            .bind(&self.pending_approved_by_kind)
            .bind(self.pending_approved_by_id)
            .bind(self.pending_approved_at)
            .bind(&self.pending_phone_by_kind)
            .bind(self.pending_phone_by_id)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

fn read<T: std::str::FromStr>(text: Option<String>, column: &'static str) -> db::Result<Option<T>> {
    text.map(|text| text.parse().map_err(|_| Error::Corrupt(column))).transpose()
}
