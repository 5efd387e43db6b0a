//! What is looked up, and what is found.

use uuid::Uuid;

use crate::directory::module::model::{ModuleKind, ModuleStatus};
use crate::directory::organisation::describe::model::Description;
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::time::Timestamp;

/// What is looked for; all of it has to be met.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Each is the beginning of a word of one of its names or titles, in any language.
    pub words: Vec<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// A vocabulary of the profile and a code of it.
    pub class: Option<(String, String)>,
    /// It holds the module of this application, active or suspended.
    pub application: Option<ApplicationId>,
    /// Only those that come after.
    pub after: Option<Place>,
    /// How much is looked at for one page.
    pub bounds: Bounds,
}

/// Whether it may be a country: two capital letters (ISO 3166-1 alpha-2).
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// How much is looked at for one page, however many organisations there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Most hits of one part of a search that are collected and sorted.
    pub hits: i64,
    /// Most organisations that are looked at in the order of their names, where every part of a search has more hits than that.
    pub steps: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { hits: 10_000, steps: 10_000 }
    }
}

/// Where a page ends: the next one begins after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name as lists are sorted by it.
    pub name: String,
    /// The id, among those of the same name.
    pub id: OrganisationId,
}

/// Places are as long as a multiple of it, so that their length says little about the name.
const BLOCK: usize = 64;

impl Place {
    /// As bytes, to be sealed before anybody gets them: it may be where an organisation stands that is there for nobody (I80).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [self.id.0.as_bytes().as_slice(), self.name.as_bytes()].concat();
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        bytes
    }

    /// Reads that; `None` if it is none of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, name) = bytes.split_at_checked(16)?;
        let name = String::from_utf8(name.to_vec()).ok()?;
        let name = name.trim_end_matches('\0');
        let id = OrganisationId(Uuid::from_slice(id).ok()?);
        if name.contains('\0') { None } else { Some(Self { name: name.to_owned(), id }) }
    }
}

/// The module of an application that an organisation holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The code of the application.
    pub code: String,
    /// Its name.
    pub name: String,
    /// As what.
    pub kind: ModuleKind,
    /// Active, or only to complete what is under way (I76).
    pub status: ModuleStatus,
}

/// One that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The id.
    pub id: OrganisationId,
    /// Its official name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// When it, or what it says about itself, was last changed (I43).
    pub changed_at: Timestamp,
    /// Its names, classes and, where the profile shows them, how it is reached; never its identifiers.
    pub said: Description,
    /// Its modules, where the profile shows them.
    pub parts: Vec<Part>,
}

/// A page of them, by name.
#[derive(Clone, Debug)]
pub struct Page {
    /// Those found.
    pub found: Vec<Found>,
    /// Where it goes on, if it does. A page may be short of its limit and go on all the same: so many are looked at for each.
    pub next: Option<Place>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is() {
        let place = Place { name: "škoda & co".to_owned(), id: OrganisationId(Uuid::from_u128(7)) };
        assert_eq!(Place::from_bytes(&place.to_bytes()), Some(place.clone()));
        assert_eq!(Place { name: "x".to_owned(), ..place.clone() }.to_bytes().len(), place.to_bytes().len());
        for wrong in [Vec::new(), vec![7; 15], vec![255; 20], [b'a', 0].repeat(20)] {
            assert_eq!(Place::from_bytes(&wrong), None, "{wrong:?}");
        }
    }
}
