//! The two-engine mechanism: transactions, migrations, the statement catalogue, the parity of the two schemas.

mod migrations;
mod transactions;
