//! The hot loops of PureFix behind `purefix_core._native`; what they do is documented in purefix_core/_native.pyi.

mod checksum;
mod fields;
mod groups;
mod header;
mod incoming;
mod intern;
mod levels;
mod matching;
mod prefix;
mod renew;
mod rows;
mod scanner;
mod shape;
mod timestamps;
mod tokens;
mod whole;

use std::cell::{Cell, RefCell};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use matching::Block;
use rows::{Found, Rows};
use timestamps::Clock;

type Values<'w> = (Vec<&'w [u8]>, Vec<u64>, Vec<(&'w [u8], &'w [u8], &'w [u8])>, Vec<u64>, Vec<u64>);
type Ranges = Vec<(u64, u64, &'static str)>;
type Scanned<'py, 'w> = (Bound<'py, PyTuple>, Values<'w>, Ranges, (u64, u64, u64));

thread_local! {
    /// Kept from one scan to the next: fresh memory costs a tenth of the time.
    static SPARE_ROWS: Cell<Rows> = Cell::default();
    static CLOCK: RefCell<Clock> = RefCell::new(Clock::new());
}
const MAX_SPARE_ROWS: usize = 65_536;

#[pyfunction]
fn scan<'py, 'w>(
    py: Python<'py>,
    window: &'w [u8],
    base: u64,
    start: u64,
    stop: u64,
    previous_end: u64,
    at_end: bool,
) -> PyResult<Scanned<'py, 'w>> {
    if start < base || stop < base || base > i64::MAX as u64 {
        return Err(PyValueError::new_err("start and stop lie behind base"));
    }
    let rows = SPARE_ROWS.take();
    let found = py.detach(|| scanner::scan(rows, window, base, start, stop, previous_end, at_end));
    let columns = columns(py, &found.rows)?;
    let Found { mut rows, msg_types, sessions, skipped, resume, settled, previous_end } = found;
    if rows.flags.capacity() <= MAX_SPARE_ROWS {
        rows.clear();
        SPARE_ROWS.set(rows);
    }
    let skipped = skipped.into_iter().map(|each| (each.offset, each.length, each.reason)).collect();
    let values =
        (msg_types.interned.values, msg_types.counts, sessions.interned.values, sessions.counts, sessions.first_rows);
    Ok((columns, values, skipped, (resume, settled, previous_end)))
}

/// The columns in the order of `Segment.columns()`.
fn columns<'py>(py: Python<'py>, rows: &Rows) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(
        py,
        [
            column(py, &rows.offset, |value: i64| value.to_ne_bytes())?,
            column(py, &rows.length, |value: i32| value.to_ne_bytes())?,
            column(py, &rows.msg_seq_num, |value: i32| value.to_ne_bytes())?,
            column(py, &rows.sending_time, |value: i64| value.to_ne_bytes())?,
            column(py, &rows.log_time, |value: i64| value.to_ne_bytes())?,
            column(py, &rows.session, |value: u32| value.to_ne_bytes())?,
            column(py, &rows.msg_type, |value: u16| value.to_ne_bytes())?,
            column(py, &rows.flags, |value: u16| value.to_ne_bytes())?,
        ],
    )
}

fn column<'py, T: Copy, const N: usize>(
    py: Python<'py>,
    values: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, values.len() * N, |bytes| {
        for (place, value) in bytes.chunks_exact_mut(N).zip(values) {
            place.copy_from_slice(&to_bytes(*value));
        }
        Ok(())
    })
}

#[pyfunction]
fn recode<'py>(py: Python<'py>, column: &[u8], item_size: usize, codes: Vec<u32>) -> PyResult<Bound<'py, PyBytes>> {
    match item_size {
        2 => recoded(py, column, &codes, u16::from_ne_bytes, |code| (code as u16).to_ne_bytes()),
        4 => recoded(py, column, &codes, u32::from_ne_bytes, u32::to_ne_bytes),
        _ => Err(PyValueError::new_err("items have 2 or 4 bytes")),
    }
}

fn recoded<'py, T: Into<u32>, const N: usize>(
    py: Python<'py>,
    column: &[u8],
    codes: &[u32],
    from_bytes: impl Fn([u8; N]) -> T,
    to_bytes: impl Fn(u32) -> [u8; N],
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, column.len(), |bytes| {
        for (place, item) in bytes.chunks_exact_mut(N).zip(column.chunks_exact(N)) {
            let position: u32 = from_bytes(item.try_into()?).into();
            let code = codes.get(position as usize).ok_or_else(|| PyValueError::new_err("no code for an item"))?;
            place.copy_from_slice(&to_bytes(*code));
        }
        Ok(())
    })
}

