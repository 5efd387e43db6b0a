//! Work that no request waits for: sending messages, sealing the audit log, forgetting what is over.

pub mod tasks;
pub mod worker;
