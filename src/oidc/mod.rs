//! The OAuth 2.0 and OpenID Connect surface: translates the protocol into sessions, grants and signed tokens.
//!
//! A request is read once into [`params::Parameters`], judged by ordered checks, and answered with a code, tokens, claims
//! or one [`error::OAuthError`]. Who may enter an application is decided anew at each issue ([`subject`]).

mod authorize;
pub mod claims;
mod claims_request;
mod client_auth;
pub mod details;
mod device;
mod discovery;
mod dpop;
mod encrypt;
mod end_session;
pub mod error;
mod http;
mod introspection;
pub mod params;
pub mod pkce;
mod pushed;
mod refusals;
mod registration;
mod request_object;
mod revocation;
mod router;
pub mod scopes;
mod sector;
mod session_state;
mod settings;
mod sign;
mod state;
mod statement;
pub mod store;
mod subject;
mod token;
mod userinfo;
mod waiting;

pub use discovery::ready;
pub use router::router;
pub use settings::{Settings, StatementIssuer};
pub use state::Oidc;
pub use statement::StatementIssuers;
