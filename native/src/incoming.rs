//! A received message: checked to be one, and its fields found, in one pass.
#![forbid(unsafe_code)]

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::shape::Table;

const SOH: u8 = 1;
const MAX_TAG_DIGITS: usize = 9;
const MAX_NUMBER_DIGITS: usize = 9;
const MAX_SEQ_NUM_DIGITS: usize = 10;
const SHOWN: usize = 20;
const BEGIN_STRING: i32 = 8;
const BODY_LENGTH: i32 = 9;
const CHECK_SUM: i32 = 10;
const MSG_SEQ_NUM: i32 = 34;
const MSG_TYPE: i32 = 35;

/// A field: its tag, which may be negative, and the span of its value.
#[derive(Clone, Copy)]
pub struct Piece {
    pub tag: i32,
    pub start: usize,
    pub end: usize,
}

#[pyclass(frozen, module = "purefix_core._native")]
pub struct IncomingReader {
    announced: Table,
}

#[pyclass(frozen, module = "purefix_core._native")]
pub struct Incoming {
    raw: Py<PyBytes>,
    pieces: Vec<Piece>,
    #[pyo3(get)]
    msg_type: Py<PyString>,
    #[pyo3(get)]
    seq_num: u64,
}

#[pymethods]
impl IncomingReader {
    #[new]
    fn new(data_tags: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(IncomingReader { announced: Table::of(data_tags)? })
    }

    fn parse(&self, py: Python<'_>, raw: &Bound<'_, PyBytes>) -> PyResult<Incoming> {
        let bytes = raw.as_bytes();
        let garbled = |text: String| PyValueError::new_err(text);
        let pieces = split(bytes, &self.announced).map_err(garbled)?;
        check_envelope(bytes, &pieces).map_err(garbled)?;
        let msg_type = PyString::new(py, &text_of(value(bytes, pieces[2]))).unbind();
        let number = pieces.iter().find(|piece| piece.tag == MSG_SEQ_NUM).map(|piece| value(bytes, *piece));
        let seq_num = number.and_then(|digits| number_of(digits, MAX_SEQ_NUM_DIGITS)).unwrap_or(0);
        Ok(Incoming { raw: raw.clone().unbind(), pieces, msg_type, seq_num })
    }
}

#[pymethods]
impl Incoming {
    #[getter]
    fn raw(&self, py: Python<'_>) -> Py<PyBytes> {
        self.raw.clone_ref(py)
    }

    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let raw = self.raw.as_bytes(py);
        PyList::new(py, self.pieces.iter().map(|piece| (piece.tag, PyBytes::new(py, value(raw, *piece)))))
    }

    fn get<'py>(&self, py: Python<'py>, tag: i32) -> Option<Bound<'py, PyBytes>> {
        self.first(py, tag).map(|value| PyBytes::new(py, value))
    }

    fn text(&self, py: Python<'_>, tag: i32) -> String {
        self.first(py, tag).map_or_else(String::new, text_of)
    }

    fn is_set(&self, py: Python<'_>, tag: i32) -> bool {
        self.first(py, tag) == Some(b"Y")
    }
}

impl Incoming {
    fn first<'a>(&'a self, py: Python<'a>, tag: i32) -> Option<&'a [u8]> {
        let piece = self.pieces.iter().find(|piece| piece.tag == tag)?;
        Some(value(self.raw.as_bytes(py), *piece))
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    pub fn bytes<'a>(&'a self, py: Python<'a>) -> &'a [u8] {
        self.raw.as_bytes(py)
    }
}

pub fn value(raw: &[u8], piece: Piece) -> &[u8] {
    &raw[piece.start..piece.end]
}

/// UTF-8 where it is valid, else Latin-1.
fn text_of(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn number_of(digits: &[u8], most: usize) -> Option<u64> {
    if digits.is_empty() || digits.len() > most {
        return None;
    }
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))
}

/// The beginning of something garbled, for a text.
fn shown(bytes: &[u8]) -> String {
    bytes.iter().take(SHOWN).map(|byte| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '?' }).collect()
}

