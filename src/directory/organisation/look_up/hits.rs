//! The parts of a search in the directory: each as a list of its hits, and as a condition on one organisation.

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::model::Wanted;
use crate::kernel::ids::{ApplicationId, OrganisationId};

/// One part of what is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The beginning of a word.
    Word(String),
    /// A country.
    Country(String),
    /// A vocabulary and a code of it.
    Class(String, String),
    /// The module of an application.
    Module(ApplicationId),
}

impl Part {
    /// The parts of a search.
    pub fn all(wanted: &Wanted) -> Vec<Self> {
        let words = wanted.words.iter().cloned().map(Self::Word);
        let country = wanted.country.clone().map(Self::Country);
        let class = wanted.class.clone().map(|(vocabulary, code)| Self::Class(vocabulary, code));
        words.chain(country).chain(class).chain(wanted.application.map(Self::Module)).collect()
    }
}

/// The first text after all that begin with one: no letter is higher.
fn end(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

/// Appends the ids of the organisations that one part alone finds, by an index; some of them more than once.
pub fn push_hits<DB>(query: &mut QueryBuilder<DB>, part: &Part)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    match part {
        Part::Word(word) => {
            query.push("SELECT w.organisation_id AS id FROM organisation_words w WHERE w.word >= ");
            query.push_bind(word.clone()).push(" AND w.word < ").push_bind(end(word));
        }
        Part::Country(country) => {
            query.push("SELECT y.id FROM organisations y WHERE y.country = ").push_bind(country.clone());
        }
        Part::Class(vocabulary, code) => {
            query.push("SELECT k.organisation_id AS id FROM organisation_classifications k WHERE k.vocabulary = ");
            query.push_bind(vocabulary.clone()).push(" AND k.code = ").push_bind(code.clone());
        }
        Part::Module(application) => {
            query.push("SELECT m.organisation_id AS id FROM module_accesses m WHERE m.application_id = ");
            query.push_bind(*application);
        }
    }
}

/// Appends the condition that the organisation `o` meets a part, as a probe of an index.
pub fn push_probe<DB>(query: &mut QueryBuilder<DB>, part: &Part)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    match part {
        Part::Word(word) => {
            query.push(" AND EXISTS (SELECT 1 FROM organisation_words w WHERE w.organisation_id = o.id AND w.word >= ");
            query.push_bind(word.clone()).push(" AND w.word < ").push_bind(end(word)).push(")");
        }
        Part::Country(country) => {
            query.push(" AND o.country = ").push_bind(country.clone());
        }
        Part::Class(vocabulary, code) => {
            query.push(" AND EXISTS (SELECT 1 FROM organisation_classifications k WHERE k.organisation_id = o.id");
            query.push(" AND k.vocabulary = ").push_bind(vocabulary.clone());
            query.push(" AND k.code = ").push_bind(code.clone()).push(")");
        }
        Part::Module(application) => {
            query.push(" AND EXISTS (SELECT 1 FROM module_accesses m WHERE m.organisation_id = o.id");
            query.push(" AND m.application_id = ").push_bind(*application).push(")");
        }
    }
}
