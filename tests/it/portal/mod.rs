//! The pages over HTTP, as a browser without script uses them.

mod browser;
mod pages;
mod security;
mod stories;
mod town;
