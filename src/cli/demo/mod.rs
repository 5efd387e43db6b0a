//! The demo: a seeded world on embedded SQLite.

mod people;
pub mod world;
