"""A decoded message: a tree of sections, components, groups and fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from purefix_core.dictionary.validate import Finding

UNKNOWN = "unknown"
"""Mark of a tag that the dictionary does not define at all."""
NOT_DEFINED_HERE = "not defined here"
"""Mark of a tag that the dictionary defines, but not for this message."""
OUT_OF_PLACE = "out of place"
"""Mark of a tag of this message that stands in the wrong section, or outside its group."""
REPEATED = "repeated"
"""Mark of the second and every further occurrence of a tag where it may stand once."""
MALFORMED_FIELD = "malformed"
"""Mark of a piece that is not `tag=value`."""


@dataclass(frozen=True, slots=True)
class FieldNode:
    """One field as it stood in the message."""

    tag: int
    """0 for a piece that is not `tag=value`."""
    name: str
    """Empty where the dictionary has none."""
    raw: bytes
    text: str
    meaning: str | None
    """The dictionary's word for an enum value; several, with commas, where the type takes several values."""
    type: str
    """FIX type; empty where the tag is unknown."""
    tag_start: int
    """Where `tag=` begins in the message's bytes."""
    start: int
    """Where the value begins, and at `end` ends, in the message's bytes."""
    end: int
    marks: tuple[str, ...] = ()
    is_secret: bool = False
    """A credential: show `***` in place of `raw` and `text`."""


@dataclass(frozen=True, slots=True)
class ComponentNode:
    """The fields of one component. A sender may scatter them; they are gathered where the first one stood."""

    name: str
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class GroupEntry:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A repeating group. `field` is the counter, which gives the group its `name`; `entries` those that were found."""

    field: FieldNode
    name: str
    entries: tuple[GroupEntry, ...]


Node = FieldNode | ComponentNode | GroupNode


@dataclass(frozen=True, slots=True)
class DecodedMessage:
    """A message with names and structure. Every field of the message is in exactly one place of the three sections."""

    msg_type: str
    name: str
    """Empty where the dictionary does not define the MsgType."""
    header: tuple[Node, ...]
    body: tuple[Node, ...]
    trailer: tuple[Node, ...]
    findings: tuple[Finding, ...]
    """In the order of the places they speak of."""


def fields_of(nodes: tuple[Node, ...]) -> Iterator[FieldNode]:
    """Every field below `nodes`, counters included, in the order of the tree."""
    for node in nodes:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, ComponentNode):
            yield from fields_of(node.children)
        else:
            yield node.field
            for entry in node.entries:
                yield from fields_of(entry.children)
