//! Values that many messages share, each kept once: by value, never by a hash alone.
#![forbid(unsafe_code)]

use std::collections::HashMap;

const MAX_INTERNED_LENGTH: usize = 64;
const NONE: u32 = u32::MAX;

pub type Session<'w> = (&'w [u8], &'w [u8], &'w [u8]);

/// MsgTypes by code. A window of 32 MiB may hold more different ones than a u16 can count; those that no longer fit
/// would get lost in the index anyway (it keeps 4,096) and share the last code, whose value is then unused.
pub struct MsgTypes<'w> {
    pub values: Vec<&'w [u8]>,
    pub counts: Vec<u64>,
    codes: HashMap<&'w [u8], u16>,
    /// The code that was found last for each first byte.
    recent: [u32; 256],
}

impl<'w> MsgTypes<'w> {
    pub fn new() -> Self {
        MsgTypes { values: Vec::new(), counts: Vec::new(), codes: HashMap::new(), recent: [NONE; 256] }
    }

    pub fn code(&mut self, value: &'w [u8]) -> u16 {
        let value = cut(value);
        let recent = &mut self.recent[value.first().copied().unwrap_or(0) as usize];
        let code = match self.values.get(*recent as usize) {
            Some(known) if same(known, value) => *recent as u16,
            _ => {
                let next = self.values.len().min(u16::MAX as usize) as u16;
                let code = *self.codes.entry(value).or_insert(next);
                if code as usize == self.values.len() {
                    self.values.push(value);
                    self.counts.push(0);
                }
                *recent = code as u32;
                code
            }
        };
        self.counts[code as usize] += 1;
        code
    }
}

/// BeginString, SenderCompID and TargetCompID by code.
pub struct Sessions<'w> {
    pub values: Vec<Session<'w>>,
    pub counts: Vec<u64>,
    pub first_rows: Vec<u64>,
    codes: HashMap<Session<'w>, u32>,
    /// The code that was found last for each of 256 cheap summaries of a session.
    recent: [u32; 256],
}

impl<'w> Sessions<'w> {
    pub fn new() -> Self {
        Sessions {
            values: Vec::new(),
            counts: Vec::new(),
            first_rows: Vec::new(),
            codes: HashMap::new(),
            recent: [NONE; 256],
        }
    }

    pub fn code(&mut self, begin_string: &'w [u8], sender: &'w [u8], target: &'w [u8], row: usize) -> u32 {
        let session = (begin_string, cut(sender), cut(target));
        let recent = &mut self.recent[summary(session.1, session.2)];
        let code = match self.values.get(*recent as usize) {
            Some((a, b, c)) if same(a, session.0) && same(b, session.1) && same(c, session.2) => *recent,
            _ => {
                let next = self.values.len() as u32;
                let code = *self.codes.entry(session).or_insert(next);
                if code == next {
                    self.values.push(session);
                    self.counts.push(0);
                    self.first_rows.push(row as u64);
                }
                *recent = code;
                code
            }
        };
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

fn summary(sender: &[u8], target: &[u8]) -> usize {
    let ends = |text: &[u8]| match text {
        [] => 0,
        [first, .., last] => usize::from(*first) + 3 * usize::from(*last) + 7 * text.len(),
        [only] => usize::from(*only),
    };
    (ends(sender) + 31 * ends(target)) % 256
}
