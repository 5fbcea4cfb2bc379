"""Finds the messages in a log: the rules of docs/scanning.md in plain Python.

A window of the file goes in, rows of the index come out. A decision that needs bytes behind the window waits for a
larger one, so that the result does not depend on where windows end. native/src/scanner.rs gives the same results.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from purefix_core.logs.index import (
    BODY_LENGTH_BAD,
    CHECK_SUM_BAD,
    INCOMING,
    MAX_INTERNED_LENGTH,
    NO_SEQ_NUM,
    OUTGOING,
    POSS_DUP,
    SEPARATOR_SHIFT,
    TRUNCATED,
    Batch,
    Segment,
    Skipped,
    join_skipped,
)
from purefix_core.logs.prefix import MAX_PREFIX, PrefixReader, prefix_start
from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.separators import SEPARATORS, Separator
from purefix_core.wire.timestamps import NO_TIME, parse_utc_timestamp

MAX_MESSAGE = 8 * 1024 * 1024
"""No message is longer; one whose end is not found within this many bytes is cut here."""

LOOK_BEHIND = MAX_PREFIX
"""So many bytes before the offset where scanning resumes must stay in the window: a prefix may lie there."""

_MAX_HEADER = 46  # "8=" + BeginString (15) + separator + "9=" + BodyLength (20) + separator + "35="
_MAX_TRAILER = 14  # separator + "10=" + 9 digits + the byte behind them
_MAX_SKIPPED_LENGTH = 65_536
_MAX_BATCH_MSG_TYPES = 65_535
"""As many as the column of a batch can tell apart: a batch ends when it holds so many."""
_MAX_SEQ_NUM = 2_147_483_647

_HEADER = (
    rb"8=(?P<begin_string>FIX[0-9A-Za-z._]{0,12})(?P<separator>%b)"
    rb"9=(?P<body_length>[^\x01|;#^=\r\n]{0,20})(?P=separator)35="
) % b"|".join(re.escape(separator.text) for separator in SEPARATORS)
_START = re.compile(_HEADER)
_LOOKS_LIKE_FIX = re.compile(rb"8=FIXT?\.\d")
_LINE_OR_START = re.compile(rb"\r?\n|8=FIX")
_LINE_END = re.compile(rb"\r?\n")
_BEGIN_STRING = re.compile(rb"8=FIX[0-9A-Za-z._]{0,12}")


class _Patterns(NamedTuple):
    """What the search for one separator needs."""

    separator: Separator
    trailer: re.Pattern[bytes]
    end: re.Pattern[bytes]
    value_end: re.Pattern[bytes]
    msg_seq_num: bytes
    sender: bytes
    target: bytes
    sending_time: bytes
    poss_dup: bytes


def _patterns(separator: Separator) -> _Patterns:
    text = re.escape(separator.text)
    return _Patterns(
        separator,
        re.compile(rb"%b10=([0-9]{3,9})(?![0-9])" % text),
        re.compile(rb"%b10=([0-9]{3,9})(?![0-9])|(?=%b)" % (text, _HEADER)),
        re.compile(rb"%b|\r?\n" % text),
        *(b"%b%d=" % (separator.text, tag) for tag in (34, 49, 56, 52, 43)),
    )


_PATTERNS = {separator.text: _patterns(separator) for separator in SEPARATORS}


def scan(window: bytes, base: int, start: int, stop: int, previous_end: int, at_end: bool) -> Batch:
    """The messages and skipped ranges of a file that begin at offset `start` or behind it, and before `stop`.

    `window` is what the file holds from offset `base` on: at least LOOK_BEHIND bytes before `start`, unless the file
    begins later. `at_end`: the file ends where the window ends. `previous_end`: as in the batch of the stretch before,
    0 at the file's beginning.
    """
    scanner = _Scanner(window, base, previous_end, at_end)
    scanner.scan(start - base, stop - base)
    return scanner.batch


def find_start(window: bytes) -> int:
    """The position of the first message start in `window`; -1 if there is none. What ends the window is cut off."""
    found = _START.search(window)
    return found.start() if found else -1


class _Scanner:
    """One window. Positions are the window's, offsets the file's."""

    def __init__(self, window: bytes, base: int, previous_end: int, at_end: bool) -> None:
        self.batch = Batch(Segment(), [], [], [], [], [], [], 0, 0, previous_end)
        self._window = window
        self._base = base
        self._at_end = at_end
        self._msg_type_codes: dict[bytes, int] = {}
        self._session_codes: dict[tuple[bytes, bytes, bytes], int] = {}
        self._prefixes = PrefixReader()
        self._seconds: dict[bytes, int] = {}

    def scan(self, position: int, stop: int) -> None:
        window, size = self._window, len(self._window)
        settled = size
        while True:
            if len(self.batch.msg_types) == _MAX_BATCH_MSG_TYPES:
                stop = min(stop, position)
            found = window.find(b"8=FIX", position, stop + 4)
            if found < 0:
                tail = max(position, min(size - 4, stop))  # "8=FI" may stand there
                resume = max(position, min(size, stop)) if self._at_end else tail
                settled = min(settled, tail)
                break
            header = _START.match(window, found)
            decided = header is not None or size - found >= _MAX_HEADER
            if decided or self._at_end:
                if header is None:
                    position, certain = self._skip(found)
                else:
                    position, certain = self._message(header)
                decided = decided and certain
            if not decided:
                settled = min(settled, found)
                if not self._at_end:
                    resume = found
                    break
        self.batch.resume = self._base + resume
        self.batch.settled = self._base + settled

    def _skip(self, found: int) -> tuple[int, bool]:
        """Pass over an `8=FIX` that begins no message. Returns (position to go on from, whether that is certain)."""
        window = self._window
        after_digit = found > 0 and 48 <= window[found - 1] <= 57
        if after_digit or not _LOOKS_LIKE_FIX.match(window, found):
            return found + 5, True
        limit = found + _MAX_SKIPPED_LENGTH
        end = _LINE_OR_START.search(window, found + 5, limit)
        stop = end.start() if end else min(len(window), limit)
        if end is None and stop < limit and not self._at_end:
            return found, False
        skipped = Skipped(self._base + found, stop - found, _why_no_message(window, found))
        join_skipped(self.batch.skipped, skipped)
        self.batch.previous_end = self._base + stop
        return stop, end is not None or stop == limit

    def _message(self, header: re.Match[bytes]) -> tuple[int, bool]:
        """Index the message that `header` begins. Returns (its end, whether that is certain)."""
        window, at_end = self._window, self._at_end
        begin_string, separator_text, length_text = header.group("begin_string", "separator", "body_length")
        patterns = _PATTERNS[separator_text]
        separator = patterns.separator
        start, body, width = header.start(), header.end() - 3, len(separator_text)
        announced = int(length_text) if length_text.isdigit() else -1
        if announced > MAX_MESSAGE:
            announced = -1

        decided = True
        end: re.Match[bytes] | None = None
        if announced >= 0 and width == 1:
            landing = body + announced - 1
            end = patterns.trailer.match(window, landing)
            if end is None and landing + _MAX_TRAILER > len(window):
                if not at_end:
                    return start, False
                decided = False
        if end is None:
            limit = start + MAX_MESSAGE
            end = patterns.end.search(window, header.end(), limit)
            decided = decided and (end is not None or len(window) >= limit)
        check_sum_text = end[1] if end else None
        if end is not None and check_sum_text is not None:
            stop, trailer = end.end(), end.start() + width
            decided = decided and stop + width <= len(window)
            if window.startswith(separator_text, stop):
                stop += width
        else:
            stop = end.start() if end else min(len(window), limit)
            line_end = _LINE_END.search(window, header.end(), stop)
            stop = line_end.start() if line_end else stop
        if not decided and not at_end:
            return start, False

        flags = separator.code << SEPARATOR_SHIFT
        if check_sum_text is None:
            flags |= TRUNCATED
        else:
            if body_length(window[body:trailer], separator) != announced:
                flags |= BODY_LENGTH_BAD
            if b"%03d" % check_sum(window[start:trailer], separator) != check_sum_text:
                flags |= CHECK_SUM_BAD
        self._add_row(start, header.end(), stop, begin_string, patterns, flags)
        self.batch.previous_end = self._base + stop
        return stop, decided

    def _add_row(
        self, start: int, msg_type_start: int, stop: int, begin_string: bytes, patterns: _Patterns, flags: int
    ) -> None:
        window, rows = self._window, self.batch.rows
        value_end = patterns.value_end

        def value(needle: bytes) -> bytes:
            at = window.find(needle, msg_type_start, stop)
            if at < 0:
                return b""
            at += len(needle)
            end = value_end.search(window, at, stop)
            return window[at : end.start() if end else stop]

        msg_type_end = value_end.search(window, msg_type_start, stop)
        msg_type = window[msg_type_start : msg_type_end.start() if msg_type_end else stop]
        log_time = NO_TIME
        lowest = self.batch.previous_end - self._base
        if start > max(lowest, 0):
            prefix = window[prefix_start(window, start, lowest) : start]
            if not prefix.isspace():
                log_time, direction = self._prefixes.read(prefix)
                if direction is not None:
                    flags |= INCOMING if direction == "in" else OUTGOING
        if value(patterns.poss_dup) == b"Y":
            flags |= POSS_DUP
        rows.offset.append(self._base + start)
        rows.length.append(stop - start)
        rows.msg_seq_num.append(_seq_num(value(patterns.msg_seq_num)))
        rows.sending_time.append(self._time(value(patterns.sending_time)))
        rows.log_time.append(log_time)
        rows.session.append(self._session_code(begin_string, value(patterns.sender), value(patterns.target)))
        rows.msg_type.append(self._msg_type_code(msg_type))
        rows.flags.append(flags)

    def _msg_type_code(self, msg_type: bytes) -> int:
        msg_type = msg_type[:MAX_INTERNED_LENGTH]
        batch = self.batch
        code = self._msg_type_codes.setdefault(msg_type, len(batch.msg_types))
        if code == len(batch.msg_types):
            batch.msg_types.append(msg_type)
            batch.msg_type_counts.append(0)
        batch.msg_type_counts[code] += 1
        return code

    def _session_code(self, begin_string: bytes, sender: bytes, target: bytes) -> int:
        session = (begin_string, sender[:MAX_INTERNED_LENGTH], target[:MAX_INTERNED_LENGTH])
        batch = self.batch
        code = self._session_codes.setdefault(session, len(batch.sessions))
        if code == len(batch.sessions):
            batch.sessions.append(session)
            batch.session_counts.append(0)
            batch.session_first_rows.append(len(batch.rows))
        batch.session_counts[code] += 1
        return code

    def _time(self, text: bytes) -> int:
        """As parse_utc_timestamp. Messages come many to a second, so each second is worked out once."""
        fraction = text[18:]
        if len(text) not in (17, 21, 24, 27) or (fraction and not (text[17] == 46 and fraction.isdigit())):
            return parse_utc_timestamp(text)
        second = text[:17]
        nanos = self._seconds.get(second)
        if nanos is None:
            if len(self._seconds) >= 65_536:
                self._seconds.clear()
            nanos = self._seconds[second] = parse_utc_timestamp(second)
        return nanos + int(fraction.ljust(9, b"0")) if fraction and nanos != NO_TIME else nanos


def _seq_num(text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        return NO_SEQ_NUM
    number = int(text)
    return number if number <= _MAX_SEQ_NUM else NO_SEQ_NUM


def _why_no_message(window: bytes, found: int) -> str:
    """Why the text at `found`, which looks like FIX, is no message, in words for a person."""
    begin_string = _BEGIN_STRING.match(window, found)
    assert begin_string is not None  # the caller matched _LOOKS_LIKE_FIX here
    position = begin_string.end()
    separator = next((s for s in SEPARATORS if window.startswith(s.text, position)), None)
    if separator is None:
        return "cut off in the header" if position == len(window) else "no known separator behind BeginString"
    position += len(separator.text)
    if not window.startswith(b"9=", position):
        return "cut off in the header" if len(window) - position < 2 else "BodyLength (9) does not follow BeginString"
    end = window.find(separator.text, position, position + 23)
    if end < 0 or len(window) - end < 3 + len(separator.text):
        if len(window) - position < 23 + 3:
            return "cut off in the header"
        return "BodyLength (9) is too long"
    return "MsgType (35) does not follow BodyLength"
