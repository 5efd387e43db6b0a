//! What a row says, and what is wrong with it. Pure.

use serde_json::Map;

use super::brought::Brought;
use super::records::LONGEST;
use crate::directory::user::model::{NewUser, User};
use crate::factors::foreign_hash::{ForeignHash, ForeignHashError};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::text::{self, MAX_NAME, TextError};
use crate::kernel::time::Timestamp;

/// The languages that mails are written in.
pub const LANGUAGES: [&str; 3] = ["en", "de", "fr"];

/// What a row may say of somebody: columns of CSV, members of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The address that signs in.
    Email,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// The number for codes.
    Phone,
    /// The id of the home organisation.
    Organisation,
    /// The person's number at the customer.
    CompanyId,
    /// Free text.
    Subsidiary,
    /// The last day of the account, or the instant of its end.
    Expires,
    /// The name to sign in with, where it is not the address.
    UserName,
    /// The language of mails.
    Locale,
    /// The customer's switch.
    Active,
    /// A password as another provider hashed it.
    PasswordHash,
}

impl Column {
    /// All of them; those of an upload first, and what no export writes last.
    pub const ALL: [Self; 12] = [
        Self::Email,
        Self::GivenName,
        Self::FamilyName,
        Self::Phone,
        Self::Organisation,
        Self::CompanyId,
        Self::Subsidiary,
        Self::Expires,
        Self::UserName,
        Self::Locale,
        Self::Active,
        Self::PasswordHash,
    ];

    /// Those of a file that is uploaded in the portal: there nobody chooses user names for others.
    pub const UPLOADED: &[Self] = Self::ALL.split_at(8).0;

    /// Those that an export writes: passwords stay where they are.
    pub const EXPORTED: &[Self] = Self::ALL.split_at(11).0;

    /// Its name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Phone => "phone",
            Self::Organisation => "organisation",
            Self::CompanyId => "company_id",
            Self::Subsidiary => "subsidiary",
            Self::Expires => "expires",
            Self::UserName => "user_name",
            Self::Locale => "locale",
            Self::Active => "active",
            Self::PasswordHash => "password_hash",
        }
    }
}

/// What is wrong with a row. None of it repeats a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A value breaks its rule.
    #[error("`{0}` {1}")]
    Value(&'static str, TextError),
    /// Not the id of an organisation.
    #[error("`organisation` is no id")]
    Organisation,
    /// Their organisation is not there.
    #[error("their organisation was refused, or is switched off")]
    Home,
    /// Not a day to come.
    #[error("`expires` is no day to come, as 2027-01-31")]
    Expires,
    /// None of the words that there are.
    #[error("`{0}` is none of: {1}")]
    Choice(&'static str, &'static str),
    /// A hash that is not taken.
    #[error("`password_hash` {0}")]
    Hash(#[from] ForeignHashError),
    /// The same address stands in an earlier line.
    #[error("the same address is in line {0}")]
    Twice(u64),
    /// Not UTF-8.
    #[error("this is not UTF-8")]
    Encoding,
    /// Longer than [`LONGEST`].
    #[error("this is longer than {LONGEST} octets")]
    TooLong,
    /// Not as many cells as the heading has.
    #[error("there are {0} cells, in the heading {1}")]
    Cells(usize, usize),
    /// A quote within a cell without quotes, or something behind the one that closes a cell.
    #[error("a quote does not stand around a whole cell")]
    Quotes,
    /// The file ends within quotes.
    #[error("the file ends within a cell in quotes")]
    Cut,
    /// Not one JSON object.
    #[error("this is no JSON object")]
    Json,
    /// A member that there is not.
    #[error("the member `{0}` is unknown")]
    Member(String),
    /// A member that stands there twice.
    #[error("the member `{0}` is there twice")]
    MemberTwice(&'static str),
    /// A member whose value is no text.
    #[error("the member `{0}` is no text")]
    NoText(&'static str),
}

impl Fault {
    /// Whether it could not be told what the row says.
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Value(..)
            | Self::Organisation
            | Self::Expires
            | Self::Choice(..)
            | Self::Hash(_)
            | Self::Home
            | Self::Twice(_) => false,
            Self::Encoding
            | Self::TooLong
            | Self::Cells(..)
            | Self::Quotes
            | Self::Cut
            | Self::Json
            | Self::Member(_)
            | Self::MemberTwice(_)
            | Self::NoText(_) => true,
        }
    }
}

/// One row.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number in the file; the heading is the first.
    pub number: u64,
    /// Whom it is about, as it is written: their address, else their user name.
    pub who: String,
    /// Where, if it says.
    pub organisation: Option<OrganisationId>,
    /// Who is to be there, or what is wrong.
    pub person: Result<NewUser, Fault>,
    /// What else a row has to say for somebody who is there to be just so.
    pub says_active: bool,
    /// The id that they have had elsewhere and keep; a file says none.
    pub id: Option<UserId>,
    /// What they bring along; only somebody who is created keeps it.
    pub brought: Option<Brought>,
}

impl Line {
    /// A row that could not be read.
    pub(super) fn unreadable(number: u64, fault: Fault) -> Self {
        Self {
            number,
            who: String::new(),
            organisation: None,
            person: Err(fault),
            says_active: false,
            id: None,
            brought: None,
        }
    }

