//! Where a message starts and ends, and what separates its fields.
#![forbid(unsafe_code)]

use memchr::memmem::{self, Finder};

pub struct Separator {
    pub text: &'static [u8],
    pub code: u16,
}

impl Separator {
    /// What follows the separator with which `text` begins.
    fn strip<'w>(&self, text: &'w [u8]) -> Option<&'w [u8]> {
        match (self.text, text) {
            ([only], [first, rest @ ..]) => (first == only).then_some(rest),
            ([a, b], [first, second, rest @ ..]) => (first == a && second == b).then_some(rest),
            _ => None,
        }
    }

    pub fn begins(&self, text: &[u8]) -> bool {
        self.strip(text).is_some()
    }
}

/// Every separator, at the position of its code. `^A` comes before `^` and wins over it.
pub const SEPARATORS: [Separator; 6] = [
    Separator { text: b"\x01", code: 0 },
    Separator { text: b"|", code: 1 },
    Separator { text: b"^A", code: 2 },
    Separator { text: b";", code: 3 },
    Separator { text: b"#", code: 4 },
    Separator { text: b"^", code: 5 },
];

const MAX_BEGIN_STRING: usize = 12; // behind "FIX"
const MAX_BODY_LENGTH: usize = 20;

/// `8=`, BeginString, separator, `9=`, BodyLength, the separator again, `35=`.
pub struct Header {
    pub separator: &'static Separator,
    pub begin_string_end: usize,
    /// Behind the separator that ends BodyLength.
    pub body: usize,
    /// BodyLength; None where it is no number.
    pub announced: Option<u64>,
}

impl Header {
    /// Behind `35=`.
    pub fn msg_type(&self) -> usize {
        self.body + 3
    }
}

/// `at` is the position of an `8=FIX`.
pub fn match_header(window: &[u8], at: usize) -> Option<Header> {
    let begin_string_end = begin_string_end(window, at);
    let separator = separator_at(window, begin_string_end)?;
    let length = begin_string_end + separator.text.len() + 2;
    if !window.get(..length)?.ends_with(b"9=") {
        return None;
    }
    header_from_length(window, begin_string_end, separator)
}

/// Matches headers, of which most begin as the last one did.
#[derive(Default)]
pub struct HeaderMatcher {
    /// The text before BodyLength, as a number, and a mask of as many bytes; 0 where it is longer than they.
    text: u128,
    mask: u128,
    begin_string_length: usize,
    separator: Option<&'static Separator>,
}

impl HeaderMatcher {
    /// As `match_header`.
    pub fn match_header(&mut self, window: &[u8], at: usize) -> Option<Header> {
        let text = window[at..].first_chunk::<16>().map_or(0, |text| u128::from_le_bytes(*text));
        match self.separator {
            Some(separator) if self.mask != 0 && text & self.mask == self.text => {
                header_from_length(window, at + self.begin_string_length, separator)
            }
            _ => {
                let header = match_header(window, at)?;
                let length = header.begin_string_end - at + header.separator.text.len() + 2;
                self.mask = if text != 0 && length < 16 { (1 << (8 * length)) - 1 } else { 0 };
                self.text = text & self.mask;
                self.begin_string_length = header.begin_string_end - at;
                self.separator = Some(header.separator);
                Some(header)
            }
        }
    }
}

/// The header of a message whose text before BodyLength is known.
fn header_from_length(window: &[u8], begin_string_end: usize, separator: &'static Separator) -> Option<Header> {
    let length = begin_string_end + separator.text.len() + 2;
    let digits = window[length..].iter().take(MAX_BODY_LENGTH).take_while(|byte| !ends_length(**byte)).count();
    let text = &window[length..length + digits];
    let rest = separator.strip(&window[length + digits..])?;
    if !rest.starts_with(b"35=") {
        return None;
    }
    let body = length + digits + separator.text.len();
    Some(Header { separator, begin_string_end, body, announced: number(text) })
}

fn begin_string_end(window: &[u8], at: usize) -> usize {
    let behind = &window[at + 5..];
    let more = behind.iter().take(MAX_BEGIN_STRING).take_while(|byte| in_begin_string(**byte)).count();
    at + 5 + more
}

fn in_begin_string(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_'
}

fn ends_length(byte: u8) -> bool {
    matches!(byte, 1 | b'|' | b';' | b'#' | b'^' | b'=' | b'\r' | b'\n')
}

