//! Deputies: who stands in for the holder of a role for a while (`docs/adr/0014-deputies.md`).

pub mod end;
pub mod model;
pub mod name;
pub mod store;
