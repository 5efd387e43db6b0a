//! The list of classes of a module as its operator writes it: one per line, `CODE = label`, and `CODE.de = label` for other languages
//! (I16, I26). Pure.

use super::terms::Class;
use crate::directory::application::manage::is_code;
use crate::kernel::text;

/// Most classes of a module.
pub const MAX_CLASSES: usize = 200;

/// Why a list cannot be used: which line, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClassesError {
    /// More than [`MAX_CLASSES`].
    #[error("there are more than {MAX_CLASSES} classes")]
    TooMany,
    /// A line of another form.
    #[error("line {0}: write `CODE = label`, or `CODE.de = label` after it for another language")]
    Line(usize),
    /// A code for the second time.
    #[error("line {0}: this is there already")]
    Twice(usize),
}

/// Reads a list; empty lines are passed over.
pub fn parse(text: &str) -> Result<Vec<Class>, ClassesError> {
    let mut classes: Vec<Class> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = || ClassesError::Line(number);
        let (code, label) = line.split_once('=').ok_or_else(wrong)?;
        let label = text::name(label).map_err(|_| wrong())?;
        let (code, language) = code.trim().split_once('.').unwrap_or((code.trim(), ""));
        if language.is_empty() {
            let class = Class { code: code.to_owned(), labels: [("en".to_owned(), label)].into() };
            if !is_code(code) {
                return Err(wrong());
            }
            if classes.iter().any(|known| known.code == code) {
                return Err(ClassesError::Twice(number));
            }
            classes.push(class);
            if classes.len() > MAX_CLASSES {
                return Err(ClassesError::TooMany);
            }
            continue;
        }
        let known = language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
        let class = classes.iter_mut().find(|known| known.code == code).filter(|_| known).ok_or_else(wrong)?;
        if class.labels.insert(language.to_owned(), label).is_some() {
            return Err(ClassesError::Twice(number));
        }
    }
    Ok(classes)
}

/// A list as it is written.
pub fn write(classes: &[Class]) -> String {
    let mut text = String::new();
    for class in classes {
        text.extend([class.code.as_str(), " = ", class.label("en"), "\n"]);
        for (language, label) in class.labels.iter().filter(|(language, _)| *language != "en") {
            text.extend([class.code.as_str(), ".", language, " = ", label, "\n"]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I16: labels per language; a list is read as it is written.
    #[test]
    fn a_list_is_read_as_it_is_written() {
        let text = "TEACHERS = Teachers\nTEACHERS.de = Lehrkräfte\nNURSES = Nurses\n";
        let classes = parse(text).unwrap();
        assert_eq!((write(&classes).as_str(), classes.len()), (text, 2));
        assert_eq!(parse(" \n"), Ok(Vec::new()));
        for (text, error) in [
            ("TEACHERS", ClassesError::Line(1)),
            ("A B = x", ClassesError::Line(1)),
            ("A = ", ClassesError::Line(1)),
            ("A = x\nB.de = y", ClassesError::Line(2)),
            ("A = x\nA.deutsch = y", ClassesError::Line(2)),
            ("A = x\nA = y", ClassesError::Twice(2)),
            ("A = x\nA.en = y", ClassesError::Twice(2)),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
        let many = (0..=MAX_CLASSES).map(|n| format!("C{n} = c")).collect::<Vec<_>>().join("\n");
        assert_eq!(parse(&many), Err(ClassesError::TooMany));
    }
}
