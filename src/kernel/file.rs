//! Small files that an operator names: never read further than they may be long.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

/// What is in a file of at most `longest` octets; the memory is wiped when it is let go, as it may be a key.
pub fn read(path: &Path, longest: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // As long as it can get: a vector that grows leaves copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(longest + 1));
    let most = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut content)?;
    if content.len() > longest {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("the file is longer than {longest} octets")));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_far_as_it_may_be_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"1234").unwrap();
        assert_eq!(read(&path, 4).unwrap().as_slice(), b"1234");
        assert_eq!(read(&path, 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(read(Path::new("/dev/zero"), 1_000).is_err());
    }
}
