//! Documents that are the same for everybody: made once, with their entity tag.

use axum::body::Bytes;
use axum::http::HeaderValue;

use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;

/// How many hexadecimal digits of the digest are the tag.
const TAG_DIGITS: usize = 24;

/// The bytes of a document and its entity tag (RFC 9110 §8.8.3).
#[derive(Clone, Debug)]
pub struct Document {
    /// What is sent.
    pub bytes: Bytes,
    /// The strong entity tag over the bytes, with its quotes.
    pub etag: HeaderValue,
}

impl Document {
    /// The tag is over the bytes.
    pub fn new(bytes: Bytes) -> Self {
        let digits = hex(Digest::of(&bytes).as_bytes());
        let tag = format!("\"{}\"", digits.get(..TAG_DIGITS).unwrap_or(&digits));
        // Digits between quotes are always a header value; without a tag nothing would be cached, that is all.
        Self { etag: HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"\"")), bytes }
    }
}
