//! What a level says about itself, in words (I13, I14, I16).

use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::describe::terms::Terms;
use crate::locale::Locale;
use crate::web::Page;

/// Pairs of what it is and what it says; what is not said is left out.
pub(in crate::portal) fn facts(page: &Page, terms: &Terms, said: &Description) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    for (scheme, value) in &said.identifiers {
        let label = terms.scheme(scheme).map_or(scheme.as_str(), |known| known.labels.of(page.locale.tag()));
        facts.push((label.to_owned(), value.clone()));
    }
    for (language, titles) in &said.titles {
        let language = if let Some(known) = Locale::parse(language) { known.name() } else { language.as_str() };
        for (key, value) in
            [("level-legal-name-in", &titles.legal_name), ("level-informal-title-in", &titles.informal_title)]
        {
            facts.extend(value.clone().map(|value| (page.t1(key, "language", language), value)));
        }
    }
    let contact = [
        ("level-phone", said.phone.as_ref().map(|phone| phone.as_str().to_owned())),
        ("level-address", said.address.as_ref().map(|address| address.replace('\n', ", "))),
        ("level-website", said.website.clone()),
    ];
    facts.extend(contact.into_iter().filter_map(|(key, value)| Some((page.t(key), value?))));
    facts
}

/// The vocabularies by which it is classified, each with its classes in words (I14).
pub(in crate::portal) fn classification(page: &Page, terms: &Terms, said: &Description) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    for (vocabulary, codes) in &said.classification {
        let known = terms.vocabularies.iter().find(|one| one.code == *vocabulary);
        let title = known.map_or(vocabulary.as_str(), |known| known.labels.of(page.locale.tag()));
        let labels = codes.iter().map(|code| {
            let entry = known.and_then(|known| known.entries.iter().find(|entry| entry.code == *code));
            entry.map_or(code.as_str(), |entry| entry.labels.of(page.locale.tag()))
        });
        facts.push((title.to_owned(), labels.collect::<Vec<_>>().join(", ")));
    }
    facts
}
