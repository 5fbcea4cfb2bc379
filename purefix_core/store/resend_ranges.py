"""`resend.json` beside a store: which messages are to be gap-filled instead of resent, as stale orders should be."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from purefix_core.registry.json_file import MAX_FILE_SIZE, read_json_object, shown
from purefix_core.store.records import MAX_SEQ_NUM, StoreError

FILE_NAME = "resend.json"
MOST_RANGES = 100_000

_RANGES, _FIRST, _LAST, _REASON = "gapFill", "from", "to", "reason"
_WITHDRAWN, _BEFORE = "withdrawn", "before"


class GapFillRange(NamedTuple):
    """One entry of the file. `others` are keys that we do not know; they are written again."""

    first: int
    last: int
    reason: str
    others: Mapping[str, object]


class Withdrawn(NamedTuple):
    """Messages that were never sent, or withdrawn by hand, and may stand in `messages.dat` for all time.

    Those with numbers from `first` to `last` that begin before the byte `before`: what is behind it is newer.
    """

    first: int
    last: int
    before: int

    def covers(self, seq_num: int, offset: int) -> bool:
        return self.first <= seq_num <= self.last and offset < self.before


@dataclass(frozen=True)
class GapFillRanges:
    """The ranges in order of their numbers; they may overlap. `seq_num in ranges` takes a microsecond."""

    ranges: tuple[GapFillRange, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    others: Mapping[str, object] = field(default_factory=dict)
    """Keys of the file that we do not know; they are written again."""

    @classmethod
    def load(cls, path: Path) -> GapFillRanges:
        """What the file says; no ranges where there is no file. Raises StoreError for a file that is not right."""
        file = read_json_object(path)
        document = file.document
        if document is None:
            if _is_missing(path):
                return cls()
            raise StoreError(f"{path}: {file.problem}")
        listed = document.get(_RANGES, [])
        if not isinstance(listed, list):
            raise StoreError(f"{path}: {_RANGES}: expected a list, found {shown(listed)}")
        if len(listed) > MOST_RANGES:
            raise StoreError(f"{path}: {_RANGES}: expected at most {MOST_RANGES:,} ranges, found {len(listed):,}")
        ranges = [_read(f"{path}: {_RANGES}[{number}]", entry) for number, entry in enumerate(listed)]
        withdrawn = document.get(_WITHDRAWN, [])
        if not isinstance(withdrawn, list):
            raise StoreError(f"{path}: {_WITHDRAWN}: expected a list, found {shown(withdrawn)}")
        rules = [_read_withdrawn(f"{path}: {_WITHDRAWN}[{number}]", entry) for number, entry in enumerate(withdrawn)]
        found = cls(_in_order(ranges), tuple(rules), _without_keys(document, _RANGES, _WITHDRAWN))
        if found.others or any(each.others for each in ranges):
            try:
                found.to_json()
            except RecursionError as error:
                raise StoreError(f"{path}: expected JSON that is not nested so deeply") from error
        return found

    def __iter__(self) -> Iterator[tuple[int, int, str]]:
        """The first number, the last one and the reason of each range."""
        return ((each.first, each.last, each.reason) for each in self.ranges)

    def __contains__(self, seq_num: object) -> bool:
        if not self.ranges or not isinstance(seq_num, int):
            return False
        firsts, lasts = self._joined
        place = bisect_right(firsts, seq_num) - 1
        return place >= 0 and seq_num <= lasts[place]

    @cached_property
    def _joined(self) -> tuple[list[int], list[int]]:
        """First and last numbers, with ranges that overlap made one."""
        firsts: list[int] = []
        lasts: list[int] = []
        for first, last, _, _ in self.ranges:
            if lasts and first <= lasts[-1]:
                lasts[-1] = max(lasts[-1], last)
            else:
                firsts.append(first)
                lasts.append(last)
        return firsts, lasts

    def with_range(self, first: int, last: int, reason: str = "") -> GapFillRanges:
        """These ranges and one more, which is made one with a range of the same reason that it directly follows.

        Raises ValueError for numbers that are no range, or one range too many.
        """
        _check(first, last)
        before = next((each for each in self.ranges if each[1:] == (first - 1, reason, {})), None)
        added = GapFillRange(before.first if before else first, last, reason, {})
        others = [each for each in self.ranges if each is not before]
        return self if added in others else self._with([*others, added])

    def without(self, first: int, last: int) -> GapFillRanges:
        """These ranges without the numbers from `first` to `last`; what is left of a range on either side stays, with
        its reason. Raises ValueError for numbers that are no range, or when that makes too many."""
        _check(first, last)
        left: list[GapFillRange] = []
        for each in self.ranges:
            if each.last < first or each.first > last:
                left.append(each)
                continue
            if each.first < first:
                left.append(each._replace(last=first - 1))
            if each.last > last:
                left.append(each._replace(first=last + 1))
        return self._with(left)

    def _with(self, ranges: list[GapFillRange]) -> GapFillRanges:
        if len(ranges) > MOST_RANGES:
            raise ValueError(f"expected at most {MOST_RANGES:,} ranges, found {len(ranges):,}")
        return replace(self, ranges=_in_order(ranges))

    def is_withdrawn(self, seq_num: int, offset: int) -> bool:
        """Whether the message of that number at that offset was never sent, or withdrawn by hand."""
        return any(each.covers(seq_num, offset) for each in self.withdrawn)

    def with_withdrawn(self, added: Iterable[Withdrawn]) -> GapFillRanges:
        """These and more that are withdrawn; what one of them covers whole is left out."""
        rules = list(self.withdrawn)
        for new in added:
            if any(old.first <= new.first and new.last <= old.last and new.before <= old.before for old in rules):
                continue
            rules = [
                old
                for old in rules
                if not (new.first <= old.first and old.last <= new.last and old.before <= new.before)
            ]
            rules.append(new)
        return replace(self, withdrawn=tuple(rules))

    def cut_to(self, end: int) -> GapFillRanges:
        """The same for a file of that size: what will be appended to it is not withdrawn."""
        rules = tuple(each._replace(before=min(each.before, end)) for each in self.withdrawn)
        return replace(self, withdrawn=tuple(each for each in rules if each.before > 0))

    def to_json(self) -> bytes:
        """The file: UTF-8, one range a line. Raises StoreError where it would be larger than `load` reads."""
        lines = [f"  {_text(key)}: {_text(value)}" for key, value in self.others.items()]
        lines.append(_listed(_RANGES, map(_as_entry, self.ranges)))
        if self.withdrawn:
            rules = ({_FIRST: each.first, _LAST: each.last, _BEFORE: each.before} for each in self.withdrawn)
            lines.append(_listed(_WITHDRAWN, rules))
        # A lone surrogate becomes the escape that JSON has for it.
        content = ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "backslashreplace")
        if len(content) > MAX_FILE_SIZE:
            raise StoreError(f"{FILE_NAME}: expected at most {MAX_FILE_SIZE:,} bytes, found {len(content):,} to write")
        return content


def _is_missing(path: Path) -> bool:
    """Not so where it cannot be known: what is listed there must not be resent."""
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _in_order(ranges: list[GapFillRange]) -> tuple[GapFillRange, ...]:
    return tuple(sorted(ranges, key=lambda each: (each.first, each.last)))


def _check(first: int, last: int) -> None:
    if not 1 <= first <= last <= MAX_SEQ_NUM:
        raise ValueError(f"expected a range of numbers from 1 to {MAX_SEQ_NUM}, found {first}-{last}")


def _read(place: str, entry: object) -> GapFillRange:
    if not isinstance(entry, dict):
        raise StoreError(f'{place}: expected an object such as {{"from": 120, "to": 134}}, found {shown(entry)}')
    first, last = (_number(f"{place}.{key}", entry.get(key)) for key in (_FIRST, _LAST))
    if first > last:
        raise StoreError(f"{place}.{_LAST}: expected {first} or more, as {_FIRST} is, found {last}")
    reason = entry.get(_REASON)
    if not (reason is None or isinstance(reason, str)):
        raise StoreError(f"{place}.{_REASON}: expected a text, found {shown(reason)}")
    return GapFillRange(first, last, reason or "", _without_keys(entry, _FIRST, _LAST, _REASON))


def _read_withdrawn(place: str, entry: object) -> Withdrawn:
    if not isinstance(entry, dict):
        raise StoreError(
            f'{place}: expected an object such as {{"from": 5, "to": 7, "before": 1200}}, found {shown(entry)}'
        )
    first, last = (_number(f"{place}.{key}", entry.get(key)) for key in (_FIRST, _LAST))
    return Withdrawn(first, last, _number(f"{place}.{_BEFORE}", entry.get(_BEFORE), 2**63 - 1))


def _number(place: str, value: object, most: int = MAX_SEQ_NUM) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    found = "nothing" if value is None else shown(value)
    raise StoreError(f"{place}: expected a whole number from 1 to {most}, found {found}")


def _without_keys(values: Mapping[str, object], *keys: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key not in keys}


def _listed(key: str, entries: Iterable[Mapping[str, object]]) -> str:
    """A list, one entry a line."""
    lines = ",".join(f"\n    {_text(each)}" for each in entries)
    return f"  {_text(key)}: [{lines}{lines and chr(10) + '  '}]"


def _as_entry(each: GapFillRange) -> dict[str, object]:
    reason = {_REASON: each.reason} if each.reason else {}
    return {_FIRST: each.first, _LAST: each.last, **reason, **each.others}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
