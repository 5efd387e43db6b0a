//! People: one natural person with one home organisation (E09).

pub mod activate;
pub mod changes;
pub mod condition;
pub mod condition_store;
pub mod conflict;
pub mod contact;
pub mod contact_store;
pub mod create;
pub mod delete;
pub mod deputy_list_store;
pub mod due_store;
pub mod ending_store;
pub mod error;
pub mod guard;
pub mod import;
pub mod lapse_store;
pub mod leaving;
pub mod model;
pub mod register;
pub(crate) mod row_store;
pub mod search;
pub mod search_plan;
pub mod search_store;
pub mod store;
pub mod transfer;
mod unique;
pub mod update;
