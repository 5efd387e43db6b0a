//! What an organisation says about itself: names per language, contact, official identifiers, classification (I13–I16).

pub mod change;
pub mod model;
pub mod rules;
pub mod store;
pub mod terms;
