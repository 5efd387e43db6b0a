//! Lists as CSV (RFC 4180), safe to open in a spreadsheet (IN-01).

use axum::http::header;
use axum::response::{IntoResponse, Response};

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

/// A table as a file to download; every field is quoted.
pub fn download(name: &str, rows: &[Vec<String>]) -> Result<Response, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        bytes,
    )
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_01_no_cell_is_a_formula_and_every_cell_comes_back() {
        for cell in
            ["=1+1", "+49 69 1", "-2", "@SUM", "\tx", "\r=1", "\0", "＝1", "'quoted", "O'Neil", "", "plain", "'=kept"]
        {
            let written = guarded(cell);
            assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝']), "{cell:?}");
            assert_eq!(unguarded(&written), cell, "{cell:?}");
        }
    }
}
