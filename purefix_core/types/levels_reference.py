"""The levels of a message in plain Python: what runs where the native module was not built, and what that is tested by.

A level is the message itself (header, body and trailer together) or one entry of a repeating group. Fields are told
apart as purefix_core/wire/message.py does it, groups by the rules of purefix_core/dictionary/decode.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from purefix_core.wire.message import Field, tokenise
from purefix_core.wire.separators import separator_for

_MAX_TAG = 999_999_999
_MAX_DEPTH = 24
_MAX_BYTES = 2**32
_NO_TAGS: Mapping[int, int] = MappingProxyType({})


class Shape:
    """The tags that may stand at one level of a message, and the shapes of the repeating groups that open there.

    `groups` maps the tag of each counter (NumInGroup) to the shape of one entry; a counter is a tag of the level, in
    `tags` or not. `data_tags` maps each LENGTH tag to the DATA tag that it announces; only that of the message's own
    shape counts. Raises ValueError for a tag outside 1 to 999,999,999, and where groups nest more than 24 deep. Not to
    be changed after it was made.
    """

    __slots__ = ("_data_tags", "_depth", "_groups", "_tags")

    def __init__(
        self, tags: Iterable[int], groups: Mapping[int, Shape], data_tags: Mapping[int, int] = _NO_TAGS
    ) -> None:
        self._tags = frozenset(map(_checked, (*tags, *groups)))
        self._groups = MappingProxyType(dict(groups))
        self._data_tags = MappingProxyType({_checked(length): _checked(data) for length, data in data_tags.items()})
        self._depth: int = max((shape._depth + 1 for shape in groups.values()), default=0)
        if self._depth > _MAX_DEPTH:
            raise ValueError(f"groups are nested more than {_MAX_DEPTH} deep")


def _checked(tag: int) -> int:
    if not isinstance(tag, int) or not 0 < tag <= _MAX_TAG:
        raise ValueError(f"{tag!r} is no tag: 1 to {_MAX_TAG} is expected")
    return tag


class _Place:
    """One piece of a level: the field at `first`, or a group from its counter there to `stop`. `entries` has the
    places of each entry."""

    __slots__ = ("entries", "first", "stop")

    def __init__(self, first: int) -> None:
        self.first = first
        self.stop = first + 1
        self.entries: list[list[_Place]] = []


class _Message:
    """The bytes of a message and its fields, which its levels share."""

    def __init__(self, raw: bytes, separator: bytes, shape: Shape) -> None:
        self.raw = raw
        self.separator = separator
        self.fields = tokenise(raw, separator_for(separator), shape._data_tags)

    @property
    def ends_with_separator(self) -> bool:
        return not self.fields or self.fields[-1].end < len(self.raw)

    def value(self, index: int) -> bytes:
        _, start, end = self.fields[index]
        return self.raw[start:end]

    def start(self, index: int) -> int:
        """Where the field at `index` begins, its tag included; behind the last one the message's end."""
        return min(self.fields[index - 1].end + len(self.separator), len(self.raw)) if index else 0


class Level:
    """One level of a parsed message. Not to be changed."""

    __slots__ = ("_message", "_places", "_places_by_tag", "end", "raw", "separator", "start")

    def __init__(self, message: _Message, places: list[_Place]) -> None:
        self.raw = message.raw
        self.separator = message.separator
        self.start = message.start(places[0].first) if places else 0
        """Where the level begins in `raw`."""
        self.end = message.start(places[-1].stop) if places else 0
        """Behind the last separator of the level, or the end of `raw`."""
        self._message = message
        self._places = places
        self._places_by_tag = {message.fields[place.first].tag: place for place in reversed(places)}

    def value(self, tag: int) -> bytes | None:
        """The value of the first `tag` at this level (not inside its groups), or None."""
        place = self._places_by_tag.get(tag)
        return None if place is None else self._message.value(place.first)

    def entries(self, tag: int) -> list[Level]:
        """The entries of the group that the first counter `tag` opens at this level; none if it is no such counter."""
        place = self._places_by_tag.get(tag)
        return [] if place is None else [Level(self._message, places) for places in place.entries]

    def pieces(self) -> list[tuple[int, int, int]]:
        """Tag, start and end of every piece of the level in order; joined, they are `raw[start:end]`.

        A group is one piece, from its counter to the end of its last entry. The tag is 0 for what is no `tag=value`.
        """
        message = self._message
        return [
            (message.fields[place.first].tag, message.start(place.first), message.start(place.stop))
            for place in self._places
        ]

    def spliced(self, pieces: dict[int, bytes | None]) -> bytes | None:
        """The bytes of the level in which each of `pieces` stands for the first one with its tag; None takes all away.

        A last piece that was kept and has no separator behind it gets one. None where there is a piece for a tag that
        the level does not have.
        """
        waiting = dict(pieces)
        kept: list[bytes] = []
        for tag, start, end in self.pieces():
            if tag in waiting:
                kept.append(waiting[tag] or b"")
                if waiting[tag] is not None:
                    del waiting[tag]
            else:
                kept.append(self.raw[start:end])
                if end > start and end == len(self.raw) and not self._message.ends_with_separator:
                    kept.append(self.separator)
        return None if any(waiting.values()) else b"".join(kept)


