//! Requests to change what is stored of an organisation, by those who represent it and do not change it themselves (P61, P62, P67).

pub mod answer;
pub mod ask;
pub mod attach;
pub mod document_store;
pub mod error;
pub mod file;
pub mod model;
pub mod scan;
pub mod sheet;
pub mod store;
mod tell;
