//! The OpenID Provider, through its router, by the sentences of the RFCs and the abuse cases (OA-*, CR-*).

mod abuse;
mod asking;
mod consent;
mod frontchannel_logout;
mod introspection;
mod jwks_uri;
mod modules;
mod nodes;
mod oidc_core;
mod private_key_jwt;
mod project_roles;
mod races;
mod refusals;
mod requests;
mod revocation;
mod rfc6749_code;
mod rfc6749_refresh;
mod rfc7517_keys;
mod rfc9101_jar;
mod rfc9126_par;
mod rfc9449_dpop;
mod rp_initiated_logout;
mod session_management;
mod standard_claims;
mod stolen;
mod terms;
