"""`session.meta`: the numbers of a session as JSON that people edit by hand (spec: session.meta format)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from purefix_core.registry.json_file import parse_json_object, shown
from purefix_core.registry.small_file import UNREADABLE
from purefix_core.store.records import MAX_SEQ_NUM, FixSessionState, StoreError
from purefix_core.store.regular import open_to_read
from purefix_core.wire.timestamps import NANOS, from_datetime, is_nanos, to_iso

FILE_NAME = "session.meta"

LARGEST_IN_PLACE = 4096
"""Bytes; the kernel writes as many with one call, or none: a process that is killed leaves no torn file."""

_SMALLEST = 512
"""Bytes; room for every value that may come, so that the length stays the same."""
LARGEST_FILE = 1024 * 1024
"""Bytes; more are not read."""
_MOST_READS = 100

_COMP_IDS = ("senderCompId", "targetCompId")
_NUMBERS = ("lastSentSeqNum", "lastReceivedSeqNum")
_TIMES = ("lastReceivedTime", "createdTime", "lastModifiedTime")
_SLOTS = (*_NUMBERS, *_TIMES)
KEYS = (*_COMP_IDS, *_NUMBERS, *_TIMES)
"""Those of the documents; other ones are kept."""
_KEYS = {key.casefold(): key for key in KEYS}
_ISO = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:[.,](\d{1,30}))?\s*([Zz]|[+-]\d\d:?\d\d)?")


class MetaTemplate:
    """The text of a `session.meta` with places for its numbers and times.

    Keys of others stand in it as they stood in the file, in the order of the file.
    """

    def __init__(self, sender_comp_id: str, target_comp_id: str, values: Mapping[str, object]) -> None:
        comp_ids = {"senderCompId": sender_comp_id, "targetCompId": target_comp_id}
        lines = {_KEYS.get(key.casefold(), key): (key, _escaped(_json(value))) for key, value in values.items()}
        for key in _KEYS.values():
            spelling = lines[key][0] if key in lines else key
            value = _escaped(_json(comp_ids[key])) if key in comp_ids else "%d" if key in _NUMBERS else "%b"
            lines[key] = spelling, value
        text = ",\n".join(f"  {_escaped(_json(key))}: {value}" for key, value in lines.values())
        # A lone surrogate becomes the escape that JSON has for it.
        self._template = ("{\n" + text + "\n}").encode("utf-8", "backslashreplace")
        self._in_order = itemgetter(*(_SLOTS.index(key) for key in lines if key in _SLOTS))
        longest = FixSessionState("", "", MAX_SEQ_NUM, MAX_SEQ_NUM, _LONGEST_TIME, _LONGEST_TIME, _LONGEST_TIME)
        self.length = max(_SMALLEST, len(self.render(longest)))
        """Bytes of the padded file: enough for all numbers and times."""

    def render(self, state: FixSessionState) -> bytes:
        """The file with the numbers and times of `state`, not padded."""
        return self._text(state) + b"\n"

    def padded(self, state: FixSessionState) -> bytes:
        """The file with blanks in front of its last line feed, so that it is always of the same length."""
        return self._text(state).ljust(self.length - 1) + b"\n"

    def _text(self, state: FixSessionState) -> bytes:
        _, _, sent, received, received_time, created, modified = state
        values = sent, received, _iso(received_time), _iso(created), _iso(modified)
        text: bytes = self._template % self._in_order(values)
        return text


@dataclass(frozen=True)
class SessionMeta:
    """What the file says, and the rest of its text."""

    state: FixSessionState
    template: MetaTemplate


def new_session_meta(sender_comp_id: str, target_comp_id: str, created_time: int) -> SessionMeta:
    """The file of a session that nothing was sent or received in."""
    state = FixSessionState(sender_comp_id, target_comp_id, 0, 0, None, created_time, created_time)
    return SessionMeta(state, MetaTemplate(sender_comp_id, target_comp_id, {}))


def read_session_meta(path: Path) -> SessionMeta:
    """Raises StoreError for a file that is not as the documents have it; FileNotFoundError where there is none."""
    return parse_session_meta(path, read_settled(path))


def read_settled(path: Path) -> bytes:
    """The content of a file that a running session may be writing in place: read until two reads agree."""
    try:
        before = _read(path)
        for _ in range(_MOST_READS):
            content = _read(path)
            if content == before:
                return content
            before = content
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise StoreError(f"{path}: {UNREADABLE}: {error.strerror}") from error
    raise StoreError(f"{path}: keeps changing while it is read; try again")


def _read(path: Path) -> bytes:
    with open(open_to_read(path), "rb") as file:  # noqa: PTH123 - a descriptor
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise StoreError(f"{path}: {UNREADABLE}: more than {LARGEST_FILE:,} bytes are no session.meta")
    return content


def parse_session_meta(path: Path, content: bytes, comp_ids: tuple[str, str] | None = None) -> SessionMeta:
    """`path` is for messages. A BOM, CR LF, unknown keys, null times and numbers in quotes are all right.

    `comp_ids`: those that a file without CompIDs gets.
    """
    document, problem = parse_json_object(content, twice=False)
    if document is None:
        raise StoreError(f"{path}: {problem}")
    values: dict[str, object] = {}
    for key, value in document.items():
        known = _KEYS.get(key.casefold())
        if known in values:
            raise StoreError(f"{path}: {key}: expected once, found twice in different cases")
        if known is not None:
            values[known] = value
    sender, target = (_text(path, key, values.get(key)) for key in _COMP_IDS)
    if comp_ids is not None and not (sender or target):
        sender, target = comp_ids
    sent, received = (_number(path, key, values.get(key)) for key in _NUMBERS)
    received_time, created, modified = (_time(path, key, values.get(key)) for key in _TIMES)
    try:
        template = MetaTemplate(sender, target, document)
    except RecursionError as error:
        raise StoreError(f"{path}: expected JSON that is not nested so deeply") from error
    if template.length > LARGEST_FILE:
        raise StoreError(f"{path}: {UNREADABLE}: with room for all numbers it has more than {LARGEST_FILE:,} bytes")
    state = FixSessionState(sender, target, sent, received, received_time, created, modified)
    return SessionMeta(state, template)


def _text(path: Path, key: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(path, key, "a CompID in quotes", value)
    return value


def _number(path: Path, key: str, value: object) -> int:
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SEQ_NUM:
        raise _wrong(path, key, f"a whole number from 0 to {MAX_SEQ_NUM:,}", value)
    return value


def _time(path: Path, key: str, value: object) -> int | None:
    if value is None or value == "":
        return None
    match = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        moment, fraction, zone = match.groups()
        try:
            second = datetime.fromisoformat(moment.upper() + (zone or "Z").upper())
            nanos = from_datetime(second) + int((fraction or "").ljust(9, "0")[:9])
        except (ValueError, OverflowError):
            pass
        else:
            return nanos if is_nanos(nanos) else None  # .NET writes the year 1 where there is no time
    raise _wrong(path, key, 'a time such as "2025-01-09T16:30:45Z", or null', value)


def _wrong(path: Path, key: str, expected: str, value: object) -> StoreError:
    found = "nothing" if value is None else shown(value)
    return StoreError(f"{path}: {key}: expected {expected}, found {found}")


@lru_cache(maxsize=16)
def _iso(nanos: int | None) -> bytes:
    """A time in quotes, or null. Kept, since most writes have two times that are the same, and one that stays."""
    if nanos is None:
        return b"null"
    second, fraction = divmod(nanos, NANOS)
    text = _second_text(second)
    if not fraction:
        return b'"%bZ"' % text
    if not fraction % 1_000_000:
        return b'"%b.%03dZ"' % (text, fraction // 1_000_000)
    if not fraction % 1000:
        return b'"%b.%06dZ"' % (text, fraction // 1000)
    return b'"%b.%09dZ"' % (text, fraction)


@lru_cache(maxsize=16)
def _second_text(second: int) -> bytes:
    """A second without its Z. Kept, since it is most of the work, and the same for each of thousands of messages."""
    return to_iso(second * NANOS)[:-1].encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escaped(text: str) -> str:
    """Text that the operator % of bytes leaves as it is."""
    return text.replace("%", "%%")


_LONGEST_TIME = NANOS - 1
"""One with nine fractional digits."""
