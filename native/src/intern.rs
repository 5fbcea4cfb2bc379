//! Values that many messages share, each kept once: by value, never by a hash alone.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::hash::Hash;

const MAX_INTERNED_LENGTH: usize = 64;

/// Values by code, in the order in which they came.
pub struct Interner<K> {
    pub values: Vec<K>,
    codes: HashMap<K, u32>,
    /// The code that was found last for each of 256 cheap summaries of a value.
    recent: [u32; 256],
}

impl<K: Copy + Eq + Hash> Interner<K> {
    pub fn new() -> Self {
        Interner { values: Vec::new(), codes: HashMap::new(), recent: [u32::MAX; 256] }
    }

    /// `summary` is of the value; `same` is equality, for which there may be a quick way.
    pub fn code(&mut self, value: K, summary: usize, same: impl Fn(&K, &K) -> bool) -> u32 {
        let recent = &mut self.recent[summary % 256];
        match self.values.get(*recent as usize) {
            Some(known) if same(known, &value) => *recent,
            _ => {
                let next = self.values.len() as u32;
                let code = *self.codes.entry(value).or_insert(next);
                if code == next {
                    self.values.push(value);
                }
                *recent = code;
                code
            }
        }
    }
}

/// MsgTypes by code, and how many messages have each. The scanner ends a batch before there are more than a u16 counts.
pub struct MsgTypes<'w> {
    pub interned: Interner<&'w [u8]>,
    pub counts: Vec<u64>,
}

impl<'w> MsgTypes<'w> {
    pub fn new() -> Self {
        MsgTypes { interned: Interner::new(), counts: Vec::new() }
    }

    pub fn code(&mut self, value: &'w [u8]) -> u16 {
        let value = cut(value);
        let summary = usize::from(value.first().copied().unwrap_or(0));
        let code = self.interned.code(value, summary, |a, b| same(a, b)) as usize;
        self.counts.resize(self.interned.values.len(), 0);
        self.counts[code] += 1;
        code as u16
    }
}

pub type Session<'w> = (&'w [u8], &'w [u8], &'w [u8]);

/// BeginString, SenderCompID and TargetCompID by code, how many messages have each, and the first of them.
pub struct Sessions<'w> {
    pub interned: Interner<Session<'w>>,
    pub counts: Vec<u64>,
    pub first_rows: Vec<u64>,
}

impl<'w> Sessions<'w> {
    pub fn new() -> Self {
        Sessions { interned: Interner::new(), counts: Vec::new(), first_rows: Vec::new() }
    }

    pub fn code(&mut self, begin_string: &'w [u8], sender: &'w [u8], target: &'w [u8], row: usize) -> u32 {
        let session = (begin_string, cut(sender), cut(target));
        let both = summary(session.1) + 31 * summary(session.2);
        let code = self.interned.code(session, both, |a, b| same(a.0, b.0) && same(a.1, b.1) && same(a.2, b.2));
        self.counts.resize(self.interned.values.len(), 0);
        self.first_rows.resize(self.interned.values.len(), row as u64);
        self.counts[code as usize] += 1;
        code
    }
}

/// As `==`, without a call for the short texts that these are.
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() || a.len() > 16 {
        return a == b;
    }
    match (a.first_chunk::<8>(), b.first_chunk::<8>()) {
        (Some(first), Some(other)) => first == other && a.last_chunk::<8>() == b.last_chunk::<8>(),
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

fn cut(value: &[u8]) -> &[u8] {
    &value[..value.len().min(MAX_INTERNED_LENGTH)]
}

/// A number that texts of other ends or lengths seldom share.
pub fn summary(text: &[u8]) -> usize {
    match text {
        [] => 0,
        [first, .., last] => usize::from(*first) + 3 * usize::from(*last) + 7 * text.len(),
        [only] => usize::from(*only),
    }
}
