//! What clients send, read: each member by its type and with its limit. Members that nobody knows are ignored. Pure.

use serde_json::{Map, Value};

use super::error::SsfError;
use crate::kernel::ids::StreamId;
use crate::kernel::secret::Token;
use crate::signals::stream::manage::{Delivery, StreamError, Wanted};
use crate::signals::stream::model::Method;

/// Most events of `events_requested`.
const MAX_EVENTS: usize = 100;

/// Longest address of an event, and longest text, in octets.
const MAX_TEXT: usize = 1_000;

/// Longest address and longest header, in octets.
const MAX_LONG: usize = 2_000;

/// What a client says about its stream, with the address that is to be judged.
pub(super) fn wanted(said: &Map<String, Value>, whole: bool) -> Result<Wanted, SsfError> {
    let delivery = match given(said, "delivery") {
        None if whole => Delivery::Poll,
        None => Delivery::Kept,
        Some(Value::Object(delivery)) => read_delivery(delivery)?,
        Some(_) => return Err(SsfError::malformed("`delivery` has to be an object")),
    };
    let requested = match given(said, "events_requested") {
        None => whole.then_some(None),
        Some(Value::Array(list)) if list.len() <= MAX_EVENTS => {
            let event = |one: &Value| one.as_str().filter(|uri| is_plain(uri, MAX_TEXT)).map(str::to_owned);
            let list = list.iter().map(event).collect::<Option<Vec<_>>>();
            Some(Some(list.ok_or_else(|| SsfError::malformed("`events_requested` has to be a list of texts"))?))
        }
        Some(_) => return Err(SsfError::malformed("`events_requested` has to be a list of texts")),
    };
    let description = match text(said, "description", MAX_TEXT)? {
        None => whole.then_some(None),
        description => Some(description),
    };
    Ok(Wanted { delivery, requested, description })
}

fn read_delivery(delivery: &Map<String, Value>) -> Result<Delivery, SsfError> {
    let method = text(delivery, "method", MAX_TEXT)?.unwrap_or_default();
    if method == Method::Poll.uri() {
        return Ok(Delivery::Poll);
    }
    if method != Method::Push.uri() {
        return Err(SsfError::malformed("`delivery.method` is none that is offered"));
    }
    let endpoint = text(delivery, "endpoint_url", MAX_LONG)?;
    let endpoint = endpoint.ok_or_else(|| SsfError::malformed("`delivery.endpoint_url` is missing"))?;
    let header = text(delivery, "authorization_header", MAX_LONG)?;
    if header.as_ref().is_some_and(|header| !header.bytes().all(|b| matches!(b, b' '..=b'~'))) {
        return Err(SsfError::malformed("`delivery.authorization_header` cannot be a header"));
    }
    Ok(Delivery::Push(endpoint, header.map(Token::from_text)))
}

/// What is ours to say, sent back otherwise (SSF 1.0 §8.1.1.3, §8.1.1.4): "If any Transmitter-Supplied property … does not match the
/// expected value, the Transmitter MUST return a 400".
pub(super) fn check_ours(said: &Map<String, Value>, ours: &Value) -> Result<(), SsfError> {
    for name in
        ["iss", "aud", "events_supported", "events_delivered", "min_verification_interval", "inactivity_timeout"]
    {
        let (Some(given), present) = (given(said, name), ours.get(name)) else { continue };
        // Which events are delivered follows from those that are asked for by the same request.
        let follows = name == "events_delivered" && said.contains_key("events_requested");
        if !follows && !present.is_some_and(|present| is_same(present, given)) {
            return Err(SsfError::malformed(format!("`{name}` is not yours to set")));
        }
    }
    Ok(())
}

/// Lists are sets here; one audience is as good as a list of one.
fn is_same(ours: &Value, given: &Value) -> bool {
    let listed = |value: &Value| {
        let mut list: Vec<String> = match value {
            Value::Array(list) => list.iter().map(Value::to_string).collect(),
            other => vec![other.to_string()],
        };
        list.sort();
        list
    };
    listed(ours) == listed(given)
}

/// The stream that a body is about; one that nobody could have is not found.
pub(super) fn stream_id(said: &Map<String, Value>) -> Result<StreamId, SsfError> {
    let id = text(said, "stream_id", MAX_TEXT)?.ok_or_else(|| SsfError::malformed("`stream_id` is missing"))?;
    Ok(id.parse().map_err(|_| StreamError::NotFound)?)
}

/// A text without control characters; `null` is as good as left out.
pub(super) fn text(said: &Map<String, Value>, name: &str, longest: usize) -> Result<Option<String>, SsfError> {
    match given(said, name) {
        None => Ok(None),
        Some(Value::String(text)) if is_plain(text, longest) => Ok(Some(text.clone())),
        Some(_) => Err(SsfError::malformed(format!("`{name}` has to be a text of at most {longest} octets"))),
    }
}

fn given<'a>(said: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    said.get(name).filter(|value| !value.is_null())
}

fn is_plain(text: &str, longest: usize) -> bool {
    text.len() <= longest && !text.chars().any(char::is_control)
}

