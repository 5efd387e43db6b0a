//! Who may do what to whom: one pure decision, one scope for lists, one proof for writes.
