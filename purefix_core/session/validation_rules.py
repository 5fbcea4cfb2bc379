"""What validation.py looks up for each field of a message, made out of a dictionary when a MsgType first comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

from purefix_core.dictionary.datatypes import (
    CODE_TYPES,
    DATA_TYPES,
    DECIMAL_TYPES,
    INTEGER_TYPES,
    MULTIPLE_VALUE_TYPES,
    is_valid,
)
from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.dictionary.members import AT_LEVEL, GroupMember, Level, Slot
from purefix_core.session.plain_rules import NEVER, PlainRules, Quick, QuickCheck, check_of
from purefix_core.wire import tags

ENVELOPE_TAGS = frozenset({tags.BEGIN_STRING, tags.BODY_LENGTH, tags.MSG_TYPE, tags.CHECK_SUM})
"""What IncomingReader has checked already."""

_EVER_IN_A_HEADER = frozenset(
    {8, 9, 34, 35, 43, 49, 50, 52, 56, 57, 90, 91, 97, 115, 116, 122, 128, 129, 142, 143, 144, 145, 212, 213, 347, 369}
    | {370, 627, 628, 629, 630, 1128, 1129, 1156}
)
"""The header's tags in FIX.4.0 to FIXT.1.1."""

_FREE_TYPES = frozenset({"STRING", "EXCHANGE", "XID", "XIDREF", "PATTERN"}) | DATA_TYPES | CODE_TYPES
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(_FREE_TYPES, "free"),
        **dict.fromkeys(INTEGER_TYPES - {"DAYOFMONTH"}, "integer"),
        **dict.fromkeys(DECIMAL_TYPES, "decimal"),
        **dict.fromkeys(("DATE", "UTCDATE", "UTCDATEONLY", "LOCALMKTDATE"), "date"),
        **dict.fromkeys(("UTCTIMESTAMP", "TIME"), "timestamp"),
        "CHAR": "char",
        "BOOLEAN": "boolean",
    }
)


def quick_of(field: FieldDef) -> Quick:
    """How the values of a field are looked at."""
    if has_enum(field):
        good = (value for value in field.values if value and has_form_of(field.type, value))
        return "enum", [each.encode() for each in good if field.type not in MULTIPLE_VALUE_TYPES or " " not in each]
    return (_KINDS[field.type], []) if field.type in _KINDS else NEVER


def has_enum(field: FieldDef) -> bool:
    """Whether only the listed values are good. MsgTypes are those for which there is a message."""
    return bool(field.values) and not field.allows_other_values and field.tag != tags.MSG_TYPE


def has_form_of(kind: str, text: str) -> bool:
    """Whether a text that is not empty has the form of its type. Codes of currencies, countries and languages may be
    the parties' own, and data may be anything."""
    return kind in _FREE_TYPES or is_valid(kind, text)


class GroupRules:
    """A repeating group. The rules of its entries are made when one comes."""

    def __init__(self, member: GroupMember, book: RuleBook) -> None:
        self.tag = member.tag
        """Its counter."""
        self._member = member
        self._book = book

    @cached_property
    def entry(self) -> LevelRules:
        return self._book.level_rules(self._member.level)


@dataclass(frozen=True, slots=True)
class LevelRules:
    """What may stand at one level: of header, body or trailer, or of one entry of a group."""

    fields: Mapping[int, QuickCheck]
    """The check of each tag, those of groups' counters included."""
    plain: dict[int, Quick]
    """How the values of each tag but counters are looked at."""
    groups: Mapping[int, GroupRules]
    """The group that each counter opens."""
    ranks: Mapping[int, int]
    """The place of each tag in the dictionary's order."""
    required: tuple[int, ...]
    """Tags that must be there, ascending; a member of a component only where the component itself must be there."""
    first_tag: int
    """What each entry begins with, at the level of a group."""


NOTHING = LevelRules({}, {}, {}, {}, (), 0)


@dataclass(frozen=True, slots=True)
class MessageRules:
    """One MsgType."""

    book: RuleBook
    body: LevelRules
    required: tuple[int, ...]
    """Of header, body and trailer, in the order in which they are told when they are missing."""
    plain: PlainRules


class RuleBook:
    """The rules of one dictionary. Any number of sessions may share one: it is only ever added to, by as much as the
    dictionary has."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._quick: dict[int, tuple[Quick, QuickCheck]] = {}
        self._messages: dict[str, MessageRules] = {}

    @cached_property
    def header(self) -> LevelRules:
        return self.level_rules(self._definitions.header_level)

    @cached_property
    def trailer(self) -> LevelRules:
        return self.level_rules(self._definitions.trailer_level)

    @cached_property
    def _transport(self) -> RuleBook:
        """Over FIXT the header, the trailer and the session messages are described by the transport alone."""
        if not self._definitions.is_combined:
            return self
        return RuleBook(Definitions(self._definitions.name, self._definitions.transport))

    def is_of_header(self, tag: int) -> bool:
        """Whether a field belongs to the header, were it in another version of FIX: there it is not out of order."""
        return tag in self.header.fields or tag in _EVER_IN_A_HEADER

    def field(self, tag: int) -> FieldDef | None:
        """The field with that tag, or None where the dictionary has none."""
        return self._definitions.field(tag)

    def message(self, msg_type: str) -> MessageRules | None:
        """The rules of a MsgType, or None where the dictionary has no such message."""
        found = self._messages.get(msg_type)
        if found is None:
            found = self._read_message(msg_type)
            if found is not None:
                self._messages[msg_type] = found
        return found

    def _read_message(self, msg_type: str) -> MessageRules | None:
        if self._transport is not self:
            found = self._transport.message(msg_type)
            if found is not None:
                return found
        message = self._definitions.message(msg_type)
        if message is None:
            return None
        body = self.level_rules(message.level)
        required = self.header.required + body.required + self.trailer.required
        plain = PlainRules(self.header.plain, body.plain, self.trailer.plain, required)
        return MessageRules(self, body, required, plain)

    def level_rules(self, level: Level) -> LevelRules:
        looks = {tag: self._look(tag) for tag in level.slots}
        members = {tag: slot.member for tag, slot in level.slots.items()}
        groups = {tag: GroupRules(member, self) for tag, member in members.items() if isinstance(member, GroupMember)}
        required = (slot.member.tag for slot in level.required if _is_always_required(level, slot))
        return LevelRules(
            fields={tag: check for tag, (_, check) in looks.items()},
            plain={tag: quick for tag, (quick, _) in looks.items() if tag not in groups},
            groups=groups,
            ranks={tag: slot.rank for tag, slot in level.slots.items()},
            required=tuple(sorted(tag for tag in required if tag not in ENVELOPE_TAGS)),
            first_tag=level.first_tag,
        )

    def _look(self, tag: int) -> tuple[Quick, QuickCheck]:
        found = self._quick.get(tag)
        if found is None:
            field = self._definitions.field(tag)
            quick: Quick = ("free", []) if field is None else quick_of(field)
            found = self._quick[tag] = quick, check_of(quick)
        return found


def _is_always_required(level: Level, slot: Slot) -> bool:
    index = slot.component
    while index != AT_LEVEL:
        component = level.components[index]
        if not component.required:
            return False
        index = component.parent
    return True


@lru_cache(maxsize=64)
def rule_book(definitions: Definitions) -> RuleBook:
    """The rules of a dictionary; the same ones for all sessions that have the same Definitions."""
    return RuleBook(definitions)
