"""Where everything stands at one level of a message, by tag: what a class and all its components declare, in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from purefix_core.types.declare import Field, Group
from purefix_core.types.levels import Shape
from purefix_core.wire import tags

_FIRST = (tags.BEGIN_STRING, tags.BODY_LENGTH, tags.MSG_TYPE)
"""What begins a message whatever its dictionary says (FIX session protocol, message format)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One level of a message."""

    members: Mapping[int, Field | Group]
    """By tag, each at its first place."""
    ranks: Mapping[int, int]
    """The order in which tags are written."""
    rank_of_others: int
    """Where tags are written that the dictionary does not have at this level: before the trailer."""
    shape: Shape

    def rank(self, tag: int) -> int:
        return self.ranks.get(tag, self.rank_of_others)


_OTHERS = 0


def build_layout(
    members: Mapping[int, Field | Group], trailer: Collection[int] = (), data_tags: Mapping[int, int] | None = None
) -> Layout:
    """The layout of a level with those members, in their order.

    For a message: the tags of its `trailer`, and in `data_tags` for each LENGTH tag the DATA tag that it announces.
    """
    body = [tag for tag in members if tag not in _FIRST and tag not in trailer]
    last = [tag for tag in members if tag in trailer and tag != tags.CHECK_SUM]
    order = [*_FIRST, *body, _OTHERS, *last, tags.CHECK_SUM]
    _put_lengths_before_data(order, members)
    ranks = {tag: rank for rank, tag in enumerate(order)}
    groups = {tag: member.entry.layout().shape for tag, member in members.items() if isinstance(member, Group)}
    return Layout(members, ranks, ranks[_OTHERS], Shape(members, groups, data_tags or {}))


def _put_lengths_before_data(order: list[int], members: Mapping[int, Field | Group]) -> None:
    """A reader takes a data field for one only directly behind its length."""
    for tag, member in members.items():
        if isinstance(member, Field) and member.length_tag in members and tag in order:
            order.remove(member.length_tag)
            order.insert(order.index(tag), member.length_tag)
