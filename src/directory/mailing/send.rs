//! Writing to the people of organisations: one mail each, through the queue of messages, in the transaction of the decision.

use std::time::Duration;

use serde_json::json;

use super::model::{Audience, Letter, MAX_A_DAY, MAX_ORGANISATIONS, MAX_RECIPIENTS, Recipient, fingerprint};
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::WriteToPeople;
use crate::authority::{Permission, Permit, Roles};
use crate::db::{self, Tx};
use crate::directory::organisation::{describe, store as organisations};
use crate::directory::user;
use crate::kernel::ctx::Ctx;
use crate::kernel::hex::hex;
use crate::kernel::ids::{MailingId, OrganisationId, UserId};
use crate::kernel::secret::Digest;
use crate::notify::Message;
use crate::notify::outbox::{self, Letter as Queued};

/// By what somebody is an administrator of an organisation.
const ADMINISTERS: [Permission; 3] =
    [Permission::UserUpdate, Permission::OrganisationUpdate, Permission::MembershipAssign];

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum MailingError {
    /// No organisation, or too many.
    #[error("choose up to {MAX_ORGANISATIONS} organisations")]
    Organisations,
    /// Nobody there can be written to.
    #[error("nobody there can be written to")]
    Nobody,
    /// More than one mailing may have.
    #[error("a mail goes to {MAX_RECIPIENTS} people at most; choose fewer organisations")]
    TooMany,
    /// Somebody came or went since they were counted.
    #[error("the recipients are not those that were counted; look at them again")]
    Changed,
    /// Sent before, the same to the same people: by a double click.
    #[error("this mail was sent already")]
    Sent,
    /// Another one was sent from this form: somebody went back and changed it.
    #[error("a mail was sent from this form already, and this one was not; write a new one")]
    Used,
    /// So many were written in a day.
    #[error("at most {MAX_A_DAY} mails can be written in a day; try again tomorrow")]
    Limit,
    /// Only people write mails.
    #[error("only people write mails")]
    NoPerson,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// A letter with what was shown before it was sent.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// Made by the form, so that what is sent twice goes out once.
    pub id: MailingId,
    /// To whom of the organisations.
    pub audience: Audience,
    /// What is said.
    pub letter: Letter,
    /// The recipients that were counted.
    pub seen: String,
}

impl Mailing {
    /// What of it is remembered: by whom, to whom, and what.
    fn digest(&self, sender: UserId) -> Digest {
        let Letter { subject, text } = &self.letter;
        let sender = sender.to_string();
        Digest::of([sender.as_str(), self.audience.as_str(), &self.seen, subject, text].join("\0").as_bytes())
    }
}

/// Who would be written to. People who cannot sign in are not: blocked, deactivated, expired, deleted, not yet activated ones, and those
/// at home in an organisation that is deactivated.
pub async fn recipients(
    tx: &mut Tx,
    roles: &Roles,
    (organisations, audience): (&[OrganisationId], Audience),
    ctx: &Ctx,
) -> Result<Vec<Recipient>, MailingError> {
    if organisations.is_empty() || organisations.len() > MAX_ORGANISATIONS {
        return Err(MailingError::Organisations);
    }
    let most = i64::try_from(MAX_RECIPIENTS).unwrap_or(i64::MAX);
    let found = match audience {
        Audience::Administrators => {
            let administer = roles.iter().filter(|role| ADMINISTERS.iter().any(|one| role.permissions.contains(*one)));
            let codes: Vec<String> = administer.map(|role| role.code.clone()).collect();
            store::list_administrators(tx, (organisations, &codes), ctx.now, most + 1).await?
        }
        Audience::Everybody => store::list_everybody(tx, organisations, ctx.now, most + 1).await?,
    };
    match found.len() {
        0 => Err(MailingError::Nobody),
        some if some > MAX_RECIPIENTS => Err(MailingError::TooMany),
        _ => Ok(found),
    }
}

/// What became of a form that was sent before, if it was.
async fn sent_before(tx: &mut Tx, id: MailingId, digest: &Digest) -> db::Result<Option<MailingError>> {
    let kept = store::find_digest(tx, id).await?;
    Ok(kept.map(|kept| match kept.as_deref().and_then(Digest::from_slice) {
        Some(kept) if kept == *digest => MailingError::Sent,
        _ => MailingError::Used,
    }))
}

/// Writes to them; how many there are. Of what is written only a digest is recorded.
pub async fn send(
    tx: &mut Tx,
    permit: Permit<WriteToPeople>,
    mailing: Mailing,
    ctx: &Ctx,
) -> Result<usize, MailingError> {
    let organisations = &permit.action().organisations;
    let sender = permit.actor().person().ok_or(MailingError::NoPerson)?;
    let digest = mailing.digest(sender);
    // Before anything is counted: what has gone out has, whoever came since and however many it were.
    if let Some(sent) = sent_before(tx, mailing.id, &digest).await? {
        return Err(sent);
    }
    let found = recipients(tx, permit.roles(), (organisations, mailing.audience), ctx).await?;
    if fingerprint(&found) != mailing.seen {
        return Err(MailingError::Changed);
    }
    if !store::insert(tx, (mailing.id, sender), (found.len(), &digest), ctx.now).await? {
        return Err(sent_before(tx, mailing.id, &digest).await?.unwrap_or(MailingError::Used));
    }
    let day = ctx.now.minus(Duration::from_hours(24));
    if store::count_since(tx, sender, day).await? > MAX_A_DAY {
        return Err(MailingError::Limit);
    }
    let (who, how) = signature(tx, &permit, ctx).await?;
    let letters = found.iter().map(|one| Queued {
        recipient: one.email.clone(),
        locale: one.locale.clone(),
        message: Message::Announcement {
            given_name: one.given_name.clone(),
            sender: who.clone(),
            contact: how.clone(),
            subject: mailing.letter.subject.clone(),
            text: mailing.letter.text.clone(),
        },
    });
    outbox::enqueue_all(tx, letters.collect(), ctx).await?;
    let event = Event::new(Kind::PeopleWrittenTo, Subject::User(sender));
    let event = permit.acts_for().into_iter().fold(event, Event::within);
    let digest = hex(Digest::of(mailing.letter.subject.as_bytes()).as_bytes());
    let named: Vec<OrganisationId> = organisations.iter().copied().take(100).collect();
    let details = json!({
        "mailing": mailing.id, "audience": mailing.audience.as_str(), "recipients": found.len(),
        "organisations": organisations.len(), "first": named, "subject_digest": digest,
    });
    audit::record(tx, ctx, permit.via(), event.with(details)).await?;
    Ok(found.len())
}

/// Who writes, for which organisation, and at which number that one is reached: mails come from our address, which nobody
/// reads. Its website is left out: a letter leads nowhere (IN-03).
async fn signature(tx: &mut Tx, permit: &Permit<WriteToPeople>, ctx: &Ctx) -> Result<(String, String), MailingError> {
    let person = permit.actor().person();
    let user = match person {
        Some(id) => user::store::find(tx, id).await?.filter(|user| user.is_usable(ctx.now)),
        None => None,
    };
    let user = user.ok_or(MailingError::NoPerson)?;
    let place = permit.acts_for().unwrap_or(user.organisation);
    let name = organisations::find(tx, place).await?.map(|found| found.name).unwrap_or_default();
    let said = describe::store::find(tx, place).await?;
    let phone = said.phone.as_ref().map(|phone| phone.as_str().to_owned());
    Ok((format!("{} {}, {name}", user.given_name, user.family_name), phone.unwrap_or_default()))
}
