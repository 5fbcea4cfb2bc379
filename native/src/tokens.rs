//! A message split into fields.
#![forbid(unsafe_code)]

use crate::fields::marks;
use crate::shape::Table;

const MAX_TAG_DIGITS: usize = 9;

/// A field: its tag, or 0 for a piece that is no field, and the span of its value (of the whole piece).
pub struct Token {
    pub tag: u32,
    pub start: u32,
    pub end: u32,
    /// How many groups the field stands in.
    pub depth: u8,
    /// Whether an entry of a group begins here.
    pub begins: bool,
}

/// What stands between fields: one byte or two.
#[derive(Clone, Copy)]
pub struct Separator {
    first: u8,
    second: Option<u8>,
}

impl Separator {
    pub fn new(text: &[u8]) -> Option<Self> {
        match text {
            [first] => Some(Separator { first: *first, second: None }),
            [first, second] => Some(Separator { first: *first, second: Some(*second) }),
            _ => None,
        }
    }

    pub fn width(self) -> usize {
        1 + usize::from(self.second.is_some())
    }

    fn stands_at(self, raw: &[u8], at: usize) -> bool {
        raw.get(at) == Some(&self.first) && (self.second.is_none() || raw.get(at + 1).copied() == self.second)
    }
}

/// All fields of `raw`, which is shorter than 2**32 bytes. `announced` has the DATA tag of each LENGTH tag: such a
/// data field takes the number of bytes that the field before it says, where a separator or the end follows there.
pub fn tokenise(raw: &[u8], separator: Separator, announced: &Table) -> Vec<Token> {
    const TYPICAL_FIELD: usize = 8;
    const MOST_AT_ONCE: usize = 4096; // a message may be large for its data
    let mut tokens: Vec<Token> = Vec::with_capacity((raw.len() / TYPICAL_FIELD + 4).min(MOST_AT_ONCE));
    let mut separators = Separators { raw, separator, position: 0, marks: marks(raw, 0, separator.first) };
    let (mut position, mut data_tag, mut data_length) = (0, Table::NONE, 0);
    while position < raw.len() {
        let (tag, start) = tag_at(raw, position);
        let mut end = None;
        if tag == data_tag {
            end = Some(start + data_length).filter(|&end| end == raw.len() || separator.stands_at(raw, end));
        }
        let end = end.unwrap_or_else(|| separators.next(start));
        tokens.push(Token { tag, start: start as u32, end: end as u32, depth: 0, begins: false });
        data_tag = announced.get(tag);
        if data_tag != Table::NONE {
            data_length = number(&raw[start..end]).map_or(raw.len(), |length| length as usize);
        }
        position = end + separator.width();
    }
    tokens
}

/// The tag of the field at `position` and where its value begins; 0 and `position` where no field begins there.
#[inline(always)]
fn tag_at(raw: &[u8], position: usize) -> (u32, usize) {
    let mut tag = 0;
    for (at, byte) in raw[position..].iter().take(MAX_TAG_DIGITS + 1).enumerate() {
        match byte {
            b'0'..=b'9' if at < MAX_TAG_DIGITS => tag = tag * 10 + u32::from(byte - b'0'),
            b'=' if tag > 0 => return (tag, position + at + 1),
            _ => break,
        }
    }
    (0, position)
}

/// A number of at most 9 digits.
pub fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Finds separators from left to right, eight bytes at a time.
struct Separators<'r> {
    raw: &'r [u8],
    separator: Separator,
    /// Where the eight bytes begin whose `marks` are left.
    position: usize,
    marks: u64,
}

impl Separators<'_> {
    /// Where the first separator from `from` on begins, or the end. `from` never falls.
    #[inline(always)]
    fn next(&mut self, from: usize) -> usize {
        if from - self.position < 8 {
            self.marks &= u64::MAX << (8 * (from - self.position));
        } else {
            self.position = from;
            self.marks = marks(self.raw, from, self.separator.first);
        }
        loop {
            while self.marks != 0 {
                let at = self.position + self.marks.trailing_zeros() as usize / 8;
                if self.separator.second.is_none() || self.separator.stands_at(self.raw, at) {
                    return at;
                }
                self.marks &= self.marks - 1;
            }
            self.position += 8;
            if self.position >= self.raw.len() {
                return self.raw.len();
            }
            self.marks = marks(self.raw, self.position, self.separator.first);
        }
    }
}
