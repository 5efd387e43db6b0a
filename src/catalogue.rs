//! The catalogue of every SQL statement in the program. A test prepares all of them on both engines.

use crate::authority;
use crate::db::Statement;

/// The catalogues of all stores. A store that is not listed here is found by the architecture test.
pub fn statements() -> Vec<Statement> {
    let catalogues: &[&[Statement]] = &[authority::store::CATALOGUE];
    catalogues.concat()
}
