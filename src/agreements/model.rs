//! Documents of terms, their versions and texts. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::time::Timestamp;

/// The code of the terms that everybody is asked to accept; all others are asked of the holders of roles that name them.
pub const GENERAL: &str = "general";

/// The language that every text has.
const ENGLISH: &str = "en";

/// Something in several languages; English is always there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// From a map that has been checked.
    pub fn new(texts: BTreeMap<String, String>) -> Self {
        Self(texts)
    }

    /// The language in which it can be had, and the text: that of the reader, or English.
    pub fn of(&self, language: &str) -> (&str, &str) {
        let found = self.0.get_key_value(language).or_else(|| self.0.get_key_value(ENGLISH));
        found.map_or((ENGLISH, ""), |(language, text)| (language.as_str(), text.as_str()))
    }

    /// Whether there is one in this language.
    pub fn has(&self, language: &str) -> bool {
        self.0.contains_key(language)
    }

    /// The languages.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counted up.
    pub number: u32,
    /// From when on it is asked for; `None` for a draft, which is asked of nobody.
    pub effective: Option<Timestamp>,
    /// What it says.
    pub texts: Texts,
}

/// A document of terms with all its versions, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// How roles name it; [`GENERAL`] for the one that is asked of everybody.
    pub code: String,
    /// What pages call it.
    pub titles: Texts,
    /// Its versions; each later one takes effect later, and a draft comes last.
    pub versions: Vec<Version>,
}

impl Document {
    /// The version that holds now.
    pub fn at(&self, now: Timestamp) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.effective.is_some_and(|from| from <= now))
    }

    /// The versions that people may read: those that hold, held, or are announced.
    pub fn published(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter().filter(|version| version.effective.is_some())
    }

    /// Which version holds when.
    pub fn in_force(&self) -> InForce {
        let periods = self.versions.iter().filter_map(|version| Some((version.number, version.effective?)));
        InForce { code: self.code.clone(), periods: periods.collect() }
    }
}

/// All documents of a profile; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents(Arc<[Document]>);

impl Documents {
    /// From documents that have been checked.
    pub fn new(documents: Vec<Document>) -> Self {
        Self(documents.into())
    }

    /// One of them.
    pub fn get(&self, code: &str) -> Option<&Document> {
        self.0.iter().find(|document| document.code == code)
    }

    /// All of them, in the order of the profile.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.0.iter()
    }

    /// The version of the general terms that holds now, if any does.
    pub fn general(&self, now: Timestamp) -> Option<&Version> {
        self.get(GENERAL)?.at(now)
    }

    /// Whether there is anything that people may read.
    pub fn are_published(&self) -> bool {
        self.iter().any(|document| document.published().next().is_some())
    }
}

/// Which version of a document holds when: all that a decision needs to know of it (E17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The document.
    pub code: String,
    /// The versions, each with the instant from which on it holds; oldest first.
    periods: Vec<(u32, Timestamp)>,
}

impl InForce {
    /// The version that holds.
    pub fn at(&self, now: Timestamp) -> Option<u32> {
        self.periods.iter().rev().find(|(_, from)| *from <= now).map(|(number, _)| *number)
    }
}

/// A part of a text. There is no markup in it: whatever a text holds is shown as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A line that begins with `# `.
    Heading(String),
    /// Lines up to an empty one.
    Paragraph(String),
    /// Lines that begin with `- `.
    List(Vec<String>),
}

/// The parts of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            open = false;
        } else if let Some(heading) = line.strip_prefix("# ") {
            blocks.push(Block::Heading(heading.to_owned()));
            open = false;
        } else if let Some(item) = line.strip_prefix("- ") {
            match blocks.last_mut().filter(|_| open) {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
            open = true;
        } else {
            match blocks.last_mut().filter(|_| open) {
                Some(Block::Paragraph(text)) => text.extend([" ", line]),
                Some(Block::List(items)) => items.last_mut().into_iter().for_each(|item| item.extend([" ", line])),
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
            open = true;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{Block, Document, Texts, Version, blocks};
    use crate::kernel::time::Timestamp;

    fn document(days: &[Option<i64>]) -> Document {
        let versions = (1..).zip(days).map(|(number, day)| Version {
            number,
            effective: day.map(Timestamp),
            texts: Texts::default(),
        });
        Document { code: "x".to_owned(), titles: Texts::default(), versions: versions.collect() }
    }

    /// E16: a version is asked for from its day on, a draft never.
    #[test]
    fn the_version_that_holds_is_the_latest_that_has_begun() {
        let document = document(&[Some(10), Some(20), None]);
        let at = |now| document.at(Timestamp(now)).map(|version| version.number);
        assert_eq!((at(9), at(10), at(19), at(20), at(99)), (None, Some(1), Some(1), Some(2), Some(2)));
        let in_force = document.in_force();
        assert!([9, 10, 19, 20, 99].iter().all(|now| in_force.at(Timestamp(*now)) == at(*now)));
        assert_eq!(document.published().count(), 2);
    }

    #[test]
    fn a_text_has_headings_paragraphs_and_lists_and_nothing_else() {
        let text = "# Title\nfirst\nline\n\n- one\n  more\n- two\n\n<b>not bold</b>";
        let expected = [
            Block::Heading("Title".to_owned()),
            Block::Paragraph("first line".to_owned()),
            Block::List(vec!["one more".to_owned(), "two".to_owned()]),
            Block::Paragraph("<b>not bold</b>".to_owned()),
        ];
        assert_eq!(blocks(text), expected);
    }
}
