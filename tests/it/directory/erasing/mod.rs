//! The end of an account: what is erased, what stays, and who may hurry it.

mod asking;
pub mod rows;
mod tables;
