//! Telling people: typed messages through a transactional outbox.
