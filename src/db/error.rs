//! Database errors, with constraint violations named alike on both engines.

/// What a database call may give back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a database call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique index, foreign key or check refused the row. The use case that can cause it must name it.
    #[error("constraint `{0}` violated")]
    Constraint(Constraint),
    /// The engine gave up on a serialisation conflict or a lock; the transaction may be tried again.
    #[error("the transaction met a concurrent one")]
    Retry(#[source] sqlx::Error),
    /// No connection could be had, or a statement did not end, in time.
    #[error("the database does not answer in time")]
    Unavailable(#[source] sqlx::Error),
    /// Stored data that this version cannot read.
    #[error("stored value of `{0}` cannot be read")]
    Corrupt(&'static str),
    /// The schema was written by a newer version, or a migration was changed after it ran.
    #[error("{0}")]
    Schema(String),
    /// Anything else.
    #[error("database error")]
    Other(#[source] sqlx::Error),
}

/// A violated constraint as `table.column[,column]` (SQLite) or its index name (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint(String);

impl Constraint {
    /// Whether this is the unique rule on the given table and columns. Unique indexes are named
    /// `<table>_<column>_…_key` in both migrations, so that both spellings can be compared.
    pub fn is(&self, table: &str, columns: &[&str]) -> bool {
        let named = format!("{table}_{}_key", columns.join("_"));
        let listed = columns.iter().map(|c| format!("{table}.{c}")).collect::<Vec<_>>().join(", ");
        self.0 == named || self.0 == listed || self.0 == format!("{table}_pkey")
    }
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error {
    /// Whether the whole transaction should be run again.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Retry(_))
    }

    /// Whether it may go better in a moment: it met others, or there was no answer in time.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Retry(_) | Self::Unavailable(_))
    }

    /// Whether a unique rule on these columns refused the row.
    pub fn violates(&self, table: &str, columns: &[&str]) -> bool {
        matches!(self, Self::Constraint(constraint) if constraint.is(table, columns))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(db) => {
                // 40001 serialization_failure, 40P01 deadlock_detected; SQLite 5 BUSY, 6 LOCKED, 517 BUSY_SNAPSHOT.
                if matches!(db.code().as_deref(), Some("40001" | "40P01" | "5" | "6" | "517")) {
                    return Self::Retry(error);
                }
                // query_canceled: it took longer than a statement may.
                if db.code().as_deref() == Some("57014") {
                    return unavailable(error);
                }
                if let Some(constraint) = constraint(db.as_ref()) {
                    return Self::Constraint(constraint);
                }
                Self::Other(error)
            }
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => unavailable(error),
            _ => Self::Other(error),
        }
    }
}

/// Whoever asked is told to come back; the operator hears why.
fn unavailable(error: sqlx::Error) -> Error {
    tracing::warn!(%error, "the database does not answer in time");
    Error::Unavailable(error)
}

fn constraint(error: &dyn sqlx::error::DatabaseError) -> Option<Constraint> {
    use sqlx::error::ErrorKind;
    match error.kind() {
        ErrorKind::UniqueViolation
        | ErrorKind::ForeignKeyViolation
        | ErrorKind::NotNullViolation
        | ErrorKind::CheckViolation => {}
        _ => return None,
    }
    let text = error.message();
    let named = error.constraint().map(str::to_owned);
    // SQLite: "UNIQUE constraint failed: users.user_name_folded"
    Some(Constraint(
        named.unwrap_or_else(|| text.rsplit_once("failed: ").map_or(text, |(_, columns)| columns).to_owned()),
    ))
}
