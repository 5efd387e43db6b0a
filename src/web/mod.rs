//! Plumbing shared by the surfaces: the handle they hold, what a request is, cookies, forms, headers, limits, pages.
//!
//! A surface builds its routes, then wraps them: [`layers::pages`] for everything that answers with HTML,
//! [`layers::forms`] besides for what a browser posts from our own pages, [`layers::api`] for machines.

pub mod app;
pub mod assets;
pub mod bearer;
pub mod connections;
pub mod cookies;
pub mod csrf;
mod drain;
pub mod extract;
pub mod field;
pub mod form;
pub mod headers;
pub mod health;
pub mod json;
pub mod layers;
pub mod limits;
pub mod listener;
pub mod mtls;
pub mod page;
pub mod pages;
mod paths;
pub mod place;
pub mod proxies;
pub mod respond;
pub mod self_test;
pub mod support;
pub mod tls;
pub mod upload;

pub use app::App;
pub use extract::RequestInfo;
pub use field::{Choice, Field};
pub use form::Form;
pub use page::Page;
pub use pages::Pages;
pub use respond::Failure;
pub use upload::Upload;
