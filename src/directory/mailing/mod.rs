//! Mails that administrators write to the people of the organisations they manage (I52).

pub mod model;
pub mod send;
pub mod store;
