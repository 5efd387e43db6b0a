//! A file row by row: CSV with a heading, or one JSON object on each line. Whatever its size, no more than one row is kept.

use std::io::{self, BufRead, Chain, Cursor, Read};
use std::path::Path;

use super::json_line;
use super::records::{LONGEST, Records};
use super::row::{Cells, Column, Fault, Line};
use super::{FileError, needed};
use crate::kernel::cell::unguarded;
use crate::kernel::time::Timestamp;

/// How people stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a heading (RFC 4180).
    Csv,
    /// One JSON object on each line.
    Jsonl,
}

impl Format {
    /// By the ending of the name of a file.
    pub fn of(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// Why a file is not read, or no further.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// It is no such file.
    #[error(transparent)]
    File(#[from] FileError),
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Where rows come from.
pub trait Lines {
    /// The next one; `None` at the end.
    fn next_line(&mut self) -> io::Result<Option<Line>>;
}

impl<R: BufRead> Lines for Rows<R> {
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        self.read()
    }
}

/// Rows that are known already.
#[derive(Debug)]
pub struct Listed(std::vec::IntoIter<Line>);

impl Listed {
    /// These.
    pub fn new(lines: Vec<Line>) -> Self {
        Self(lines.into_iter())
    }
}

impl Lines for Listed {
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        Ok(self.0.next())
    }
}

/// A file whose first octets have been looked at.
type Begun<R> = Chain<Cursor<Vec<u8>>, R>;

/// The rows of a file.
#[derive(Debug)]
pub struct Rows<R> {
    source: Source<R>,
    /// Of the row that was read last; the first line of the file is 1.
    number: u64,
    now: Timestamp,
}

#[derive(Debug)]
enum Source<R> {
    Csv { records: Records<Begun<R>>, columns: Vec<Column> },
    Jsonl { input: Begun<R>, line: Vec<u8> },
}

impl<R: BufRead> Rows<R> {
    /// Begins to read a file; of CSV the heading.
    pub fn open(input: R, format: Format, now: Timestamp) -> Result<Self, RowsError> {
        match format {
            Format::Csv => Self::csv(input, &Column::ALL, now),
            Format::Jsonl => {
                let source = Source::Jsonl { input: without_mark(input)?, line: Vec::new() };
                Ok(Self { source, number: 0, now })
            }
        }
    }

    /// The same of CSV that may have these columns.
    pub(super) fn csv(input: R, known: &[Column], now: Timestamp) -> Result<Self, RowsError> {
        let mut records = Records::new(without_mark(input)?);
        let read = records.read()?.ok_or(FileError::Missing(Column::Email.name()))?;
        read.map_err(|_| FileError::Unreadable)?;
        let columns = columns(records.cells(), known)?;
        Ok(Self { source: Source::Csv { records, columns }, number: 1, now })
    }

    /// The next row that says anything; `None` at the end.
    pub fn read(&mut self) -> io::Result<Option<Line>> {
        loop {
            let read = match &mut self.source {
                Source::Csv { records, columns } => {
                    let Some(read) = records.read()? else { return Ok(None) };
                    match read {
                        Ok(()) if records.cells().next().is_none() => None,
                        Ok(()) => Some(cells(records.cells(), columns)),
                        Err(fault) => Some(Err(fault)),
                    }
                }
                Source::Jsonl { input, line } => {
                    let Some(read) = read_line(input, line)? else { return Ok(None) };
                    match (read, std::str::from_utf8(line)) {
                        (Err(fault), _) => Some(Err(fault)),
                        (Ok(()), Err(_)) => Some(Err(Fault::Encoding)),
                        (Ok(()), Ok(text)) if text.trim().is_empty() => None,
                        (Ok(()), Ok(text)) => Some(json_line::read(text)),
                    }
                }
            };
            self.number = self.number.saturating_add(1);
            match read {
                None => {}
                Some(Ok(cells)) => return Ok(Some(Line::of(self.number, &cells, self.now))),
                Some(Err(fault)) => return Ok(Some(Line::unreadable(self.number, fault))),
            }
        }
    }
}

/// The file without the mark that spreadsheets write at its beginning.
fn without_mark<R: BufRead>(mut input: R) -> io::Result<Begun<R>> {
    let mut first = Vec::with_capacity(3);
    input.by_ref().take(3).read_to_end(&mut first)?;
    if first == b"\xEF\xBB\xBF" {
        first.clear();
    }
    Ok(Cursor::new(first).chain(input))
}

fn columns<'a>(headings: impl Iterator<Item = &'a [u8]>, known: &[Column]) -> Result<Vec<Column>, FileError> {
    let mut columns = Vec::new();
    for heading in headings {
        let heading = std::str::from_utf8(heading).map_err(|_| FileError::Unreadable)?.trim();
        let column = known.iter().copied().find(|column| heading.eq_ignore_ascii_case(column.name()));
        let name = || heading.chars().filter(|c| !c.is_control()).take(40).collect();
        columns.push(column.filter(|column| !columns.contains(column)).ok_or_else(|| FileError::Unknown(name()))?);
    }
    needed(&columns, known).map_or(Ok(columns), |missing| Err(FileError::Missing(missing)))
}

