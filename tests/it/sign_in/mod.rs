//! Signing in over the real pages: two steps, their limits, recovery, activation, sessions.

mod again;
mod apps;
mod browser;
mod choosing;
mod contact;
mod devices;
mod guessing;
mod keycloak;
mod limits;
mod moved;
mod nodes;
mod passkeys;
mod password_ages;
mod recovery_codes;
mod remembered;
mod sessions;
mod step_up;
mod story;
mod timing;
