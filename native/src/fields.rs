//! The header fields that the index holds, found in one pass over a message.
#![forbid(unsafe_code)]

use memchr::memmem::Finder;

use crate::header::Separator;
use crate::rows::NO_SEQ_NUM;

/// What a field is called here: its place in `Fields`.
#[derive(Clone, Copy)]
pub enum Name {
    MsgType,
    MsgSeqNum,
    SenderCompId,
    TargetCompId,
    SendingTime,
    PossDupFlag,
}

const NAMES: usize = 6;
const OTHER: u8 = u8::MAX;

/// The place of each tag of two digits.
const PLACES: [u8; 100] = {
    let mut places = [OTHER; 100];
    places[34] = Name::MsgSeqNum as u8;
    places[43] = Name::PossDupFlag as u8;
    places[49] = Name::SenderCompId as u8;
    places[52] = Name::SendingTime as u8;
    places[56] = Name::TargetCompId as u8;
    places
};

/// The values of the first `separator tag=` of each; empty where the message has none.
pub struct Fields<'w> {
    message: &'w [u8],
    spans: [(usize, usize); NAMES],
}

impl<'w> Fields<'w> {
    pub fn get(&self, name: Name) -> &'w [u8] {
        let (start, end) = self.spans[name as usize];
        &self.message[start..end]
    }

    /// Let every value end at its line's end.
    pub fn cut_at_line_ends(&mut self) {
        for (start, end) in &mut self.spans {
            if let Some(line_end) = line_end(self.message, *start, *end) {
                *end = line_end;
            }
        }
    }
}

/// The first line's end (LF or CR LF) in `text[from..stop]`.
pub fn line_end(text: &[u8], from: usize, stop: usize) -> Option<usize> {
    let line_feed = from + memchr::memchr(b'\n', &text[from..stop])?;
    let after_return = line_feed > from && text[line_feed - 1] == b'\r';
    Some(line_feed - usize::from(after_return))
}

/// Finds the fields of messages with one separator.
pub struct FieldFinder {
    first: u8,
    second: Option<u8>,
    width: usize,
    poss_dup: Finder<'static>,
}

impl FieldFinder {
    pub fn new(separator: &'static Separator) -> Self {
        let needle = [separator.text, b"43="].concat();
        FieldFinder {
            first: separator.text[0],
            second: separator.text.get(1).copied(),
            width: separator.text.len(),
            poss_dup: Finder::new(&needle).into_owned(),
        }
    }

    /// The fields in `window[from..stop]`; `from` is where the value of MsgType begins.
    pub fn find<'w>(&self, window: &'w [u8], from: usize, stop: usize) -> Fields<'w> {
        let message = &window[..stop];
        let mut spans = [(0, 0); NAMES];
        spans[Name::MsgType as usize].0 = from;
        let mut open = Some(Name::MsgType as usize);
        let mut missing = NAMES - 2; // but for PossDupFlag, which few messages have
        let mut position = from;
        while position < stop {
            let mut marks = marks(message, position, self.first);
            while marks != 0 {
                let at = position + marks.trailing_zeros() as usize / 8;
                marks &= marks - 1;
                if self.width == 2 && !self.separates(message, at) {
                    continue;
                }
                if let Some(place) = open.take() {
                    spans[place].1 = at;
                }
                let value = at + self.width + 3;
                if let Some(&[tens, ones, b'=']) = message.get(at + self.width..value) {
                    let tag = usize::from(tens.wrapping_sub(b'0')) * 10 + usize::from(ones.wrapping_sub(b'0'));
                    let place = usize::from(PLACES.get(tag).copied().unwrap_or(OTHER));
                    if place < NAMES && spans[place].0 == 0 && ones.is_ascii_digit() {
                        spans[place].0 = value;
                        open = Some(place);
                        missing -= usize::from(place != Name::PossDupFlag as usize);
                    }
                }
            }
            position += 8;
            if missing == 0 && open.is_none() {
                break;
            }
        }
        if let Some(place) = open {
            spans[place].1 = stop;
        }
        let poss_dup = &mut spans[Name::PossDupFlag as usize];
        if position < stop && poss_dup.0 == 0 {
            // A separator just before `position` was looked at; where its tag is 43 that was taken.
            if let Some(found) = self.poss_dup.find(&message[position..]) {
                let value = position + found + self.width + 3;
                let behind = &message[value..];
                let end = (0..behind.len()).find(|at| self.separates(behind, *at)).unwrap_or(behind.len());
                *poss_dup = (value, value + end);
            }
        }
        Fields { message, spans }
    }

    fn separates(&self, text: &[u8], at: usize) -> bool {
        text[at] == self.first && (self.width == 1 || text.get(at + 1).copied() == self.second)
    }
}

/// 0x80 in each byte of a word that stands for a byte of `message[position..position + 8]` that is `wanted`.
pub fn marks(message: &[u8], position: usize, wanted: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let rest = &message[position..];
    let word = match rest.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
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
