//! A picture to upload.

/// A PNG of one colour.
pub fn picture(side: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, side, side);
    encoder.set_color(png::ColorType::Rgb);
    let pixels = vec![90; (side * side * 3) as usize];
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}
