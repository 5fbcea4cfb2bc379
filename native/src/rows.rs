//! What a scan finds: the rows of the index as columns, and the ranges that were skipped.
#![forbid(unsafe_code)]

use crate::intern::{MsgTypes, Sessions};

pub const NO_TIME: i64 = i64::MIN;
const MAX_SKIPPED_RANGES: usize = 100_000;
pub const NO_SEQ_NUM: i32 = -1;

pub const POSS_DUP: u16 = 1;
pub const BODY_LENGTH_BAD: u16 = 2;
pub const CHECK_SUM_BAD: u16 = 4;
pub const TRUNCATED: u16 = 8;
pub const SEPARATOR_SHIFT: u16 = 4;
pub const INCOMING: u16 = 128;
pub const OUTGOING: u16 = 256;

/// All columns are of equal length.
#[derive(Default)]
pub struct Rows {
    pub offset: Vec<i64>,
    pub length: Vec<i32>,
    pub msg_seq_num: Vec<i32>,
    pub sending_time: Vec<i64>,
    pub log_time: Vec<i64>,
    pub session: Vec<u32>,
    pub msg_type: Vec<u16>,
    pub flags: Vec<u16>,
}

impl Rows {
    /// Drops all rows, but keeps their room.
    pub fn clear(&mut self) {
        self.offset.clear();
        self.length.clear();
        self.msg_seq_num.clear();
        self.sending_time.clear();
        self.log_time.clear();
        self.session.clear();
        self.msg_type.clear();
        self.flags.clear();
    }
}

/// A byte range of the file that looks like FIX but is no message, and why.
pub struct Skipped {
    pub offset: u64,
    pub length: u64,
    pub reason: &'static str,
}

/// Offsets are the file's; values are slices of the window that was scanned.
pub struct Found<'w> {
    pub rows: Rows,
    pub msg_types: MsgTypes<'w>,
    pub sessions: Sessions<'w>,
    pub skipped: Vec<Skipped>,
    pub resume: u64,
    pub settled: u64,
    pub previous_end: u64,
}

impl Found<'_> {
    pub fn new(rows: Rows, previous_end: u64) -> Self {
        Found {
            rows,
            msg_types: MsgTypes::new(),
            sessions: Sessions::new(),
            skipped: Vec::new(),
            resume: 0,
            settled: 0,
            previous_end,
        }
    }

    /// Append a skipped range. One that follows its like at once, or after a line break, is joined to it; so is each
    /// for which there is no room.
    pub fn skip(&mut self, new: Skipped) {
        let is_full = self.skipped.len() >= MAX_SKIPPED_RANGES;
        if let Some(last) = self.skipped.last_mut() {
            if is_full || (new.offset - (last.offset + last.length) <= 2 && last.reason == new.reason) {
                last.length = new.offset + new.length - last.offset;
                return;
            }
        }
        self.skipped.push(new);
    }
}
