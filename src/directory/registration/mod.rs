//! Inviting an authority to register itself (I30–I38): invitation, its data, validation; and registering one oneself (I12).

pub mod applicant;
pub mod error;
pub mod invite;
pub mod model;
pub mod register;
pub mod review;
pub mod rules;
pub mod store;
mod tell;
