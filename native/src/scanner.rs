//! Finds the messages in a window of a log: the rules of docs/scanning.md. The twin in Python, which this agrees with
//! in every result, is purefix_core/logs/scan_reference.py.
#![forbid(unsafe_code)]

use memchr::memmem::Finder;

use crate::checksum::totals;
use crate::fields::{line_end, msg_seq_num, FieldFinder, Fields, Name};
use crate::header::{looks_like_fix, match_trailer, why_no_message, End, EndFinder, Header, HeaderMatcher, SEPARATORS};
use crate::prefix::{direction, is_space, log_time, prefix_start};
use crate::rows::{
    Found, Rows, Skipped, BODY_LENGTH_BAD, CHECK_SUM_BAD, NO_TIME, POSS_DUP, SEPARATOR_SHIFT, TRUNCATED,
};
use crate::timestamps::Clock;

const MAX_MESSAGE: usize = 8 * 1024 * 1024;
const MAX_HEADER: usize = 46;
const MAX_TRAILER: usize = 14;
const MAX_SKIPPED_LENGTH: usize = 65_536;
const MAX_BATCH_MSG_TYPES: usize = 65_535;

/// What begins at file offset `start` or behind it and before `stop`; `window` is what the file holds from `base` on.
/// `rows` has none yet, but may have room.
pub fn scan(rows: Rows, window: &[u8], base: u64, start: u64, stop: u64, previous_end: u64, at_end: bool) -> Found<'_> {
    let mut scanner = Scanner {
        window,
        base,
        at_end,
        found: Found::new(rows, previous_end),
        start_finder: Finder::new(b"8=FIX"),
        headers: HeaderMatcher::default(),
        end_finders: SEPARATORS.each_ref().map(EndFinder::new),
        field_finders: SEPARATORS.each_ref().map(FieldFinder::new),
        sending_times: Clock::new(),
        log_times: Clock::new(),
    };
    let position = usize::try_from(start - base).unwrap_or(usize::MAX);
    scanner.scan(position, usize::try_from(stop - base).unwrap_or(usize::MAX));
    scanner.found
}

/// One window. Positions are the window's, offsets the file's.
struct Scanner<'w> {
    window: &'w [u8],
    base: u64,
    at_end: bool,
    found: Found<'w>,
    start_finder: Finder<'static>,
    headers: HeaderMatcher,
    end_finders: [EndFinder; 6],
    field_finders: [FieldFinder; 6],
    sending_times: Clock,
    log_times: Clock,
}

/// Where to go on, and whether more bytes behind the window could not change that.
struct Decision {
    position: usize,
    certain: bool,
}

impl<'w> Scanner<'w> {
    fn scan(&mut self, mut position: usize, mut stop: usize) {
        let size = self.window.len();
        let mut settled = size;
        let resume = loop {
            if self.found.msg_types.interned.values.len() == MAX_BATCH_MSG_TYPES {
                stop = stop.min(position);
            }
            let Some(found) = self.next_start(position, size.min(stop.saturating_add(4))) else {
                let tail = position.max(size.saturating_sub(4).min(stop)); // "8=FI" may stand there
                settled = settled.min(tail);
                break if self.at_end { position.max(size.min(stop)) } else { tail };
            };
            let header = self.headers.match_header(self.window, found);
            let mut decided = header.is_some() || size - found >= MAX_HEADER;
            if decided || self.at_end {
                let decision = match header {
                    None => self.skip(found),
                    Some(header) => self.message(found, &header),
                };
                position = decision.position;
                decided &= decision.certain;
            }
            if !decided {
                settled = settled.min(found);
                if !self.at_end {
                    break found;
                }
            }
        };
        self.found.resume = self.base + resume as u64;
        self.found.settled = self.base + settled as u64;
    }

    /// The next `8=FIX` in `window[position..limit]`: most often right behind the last message or a line's end.
    fn next_start(&self, position: usize, limit: usize) -> Option<usize> {
        let rest = self.window.get(position..limit)?;
        (0..3)
            .find(|skip| rest.get(*skip..).is_some_and(|text| text.starts_with(b"8=FIX")))
            .or_else(|| self.start_finder.find(rest))
            .map(|at| position + at)
    }

    /// Pass over an `8=FIX` that begins no message.
    fn skip(&mut self, found: usize) -> Decision {
        let window = self.window;
        let after_digit = found > 0 && window[found - 1].is_ascii_digit();
        if after_digit || !looks_like_fix(window, found) {
            return Decision { position: found + 5, certain: true };
        }
        let limit = found + MAX_SKIPPED_LENGTH;
        let stretch = &window[..window.len().min(limit)];
        // The next start first, so that the search for a line's end cannot run on over many of them.
        let next = self.start_finder.find(&stretch[found + 5..]).map(|at| found + 5 + at);
        let end = line_end(stretch, found + 5, next.unwrap_or(stretch.len())).or(next);
        if end.is_none() && stretch.len() < limit && !self.at_end {
            return Decision { position: found, certain: false };
        }
        let position = end.unwrap_or(stretch.len());
        self.found.skip(Skipped {
            offset: self.base + found as u64,
            length: (position - found) as u64,
            reason: why_no_message(window, found),
        });
        self.found.previous_end = self.base + position as u64;
        Decision { position, certain: end.is_some() || position == limit }
    }

