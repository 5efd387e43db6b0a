//! The claims of what is sent. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::model::EventType;
use crate::directory::client::model::ClientSettings;
use crate::kernel::ids::{SessionId, StreamId, UserId};
use crate::kernel::time::Timestamp;
use crate::tokens::subjects::Subjects;

/// The member of `events` that makes a token a logout token (OIDC Back-Channel Logout 1.0 §2.4).
pub const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Seconds a logout token is valid: "preferably at most two minutes" (§2.4). A later attempt signs a new one.
const LOGOUT_LIFETIME: i64 = 120;

/// What a delivery says; stored until it is sent. No name, and no address unless that is what has changed: the application knows whom it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The person: ours while it is stored, as the client knows it when it is sent.
    pub sub: String,
    /// The session, by the `sid` that the client knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The event; none in a logout token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What the event says.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub says: Map<String, Value>,
    /// The request in which it happened (RFC 8417 §2.2), where several events may come of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub txn: Option<String>,
    /// What it is about (RFC 9493), where that is neither the person by name nor the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Value>,
}

impl Content {
    /// For a client: about the person by the name that it knows (OIDC Core §8).
    #[must_use]
    pub fn named(&self, subjects: &Subjects, settings: &ClientSettings) -> Self {
        let sub = self.sub.parse().map_or_else(|_| self.sub.clone(), |user: UserId| subjects.of(user, settings));
        let named = |sid: &String| sid.parse().map_or_else(|_| sid.clone(), |sid| subjects.session(sid, settings));
        Self { sub, sid: self.sid.as_ref().map(named), ..self.clone() }
    }

    /// A session is over at a client.
    pub fn logout(user: UserId, sid: SessionId) -> Self {
        Self {
            sub: user.to_string(),
            sid: Some(sid.to_string()),
            event: None,
            says: Map::new(),
            txn: None,
            about: None,
        }
    }

    /// A stream speaks of itself (SSF 1.0 §8.1.4.1): of nobody, and without the time of anything.
    pub fn about_stream(stream: StreamId, uri: &str, says: Map<String, Value>) -> Self {
        let about = Some(json!({ "format": "opaque", "id": stream }));
        Self { sub: String::new(), sid: None, event: Some(uri.to_owned()), says, txn: None, about }
    }

    /// Something that a service sees has changed (RFC 9967 §2.2): a resource by its address, and by the name that the service has for it.
    pub fn about_resource(
        of: EventType,
        (uri, external_id): (&str, Option<&str>),
        txn: &str,
        says: Map<String, Value>,
    ) -> Self {
        let about = match external_id {
            Some(name) => json!({ "format": "scim", "uri": uri, "externalId": name }),
            None => json!({ "format": "scim", "uri": uri }),
        };
        let (event, txn) = (Some(of.uri().to_owned()), Some(txn.to_owned()));
        Self { sub: String::new(), sid: None, event, says, txn, about: Some(about) }
    }

    /// An event about a person, or about one session.
    pub fn event(of: EventType, user: UserId, sid: Option<SessionId>, at: Timestamp, says: Map<String, Value>) -> Self {
        let mut says = says;
        says.insert("event_timestamp".to_owned(), json!(at.as_seconds()));
        Self {
            sub: user.to_string(),
            sid: sid.map(|sid| sid.to_string()),
            event: Some(of.uri().to_owned()),
            says,
            txn: None,
            about: None,
        }
    }
}

/// Around the content.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// Us.
    pub issuer: &'a str,
    /// The `client_id`.
    pub audience: &'a str,
    /// Unique; of an event the same at each attempt, so that the application knows it again (RFC 8417 §2.2).
    pub jti: &'a str,
    /// When it is signed, or, for an event, when it was queued.
    pub at: Timestamp,
}

/// A logout token (OIDC Back-Channel Logout 1.0 §2.4). Never a `nonce`.
pub fn logout_token(envelope: Envelope<'_>, content: &Content) -> Value {
    let iat = envelope.at.as_seconds();
    let mut claims = json!({
        "iss": envelope.issuer,
        "aud": envelope.audience,
        "iat": iat,
        "exp": iat.saturating_add(LOGOUT_LIFETIME),
        "jti": envelope.jti,
        "sub": content.sub,
        "events": { LOGOUT: {} },
    });
    if let (Some(sid), Some(claims)) = (&content.sid, claims.as_object_mut()) {
        claims.insert("sid".to_owned(), json!(sid));
    }
    claims
}

/// A security event token (RFC 8417 §2.2) as the Shared Signals Framework shapes it: `sub_id` (RFC 9493) instead of `sub`, no `exp`.
pub fn event_token(envelope: Envelope<'_>, content: &Content) -> Value {
    let person = json!({ "format": "iss_sub", "iss": envelope.issuer, "sub": content.sub });
    let subject = match (&content.about, &content.sid) {
        (Some(about), _) => about.clone(),
        (None, Some(sid)) => {
            json!({ "format": "complex", "user": person, "session": { "format": "opaque", "id": sid } })
        }
        (None, None) => person,
    };
    let mut claims = json!({
        "iss": envelope.issuer,
        "aud": envelope.audience,
        "iat": envelope.at.as_seconds(),
        "jti": envelope.jti,
        "sub_id": subject,
        "events": { content.event.as_deref().unwrap_or_default(): content.says },
    });
    if let (Some(txn), Some(claims)) = (&content.txn, claims.as_object_mut()) {
        claims.insert("txn".to_owned(), json!(txn));
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENVELOPE: Envelope<'static> =
        Envelope { issuer: "https://id.example.eu", audience: "imas", jti: "1", at: Timestamp(1_000_000) };

    /// OIDC Back-Channel Logout 1.0 §2.4: what a logout token must and must not hold.
    #[test]
    fn a_logout_token_names_person_and_session_and_has_no_nonce() {
        let (user, sid) = (UserId(uuid::Uuid::from_u128(1)), SessionId(uuid::Uuid::from_u128(2)));
        let claims = logout_token(ENVELOPE, &Content::logout(user, sid));
        assert_eq!(claims["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
        assert_eq!(
            (claims["sub"].as_str(), claims["sid"].as_str()),
            (Some(&*user.to_string()), Some(&*sid.to_string()))
        );
        assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(1), Some(121)));
        assert!(claims.get("nonce").is_none());
    }

    /// RFC 8417 §2.2, RFC 9493 §3.2.2: an event is about a subject identifier; it has neither `sub` nor `exp`, so that nobody
    /// takes it for an ID token (OA-35).
    #[test]
    fn an_event_names_its_subject_by_identifier_and_never_expires() {
        let (user, sid) = (UserId(uuid::Uuid::from_u128(1)), SessionId(uuid::Uuid::from_u128(2)));
        let content = Content::event(EventType::SessionRevoked, user, Some(sid), Timestamp(5_000_000), Map::new());
        let claims = event_token(ENVELOPE, &content);
        assert_eq!(claims["sub_id"]["session"], json!({ "format": "opaque", "id": sid.to_string() }));
        assert_eq!(claims["sub_id"]["user"]["sub"], user.to_string());
        assert_eq!(claims["events"][EventType::SessionRevoked.uri()]["event_timestamp"], 5);
        assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
    }
}
