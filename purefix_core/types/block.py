"""The fields of one level of a message: those that were parsed, and what was changed since.

A message, its header, its trailer and its components are views of one block, since a component leaves no trace on the
wire; each entry of a repeating group has a block of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING

from purefix_core.types.declare import Field, Group

if TYPE_CHECKING:
    from purefix_core.types.fieldset import GroupEntry
    from purefix_core.types.levels import Level


class Block:
    """Knows its fields by tag. `level` is None for what was never parsed; `members` are those of the class that the
    block was made for, by tag, whatever views of it there are."""

    __slots__ = ("changes", "level", "lists", "members")

    def __init__(self, level: Level | None, members: Mapping[int, Field | Group]) -> None:
        self.level = level
        self.members = members
        self.changes: dict[int, bytes | None] = {}
        """New values by tag; None takes a field away."""
        self.lists: dict[int, tuple[list[GroupEntry], list[GroupEntry] | None]] = {}
        """By the tag of its counter, each group that was asked for or set: the list that the user has, which he may
        change at any time, and a copy of what was parsed (None where the list was set)."""

    def put(self, tag: int, value: bytes | None, length_tag: int = 0) -> None:
        """Set a field, or take it away, and with it the field that tells its length."""
        self.changes[tag] = value
        if length_tag:
            self.changes[length_tag] = None if value is None else b"%d" % len(value)

    def value(self, tag: int) -> bytes | None:
        """The value of the first field with that tag, None without one."""
        if tag in self.changes:
            return self.changes[tag]
        return None if self.level is None else self.level.value(tag)

    def entries(self, group: Group) -> list[GroupEntry]:
        """The entries of a group: always the same list, whose changes count.

        They are of one class whichever component they are asked through, that of the group's first place.
        """
        found = self.lists.get(group.tag)
        if found is None:
            first = self.members.get(group.tag)
            entry = first.entry if isinstance(first, Group) else group.entry
            levels = [] if self.level is None else self.level.entries(group.tag)
            parsed = [entry.over(Block(level, entry.by_tag())) for level in levels]
            found = self.lists[group.tag] = (list(parsed), parsed)
        return found[0]

    def put_entries(self, tag: int, entries: list[GroupEntry]) -> None:
        self.lists[tag] = (entries, None)

    def copy(self) -> Block:
        """One with the same fields; changes of either do not concern the other."""
        other = Block(self.level, self.members)
        other.changes = dict(self.changes)
        for tag, (entries, _) in self.lists.items():
            if self.is_list_changed(tag):
                other.put_entries(tag, [copy(entry) for entry in entries])
        return other

    def has(self, tag: int) -> bool:
        """Whether there is a field with that tag, or an entry of the group that it counts."""
        if self.is_list_changed(tag):
            return bool(self.lists[tag][0])
        return self.value(tag) is not None

    def is_changed(self) -> bool:
        return bool(self.changes) or any(self.is_list_changed(tag) for tag in self.lists)

    def is_list_changed(self, tag: int) -> bool:
        """Whether the group has other entries than were parsed, or one of them was changed."""
        if tag not in self.lists:
            return False
        entries, parsed = self.lists[tag]
        if parsed is None or len(entries) != len(parsed):
            return bool(entries) or parsed != []
        return any(a is not b or a.is_changed() for a, b in zip(entries, parsed, strict=True))
