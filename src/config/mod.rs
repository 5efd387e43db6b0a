//! Configuration: defaults, file, environment; all problems reported at once.
