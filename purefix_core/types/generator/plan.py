"""What a generated package holds: its classes and enums, their members, and what all of them are called in Python."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.dictionary.members import ComponentMember, FieldMember, GroupMember
from purefix_core.dictionary.members import Member as DictionaryMember
from purefix_core.types.names import attribute_names, identifier, member_names, module_name, unique
from purefix_core.types.runtime import RESERVED, begin_string_of, definition_of, has_enum, length_tag_of
from purefix_core.types.values import is_numeric_enum
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

_TAKEN = frozenset(
    "components enums messages base provider annotations TYPE_CHECKING lazy_attributes IntEnum StrEnum Decimal date "
    "TypeSystemProvider UndefinedMessage Message Component GroupEntry RawText UtcTimestamp component field group "
    "ClassVar Mapping".split()
) | frozenset(dir(builtins))
"""Names that no class can have, since the modules of the package use them for something else."""
_OWN = frozenset({"purefix_core", "purefix_tui"})


class PlanError(ValueError):
    """The package cannot be generated as asked."""


@dataclass(frozen=True)
class EnumPlan:
    """The values of a field, each with its member's name and the dictionary's word for it."""

    name: str
    module: str
    tag: int
    field: str
    is_numeric: bool
    members: tuple[tuple[str, str, str], ...]
    """Name, value, meaning."""


@dataclass(frozen=True)
class FieldPlan:
    attribute: str
    definition: FieldDef
    required: bool
    enum: EnumPlan | None
    length_tag: int


@dataclass(frozen=True)
class GroupPlan:
    attribute: str
    name: str
    tag: int
    required: bool
    entry: ClassPlan


@dataclass(frozen=True)
class ComponentPlan:
    attribute: str
    name: str
    required: bool
    class_name: str


MemberPlan = FieldPlan | GroupPlan | ComponentPlan


@dataclass(frozen=True)
class ClassPlan:
    """A message, a component or the entry of a group. `msg_type` is that of a message, else empty."""

    name: str
    module: str
    title: str
    """What the dictionary calls it."""
    members: tuple[MemberPlan, ...]
    msg_type: str = ""


@dataclass(frozen=True)
class PackagePlan:
    """A package; every tuple is in the order of names."""

    dictionary: str
    version: str
    begin_string: str
    data_tags: tuple[tuple[int, int], ...]
    """The dictionary's own pairs of LENGTH and DATA tags."""
    header: str
    trailer: str
    """The names of the components for header and trailer."""
    messages: tuple[ClassPlan, ...]
    components: tuple[ClassPlan, ...]
    enums: tuple[EnumPlan, ...]


def plan_package(definitions: Definitions, namespace: str, messages: Sequence[str] = ()) -> PackagePlan:
    """What the package `namespace` for the messages of `definitions` holds.

    `messages`: MsgTypes or names; only these are generated, with the session messages, which every session needs; none
    means all. Raises PlanError for a namespace that no package can have, and for a message that is not defined.
    """
    if not namespace or not all(part.isidentifier() and part == identifier(part) for part in namespace.split(".")):
        expected = "names of letters, digits and _, no keywords of Python, with dots between them"
        raise PlanError(f"namespace {namespace!r}: expected {expected}")
    if namespace.split(".")[0] in sys.stdlib_module_names | _OWN:
        raise PlanError(f"namespace {namespace!r}: expected another name than that of a package that Python needs")
    return _Planner(definitions).plan(_wanted(definitions, messages))


def _wanted(definitions: Definitions, messages: Sequence[str]) -> list[str]:
    names = definitions.message_names
    if not messages:
        return list(names)
    by_name = {name: msg_type for msg_type, name in names.items()}
    unknown = [each for each in messages if each not in names and each not in by_name]
    if unknown:
        raise PlanError(f"{', '.join(unknown)}: not defined in {definitions.name}; expected MsgTypes or names")
    wanted = {each if each in names else by_name[each] for each in messages}
    return [msg_type for msg_type in names if msg_type in wanted or _is_admin(definitions, msg_type)]