/// All fields of a message that ends with SOH, or what is no field. `announced` has the DATA tag of each LENGTH tag.
pub fn split(raw: &[u8], announced: &Table) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::with_capacity((raw.len() / 8 + 4).min(4096));
    let (mut at, mut data_tag, mut data_length) = (0, Table::NONE, 0);
    while at < raw.len() {
        let (tag, start) = tag_at(raw, at)?;
        let mut end = None;
        if data_tag != Table::NONE && i64::from(tag) == i64::from(data_tag) {
            end = start.checked_add(data_length).filter(|&end| raw.get(end) == Some(&SOH));
        }
        let end = match end {
            Some(end) => end,
            None => memchr::memchr(SOH, &raw[start..]).map_or(raw.len(), |found| start + found),
        };
        pieces.push(Piece { tag, start, end });
        data_tag = u32::try_from(tag).map_or(Table::NONE, |tag| announced.get(tag));
        if data_tag != Table::NONE {
            let length = number_of(&raw[start..end], MAX_NUMBER_DIGITS);
            data_length = length.map_or(raw.len(), |length| length as usize);
        }
        at = end + 1;
    }
    Ok(pieces)
}

#[inline(always)]
fn tag_at(raw: &[u8], at: usize) -> Result<(i32, usize), String> {
    let is_negative = raw[at] == b'-';
    let digits = at + usize::from(is_negative);
    let mut tag: i32 = 0;
    for (place, byte) in raw[digits..].iter().take(MAX_TAG_DIGITS + 1).enumerate() {
        match byte {
            b'0'..=b'9' if place < MAX_TAG_DIGITS => tag = tag * 10 + i32::from(byte - b'0'),
            b'=' if place > 0 => return Ok((if is_negative { -tag } else { tag }, digits + place + 1)),
            _ => break,
        }
    }
    let end = memchr::memchr(SOH, &raw[at..]).map_or(raw.len(), |found| at + found);
    Err(format!("'{}' is no field", shown(&raw[at..end])))
}

fn check_envelope(raw: &[u8], pieces: &[Piece]) -> Result<(), String> {
    let tags: Vec<i32> = pieces.iter().take(3).map(|piece| piece.tag).collect();
    if pieces.len() < 4 || tags != [BEGIN_STRING, BODY_LENGTH, MSG_TYPE] {
        return Err("it does not begin with tags 8, 9 and 35".to_owned());
    }
    let last = pieces[pieces.len() - 1];
    if last.tag != CHECK_SUM {
        return Err("it does not end with CheckSum(10)".to_owned());
    }
    let (body_start, body_end) = (pieces[1].end + 1, last.start - 3);
    let said = value(raw, pieces[1]);
    let length = (body_end - body_start) as u64;
    if number_of(said, MAX_NUMBER_DIGITS) != Some(length) {
        return Err(format!("BodyLength(9) says {}, it has {length} bytes", shown(said)));
    }
    let sum = raw[..body_end].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    let counted = format!("{sum:03}");
    if value(raw, last) != counted.as_bytes() {
        return Err(format!("CheckSum(10) says {}, counted {counted}", shown(value(raw, last))));
    }
    Ok(())
}

/// How a value is looked at before anything closer: what passes is good, what does not is for Python to judge.
enum Quick {
    /// Not empty.
    Free,
    Integer,
    Decimal,
    Date,
    Timestamp,
    Char,
    Boolean,
    OneOf(Vec<Box<[u8]>>),
    Never,
}

impl Quick {
    fn new(kind: &str, values: Vec<Vec<u8>>) -> PyResult<Self> {
        Ok(match kind {
            "free" => Quick::Free,
            "integer" => Quick::Integer,
            "decimal" => Quick::Decimal,
            "date" => Quick::Date,
            "timestamp" => Quick::Timestamp,
            "char" => Quick::Char,
            "boolean" => Quick::Boolean,
            "enum" => {
                let mut values: Vec<Box<[u8]>> = values.into_iter().map(Into::into).collect();
                values.sort_unstable();
                Quick::OneOf(values)
            }
            "never" => Quick::Never,
            _ => return Err(PyValueError::new_err(format!("{kind} is no quick check"))),
        })
    }

    fn passes(&self, value: &[u8]) -> bool {
        match self {
            Quick::Free => !value.is_empty(),
            Quick::Integer => !value.is_empty() && value.iter().all(u8::is_ascii_digit),
            Quick::Decimal => is_decimal(value),
            Quick::Date => is_date(value),
            Quick::Timestamp => is_timestamp(value),
            Quick::Char => value.len() == 1,
            Quick::Boolean => matches!(value, b"Y" | b"N"),
            Quick::OneOf(values) => values.binary_search_by(|each| each.as_ref().cmp(value)).is_ok(),
            Quick::Never => false,
        }
    }
}

