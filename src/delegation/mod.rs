//! The use cases on roles: profiles, grants, revocations.
