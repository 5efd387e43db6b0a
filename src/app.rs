//! The composition root: configuration becomes a running server. The only file that knows everything.
