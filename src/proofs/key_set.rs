//! A set of public keys (RFC 7517 §5) of one client.

use serde_json::Value;

use super::algorithm::Algorithm;
use super::certificate;
use super::encryption::KeyManagement;
use super::key::{KeyFault, Members, PublicKey, key_type};
use super::recipient;

/// Most keys of one set.
pub const MAX_KEYS: usize = 20;

/// Most keys that are tried where a signature names none.
const MAX_TRIED: usize = 5;

/// Why a set cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetFault {
    /// Not an object with a list `keys` of objects.
    #[error("is no JSON object with a list `keys`")]
    Shape,
    /// Too many.
    #[error("has more than {MAX_KEYS} keys")]
    Many,
    /// Two keys of one name.
    #[error("has two keys with the same `kid`")]
    Twins,
    /// One of them cannot be used; the first is 1.
    #[error("key {0} {1}")]
    Key(usize, KeyFault),
    /// The certificate of one of them (RFC 7517 §4.7) is of another key, or of none.
    #[error("key {0} has a certificate that is not its own")]
    Certificate(usize),
    /// Nothing in it checks a signature, where that is what it is for.
    #[error("has no key for signatures")]
    Empty,
    /// Nothing in it can be encrypted to by this algorithm.
    #[error("has no key that `{}` can encrypt to", .0.as_str())]
    NoRecipient(KeyManagement),
}

/// The keys of a set, as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet(Vec<Members>);

impl KeySet {
    /// Reads a set key by key: what cannot be used is passed over, so that one odd key does not take the others with it.
    pub fn read(set: &Value) -> Self {
        Self(all_of(set).cloned().collect())
    }

    /// Judges a set that is to be registered: whoever registers it learns of every odd key in time. What it has to be good for is judged
    /// apart; one without any key is good for nothing.
    pub fn check(set: &Value) -> Result<(), SetFault> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(SetFault::Shape)?;
        if keys.len() > MAX_KEYS {
            return Err(SetFault::Many);
        }
        let mut names = Vec::new();
        for (number, key) in (1..).zip(keys) {
            let members = key.as_object().ok_or(SetFault::Shape)?;
            let checked = if is_for_encryption_alone(members) {
                recipient::check(members)
            } else {
                PublicKey::parse(members).map(drop)
            };
            checked.map_err(|fault| SetFault::Key(number, fault))?;
            if !certificate::fits(members) {
                return Err(SetFault::Certificate(number));
            }
            names.extend(kid(members));
        }
        names.sort_unstable();
        if names.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
            return Err(SetFault::Twins);
        }
        if keys.is_empty() { Err(SetFault::Empty) } else { Ok(()) }
    }

    /// The keys that check signatures.
    pub fn iter(&self) -> impl Iterator<Item = &Members> {
        self.0.iter().filter(|members| is_for_signatures(members))
    }

    /// All keys, those for encryption included.
    pub(super) fn all(&self) -> impl Iterator<Item = &Members> + Clone {
        self.0.iter()
    }

    /// Whether there is a key of this name that checks signatures.
    pub fn has(&self, named: &str) -> bool {
        self.iter().any(|members| kid(members) == Some(named))
    }

    /// Whether something can be encrypted to one of them by this algorithm.
    pub(super) fn can_receive(&self, alg: KeyManagement) -> bool {
        recipient::candidates(self.all(), alg).next().is_some()
    }
}

/// The keys of a set, as they stand in it.
pub(super) fn all_of(set: &Value) -> impl Iterator<Item = &Members> + Clone {
    let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten().take(MAX_KEYS);
    keys.filter_map(Value::as_object)
}

/// Those that check signatures.
pub fn keys_of(set: &Value) -> impl Iterator<Item = &Members> {
    all_of(set).filter(|members| is_for_signatures(members))
}

/// Judges whether a set that is to be registered has a key for signatures.
pub fn check_signs(set: &Value) -> Result<(), SetFault> {
    keys_of(set).next().map(drop).ok_or(SetFault::Empty)
}

