//! Parses the arguments, calls the library, sets the exit code; nothing else.

fn main() {}