    /// Index the message that `header` begins, and go on behind it.
    fn message(&mut self, start: usize, header: &Header) -> Decision {
        let window = self.window;
        let separator = header.separator;
        let announced = header.announced.filter(|length| *length <= MAX_MESSAGE as u64).map(|length| length as usize);
        let limit = window.len().min(start + MAX_MESSAGE);
        let mut certain = true;
        let mut trailer = None;
        let mut next_start = None;
        if let (Some(announced), 1) = (announced, separator.text.len()) {
            let landing = header.body + announced - 1;
            trailer = match_trailer(window, landing, separator);
            if trailer.is_none() && landing + MAX_TRAILER > window.len() {
                if !self.at_end {
                    return Decision { position: start, certain: false };
                }
                certain = false;
            }
        }
        if trailer.is_none() {
            let end = self.end_finders[usize::from(separator.code)].find(&window[..limit], header.msg_type());
            certain &= end.is_some() || window.len() >= start + MAX_MESSAGE;
            match end {
                Some(End::Trailer(found)) => trailer = Some(found),
                Some(End::NextStart(found)) => next_start = Some(found),
                None => {}
            }
        }
        let stop = match &trailer {
            Some(trailer) => {
                certain &= trailer.end + separator.text.len() <= window.len();
                let behind = separator.begins(&window[trailer.end..]);
                trailer.end + if behind { separator.text.len() } else { 0 }
            }
            None => {
                let stop = next_start.unwrap_or(limit);
                line_end(window, header.msg_type(), stop).unwrap_or(stop)
            }
        };
        if !certain && !self.at_end {
            return Decision { position: start, certain };
        }
        let mut fields = self.field_finders[usize::from(separator.code)].find(window, header.msg_type(), stop);
        let mut flags = separator.code << SEPARATOR_SHIFT;
        match &trailer {
            None => flags |= TRUNCATED, // it ends where its line ends
            Some(trailer) => {
                let end = trailer.start + separator.text.len();
                let message = totals(&window[start..end], separator);
                let head = header.body - start - 2 * (separator.text.len() - 1); // it has two separators
                if announced != Some(message.length - head) {
                    flags |= BODY_LENGTH_BAD;
                }
                if trailer.check_sum(window, separator) != Some(u16::from(message.check_sum)) {
                    flags |= CHECK_SUM_BAD;
                }
                if message.has_line_feed {
                    fields.cut_at_line_ends();
                }
            }
        }
        self.add_row(start, stop, header, &fields, flags);
        self.found.previous_end = self.base + stop as u64;
        Decision { position: stop, certain }
    }

    fn add_row(&mut self, start: usize, stop: usize, header: &Header, fields: &Fields<'w>, mut flags: u16) {
        let window = self.window;
        let mut logged_at = NO_TIME;
        let lowest = self.found.previous_end.saturating_sub(self.base) as usize;
        let follows_at_once =
            start <= lowest + 2 && window[lowest.min(start)..start].iter().all(|byte| is_space(*byte));
        if !follows_at_once {
            let prefix = &window[prefix_start(window, start, lowest)..start];
            if prefix.is_empty() || !prefix.iter().all(|byte| is_space(*byte)) {
                logged_at = log_time(prefix, &mut self.log_times);
                flags |= direction(prefix);
            }
        }
        if fields.get(Name::PossDupFlag) == b"Y" {
            flags |= POSS_DUP;
        }
        let begin_string = &window[start + 2..header.begin_string_end];
        let (sender, target) = (fields.get(Name::SenderCompId), fields.get(Name::TargetCompId));
        let rows = &mut self.found.rows;
        let row = rows.flags.len();
        rows.offset.push((self.base + start as u64) as i64);
        rows.length.push((stop - start) as i32);
        rows.msg_seq_num.push(msg_seq_num(fields.get(Name::MsgSeqNum)));
        rows.sending_time.push(self.sending_times.parse_utc_timestamp(fields.get(Name::SendingTime)));
        rows.log_time.push(logged_at);
        rows.session.push(self.found.sessions.code(begin_string, sender, target, row));
        rows.msg_type.push(self.found.msg_types.code(fields.get(Name::MsgType)));
        rows.flags.push(flags);
    }
}
