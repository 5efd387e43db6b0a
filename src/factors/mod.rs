//! Proving who you are: passwords and codes.
