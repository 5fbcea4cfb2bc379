//! The hot loops of PureFix behind `purefix_core._native`; what they do is documented in purefix_core/_native.pyi.

mod checksum;
mod fields;
mod header;
mod intern;
mod prefix;
mod rows;
mod scanner;
mod timestamps;

use std::cell::Cell;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use rows::{Found, Rows};

type Values<'w> = (Vec<&'w [u8]>, Vec<u64>, Vec<(&'w [u8], &'w [u8], &'w [u8])>, Vec<u64>, Vec<u64>);
type Ranges = Vec<(u64, u64, &'static str)>;
type Scanned<'py, 'w> = (Bound<'py, PyTuple>, Values<'w>, Ranges, (u64, u64, u64));

thread_local! {
    /// Kept from one scan to the next: fresh memory costs a tenth of the time.
    static SPARE_ROWS: Cell<Rows> = Cell::default();
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
    let values = (msg_types.values, msg_types.counts, sessions.values, sessions.counts, sessions.first_rows);
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

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{recode, scan};
}
