//! The JSON API over HTTP, and the questions about authority.

mod access;
mod calls;
mod contract;
mod doors;
mod nominations;
mod roles;
mod simulations;
