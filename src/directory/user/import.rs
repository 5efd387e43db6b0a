//! People from a CSV file (RFC 4180): each line stands for itself, wholly or not at all, and the same file again changes nothing.

use std::collections::BTreeMap;

use serde_json::Map;

use super::conflict::{self, Verdict};
use super::create::create;
use super::error::UserError;
use super::model::{NewUser, User};
use crate::authority::Permit;
use crate::authority::action::CreateUser;
use crate::db::Tx;
use crate::kernel::cell::unguarded;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::text::{self, TextError};
use crate::kernel::time::Timestamp;

/// Most lines of one file: each is a transaction, and a mail.
pub const MAX_LINES: usize = 500;

/// Longest company ID and subsidiary, in characters.
const SHORT: usize = 100;

/// The columns there are; the first three are needed.
pub const COLUMNS: [&str; 8] =
    ["email", "given_name", "family_name", "phone", "organisation", "company_id", "subsidiary", "expires"];

/// Why a file is not read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Not UTF-8, or not CSV.
    #[error("this is not a CSV file in UTF-8")]
    Unreadable,
    /// A column that is needed is not there.
    #[error("the column `{0}` is missing")]
    Missing(&'static str),
    /// A column that there is not, or one that is there twice.
    #[error("the column `{0}` is unknown or there twice")]
    Unknown(String),
    /// Nobody is in it.
    #[error("nobody is in it")]
    Empty,
    /// More than [`MAX_LINES`].
    #[error("at most {MAX_LINES} people at a time")]
    TooMany,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A value breaks its rule.
    #[error("`{0}` {1}")]
    Value(&'static str, TextError),
    /// Not the id of an organisation.
    #[error("`organisation` is no id")]
    Organisation,
    /// Not a day to come.
    #[error("`expires` is no day to come, as 2027-01-31")]
    Expires,
    /// The same address stands in an earlier line.
    #[error("the same address is in line {0}")]
    Twice(u64),
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number in the file; the heading is the first.
    pub number: u64,
    /// Whom it is about, as it is written.
    pub who: String,
    /// Where, if it says.
    pub organisation: Option<OrganisationId>,
    /// Who is to be there, or what is wrong.
    pub person: Result<NewUser, Fault>,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person was created.
    Created,
    /// They are there already, just so.
    Unchanged,
    /// Somebody out of the actor's sight has the address. That is audited, so the transaction is to be committed.
    Taken,
    /// The actor was told so too often in an hour; they are not told whether this address is free.
    TooMany,
}

/// Whoever has the address of a line.
#[derive(Clone, Debug)]
pub enum Holder {
    /// Nobody.
    Nobody,
    /// Somebody whom the actor sees, and how to reach them.
    Seen(Box<User>),
    /// Somebody else; that they exist is all that is said (`decisions.md` 2).
    Hidden(UserId),
}

/// Reads a file; what is wrong with a line is in the line.
pub fn read(bytes: &[u8], now: Timestamp) -> Result<Vec<Line>, FileError> {
    // As spreadsheets write it, with a mark at its beginning.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let columns = columns(reader.headers().map_err(|_| FileError::Unreadable)?)?;
    let mut lines: Vec<Line> = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for (at, record) in reader.records().enumerate() {
        if at >= MAX_LINES {
            return Err(FileError::TooMany);
        }
        let record = record.map_err(|_| FileError::Unreadable)?;
        let number = u64::try_from(at).unwrap_or(u64::MAX).saturating_add(2);
        let cell = |name: &str| {
            let at = columns.get(name).copied();
            let cell = at.and_then(|at| record.get(at)).map(unguarded).unwrap_or_default();
            Some(cell.trim()).filter(|cell| !cell.is_empty())
        };
        let mut line = line(number, cell, now);
        if let Ok(person) = &line.person
            && let Some(email) = &person.email
            && let Some(first) = seen.insert(email.folded(), number)
        {
            line.person = Err(Fault::Twice(first));
        }
        lines.push(line);
    }
    if lines.is_empty() { Err(FileError::Empty) } else { Ok(lines) }
}

fn columns(headings: &csv::StringRecord) -> Result<BTreeMap<&'static str, usize>, FileError> {
    let mut columns = BTreeMap::new();
    for (at, heading) in headings.iter().enumerate() {
        let known = COLUMNS.into_iter().find(|known| heading.eq_ignore_ascii_case(known));
        let known = known.filter(|known| !columns.contains_key(known));
        let name = heading.chars().take(40).collect();
        columns.insert(known.ok_or(FileError::Unknown(name))?, at);
    }
    let needed = ["email", "given_name", "family_name"].into_iter().find(|name| !columns.contains_key(name));
    needed.map_or(Ok(columns), |missing| Err(FileError::Missing(missing)))
}

fn line<'a>(number: u64, cell: impl Fn(&str) -> Option<&'a str>, now: Timestamp) -> Line {
    let organisation = cell("organisation").map(str::parse::<OrganisationId>);
    let person = match &organisation {
        Some(Err(_)) => Err(Fault::Organisation),
        _ => person(&cell, now),
    };
    let who = cell("email").unwrap_or_default().chars().take(254).collect();
    Line { number, who, organisation: organisation.and_then(Result::ok), person }
}

