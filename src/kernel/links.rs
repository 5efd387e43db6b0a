//! Words of which mail programs make links, whether or not they begin with a scheme.

use super::text::EmailAddress;

/// Whether a text holds the name of a host: a label, a dot, a label that begins with two letters, as in `evil.example/login`.
/// Abbreviations (`e.g.`), numbers (`3.5`) and e-mail addresses (a link to nobody's page) are none.
pub fn names_a_host(text: &str) -> bool {
    text.split_whitespace().any(|word| !is_email(word) && word.split(|c: char| !is_of_host(c)).any(is_host))
}

/// Full stops, and what browsers read as one (UTS 46 §2.3).
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

fn is_of_host(c: char) -> bool {
    c.is_alphanumeric() || is_dot(c) || matches!(c, '-' | '_')
}

fn is_host(run: &str) -> bool {
    let after = run.split(is_dot).skip(1);
    run.split(is_dot).zip(after).any(|(label, top)| {
        let letters = top.chars().take(2).filter(|c| c.is_alphabetic()).count();
        label.ends_with(char::is_alphanumeric) && letters == 2
    })
}

/// Plain ones only: others could begin like an address of a page.
fn is_email(word: &str) -> bool {
    let plain = word
        .trim_matches(['(', ')', '[', ']', '<', '>', '"', '\'', ',', ';', ':', '.', '!', '?', '„', '“', '”', '«', '»']);
    let simple = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '+' | '-');
    plain.chars().all(simple) && plain.parse::<EmailAddress>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::names_a_host;

    /// IN-03: what a mail program would make a link of is found without a scheme.
    #[test]
    fn a_host_is_found_and_ordinary_text_is_none() {
        for link in [
            "Sign in at evil.example/login",
            "(evil.example)",
            "EVIL.EXAMPLE:8080",
            "evil.example.",
            "x.co",
            "пример.рф",
            "evil.xn--p1ai",
            "evil\u{ff0e}example",
            "evil.example?u=a@bank.example",
            "evil.example/a@bank.example",
            "//a@evil.example",
            "now.Please",
        ] {
            assert!(names_a_host(link), "{link}");
        }
        for plain in [
            "We are closed. Please wait... or not",
            "e.g. z.B. d.h. S.p.A. Ph.D. 3.5 10.30am 26.11.2026 v1.2",
            "Write to help@bank.example, or (help@bank.example).",
            ".NET",
            "and/or, yes-no, a:b",
        ] {
            assert!(!names_a_host(plain), "{plain}");
        }
    }
}
