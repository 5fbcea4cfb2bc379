"""Whether a package of typed messages still says what its dictionary says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from purefix_core.dictionary.definitions import Definitions

if TYPE_CHECKING:
    from purefix_core.types.declare import Field, Group
    from purefix_core.types.message import Message


def first_difference(classes: Mapping[str, type[Message]], definitions: Definitions) -> str:
    """The first thing in which one of the classes, by MsgType, is not what the dictionary would make of it; else empty.

    Field by field with their enums, so it imports the whole package: some seconds for FIX 5.0 SP2.
    """
    from purefix_core.types.runtime import RuntimeTypes

    types = RuntimeTypes(definitions)
    for msg_type, kind in sorted(classes.items()):
        expected = types.get_message_type_by_msg_type(msg_type)
        if expected is not None:
            found = _difference(kind.by_tag(), expected.by_tag())
            if found:
                return f"{kind.__name__} {found}"
    return ""


def _difference(own: Mapping[int, Field | Group], expected: Mapping[int, Field | Group]) -> str:
    from purefix_core.types.declare import Group

    for tag in sorted(own.keys() | expected.keys()):
        mine, other = own.get(tag), expected.get(tag)
        if mine is None or other is None:
            return f"{'lacks' if mine is None else 'has'} tag {tag}"
        if mine.name != other.name:
            return f"calls tag {tag} {mine.name}, which is {other.name} now"
        if isinstance(mine, Group) and isinstance(other, Group):
            inner = _difference(mine.entry.by_tag(), other.entry.by_tag())
            if inner:
                return f"{inner} in {mine.name}"
        elif isinstance(mine, Group) or isinstance(other, Group):
            return f"has {mine.name}({tag}) as {'a group' if isinstance(mine, Group) else 'a plain field'}"
        elif mine.kind != other.kind:
            return f"has {mine.name}({tag}) as {mine.kind}, which is {other.kind} now"
        elif _values(mine) != _values(other):
            return f"has other values of {mine.name}({tag})"
    return ""


def _values(field: Field) -> dict[str, object]:
    return {} if field.enum is None else {member.name: member.value for member in field.enum}