#[pyfunction]
fn pick<'py>(py: Python<'py>, column: &[u8], item_size: usize, mask: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    if item_size == 0 {
        return Err(PyValueError::new_err("items have at least one byte"));
    }
    let picked = column.chunks_exact(item_size).zip(mask).filter(|(_, chosen)| **chosen == 1);
    let mut items = Vec::with_capacity(column.len());
    picked.for_each(|(item, _)| items.extend_from_slice(item));
    Ok(PyBytes::new(py, &items))
}

#[pyfunction]
fn places<'py>(py: Python<'py>, mask: &[u8], first: u32) -> Bound<'py, PyBytes> {
    let chosen = (first..).zip(mask).filter(|(_, chosen)| **chosen == 1);
    let places: Vec<u8> = chosen.flat_map(|(place, _)| place.to_ne_bytes()).collect();
    PyBytes::new(py, &places)
}

/// The offset of a block; offsets, lengths and separators of its messages; which of them are to be looked at.
type Messages<'a> = (u64, &'a [u8], &'a [u8], &'a [u8], &'a [u8]);

fn block<'a>(raw: &'a [u8], messages: Messages<'a>) -> PyResult<Block<'a>> {
    let (base, offsets, lengths, separators, among) = messages;
    let starts: Vec<usize> =
        items(offsets).map(|item| i64::from_ne_bytes(item).abs_diff(base as i64) as usize).collect();
    let lengths: Vec<usize> = items(lengths).map(|item| i32::from_ne_bytes(item).unsigned_abs() as usize).collect();
    if [lengths.len(), separators.len(), among.len()] != [starts.len(); 3] {
        return Err(PyValueError::new_err("the columns of a block differ in length"));
    }
    Ok(Block { raw, starts, lengths, separators, among })
}

fn items<const N: usize>(column: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
    column.chunks_exact(N).filter_map(|item| item.try_into().ok())
}

#[pyfunction]
fn test_fields<'py>(
    py: Python<'py>,
    raw: &[u8],
    messages: Messages<'_>,
    tags: Vec<u32>,
    data_tags: Vec<(u32, u32)>,
    needles: Vec<Vec<u8>>,
    test: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
    let block = block(raw, messages)?;
    let occurrences = py.detach(|| matching::field_values(&block, &tags, &data_tags, &needles));
    let verdicts: Vec<bool> = occurrences
        .values
        .iter()
        .map(|value| test.call1((PyBytes::new(py, value),))?.is_truthy())
        .collect::<PyResult<_>>()?;
    let mut there = vec![0; block.starts.len()];
    let mut passed = vec![0; block.starts.len()];
    for (number, code) in occurrences.found {
        there[number as usize] = 1;
        passed[number as usize] |= u8::from(verdicts[code as usize]);
    }
    Ok((PyBytes::new(py, &there), PyBytes::new(py, &passed)))
}

#[pyfunction]
fn find_texts<'py>(
    py: Python<'py>,
    raw: &[u8],
    messages: Messages<'_>,
    texts: Vec<Vec<u8>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let block = block(raw, messages)?;
    let found = py.detach(|| matching::find_texts(&block, &texts));
    Ok(PyBytes::new(py, &found))
}

#[pyfunction]
fn parse_utc_timestamp(text: &[u8]) -> i64 {
    CLOCK.with_borrow_mut(|clock| clock.parse_utc_timestamp(text))
}

#[pyfunction]
fn sealed<'py>(
    py: Python<'py>,
    begin: &[u8],
    body: &[u8],
    separator: &[u8],
    digits: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let [separator] = separator else {
        return Err(PyValueError::new_err("a separator of one byte is expected"));
    };
    Ok(PyBytes::new(py, &checksum::sealed(begin, body, *separator, digits.min(9))))
}

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::incoming::{Incoming, IncomingReader, PlainRules};
    #[pymodule_export]
    use super::levels::{parse_level, Level};
    #[pymodule_export]
    use super::renew::Renewer;
    #[pymodule_export]
    use super::shape::Shape;
    #[pymodule_export]
    use super::whole::whole_msg_type;
    #[pymodule_export]
    use super::{find_texts, parse_utc_timestamp, pick, places, recode, scan, sealed, test_fields};
}
