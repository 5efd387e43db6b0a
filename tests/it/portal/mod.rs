//! The pages over HTTP, as a browser without script uses them.

mod accounts;
mod audit;
pub mod browser;
mod contacts;
mod details;
mod hidden;
mod imports;
mod level_tabs;
mod managing;
mod manual;
mod markup;
mod module_terms;
mod modules;
mod operator;
mod own_email;
mod pages;
mod projects;
mod recertification;
mod register;
mod registrations;
mod rollout;
mod routes;
mod security;
mod stories;
mod tokens;
mod town;
mod why;
