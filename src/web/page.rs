//! What every page has around its content.

use std::sync::Arc;
use std::time::Duration;

use super::app::App;
use super::assets;
use super::extract::RequestInfo;
use super::support::SupportSettings;
use crate::locale::{self, Locale, Tongue, Wording};

/// One entry of the menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    /// Where it leads.
    pub path: &'static str,
    /// The key of its text.
    pub key: &'static str,
    /// Whether the page shown belongs to it.
    pub current: bool,
}

/// A message above the content after something was done.
#[derive(Clone, Debug)]
pub struct Notice {
    /// `success` or `info`.
    pub kind: &'static str,
    /// The text.
    pub text: String,
    /// By which scripts of others find it.
    pub id: Option<&'static str>,
}

/// Something that its reader has yet to do for a role to have effect.
#[derive(Clone, Debug)]
pub struct Reminder {
    /// What, in a sentence.
    pub text: String,
    /// Where it is done.
    pub link: String,
    /// The text of the link.
    pub link_text: String,
}

/// One of several pages about the same thing.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Its address.
    pub link: String,
    /// What it is called.
    pub text: String,
    /// Whether it is this page.
    pub current: bool,
}

/// The frame of a page: language, title, menu, hidden token.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language.
    pub locale: Locale,
    /// What organisations are called.
    pub wording: Wording,
    /// The heading, also the title of the window.
    pub title: String,
    /// Path and query of this page.
    pub path: String,
    /// The value of the hidden `csrf` field.
    pub csrf: String,
    /// Whether to show the development banner.
    pub dev: bool,
    /// Whether to show the banner of the mode for test suites.
    pub conformance: bool,
    /// The name of whoever is signed in.
    pub person: Option<String>,
    /// The main menu.
    pub menu: Vec<MenuItem>,
    /// The menu of the section, if it has one.
    pub section: Vec<MenuItem>,
    /// The pages of what this page is about, if it has several.
    pub tabs: Vec<Tab>,
    /// What was just done.
    pub notice: Option<Notice>,
    /// The part of the help for administrators that is about this page (I23).
    pub help: Option<&'static str>,
    /// Something that is to be done first, and where.
    pub reminder: Option<Reminder>,
    /// The request id, shown on error pages.
    pub request_id: String,
    /// Whom to ask for help.
    pub support: Arc<SupportSettings>,
    /// Whether there are terms of use to read (E16).
    pub terms: bool,
    /// Whether something on it has to be corrected (`Error:` before the title).
    pub has_errors: bool,
    /// Whether both factors were proved too long ago to change anything.
    pub is_too_late: bool,
    /// How many results a list has, told in the title of the window.
    pub results: Option<u64>,
    /// Wide content: tables.
    pub wide: bool,
    /// Narrow content: one small form, as when signing in.
    pub narrow: bool,
}

impl Page {
    /// A page without menu; the title is the key of a text.
    pub fn new(app: &App, info: &RequestInfo, title_key: &str) -> Self {
        Self {
            locale: info.locale,
            wording: app.wording,
            title: locale::t(Tongue { locale: info.locale, wording: app.wording }, title_key),
            path: info.path.clone(),
            csrf: info.csrf(),
            dev: app.dev,
            conformance: app.conformance,
            person: None,
            menu: Vec::new(),
            section: Vec::new(),
            tabs: Vec::new(),
            notice: None,
            help: None,
            reminder: None,
            request_id: info.id.clone(),
            support: Arc::clone(&app.support),
            terms: app.agreements.are_published(),
            has_errors: false,
            is_too_late: false,
            results: None,
            wide: false,
            narrow: false,
        }
    }

    /// The same page with another heading.
    #[must_use]
    pub fn titled(&self, title: String) -> Self {
        Self { title, ..self.clone() }
    }

    /// The language, and what organisations are called in it.
    pub fn tongue(&self) -> Tongue {
        Tongue { locale: self.locale, wording: self.wording }
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        locale::t(self.tongue(), key)
    }

    /// A text with one variable.
    pub fn t1(&self, key: &str, name: &'static str, value: impl ToString) -> String {
        locale::t_with(self.tongue(), key, &[(name, &value.to_string())])
    }

    /// How long something lasts, in words.
    pub fn lasting(&self, span: Duration) -> String {
        locale::lasting(self.locale, span)
    }

    /// A text with two variables.
    pub fn t2(&self, key: &str, first: (&'static str, &str), second: (&'static str, &str)) -> String {
        locale::t_with(self.tongue(), key, &[first, second])
    }

    /// A text with three variables.
    pub fn t3(&self, key: &str, variables: &[(&'static str, &str); 3]) -> String {
        locale::t_with(self.tongue(), key, variables)
    }

    /// A text that depends on a number.
    pub fn count(&self, key: &str, count: impl TryInto<u64>) -> String {
        locale::t_count(self.tongue(), key, count.try_into().unwrap_or(0))
    }

    /// What a scope lets an application know or do, in words; one that has none as it is.
    pub fn scope(&self, scope: &str) -> String {
        let text = self.t(&format!("scope-{}", scope.replace([':', '_'], "-")));
        if text.contains('⟦') { scope.to_owned() } else { text }
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> String {
        assets::path(name)
    }

    /// The languages to choose from: tag, name, address of this page in it, whether it is the present one.
    pub fn languages(&self) -> Vec<(&'static str, &'static str, String, bool)> {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "ui_locales");
        let kept: Vec<_> = kept.collect();
        let link = |locale: Locale| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(&kept).append_pair("ui_locales", locale.tag());
            format!("{path}?{}", query.finish())
        };
        Locale::ALL
            .into_iter()
            .map(|locale| (locale.tag(), locale.name(), link(locale), locale == self.locale))
            .collect()
    }
}
