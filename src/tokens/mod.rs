//! Keys, signed tokens, and the grants they descend from.
