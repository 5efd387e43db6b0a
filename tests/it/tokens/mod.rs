//! Tokens that carry part of what a delegate may do: at the token endpoint, and made by hand for scripts.

mod desk;
mod details;
mod step_up;
