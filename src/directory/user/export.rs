//! People to a file, which an import reads back ([`super::import`]). What an import does not know is not in it: passwords, memberships,
//! roles, what only SCIM keeps. Whatever the size, no more than a page is kept.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::export_store;
use super::import::row::{is_on, written_end};
use super::import::rows::Format;
use super::import::{Column, row};
use super::model::User;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::{Door, Permission, Reach, Refusal, Scope};
use crate::db::{self, Db, transact};
use crate::directory::organisation;
use crate::kernel::cell::guarded;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;

/// How many people are read at a time.
const PAGE: i64 = 1_000;

/// Why people are not exported, or no further.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such organisation, or it is out of sight.
    #[error("not found")]
    NotFound,
    /// Whoever exports sees nobody.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Writes everybody whose addresses the actor sees, of one subtree if it is named; how many. That they were taken along is recorded.
pub async fn export<W: Write>(
    (db, door): (&Db, &Door),
    organisation: Option<OrganisationId>,
    (out, format): (W, Format),
    ctx: &Ctx,
) -> Result<u64, ExportError> {
    let tx = &mut db.reader().await?;
    let authority = door.authority(tx, ctx).await?;
    let scope = Scope::of_contacts(&authority, ctx.now);
    if let Some(id) = organisation {
        let path = organisation::store::path(tx, id).await?;
        path.filter(|path| scope.covers(path)).ok_or(ExportError::NotFound)?;
    }
    let reach = Reach::of(tx, &scope, organisation.map(|id| (id, true))).await?;
    // Before the first of them is out of the house.
    let via = authority.holding(Permission::UserRead, ctx.now).next().map(|by| by.id).filter(|id| !id.0.is_nil());
    let root = organisation::store::find_root(tx).await?.map(|root| root.id);
    if let Some(place) = organisation.or(root) {
        let details = json!({ "list": "users", "rows": reach.count(tx).await? });
        let event = Event::new(Kind::Exported, Subject::Organisation(place)).within(place).with(details);
        let done: db::Result<()> = transact!(db, tx => audit::record(tx, ctx, via, event.clone()).await);
        done?;
    }
    let mut file = File::begin(out, format)?;
    let (mut count, mut after) = (0_u64, 0);
    loop {
        let (people, last) = export_store::page(tx, &reach, after, PAGE).await?;
        for user in &people {
            file.write(user, ctx.now)?;
            count += 1;
        }
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    file.end()?;
    Ok(count)
}

/// A file that is being written.
enum File<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<W: Write> File<W> {
    fn begin(out: W, format: Format) -> io::Result<Self> {
        if format == Format::Jsonl {
            return Ok(Self::Jsonl(out));
        }
        let style = csv::QuoteStyle::Always;
        let mut writer =
            csv::WriterBuilder::new().quote_style(style).terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(Column::EXPORTED.iter().map(|column| column.name()))?;
        Ok(Self::Csv(Box::new(writer)))
    }

    fn write(&mut self, user: &User, now: Timestamp) -> io::Result<()> {
        let person = Person::of(user, now);
        match self {
            Self::Csv(writer) => {
                let cells = Column::EXPORTED.iter().map(|column| guarded(&person.cell(*column)));
                Ok(writer.write_record(cells)?)
            }
            Self::Jsonl(out) => {
                serde_json::to_writer(&mut *out, &person)?;
                out.write_all(b"\n")
            }
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Jsonl(mut out) => out.flush(),
        }
    }
}

/// Somebody as a row says them.
#[derive(Serialize)]
struct Person<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    given_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    family_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    organisation: OrganisationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subsidiary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    user_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    active: bool,
}

impl<'a> Person<'a> {
    fn of(user: &'a User, now: Timestamp) -> Self {
        Self {
            email: user.email.as_ref().map(EmailAddress::as_str),
            given_name: &user.given_name,
            family_name: &user.family_name,
            phone: user.phone.as_ref().map(PhoneNumber::as_str),
            organisation: user.organisation,
            company_id: user.company_id.as_deref(),
            subsidiary: user.subsidiary.as_deref(),
            expires: user.account_expires_at.map(|end| written_end(end, now)),
            user_name: &user.user_name,
            locale: user.locale.as_deref().filter(|locale| row::LANGUAGES.contains(locale)),
            active: is_on(user),
        }
    }

    fn cell(&self, column: Column) -> String {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        match column {
            Column::Email => text(self.email),
            Column::GivenName => self.given_name.to_owned(),
            Column::FamilyName => self.family_name.to_owned(),
            Column::Phone => text(self.phone),
            Column::Organisation => self.organisation.to_string(),
            Column::CompanyId => text(self.company_id),
            Column::Subsidiary => text(self.subsidiary),
            Column::Expires => text(self.expires.as_deref()),
            Column::UserName => self.user_name.to_owned(),
            Column::Locale => text(self.locale),
            Column::Active => self.active.to_string(),
            Column::PasswordHash => String::new(),
        }
    }
}
