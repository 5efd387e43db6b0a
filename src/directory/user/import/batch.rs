//! A whole file, some hundred rows in each transaction. Interrupted at any point and begun anew it ends as if it had never been
//! interrupted: whoever is there already, just so, is left as they are.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::io;

use super::brought::Brought;
use super::many::{Wanted, import_many};
use super::row::Line;
use super::rows::Lines;
use super::{FileError, Outcome};
use crate::authority::action::CreateUser;
use crate::authority::{Door, Refusal};
use crate::db::{self, Db, Tx, transact};
use crate::directory::user::create::Told;
use crate::directory::user::error::UserError;
use crate::directory::user::model::NewUser;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::text::{PhoneNumber, fold};
use crate::kernel::time::Timestamp;
use crate::notify::outbox;

/// How many rows go into one transaction: enough to share the cost of a commit, and so few that nobody waits for long.
pub const BATCH: usize = 1_000;

/// How a file is brought in.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    /// Where to.
    pub db: &'a Db,
    /// Who decides on each person.
    pub door: &'a Door,
    /// The home of those whose row names none.
    pub home: OrganisationId,
    /// How many rows go into one transaction.
    pub batch: usize,
    /// Nothing is kept; it is only said what would become of each row.
    pub preview: bool,
    /// Whether new people are mailed.
    pub mail: bool,
    /// Whether codes are sent to a number (AU-09): whoever has another one cannot sign in.
    pub accepts: &'a (dyn Fn(&PhoneNumber) -> bool + Sync),
    /// The context of a transaction that begins now.
    pub context: &'a (dyn Fn() -> Ctx + Sync),
}

impl std::fmt::Debug for Import<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import").field("home", &self.home).field("preview", &self.preview).finish_non_exhaustive()
    }
}

/// What became of a row, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The person was created.
    Created,
    /// They are there already, just so.
    Unchanged,
    /// Why not.
    Refused(String),
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// People who were created.
    pub created: u64,
    /// People who were there already.
    pub unchanged: u64,
    /// Rows that were refused.
    pub refused: u64,
}

impl Counts {
    /// All rows.
    pub fn rows(self) -> u64 {
        self.created + self.unchanged + self.refused
    }

    /// One more row.
    pub fn count(&mut self, said: &Said) {
        match said {
            Said::Created => self.created += 1,
            Said::Unchanged => self.unchanged += 1,
            Said::Refused(_) => self.refused += 1,
        }
    }
}

/// Why an import stopped; what was said of rows until then holds.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nobody is in the file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file cannot be read any further, or nothing can be said any more.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Whoever imports may not change anything at all now.
    #[error(transparent)]
    Refused(Refusal),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What ends a transaction.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    User(#[from] UserError),
    #[error("a look keeps nothing")]
    Looked,
}

impl From<db::Error> for Ended {
    fn from(error: db::Error) -> Self {
        Self::User(UserError::Db(error))
    }
}

impl Ended {
    /// What to do when the row stood alone: the rule that refuses it, or the end of the import.
    fn said(self) -> Result<Said, ImportError> {
        match self {
            Self::User(UserError::Db(error @ db::Error::Constraint(_))) => Ok(Said::Refused(error.to_string())),
            Self::Refused(Refusal::Db(error)) | Self::User(UserError::Db(error)) => Err(error.into()),
            Self::Refused(refusal) => Err(ImportError::Refused(refusal)),
            Self::User(error) => Ok(Said::Refused(error.to_string())),
            Self::Looked => Ok(Said::Created),
        }
    }

    /// Whether one row stands in the way of the others: a rule that was broken all the same, by who came at the same time.
    fn is_of_one(&self) -> bool {
        match self {
            Self::User(UserError::Db(error)) => matches!(error, db::Error::Constraint(_)),
            Self::User(_) => true,
            Self::Refused(_) | Self::Looked => false,
        }
    }
}

/// A row on its way.
struct Row {
    /// Its place in the batch.
    at: usize,
    new: NewUser,
    organisation: OrganisationId,
    says_active: bool,
    id: Option<UserId>,
    brought: Option<Brought>,
}

