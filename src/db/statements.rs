//! The statement catalogue: every SQL text of the program is a named constant that a test prepares on both engines.

use super::writer::Tx;

/// One catalogued statement: its name (`users::FIND`) and its text per engine.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// Module and constant.
    pub name: &'static str,
    /// The text that SQLite gets.
    pub sqlite: &'static str,
    /// The text that PostgreSQL gets; nearly always the same.
    pub postgres: &'static str,
}

impl Statement {
    /// The text for the engine of a transaction.
    pub fn text(&self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite(_) => self.sqlite,
            Tx::Postgres(_) => self.postgres,
        }
    }
}

/// Declares SQL constants and the module's `CATALOGUE` of them.
///
/// A text may be put together with `concat!`, so that a list of columns is written once.
/// `NAME = "…";` gives a `&'static str` for both engines. `NAME = sqlite "…", postgres "…";` gives a [`Statement`]
/// for the few texts that must differ; use `NAME.sqlite`/`NAME.postgres` in an explicit match.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*
        /// Every statement of this module, for the catalogue test.
        #[allow(unreachable_pub, clippy::allow_attributes, reason = "some stores are private to their folder, some are not")]
        pub const CATALOGUE: &[$crate::db::Statement] = &[
            $($crate::db::Statement { name: concat!(module_path!(), "::", stringify!($name)), sqlite: $sql, postgres: $sql },)*
        ];
    };
}
pub(crate) use statements;
