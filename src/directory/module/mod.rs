//! Module access: which organisations may use an application that asks for it, and as what (I24–I28, I53–I57, D2, D9).

mod auto_groups;
pub mod candidates_store;
pub mod catalogue;
pub mod catalogue_store;
pub mod classes;
pub mod error;
pub mod grant;
pub mod model;
pub mod proposal_store;
pub mod propose;
pub mod rules;
pub mod settings;
pub mod store;
pub mod suspend;
pub mod terms;