fn person<'a>(cell: &impl Fn(&str) -> Option<&'a str>, now: Timestamp) -> Result<NewUser, Fault> {
    fn read<T>(
        name: &'static str,
        value: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, TextError>,
    ) -> Result<T, Fault> {
        let value = value.ok_or(Fault::Value(name, TextError::Empty))?;
        parse(value).map_err(|error| Fault::Value(name, error))
    }
    let short = |name: &'static str| {
        cell(name).map(|value| read(name, Some(value), |value| text::line(value, SHORT))).transpose()
    };
    let day = |value| Timestamp::end_of_date(value).filter(|end| *end > now).ok_or(Fault::Expires);
    Ok(NewUser {
        user_name: None,
        email: Some(read("email", cell("email"), str::parse)?),
        phone: cell("phone").map(|value| read("phone", Some(value), str::parse)).transpose()?,
        given_name: read("given_name", cell("given_name"), text::name)?,
        family_name: read("family_name", cell("family_name"), text::name)?,
        company_id: short("company_id")?,
        subsidiary: short("subsidiary")?,
        locale: None,
        account_expires_at: cell("expires").map(day).transpose()?,
        active: true,
        scim: Map::new(),
    })
}

/// Creates the person of a line, unless they are there already, just so.
pub async fn import(
    tx: &mut Tx,
    permit: Permit<CreateUser>,
    new: NewUser,
    holder: Holder,
    ctx: &Ctx,
) -> Result<Outcome, UserError> {
    let same = |known: &User| {
        known.organisation == permit.action().organisation
            && known.given_name == new.given_name
            && known.family_name == new.family_name
            && known.phone == new.phone
            && known.company_id == new.company_id
            && known.subsidiary == new.subsidiary
            && known.account_expires_at == new.account_expires_at
    };
    let hidden = match &holder {
        Holder::Seen(known) if same(known) => return Ok(Outcome::Unchanged),
        Holder::Seen(_) | Holder::Nobody => None,
        Holder::Hidden(other) => Some(*other),
    };
    match conflict::tell(tx, permit.actor(), hidden, ctx).await? {
        Verdict::Free => {}
        Verdict::Taken => return Ok(Outcome::Taken),
        Verdict::TooMany => return Ok(Outcome::TooMany),
    }
    create(tx, permit, new, ctx).await?;
    Ok(Outcome::Created)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000_000);

    fn faults(text: &str) -> Vec<String> {
        let lines = read(text.as_bytes(), NOW).unwrap();
        lines.iter().map(|line| line.person.as_ref().err().map(ToString::to_string).unwrap_or_default()).collect()
    }

    /// IN-01: what an export wrote is read back; what is wrong is said line by line, and no line spoils another.
    #[test]
    fn in_01_lines_are_read_each_for_itself() {
        let text = "\u{feff}Email,given_name,family_name,phone,expires,organisation\r\n\
            a@x.example,Ann,Lee,'+49691234567,2027-01-31,\r\n\
            \"b@x.example\",\"Bo \",\"Li\",,,\r\n\
            A@X.example,Ann,Lee,,,\r\n\
            nobody,Ann,Lee,,,\r\n\
            c@x.example,,Lee,,,\r\n\
            d@x.example,D,Lee,12,,\r\n\
            e@x.example,E,Lee,,2020-01-01,\r\n\
            f@x.example,F,Lee,,,Bank B\r\n";
        let lines = read(text.as_bytes(), NOW).unwrap();
        assert_eq!(lines[0].person.as_ref().unwrap().phone.as_ref().unwrap().as_str(), "+49691234567");
        assert_eq!(lines[1].person.as_ref().unwrap().given_name, "Bo");
        let faults = faults(text);
        assert_eq!(
            (faults[0].as_str(), faults[1].as_str(), faults[2].as_str()),
            ("", "", "the same address is in line 2")
        );
        assert!(faults[3..].iter().all(|fault| !fault.is_empty()), "{faults:?}");
    }

    #[test]
    fn what_is_no_such_file_is_refused_as_a_whole() {
        let heads = "email,given_name,family_name\n";
        for (text, wanted) in [
            (String::new(), FileError::Missing("email")),
            ("email,given_name\n".to_owned(), FileError::Missing("family_name")),
            (format!("password,{heads}"), FileError::Unknown("password".to_owned())),
            (format!("email,{heads}"), FileError::Unknown("email".to_owned())),
            (heads.to_owned(), FileError::Empty),
            (format!("{heads}a@x.example,A\n"), FileError::Unreadable),
            (heads.to_owned() + &"a@x.example,A,B\n".repeat(MAX_LINES + 1), FileError::TooMany),
        ] {
            assert_eq!(read(text.as_bytes(), NOW).unwrap_err(), wanted, "{text:.40}");
        }
        assert_eq!(read(b"email,given_name,family_name\n\xFF,a,b\n", NOW).unwrap_err(), FileError::Unreadable);
    }
}
