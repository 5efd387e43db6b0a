//! The fields of a form as pages show them: label, hint, error, value; one description for all pages.

use super::page::Page;

/// One choice of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
    /// Whether it is the present value.
    pub selected: bool,
}

impl Choice {
    /// A choice, selected when it is the present value.
    pub fn new(value: impl Into<String>, text: impl Into<String>, present: &str) -> Self {
        let value = value.into();
        let selected = value == present;
        Self { value, text: text.into(), selected }
    }
}

/// One field. Built by the page, drawn by the macro `field` of `partials/form.html`.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The name it is sent by, unique in its page.
    pub name: String,
    /// The element id; the name unless scripts rely on another.
    pub id: String,
    /// The label, in the language of the page.
    pub label: String,
    /// Help under the label.
    pub hint: Option<String>,
    /// What is wrong with the value.
    pub error: Option<String>,
    /// The value shown; never that of a password.
    pub value: String,
    /// The `type` of the input: `text`, `email`, `password`, `tel`, `date`, `url`, `search`, or `select`, `textarea`, `checkbox`.
    pub kind: &'static str,
    /// The autofill token (HTML §4.10.18.7).
    pub autocomplete: Option<&'static str>,
    /// The `inputmode`.
    pub input_mode: Option<&'static str>,
    /// Longest value, in characters; 0 for no limit.
    pub max: usize,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether it gets the focus when the page opens.
    pub focus: bool,
    /// The choices of a `select`.
    pub choices: Vec<Choice>,
    /// Whether a `checkbox` is ticked.
    pub checked: bool,
    /// Whether it is narrow (dates, codes).
    pub narrow: bool,
}

impl Field {
    /// A required line of text, up to 200 characters; `label` is the key of a text.
    pub fn text(page: &Page, name: &str, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: name.to_owned(),
            label: page.t(label),
            kind: "text",
            max: 200,
            required: true,
            ..Self::default()
        }
    }

    /// An e-mail address.
    pub fn email(page: &Page, name: &str, label: &str) -> Self {
        Self { kind: "email", max: 254, ..Self::text(page, name, label) }
    }

    /// A phone number.
    pub fn phone(page: &Page, name: &str, label: &str) -> Self {
        Self { kind: "tel", max: 40, ..Self::text(page, name, label) }
    }

    /// A password; its value is never sent back.
    pub fn password(page: &Page, name: &str, label: &str) -> Self {
        Self { kind: "password", max: 1_024, ..Self::text(page, name, label) }
    }

    /// A calendar day.
    pub fn date(page: &Page, name: &str, label: &str) -> Self {
        Self { kind: "date", max: 10, narrow: true, ..Self::text(page, name, label) }
    }

    /// One of several choices.
    pub fn select(page: &Page, name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self { kind: "select", choices, ..Self::text(page, name, label) }
    }

    /// Several lines of text.
    pub fn lines(page: &Page, name: &str, label: &str) -> Self {
        Self { kind: "textarea", max: 4_000, ..Self::text(page, name, label) }
    }

    /// A box to tick.
    pub fn checkbox(page: &Page, name: &str, label: &str, checked: bool) -> Self {
        Self { kind: "checkbox", checked, required: false, ..Self::text(page, name, label) }
    }

    /// With this value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With help; the key of a text.
    #[must_use]
    pub fn hint(mut self, page: &Page, key: &str) -> Self {
        self.hint = Some(page.t(key));
        self
    }

    /// May be left empty; the label says so.
    #[must_use]
    pub fn optional(mut self, page: &Page) -> Self {
        self.required = false;
        self.label = format!("{} ({})", self.label, page.t("optional"));
        self
    }

    /// May be left empty without saying so: fields of a search.
    #[must_use]
    pub fn filter(mut self) -> Self {
        self.required = false;
        self
    }

    /// With an autofill token.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// With an element id that scripts rely on.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// With what is wrong, if anything is.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// The ids of the hint and the error, for `aria-describedby`.
    pub fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
