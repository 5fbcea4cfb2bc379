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
    length_tags: Mapping[int, int]
    """For each data field the tag of its length,"""
    data_tags: Mapping[int, int]
    """and the other way round."""
    tied_tags: frozenset[int]
    """The tags of both."""
    shape: Shape
    group_shapes: Mapping[int, Shape]
    """For each group the shape of a level that holds nothing else."""
    msg_type: bytes
    """MsgType(35) of a message that has one."""

    def rank(self, tag: int) -> int:
        return self.ranks.get(tag, self.rank_of_others)


_OTHERS = 0


def build_layout(
    members: Mapping[int, Field | Group],
    trailer: Collection[int] = (),
    data_tags: Mapping[int, int] | None = None,
    msg_type: str = "",
) -> Layout:
    """The layout of a level with those members, in their order.

    For a message: the tags of its `trailer`, and in `data_tags` for each LENGTH tag the DATA tag that it announces.
    """
    body = [tag for tag in members if tag not in _FIRST and tag not in trailer]
    last = [tag for tag in members if tag in trailer and tag != tags.CHECK_SUM]
    ranks = {tag: rank for rank, tag in enumerate((*_FIRST, *body, _OTHERS, *last, tags.CHECK_SUM))}
    lengths = {tag: each.length_tag for tag, each in members.items() if isinstance(each, Field) and each.length_tag}
    groups = {tag: each.entry.layout().shape for tag, each in members.items() if isinstance(each, Group)}
    return Layout(
        members=members,
        ranks=ranks,
        rank_of_others=ranks[_OTHERS],
        length_tags=lengths,
        data_tags={length: tag for tag, length in lengths.items()},
        tied_tags=frozenset(lengths) | frozenset(lengths.values()),
        shape=Shape(members, groups, data_tags or {}),
        group_shapes={tag: Shape((tag,), {tag: shape}) for tag, shape in groups.items()},
        msg_type=msg_type.encode(),
    )
