//! Applications that are told who has signed out and what has changed (E60, E78, E90; `delegation.md` §5).

mod delivery;
mod events;
mod logout;
mod nested;
mod outbound;
mod polling;
mod provisioning;
mod streams;