fn separator_at(window: &[u8], at: usize) -> Option<&'static Separator> {
    let rest = &window[at..];
    SEPARATORS.iter().find(|separator| separator.begins(rest))
}

/// A decimal number of up to 20 digits; those above u64 count as its largest value.
fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

/// A separator, `10=` and three to nine digits, which no further digit follows.
pub struct Trailer {
    /// The position of the separator.
    pub start: usize,
    /// Behind the digits.
    pub end: usize,
}

impl Trailer {
    /// None where it has not three digits.
    pub fn check_sum(&self, window: &[u8], separator: &Separator) -> Option<u16> {
        match window[self.start + separator.text.len() + 3..self.end] {
            [a, b, c] => Some(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0')),
            _ => None,
        }
    }
}

pub fn match_trailer(window: &[u8], at: usize, separator: &Separator) -> Option<Trailer> {
    let digits = separator.strip(window.get(at..)?)?.strip_prefix(b"10=")?;
    let count = digits.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    (3..=9).contains(&count).then(|| Trailer { start: at, end: at + separator.text.len() + 3 + count })
}

pub enum End {
    Trailer(Trailer),
    NextStart(usize),
}

/// Finds the ends of messages with one separator.
pub struct EndFinder {
    separator: &'static Separator,
    start: Finder<'static>,
    trailer: Finder<'static>,
}

impl EndFinder {
    pub fn new(separator: &'static Separator) -> Self {
        let trailer = [separator.text, b"10="].concat();
        EndFinder { separator, start: Finder::new(b"8=FIX"), trailer: Finder::new(&trailer).into_owned() }
    }

    /// The first trailer or the start of another message at `from` or behind it.
    ///
    /// Both are looked for in steps, so that neither search runs on where the other would have ended it.
    pub fn find(&self, window: &[u8], from: usize) -> Option<End> {
        let (mut position, mut step) = (from, 512);
        while position < window.len() {
            let limit = window.len().min(position.saturating_add(step));
            let trailer = self.find_trailer(window, position, limit);
            let bound = trailer.as_ref().map_or(limit, |trailer| trailer.start);
            if let Some(start) = self.find_start(window, position, bound) {
                return Some(End::NextStart(start));
            }
            if let Some(trailer) = trailer {
                return Some(End::Trailer(trailer));
            }
            position = limit;
            step *= 2;
        }
        None
    }

    /// The first trailer that begins at `from` or behind it and before `limit`.
    fn find_trailer(&self, window: &[u8], from: usize, limit: usize) -> Option<Trailer> {
        let end = window.len().min(limit + self.trailer.needle().len() - 1);
        let places = self.trailer.find_iter(&window[from..end]);
        places.map(|at| from + at).find_map(|at| match_trailer(window, at, self.separator))
    }

    /// The first message start at `from` or behind it and before `limit`.
    fn find_start(&self, window: &[u8], from: usize, limit: usize) -> Option<usize> {
        let end = window.len().min(limit + 4);
        let places = self.start.find_iter(&window[from..end]);
        places.map(|at| from + at).find(|at| match_header(window, *at).is_some())
    }
}

/// `8=FIX.` or `8=FIXT.` with a digit behind it.
pub fn looks_like_fix(window: &[u8], at: usize) -> bool {
    let rest = &window[at + 5..];
    let rest = rest.strip_prefix(b"T").unwrap_or(rest);
    matches!(rest, [b'.', digit, ..] if digit.is_ascii_digit())
}

/// Why the text at `at`, which looks like FIX, is no message, in words for a person.
pub fn why_no_message(window: &[u8], at: usize) -> &'static str {
    const CUT_OFF: &str = "cut off in the header";
    let position = begin_string_end(window, at);
    let Some(separator) = separator_at(window, position) else {
        return if position == window.len() { CUT_OFF } else { "no known separator behind BeginString" };
    };
    let rest = &window[position + separator.text.len()..];
    if !rest.starts_with(b"9=") {
        return if rest.len() < 2 { CUT_OFF } else { "BodyLength (9) does not follow BeginString" };
    }
    let end = memmem::find(&rest[..rest.len().min(MAX_BODY_LENGTH + 3)], separator.text);
    if end.is_none_or(|end| rest.len() - end < 3 + separator.text.len()) {
        return if rest.len() < MAX_BODY_LENGTH + 6 { CUT_OFF } else { "BodyLength (9) is too long" };
    }
    "MsgType (35) does not follow BodyLength"
}
