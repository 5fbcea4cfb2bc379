//! BodyLength(9) and CheckSum(10), counted as the wire had them whatever separator a log shows.
#![forbid(unsafe_code)]

use crate::header::Separator;

/// What one pass over the bytes of a message tells.
pub struct Totals {
    /// The sum of all bytes modulo 256, every separator counted as one SOH.
    pub check_sum: u8,
    /// The number of bytes, every separator counted as one.
    pub length: usize,
    pub has_line_feed: bool,
}

/// Compiles to vector code.
pub fn totals(text: &[u8], separator: &Separator) -> Totals {
    let (mut sum, mut has_line_feed) = (0u8, false);
    if let [shown] = separator.text {
        for byte in text {
            sum = sum.wrapping_add(if byte == shown { 1 } else { *byte });
            has_line_feed |= *byte == b'\n';
        }
        return Totals { check_sum: sum, length: text.len(), has_line_feed };
    }
    for byte in text {
        sum = sum.wrapping_add(*byte);
        has_line_feed |= *byte == b'\n';
    }
    let count = occurrences(text, separator.text);
    let shown = separator.text.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    let correction = (count as u8).wrapping_mul(1u8.wrapping_sub(shown));
    Totals { check_sum: sum.wrapping_add(correction), length: text.len() - count, has_line_feed }
}

/// A whole message around `body`, for a separator of one byte.
pub fn sealed(begin: &[u8], body: &[u8], separator: u8, digits: usize) -> Vec<u8> {
    let mut message = Vec::with_capacity(begin.len() + body.len() + 32);
    message.extend_from_slice(b"8=");
    message.extend_from_slice(begin);
    message.push(separator);
    message.extend_from_slice(format!("9={:0digits$}", body.len()).as_bytes());
    message.push(separator);
    message.extend_from_slice(body);
    let sum = message.iter().fold(0u8, |sum, byte| sum.wrapping_add(if *byte == separator { 1 } else { *byte }));
    message.extend_from_slice(format!("10={sum:03}").as_bytes());
    message.push(separator);
    message
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
