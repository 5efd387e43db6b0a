//! Who and what exists: organisations, people, applications, groups, memberships, clients.
//!
//! Each folder: `model` (types), `rules` (pure), `store` (SQL), and one file per use case.

pub mod amendment;
pub mod application;
pub mod client;
pub mod external_id_store;
pub mod group;
pub mod listing;
pub mod listing_store;
pub mod mailing;
pub mod membership;
pub mod module;
pub mod names_store;
pub mod organisation;
pub mod project;
pub mod registration;
pub(crate) mod stored;
pub mod user;
