//! What was done, by whom, by which right: written in the transaction of the change.
