//! How a page fails. The page layer renders it; see [`crate::web::respond`].

use axum::response::Response;

pub use crate::web::Failure;

/// What a handler gives back.
pub type PageResult = Result<Response, Failure>;
