//! The rules of delegation, by the use cases on a real database.

mod audit;
mod explain;
mod grant;
mod nominations;
mod story;
