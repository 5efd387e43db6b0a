//! Lists as CSV (RFC 4180), safe to open in a spreadsheet (IN-01).

use axum::http::header;
use axum::response::{IntoResponse, Response};

pub use crate::kernel::cell::{guarded, unguarded};

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
