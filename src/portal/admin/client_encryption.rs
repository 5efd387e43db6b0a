//! What is encrypted to a client: the part of its form with one choice for each.

use super::plain::Section;
use crate::directory::client::encryption::Encryptable;
use crate::directory::client::model::{ClientKind, ClientSettings};
use crate::portal::form::Reader;
use crate::proofs::{ContentEncryption, Encrypted, KeyManagement};
use crate::web::{Choice, Field, Form, Page};

/// The field and the label of each.
const FIELDS: [(Encryptable, &str, &str); 4] = [
    (Encryptable::IdToken, "encrypt_id_token", "client-encrypt-id-token"),
    (Encryptable::UserInfo, "encrypt_userinfo", "client-encrypt-userinfo"),
    (Encryptable::Introspection, "encrypt_introspection", "client-encrypt-introspection"),
    (Encryptable::Authorization, "encrypt_answer", "client-encrypt-answer"),
];

/// One choice for each; a service is only told about tokens, and a public client has no keys in this form.
pub(super) fn section(page: &Page, kind: Option<ClientKind>, settings: &ClientSettings) -> Option<Section> {
    if kind.is_some_and(ClientKind::is_public) {
        return None;
    }
    let shown = |what| kind != Some(ClientKind::Machine) || what == Encryptable::Introspection;
    let fields = FIELDS.into_iter().filter(|(what, ..)| shown(*what));
    let mut fields: Vec<Field> = fields.map(|field| choice(page, field, settings)).collect();
    if let Some(first) = fields.first_mut() {
        *first = first.clone().hint(page, "client-encryption-hint");
    }
    Some(Section { title: Some(page.t("client-encryption")), folded: true, fields })
}

fn choice(page: &Page, (what, name, label): (Encryptable, &str, &str), settings: &ClientSettings) -> Field {
    let present = settings.encryption.of(what).map(word).unwrap_or_default();
    let mut choices = vec![Choice::new("", page.t("client-encrypt-none"), &present)];
    for alg in KeyManagement::ALL {
        choices.extend(ContentEncryption::ALL.map(|enc| {
            let word = word(Encrypted { alg, enc });
            Choice::new(word.as_str(), word.as_str(), &present)
        }));
    }
    Field::select(page, name, label, choices).filter()
}

/// Both names in one word: neither goes without the other.
fn word(how: Encrypted) -> String {
    format!("{} {}", how.alg.as_str(), how.enc.as_str())
}

/// Reads what the form shows.
pub(super) fn read(reader: &mut Reader<'_>, (page, form): (&Page, &Form), settings: &mut ClientSettings) {
    for (what, name, label) in FIELDS {
        if !form.has(name) {
            continue;
        }
        let (alg, enc) = match form.given(name) {
            Some(text) => (text.split(' ').next(), text.split(' ').nth(1)),
            None => (None, None),
        };
        match Encrypted::read(alg, enc) {
            Ok(how) => settings.encryption.set(what, how),
            Err(_) => reader.fail(name, page.t1("error-choice", "field", page.t(label))),
        }
    }
}
