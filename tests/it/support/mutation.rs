//! Octets that are nearly right: what somebody sends who tries things out.

use chamberlain::kernel::random::Entropy;

/// Pieces that mean something to one parser or another.
const PIECES: [&[u8]; 28] = [
    b"%00",
    b"\0",
    b"&",
    b"=",
    b"%26",
    b"..",
    b".",
    b"\"",
    b"{",
    b"[",
    b"]",
    b"}",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"\\u0000",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\r\n",
    b"%0d%0a",
    b"<script>",
    b"//evil.example",
    b"@",
    b"https://evil.example/",
    b"eyJhbGciOiJub25lIn0",
    b" ",
];

/// Longest piece that is said again.
const REPEATED: u32 = 64;

/// Makes them, always the same ones from the same seed.
pub struct Mutation(Entropy);

impl Mutation {
    pub fn seeded(seed: u64) -> Self {
        Self(Entropy::seeded(seed))
    }

    /// Something near to `octets`: one to four changes.
    pub fn of(&self, octets: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
        let mut changed = octets.to_vec();
        for _ in 0..=self.0.below(4) {
            self.change(&mut changed, others);
        }
        changed
    }

    fn change(&self, octets: &mut Vec<u8>, others: &[Vec<u8>]) {
        let at = self.place(octets.len() + 1);
        let to = (at + self.place(REPEATED as usize)).min(octets.len());
        match self.0.below(8) {
            0 if at < octets.len() => octets[at] ^= 1 << self.0.below(8),
            1 if at < octets.len() => octets[at] = self.0.bytes::<1>()[0],
            2 => drop(octets.drain(at..to)),
            3 => octets.truncate(at),
            4 => {
                let again = octets[at..to].repeat(1 + self.place(8));
                octets.splice(at..at, again);
            }
            5 if !others.is_empty() => {
                let other = &others[self.place(others.len())];
                octets.splice(at.., other[self.place(other.len() + 1)..].iter().copied());
            }
            _ => {
                let piece = PIECES[self.place(PIECES.len())];
                octets.splice(at..at, piece.iter().copied());
            }
        }
    }

    fn place(&self, below: usize) -> usize {
        self.0.below(u32::try_from(below).unwrap()) as usize
    }
}

/// How many are tried: a few, or as many as `CHAMBERLAIN_MUTATIONS` says (`make prove`).
pub fn rounds(few: usize) -> usize {
    std::env::var("CHAMBERLAIN_MUTATIONS").map_or(few, |many| many.parse().unwrap())
}
