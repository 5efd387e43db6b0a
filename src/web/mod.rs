//! Plumbing shared by the surfaces.
