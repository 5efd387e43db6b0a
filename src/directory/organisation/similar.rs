//! Whether two names may mean the same organisation (I09): the same words, however they are ordered, shortened or mistyped. Pure.

use std::collections::BTreeSet;

/// Words that say nothing about which organisation is meant: articles, prepositions, legal forms.
const COMMON: &[&str] = &[
    "the", "of", "and", "for", "der", "die", "das", "des", "den", "dem", "fur", "und", "von", "de", "la", "le", "les",
    "du", "et", "pour", "gmbh", "ag", "se", "sa", "sas", "sarl", "ltd", "plc", "inc", "llc", "llp", "kg", "ev", "eg",
    "bv", "nv", "spa", "srl",
];

/// Most words of a name that count.
const MAX_WORDS: usize = 8;

/// The words of a name that count, each once, in order: lower case, without marks, articles and legal forms.
pub fn words(name: &str) -> Vec<String> {
    let plain = letters(name);
    let all: BTreeSet<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let telling: BTreeSet<&str> = all.iter().copied().filter(|word| !COMMON.contains(word)).collect();
    let kept = if telling.is_empty() { all } else { telling };
    kept.into_iter().take(MAX_WORDS).map(|word| word.replace('ß', "ss")).collect()
}

/// Its letters and digits, lower case and without marks, with spaces for everything else.
pub(super) fn letters(name: &str) -> String {
    name.to_lowercase().chars().map(plain).collect()
}

fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ţ' | 'ț' | 'ť' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        c if c.is_alphanumeric() => c,
        _ => ' ',
    }
}

/// By what a name is looked up: each pair of the beginnings of its words; of a single word its longer beginning.
pub fn keys(words: &[String]) -> BTreeSet<String> {
    let start = |word: &String, letters: usize| word.chars().take(letters).collect::<String>();
    if let [only] = words {
        return BTreeSet::from([start(only, 5)]);
    }
    let starts: BTreeSet<String> = words.iter().map(|word| start(word, 3)).collect();
    let pairs = starts
        .iter()
        .flat_map(|one| starts.iter().filter(move |two| *two > one).map(move |two| format!("{one} {two}")));
    let keys: BTreeSet<String> = pairs.collect();
    // Words that all begin alike are one beginning.
    if keys.is_empty() { starts } else { keys }
}

/// Whether most words of both are the same, one the beginning of the other, or a letter apart.
pub fn alike(one: &[String], other: &[String]) -> bool {
    let same = one.iter().filter(|word| other.iter().any(|with| is_same(word, with))).count();
    // Seven in ten of all words of both.
    let all = one.len() + other.len();
    all > 0 && same * 20 >= all * 7
}

fn is_same(one: &str, other: &str) -> bool {
    let shorter = one.chars().count().min(other.chars().count());
    let begins = shorter >= 3 && (one.starts_with(other) || other.starts_with(one));
    one == other || begins || (shorter >= 4 && is_near(one, other))
}

/// Whether one letter more, less or other makes one out of the other.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let after = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let longer = one.len().max(other.len());
    one.len().abs_diff(other.len()) <= 1 && before + after + 1 >= longer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(one: &str, other: &str) -> bool {
        let (one, other) = (words(one), words(other));
        !keys(&one).is_disjoint(&keys(&other)) && alike(&one, &other)
    }

    /// I09: the same authority is known again by another spelling of its name.
    #[test]
    fn names_that_may_mean_the_same_are_found() {
        for (one, other) in [
            ("City Laboratory, Ghent", "City Lab Gent"),
            ("Ministry of Health", "Health Ministry"),
            ("Städtisches Labor München", "Stadtisches Labor Munchen"),
            ("Bundesbank", "BUNDESBANK AG"),
            ("Deutsche Bundesbank", "Bundesbank, Deutsche"),
            ("The Labour Inspectorate", "Labor Inspectorate"),
        ] {
            assert!(found(one, other), "{one} / {other}");
        }
    }

    /// I09: a warning that comes always is read by nobody.
    #[test]
    fn names_that_mean_others_are_not() {
        for (one, other) in [
            ("City Laboratory, Ghent", "City Library, Antwerp"),
            ("Ministry of Health", "Ministry of Labour"),
            ("Bank A", "Bank B"),
            ("Bank B Germany", "Bank B France"),
            ("", "Bank"),
        ] {
            assert!(!found(one, other), "{one} / {other}");
        }
    }
}
