//! The picture of a client on the sign-in page (SE-12). What somebody uploads is never stored or sent on: it is drawn anew,
//! pixel by pixel, small, from a PNG within bounds. Nothing else is read; an SVG is a program.

use std::io::Cursor;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, Transformations};
use tokio::sync::Semaphore;

use super::logo_store;
use super::manage::{ClientError, find, record};
use crate::audit::Kind;
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;

/// Largest file, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// Most pixels in a row or a column of it.
const MAX_SIDE: u32 = 1_024;
/// What the decoder may take while it reads, in bytes.
const MEMORY: usize = 8 * 1024 * 1024;
/// What is stored: at most so many pixels wide and high.
const SHOWN: (usize, usize) = (128, 64);

/// One picture is drawn at a time: whatever a file is made of, it costs one processor and little memory.
static WORKER: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// Why a file cannot be a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Too many bytes, or too many pixels.
    #[error("a logo has at most 256 KiB and 1024 by 1024 pixels")]
    TooLarge,
    /// Another kind of file, or a broken one.
    #[error("this is not a PNG picture that can be read")]
    NotAPicture,
}

/// A picture that was drawn here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo(Vec<u8>);

impl Logo {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Draws an uploaded picture anew, on a blocking thread. Whatever happens there is an answer, not the end of the process.
pub async fn redraw(file: Vec<u8>) -> Result<Logo, LogoError> {
    if file.len() > MAX_BYTES {
        return Err(LogoError::TooLarge);
    }
    let turn = Arc::clone(&WORKER).acquire_owned().await.map_err(|_| LogoError::NotAPicture)?;
    let drawing = tokio::task::spawn_blocking(move || {
        // Kept until it is drawn, also if nobody waits for it any more.
        let _turn = turn;
        draw(&file)
    });
    drawing.await.unwrap_or(Err(LogoError::NotAPicture))
}

/// Gives a client a logo, or takes it away.
pub async fn save(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    logo: Option<&Logo>,
    ctx: &Ctx,
) -> Result<(), ClientError> {
    let client = find(tx, &permit, None).await?;
    match logo {
        Some(logo) => logo_store::save(tx, client.id, logo).await?,
        None => logo_store::remove(tx, client.id).await?,
    }
    record(tx, Kind::ClientChanged, &client, &permit, ctx).await
}

fn draw(file: &[u8]) -> Result<Logo, LogoError> {
    let picture = read(file)?;
    let size = picture.fitting();
    let mut png = Vec::new();
    let (width, height) = (u32::try_from(size.0).ok(), u32::try_from(size.1).ok());
    let mut encoder = Encoder::new(&mut png, width.unwrap_or(0), height.unwrap_or(0));
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let mut writer = encoder.write_header().map_err(|_| LogoError::NotAPicture)?;
    writer.write_image_data(&picture.shrunk(size)).map_err(|_| LogoError::NotAPicture)?;
    writer.finish().map_err(|_| LogoError::NotAPicture)?;
    Ok(Logo(png))
}

/// The pixels of a file; its size is judged before any of them is read.
fn read(file: &[u8]) -> Result<Picture, LogoError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: MEMORY });
    decoder.set_transformations(Transformations::ALPHA | Transformations::STRIP_16);
    // The head alone: whoever draws too large is told that, whatever follows, and nothing is made ready for it.
    let (width, height) = decoder.read_header_info().map_err(|_| LogoError::NotAPicture)?.size();
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(LogoError::TooLarge);
    }
    let mut reader = decoder.read_info().map_err(|_| LogoError::NotAPicture)?;
    let size = reader.output_buffer_size().filter(|size| *size <= MEMORY).ok_or(LogoError::TooLarge)?;
    let mut bytes = vec![0; size];
    let frame = reader.next_frame(&mut bytes).map_err(|_| LogoError::NotAPicture)?;
    let pixels: Vec<[u8; 4]> = match frame.color_type {
        ColorType::Rgba => bytes.as_chunks::<4>().0.to_vec(),
        ColorType::GrayscaleAlpha => {
            bytes.as_chunks::<2>().0.iter().map(|[grey, a]| [*grey, *grey, *grey, *a]).collect()
        }
        ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => return Err(LogoError::NotAPicture),
    };
    let (width, height) = (frame.width as usize, frame.height as usize);
    if pixels.is_empty() || pixels.len() != width * height {
        return Err(LogoError::NotAPicture);
    }
    Ok(Picture { width, height, pixels })
}

struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// The largest size of the same shape that is shown; never larger than it is.
    fn fitting(&self) -> (usize, usize) {
        let (width, height) = (self.width, self.height);
        if width * SHOWN.1 > height * SHOWN.0 {
            let shown = width.min(SHOWN.0);
            (shown, (height * shown / width).max(1))
        } else {
            let shown = height.min(SHOWN.1);
            ((width * shown / height).max(1), shown)
        }
    }

    /// In that size: each pixel is the mean of those it stands for.
    fn shrunk(&self, (width, height): (usize, usize)) -> Vec<u8> {
        let rows = (0..height).map(|row| span(row, height, self.height));
        rows.flat_map(|rows| (0..width).flat_map(move |column| self.mean(&rows, &span(column, width, self.width))))
            .collect()
    }

    fn mean(&self, rows: &Range<usize>, columns: &Range<usize>) -> [u8; 4] {
        let row = |row: usize| self.pixels.iter().skip(row * self.width + columns.start).take(columns.len());
        // A colour counts as much as it can be seen.
        let mut sums = [0_u64; 4];
        for [r, g, b, a] in rows.clone().flat_map(row) {
            let parts = [r, g, b].map(|part| u64::from(*part) * u64::from(*a));
            for (sum, part) in sums.iter_mut().zip(parts.into_iter().chain([u64::from(*a)])) {
                *sum += part;
            }
        }
        let [r, g, b, a] = sums;
        let count = (rows.len() * columns.len()).max(1) as u64;
        [r / a.max(1), g / a.max(1), b / a.max(1), a / count].map(|part| u8::try_from(part).unwrap_or(u8::MAX))
    }
}

/// Which of `total` lines stand behind one of `shown`.
fn span(at: usize, shown: usize, total: usize) -> Range<usize> {
    let from = at * total / shown;
    from..((at + 1) * total / shown).max(from + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, color: ColorType, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, width, height);
        encoder.set_color(color);
        encoder.set_depth(BitDepth::Eight);
        encoder.add_text_chunk("Comment".to_owned(), "<script>alert(1)</script>".to_owned()).unwrap();
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        out
    }

    #[test]
    fn a_picture_is_drawn_anew_small_and_without_anything_else() {
        let wide = png(512, 64, ColorType::Rgb, &vec![200; 512 * 64 * 3]);
        let drawn = draw(&wide).unwrap();
        let again = read(drawn.as_bytes()).unwrap();
        assert_eq!((again.width, again.height, again.pixels[0]), (128, 16, [200, 200, 200, 255]));
        assert!(wide.windows(8).any(|bytes| bytes == b"<script>"));
        assert!(!drawn.as_bytes().windows(8).any(|bytes| bytes == b"<script>") && drawn.as_bytes().len() < 1_000);
        let small = read(draw(&png(3, 2, ColorType::Grayscale, &[7; 6])).unwrap().as_bytes()).unwrap();
        assert_eq!((small.width, small.height, small.pixels[5]), (3, 2, [7, 7, 7, 255]));
        let tall = read(draw(&png(10, 640, ColorType::Rgba, &vec![9; 10 * 640 * 4])).unwrap().as_bytes()).unwrap();
        assert_eq!((tall.width, tall.height, tall.pixels[0]), (1, 64, [9, 9, 9, 9]));
    }

    /// SE-12: programs, other pictures, broken ones, and such as unfold to more than they say are refused; no panic.
    #[tokio::test]
    async fn se_12_scripts_broken_pictures_and_bombs_are_refused() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        for file in [
            &svg[..],
            b"",
            b"GIF89a\x01\x00\x01\x00",
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n",
            b"<html>",
            &[0; 4_096],
        ] {
            assert_eq!(redraw(file.to_vec()).await, Err(LogoError::NotAPicture));
        }
        assert_eq!(redraw(vec![0; MAX_BYTES + 1]).await, Err(LogoError::TooLarge));
        // Few bytes, many pixels.
        let bomb = png(8_000, 8_000, ColorType::Grayscale, &vec![0; 64_000_000]);
        assert!(bomb.len() < MAX_BYTES, "{}", bomb.len());
        assert_eq!(redraw(bomb).await, Err(LogoError::TooLarge));
        // Nothing but a head, with a right checksum: sizes that would take from a gigabyte to more than there is.
        for side in [30_000, 1_000_000, i32::MAX.unsigned_abs()] {
            let mut head = Vec::new();
            drop(Encoder::new(&mut head, side, side).write_header().unwrap());
            assert!(head.len() < 100, "{}", head.len());
            assert_eq!(redraw(head).await, Err(LogoError::TooLarge), "{side}");
        }
        let good = png(40, 40, ColorType::Rgba, &[128; 6_400]);
        assert!(redraw(good.clone()).await.is_ok());
        // Wherever the pixels are cut short: the last twelve octets only say that this was all, the four before are a checksum.
        for end in 0..good.len() - 16 {
            assert!(draw(&good[..end]).is_err(), "cut at {end} of {}", good.len());
        }
        for at in 0..good.len() {
            let mut broken = good.clone();
            broken[at] ^= 0xff;
            // Refused or drawn anew, never a panic.
            let _ = draw(&broken);
        }
    }
}
