//! People: one natural person with one home organisation (E09).

pub mod model;
