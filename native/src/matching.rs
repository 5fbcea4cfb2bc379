//! What a filter asks of the messages in a block: the values of some fields, or whether a text stands in them.
#![forbid(unsafe_code)]

use std::collections::HashMap;

use memchr::memmem::Finder;

use crate::fields::marks;
use crate::header::{Separator, SEPARATORS};
use crate::intern::{summary, Interner};

const MAX_TAG_DIGITS: usize = 9;
const MALFORMED: u32 = 0;
const TABLE: usize = 4_096;

/// Some bytes of a file and where messages lie in them. A message that the block does not hold whole is cut.
pub struct Block<'b> {
    pub raw: &'b [u8],
    /// Where in the block each message begins.
    pub starts: Vec<usize>,
    pub lengths: Vec<usize>,
    /// The code of each message's separator.
    pub separators: &'b [u8],
    /// 1 for the messages that are to be looked at.
    pub among: &'b [u8],
}

impl<'b> Block<'b> {
    /// The messages to be looked at, each with its number.
    fn messages(&self) -> impl Iterator<Item = (usize, &'b [u8], &'static Separator)> + '_ {
        (0..self.starts.len()).filter(|number| self.among[*number] == 1).map(|number| {
            let start = self.raw.len().min(self.starts[number]);
            let end = self.raw.len().min(start.saturating_add(self.lengths[number]));
            let separator = SEPARATORS.get(usize::from(self.separators[number])).unwrap_or(&SEPARATORS[0]);
            (number, &self.raw[start..end], separator)
        })
    }
}

/// Every occurrence of a field: the number of its message and the code of its value.
#[derive(Default)]
pub struct Occurrences<'b> {
    pub found: Vec<(u32, u32)>,
    pub values: Vec<&'b [u8]>,
}

/// The values of all fields with one of `tags`, in messages that hold one of `needles`.
pub fn field_values<'b>(
    block: &Block<'b>,
    tags: &[u32],
    data_tags: &[(u32, u32)],
    needles: &[Vec<u8>],
) -> Occurrences<'b> {
    let tags = Tags::new(tags, data_tags);
    let needles: Vec<Finder> = needles.iter().map(Finder::new).collect();
    let mut interned: Interner<&[u8]> = Interner::new();
    let mut found = Vec::new();
    for (number, message, separator) in block.messages() {
        if needles.iter().any(|needle| needle.find(message).is_some()) {
            tags.each_value(message, separator, |value| {
                found.push((number as u32, interned.code(value, summary(value), |a, b| a == b)))
            });
        }
    }
    Occurrences { found, values: interned.values }
}

/// Which messages hold one of `texts`, which are in lower case; a `|` in them also stands for the separator.
pub fn find_texts(block: &Block<'_>, texts: &[Vec<u8>]) -> Vec<u8> {
    let finders = SEPARATORS.each_ref().map(|separator| {
        let mut needles: Vec<Vec<u8>> = texts.to_vec();
        needles.extend(texts.iter().map(|text| with_separator(text, separator)));
        needles.dedup();
        needles.iter().map(|needle| Finder::new(needle).into_owned()).collect::<Vec<_>>()
    });
    let mut found = vec![0; block.starts.len()];
    let mut lower = Vec::new();
    for (number, message, separator) in block.messages() {
        lower.clear();
        lower.extend_from_slice(message);
        lower.make_ascii_lowercase();
        let needles = &finders[usize::from(separator.code)];
        found[number] = u8::from(needles.iter().any(|needle| needle.find(&lower).is_some()));
    }
    found
}

fn with_separator(text: &[u8], separator: &Separator) -> Vec<u8> {
    let shown = separator.text.to_ascii_lowercase();
    text.iter().flat_map(|byte| if *byte == b'|' { shown.clone() } else { vec![*byte] }).collect()
}

