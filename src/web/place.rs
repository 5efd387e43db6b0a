//! Where the next page of the directory begins, as it stands in addresses: sealed, since a walk may end at an organisation that
//! is there for nobody (I80, D8).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::directory::organisation::look_up::model::Place;
use crate::kernel::random::Entropy;
use crate::kernel::seal::{Place as Sealed, SealError};
use crate::tokens::Kek;

/// Longest that is read.
const MAX_TEXT: usize = 2_000;

const NEXT: Sealed<'static> = Sealed { table: "organisations", row: "", column: "next" };

/// What it is sealed for.
pub const PURPOSE: &str = "places of the directory";

/// A place as it stands in addresses.
pub fn to_text(key: &Kek, place: &Place, entropy: &Entropy) -> Result<String, SealError> {
    Ok(URL_SAFE_NO_PAD.encode(key.seal(NEXT, &place.to_bytes(), entropy)?))
}

/// Reads that; `None` if it is none of ours.
pub fn parse(key: &Kek, text: &str) -> Option<Place> {
    let sealed = URL_SAFE_NO_PAD.decode(text).ok().filter(|_| text.len() <= MAX_TEXT)?;
    Place::from_bytes(&key.open(NEXT, &sealed).ok()?)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::OrganisationId;

    /// D8, I80: neither the name nor the id of the organisation where a page ended can be read, and no other place can be made up.
    #[test]
    fn a_place_in_an_address_says_nothing_to_others_than_us() {
        let entropy = Entropy::seeded(5);
        let key = Kek::generate(&entropy).derived(PURPOSE);
        let place = Place { name: "škoda & co".repeat(60), id: OrganisationId(Uuid::from_u128(7)) };
        let text = to_text(&key, &place, &entropy).unwrap();
        assert_eq!(parse(&key, &text), Some(place.clone()));
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        assert!(
            !bytes.windows(5).any(|part| part == &place.name.as_bytes()[..5] || part == &place.id.0.as_bytes()[11..])
        );
        assert_eq!(parse(&Kek::generate(&entropy).derived(PURPOSE), &text), None);
        let plain = URL_SAFE_NO_PAD.encode(place.to_bytes());
        for wrong in ["", "x", "AAAA", "***", &"A".repeat(9_000), &plain] {
            assert_eq!(parse(&key, wrong), None, "{wrong}");
        }
    }
}
