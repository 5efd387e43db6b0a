//! People from a file: each line stands for itself, wholly or not at all, and the same file again changes nothing.
//!
//! CSV (RFC 4180) as it is uploaded in the portal is read here as a whole; files of any size row by row ([`rows`]), and brought in some
//! hundred people at a time ([`batch`]).

pub mod batch;
pub mod brought;
mod brought_store;
mod json_line;
pub mod many;
mod records;
pub mod row;
pub mod rows;

use std::collections::BTreeMap;

use super::conflict::{self, Verdict};
use super::create::create;
use super::error::UserError;
use super::model::{NewUser, User};
use crate::authority::Permit;
use crate::authority::action::CreateUser;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;
pub use row::{Column, Fault, Line};
use rows::{Rows, RowsError};

/// Most lines of one file that is uploaded: each is a transaction, and a mail.
pub const MAX_LINES: usize = 500;

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

/// Reads a file that was uploaded; what is wrong with a line is in the line, but what cannot be read refuses it as a whole.
pub fn read(bytes: &[u8], now: Timestamp) -> Result<Vec<Line>, FileError> {
    let unreadable = |error| match error {
        RowsError::File(error) => error,
        RowsError::Io(_) => FileError::Unreadable,
    };
    let mut rows = Rows::csv(bytes, Column::UPLOADED, now).map_err(unreadable)?;
    let mut lines: Vec<Line> = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(mut line) = rows.read().map_err(|_| FileError::Unreadable)? {
        if lines.len() >= MAX_LINES {
            return Err(FileError::TooMany);
        }
        if line.person.as_ref().is_err_and(Fault::is_unreadable) {
            return Err(FileError::Unreadable);
        }
        if let Ok(person) = &line.person
            && let Some(email) = &person.email
            && let Some(first) = seen.insert(email.folded(), line.number)
        {
            line.person = Err(Fault::Twice(first));
        }
        lines.push(line);
    }
    if lines.is_empty() { Err(FileError::Empty) } else { Ok(lines) }
}

/// The first column that a file does not do without: whoever has no address has a user name.
fn needed(columns: &[Column], known: &[Column]) -> Option<&'static str> {
    let named = columns.contains(&Column::UserName) && known.contains(&Column::UserName);
    let needed = [Column::Email, Column::GivenName, Column::FamilyName];
    let mut missing = needed.into_iter().filter(|column| !columns.contains(column));
    if named { None } else { missing.next().map(Column::name) }
}

/// Creates the person of a line, unless they are there already, just so.
pub async fn import(
    tx: &mut Tx,
    permit: Permit<CreateUser>,
    new: NewUser,
    holder: Holder,
    ctx: &Ctx,
) -> Result<Outcome, UserError> {
    let organisation = permit.action().organisation;
    let same = |known: &User| row::is_same(known, (&new, organisation), false);
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
            (format!("password_hash,{heads}"), FileError::Unknown("password_hash".to_owned())),
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
