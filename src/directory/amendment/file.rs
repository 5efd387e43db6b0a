//! Which files are taken: by what is in them, not by what they are called. Pure.

use crate::kernel::text::line;

/// Largest document, in bytes.
pub const MAX_DOCUMENT: usize = 3 * 1024 * 1024;

/// Longest name, in characters, without the ending.
const MAX_NAME: usize = 80;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// ISO 32000.
    Pdf,
    /// ISO/IEC 15948.
    Png,
    /// ISO/IEC 10918.
    Jpeg,
}

impl FileKind {
    const ALL: [Self; 3] = [Self::Pdf, Self::Png, Self::Jpeg];

    /// By its first and last bytes; `None` for anything else.
    pub fn of(content: &[u8]) -> Option<Self> {
        if content.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if content.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else {
            None
        }
    }

    /// The media type, as it is stored and sent.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Reads the media type stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == text)
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }
}

/// A name that says nothing but a name: no folders, no other ending, only letters, digits, spaces, `-` and `_`.
pub fn name(given: &str, kind: FileKind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let plain: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || " -_".contains(c) { c } else { '_' }).collect();
    let short: String = plain.trim().chars().take(MAX_NAME).collect();
    let stem = line(&short, MAX_NAME).unwrap_or_else(|_| "document".to_owned());
    format!("{stem}.{}", kind.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P62: what a file is called says nothing about what it is.
    #[test]
    fn a_file_is_known_by_its_content() {
        assert_eq!(FileKind::of(b"%PDF-1.7 ..."), Some(FileKind::Pdf));
        assert_eq!(FileKind::of(b"\x89PNG\r\n\x1a\n..."), Some(FileKind::Png));
        assert_eq!(FileKind::of(b"\xff\xd8\xff\xe0..."), Some(FileKind::Jpeg));
        let others: [&[u8]; 6] =
            [b"", b"<html>", b"MZ\x90", b"PK\x03\x04", b" %PDF-", b"<svg xmlns='http://www.w3.org/2000/svg'>"];
        for other in others {
            assert_eq!(FileKind::of(other), None, "{other:?}");
        }
    }

    /// P62: no name leads elsewhere, becomes a header of its own, or has two endings.
    #[test]
    fn a_name_is_only_a_name() {
        for (given, kept) in [
            ("statutes.pdf", "statutes.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\x\\a b.PDF", "a b.pdf"),
            ("x\"\r\nSet-Cookie: a=b.pdf", "x___Set-Cookie_ a_b.pdf"),
            ("invoice.pdf.exe", "invoice_pdf.pdf"),
            ("", "document.pdf"),
            ("Satzung für 2026.pdf", "Satzung f_r 2026.pdf"),
        ] {
            assert_eq!(name(given, FileKind::Pdf), kept, "{given}");
        }
        assert_eq!(name(&"x".repeat(500), FileKind::Png).len(), 84);
    }
}