/// Whom a client means (RFC 9493), by the name that it knows: `iss_sub`, `opaque`, or either as the `user` of a `complex` subject. Nothing
/// is looked up for it: a name that is nobody's is taken like any other.
pub(super) fn subject(said: &Map<String, Value>, issuer: &str) -> Result<String, SsfError> {
    let subject = given(said, "subject").and_then(Value::as_object);
    let subject = subject.ok_or_else(|| SsfError::malformed("`subject` has to be an object"))?;
    match subject.get("format").and_then(Value::as_str) {
        Some("complex") => match subject.get("user").and_then(Value::as_object) {
            Some(user) => simple(user, issuer),
            None => Err(SsfError::malformed("only a `user` can be meant")),
        },
        _ => simple(subject, issuer),
    }
}

fn simple(subject: &Map<String, Value>, issuer: &str) -> Result<String, SsfError> {
    let member = |name: &str| {
        let value = text(subject, name, MAX_TEXT)?.filter(|value| !value.is_empty());
        value.ok_or_else(|| SsfError::malformed(format!("`{name}` is missing in the subject")))
    };
    match subject.get("format").and_then(Value::as_str) {
        Some("iss_sub") if member("iss")? == issuer => member("sub"),
        Some("iss_sub") => Err(SsfError::malformed("the subject is of another issuer")),
        Some("opaque") => member("id"),
        _ => Err(SsfError::malformed("the format of the subject is none that is known here: `iss_sub`, `opaque`")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    /// RFC 9493 §3.2: whom a client means.
    #[test]
    fn a_subject_is_read_by_its_format() {
        let read = |subject: Value| subject_of(subject).ok();
        assert_eq!(read(json!({ "format": "iss_sub", "iss": "https://op", "sub": "x" })).as_deref(), Some("x"));
        assert_eq!(read(json!({ "format": "opaque", "id": "x" })).as_deref(), Some("x"));
        let user = json!({ "format": "opaque", "id": "y" });
        assert_eq!(read(json!({ "format": "complex", "user": user })).as_deref(), Some("y"));
        for bad in [
            json!({ "format": "iss_sub", "iss": "https://other", "sub": "x" }),
            json!({ "format": "iss_sub", "sub": "x" }),
            json!({ "format": "opaque", "id": "" }),
            json!({ "format": "opaque", "id": 7 }),
            json!({ "format": "opaque", "id": "a\u{0}b" }),
            json!({ "format": "email", "email": "a@example.eu" }),
            json!({ "format": "complex", "device": {} }),
            json!({ "id": "x" }),
            json!("x"),
        ] {
            assert_eq!(read(bad.clone()), None, "{bad}");
        }
    }

    fn subject_of(value: Value) -> Result<String, SsfError> {
        subject(&object(json!({ "subject": value })), "https://op")
    }

    /// SSF 1.0 §8.1.1.4: what is the transmitter's comes back as it was, or not at all.
    #[test]
    fn what_is_ours_comes_back_unchanged() {
        let ours =
            json!({ "iss": "https://op", "aud": "app", "events_supported": ["a", "b"], "events_delivered": ["a"] });
        let check = |said: Value| check_ours(&object(said), &ours).is_ok();
        assert!(
            check(json!({})) && check(json!({ "iss": "https://op", "aud": ["app"], "events_supported": ["b", "a"] }))
        );
        assert!(check(json!({ "events_requested": ["b"], "events_delivered": ["a"] })));
        for bad in [
            json!({ "iss": "https://other" }),
            json!({ "aud": ["app", "b"] }),
            json!({ "events_supported": ["a"] }),
            json!({ "events_delivered": [] }),
            json!({ "inactivity_timeout": 5 }),
        ] {
            assert!(!check(bad.clone()), "{bad}");
        }
    }

    /// SSF 1.0 §8.1.1: a stream that says nothing of its delivery is fetched.
    #[test]
    fn a_stream_is_read_member_by_member() {
        let read = |said: Value, whole| wanted(&object(said), whole);
        assert!(matches!(read(json!({}), true).unwrap().delivery, Delivery::Poll));
        assert!(matches!(read(json!({}), false).unwrap().delivery, Delivery::Kept));
        let push = |more: Value| {
            let mut delivery = object(json!({ "method": Method::Push.uri(), "endpoint_url": "https://a.example/" }));
            delivery.extend(object(more));
            read(json!({ "delivery": delivery }), true)
        };
        assert!(push(json!({ "authorization_header": "Bearer x" })).is_ok());
        for bad in [
            push(json!({ "authorization_header": "x\r\nHost: y" })),
            push(json!({ "authorization_header": 7 })),
            push(json!({ "method": "urn:x" })),
            push(json!({ "endpoint_url": null })),
            read(json!({ "delivery": [] }), true),
            read(json!({ "events_requested": "x" }), true),
            read(json!({ "events_requested": [7] }), true),
            read(json!({ "events_requested": vec!["x"; 101] }), true),
            read(json!({ "description": "x".repeat(1_001) }), true),
        ] {
            assert!(bad.is_err(), "{bad:?}");
        }
    }
}
