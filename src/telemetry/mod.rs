//! Logs and metrics. Nothing personal in either: ids only (`docs/logging.md`).

pub mod logs;
pub mod metrics;
pub mod redact;
