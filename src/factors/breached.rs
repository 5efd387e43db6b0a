//! Passwords that are known from breaches, in a list of one's own: looked up in a file, without asking anybody else.
//!
//! The file is `CHBRCH01`, the number of entries, and the entries: the first eight octets of the SHA-1 of each password, in order and each
//! once (all numbers big-endian). Published lists are of SHA-1; of two passwords that are not in it one in 10¹⁰ is found by chance.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use openssl::sha::sha1;

const MAGIC: &[u8; 8] = b"CHBRCH01";
/// Octets before the entries.
const HEAD: u64 = 16;
/// Octets of an entry.
const ENTRY: u64 = 8;

/// A list that is open; cheap to clone.
#[derive(Clone, Debug)]
pub struct Breached {
    file: Arc<File>,
    count: u64,
}

impl Breached {
    /// Opens a list.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut head = [0; 16];
        let wrong = || io::Error::other("this is no list of `chamberlain password-list build`");
        file.read_exact(&mut head).map_err(|_| wrong())?;
        let (magic, count) = head.split_at(8);
        let count = count.try_into().map(u64::from_be_bytes).map_err(|_| wrong())?;
        let whole = count.checked_mul(ENTRY).and_then(|octets| octets.checked_add(HEAD));
        if magic != MAGIC || whole != Some(file.metadata()?.len()) {
            return Err(wrong());
        }
        Ok(Self { file: Arc::new(file), count })
    }

    /// How many passwords are in it.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a password is in it: thirty reads of eight octets where there are a thousand million.
    pub fn contains(&self, password: &str) -> io::Result<bool> {
        let wanted = entry(&sha1(password.as_bytes()));
        let (mut from, mut to) = (0, self.count);
        while from < to {
            let middle = from + (to - from) / 2;
            let mut octets = [0; 8];
            self.file.read_exact_at(&mut octets, HEAD + middle * ENTRY)?;
            match u64::from_be_bytes(octets).cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        Ok(false)
    }
}

fn entry(digest: &[u8; 20]) -> u64 {
    digest.iter().take(8).fold(0, |entry, octet| (entry << 8) | u64::from(*octet))
}

/// How the lines of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// SHA-1 in hexadecimal, and behind a colon how often it was met, as published lists have it. Only those met so often are taken.
    Digests {
        /// How often at least.
        least: u64,
    },
    /// The passwords themselves.
    Plain,
}

impl Written {
    fn read(self, line: &[u8]) -> Result<Option<u64>, &'static str> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match self {
            _ if line.is_empty() => Ok(None),
            Self::Plain => Ok(Some(entry(&sha1(line)))),
            Self::Digests { least } => {
                let text = std::str::from_utf8(line).map_err(|_| "this is no text")?;
                let (digest, count) = text.split_once(':').unwrap_or((text, "1"));
                let is_digest = digest.len() == 40 && digest.bytes().all(|octet| octet.is_ascii_hexdigit());
                let start = digest.get(..16).filter(|_| is_digest).ok_or("this is no SHA-1 in hexadecimal")?;
                let count: u64 = count.trim().parse().map_err(|_| "behind the colon is no number")?;
                let entry = u64::from_str_radix(start, 16).map_err(|_| "this is no SHA-1 in hexadecimal")?;
                Ok(Some(entry).filter(|_| count >= least))
            }
        }
    }
}

/// Writes a list; gives how many passwords are in it. What comes in order, as published lists do, is never kept in memory; else
/// eight octets of each.
pub fn build(inputs: Vec<Box<dyn BufRead>>, written: Written, output: &Path) -> io::Result<u64> {
    // Nobody reads a list that is half written.
    let partial = output.with_extension("partial");
    let mut file = File::options().read(true).write(true).create(true).truncate(true).open(&partial)?;
    let (mut count, is_sorted) = collect(inputs, written, &mut file)?;
    if !is_sorted {
        count = sort(&mut file, count)?;
    }
    file.set_len(HEAD + count * ENTRY)?;
    file.write_all_at(MAGIC, 0)?;
    file.write_all_at(&count.to_be_bytes(), 8)?;
    file.sync_all()?;
    std::fs::rename(&partial, output)?;
    Ok(count)
}

