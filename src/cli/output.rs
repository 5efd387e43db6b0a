//! What commands print: one JSON document with `--json`, else text. Logs go to stderr.

use std::io::{self, Write as _};

use serde_json::{Value, json};

use super::CliError;

/// Where answers go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    /// For people, or for programs.
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether it is for programs.
    pub(super) fn is_json(self) -> bool {
        self.json
    }

    /// Prints the answer, in one form or the other. Whoever closed the pipe (`| head -1`) has read enough: that is no failure.
    pub(super) fn print(self, value: &Value, text: impl FnOnce() -> String) -> io::Result<()> {
        let answer = if self.json { value.to_string() } else { text() };
        let mut out = io::stdout().lock();
        match writeln!(out, "{}", answer.trim_end_matches('\n')).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            printed => printed,
        }
    }

    /// Tells what an answer alone would leave unsaid: on stderr, beside it.
    pub(super) fn note(text: &str) {
        let _closed = writeln!(io::stderr(), "chamberlain: {text}").is_err();
    }

    /// Prints why a command failed: with `--json` as a document on stdout, always as text on stderr.
    pub(super) fn error(self, error: &CliError) {
        if self.json {
            let problems = match error {
                CliError::Config(problems) => json!(problems.0),
                CliError::Start(_)
                | CliError::Db(_)
                | CliError::Io(_)
                | CliError::UseCase(_)
                | CliError::Refused(_) => Value::Array(Vec::new()),
            };
            let document = json!({ "error": error.to_string(), "problems": problems });
            let _closed = self.print(&document, String::new).is_err();
        }
        let _closed = writeln!(io::stderr(), "chamberlain: {error}").is_err();
    }
}

/// A table for people: the columns of a list of JSON objects.
pub(super) fn table(rows: &[Value], columns: &[&str]) -> String {
    let cell = |row: &Value, column: &str| match row.get(column) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let width = |column: &str| {
        rows.iter().map(|row| cell(row, column).chars().count()).chain([column.len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = columns.iter().map(|column| width(column)).collect();
    let line = |cells: Vec<String>| {
        let padded: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut text = line(columns.iter().map(|column| column.to_uppercase()).collect());
    for row in rows {
        text.push_str(&line(columns.iter().map(|column| cell(row, column)).collect()));
    }
    text
}
