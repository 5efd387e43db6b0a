//! Background work: a closed list of idempotent tasks.
