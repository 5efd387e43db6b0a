//! The people of the demo.

use serde_json::Map;

use super::seeder::Seeder;
use super::world::SeedError;
use crate::authority::action::CreateUser;
use crate::directory::user::activate::activate;
use crate::directory::user::create::create as create_user;
use crate::directory::user::model::NewUser;
use crate::kernel::ids::UserId;

/// Somebody in the demo world.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) given_name: &'static str,
    pub(super) family_name: &'static str,
    pub(super) email: &'static str,
    pub(super) phone: &'static str,
    pub(super) home: &'static str,
    /// Role, organisation, applications (none for all).
    pub(super) roles: &'static [(&'static str, &'static str, &'static [&'static str])],
    pub(super) groups: &'static [&'static str],
}

macro_rules! person {
    ($given:literal $family:literal $email:literal $phone:literal $home:literal roles [$($role:tt)*] groups [$($group:literal)*]) => {
        Person {
            given_name: $given,
            family_name: $family,
            email: $email,
            phone: $phone,
            home: $home,
            roles: &[$($role)*],
            groups: &[$($group),*],
        }
    };
}

const DUA: &str = "DelegatedUserAdmin";
const DAA: &str = "ApplicationAccessAdmin";
const BOTH_APPS: &[&str] = &["IMAS", "CASPER"];

/// Everybody.
pub(super) const PEOPLE: &[Person] = &[
    person!("Olga" "Meyer" "olga.meyer@institution.example" "+4969100001" "European Institution"
        roles [("Operator", "European Institution", &[]),] groups []),
    person!("Otto" "Lind" "otto.lind@institution.example" "+4969100002" "European Institution"
        roles [("Operator", "European Institution", &[]),] groups []),
    person!("Dora" "Roux" "dora.roux@bank-a.example" "+33140000001" "Bank A"
        roles [(DUA, "Bank A", &[]),] groups []),
    person!("Anna" "Berg" "anna.berg@bank-a.example" "+33140000002" "Bank A"
        roles [(DAA, "Bank A", &["IMAS"]),] groups ["IMAS_PORTAL_USER"]),
    person!("Bruno" "Costa" "bruno.costa@bank-a.example" "+33140000003" "Bank A"
        roles [(DUA, "Bank A", &[]), (DAA, "Bank A", BOTH_APPS),] groups []),
    person!("Fred" "Perry" "fred.perry@bank-a.example" "+33140000004" "Bank A"
        roles [] groups ["IMAS_PORTAL_USER" "CASPER_WEB_DATA_SUBMITTER" "A-CASPER_WEB_DATA_SUBMITTER"]),
    person!("Nina" "Petit" "nina.petit@bank-a.example" "+33140000005" "Bank A" roles [] groups []),
    person!("Daniel" "Weiss" "daniel.weiss@bank-b.example" "+4969200001" "Bank B"
        roles [(DUA, "Bank B", &[]),] groups []),
    person!("Alma" "Novak" "alma.novak@bank-b.example" "+4969200002" "Bank B"
        roles [(DAA, "Bank B", BOTH_APPS),] groups []),
    person!("Boris" "Kovac" "boris.kovac@bank-b.example" "+4969200003" "Bank B"
        roles [(DUA, "Bank B", &[]), (DAA, "Bank B", &["CASPER"]),] groups []),
    person!("Greta" "Hahn" "greta.hahn@bank-b.example" "+4969200004" "Bank B Germany"
        roles [(DUA, "Bank B Germany", &[]),] groups []),
    person!("Felix" "Brandt" "felix.brandt@bank-b.example" "+4969200005" "Bank B Frankfurt"
        roles [] groups ["IMAS_PORTAL_USER" "CASPER_WEB_USER_ADMIN"]),
    person!("Lea" "Martin" "lea.martin@bank-b.example" "+33140000006" "Bank B France"
        roles [] groups ["CASPER_WEB_DATA_SUBMITTER"]),
    person!("Paul" "Ito" "paul.ito@bank-b.example" "+4969200006" "Bank B" roles [] groups ["IMAS_PORTAL_USER"]),
];

/// The password that a demo account gets.
pub(super) fn password_of(person: &Person) -> String {
    format!("{}-keeps-the-keys", person.given_name.to_lowercase())
}

/// Creates and activates a person, as if they had followed their link.
pub(super) async fn create(seeder: &mut Seeder<'_>, person: &'static Person) -> Result<UserId, SeedError> {
    let action = CreateUser { organisation: seeder.place(person.home)? };
    let permit = seeder.door.authorise(seeder.tx, seeder.ctx, action).await?;
    let new = NewUser {
        user_name: None,
        email: Some(person.email.parse()?),
        phone: Some(person.phone.parse()?),
        given_name: person.given_name.to_owned(),
        family_name: person.family_name.to_owned(),
        company_id: None,
        subsidiary: None,
        locale: Some("en".to_owned()),
        account_expires_at: None,
        active: true,
        scim: Map::new(),
    };
    let user = create_user(seeder.tx, permit, new, seeder.ctx).await?;
    activate(seeder.tx, &user, true, seeder.ctx).await?;
    Ok(user.id)
}