/// Writes the entries as they come; how many, and whether they came in order.
fn collect(inputs: Vec<Box<dyn BufRead>>, written: Written, file: &mut File) -> io::Result<(u64, bool)> {
    file.seek(SeekFrom::Start(HEAD))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let (mut count, mut last, mut is_sorted, mut line) = (0, None, true, Vec::new());
    for mut input in inputs {
        let mut number = 0_u64;
        loop {
            line.clear();
            if input.by_ref().take(64 * 1024).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            number += 1;
            let read = written.read(&line).map_err(|what| io::Error::other(format!("line {number}: {what}")))?;
            let Some(entry) = read.filter(|entry| last != Some(*entry)) else { continue };
            is_sorted &= last.is_none_or(|last| last < entry);
            last = Some(entry);
            out.write_all(&entry.to_be_bytes())?;
            count += 1;
        }
    }
    out.flush()?;
    Ok((count, is_sorted))
}

fn sort(file: &mut File, count: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(HEAD))?;
    let mut entries = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
    let (mut input, mut octets) = (BufReader::with_capacity(1 << 20, &mut *file), [0; 8]);
    for _ in 0..count {
        input.read_exact(&mut octets)?;
        entries.push(u64::from_be_bytes(octets));
    }
    entries.sort_unstable();
    entries.dedup();
    file.seek(SeekFrom::Start(HEAD))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    for entry in &entries {
        out.write_all(&entry.to_be_bytes())?;
    }
    out.flush()?;
    Ok(entries.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: &str, written: Written) -> io::Result<(tempfile::TempDir, Breached)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        build(vec![Box::new(io::Cursor::new(lines.to_owned()))], written, &path)?;
        Ok((folder, Breached::open(&path)?))
    }

    #[test]
    fn what_is_on_the_list_is_found_and_nothing_else() {
        let words: Vec<String> = (0..2_000).map(|number| format!("word {number}")).collect();
        let (_folder, breached) = list(&format!("{}\r\nword 7\n\n", words.join("\n")), Written::Plain).unwrap();
        assert_eq!(breached.len(), 2_000, "each once");
        assert!(words.iter().all(|word| breached.contains(word).unwrap()));
        assert!((2_000..4_000).all(|number| !breached.contains(&format!("word {number}")).unwrap()));
        let (_folder, none) = list("", Written::Plain).unwrap();
        assert!(none.is_empty() && !none.contains("word 7").unwrap());
    }

    /// As published: in order, with how often each was met.
    #[test]
    fn published_digests_are_read() {
        let digest = |word: &str| crate::kernel::hex::hex(&sha1(word.as_bytes())).to_uppercase();
        let mut lines =
            [format!("{}:12", digest("password")), format!("{}:1", digest("rare")), format!("{}:3", digest("letmein"))];
        lines.sort();
        let (_folder, breached) = list(&lines.join("\r\n"), Written::Digests { least: 2 }).unwrap();
        assert_eq!(breached.len(), 2);
        assert!(breached.contains("password").unwrap() && breached.contains("letmein").unwrap());
        assert!(!breached.contains("rare").unwrap(), "met once only");
        for wrong in
            ["password", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FDZ:1", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:x"]
        {
            let error = list(&format!("{}\n{wrong}", lines[0]), Written::Digests { least: 1 }).unwrap_err();
            assert!(error.to_string().starts_with("line 2: "), "{error}");
        }
    }

    #[test]
    fn what_is_no_such_list_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        for octets in [
            b"".as_slice(),
            b"CHBRCH01",
            b"CHBRCH01\0\0\0\0\0\0\0\x01",
            b"CHBRCH02\0\0\0\0\0\0\0\0",
            b"passwords\npassword\n123",
        ] {
            std::fs::write(&path, octets).unwrap();
            assert!(Breached::open(&path).is_err(), "{octets:?}");
        }
        assert!(Breached::open(&folder.path().join("none")).is_err());
    }
}