    pub(super) fn of(number: u64, cells: &Cells, now: Timestamp) -> Self {
        let organisation = cells.get(Column::Organisation).map(str::parse::<OrganisationId>);
        let person = match &organisation {
            Some(Err(_)) => Err(Fault::Organisation),
            _ => person(cells, now),
        };
        let hash = cells.get(Column::PasswordHash).map(ForeignHash::parse).transpose();
        let (person, hash) = match hash {
            Ok(hash) => (person, hash),
            Err(error) => (person.and(Err(error.into())), None),
        };
        // Whoever signs in has an address.
        let person = match person {
            Ok(new) if hash.is_some() && new.email.is_none() => {
                Err(Fault::Value(Column::Email.name(), TextError::Empty))
            }
            person => person,
        };
        let who = cells.get(Column::Email).or(cells.get(Column::UserName)).unwrap_or_default();
        Self {
            number,
            who: who.chars().filter(|c| !c.is_control()).take(254).collect(),
            organisation: organisation.and_then(Result::ok),
            person,
            says_active: cells.get(Column::Active).is_some(),
            id: None,
            brought: hash.map(Brought::password),
        }
    }
}

/// Whether somebody is just as a row says. What it does not say of user name, language and switch may be as it is.
pub(super) fn is_same(known: &User, (new, organisation): (&NewUser, OrganisationId), says_active: bool) -> bool {
    known.organisation == organisation
        && new.email.as_ref().is_none_or(|email| known.email.as_ref().is_some_and(|has| has.folded() == email.folded()))
        && known.given_name == new.given_name
        && known.family_name == new.family_name
        && known.phone == new.phone
        && known.company_id == new.company_id
        && known.subsidiary == new.subsidiary
        && known.account_expires_at == new.account_expires_at
        && new.user_name.as_ref().is_none_or(|name| *name == known.user_name)
        && new.locale.as_ref().is_none_or(|locale| known.locale.as_ref() == Some(locale))
        && (!says_active || new.active == is_on(known))
}

/// How the switch of somebody is written: whoever is blocked does not come back by a file.
pub fn is_on(user: &User) -> bool {
    user.active && !user.blocked
}

/// The cells of a row by their columns; trimmed, and none that is empty.
#[derive(Debug, Default)]
pub struct Cells([Option<String>; Column::ALL.len()]);

impl Cells {
    pub(super) fn set(&mut self, column: Column, text: impl AsRef<str>) {
        let text = text.as_ref().trim();
        if let Some(cell) = self.0.get_mut(column as usize) {
            *cell = (!text.is_empty()).then(|| text.to_owned());
        }
    }

    pub(super) fn get(&self, column: Column) -> Option<&str> {
        self.0.get(column as usize)?.as_deref()
    }

    fn read<T>(&self, column: Column, parse: impl FnOnce(&str) -> Result<T, TextError>) -> Result<Option<T>, Fault> {
        self.get(column).map(|text| parse(text).map_err(|error| Fault::Value(column.name(), error))).transpose()
    }
}

fn person(cells: &Cells, now: Timestamp) -> Result<NewUser, Fault> {
    let missing = |column: Column| Fault::Value(column.name(), TextError::Empty);
    let short = |text: &str| text::line(text, MAX_NAME);
    let user_name = cells.read(Column::UserName, text::user_name)?;
    let email = cells.read(Column::Email, str::parse)?;
    if email.is_none() && user_name.is_none() {
        return Err(missing(Column::Email));
    }
    // As by SCIM, whoever has a user name of their own need not have both names.
    let name = |column: Column| match cells.read(column, text::name)? {
        None if user_name.is_none() => Err(missing(column)),
        name => Ok(name.unwrap_or_default()),
    };
    Ok(NewUser {
        email,
        phone: cells.read(Column::Phone, str::parse)?,
        given_name: name(Column::GivenName)?,
        family_name: name(Column::FamilyName)?,
        company_id: cells.read(Column::CompanyId, short)?,
        subsidiary: cells.read(Column::Subsidiary, short)?,
        locale: locale(cells)?,
        account_expires_at: cells.get(Column::Expires).map(|text| end(text, now)).transpose()?,
        active: active(cells)?,
        scim: Map::new(),
        user_name,
    })
}

fn locale(cells: &Cells) -> Result<Option<String>, Fault> {
    let known = |text: &str| LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(text));
    let Some(text) = cells.get(Column::Locale) else { return Ok(None) };
    known(text).map(|tag| Some(tag.to_owned())).ok_or(Fault::Choice("locale", "en, de, fr"))
}

fn active(cells: &Cells) -> Result<bool, Fault> {
    match cells.get(Column::Active) {
        None => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(_) => Err(Fault::Choice("active", "true, false")),
    }
}

/// A day that is over is a mistake; an instant is what an export says of somebody whose account has ended.
fn end(text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    match Timestamp::end_of_date(text) {
        Some(end) => Some(end).filter(|end| *end > now),
        None => Timestamp::parse_rfc3339(text),
    }
    .ok_or(Fault::Expires)
}

/// The end of an account as it is written: the day, where it is the end of one to come.
pub(in crate::directory::user) fn written_end(end: Timestamp, now: Timestamp) -> String {
    let day = Timestamp(end.0.saturating_sub(1)).to_date();
    if end > now && Timestamp::end_of_date(&day) == Some(end) { day } else { end.to_rfc3339() }
}
