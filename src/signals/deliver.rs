//! Signs and sends what is queued. Each delivery is leased first: another node, or this one after a crash, sends it once the lease is
//! over. An application that hangs or fails holds up nobody but itself.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;

use super::claims::{self, Content, Envelope};
use super::delivery_store::{self as store, Leased};
use super::model::{DeliveryKind, State};
use super::stream;
use super::stream::manage::place;
use crate::db::{self, Db, transact};
use crate::directory::client;
use crate::directory::client::keys_rules;
use crate::directory::client::model::Client;
use crate::kernel::ids::DeliveryId;
use crate::kernel::random::Entropy;
use crate::kernel::secret::Token;
use crate::kernel::time::{Clock, Timestamp};
use crate::outbound::{Answer, Outbound, OutboundError};
use crate::proofs::ClientKeys;
use crate::proofs::client_keys::NotEncrypted;
use crate::tokens::mint::Kind;
use crate::tokens::signing_key::Algorithm;
use crate::tokens::{KeyError, Tokens};

/// Longer than any attempt takes: waiting for the keys of the client, fetching them, and the call, each at most a minute.
const LEASE: Duration = Duration::from_mins(4);

/// How many calls are under way at once, and how many of them to one client.
const BATCH: (i64, i64) = (32, 8);

/// How often it is tried: for more than an hour.
const MAX_ATTEMPTS: i64 = 11;

/// Longest that an application's own word is kept.
const MAX_WORD: usize = 60;

/// What sending needs; cheap to clone.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Keys and issuer.
    pub tokens: Tokens,
    /// Public keys of applications, for what is encrypted to them.
    pub client_keys: ClientKeys,
    /// The way out.
    pub outbound: Outbound,
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub entropy: Entropy,
}

/// Sends until nothing is due; how many were taken by their applications.
pub async fn deliver(db: &Db, sender: &Sender) -> db::Result<usize> {
    let mut taken = 0;
    loop {
        let now = sender.clock.now();
        if !store::has_due(&mut db.reader().await?, now).await? {
            return Ok(taken);
        }
        let due: db::Result<Vec<Leased>> = transact!(*db, tx => {
            let expired = store::save_expired(tx, now).await?;
            if expired > 0 {
                tracing::warn!(expired, "applications were not told within a day");
            }
            store::list_due(tx, now, now.plus(LEASE), BATCH).await
        });
        let due = due?;
        if due.is_empty() {
            return Ok(taken);
        }
        let mut under_way = JoinSet::new();
        for one in due {
            let Some(client) = client::store::find(&mut db.reader().await?, one.client).await? else { continue };
            let (db, sender, client) = (db.clone(), sender.clone(), Arc::new(client));
            under_way.spawn(async move {
                let outcome = attempt(&db, &sender, &client, &one).await?;
                finish(&db, &one, &outcome, sender.clock.now()).await
            });
        }
        while let Some(done) = under_way.join_next().await {
            // A send that panicked keeps its lease and is tried again.
            taken += usize::from(done.unwrap_or(Ok(false))?);
        }
    }
}

/// Why there is no token to be sent yet.
#[derive(Debug, thiserror::Error)]
enum NotMade {
    #[error(transparent)]
    Unsigned(#[from] KeyError),
    #[error(transparent)]
    Unencrypted(#[from] NotEncrypted),
}

impl NotMade {
    /// For operators, where they look at what an application was told.
    fn word(&self) -> &'static str {
        match self {
            Self::Unsigned(_) => "not signed",
            Self::Unencrypted(_) => "not encrypted",
        }
    }
}

/// What came of one attempt, and in which words.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// `Queued`: to be tried again.
    state: State,
    answer: String,
}

