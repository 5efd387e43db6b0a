//! Organisations: the nodes of one tree (level, third party, authority).

pub mod catch_up;
pub mod conflict;
pub mod create;
pub mod deletion;
pub mod describe;
pub mod ending_store;
pub mod error;
pub mod look_up;
pub mod managing;
pub mod managing_links;
mod managing_news;
pub mod managing_store;
pub mod model;
pub mod name_key_store;
pub mod people_store;
pub mod retire;
pub mod rules;
pub mod search_store;
pub mod sign_in_rules;
pub mod sign_in_rules_store;
pub mod similar;
pub mod store;
pub mod transfer;
pub mod update;
