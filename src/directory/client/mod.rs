//! OAuth clients: relying applications of one environment, and services of one organisation.

pub mod activity;
pub mod encryption;
pub mod entry;
pub mod entry_store;
pub mod keep;
pub mod keys_rules;
pub mod logo;
pub mod logo_store;
pub mod manage;
pub mod model;
pub mod one_factor;
pub mod origin_store;
pub mod provisioning;
pub mod registration;
pub mod rules;
pub mod secret_store;
pub mod service;
pub mod shown;
pub mod store;
pub mod streaming;
pub mod token_format;