impl Import<'_> {
    /// Brings in all rows of a file, and says of each what became of it, once that is on disk.
    pub async fn run(
        self,
        rows: &mut impl Lines,
        mut say: impl FnMut(&Line, &Said) -> io::Result<()>,
    ) -> Result<Counts, ImportError> {
        let (mut counts, mut seen, mut mailed_until) = (Counts::default(), Seen::default(), Timestamp(0));
        loop {
            let lines = read(rows, self.batch.max(1))?;
            if lines.is_empty() {
                return if counts.rows() == 0 { Err(FileError::Empty.into()) } else { Ok(counts) };
            }
            let ctx = (self.context)();
            mailed_until = mailed_until.max(ctx.now);
            let mut all = self.take(&lines, mailed_until, &ctx).await?;
            let made = all.iter().filter(|said| **said == Said::Created).count();
            mailed_until = mailed_until.plus(outbox::lasting(made));
            for (line, said) in lines.iter().zip(&mut all) {
                if self.preview {
                    seen.judge(line, said);
                }
                counts.count(said);
                say(line, said)?;
            }
        }
    }

    /// What becomes of the rows of a batch.
    async fn take(&self, lines: &[Line], from: Timestamp, ctx: &Ctx) -> Result<Vec<Said>, ImportError> {
        let told = if self.mail { Told::ByMail(from) } else { Told::Later };
        let (mut all, mut rows) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
        for (at, line) in lines.iter().enumerate() {
            all.push(match self.look(at, line) {
                Ok(row) => {
                    rows.push(row);
                    Said::Created
                }
                Err(said) => said,
            });
        }
        for (row, said) in rows.iter().zip(self.bring_or_each(&rows, told, ctx).await?) {
            if let Some(place) = all.get_mut(row.at) {
                *place = said;
            }
        }
        Ok(all)
    }

    /// What can be told of a row by itself.
    fn look(&self, at: usize, line: &Line) -> Result<Row, Said> {
        let new = line.person.clone().map_err(|fault| Said::Refused(fault.to_string()))?;
        if new.phone.as_ref().is_some_and(|phone| !(self.accepts)(phone)) {
            return Err(Said::Refused("no codes are sent to numbers like this one; see `[numbers]`".to_owned()));
        }
        let organisation = line.organisation.unwrap_or(self.home);
        Ok(Row { at, new, organisation, says_active: line.says_active, id: line.id, brought: line.brought.clone() })
    }

    /// All rows together, or each by itself where one stands in the way of the others.
    async fn bring_or_each(&self, rows: &[Row], told: Told, ctx: &Ctx) -> Result<Vec<Said>, ImportError> {
        let ended = match self.bring(rows, told, ctx).await {
            Ok(said) => return Ok(said),
            Err(ended) => ended,
        };
        if rows.len() < 2 || !ended.is_of_one() {
            return Ok(vec![ended.said()?]);
        }
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            match self.bring(std::slice::from_ref(row), told, ctx).await {
                Ok(said) => all.extend(said),
                Err(ended) => all.push(ended.said()?),
            }
        }
        Ok(all)
    }

    /// Some rows in one transaction.
    async fn bring(&self, rows: &[Row], told: Told, ctx: &Ctx) -> Result<Vec<Said>, Ended> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut would = None;
        let done: Result<Vec<Said>, Ended> = transact!(self.db, tx => {
            let said = self.bring_in(tx, rows, told, ctx).await?;
            if self.preview {
                would = Some(said);
                Err(Ended::Looked)
            } else {
                Ok(said)
            }
        });
        match (would, done) {
            (Some(said), Err(Ended::Looked)) => Ok(said),
            (_, done) => done,
        }
    }

    async fn bring_in(&self, tx: &mut Tx, rows: &[Row], told: Told, ctx: &Ctx) -> Result<Vec<Said>, Ended> {
        let actions = rows.iter().map(|row| CreateUser { organisation: row.organisation }).collect();
        let decided = self.door.authorise_each(tx, ctx, actions).await?;
        let mut wanted = Vec::with_capacity(rows.len());
        let mut refused = Vec::with_capacity(rows.len());
        for (row, decided) in rows.iter().zip(decided) {
            match decided {
                Ok(permit) => {
                    let (new, brought) = (row.new.clone(), row.brought.clone());
                    wanted.push((permit, Wanted { new, says_active: row.says_active, id: row.id, brought }));
                    refused.push(None);
                }
                Err(reason) => refused.push(Some(Said::Refused(reason.to_string()))),
            }
        }
        let mut outcomes = import_many(tx, wanted, told, ctx).await?.into_iter();
        let said = refused.into_iter().filter_map(|refused| match refused {
            Some(refused) => Some(Ok(refused)),
            None => outcomes.next().map(said),
        });
        Ok(said.collect::<Result<_, _>>()?)
    }
}

/// What an outcome is called; a failure of the database is none.
fn said(outcome: Result<Outcome, UserError>) -> Result<Said, UserError> {
    match outcome {
        Ok(Outcome::Created) => Ok(Said::Created),
        Ok(Outcome::Unchanged) => Ok(Said::Unchanged),
        Ok(Outcome::Taken | Outcome::TooMany) => Ok(Said::Refused(UserError::EmailTaken.to_string())),
        Err(UserError::Db(error)) => Err(UserError::Db(error)),
        Err(error) => Ok(Said::Refused(error.to_string())),
    }
}

fn read(rows: &mut impl Lines, most: usize) -> io::Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(most);
    while lines.len() < most
        && let Some(line) = rows.next_line()?
    {
        lines.push(line);
    }
    Ok(lines)
}

/// Whom a look has met already: what it does not keep, the rows behind cannot find. Sixteen octets for each name.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    rows: HashMap<u64, u64>,
}

impl Seen {
    /// Corrects what was said of somebody who would be created.
    fn judge(&mut self, line: &Line, said: &mut Said) {
        let (Ok(new), Said::Created) = (&line.person, &*said) else { return };
        let said_of = NewUser { email: None, ..new.clone() };
        let content = self.hasher.hash_one(format!("{said_of:?} {:?}", line.organisation));
        let email = new.email.as_ref().map(|email| self.hasher.hash_one(email.folded()));
        let user_name = new.user_name.as_deref().map(|name| self.hasher.hash_one(fold(name)));
        let taken = [(email, UserError::EmailTaken), (user_name, UserError::UserNameTaken)].into_iter();
        let known = taken.filter_map(|(name, error)| Some((*self.rows.get(&name?)?, error)));
        match known.collect::<Vec<_>>().first() {
            None => self.rows.extend(email.into_iter().chain(user_name).map(|name| (name, content))),
            Some((before, _)) if *before == content => *said = Said::Unchanged,
            Some((_, error)) => *said = Said::Refused(error.to_string()),
        }
    }
}
