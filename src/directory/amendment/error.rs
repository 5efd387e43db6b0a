//! Why nothing was asked, attached or answered.

use super::file::MAX_DOCUMENT;
use super::model::{MAX_A_DAY, MAX_DOCUMENTS};
use crate::authority::Refusal;
use crate::db;
use crate::directory::organisation::error::OrganisationError;
use crate::kernel::text::TextError;

/// Why nothing was asked, attached or answered.
#[derive(Debug, thiserror::Error)]
pub enum AmendmentError {
    /// Only people ask.
    #[error("only people ask for changes")]
    NoPerson,
    /// It is all as it is stored.
    #[error("nothing would change")]
    Nothing,
    /// One about this organisation waits for an answer.
    #[error("somebody has asked for a change already; it waits for an answer")]
    AlreadyAsked,
    /// So many were asked in a day.
    #[error("at most {MAX_A_DAY} changes can be asked for in a day")]
    TooMany,
    /// It was answered or withdrawn.
    #[error("there is nothing to answer any more")]
    NotOpen,
    /// The data or the documents are not what whoever answers saw.
    #[error("the data or the documents were changed meanwhile; look again")]
    Stale,
    /// A reason is needed, and is a text of some length.
    #[error("say why: the reason {0}")]
    Reason(TextError),
    /// As many documents as it can have.
    #[error("at most {MAX_DOCUMENTS} documents")]
    TooManyDocuments,
    /// Empty, or larger than a document may be.
    #[error("a document has up to {MAX_DOCUMENT} bytes")]
    Size,
    /// No kind of file that is taken.
    #[error("a document is a PDF, PNG or JPEG file")]
    Kind,
    /// What is wanted is not allowed, or not possible.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// The change itself was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}
