//! The forms: one report and one financial statement for each organisation in a project. An example keeps them in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// What was done.
    Report,
    /// What it cost; signed before it is submitted.
    Financial,
}

impl Kind {
    /// Both of them.
    pub(crate) const ALL: [Self; 2] = [Self::Report, Self::Financial];

    /// The word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Financial => "form-c",
        }
    }

    /// Reads it.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What pages call it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Report => "Periodic report",
            Self::Financial => "Financial statement (Form C)",
        }
    }
}

/// One form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    /// What is written in it.
    pub text: String,
    /// Who has signed that.
    pub signed_by: Option<String>,
    /// To whom it was submitted, by whom.
    pub submitted: Option<(String, String)>,
}

impl Form {
    /// Where it stands, in words.
    pub(crate) fn state(&self) -> String {
        match (&self.submitted, &self.signed_by) {
            (Some((to, by)), _) => format!("Submitted to {to} by {by}"),
            (None, Some(by)) => format!("Signed by {by}"),
            (None, None) if self.text.is_empty() => "Empty".to_owned(),
            (None, None) => "Draft".to_owned(),
        }
    }
}

/// Project, organisation, which form.
pub(crate) type Key = (String, String, Kind);

/// All of them.
#[derive(Default)]
pub(crate) struct Forms(Mutex<BTreeMap<Key, Form>>);

impl Forms {
    /// One of them; empty before anything was written.
    pub(crate) fn find(&self, key: &Key) -> Form {
        self.lock().get(key).cloned().unwrap_or_default()
    }

    /// Writes it, unless it is submitted; what was signed before is not signed any more. Tells whether it did.
    pub(crate) fn write(&self, key: Key, text: String) -> bool {
        let mut forms = self.lock();
        let form = forms.entry(key).or_default();
        if form.submitted.is_some() {
            return false;
        }
        *form = Form { text, ..Form::default() };
        true
    }

    /// Signs exactly this text, once.
    pub(crate) fn sign(&self, key: &Key, text: &str, by: String) -> bool {
        let mut forms = self.lock();
        let Some(form) = forms.get_mut(key).filter(|form| form.signed_by.is_none() && form.submitted.is_none()) else {
            return false;
        };
        if form.text != text || text.is_empty() {
            return false;
        }
        form.signed_by = Some(by);
        true
    }

    /// Submits it, once; a financial statement when it is signed.
    pub(crate) fn submit(&self, key: &Key, to: &str, by: String) -> bool {
        let mut forms = self.lock();
        let ready = |form: &&mut Form| {
            form.submitted.is_none() && !form.text.is_empty() && (key.2 == Kind::Report || form.signed_by.is_some())
        };
        let Some(form) = forms.get_mut(key).filter(ready) else { return false };
        form.submitted = Some((to.to_owned(), by));
        true
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Form>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
