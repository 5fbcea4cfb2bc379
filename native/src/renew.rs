//! A message written anew with another header.
#![forbid(unsafe_code)]

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::checksum::sealed;
use crate::incoming::{split, Piece};
use crate::shape::Table;

const SOH: u8 = 1;
const MSG_TYPE: i32 = 35;
const ENVELOPE: [i32; 4] = [8, 9, 10, MSG_TYPE];
/// NoHops and its members stay together.
const HOPS: std::ops::RangeInclusive<i32> = 627..=630;

const HEADER: u32 = 0;
const TRAILER: u32 = 1;
const LEFT_OUT: u32 = 2;

#[pyclass(frozen, module = "purefix_core._native")]
pub struct Renewer {
    sections: Table,
    announced: Table,
}

#[pymethods]
impl Renewer {
    #[new]
    fn new(header: Vec<u32>, trailer: Vec<u32>, left_out: Vec<u32>, data_tags: &Bound<'_, PyAny>) -> PyResult<Self> {
        let header = header.into_iter().map(|tag| (tag, if left_out.contains(&tag) { LEFT_OUT } else { HEADER }));
        let places: Vec<(u32, u32)> = header.chain(trailer.into_iter().map(|tag| (tag, TRAILER))).collect();
        Ok(Renewer { sections: Table::new(&places), announced: Table::of(data_tags)? })
    }

    fn renewed<'py>(
        &self,
        py: Python<'py>,
        raw: &Bound<'py, PyBytes>,
        begin_string: &[u8],
        added: Vec<(i32, Bound<'py, PyBytes>)>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = raw.as_bytes();
        let pieces = split(bytes, &self.announced).map_err(PyValueError::new_err)?;
        let mut header: Vec<(i32, i32, &[u8])> = Vec::with_capacity(16);
        let (mut body, mut trailer) = (Vec::with_capacity(pieces.len()), Vec::new());
        let mut msg_type: &[u8] = b"";
        for piece in pieces {
            let value = &bytes[piece.start..piece.end];
            if piece.tag == MSG_TYPE && msg_type.is_empty() {
                msg_type = value;
            }
            if ENVELOPE.contains(&piece.tag) {
                continue;
            }
            match u32::try_from(piece.tag).map_or(Table::NONE, |tag| self.sections.get(tag)) {
                LEFT_OUT => {}
                HEADER => header.push((rank(piece.tag), piece.tag, value)),
                TRAILER => trailer.push(piece),
                _ => body.push(piece),
            }
        }
        if msg_type.is_empty() {
            return Err(PyValueError::new_err("a message needs a MsgType, and has 8, 9, 35 and 10 from the session"));
        }
        let own = header.len();
        for (tag, value) in &added {
            if !header[..own].iter().any(|(_, other, _)| other == tag) {
                header.push((rank(*tag), *tag, value.as_bytes()));
            }
        }
        header.sort_by_key(|(rank, _, _)| *rank);
        let mut written = Vec::with_capacity(bytes.len() + 128);
        field(&mut written, MSG_TYPE, msg_type);
        for (_, tag, value) in header {
            field(&mut written, tag, value);
        }
        for piece in body.iter().chain(&trailer) {
            copy(&mut written, bytes, *piece);
        }
        Ok(PyBytes::new(py, &sealed(begin_string, &written, SOH, 1)))
    }
}

fn rank(tag: i32) -> i32 {
    if HOPS.contains(&tag) {
        *HOPS.start()
    } else {
        tag
    }
}

fn field(written: &mut Vec<u8>, tag: i32, value: &[u8]) {
    written.extend_from_slice(tag.to_string().as_bytes());
    written.push(b'=');
    written.extend_from_slice(value);
    written.push(SOH);
}

fn copy(written: &mut Vec<u8>, bytes: &[u8], piece: Piece) {
    field(written, piece.tag, &bytes[piece.start..piece.end]);
}
