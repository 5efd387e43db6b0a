//! Languages and texts.