async fn attempt(db: &Db, sender: &Sender, client: &Client, one: &Leased) -> db::Result<Outcome> {
    let (endpoint, header) = match target(db, sender, client, one).await {
        Ok(Some(target)) if client.active => target,
        Ok(_) => return Ok(Outcome { state: State::Dropped, answer: String::new() }),
        Err(db::Error::Corrupt(place)) => {
            tracing::error!(delivery = %one.id, place, "a stored value cannot be read");
            return Ok(later(one, "not readable".to_owned()));
        }
        Err(error) => return Err(error),
    };
    let signed = match sign(db, sender, client, one).await {
        Ok(signed) => signed,
        Err(error) => {
            tracing::error!(delivery = %one.id, %error, "a token could not be made");
            return Ok(later(one, error.word().to_owned()));
        }
    };
    let header = header.as_ref().map(Token::reveal);
    Ok(judge(one, sender.outbound.post_as(&endpoint, header, signed).await))
}

/// Where to, and with which `Authorization` header; `None` if nothing is to be sent any more.
async fn target(
    db: &Db,
    sender: &Sender,
    client: &Client,
    one: &Leased,
) -> db::Result<Option<(String, Option<Token>)>> {
    if one.kind != DeliveryKind::Stream {
        return Ok(one.kind.endpoint(&client.settings).map(|endpoint| (endpoint.to_owned(), None)));
    }
    let tx = &mut db.reader().await?;
    let stream = stream::store::find(tx, client.id).await?.filter(|_| client.settings.may_stream());
    let Some(stream) = stream else { return Ok(None) };
    let Some(endpoint) = stream.endpoint.clone() else { return Ok(None) };
    let named = one.content.named(sender.tokens.keys.subjects(), &client.settings);
    if stream::store::is_silent(tx, stream.id, &named.sub).await? {
        return Ok(None);
    }
    let Some(sealed) = &stream.sealed_header else { return Ok(Some((endpoint, None))) };
    let opened = sender.tokens.keys.kek().open(place(&stream.id.to_string()), sealed);
    let header = opened.ok().and_then(|plain| Some(Token::from_text(std::str::from_utf8(&plain).ok()?)));
    match header {
        Some(header) => Ok(Some((endpoint, Some(header)))),
        None => Err(db::Error::Corrupt("event_streams.sealed_header")),
    }
}

/// The token, as the endpoint takes it: a form (OIDC Back-Channel Logout 1.0 §2.5), or itself (RFC 8935 §2.1).
async fn sign(db: &Db, sender: &Sender, client: &Client, one: &Leased) -> Result<(&'static str, String), NotMade> {
    let content = one.content.named(sender.tokens.keys.subjects(), &client.settings);
    if one.kind != DeliveryKind::Logout {
        let token = sign_event(db, sender, client, (one.id, &content, one.created_at)).await?;
        return Ok(("application/secevent+jwt", token));
    }
    // One of a later attempt is a new one: an application that has seen the first one may refuse it as a replay.
    let now = sender.clock.now();
    let jti = sender.entropy.uuid(now).to_string();
    let envelope = Envelope { issuer: sender.tokens.issuer(), audience: &client.client_id, jti: &jti, at: now };
    let claims = claims::logout_token(envelope, &content);
    let token = sender.tokens.sign(db, algorithm(client), Kind::LogoutToken, &claims, now).await?;
    let token = encrypted(sender, client, token, now).await?;
    Ok(("application/x-www-form-urlencoded", format!("logout_token={token}")))
}

/// A logout token is encrypted where ID tokens are, to the same key; its header says from whom it is (OIDC Back-Channel Logout 1.0 §2.4).
async fn encrypted(sender: &Sender, client: &Client, token: String, now: Timestamp) -> Result<String, NotMade> {
    let Some(how) = client.settings.encryption.id_token else { return Ok(token) };
    let keys = keys_rules::source(&client.settings).ok_or(NotEncrypted::NoKey(how.alg))?;
    Ok(sender.client_keys.encrypt(keys, (&token, Some(sender.tokens.issuer())), how, now).await?)
}

