//! Signing in over the real pages: two steps, their limits, recovery, activation, sessions.

mod again;
mod browser;
mod contact;
mod guessing;
mod limits;
mod password_ages;
mod sessions;
mod step_up;
mod story;
