//! Recertification: from time to time whoever may give roles and memberships says which are still needed; what nobody confirms
//! lapses (`docs/adr/0013-recertification.md`).

pub mod answer;
pub mod clock;
pub mod keep;
pub mod lapse;
pub mod model;
pub mod open;
pub mod store;
