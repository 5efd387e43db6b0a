//! Naming somebody for a role by e-mail address (P17–P20, D14): a place is kept, whoever owns the address answers, and only then
//! is the role given, by what whoever named them may do by then.

pub mod accept;
pub mod model;
pub mod nominate;
pub mod store;
pub mod withdraw;