fn algorithm(client: &Client) -> Algorithm {
    Algorithm::parse(&client.settings.id_token_signed_response_alg).unwrap_or(Algorithm::Es256)
}

/// A security event token: the same event at each attempt, so that it is known again (RFC 8417 §2.2). The content speaks of people by the
/// names that the client knows.
pub(super) async fn sign_event(
    db: &Db,
    sender: &Sender,
    client: &Client,
    (id, content, at): (DeliveryId, &Content, Timestamp),
) -> Result<String, KeyError> {
    let jti = id.to_string();
    let envelope = Envelope { issuer: sender.tokens.issuer(), audience: &client.client_id, jti: &jti, at };
    let claims = claims::event_token(envelope, content);
    sender.tokens.sign(db, algorithm(client), Kind::SecurityEvent, &claims, sender.clock.now()).await
}

/// Nobody there, too busy, broken: later. Anything else that is not a yes is a no.
fn judge(one: &Leased, answered: Result<Answer, OutboundError>) -> Outcome {
    match answered {
        Ok(Answer { status: 200..=299, .. }) => Outcome { state: State::Sent, answer: String::new() },
        Ok(Answer { status: status @ (408 | 425 | 429 | 500..), body }) => later(one, said(status, &body)),
        Ok(Answer { status, body }) => Outcome { state: State::Failed, answer: said(status, &body) },
        Err(error @ OutboundError::Refused(_)) => Outcome { state: State::Failed, answer: error.to_string() },
        Err(error @ OutboundError::Failed(_)) => later(one, error.to_string()),
    }
}

/// The status, and the error code of the application where it gives one (`err` of RFC 8935 §2.3, `error` of RFC 6749), if it reads as
/// one: it is shown to operators.
fn said(status: u16, body: &str) -> String {
    let word = serde_json::from_str::<Value>(body).ok().and_then(|body| {
        let word = ["err", "error"].iter().find_map(|name| body.get(name)?.as_str())?.to_owned();
        let plain = word.len() <= MAX_WORD && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:/".contains(&b));
        plain.then_some(word)
    });
    word.map_or_else(|| format!("HTTP {status}"), |word| format!("HTTP {status} {word}"))
}

fn later(one: &Leased, answer: String) -> Outcome {
    Outcome { state: if one.attempts >= MAX_ATTEMPTS { State::Failed } else { State::Queued }, answer }
}

/// Writes down what came of it; whether it was taken.
async fn finish(db: &Db, one: &Leased, outcome: &Outcome, now: Timestamp) -> db::Result<bool> {
    metrics::counter!("chamberlain_signals_total", "kind" => one.kind.as_str(), "outcome" => outcome.state.as_str())
        .increment(1);
    if outcome.state == State::Queued {
        let exponent = u32::try_from(one.attempts).unwrap_or(0).min(11);
        let due_at = now.plus(Duration::from_secs(1 << exponent));
        transact!(*db, tx => store::save_delayed(tx, one, due_at, &outcome.answer).await)?;
    } else {
        if outcome.state == State::Failed {
            tracing::warn!(delivery = %one.id, client = %one.client, answer = outcome.answer, "an application was not told");
        }
        transact!(*db, tx => store::save_finished(tx, one.id, outcome.state, &outcome.answer, now).await)?;
    }
    Ok(outcome.state == State::Sent)
}

#[cfg(test)]
mod tests {
    use super::said;

    /// IN-05: what an application says is shown only if it is an error code.
    #[test]
    fn only_an_error_code_of_an_application_is_kept() {
        assert_eq!(said(400, r#"{"err":"invalid_key","description":"x"}"#), "HTTP 400 invalid_key");
        assert_eq!(said(400, r#"{"error":"invalid_request"}"#), "HTTP 400 invalid_request");
        assert_eq!(said(400, r#"{"err":"<script>alert(1)</script>"}"#), "HTTP 400");
        assert_eq!(said(502, "<html>"), "HTTP 502");
    }
}
