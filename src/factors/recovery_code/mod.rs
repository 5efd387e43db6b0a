//! Recovery codes: ten at a time, twelve digits each, good once beside the password for whoever has lost phone and app (AU-36). Pure.

pub mod make;
pub mod store;
pub mod told;

use crate::kernel::random::Entropy;

/// How many there are of one making.
pub const COUNT: usize = 10;
/// Digits of one.
pub const DIGITS: usize = 12;

/// A fresh code, as it is compared; all values are equally likely.
pub fn generate(entropy: &Entropy) -> String {
    format!("{:06}{:06}", entropy.below(1_000_000), entropy.below(1_000_000))
}

/// A code as it is shown: in groups of four.
pub fn grouped(code: &str) -> String {
    let groups: Vec<&str> = code.as_bytes().chunks(4).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factors::phone_code::digits;

    #[test]
    fn a_code_is_read_as_it_is_shown() {
        let code = generate(&Entropy::seeded(4));
        assert_eq!((code.len(), grouped(&code).len()), (DIGITS, 14));
        assert_eq!(digits(&grouped(&code)).as_deref(), Some(code.as_str()));
    }
}
