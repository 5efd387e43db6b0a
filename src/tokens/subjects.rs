//! By which `sub` a client knows a person (OIDC Core §8): the same one everywhere, or one of its sector alone, by which two
//! applications of different operators cannot find out that they speak of the same person (§8.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use super::keys::KeyError;
use crate::db::{self, Db, transact};
use crate::directory::client::model::{ClientSettings, SubjectType};
use crate::factors::secret_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{SessionId, UserId};
use crate::kernel::seal::{Kek, Place};

/// The name of the key among the secrets of the installation. It never changes: every `sub` would.
const NAME: &str = "pairwise subjects";

const PLACE: Place<'_> = Place { table: "installation_secrets", row: NAME, column: "value" };

type Key = Hmac<Sha256>;

/// Names people and their sessions; whoever has no key cannot tell which two names mean the same. Cheap to clone.
#[derive(Clone)]
pub struct Subjects(Key);

impl fmt::Debug for Subjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subjects(…)")
    }
}

impl Subjects {
    /// Reads the key, which the first server to start makes; it is sealed like the signing keys.
    pub async fn open(db: &Db, kek: &Kek, ctx: &Ctx) -> Result<Self, KeyError> {
        let fresh = kek.seal(PLACE, &ctx.entropy.bytes::<32>(), &ctx.entropy)?;
        let sealed: db::Result<Vec<u8>> =
            transact!(*db, tx => secret_store::find_or_insert(tx, NAME, &fresh, ctx.now).await);
        Ok(Self::with_key(&kek.open(PLACE, &sealed?)?))
    }

    /// With this key, of at most 64 octets.
    pub fn with_key(key: &[u8]) -> Self {
        // RFC 2104 §2: filled up with zeros to the length of a block.
        let mut block = [0; 64];
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        Self(Key::new(&block.into()))
    }

    /// The `sub` of a person for a client.
    pub fn of(&self, user: UserId, settings: &ClientSettings) -> String {
        match settings.subject_type {
            SubjectType::Public => user.to_string(),
            SubjectType::Pairwise => self.within(settings, "", user.0),
        }
    }

    /// The `sid` of a session for a client: one name for all would join the names of its person.
    pub fn session(&self, sid: SessionId, settings: &ClientSettings) -> String {
        match settings.subject_type {
            SubjectType::Public => sid.to_string(),
            SubjectType::Pairwise => self.within(settings, "sid", sid.0),
        }
    }

    /// OIDC Core §8.1, the second method of its examples, with a keyed digest in place of a salted one.
    fn within(&self, settings: &ClientSettings, kind: &str, id: Uuid) -> String {
        let mut mac = self.0.clone();
        mac.update(settings.sector().unwrap_or_default().as_bytes());
        mac.update(&[0]);
        mac.update(kind.as_bytes());
        mac.update(id.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OIDC Core §8.1: one name per sector and person, and none that is anybody's elsewhere.
    #[test]
    fn a_person_has_one_name_in_each_sector() {
        let subjects = Subjects::with_key(&[7; 32]);
        let at = |uri: &str| ClientSettings {
            subject_type: SubjectType::Pairwise,
            redirect_uris: vec![uri.to_owned()],
            ..ClientSettings::default()
        };
        let (one, other) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let name = subjects.of(one, &at("https://a.example/cb"));
        assert_eq!(name, subjects.of(one, &at("https://a.example/other")));
        assert_eq!(name.len(), 43);
        let sector = Some("https://a.example/sector.json".to_owned());
        let shared = ClientSettings { sector_identifier_uri: sector, ..at("https://b.example/cb") };
        assert_eq!(name, subjects.of(one, &shared), "who shares a sector shares its names");
        for (user, settings) in [(other, at("https://a.example/cb")), (one, at("https://b.example/cb"))] {
            assert_ne!(name, subjects.of(user, &settings));
        }
        assert_eq!(subjects.of(one, &ClientSettings::default()), one.to_string());
        let sid = SessionId(one.0);
        assert_ne!(subjects.session(sid, &at("https://a.example/cb")), name, "a session is no person");
        assert_ne!(
            subjects.session(sid, &at("https://a.example/cb")),
            subjects.session(sid, &at("https://b.example/cb"))
        );
        assert_eq!(subjects.session(sid, &ClientSettings::default()), sid.to_string());
    }
}
