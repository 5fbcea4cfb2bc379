"""What a message, component or repeating group is made of, and how it looks flattened into one level.

A component is an inclusion by name, so on the wire its fields stand at the level of whatever includes it; only a
repeating group opens a level of its own. Definitions are read on first use: the members of components and groups,
and the levels, are asked from a `MemberSource` when they are needed, and it keeps what it has read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

AT_LEVEL = -1
"""`Slot.component` of a member that no component contains."""


class MemberSource(Protocol):
    """Where the members of a message, component or group are read from, by their position there."""

    def members(self, position: int) -> tuple[Member, ...]: ...

    def level(self, position: int) -> Level: ...


@dataclass(frozen=True, slots=True)
class FieldMember:
    """A field of a message, component or group."""

    tag: int
    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class ComponentMember:
    """A component included by name. `tag` is 0: a component has none."""

    name: str
    required: bool
    source: MemberSource = field(repr=False, compare=False)
    position: int = field(repr=False)
    tag: int = 0

    @property
    def members(self) -> tuple[Member, ...]:
        return self.source.members(self.position)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A repeating group; `tag` and `name` are those of the field that counts its entries."""

    tag: int
    name: str
    required: bool
    source: MemberSource = field(repr=False, compare=False)
    position: int = field(repr=False)

    @property
    def members(self) -> tuple[Member, ...]:
        return self.source.members(self.position)

    @property
    def level(self) -> Level:
        """The members of one entry, flattened."""
        return self.source.level(self.position)


Member = FieldMember | ComponentMember | GroupMember


@dataclass(frozen=True, slots=True)
class MessageDef:
    """A message; its members are read on first use. `category` is "admin" or "app"."""

    msg_type: str
    name: str
    category: str
    source: MemberSource = field(repr=False, compare=False)
    position: int = field(repr=False)

    @property
    def members(self) -> tuple[Member, ...]:
        return self.source.members(self.position)

    @property
    def level(self) -> Level:
        """The members of the message's body, flattened."""
        return self.source.level(self.position)


class LevelComponent(NamedTuple):
    """A component at a level: `parent` is the index of the component around it, or AT_LEVEL."""

    name: str
    parent: int
    required: bool


class Slot(NamedTuple):
    """The place of a tag at a level: its member, the index of the innermost component around it (or AT_LEVEL), and
    its rank in the order of the definition."""

    member: FieldMember | GroupMember
    component: int
    rank: int


@dataclass(frozen=True, slots=True)
class Level:
    """Everything that may stand at one level of a message, by tag."""

    slots: Mapping[int, Slot]
    components: tuple[LevelComponent, ...]
    required: tuple[Slot, ...]
    """The slots whose member is required, provided that every optional component around it is present."""
    first_tag: int
    """The tag that begins an entry, where this is the level of a repeating group; 0 at an empty level."""


def build_level(members: tuple[Member, ...]) -> Level:
    """Flatten `members`. Of a tag that occurs twice the first place counts; a component is entered once a level,
    so that the work stays linear however often components include each other. (How deeply they may is limited where
    dictionaries are read.)"""
    slots: dict[int, Slot] = {}
    components: list[LevelComponent] = []
    entered: set[int] = set()

    def add(members: tuple[Member, ...], component: int) -> None:
        for member in members:
            if not isinstance(member, ComponentMember):
                slots.setdefault(member.tag, Slot(member, component, len(slots)))
            elif member.position not in entered:
                entered.add(member.position)
                components.append(LevelComponent(member.name, component, member.required))
                add(member.members, len(components) - 1)

    add(members, AT_LEVEL)
    return Level(
        slots=slots,
        components=tuple(components),
        required=tuple(slot for slot in slots.values() if slot.member.required),
        first_tag=next(iter(slots), 0),
    )


def all_tags(level: Level) -> frozenset[int]:
    """Every tag of a level and of the groups in it, at any depth."""
    return frozenset(tag for inner, _ in _levels_in(level) for tag in inner.slots)


def group_holding(level: Level, tag: int) -> GroupMember | None:
    """A group inside `level`, at any depth, whose entries may hold `tag`."""
    return next((group for inner, group in _levels_in(level) if group is not None and tag in inner.slots), None)


def _levels_in(level: Level) -> Iterator[tuple[Level, GroupMember | None]]:
    """`level` and the level of every group in it, outer ones first; each definition of a group is visited once."""
    waiting: list[tuple[Level, GroupMember | None]] = [(level, None)]
    visited: set[int] = set()
    for inner, group in waiting:
        yield inner, group
        for slot in inner.slots.values():
            if isinstance(slot.member, GroupMember) and slot.member.position not in visited:
                visited.add(slot.member.position)
                waiting.append((slot.member.level, slot.member))
