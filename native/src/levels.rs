//! A message by levels: the message itself, and each entry of its repeating groups.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::groups::find_groups;
use crate::shape::{Shape, MAX_TAG};
use crate::tokens::{tokenise, Separator, Token};

/// So many tokens are looked at one by one; a level that has more gets an index when a tag is not among them.
const LOOKED_AT: usize = 256;

struct Message {
    raw: Py<PyBytes>,
    separator: Py<PyBytes>,
    tokens: Vec<Token>,
}

#[pyclass(frozen, module = "purefix_core._native")]
pub struct Level {
    message: Arc<Message>,
    shape: Py<Shape>,
    /// Its tokens, and those of the groups in it.
    first: usize,
    stop: usize,
    depth: u8,
    /// Where each tag first occurs at the level.
    index: OnceLock<HashMap<u32, usize>>,
}

#[pyfunction]
pub fn parse_level(
    py: Python<'_>,
    raw: &Bound<'_, PyAny>,
    separator: &Bound<'_, PyBytes>,
    shape: &Bound<'_, Shape>,
) -> PyResult<Level> {
    let Ok(raw) = raw.cast_exact::<PyBytes>() else {
        let found = raw.get_type().name()?;
        return Err(PyTypeError::new_err(format!("raw must be bytes, not {found}")));
    };
    let bytes = raw.as_bytes();
    if u32::try_from(bytes.len()).is_err() {
        return Err(PyValueError::new_err("a message must be shorter than 2**32 bytes"));
    }
    let Some(between) = Separator::new(separator.as_bytes()) else {
        return Err(PyValueError::new_err("a separator has one byte or two"));
    };
    let top = shape.get();
    let mut tokens = tokenise(bytes, between, &top.announced);
    find_groups(bytes, &mut tokens, top);
    let stop = tokens.len();
    let message = Message { raw: raw.clone().unbind(), separator: separator.clone().unbind(), tokens };
    Ok(Level::new(py, Arc::new(message), shape.as_unbound(), 0, stop, 0))
}

#[pymethods]
impl Level {
    #[getter]
    fn raw(&self, py: Python<'_>) -> Py<PyBytes> {
        self.message.raw.clone_ref(py)
    }

    #[getter]
    fn separator(&self, py: Python<'_>) -> Py<PyBytes> {
        self.message.separator.clone_ref(py)
    }

    #[getter]
    fn start(&self, py: Python<'_>) -> usize {
        self.piece_start(py, self.first)
    }

    #[getter]
    fn end(&self, py: Python<'_>) -> usize {
        self.piece_start(py, self.stop)
    }

    fn value<'py>(&self, py: Python<'py>, tag: i64) -> Option<Bound<'py, PyBytes>> {
        let token = &self.message.tokens[self.find(tag)?];
        let value = &self.message.raw.as_bytes(py)[token.start as usize..token.end as usize];
        Some(PyBytes::new(py, value))
    }

    fn entries(&self, py: Python<'_>, tag: i64) -> PyResult<Vec<Py<Level>>> {
        let slot = u32::try_from(tag).map_or(u32::MAX, |tag| self.shape.get().slot(tag));
        let (Some(shape), Some(counter)) = (self.shape.get().group(slot), self.find(tag)) else {
            return Ok(Vec::new());
        };
        let depth = self.depth + 1;
        let stop = self.behind(counter);
        let inside = self.message.tokens[..stop].iter().enumerate().skip(counter + 1);
        let mut edges: Vec<usize> =
            inside.filter(|(_, token)| token.begins && token.depth == depth).map(|(at, _)| at).collect();
        edges.push(stop);
        edges
            .windows(2)
            .map(|edge| Py::new(py, Level::new(py, Arc::clone(&self.message), shape, edge[0], edge[1], depth)))
            .collect()
    }

    fn pieces(&self, py: Python<'_>) -> Vec<(u32, usize, usize)> {
        let mut pieces = Vec::new();
        let mut at = self.first;
        while at < self.stop {
            let behind = self.behind(at);
            pieces.push((self.message.tokens[at].tag, self.piece_start(py, at), self.piece_start(py, behind)));
            at = behind;
        }
        pieces
    }

    fn spliced<'py>(&self, py: Python<'py>, pieces: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let mut waiting: Vec<(u32, Option<Bound<'py, PyBytes>>)> = Vec::with_capacity(pieces.len());
        for (tag, piece) in pieces {
            waiting.push((tag.extract()?, piece.extract()?));
        }
        let raw = self.message.raw.as_bytes(py);
        let separator = self.message.separator.as_bytes(py);
        let mut spliced = Vec::with_capacity(raw.len() + 64);
        let (mut at, mut kept_from) = (self.first, self.piece_start(py, self.first));
        while at < self.stop {
            let behind = self.behind(at);
            let tag = self.message.tokens[at].tag;
            if let Some(place) = waiting.iter().position(|(wanted, _)| *wanted == tag) {
                spliced.extend_from_slice(&raw[kept_from..self.piece_start(py, at)]);
                kept_from = self.piece_start(py, behind);
                if waiting[place].1.is_some() {
                    let (_, piece) = waiting.swap_remove(place);
                    spliced.extend_from_slice(piece.as_ref().map_or(&[], |piece| piece.as_bytes()));
                }
            }
            at = behind;
        }
        if waiting.iter().any(|(_, piece)| piece.as_ref().is_some_and(|piece| !piece.as_bytes().is_empty())) {
            return Ok(None);
        }
        let rest = &raw[kept_from..self.piece_start(py, self.stop)];
        spliced.extend_from_slice(rest);
        let is_cut = self.message.tokens.last().is_some_and(|last| last.end as usize == raw.len());
        if !rest.is_empty() && kept_from + rest.len() == raw.len() && is_cut {
            spliced.extend_from_slice(separator);
        }
        Ok(Some(PyBytes::new(py, &spliced)))
    }
}

impl Level {
    fn new(py: Python<'_>, message: Arc<Message>, shape: &Py<Shape>, first: usize, stop: usize, depth: u8) -> Self {
        Level { message, shape: shape.clone_ref(py), first, stop, depth, index: OnceLock::new() }
    }

    /// Where the first `tag` of the level stands.
    fn find(&self, tag: i64) -> Option<usize> {
        let tag = u32::try_from(tag).ok().filter(|tag| *tag <= MAX_TAG)?;
        let tokens = &self.message.tokens[self.first..self.stop];
        let near = &tokens[..tokens.len().min(LOOKED_AT)];
        let found = near.iter().position(|token| token.tag == tag && token.depth == self.depth);
        if found.is_some() || near.len() == tokens.len() {
            return found.map(|at| self.first + at);
        }
        let index = self.index.get_or_init(|| {
            let mut index = HashMap::new();
            for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.depth == self.depth) {
                index.entry(token.tag).or_insert(self.first + at);
            }
            index
        });
        index.get(&tag).copied()
    }

    /// The index behind the token at `at`, which is of this level, and the entries of the group that it may open.
    fn behind(&self, at: usize) -> usize {
        let inside = &self.message.tokens[at + 1..self.stop];
        at + 1 + inside.iter().take_while(|token| token.depth > self.depth).count()
    }

    /// Where the piece with the token at `at` begins in the message, its tag included.
    fn piece_start(&self, py: Python<'_>, at: usize) -> usize {
        let Some(before) = at.checked_sub(1) else { return 0 };
        let end = self.message.tokens[before].end as usize + self.message.separator.as_bytes(py).len();
        end.min(self.message.raw.as_bytes(py).len())
    }
}
