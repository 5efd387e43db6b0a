//! Chamberlain: an OpenID Connect provider and SCIM 2.0 service provider in which the customers of an institution
//! administer their own people, each administrator only for their own organisation's subtree and their own applications.
//!
//! The map of the crate is `docs/ARCHITECTURE.md`. Folders name the business and the protocols; inside a folder the same
//! kinds of file recur: `model.rs`, `rules.rs` (pure), `store.rs` (SQL), and one file per use case.

pub mod agreements;
pub mod api;
pub mod app;
pub mod audit;
pub mod authority;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod db;
pub mod delegation;
pub mod directory;
pub mod factors;
pub mod jobs;
pub mod kernel;
pub mod keycloak;
pub mod locale;
pub mod notify;
pub mod oidc;
pub mod outbound;
pub mod portal;
pub mod proofs;
pub mod push;
pub mod scim;
pub mod sessions;
pub mod signals;
pub mod ssf;
pub mod telemetry;
pub mod tokens;
pub mod web;