fn is_decimal(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &digits[whole..];
    whole > 0 && (rest.is_empty() || (rest[0] == b'.' && rest[1..].iter().all(u8::is_ascii_digit)))
}

/// Two digits from `least` to `most`.
fn is_pair(text: &[u8], least: u8, most: u8) -> bool {
    let [tens, ones] = text else { return false };
    tens.is_ascii_digit() && ones.is_ascii_digit() && (least..=most).contains(&((tens - b'0') * 10 + ones - b'0'))
}

/// A date, but for the last days of a month.
fn is_date(value: &[u8]) -> bool {
    value.len() == 8
        && matches!(value[0], b'1' | b'2')
        && value[1..4].iter().all(u8::is_ascii_digit)
        && is_pair(&value[4..6], 1, 12)
        && is_pair(&value[6..8], 1, 28)
}

fn is_timestamp(value: &[u8]) -> bool {
    if value.len() < 17 || !is_date(&value[..8]) || value[8] != b'-' || value[11] != b':' || value[14] != b':' {
        return false;
    }
    let fraction = &value[17..];
    is_pair(&value[9..11], 0, 23)
        && is_pair(&value[12..14], 0, 59)
        && is_pair(&value[15..17], 0, 59)
        && (fraction.is_empty()
            || (fraction[0] == b'.' && fraction.len() > 1 && fraction[1..].iter().all(u8::is_ascii_digit)))
}

/// The fields of a section of a message: where the check of each tag lies.
struct Section {
    places: Table,
    checks: Vec<Quick>,
}

impl Section {
    fn new(fields: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut places = Vec::with_capacity(fields.len());
        let mut checks = Vec::with_capacity(fields.len());
        for (tag, check) in fields {
            let check = check.cast::<PyTuple>()?;
            let (kind, values): (String, Vec<Vec<u8>>) = check.extract()?;
            places.push((tag.extract()?, checks.len() as u32));
            checks.push(Quick::new(&kind, values)?);
        }
        Ok(Section { places: Table::new(&places), checks })
    }

    #[inline(always)]
    fn check(&self, tag: i32) -> Option<&Quick> {
        let tag = u32::try_from(tag).ok().filter(|tag| *tag > 0)?;
        self.checks.get(self.places.get(tag) as usize)
    }
}

/// What a plain message of one MsgType looks like: good, and without a repeating group.
#[pyclass(frozen, module = "purefix_core._native")]
pub struct PlainRules {
    sections: [Section; 3],
    required: Vec<i32>,
}

/// Longer messages are left to Python, which takes linear time for any.
const MOST_FIELDS: usize = 128;

#[pymethods]
impl PlainRules {
    #[new]
    fn new(
        header: &Bound<'_, PyDict>,
        body: &Bound<'_, PyDict>,
        trailer: &Bound<'_, PyDict>,
        required: Vec<i32>,
    ) -> PyResult<Self> {
        Ok(PlainRules { sections: [Section::new(header)?, Section::new(body)?, Section::new(trailer)?], required })
    }

    #[allow(clippy::type_complexity)]
    fn odd<'py>(&self, py: Python<'py>, message: &Incoming) -> Option<Vec<(i32, Bound<'py, PyBytes>)>> {
        let (raw, pieces) = (message.bytes(py), message.pieces());
        if pieces.len() > MOST_FIELDS {
            return None;
        }
        let mut odd = Vec::new();
        let mut section = 0;
        for (at, piece) in pieces.iter().enumerate().take(pieces.len() - 1).skip(3) {
            let check = loop {
                if let Some(check) = self.sections[section].check(piece.tag) {
                    break check;
                }
                section += 1;
                if section == self.sections.len() {
                    return None;
                }
            };
            if piece.tag == CHECK_SUM || pieces[..at].iter().any(|other| other.tag == piece.tag) {
                return None;
            }
            if !check.passes(value(raw, *piece)) {
                odd.push((piece.tag, PyBytes::new(py, value(raw, *piece))));
            }
        }
        let is_there = |tag: &i32| pieces.iter().any(|piece| piece.tag == *tag);
        self.required.iter().all(is_there).then_some(odd)
    }
}
