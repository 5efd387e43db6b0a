//! Accepting terms: for oneself only, and only the version that holds (E16, E17).

use serde_json::json;

use super::model::{Documents, Version};
use super::store::{self, Acceptance};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// Why nothing was accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// There is no such document, or another version of it holds now: what was read is not what would be accepted.
    #[error("this is not the version that holds")]
    NotCurrent,
    /// Only people accept terms.
    #[error("only a person accepts terms")]
    NoPerson,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What was on the page that somebody answers.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The document.
    pub terms: &'a str,
    /// The version.
    pub version: u32,
    /// In which language.
    pub language: &'a str,
}

/// The general terms that somebody has yet to accept before they use anything; every surface that lets people in asks this.
pub async fn outstanding<'a>(
    tx: &mut Tx,
    documents: &'a Documents,
    user: UserId,
    now: Timestamp,
) -> db::Result<Option<&'a Version>> {
    let Some(version) = documents.general(now) else { return Ok(None) };
    let accepted = store::has(tx, user, super::GENERAL, version.number).await?;
    Ok(Some(version).filter(|_| !accepted))
}

/// The person who acts accepts what they were shown. Twice is once: `false` if it had been accepted before.
pub async fn accept(tx: &mut Tx, documents: &Documents, shown: Shown<'_>, ctx: &Ctx) -> Result<bool, AcceptError> {
    let person = ctx.actor.and_then(PrincipalId::person).ok_or(AcceptError::NoPerson)?;
    let version = current(documents, shown, ctx.now).ok_or(AcceptError::NotCurrent)?;
    let new = Acceptance {
        user_id: person,
        terms: shown.terms.to_owned(),
        version: i64::from(version),
        language: shown.language.to_owned(),
        accepted_at: ctx.now,
    };
    if !store::insert(tx, &new).await? {
        return Ok(false);
    }
    let details = json!({ "terms": shown.terms, "version": version, "language": shown.language });
    audit::record(tx, ctx, None, Event::new(Kind::TermsAccepted, Subject::User(person)).with(details)).await?;
    // What their roles allow may be another thing now (E17).
    tx.note_change();
    Ok(true)
}

/// Writes down that the person who acts does not accept what they were shown; nothing where nobody could be shown it.
pub async fn refuse(tx: &mut Tx, documents: &Documents, shown: Shown<'_>, ctx: &Ctx) -> db::Result<()> {
    let (Some(person), Some(version)) = (ctx.actor.and_then(PrincipalId::person), current(documents, shown, ctx.now))
    else {
        return Ok(());
    };
    let details = json!({ "terms": shown.terms, "version": version, "language": shown.language });
    audit::record(tx, ctx, None, Event::new(Kind::TermsRefused, Subject::User(person)).with(details)).await
}

/// The version that was shown, if it is the one that holds and has a text in that language.
fn current(documents: &Documents, shown: Shown<'_>, now: Timestamp) -> Option<u32> {
    let version = documents.get(shown.terms)?.at(now)?;
    (version.number == shown.version && version.texts.has(shown.language)).then_some(version.number)
}
