//! The rules of delegation, by the use cases on a real database.

mod audit;
mod cascade;
mod explain;
mod grant;
mod nomination_races;
mod nominations;
mod recertification;
mod separation;
mod story;
mod terms;
