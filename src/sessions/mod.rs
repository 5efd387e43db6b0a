//! Being signed in, and getting there.
