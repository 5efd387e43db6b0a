//! CSV (RFC 4180) read record by record, in bounded memory. A record that is none is refused by itself; whatever is in it, it ends
//! where it would end if it were good, so that nothing within a cell ever passes for a row.

use std::io::{self, BufRead};

use super::row::Fault;

/// Longest row that is read, in octets.
pub(super) const LONGEST: usize = 64 * 1024;

/// Most cells of a row that are kept apart.
const CELLS: usize = 64;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first octet of a cell.
    Start,
    /// In a cell without quotes.
    Bare,
    /// In quotes.
    Quoted,
    /// Behind a quote that closes the cell, or is the first of two that stand for one.
    Closing,
}

/// The records of a file.
#[derive(Debug)]
pub(super) struct Records<R> {
    input: R,
    /// The octets of the cells, one behind the other.
    octets: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// The last record ended with a CR: an LF belongs to it.
    after_cr: bool,
}

/// What was read of one record.
struct Reading {
    state: State,
    length: usize,
    fault: Option<Fault>,
}

impl Reading {
    fn refuse(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Whether nothing at all stands in it.
    fn is_blank(&self, ends: &[usize]) -> bool {
        self.state == State::Start && ends.is_empty()
    }
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, octets: Vec::new(), ends: Vec::new(), after_cr: false }
    }

    /// Reads the next record; `None` at the end of the file. A blank line is a record without cells.
    pub(super) fn read(&mut self) -> io::Result<Option<Result<(), Fault>>> {
        self.octets.clear();
        self.ends.clear();
        let mut reading = Reading { state: State::Start, length: 0, fault: None };
        loop {
            let part = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                part => part?,
            };
            if part.is_empty() {
                return Ok(self.end_of_file(reading));
            }
            let (mut taken, mut ended) = (0, false);
            for octet in part {
                taken += 1;
                if std::mem::take(&mut self.after_cr) && *octet == b'\n' {
                    continue;
                }
                if step(*octet, &mut reading, &mut self.octets, &mut self.ends) {
                    self.after_cr = *octet == b'\r';
                    ended = true;
                    break;
                }
            }
            self.input.consume(taken);
            if ended {
                return Ok(Some(reading.fault.map_or(Ok(()), Err)));
            }
        }
    }

    fn end_of_file(&mut self, mut reading: Reading) -> Option<Result<(), Fault>> {
        if reading.length == 0 {
            return None;
        }
        if reading.state == State::Quoted {
            reading.refuse(Fault::Cut);
        }
        self.ends.push(self.octets.len());
        Some(reading.fault.map_or(Ok(()), Err))
    }

    /// The cells of the record that was read last.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.octets.get(start..*end))
    }
}

/// Takes one octet; whether the record ends with it.
fn step(octet: u8, reading: &mut Reading, octets: &mut Vec<u8>, ends: &mut Vec<usize>) -> bool {
    let quoted = reading.state == State::Quoted;
    if matches!(octet, b'\n' | b'\r') && !quoted {
        if !reading.is_blank(ends) {
            ends.push(octets.len());
        }
        return true;
    }
    reading.length += 1;
    if reading.length > LONGEST || ends.len() >= CELLS {
        reading.refuse(Fault::TooLong);
        // Nothing of it is kept, but where it is.
        octets.clear();
        ends.truncate(1);
    }
    reading.state = match (reading.state, octet) {
        (State::Start, b'"') => State::Quoted,
        (State::Quoted, b'"') => State::Closing,
        (State::Closing, b'"') => {
            octets.push(octet);
            State::Quoted
        }
        (State::Start | State::Bare | State::Closing, b',') => {
            ends.push(octets.len());
            State::Start
        }
        (State::Quoted, _) => {
            octets.push(octet);
            State::Quoted
        }
        (State::Start | State::Bare | State::Closing, _) => {
            if octet == b'"' || reading.state == State::Closing {
                reading.refuse(Fault::Quotes);
            }
            octets.push(octet);
            State::Bare
        }
    };
    false
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// Everything of a text, read through a buffer of this size.
    fn read(text: &str, buffer: usize) -> Vec<Result<Vec<String>, Fault>> {
        let mut records = Records::new(BufReader::with_capacity(buffer, text.as_bytes()));
        let mut all = Vec::new();
        while let Some(read) = records.read().unwrap() {
            let cells = records.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            all.push(read.map(|()| cells));
        }
        all
    }

    fn good(cells: &[&str]) -> Result<Vec<String>, Fault> {
        let owned = |cell: &&str| -> Result<String, Fault> { Ok((*cell).to_owned()) };
        cells.iter().map(owned).collect()
    }

    #[test]
    fn rfc_4180_records_are_read_whatever_the_buffer_and_the_line_ends() {
        let text = "a,b\r\n\"x, \"\"y\"\"\r\nz\",\r\n\r\nlast,\"\"\rold,mac\n\n,";
        let wanted = vec![
            good(&["a", "b"]),
            good(&["x, \"y\"\r\nz", ""]),
            good(&[]),
            good(&["last", ""]),
            good(&["old", "mac"]),
            good(&[]),
            good(&["", ""]),
        ];
        for buffer in [1, 2, 3, 7, 1_000] {
            assert_eq!(read(text, buffer), wanted, "{buffer}");
        }
        assert_eq!(read("", 8), []);
        assert_eq!(read("\"\"", 8), [good(&[""])]);
    }

    /// IN-11: a row that is too long, or no row, is passed over to its end and spoils no other; what is in it is no row.
    #[test]
    fn in_11_what_is_no_row_is_refused_by_itself() {
        let long = format!("\"{}\nevil@x.example,Eve,Evil\n{}\",x\n", "y".repeat(LONGEST), "z,".repeat(200));
        let text = format!("a,\"b\"c\n{long}a\"b,c\nd,e\n{}\nf,g\nh,\"i\nj,k\n", ",".repeat(100_000));
        let wanted = vec![
            Err(Fault::Quotes),
            Err(Fault::TooLong),
            Err(Fault::Quotes),
            good(&["d", "e"]),
            Err(Fault::TooLong),
            good(&["f", "g"]),
            Err(Fault::Cut),
        ];
        assert_eq!(read(&text, 4_096), wanted);
    }
}