def parse_level(raw: bytes, separator: bytes, shape: Shape) -> Level:
    """The topmost level of the message `raw`, whatever it holds; `separator` has one byte or two.

    Raises TypeError unless `raw` is bytes and nothing derived from it, ValueError for 2**32 bytes and more, and for
    another separator.
    """
    if type(raw) is not bytes:
        raise TypeError(f"raw must be bytes, not {type(raw).__name__}")
    if len(raw) >= _MAX_BYTES:
        raise ValueError("a message must be shorter than 2**32 bytes")
    if len(separator) not in (1, 2):
        raise ValueError("a separator has one byte or two")
    message = _Message(raw, separator, shape)
    groups = _Groups(message)
    places: list[_Place] = []
    index = 0
    while index < len(message.fields):
        places.append(groups.place(index, (shape,)))
        index = places[-1].stop
    return Level(message, places)


class _Groups:
    """Finds the entries of the groups of a message. The levels around a field are told with the innermost first."""

    def __init__(self, message: _Message) -> None:
        self.message = message
        self.fields: list[Field] = message.fields
        self._foreign = (0, 0)
        """The last run of fields that had no place: its first one and the one behind it."""

    def place(self, index: int, levels: tuple[Shape, ...]) -> _Place:
        """The field at `index` and the group that it may open at the innermost of `levels`."""
        place = _Place(index)
        entry = levels[0]._groups.get(self.fields[index].tag)
        if entry is not None:
            self._fill(place, (entry, *levels))
        return place

    def _fill(self, group: _Place, levels: tuple[Shape, ...]) -> None:
        """Find the entries behind a counter.

        An entry begins with the tag that the first one began with, or with a tag that the current one already has,
        unless that directly repeats the field before it.
        """
        said = self.message.value(group.first)
        expected = int(said) if said.isdigit() and len(said) < 10 else None
        shape, *outer = levels
        seen: set[int] = set()
        delimiter = previous = 0
        while group.stop < len(self.fields):
            tag = self.fields[group.stop].tag
            if tag not in shape._tags:
                behind = self._behind_foreign(group.stop, levels) if group.entries else group.stop
                if behind in (group.stop, len(self.fields)) or self.fields[behind].tag not in shape._tags:
                    break
                group.entries[-1].extend(map(_Place, range(group.stop, behind)))
                group.stop = behind
                continue
            again = not group.entries or tag == delimiter or tag in seen
            if again and len(group.entries) == expected and any(tag in level._tags for level in outer):
                break  # all entries are there, and the tag has a place outside as well
            if not group.entries or tag == delimiter or (again and tag != previous):
                delimiter = delimiter or tag
                group.entries.append([])
                seen = set()
            place = self.place(group.stop, levels)
            group.entries[-1].append(place)
            seen.add(tag)
            previous = tag
            group.stop = place.stop

    def _behind_foreign(self, index: int, levels: tuple[Shape, ...]) -> int:
        """The index of the first field from `index` on that has a place in one of the levels, or behind the last."""
        behind = index
        if self._foreign[0] == index:  # the level inside has looked; what it had no place for, those around have not
            behind = max(self._foreign[1], index)
        while behind < len(self.fields) and not any(self.fields[behind].tag in level._tags for level in levels):
            behind += 1
        self._foreign = (index, behind)
        return behind
