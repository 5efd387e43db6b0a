//! Signing in over the real pages: two steps, their limits, recovery, activation, sessions.

mod browser;
mod limits;
mod story;
