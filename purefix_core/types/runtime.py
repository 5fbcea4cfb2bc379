"""Classes for the messages of any dictionary, made while the program runs, each when it is first used.

To type checkers their attributes are unknown; where those matter, generate a package (`purefix types generate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import partial
from threading import RLock
from typing import Any

from purefix_core.dictionary.datatypes import DATA_TYPES, DECIMAL_TYPES
from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.dictionary.members import ComponentMember, FieldMember, GroupMember
from purefix_core.dictionary.members import Member as DictionaryMember
from purefix_core.types.declare import component, field, group
from purefix_core.types.factory import FixMessageFactory
from purefix_core.types.fieldset import Component, FieldSetType, GroupEntry
from purefix_core.types.message import Message
from purefix_core.types.names import attribute_names, identifier
from purefix_core.types.session_messages import SessionDescription, SessionMessageFactory
from purefix_core.types.values import DATE_TYPES, TIMESTAMP_TYPES, enum_for

_IN_GENERATED_MODULES = frozenset(
    "self header trailer components enums component field group date Decimal RawText UtcTimestamp GroupEntry "
    "str int bool bytes list tuple".split()
)
_WITHOUT_ENUM = DATA_TYPES | DECIMAL_TYPES | DATE_TYPES | TIMESTAMP_TYPES | {"BOOLEAN"}
RESERVED = frozenset({*dir(Message), *dir(Component), *dir(GroupEntry), *_IN_GENERATED_MODULES})
"""Names that members of a class cannot have, at run time or generated; such a member gets its tag behind its name."""


def begin_string_of(definitions: Definitions) -> str:
    """BeginString(8) of new messages: FIX 5.0 and later are sent over FIXT."""
    version = definitions.transport.version
    return "FIXT.1.1" if version.startswith("FIX.5") else version


def has_enum(definition: FieldDef) -> bool:
    """Whether the values of a field are an enum: where the dictionary lists them, unless they are something else than
    text or an integer by their type."""
    return bool(definition.values) and definition.type not in _WITHOUT_ENUM


def definition_of(definitions: Definitions, member: FieldMember) -> FieldDef:
    """What the dictionary says of a field; where it says nothing, a text."""
    return definitions.field(member.tag) or FieldDef(member.tag, member.name, "STRING")


def length_tag_of(definitions: Definitions, definition: FieldDef) -> int:
    """The tag of the length before a data field; 0 for one without, and for any other field."""
    return definitions.length_tags.get(definition.tag, 0) if definition.type in DATA_TYPES else 0


class RuntimeTypes:
    """The messages of one dictionary as classes; implements `TypeSystemProvider`. May be used from any thread."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._messages: dict[str, type[Message]] = {}
        self._components: dict[tuple[int, int], type[Component]] = {}
        self._enums: dict[int, type[Enum]] = {}
        self._lock = RLock()
        self._base = self._make_base()

    def get_version(self) -> str:
        return self.definitions.version

    def create_message_factory(self) -> FixMessageFactory:
        return FixMessageFactory(self.get_message_type_by_msg_type, self._base)

    def create_session_message_factory(self, session_description: SessionDescription) -> SessionMessageFactory:
        return SessionMessageFactory(session_description, self.create_message_factory(), self.get_version())

    def get_message_types(self) -> Iterable[type[Message]]:
        """The class of every message. This makes all of them."""
        found = (self.get_message_type_by_msg_type(msg_type) for msg_type in self.definitions.message_names)
        return [each for each in found if each is not None]

    def get_message_type_by_msg_type(self, msg_type: str) -> type[Message] | None:
        found = self._messages.get(msg_type)
        if found is not None or msg_type not in self.definitions.message_names:
            return found
        with self._lock:
            if msg_type not in self._messages:
                self._messages[msg_type] = self._make_message(msg_type)
            return self._messages[msg_type]

    def component(self, member: ComponentMember) -> type[Component]:
        """The class of a component."""
        key = (id(member.source), member.position)
        with self._lock:
            if key not in self._components:
                self._components[key] = self._made(member.name, Component, member.members)
            return self._components[key]

    def enum(self, definition: FieldDef) -> type[Enum]:
        """The enum of a field's values."""
        with self._lock:
            if definition.tag not in self._enums:
                name = identifier(definition.name)
                self._enums[definition.tag] = enum_for(name, definition.type, definition.values)
            return self._enums[definition.tag]

    def _make_base(self) -> type[Message]:
        """The class that all messages are derived from, and that those have which the dictionary does not define."""
        definitions = self.definitions
        header = self._made("StandardHeader", Component, definitions.header)
        trailer = self._made("StandardTrailer", Component, definitions.trailer)
        base: Any = FieldSetType(
            "UndefinedMessage",
            (Message,),
            {
                "__module__": __name__,
                "begin_string": begin_string_of(definitions),
                "data_tags": definitions.data_tags,
                "header": component(lambda: header),
                "trailer": component(lambda: trailer),
                "__doc__": f"A message that {definitions.name} does not define.",
            },
        )
        return base  # type: ignore[no-any-return]

    def _make_message(self, msg_type: str) -> type[Message]:
        definition = self.definitions.message(msg_type)
        assert definition is not None
        own = {"msg_type": msg_type, "message_name": definition.name}
        own["__doc__"] = f"{definition.name}, MsgType {msg_type} of {self.definitions.name}."
        return self._made(definition.name, self._base, definition.members, own)  # type: ignore[no-any-return]

    def _made(
        self, name: str, base: type, members: Sequence[DictionaryMember], own: dict[str, Any] | None = None
    ) -> Any:
        """The class `name` derived from `base`, with those members."""
        namespace: dict[str, Any] = {"__qualname__": identifier(name), "__module__": __name__, **(own or {})}
        names = attribute_names(((member.name, str(member.tag)) for member in members), RESERVED)
        for (attribute, entry_name), member in zip(names, members, strict=True):
            namespace[attribute] = self._declared(entry_name, member, namespace)
        return FieldSetType(identifier(name), (base,), namespace)

    def _declared(self, entry_name: str, member: DictionaryMember, namespace: dict[str, Any]) -> Any:
        if isinstance(member, ComponentMember):
            return component(lambda: self.component(member), name=member.name)
        if isinstance(member, GroupMember):
            own = {"__qualname__": f"{namespace['__qualname__']}.{entry_name}"}
            entry = namespace[entry_name] = self._made(entry_name, GroupEntry, member.members, own)
            return group(member.tag, entry, name=member.name)
        return self._field(member)

    def _field(self, member: FieldMember) -> Any:
        definition = definition_of(self.definitions, member)
        enum = partial(self.enum, definition) if has_enum(definition) else None
        length = length_tag_of(self.definitions, definition)
        return field(member.tag, definition.type, enum=enum, length=length, name=member.name)
