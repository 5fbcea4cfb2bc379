"""Where everything stands at one level of a message, by tag: what a class and all its components declare, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from purefix_core.types.declare import Field, Group
from purefix_core.types.levels import Shape
from purefix_core.wire import tags

_FIRST = {tags.BEGIN_STRING: -3, tags.BODY_LENGTH: -2, tags.MSG_TYPE: -1}
"""Tags that begin a message whatever its dictionary says (FIX session protocol, message format)."""
_LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Layout:
    """One level of a message."""

    members: Mapping[int, Field | Group]
    """By tag, each at its first place."""
    ranks: Mapping[int, int]
    """The order in which tags are written."""
    shape: Shape


def build_layout(members: Mapping[int, Field | Group], data_tags: Mapping[int, int]) -> Layout:
    """The layout of a level with those members, in their order.

    `data_tags`: for each LENGTH tag the DATA tag that it announces.
    """
    ranks = {tag: rank for rank, tag in enumerate(members)}
    ranks.update({tag: rank for tag, rank in _FIRST.items() if tag in ranks})
    if tags.CHECK_SUM in ranks:
        ranks[tags.CHECK_SUM] = _LAST
    groups = {tag: member.entry.layout().shape for tag, member in members.items() if isinstance(member, Group)}
    return Layout(members, ranks, Shape(members, groups, data_tags))
