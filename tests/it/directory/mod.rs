//! Organisations, people, memberships: what the stores keep and what the use cases allow.

mod membership;
mod organisation;
mod seed;
mod user;