/// Judges whether it has a key that something can be encrypted to by this algorithm.
pub fn check_receives(set: &Value, alg: KeyManagement) -> Result<(), SetFault> {
    recipient::candidates(all_of(set), alg).next().map(drop).ok_or(SetFault::NoRecipient(alg))
}

/// Those that a signature may have been made with: of its name, if it gives one, and of its algorithm.
pub fn candidates<'k>(
    keys: impl Iterator<Item = &'k Members>,
    named: Option<&str>,
    algorithm: Algorithm,
) -> impl Iterator<Item = &'k Members> {
    let fits = move |members: &&Members| {
        let of_type = members.get("kty").and_then(Value::as_str) == Some(key_type(algorithm));
        let of_name = named.is_none_or(|name| kid(members) == Some(name));
        let limited = members.get("alg").and_then(Value::as_str);
        of_type && of_name && limited.is_none_or(|limited| Algorithm::parse(limited) == Some(algorithm))
    };
    keys.filter(fits).take(MAX_TRIED)
}

fn kid(members: &Members) -> Option<&str> {
    members.get("kid").and_then(Value::as_str)
}

/// RFC 7517 §4.2, §4.3: not a key for encryption, nor one that may only sign.
fn is_for_signatures(members: &Members) -> bool {
    let operations = members.get("key_ops").and_then(Value::as_array);
    members.get("use").is_none_or(|used| used == "sig")
        && operations.is_none_or(|operations| operations.iter().any(|operation| operation == "verify"))
}

/// RFC 7517 §4.2: judged by what encryption needs of a key.
fn is_for_encryption_alone(members: &Members) -> bool {
    members.get("use").is_some_and(|used| used == "enc")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ec(more: &Value) -> Value {
        let mut key = json!({"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"});
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    }

    #[test]
    fn a_set_is_registered_whole_or_not_at_all() {
        let one = |key: Value| KeySet::check(&json!({"keys": [key]}));
        assert_eq!(one(ec(&json!({"kid": "a", "use": "sig"}))), Ok(()));
        let other = ec(&json!({"use": "enc"}));
        assert_eq!((one(other.clone()), check_signs(&json!({"keys": [other]}))), (Ok(()), Err(SetFault::Empty)));
        assert_eq!(one(ec(&json!({"d": "AA"}))), Err(SetFault::Key(1, KeyFault::Private)));
        assert_eq!(one(json!("key")), Err(SetFault::Shape));
        let twins = json!({"keys": [ec(&json!({"kid": "a"})), ec(&json!({"kid": "a"}))]});
        assert_eq!(KeySet::check(&twins), Err(SetFault::Twins));
        assert_eq!(KeySet::check(&json!({"keys": vec![ec(&json!({})); MAX_KEYS + 1]})), Err(SetFault::Many));
        for bad in [json!([]), json!({}), json!({"keys": {}}), json!("keys")] {
            assert_eq!(KeySet::check(&bad), Err(SetFault::Shape), "{bad}");
        }
        assert_eq!(KeySet::check(&json!({"keys": []})), Err(SetFault::Empty));
    }

    #[test]
    fn a_key_is_chosen_by_name_type_use_and_algorithm() {
        let set = json!({"keys": [
            ec(&json!({"kid": "a"})), ec(&json!({"kid": "b", "alg": "ES256"})), ec(&json!({"kid": "c", "alg": "ES384"})),
            ec(&json!({"kid": "d", "use": "enc"})), ec(&json!({"kid": "e", "key_ops": ["sign"]})), {"kty": "oct", "k": "AA"}, 7,
        ]});
        let set = KeySet::read(&set);
        let found = |named, algorithm| candidates(set.iter(), named, algorithm).filter_map(kid).collect::<Vec<_>>();
        assert_eq!(found(None, Algorithm::Es256), ["a", "b"]);
        assert_eq!(found(Some("b"), Algorithm::Es256), ["b"]);
        assert!(found(Some("d"), Algorithm::Es256).is_empty() && found(None, Algorithm::Ps256).is_empty());
        assert!(set.has("a") && !set.has("d") && !set.has("z"));
    }
}
