//! The rules of delegation, by the use cases on a real database.

mod audit;
mod cascade;
mod confirmations;
mod explain;
mod grant;
mod kept_nominations;
mod last_holders;
mod nomination_limits;
mod nomination_races;
mod nominations;
mod recertification;
mod requests;
mod rounds;
mod separation;
mod story;
mod terms;
