//! What is known of an organisation beside its name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::kernel::text::PhoneNumber;

/// What an organisation is called in one language (I13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Titles {
    /// Its official name in that language.
    pub legal_name: Option<String>,
    /// What makes clear to others for what it is responsible.
    pub informal_title: Option<String>,
}

/// All of it; a change replaces all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    /// By language tag.
    pub titles: BTreeMap<String, Titles>,
    /// Where it is called (I14).
    pub phone: Option<PhoneNumber>,
    /// Its postal address, in lines.
    pub address: Option<String>,
    /// Its pages.
    pub website: Option<String>,
    /// By which others know it, by scheme; each belongs to one organisation (I09).
    pub identifiers: BTreeMap<String, String>,
    /// What it does: codes by vocabulary (I16).
    pub classification: BTreeMap<String, BTreeSet<String>>,
}

impl Description {
    /// Every name that it has beside its own.
    pub fn legal_names(&self) -> impl Iterator<Item = &str> {
        self.titles.values().filter_map(|titles| titles.legal_name.as_deref())
    }
}
