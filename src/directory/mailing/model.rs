//! What is written, and to whom.

use crate::kernel::hex::hex;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::text::{self, TextError};

/// Most organisations of one mailing.
pub const MAX_ORGANISATIONS: usize = 500;

/// Most people of one mailing.
pub const MAX_RECIPIENTS: usize = 1_000;

/// Most mailings of one sender in a day.
pub const MAX_A_DAY: i64 = 10;

/// Who of an organisation is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Those who hold a role there by which they administer it or its people.
    Administrators,
    /// Everybody who is at home there.
    Everybody,
}

impl Audience {
    /// Both, for choices.
    pub const ALL: [Self; 2] = [Self::Administrators, Self::Everybody];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrators => "administrators",
            Self::Everybody => "everybody",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What is said: plain text, the same for everybody.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Several lines.
    pub text: String,
}

/// Shown by nothing: it is for its readers (IN-06).
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// What is wrong with a letter: the field, and the rule.
pub type Wrong = (&'static str, TextError);

impl Letter {
    /// Without line breaks in the subject (IN-02), without anything of which mail programs make links to pages: what comes from our
    /// address leads nowhere but to us (IN-03).
    pub fn checked(subject: &str, text: &str) -> Result<Self, Wrong> {
        let subject = text::letter_subject(subject).map_err(|error| ("subject", error))?;
        let text = text::letter(text).map_err(|error| ("text", error))?;
        Ok(Self { subject, text })
    }
}

/// Somebody who is written to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Recipient {
    /// Who.
    pub id: UserId,
    /// How to address them.
    pub given_name: String,
    /// Where; never shown to whoever writes.
    pub email: String,
    /// Their language.
    pub locale: Option<String>,
}

/// Names a set of recipients, so that a letter goes to those who were counted before.
pub fn fingerprint(recipients: &[Recipient]) -> String {
    let ids: String = recipients.iter().map(|one| one.id.to_string()).collect();
    hex(Digest::of(ids.as_bytes()).as_bytes()).chars().take(16).collect()
}
