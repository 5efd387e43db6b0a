//! Cells of tables that leave the house and come back, safe to open in a spreadsheet (IN-01).

/// A cell that no spreadsheet takes for a formula: one that starts like one gets a `'` before it.
pub fn guarded(cell: &str) -> String {
    let dangerous =
        cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    if dangerous { format!("'{cell}") } else { cell.to_owned() }
}

/// The reverse of [`guarded`], for imports.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if guarded(rest) == cell => rest,
        _ => cell,
    }
}