def _is_admin(definitions: Definitions, msg_type: str) -> bool:
    message = definitions.message(msg_type)
    return message is not None and message.category == "admin"


class _Planner:
    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.enums: dict[int, EnumPlan] = {}
        self.enum_names: dict[str, int] = dict.fromkeys(_TAKEN, 1)
        self.components: dict[tuple[int, int], ClassPlan] = {}
        """Each by its source and place there."""
        self.component_names: dict[str, int] = dict.fromkeys(_TAKEN, 1)

    def plan(self, msg_types: list[str]) -> PackagePlan:
        definitions = self.definitions
        header = self._component("StandardHeader", (0, 0), definitions.header)
        trailer = self._component("StandardTrailer", (0, 1), definitions.trailer)
        names: dict[str, int] = dict.fromkeys(_TAKEN, 1)
        messages = [self._message(msg_type, names) for msg_type in msg_types]
        return PackagePlan(
            dictionary=definitions.name,
            version=definitions.version,
            begin_string=begin_string_of(definitions),
            data_tags=tuple(sorted(set(definitions.data_tags.items()) - set(DATA_TAG_BY_LENGTH_TAG.items()))),
            header=header,
            trailer=trailer,
            messages=_with_modules(messages),
            components=_with_modules(self.components.values()),
            enums=_with_modules(self.enums.values()),
        )

    def _message(self, msg_type: str, names: dict[str, int]) -> ClassPlan:
        definition = self.definitions.message(msg_type)
        assert definition is not None
        name = unique(identifier(definition.name), names, msg_type)
        return ClassPlan(name, "", definition.name, self._members(definition.members), definition.msg_type)

    def _component(self, title: str, key: tuple[int, int], members: Sequence[DictionaryMember]) -> str:
        """Plan a component unless that was done; the name of its class."""
        if key not in self.components:
            name = unique(identifier(title), self.component_names)
            self.components[key] = ClassPlan(name, "", title, self._members(members))
        return self.components[key].name

    def _members(self, members: Sequence[DictionaryMember]) -> tuple[MemberPlan, ...]:
        attributes = attribute_names(((member.name, str(member.tag)) for member in members), RESERVED)
        return tuple(self._member(*names, member) for names, member in zip(attributes, members, strict=True))

    def _member(self, attribute: str, entry_name: str, member: DictionaryMember) -> MemberPlan:
        if isinstance(member, ComponentMember):
            name = self._component(member.name, (id(member.source), member.position), member.members)
            return ComponentPlan(attribute, member.name, member.required, name)
        if isinstance(member, GroupMember):
            entry = ClassPlan(entry_name, "", member.name, self._members(member.members))
            return GroupPlan(attribute, member.name, member.tag, member.required, entry)
        return self._field(attribute, member)

    def _field(self, attribute: str, member: FieldMember) -> FieldPlan:
        definition = definition_of(self.definitions, member)
        enum = self._enum(definition) if has_enum(definition) else None
        return FieldPlan(attribute, definition, member.required, enum, length_tag_of(self.definitions, definition))

    def _enum(self, field: FieldDef) -> EnumPlan:
        found = self.enums.get(field.tag)
        if found is None:
            name = unique(identifier(field.name), self.enum_names, str(field.tag))
            members = tuple((name, value, field.values[value]) for value, name in member_names(field.values).items())
            numeric = is_numeric_enum(field.type, field.values)
            found = EnumPlan(name, "", field.tag, field.name, numeric, members)
            self.enums[field.tag] = found
        return found


Named = TypeVar("Named", ClassPlan, EnumPlan)


def _with_modules(plans: Iterable[Named]) -> tuple[Named, ...]:
    """In the order of names, each with its module: unlike any other whatever their case, and unlike every class, since
    Python puts a package's modules where the package has its classes."""
    ordered = sorted(plans, key=lambda each: each.name)
    taken = {each.name: 1 for each in ordered}
    return tuple(replace(each, module=unique(module_name(each.name), taken)) for each in ordered)
