//! Organisations, people, memberships: what the stores keep and what the use cases allow.

mod amendment_documents;
pub mod amendments;
mod ending;
pub mod erasing;
mod identifiers;
mod import;
mod import_files;
mod look_up;
mod mailing;
mod membership;
mod membership_pages;
mod membership_sets;
mod module;
mod nested_groups;
mod organisation;
mod people_lists;
mod people_numbers;
mod representatives;
mod retire;
mod retire_projects;
mod seed;
mod user;
