//! The two-engine mechanism: one SQL text, SQLite and PostgreSQL behind one `Tx`. Knows no table.
//!
//! Stores write `on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)`; the macro repeats only the
//! expression per engine, so that each arm has concrete types. Statements use `$1, $2 …`, which both drivers take.

mod changes;
mod error;
pub mod migrate;
mod pools;
mod readers;
mod statements;
mod work;
mod writer;

pub use changes::Changes;
pub use error::{Constraint, Error, Result};
pub use pools::{Db, Engine, Options, is_busy, is_retryable};
pub use statements::Statement;
pub use work::counting;
pub use writer::Tx;

pub(crate) use statements::statements;
pub use writer::{on, transact};
