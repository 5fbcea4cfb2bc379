//! UTC timestamps of FIX as nanoseconds since 1970-01-01.
#![forbid(unsafe_code)]

use crate::rows::NO_TIME;

const NANOS: i64 = 1_000_000_000;
const DAYS_IN_MONTH: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Parses timestamps; the last date and the last second are remembered, since messages come many to each.
pub struct Clock {
    date: [u8; 8],
    date_nanos: i64,
    second: [u8; 17],
    second_nanos: i64,
}

impl Clock {
    pub fn new() -> Self {
        Clock { date: *b"19700101", date_nanos: 0, second: *b"19700101-00:00:00", second_nanos: 0 }
    }

    /// `YYYYMMDD-HH:MM:SS` with up to 12 fractional digits (those past the ninth are dropped); NO_TIME for all else.
    pub fn parse_utc_timestamp(&mut self, text: &[u8]) -> i64 {
        let Some((second, fraction)) = text.split_first_chunk::<17>() else {
            return NO_TIME;
        };
        let fraction = match fraction {
            [] => 0,
            [b'.', digits @ ..] => match nanos(digits) {
                Some(nanos) => nanos,
                None => return NO_TIME,
            },
            _ => return NO_TIME,
        };
        if *second != self.second {
            let Some((date, [b'-', clock @ ..])) = second.split_first_chunk::<8>() else {
                return NO_TIME;
            };
            let nanos = self.at(date, clock, 0);
            if nanos == NO_TIME {
                return NO_TIME;
            }
            (self.second, self.second_nanos) = (*second, nanos);
        }
        self.second_nanos + fraction
    }

    /// The date `YYYYMMDD` and the time of day `HH:MM:SS`, with nanoseconds added.
    pub fn at(&mut self, date: &[u8; 8], clock: &[u8], fraction: i64) -> i64 {
        let &[h, hh, b':', m, mm, b':', s, ss] = clock else {
            return NO_TIME;
        };
        let (Some(hour), Some(minute), Some(second)) = (two_digits(h, hh), two_digits(m, mm), two_digits(s, ss)) else {
            return NO_TIME;
        };
        if hour > 23 || minute > 59 || second > 60 {
            return NO_TIME;
        }
        if *date != self.date {
            let Some(days) = days_since_1970(date) else {
                return NO_TIME;
            };
            self.date = *date;
            self.date_nanos = days * 86_400 * NANOS;
        }
        self.date_nanos + (hour * 3600 + minute * 60 + second) * NANOS + fraction
    }
}

/// One to twelve digits as a fraction of a second.
pub fn nanos(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 12 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let kept = &digits[..digits.len().min(9)];
    let value = kept.iter().fold(0i64, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some(value * 10i64.pow(9 - kept.len() as u32))
}

fn two_digits(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// None where there is no such day, or where int64 nanoseconds do not hold its whole year.
fn days_since_1970(date: &[u8; 8]) -> Option<i64> {
    let [a, b, c, d, e, f, g, h] = *date;
    let year = two_digits(a, b)? * 100 + two_digits(c, d)?;
    let (month, day) = (two_digits(e, f)?, two_digits(g, h)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if !(1678..=2261).contains(&year) || !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let last = if month == 2 && !leap { 28 } else { i64::from(DAYS_IN_MONTH[month as usize - 1]) };
    if day > last {
        return None;
    }
    // Years that begin in March put the leap day last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468)
}
