//! Bytes as lower-case hexadecimal digits.

use std::fmt::Write as _;

/// Two digits per byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of such digits, in either case; `None` for anything else.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let (pairs, odd) = digits.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect::<Option<_>>();
    bytes.filter(|_| odd.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_gives_two_digits() {
        assert_eq!(super::hex(&[0, 15, 255]), "000fff");
        assert_eq!(super::decode("000FfF"), Some(vec![0, 15, 255]));
        for odd in ["0", "0g", "é0", "+1"] {
            assert_eq!(super::decode(odd), None, "{odd}");
        }
    }
}
