//! What a logger writes before a message: the log's own time, and whether the message came in or went out.
#![forbid(unsafe_code)]

use memchr::{memchr_iter, memrchr};

use crate::rows::{INCOMING, NO_TIME, OUTGOING};
use crate::timestamps::{nanos, Clock};

const MAX_PREFIX: usize = 256;

/// Where the prefix of the message at `message_start` begins: at its line, or at the line above if its own line has
/// neither letter nor digit before the message; never before `lowest` nor more than MAX_PREFIX bytes back.
pub fn prefix_start(window: &[u8], message_start: usize, lowest: usize) -> usize {
    let lowest = lowest.max(message_start.saturating_sub(MAX_PREFIX));
    let behind_line_feed = |end: usize| memrchr(b'\n', &window[lowest..end]).map(|at| lowest + at + 1);
    match behind_line_feed(message_start) {
        None => lowest,
        Some(line) if window[line..message_start].iter().any(|byte| is_word_byte(*byte)) => line,
        Some(line) => behind_line_feed(line - 1).unwrap_or(lowest),
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 128
}

/// As `\s` in a regular expression over bytes, and as Python's `bytes.isspace`.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Whether a word or an arrow that tells a direction may begin with this byte.
const MAY_TELL: [bool; 256] = {
    let mut table = [false; 256];
    let (beginnings, mut at) = (*b"IiRrFf<OoSsTt>-", 0);
    while at < beginnings.len() {
        table[beginnings[at] as usize] = true;
        at += 1;
    }
    table
};

/// INCOMING or OUTGOING, as the last telling word or arrow of a prefix says; 0 where there is none.
pub fn direction(prefix: &[u8]) -> u16 {
    let (mut flag, mut position) = (0, 0);
    while let Some(skip) = prefix[position..].iter().position(|byte| MAY_TELL[usize::from(*byte)]) {
        position += skip;
        let found = match prefix[position] {
            b'I' | b'i' | b'R' | b'r' | b'F' | b'f' => incoming_word(prefix, position).map(|end| (end, INCOMING)),
            b'O' | b'o' | b'S' | b's' | b'T' | b't' => outgoing_word(prefix, position).map(|end| (end, OUTGOING)),
            b'<' => incoming_arrow(prefix, position).then_some((prefix.len(), INCOMING)),
            b'>' | b'-' => outgoing_arrow(prefix, position).then_some((prefix.len(), OUTGOING)),
            _ => None,
        };
        position += 1;
        if let Some((end, found)) = found {
            (position, flag) = (end, found);
        }
    }
    flag
}

fn incoming_word(prefix: &[u8], at: usize) -> Option<usize> {
    const WORDS: [&[u8]; 7] = [b"incoming", b"inbound", b"recv", b"received", b"receiving", b"fromapp", b"fromadmin"];
    WORDS
        .iter()
        .find_map(|word| word_at(prefix, at, word))
        .or_else(|| exact_at(prefix, at, b"IN", b"In:"))
        .or_else(|| exact_at(prefix, at, b"RX", b"Rx:"))
}

fn outgoing_word(prefix: &[u8], at: usize) -> Option<usize> {
    const WORDS: [&[u8]; 3] = [b"outgoing", b"outbound", b"sending"];
    const WHOLE_WORDS: [&[u8]; 2] = [b"send", b"sent"];
    const METHODS: [&[u8]; 2] = [b"toapp", b"toadmin"];
    let whole = || {
        let end = WHOLE_WORDS.iter().find_map(|word| word_at(prefix, at, word))?;
        (begins_word(prefix, at) && ends_word(prefix, end)).then_some(end)
    };
    WORDS
        .iter()
        .find_map(|word| word_at(prefix, at, word))
        .or_else(whole)
        .or_else(|| METHODS.iter().find_map(|word| word_at(prefix, at, word)))
        .or_else(|| exact_at(prefix, at, b"OUT", b"Out:"))
        .or_else(|| exact_at(prefix, at, b"TX", b"Tx:"))
}

/// The end of `word`, in whatever case, at `at`.
fn word_at(prefix: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let end = at + word.len();
    prefix.get(at..end)?.eq_ignore_ascii_case(word).then_some(end)
}

/// The end of a whole word written just so, or of one with a colon behind it.
fn exact_at(prefix: &[u8], at: usize, word: &[u8], with_colon: &[u8]) -> Option<usize> {
    let rest = &prefix[at..];
    let end = at + word.len();
    if !begins_word(prefix, at) {
        None
    } else if rest.starts_with(word) && ends_word(prefix, end) {
        Some(end)
    } else {
        rest.starts_with(with_colon).then_some(at + with_colon.len())
    }
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn begins_word(prefix: &[u8], at: usize) -> bool {
    at == 0 || !in_word(prefix[at - 1])
}

fn ends_word(prefix: &[u8], end: usize) -> bool {
    prefix.get(end).is_none_or(|byte| !in_word(*byte))
}

/// `<`, `<<`, `<-` … with nothing but blanks behind it.
fn incoming_arrow(prefix: &[u8], at: usize) -> bool {
    if !stands_alone(prefix, at) {
        return false;
    }
    let run = prefix[at..].iter().take_while(|byte| matches!(byte, b'<' | b'-')).count();
    prefix[at + run..].iter().all(|byte| is_space(*byte))
}

/// `>`, `>>`, `->` … with nothing but blanks behind it.
fn outgoing_arrow(prefix: &[u8], at: usize) -> bool {
    if !stands_alone(prefix, at) {
        return false;
    }
    let run = prefix[at..].iter().take_while(|byte| matches!(byte, b'>' | b'-')).count();
    prefix[at + run - 1] == b'>' && prefix[at + run..].iter().all(|byte| is_space(*byte))
}

fn stands_alone(prefix: &[u8], at: usize) -> bool {
    at == 0 || is_space(prefix[at - 1]) || matches!(prefix[at - 1], b':' | b']')
}

/// The first time of day in a prefix with the date before it, if there is one: nanoseconds since 1970-01-01, without a
/// date since midnight. NO_TIME where there is none.
pub fn log_time(prefix: &[u8], clock: &mut Clock) -> i64 {
    const LONGEST_DATE: usize = 12; // with what separates it from the time of day
    for colon in memchr_iter(b':', prefix) {
        let Some(at) = colon.checked_sub(2) else {
            continue;
        };
        if !is_clock(&prefix[at..]) {
            continue;
        }
        for start in at.saturating_sub(LONGEST_DATE)..=at {
            if let Some((date, behind)) = date_and_clock(prefix, start) {
                return clock.at(&date, &behind[..8], fraction(&behind[8..]));
            }
        }
    }
    NO_TIME
}

/// The date `YYYYMMDD` that begins at `start`, or 1970-01-01 for a time of day without one, and the text from the time
/// of day on.
fn date_and_clock(prefix: &[u8], start: usize) -> Option<([u8; 8], &[u8])> {
    let text = &prefix[start..];
    let dated = year_first(text).or_else(|| year_last(text));
    if let Some((date, length)) = dated {
        if let Some(clock) = behind_gap(&text[length..]) {
            return Some((date, clock));
        }
    }
    // A date with a year of two digits may also be read where one of four leads nowhere.
    if let Some((date, length)) = short_year_last(text) {
        if let Some(clock) = behind_gap(&text[length..]) {
            return Some((date, clock));
        }
    }
    let follows_digit = start > 0 && prefix[start - 1].is_ascii_digit();
    (!follows_digit && is_clock(text)).then_some((*b"19700101", text))
}

/// One or two of `-`, `T`, `_`, comma and blank, then a time of day, which is returned.
fn behind_gap(text: &[u8]) -> Option<&[u8]> {
    let gap = text.iter().take(2).take_while(|byte| matches!(byte, b'-' | b'T' | b'_' | b',' | b' ')).count();
    (gap > 0 && is_clock(&text[gap..])).then(|| &text[gap..])
}

/// `HH:MM:SS`, in digits of whatever value.
fn is_clock(text: &[u8]) -> bool {
    matches!(text, [a, b, b':', c, d, b':', e, f, ..] if [a, b, c, d, e, f].iter().all(|byte| byte.is_ascii_digit()))
}

/// `2024-01-02`, `2024/01/02`, `2024.01.02` or `20240102`: the date and the length of its text.
fn year_first(text: &[u8]) -> Option<([u8; 8], usize)> {
    let (year, rest) = text.split_first_chunk::<4>()?;
    let dash = rest.first().copied().filter(|byte| matches!(byte, b'-' | b'/' | b'.'));
    let (month, day, length) = match (dash, rest) {
        (Some(dash), [_, m, mm, again, d, dd, ..]) if *again == dash => ([*m, *mm], [*d, *dd], 10),
        (None, [m, mm, d, dd, ..]) => ([*m, *mm], [*d, *dd], 8),
        _ => return None,
    };
    let month_fits = matches!(&month, [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2']);
    let day_fits = matches!(&day, [b'0', b'1'..=b'9'] | [b'1' | b'2', b'0'..=b'9'] | [b'3', b'0' | b'1']);
    (year.iter().all(u8::is_ascii_digit) && month_fits && day_fits).then(|| (joined(*year, month, day), length))
}

/// `01/02/2024`: month and day, unless the first is above 12.
fn year_last(text: &[u8]) -> Option<([u8; 8], usize)> {
    let year = *text.get(6..)?.first_chunk::<4>()?;
    slashed(text, year).map(|date| (date, 10))
}

/// `01/02/24`.
fn short_year_last(text: &[u8]) -> Option<([u8; 8], usize)> {
    let [tens, ones] = *text.get(6..)?.first_chunk::<2>()?;
    slashed(text, [b'2', b'0', tens, ones]).map(|date| (date, 8))
}

fn slashed(text: &[u8], year: [u8; 4]) -> Option<[u8; 8]> {
    let &[a, b, b'/', c, d, b'/', ..] = text else {
        return None;
    };
    if ![a, b, c, d].iter().chain(&year).all(u8::is_ascii_digit) {
        return None;
    }
    let day_comes_first = [a, b] > [b'1', b'2'];
    let (month, day) = if day_comes_first { ([c, d], [a, b]) } else { ([a, b], [c, d]) };
    Some(joined(year, month, day))
}

fn joined(year: [u8; 4], month: [u8; 2], day: [u8; 2]) -> [u8; 8] {
    [year[0], year[1], year[2], year[3], month[0], month[1], day[0], day[1]]
}

/// `.123` or `,123` as nanoseconds; 0 for anything else.
fn fraction(text: &[u8]) -> i64 {
    let [b'.' | b',', digits @ ..] = text else {
        return 0;
    };
    let count = digits.iter().take(12).take_while(|byte| byte.is_ascii_digit()).count();
    nanos(&digits[..count]).unwrap_or(0)
}
