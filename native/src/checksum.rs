//! BodyLength(9) and CheckSum(10), counted as the wire had them whatever separator a log shows.
#![forbid(unsafe_code)]

use crate::header::Separator;

/// The sum of all bytes modulo 256, every separator counted as one SOH; and whether there is a line feed among them.
/// Compiles to vector code.
pub fn check_sum(text: &[u8], separator: &Separator) -> (u8, bool) {
    let (mut sum, mut line_feed) = (0u8, false);
    if separator.text.len() == 1 {
        let shown = separator.text[0];
        for &byte in text {
            sum = sum.wrapping_add(if byte == shown { 1 } else { byte });
            line_feed |= byte == b'\n';
        }
        return (sum, line_feed);
    }
    for &byte in text {
        sum = sum.wrapping_add(byte);
        line_feed |= byte == b'\n';
    }
    let shown = separator.text.iter().fold(0u8, |sum, &byte| sum.wrapping_add(byte));
    let shown_as = (occurrences(text, separator.text) as u8).wrapping_mul(1u8.wrapping_sub(shown));
    (sum.wrapping_add(shown_as), line_feed)
}

/// The length of `text`, a separator of two characters counted as one byte.
pub fn body_length(text: &[u8], separator: &Separator) -> usize {
    match separator.text.len() {
        1 => text.len(),
        _ => text.len() - occurrences(text, separator.text),
    }
}

/// How often the two bytes of `pair`, which differ, stand in `text`. Compiles to vector code.
fn occurrences(text: &[u8], pair: &[u8]) -> usize {
    let (first, second) = (pair[0], pair[1]);
    let mut count = 0;
    // An u8 counts 255 at most; so many lanes are filled at once.
    for block in 0..text.len().div_ceil(255) {
        let stretch = &text[block * 255..text.len().min(block * 255 + 256)];
        let behind = stretch.get(1..).unwrap_or(&[]);
        let found = stretch.iter().zip(behind).fold(0u8, |n, (&a, &b)| n + u8::from(a == first && b == second));
        count += usize::from(found);
    }
    count
}
