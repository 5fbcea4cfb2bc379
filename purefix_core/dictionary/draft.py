"""A dictionary as it was read from XML, before it is compiled. Names are resolved, nothing is expanded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from purefix_core.dictionary.compiled import Kind
from purefix_core.dictionary.definitions import DictionaryIssue


@dataclass(slots=True)
class DraftField:
    tag: int
    name: str
    type: str
    values: dict[str, str] = field(default_factory=dict)
    allows_other_values: bool = False


@dataclass(frozen=True, slots=True)
class DraftMember:
    """A member; a component's members are those of `Draft.components[name]`, a group carries its own."""

    kind: Kind
    tag: int
    name: str
    required: bool
    members: tuple[DraftMember, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftMessage:
    msg_type: str
    name: str
    category: str
    members: tuple[DraftMember, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything in one dictionary file. Each component that a member names is in `components`, and none of them
    contains itself, at whatever remove."""

    version: str
    fields: Mapping[int, DraftField]
    components: Mapping[str, tuple[DraftMember, ...]]
    header: tuple[DraftMember, ...]
    trailer: tuple[DraftMember, ...]
    messages: tuple[DraftMessage, ...]
    data_tags: Mapping[int, int]
    issues: tuple[DictionaryIssue, ...]