fn cells<'a>(found: impl Iterator<Item = &'a [u8]>, columns: &[Column]) -> Result<Cells, Fault> {
    let (mut cells, mut count) = (Cells::default(), 0);
    for cell in found {
        let text = std::str::from_utf8(cell).map_err(|_| Fault::Encoding)?;
        if let Some(column) = columns.get(count) {
            cells.set(*column, unguarded(text.trim()));
        }
        count += 1;
    }
    if count == columns.len() { Ok(cells) } else { Err(Fault::Cells(count, columns.len())) }
}

/// One line without its end; of one that is too long nothing is kept.
fn read_line<R: BufRead>(input: &mut R, line: &mut Vec<u8>) -> io::Result<Option<Result<(), Fault>>> {
    line.clear();
    let (mut begun, mut long) = (false, false);
    loop {
        let part = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            part => part?,
        };
        if part.is_empty() && !begun {
            return Ok(None);
        }
        begun = true;
        let end = part.iter().position(|octet| *octet == b'\n');
        let text = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
        long |= line.len() + text.len() > LONGEST;
        if long {
            line.clear();
        } else {
            line.extend_from_slice(text);
        }
        let is_last = part.is_empty() || end.is_some();
        let taken = end.map_or(part.len(), |end| end + 1);
        input.consume(taken);
        if is_last {
            return Ok(Some(if long { Err(Fault::TooLong) } else { Ok(()) }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000_000);

    fn read(text: &[u8], format: Format) -> Vec<(u64, String, String)> {
        let mut rows = Rows::open(text, format, NOW).unwrap();
        let mut all = Vec::new();
        while let Some(line) = rows.read().unwrap() {
            all.push((line.number, line.who, line.person.err().map(|fault| fault.to_string()).unwrap_or_default()));
        }
        all
    }

    fn says(number: u64, who: &str, fault: &str) -> (u64, String, String) {
        (number, who.to_owned(), fault.to_owned())
    }

    #[test]
    fn rows_of_csv_are_numbered_as_a_spreadsheet_does() {
        let mut text = b"\xEF\xBB\xBF\"Email\",user_name,given_name,family_name,active,locale\r\n\
            a@x.example,,\"Ann\nMarie\",Lee,,\r\n\r\n\
            ,ann.lee,,,FALSE,DE\r\n\
            b@x.example,,Bo,Li,maybe,\r\n\
            c@x.example,,Bo,Li,true,it\r\n\
            d@x.example,,Bo\r\n\
            ,,Bo,Li,,\r\n\
            e@x.example,,B"
            .to_vec();
        text.extend(b"\xFF,Li,,\r\nf@x.example,,,Li,,\r\n");
        let wanted = [
            says(2, "a@x.example", "`given_name` holds a character that is not allowed"),
            says(4, "ann.lee", ""),
            says(5, "b@x.example", "`active` is none of: true, false"),
            says(6, "c@x.example", "`locale` is none of: en, de, fr"),
            says(7, "", "there are 3 cells, in the heading 6"),
            says(8, "", "`email` must not be empty"),
            says(9, "", "this is not UTF-8"),
            says(10, "f@x.example", "`given_name` must not be empty"),
        ];
        assert_eq!(read(&text, Format::Csv), wanted);
    }

    #[test]
    fn lines_of_json_are_read_each_for_itself() {
        let long = format!("{{\"email\":\"{}\"}}", "x".repeat(LONGEST));
        let mut text =
            "\u{feff}{\"email\":\"a@x.example\",\"given_name\":\"Ann\",\"family_name\":\"Lee\"}\r\n\n".to_owned();
        text += &long;
        text += "\nnothing\n{\"user_name\":\"bo\",\"expires\":\"2020-01-31T12:00:00Z\",\"active\":false}\n";
        text += "{\"user_name\":\"bo\",\"expires\":\"2020-01-31\"}\n{\"user_name\":\"bo\",\"title\":\"Dr\"}";
        let wanted = [
            says(1, "a@x.example", ""),
            says(3, "", "this is longer than 65536 octets"),
            says(4, "", "this is no JSON object"),
            says(5, "bo", ""),
            says(6, "bo", "`expires` is no day to come, as 2027-01-31"),
            says(7, "", "the member `title` is unknown"),
        ];
        assert_eq!(read(text.as_bytes(), Format::Jsonl), wanted);
    }

    #[test]
    fn the_format_is_known_by_the_name() {
        let of = |name: &str| Format::of(Path::new(name));
        assert_eq!(
            (of("a.CSV"), of("x/b.jsonl"), of("b.ndjson")),
            (Some(Format::Csv), Some(Format::Jsonl), Some(Format::Jsonl))
        );
        assert_eq!((of("-"), of("people"), of("people.json")), (None, None, None));
    }
}
