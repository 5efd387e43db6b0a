//! A person as they are created here. Pure but for the seal of an app's secret.

use serde_json::Map;

use super::credentials;
use super::realm::{self, Credential};
use crate::directory::user::import::brought::Brought;
use crate::directory::user::import::row::{Fault, LANGUAGES, Line};
use crate::directory::user::model::NewUser;
use crate::factors::authenticator::bring::App;
use crate::factors::foreign_hash::ForeignHash;
use crate::factors::vault::Vault;
use crate::kernel::ids::{AuthenticatorId, UserId};
use crate::kernel::random::Entropy;
use crate::kernel::seal::SealError;
use crate::kernel::text::{self, EmailAddress, PhoneNumber, TextError};
use crate::kernel::time::Timestamp;

/// Where a realm may keep numbers, where nothing else is said.
pub const PHONE_ATTRIBUTES: [&str; 5] = ["phoneNumber", "phone_number", "phone", "mobile", "mobileNumber"];

/// Most apps of somebody.
const MOST_APPS: usize = 10;

/// What people are read with.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The attributes that numbers are in.
    pub phone_attributes: &'a [String],
    /// Seals secrets of apps; `None`: apps are left.
    pub vault: Option<&'a Vault>,
    /// The randomness.
    pub entropy: &'a Entropy,
    /// The instant.
    pub now: Timestamp,
}

/// Somebody to be created, and what of theirs is left.
#[derive(Debug)]
pub struct Read {
    /// As a row of a file.
    pub line: Line,
    /// What is not as it was.
    pub notes: Vec<String>,
}

impl Reader<'_> {
    /// Reads a person, the `number`th of the export.
    pub fn read(&self, person: &realm::Person, number: u64) -> Result<Read, SealError> {
        let mut notes = Vec::new();
        let brought = self.brought(person, &mut notes)?;
        if !person.federated_identities.is_empty() {
            notes.push("accounts elsewhere by which they signed in are left".to_owned());
        }
        let new = self.new_user(person, &mut notes);
        if brought.as_ref().is_some_and(|brought| brought.apps.is_empty())
            && new.as_ref().is_ok_and(|new| new.phone.is_none())
        {
            notes.push("there is neither a phone number nor an app: an administrator has to give them a number before they can sign in".to_owned());
        }
        let who = person.email.as_deref().unwrap_or(&person.username);
        let line = Line {
            number,
            who: who.chars().filter(|c| !c.is_control()).take(254).collect(),
            organisation: None,
            person: new,
            says_active: true,
            id: id(person),
            brought,
        };
        Ok(Read { line, notes })
    }

    fn new_user(&self, person: &realm::Person, notes: &mut Vec<String>) -> Result<NewUser, Fault> {
        let value = |column| move |error: TextError| Fault::Value(column, error);
        let email: Option<EmailAddress> =
            given(person.email.as_deref()).map(str::parse).transpose().map_err(value("email"))?;
        let is_address = email.as_ref().is_some_and(|email| email.as_str().eq_ignore_ascii_case(&person.username));
        let own_name = given(Some(&person.username)).filter(|_| !is_address).map(text::user_name).transpose();
        let name = |text: Option<&str>| given(text).map_or_else(|| Ok(String::new()), text::name);
        Ok(NewUser {
            user_name: own_name.map_err(value("user_name"))?,
            phone: self.phone(person, notes),
            given_name: name(person.first_name.as_deref()).map_err(value("given_name"))?,
            family_name: name(person.last_name.as_deref()).map_err(value("family_name"))?,
            company_id: None,
            subsidiary: None,
            locale: locale(person),
            account_expires_at: None,
            active: person.enabled.unwrap_or(true),
            scim: Map::new(),
            email,
        })
    }

    /// The first number that is one.
    fn phone(&self, person: &realm::Person, notes: &mut Vec<String>) -> Option<PhoneNumber> {
        let values = self.phone_attributes.iter().filter_map(|name| person.attributes.get(name)).flatten();
        let (mut seen, mut number) = (false, None);
        for value in values.filter(|value| !value.trim().is_empty()) {
            seen = true;
            number = number.or_else(|| value.parse().ok());
        }
        if seen && number.is_none() {
            notes.push("the phone number is no international one, and left".to_owned());
        }
        number
    }

    fn brought(&self, person: &realm::Person, notes: &mut Vec<String>) -> Result<Option<Brought>, SealError> {
        let of = |kind: &'static str| person.credentials.iter().filter(move |one| one.kind == kind);
        let keys = person.credentials.iter().filter(|one| one.kind.starts_with("webauthn")).count();
        if keys > 0 {
            notes.push(format!("{keys} passkeys or security keys are left: they belong to the old address"));
        }
        if of("recovery-authn-codes").next().is_some() {
            notes.push("recovery codes are left".to_owned());
        }
        let password = of("password").next().and_then(|one| password(one, person, notes));
        let Some(password) = password else {
            if of("otp").next().is_some() {
                notes.push("apps are left: who chooses a password adds them anew".to_owned());
            }
            return Ok(None);
        };
        if given(person.email.as_deref()).is_none() {
            notes.push("there is no e-mail address: without one nobody signs in, and the password is left".to_owned());
            return Ok(None);
        }
        let apps = self.apps(of("otp"), notes)?;
        let is_true = |name: &str| person.attributes.get(name).is_some_and(|all| all.iter().any(|one| one == "true"));
        // What stands in an attribute nobody has proved, unless another one says so.
        let phone_verified = is_true("phoneNumberVerified") || is_true("phone_number_verified");
        Ok(Some(Brought { password, apps, email_verified: person.email_verified, phone_verified }))
    }

    fn apps<'b>(
        &self,
        all: impl Iterator<Item = &'b Credential>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<App>, SealError> {
        let mut apps = Vec::new();
        for credential in all {
            let Some((vault, secret)) = self.vault.zip(credentials::app(credential)).filter(|_| apps.len() < MOST_APPS)
            else {
                notes.push("an authenticator app of another kind than 6 digits, SHA-1, 30 seconds is left".to_owned());
                continue;
            };
            let label = given(credential.user_label.as_deref()).and_then(|label| text::name(label).ok());
            let name = label.unwrap_or_else(|| "Authenticator app".to_owned());
            apps.push(App::new(name, &secret, vault, self.entropy, AuthenticatorId(self.entropy.uuid(self.now)))?);
        }
        Ok(apps)
    }
}

/// The password, if it goes on to work.
fn password(credential: &Credential, person: &realm::Person, notes: &mut Vec<String>) -> Option<ForeignHash> {
    if person.required_actions.iter().any(|action| action == "UPDATE_PASSWORD") {
        notes.push("the password was temporary: they choose another one by the link that is mailed".to_owned());
        return None;
    }
    match credentials::password(credential) {
        Ok(hash) => Some(hash),
        Err(error) => {
            notes.push(format!("the password {error}: they choose another one by the link that is mailed"));
            None
        }
    }
}

fn locale(person: &realm::Person) -> Option<String> {
    let said = person.attributes.get("locale")?.first()?;
    let tag = said.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(tag)).map(str::to_owned)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The id that they keep. The nil one stands for nobody.
fn id(person: &realm::Person) -> Option<UserId> {
    let id: uuid::Uuid = person.id.as_deref()?.parse().ok()?;
    (!id.is_nil()).then_some(UserId(id))
}
