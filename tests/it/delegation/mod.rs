//! The rules of delegation, by the use cases on a real database.

mod audit;
mod grant;
mod story;
