"""Definitions: what one FIX dialect says about fields and messages, read lazily from its compiled form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from purefix_core.dictionary.members import (
    ComponentMember,
    FieldMember,
    GroupMember,
    Level,
    Member,
    MemberSource,
    MessageDef,
    all_tags,
)
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

__all__ = [
    "ComponentMember",
    "Definitions",
    "DictionaryError",
    "DictionaryIssue",
    "FieldDef",
    "FieldMember",
    "GroupMember",
    "Member",
    "MessageDef",
]


@dataclass(frozen=True, slots=True)
class DictionaryIssue:
    """Something odd in a dictionary that did not keep it from being loaded."""

    severity: str
    """"error" where something was left out or guessed, "warning" where nothing is lost."""
    line: int
    """Line in the file, from 1; 0 where no line can be named."""
    element: str
    text: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.severity}: {self.element}: {self.text}"


class DictionaryError(Exception):
    """The file is of no use as a dictionary: unreadable, not XML, or without a single field."""

    def __init__(self, path: Path, line: int, text: str) -> None:
        super().__init__(path, line, text)
        self.path = path
        self.line = line
        self.text = text

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


@dataclass(frozen=True, slots=True)
class FieldDef:
    """A field: `type` is a FIX type in capitals, `values` maps each enum value to its meaning (empty: any value)."""

    tag: int
    name: str
    type: str
    values: Mapping[str, str] = field(default_factory=dict)
    allows_other_values: bool = False
    """The dictionary says that `values` is not the whole list."""

    def values_named(self, meaning: str) -> tuple[str, ...]:
        """Every value with that meaning, as `plain_meaning` compares them: a dialect may give one meaning to two."""
        wanted = plain_meaning(meaning)
        return tuple(value for value, name in self.values.items() if plain_meaning(name) == wanted)


def plain_meaning(name: str) -> str:
    """A meaning without what people and enums write differently: case, and all but letters and digits.

    So `PartiallyFilled`, `Partially filled` and PARTIALLY_FILLED are one. A meaning of signs alone stays as it is.
    """
    folded = name.casefold()
    return "".join(filter(str.isalnum, folded)) or folded


class DictionarySource(MemberSource, Protocol):
    """One dictionary file in compiled form; see compiled.py, the only implementation."""

    @property
    def version(self) -> str: ...
    @property
    def issues(self) -> tuple[DictionaryIssue, ...]: ...
    @property
    def message_names(self) -> Mapping[str, str]: ...
    @property
    def data_tags(self) -> Mapping[int, int]: ...
    @property
    def header_position(self) -> int: ...
    @property
    def trailer_position(self) -> int: ...
    @property
    def tags(self) -> Iterator[int]: ...
    def field(self, tag: int) -> FieldDef | None: ...
    def tag_named(self, name: str) -> int | None: ...
    def message(self, msg_type: str) -> MessageDef | None: ...


class Definitions:
    """The fields and messages of a dialect.

    Over FIXT two dictionaries work together: `transport` has the header, the trailer and the session messages,
    `application` the rest. Before FIX 5.0 one dictionary is both. Not to be changed after it was made; every method
    may be called from any thread.
    """

    def __init__(self, name: str, application: DictionarySource, transport: DictionarySource | None = None) -> None:
        self.name = name
        """FIX44, or the stem of the file's name."""
        self.application = application
        self.transport = application if transport is None else transport
        self._fields: dict[int, FieldDef] = {}

    def __repr__(self) -> str:
        return f"<Definitions {self.name} {self.version}>"

    @property
    def version(self) -> str:
        """BeginString of the dialect, or the version that its ApplVerID means: FIX.4.4, FIX.5.0SP2, FIXT.1.1."""
        return self.application.version

    @property
    def is_combined(self) -> bool:
        """Whether a FIXT transport was put in front of an application dictionary."""
        return self.transport is not self.application

    @cached_property
    def issues(self) -> tuple[DictionaryIssue, ...]:
        return self.application.issues + (self.transport.issues if self.is_combined else ())

    @cached_property
    def data_tags(self) -> Mapping[int, int]:
        """Tag of a LENGTH field mapped to the DATA field behind it: the standard pairs and the dialect's own."""
        pairs = {**DATA_TAG_BY_LENGTH_TAG, **self.transport.data_tags, **self.application.data_tags}
        return MappingProxyType(pairs)

    @cached_property
    def length_tags(self) -> Mapping[int, int]:
        """Tag of a DATA field mapped to the LENGTH field before it."""
        return MappingProxyType({data: length for length, data in self.data_tags.items()})

    @property
    def tags(self) -> Iterator[int]:
        """Every tag that a field is defined for, ascending."""
        if not self.is_combined:
            return self.application.tags
        return iter(sorted({*self.application.tags, *self.transport.tags}))

    def field(self, tag: int) -> FieldDef | None:
        """The field with that tag, or None."""
        found = self._fields.get(tag)
        if found is None:
            found = self.application.field(tag)
            if self.is_combined:
                found = _merged(found, self.transport.field(tag))
            if found is not None:
                self._fields[tag] = found
        return found

    def field_named(self, name: str) -> FieldDef | None:
        """The field with that name, whatever its case, or None."""
        tag = self.application.tag_named(name)
        if tag is None and self.is_combined:
            tag = self.transport.tag_named(name)
        return None if tag is None else self.field(tag)

    def message(self, msg_type: str) -> MessageDef | None:
        """The message with that MsgType, or None. Session messages come from the transport."""
        if self.is_combined:
            found = self.transport.message(msg_type)
            if found is not None:
                return found
        return self.application.message(msg_type)

    @cached_property
    def message_names(self) -> Mapping[str, str]:
        """The name of each MsgType."""
        return MappingProxyType({**self.application.message_names, **self.transport.message_names})

    def message_name(self, msg_type: str) -> str | None:
        """The name of a MsgType, or None; reads nothing else about the message."""
        return self.message_names.get(msg_type)

    @property
    def header(self) -> tuple[Member, ...]:
        return self.transport.members(self.transport.header_position)

    @property
    def trailer(self) -> tuple[Member, ...]:
        return self.transport.members(self.transport.trailer_position)

    @property
    def header_level(self) -> Level:
        return self.transport.level(self.transport.header_position)

    @property
    def trailer_level(self) -> Level:
        return self.transport.level(self.transport.trailer_position)

    @cached_property
    def header_tags(self) -> frozenset[int]:
        """Every tag of the header, those inside its groups included."""
        return all_tags(self.header_level)

    @cached_property
    def trailer_tags(self) -> frozenset[int]:
        return all_tags(self.trailer_level)


def _merged(application: FieldDef | None, transport: FieldDef | None) -> FieldDef | None:
    """One field out of the definitions of both dictionaries, with the enum values of both."""
    if application is None or transport is None:
        return application or transport
    if transport.values.keys() <= application.values.keys():
        return application
    values = {**transport.values, **application.values}
    return FieldDef(application.tag, application.name, application.type, values, application.allows_other_values)
