//! Bytes as lower-case hexadecimal digits.

use std::fmt::Write as _;

/// Two digits per byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_gives_two_digits() {
        assert_eq!(super::hex(&[0, 15, 255]), "000fff");
    }
}
