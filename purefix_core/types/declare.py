"""How the class of a message, component or group entry declares its members, one line each:

    class Instrument(Component):
        Symbol: str | None = field(55, "STRING", default=None)
        NoSecurityAltID: list[NoSecurityAltIDEntry] = group(454, NoSecurityAltIDEntry, default=())

`default` tells type checkers that the member may be left out where the class is called (PEP 681); it has no other use.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any

from purefix_core.dictionary.datatypes import TYPES
from purefix_core.types.values import Read, Write, reader, writer
from purefix_core.wire import tags
from purefix_core.wire.separators import SOH

if TYPE_CHECKING:
    from purefix_core.types.block import Block
    from purefix_core.types.fieldset import Component, GroupEntry


class Field:
    """A field: its tag, FIX type and, where the dictionary lists its values, the enum of them.

    The functions that convert its values are made when one is first needed, since an enum may have to be imported.
    """

    __slots__ = ("_enum", "also_written", "is_shared", "kind", "length_tag", "name", "read", "tag", "write")

    def __init__(self, tag: int, kind: str, enum: Callable[[], type[Enum]] | None, name: str, length_tag: int) -> None:
        if kind not in TYPES:
            raise ValueError(f"tag {tag}: {kind!r} is no FIX type")
        self.tag = tag
        self.kind = kind
        self.name = name
        """What the dictionary calls it; where it was not given, the attribute's name."""
        self.length_tag = length_tag
        """Of a data field the LENGTH field before it, 0 where none is known."""
        self.also_written: Collection[int] = (length_tag,) if length_tag else ()
        """The other tags that `write_to` sets."""
        self.is_shared = False
        """The tag is reached in several ways from one level, so that no view can know when its value was set."""
        self._enum = enum
        self.read: Read = self._first_read
        self.write: Write = writer(kind)

    def _first_read(self, raw: bytes) -> object:
        self.read = reader(self.kind, self.enum)
        return self.read(raw)

    def read_from(self, block: Block) -> object:
        level = block.level
        raw = block.value(self.tag) if level is None or block.changes else level.value(self.tag)
        return None if raw is None else self.read(raw)

    def write_to(self, block: Block, value: object) -> object:
        """Put `value`, or None, into the block; what reading it then gives. Raises TypeError and ValueError."""
        raw = None if value is None else self.write(value)
        if raw is not None and not self.length_tag and SOH.text in raw:
            raise ValueError("the value holds SOH (byte 1), which ends a field that has no length field")
        block.put(self.tag, raw, self.length_tag)
        return None if raw is None else self.read(raw)

    @property
    def enum(self) -> type[Enum] | None:
        """The enum of the field's values, or None."""
        return None if self._enum is None else self._enum()


class Group:
    """A repeating group: the tag of its counter and the class of its entries."""

    __slots__ = ("entry", "name", "tag")

    def __init__(self, tag: int, entry: type[GroupEntry], name: str) -> None:
        self.tag = tag
        self.entry = entry
        self.name = name

    also_written = ()
    is_shared = True  # the block keeps the list

    def read_from(self, block: Block) -> object:
        return block.entries(self)

    def write_to(self, block: Block, value: object) -> object:
        if value is not None and not isinstance(value, Iterable):
            raise TypeError(f"expected a list of {self.entry.__name__}, found {type(value).__name__}")
        entries = [] if value is None else list(value)
        member = block.members.get(self.tag, self)
        for entry in entries:
            (member if isinstance(member, Group) else self).check(entry)
        block.put_entries(self.tag, entries)
        return entries

    def check(self, entry: object) -> None:
        """Raises TypeError for what is no entry of this group."""
        if not isinstance(entry, self.entry):
            raise TypeError(f"expected entries of {self.entry.__qualname__}, found {type(entry).__qualname__}")


class Part:
    """A component: its fields stand at the level of whatever holds it."""

    __slots__ = ("_component", "name")

    def __init__(self, component: Callable[[], type[Component]], name: str) -> None:
        self._component = component
        self.name = name

    is_shared = False

    @property
    def component(self) -> type[Component]:
        return self._component()

    @property
    def also_written(self) -> Collection[int]:
        return self.component.by_tag()

    def read_from(self, block: Block) -> object:
        return self.component.over(block)

    def write_to(self, block: Block, value: object) -> object:
        """Copy the fields of the component `value`; None takes all of its fields away."""
        component = self.component
        if value is not None and not isinstance(value, component):
            raise TypeError(f"expected {component.__qualname__}, found {type(value).__qualname__}")
        source = None if value is None else value._block
        for tag, member in component.by_tag().items():
            if source is block or tag in tags.ENVELOPE:
                continue
            if isinstance(member, Group):
                entries = [] if source is None else [entry.copy() for entry in source.entries(member)]
                if entries or block.has(tag):
                    block.put_entries(tag, entries)
            else:
                raw = None if source is None else source.value(tag)
                if raw is not None or block.has(tag):
                    block.put(tag, raw, member.length_tag)
        return component.over(block)


Member = Field | Group | Part


def field(
    tag: int,
    kind: str,
    *,
    enum: Callable[[], type[Enum]] | None = None,
    length: int = 0,
    name: str = "",
    default: object = None,  # noqa: ARG001 (for type checkers)
) -> Any:
    """A field of FIX type `kind`, in capitals as in `datatypes`.

    `enum`: gives the enum of its values. `length`: of a data field the tag of the LENGTH field before it. `name`: the
    dictionary's, where it is no identifier.
    """
    return Field(tag, kind, enum, name, length)


def group(
    tag: int,
    entry: type[GroupEntry],
    *,
    name: str = "",
    default: object = (),  # noqa: ARG001 (for type checkers)
) -> Any:
    """A repeating group, `tag` being that of its counter."""
    return Group(tag, entry, name)


def component(
    made_by: Callable[[], type[Component]],
    *,
    name: str = "",
    default: object = None,  # noqa: ARG001 (for type checkers)
) -> Any:
    """A component; `made_by` gives its class, when it is called."""
    return Part(made_by, name)
