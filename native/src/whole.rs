//! Whether some bytes are exactly one sound message: the usual case of purefix_core.store.payload.what_is_wrong.
#![forbid(unsafe_code)]

use pyo3::prelude::*;

const TRAILER_SIZE: usize = 7;

#[pyfunction]
pub fn whole_msg_type<'a>(encoded: &'a [u8], seq_num: &Bound<'_, PyAny>) -> Option<&'a str> {
    let (msg_type, number) = head(encoded)?;
    (number == seq_num.extract::<i64>().ok()?).then_some(msg_type)
}

/// MsgType and MsgSeqNum, where nothing is wrong.
fn head(encoded: &[u8]) -> Option<(&str, i64)> {
    let end = encoded.len().checked_sub(TRAILER_SIZE)?;
    let (body, trailer) = encoded.split_at(end);
    let (_, rest) = field(body.strip_prefix(b"8=FIX")?)?;
    let (length, rest) = field(rest.strip_prefix(b"9=")?)?;
    if number(length, 9)? != rest.len() as i64 {
        return None;
    }
    let (msg_type, mut rest) = field(rest.strip_prefix(b"35=")?)?;
    if msg_type.is_empty() || !msg_type.is_ascii() {
        return None;
    }
    let seq_num = loop {
        let (own, behind) = field(rest)?;
        rest = behind;
        if let Some(value) = own.strip_prefix(b"34=") {
            break number(value, 10)?;
        }
        if !is_simple(own) {
            return None;
        }
    };
    let sum = body.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    let expected = [b'1', b'0', b'=', b'0' + sum / 100, b'0' + sum / 10 % 10, b'0' + sum % 10, 1];
    let sound = body.last() == Some(&1) && trailer == expected;
    sound.then_some((std::str::from_utf8(msg_type).ok()?, seq_num))
}

/// What stands before the first SOH, and what stands behind it.
fn field(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == 1)?;
    Some((&text[..end], &text[end + 1..]))
}

fn number(text: &[u8], most_digits: usize) -> Option<i64> {
    if text.is_empty() || text.len() > most_digits || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// A field of the header that is no data field and announces none, as `_HEADER_TAGS` of payload.py lists them.
fn is_simple(field: &[u8]) -> bool {
    let Some(tag_end) = field.iter().position(|byte| *byte == b'=') else { return false };
    matches!(
        &field[..tag_end],
        b"43"
            | b"49"
            | b"50"
            | b"52"
            | b"56"
            | b"57"
            | b"97"
            | b"115"
            | b"116"
            | b"122"
            | b"128"
            | b"129"
            | b"142"
            | b"143"
            | b"144"
            | b"145"
            | b"369"
            | b"1128"
            | b"1129"
            | b"1156"
    )
}
