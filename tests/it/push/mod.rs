//! Outbound provisioning: people and groups of an application are pushed to the SCIM server that it has itself (RFC 7644, as a client).

mod changes;
mod erasing;
mod guarded;
mod pushing;
mod reconciling;
mod troubles;
