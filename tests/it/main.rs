//! One binary with every test that needs more than one module. A test that needs the database is written once, with
//! [`on_both!`], and runs on SQLite (a temporary file with the real pragmas) and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::struct_field_names,
    clippy::large_futures,
    clippy::type_complexity,
    unreachable_pub,
    reason = "a test fails by panicking, reads its switches from the environment, and starts tasks that race"
)]

#[macro_use]
mod support;

mod abuse_cases;
mod api;
mod architecture;
mod authority;
mod citations;
mod delegation;
mod directory;
mod doors;
mod fuzzing;
mod manual;
mod notify;
mod oidc;
mod ops;
mod portal;
mod push;
mod races;
mod scim;
mod sign_in;
mod signals;
mod storage;
mod tokens;
mod traceability;
