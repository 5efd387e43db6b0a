//! Text from forms becomes values, or errors at the field.

use crate::kernel::text::TextError;
use crate::kernel::time::Timestamp;
use crate::web::{Field, Form, Page};

/// The error of a text, in the language of the page.
pub fn describe(page: &Page, label: &str, error: TextError) -> String {
    let label = page.t(label);
    match error {
        TextError::Empty => page.t1("error-empty", "field", label),
        TextError::TooLong => page.t1("error-too-long", "field", label),
        TextError::Character => page.t1("error-character", "field", label),
        TextError::WebAddress => page.t1("error-web-address", "field", label),
        TextError::Email => page.t("error-email"),
        TextError::Phone => page.t("error-phone"),
    }
}

/// Reads the fields of one form and collects what is wrong with them.
#[derive(Debug)]
pub struct Reader<'a> {
    page: &'a Page,
    form: &'a Form,
    errors: Vec<(String, String)>,
}

impl<'a> Reader<'a> {
    /// Over a submitted form.
    pub fn new(page: &'a Page, form: &'a Form) -> Self {
        Self { page, form, errors: Vec::new() }
    }

    /// A field that must be filled in.
    pub fn required<T>(
        &mut self,
        name: &str,
        label: &str,
        parse: impl FnOnce(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        match parse(self.form.text(name)) {
            Ok(value) => Some(value),
            Err(error) => {
                let error = if self.form.given(name).is_none() { TextError::Empty } else { error };
                self.fail(name, describe(self.page, label, error));
                None
            }
        }
    }

    /// A field that may be left empty.
    pub fn optional<T>(
        &mut self,
        name: &str,
        label: &str,
        parse: impl FnOnce(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        if self.form.given(name).is_none() { None } else { self.required(name, label, parse) }
    }

    /// A day that may be left empty: the first instant after it.
    pub fn day(&mut self, name: &str, now: Timestamp) -> Option<Timestamp> {
        let text = self.form.given(name)?;
        match Timestamp::end_of_date(text) {
            Some(end) if end > now => Some(end),
            Some(_) => {
                self.fail(name, self.page.t("error-date-past"));
                None
            }
            None => {
                self.fail(name, self.page.t("error-date"));
                None
            }
        }
    }

    /// Something is wrong with a field.
    pub fn fail(&mut self, name: &str, text: String) {
        self.errors.push((name.to_owned(), text));
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// What is wrong, by field.
    pub fn into_errors(self) -> Errors {
        Errors(self.errors)
    }
}

/// What is wrong with a form, by field.
#[derive(Clone, Debug, Default)]
pub struct Errors(Vec<(String, String)>);

impl Errors {
    /// One thing wrong with one field.
    pub fn one(name: &str, text: String) -> Self {
        Self(vec![(name.to_owned(), text)])
    }

    /// Several things wrong, by field.
    pub fn many(errors: Vec<(String, String)>) -> Self {
        Self(errors)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with one field.
    pub fn of(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone())
    }

    /// Puts errors and submitted values into fields.
    pub fn fill(&self, fields: &mut [Field], form: Option<&Form>) {
        for field in fields {
            field.error = self.of(&field.name);
            let Some(form) = form else { continue };
            match field.kind {
                "password" => {}
                "checkbox" => field.checked = form.has(&field.name),
                "select" => {
                    for choice in &mut field.choices {
                        choice.selected = choice.value == form.text(&field.name);
                    }
                }
                _ => form.text(&field.name).clone_into(&mut field.value),
            }
        }
    }
}

/// The last day of something that ends at an instant: ends are the first instant after the day.
pub fn last_day(end: Timestamp) -> String {
    end.minus(std::time::Duration::from_micros(1)).to_date()
}

/// A moment for people, to the minute, in UTC: `2026-11-23 10:42 UTC`.
pub fn moment(at: Timestamp) -> String {
    let time: String = at.to_time_of_day().chars().take(5).collect();
    format!("{} {time} UTC", at.to_date())
}
