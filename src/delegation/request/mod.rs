//! Asking for a role to be revoked (P60, P68): by those who may ask and not act, answered by those who may act.

pub mod answerable;
pub mod ask;
pub mod model;
pub mod store;
pub(crate) mod tell;
