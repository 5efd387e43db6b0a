//! By which words an organisation is found. Pure.

use std::collections::BTreeSet;

use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::similar::letters;
use crate::kernel::text::fold;

/// Longest word that is remembered and looked for, in characters; longer ones are found by their beginning.
const LONGEST: usize = 40;

/// Most words of one organisation: names and titles in many languages.
const MOST: usize = 200;

/// Most words of a search; what comes after narrows nothing.
const MOST_ASKED: usize = 5;

/// The words of all its names and titles.
pub fn of(organisation: &Organisation, said: &Description) -> BTreeSet<String> {
    let titles = said.titles.values().flat_map(|titles| [&titles.legal_name, &titles.informal_title]).flatten();
    let all = [&organisation.name].into_iter().chain(titles).flat_map(|name| split(name));
    all.collect::<BTreeSet<_>>().into_iter().take(MOST).collect()
}

/// The words of a search: each is the beginning of one that is to be there.
pub fn asked(text: &str) -> Vec<String> {
    split(text).into_iter().take(MOST_ASKED).collect()
}

/// A name of signs only is one word.
fn split(name: &str) -> Vec<String> {
    let plain = letters(name);
    let cut = |word: &str| word.chars().take(LONGEST).collect::<String>();
    let words: Vec<String> = plain.split(' ').filter(|word| !word.is_empty()).map(cut).collect();
    let whole: String = fold(name).chars().filter(|c| !c.is_control()).collect();
    if words.is_empty() && !whole.is_empty() { vec![cut(&whole)] } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I88: a name is found however it is written, and one of signs as well.
    #[test]
    fn words_are_without_case_marks_and_signs() {
        assert_eq!(asked("  Città di Łódź, "), ["citta", "di", "lodz"]);
        assert_eq!(asked("!?"), ["!?"]);
        assert!(asked(" ").is_empty() && asked("\0").is_empty());
        assert_eq!(asked(&"x".repeat(500)), ["x".repeat(40)]);
        assert_eq!(asked("a b c d e f g").len(), 5);
    }
}
