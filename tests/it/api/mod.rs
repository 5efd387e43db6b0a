//! The JSON API over HTTP, and the questions about authority.

mod access;
pub mod calls;
mod contract;
mod directory;
mod door_questions;
mod doors;
pub mod nominations;
mod roles;
mod simulations;
pub mod unseen;
mod upkeep;
