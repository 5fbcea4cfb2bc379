//! The header fields that the index holds, found in one pass over a message.
#![forbid(unsafe_code)]

use memchr::memmem::Finder;

use crate::header::Separator;
use crate::rows::NO_SEQ_NUM;

/// Where the values of the first `separator tag=` of each begin; None where the message has none.
#[derive(Default)]
pub struct Fields {
    pub msg_seq_num: Option<usize>,
    pub poss_dup: Option<usize>,
    pub sender_comp_id: Option<usize>,
    pub sending_time: Option<usize>,
    pub target_comp_id: Option<usize>,
}

impl Fields {
    fn take(&mut self, tag: [u8; 3], value: usize) {
        let field = match &tag {
            b"34=" => &mut self.msg_seq_num,
            b"43=" => &mut self.poss_dup,
            b"49=" => &mut self.sender_comp_id,
            b"52=" => &mut self.sending_time,
            b"56=" => &mut self.target_comp_id,
            _ => return,
        };
        field.get_or_insert(value);
    }

    /// All but PossDupFlag, which few messages have.
    fn usual_ones_found(&self) -> bool {
        self.msg_seq_num.is_some()
            && self.sending_time.is_some()
            && self.sender_comp_id.is_some()
            && self.target_comp_id.is_some()
    }
}

/// Finds the fields of messages with one separator.
pub struct FieldFinder {
    first: u8,
    width: usize,
    text: &'static [u8],
    poss_dup: Finder<'static>,
}

impl FieldFinder {
    pub fn new(separator: &'static Separator) -> Self {
        let needle = [separator.text, b"43="].concat();
        FieldFinder {
            first: separator.text[0],
            width: separator.text.len(),
            text: separator.text,
            poss_dup: Finder::new(&needle).into_owned(),
        }
    }

    /// The fields in `window[from..stop]`. Eight bytes at a time are compared with the separator.
    pub fn find(&self, window: &[u8], from: usize, stop: usize) -> Fields {
        let mut fields = Fields::default();
        let message = &window[..stop];
        let mut position = from;
        while position < stop {
            let mut marks = marks(message, position, self.first);
            while marks != 0 {
                let name = position + marks.trailing_zeros() as usize / 8 + self.width;
                marks &= marks - 1;
                if let Some(tag) = message.get(name..).and_then(|rest| rest.first_chunk::<3>()) {
                    if self.width == 1 || message[..name].ends_with(self.text) {
                        fields.take(*tag, name + 3);
                    }
                }
            }
            position += 8;
            if fields.usual_ones_found() {
                if fields.poss_dup.is_none() {
                    let from = position - self.width.min(position - from);
                    let found = self.poss_dup.find(&message[from.min(stop)..]);
                    fields.poss_dup = found.map(|at| from + at + self.width + 3);
                }
                break;
            }
        }
        fields
    }

    /// The value that begins at `start`: up to the separator or the line's end.
    pub fn value<'w>(&self, window: &'w [u8], start: usize, stop: usize) -> &'w [u8] {
        let mut end = start;
        while end < stop {
            let byte = window[end];
            if byte == b'\n' {
                if end > start && window[end - 1] == b'\r' {
                    end -= 1;
                }
                break;
            }
            if byte == self.first && (self.width == 1 || window[end..stop].starts_with(self.text)) {
                break;
            }
            end += 1;
        }
        &window[start..end]
    }
}

/// 0x80 in each byte of a word that stands for a byte of `message[position..position + 8]` that is `wanted`.
fn marks(message: &[u8], position: usize, wanted: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let word = match message[position..].first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
            let rest = &message[position..];
            let mut bytes = [!wanted; 8];
            bytes[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(bytes)
        }
    };
    let differing = word ^ (u64::from(wanted) * 0x0101_0101_0101_0101);
    !(((differing & LOW) + LOW) | differing | LOW)
}

/// MsgSeqNum, or NO_SEQ_NUM for what is no number or does not fit.
pub fn msg_seq_num(text: &[u8]) -> i32 {
    if text.is_empty() || text.len() > 18 {
        return NO_SEQ_NUM;
    }
    let mut number = 0u64;
    for byte in text {
        if !byte.is_ascii_digit() {
            return NO_SEQ_NUM;
        }
        number = number * 10 + u64::from(byte - b'0');
    }
    i32::try_from(number).unwrap_or(NO_SEQ_NUM)
}
