//! `decide` against a naive specification that enumerates sets and shares no code with it.

mod by_application;
mod chosen;
mod differential;
mod edges;
mod exhaustive;
mod laws;
mod lending;
mod naive;
mod narrowed;
mod reach;
mod world;
