//! The two-engine mechanism: transactions, migrations, the statement catalogue, the parity of the two schemas.

mod catalogue;
mod migrations;
mod parity;
mod transactions;