/// The tags that are wanted, and the data fields: which LENGTH tag announces which.
struct Tags {
    /// By tag: 1 if it is wanted, 2 if it announces a data field.
    table: Vec<u8>,
    wanted: Vec<u32>,
    data_tags: HashMap<u32, u32>,
}

impl Tags {
    fn new(wanted: &[u32], data_tags: &[(u32, u32)]) -> Self {
        let mut table = vec![0; TABLE];
        for tag in wanted {
            if let Some(entry) = table.get_mut(*tag as usize) {
                *entry |= 1;
            }
        }
        for (length_tag, _) in data_tags {
            if let Some(entry) = table.get_mut(*length_tag as usize) {
                *entry |= 2;
            }
        }
        Tags { table, wanted: wanted.to_vec(), data_tags: data_tags.iter().copied().collect() }
    }

    /// Whether a tag is wanted, and the tag of the data field that it announces, if it does.
    fn of(&self, tag: u32) -> (bool, Option<u32>) {
        let announced = || self.data_tags.get(&tag).copied();
        match self.table.get(tag as usize) {
            Some(0) => (false, None),
            Some(entry) => (entry & 1 != 0, if entry & 2 != 0 { announced() } else { None }),
            None => (self.wanted.contains(&tag), announced()),
        }
    }

    /// Calls `take` for each value of a wanted field; fields are told apart as `purefix_core.wire.message.tokenise` does.
    fn each_value<'m>(&self, message: &'m [u8], separator: &Separator, mut take: impl FnMut(&'m [u8])) {
        let end = message.len();
        let mut ends = Ends { message, separator, position: 0, marks: None };
        let (mut position, mut announced) = (0, None);
        while position < end {
            let (tag, start) = tag_at(message, position);
            let data_end = match announced {
                Some((data_tag, length)) if data_tag == tag && tag != MALFORMED => {
                    let stop: usize = start + length;
                    let fits = stop == end || (stop < end && separator.begins(&message[stop..]));
                    fits.then_some(stop)
                }
                _ => None,
            };
            let stop = data_end.unwrap_or_else(|| ends.next_from(start).unwrap_or(end));
            let (wanted, announces) = self.of(tag);
            if wanted {
                take(&message[start..stop]);
            }
            announced = announces.map(|data_tag| (data_tag, length(&message[start..stop]).unwrap_or(end)));
            position = stop + separator.text.len();
        }
    }
}

/// The tag at `position` and where its value begins; MALFORMED, and the position itself, where no `number=` stands.
fn tag_at(message: &[u8], position: usize) -> (u32, usize) {
    let mut tag = 0u32;
    for (count, byte) in message[position..].iter().take(MAX_TAG_DIGITS + 1).enumerate() {
        match byte {
            b'=' if tag != MALFORMED => return (tag, position + count + 1),
            b'0'..=b'9' if count < MAX_TAG_DIGITS => tag = tag * 10 + u32::from(byte - b'0'),
            _ => break,
        }
    }
    (MALFORMED, position)
}

fn length(text: &[u8]) -> Option<usize> {
    if text.is_empty() || text.len() > 9 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

/// The separators of a message, eight bytes at a time.
struct Ends<'m> {
    message: &'m [u8],
    separator: &'m Separator,
    position: usize,
    marks: Option<u64>,
}

impl Ends<'_> {
    /// The first separator at `from` or behind it; `from` rises from call to call.
    fn next_from(&mut self, from: usize) -> Option<usize> {
        let first = self.separator.text[0];
        if from >= self.position + 8 {
            self.position = from;
            self.marks = None;
        }
        while self.position < self.message.len() {
            let mut marks = self.marks.unwrap_or_else(|| marks(self.message, self.position, first));
            while marks != 0 {
                let at = self.position + marks.trailing_zeros() as usize / 8;
                if at >= from && self.separator.begins(&self.message[at..]) {
                    self.marks = Some(marks);
                    return Some(at);
                }
                marks &= marks - 1;
            }
            self.position += 8;
            self.marks = None;
        }
        None
    }
}
