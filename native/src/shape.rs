//! What may stand at one level of a message: the tags, and the repeating groups that open there.
#![forbid(unsafe_code)]

use std::hash::{BuildHasher, RandomState};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub const MAX_TAG: u32 = 999_999_999;
const MAX_DEPTH: u8 = 24;

/// Numbers by tag: a hash table with open addressing, at most half full. Tag 0 has none.
pub struct Table {
    places: Box<[(u32, u32)]>,
    multiplier: u64,
    shift: u32,
}

impl Table {
    /// A number of the table that stands for none.
    pub const NONE: u32 = u32::MAX;

    /// The numbers in a mapping of tags to tags.
    pub fn of(mapping: &Bound<'_, PyAny>) -> PyResult<Self> {
        let numbers = pairs(mapping)?
            .iter()
            .map(|(tag, number)| Ok((checked(tag)?, checked(number)?)))
            .collect::<PyResult<Vec<_>>>()?;
        Ok(Self::new(&numbers))
    }

    pub fn new(numbers: &[(u32, u32)]) -> Self {
        let size = (2 * numbers.len()).next_power_of_two().max(2);
        let mut table = Table {
            places: vec![(0, Self::NONE); size].into(),
            multiplier: RandomState::new().hash_one(0) | 1, // no dictionary can be written so that its tags collide
            shift: 64 - size.trailing_zeros(),
        };
        for (tag, number) in numbers {
            let mut at = table.first_place(*tag);
            while table.places[at].0 != 0 && table.places[at].0 != *tag {
                at = (at + 1) & (size - 1);
            }
            table.places[at] = (*tag, *number);
        }
        table
    }

    #[inline(always)]
    fn first_place(&self, tag: u32) -> usize {
        (u64::from(tag).wrapping_mul(self.multiplier) >> self.shift) as usize
    }

    /// The number of `tag`, or NONE.
    #[inline(always)]
    pub fn get(&self, tag: u32) -> u32 {
        let mut at = self.first_place(tag);
        loop {
            let (found, number) = self.places[at & (self.places.len() - 1)];
            if found == tag || found == 0 {
                return number;
            }
            at += 1;
        }
    }
}

/// Its tags are numbered from 0, the counters of groups before the others.
#[pyclass(frozen, module = "purefix_core._native")]
pub struct Shape {
    slots: Table,
    slot_count: usize,
    groups: Vec<Py<Shape>>,
    /// The DATA tag that each LENGTH tag announces.
    pub announced: Table,
    depth: u8,
}

#[pymethods]
impl Shape {
    #[new]
    #[pyo3(signature = (tags, groups, data_tags=None))]
    fn new(tags: &Bound<'_, PyAny>, groups: &Bound<'_, PyAny>, data_tags: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let groups = pairs(groups)?
            .into_iter()
            .map(|(tag, shape)| Ok((checked(&tag)?, shape.cast_into::<Shape>()?.unbind())))
            .collect::<PyResult<Vec<_>>>()?;
        let depth = groups.iter().map(|(_, shape)| shape.get().depth + 1).max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Err(PyValueError::new_err(format!("groups are nested more than {MAX_DEPTH} deep")));
        }
        let (counters, groups): (Vec<u32>, Vec<Py<Shape>>) = groups.into_iter().unzip();
        let mut others = tags.try_iter()?.map(|tag| checked(&tag?)).collect::<PyResult<Vec<u32>>>()?;
        others.sort_unstable();
        others.dedup();
        others.retain(|tag| !counters.contains(tag));
        let slots: Vec<(u32, u32)> = counters.into_iter().chain(others).zip(0..).collect();
        let announced = match data_tags {
            None => Table::new(&[]),
            Some(mapping) => Table::of(mapping)?,
        };
        let (slot_count, slots) = (slots.len(), Table::new(&slots));
        Ok(Shape { slots, slot_count, groups, announced, depth })
    }
}

impl Shape {
    /// The number of `tag` at this level, or Table::NONE.
    #[inline(always)]
    pub fn slot(&self, tag: u32) -> u32 {
        self.slots.get(tag)
    }

    #[inline(always)]
    pub fn has(&self, tag: u32) -> bool {
        self.slot(tag) != Table::NONE
    }

    pub fn slot_count(&self) -> usize {
        self.slot_count
    }

    /// The shape of an entry of the group whose counter has that number.
    #[inline(always)]
    pub fn group(&self, slot: u32) -> Option<&Py<Shape>> {
        self.groups.get(slot as usize)
    }
}

fn pairs<'py>(mapping: &Bound<'py, PyAny>) -> PyResult<Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
    mapping.call_method0("items")?.try_iter()?.map(|pair| pair?.extract()).collect()
}

fn checked(tag: &Bound<'_, PyAny>) -> PyResult<u32> {
    match tag.extract() {
        Ok(number @ 1..=MAX_TAG) => Ok(number),
        _ => Err(PyValueError::new_err(format!("{} is no tag: 1 to {MAX_TAG} is expected", tag.repr()?))),
    }
}
