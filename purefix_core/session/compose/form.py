"""What may be filled in for a message of a MsgType, as its dictionary says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.members import AT_LEVEL, GroupMember, Level, Slot
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.reading import ADDED_BY_SESSION, data_tag_of
from purefix_core.wire import tags
from purefix_core.wire.message import printable


@dataclass(frozen=True, slots=True)
class FormField:
    """One field to fill in. `choices` maps each value that the dictionary lists to its meaning; empty: any value."""

    tag: int
    name: str
    type: str
    """A FIX type in capitals; empty where the dictionary has none."""
    required: bool
    choices: Mapping[str, str]
    part: str = ""
    """The component that it is of, the innermost one; empty where it is of none."""
    open_choices: bool = False
    """`choices` is not the whole list."""


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A repeating group, whose entries are filled in one by one. Its `members` are read when asked for."""

    tag: int
    name: str
    required: bool
    part: str = ""
    definitions: Definitions = field(repr=False, compare=False, kw_only=True)
    member: GroupMember = field(repr=False, compare=False, kw_only=True)

    @property
    def members(self) -> tuple[FormMember, ...]:
        """What one entry has: first the field that every entry begins with, then those required, then the others."""
        found = _members(self.member.level, self.definitions)
        first = begins_entry(self.member.level, self.definitions)
        return tuple(sorted(found, key=lambda each: (each.tag != first, not each.required)))


FormMember = FormField | FormGroup


@dataclass(frozen=True, slots=True)
class Form:
    """A message to be filled in."""

    msg_type: str
    name: str
    members: tuple[FormMember, ...]
    """Of the body: what is required first, then the others, both in the order of the dictionary."""
    header: tuple[FormMember, ...]
    """What the session fills in if nobody else does, and what else the header may have."""
    trailer: tuple[FormMember, ...]


def form_of(definitions: Definitions, msg_type: str) -> Form:
    """The form of a message. Components leave no level: their fields have their name as `part`. Lengths of data are
    left out, since they are counted. Raises ComposeError for a MsgType that the dictionary does not define."""
    message = definitions.message(msg_type)
    if message is None:
        raise ComposeError(f"MsgType '{printable(msg_type[:32])}' is not defined in {definitions.name}")
    members = sorted(_members(message.level, definitions), key=lambda each: not each.required)
    header = (each for each in _members(definitions.header_level, definitions) if each.tag != tags.MSG_TYPE)
    trailer = _members(definitions.trailer_level, definitions)
    return Form(
        msg_type,
        message.name,
        tuple(members),
        tuple(map(_not_required, header)),
        tuple(map(_not_required, trailer)),
    )


def _not_required(member: FormMember) -> FormMember:
    """What the session fills in is not required of a person."""
    return replace(member, required=False) if member.tag in ADDED_BY_SESSION else member


def _members(level: Level, definitions: Definitions) -> Iterator[FormMember]:
    for slot in level.slots.values():
        member = slot.member
        part = "" if slot.component == AT_LEVEL else level.components[slot.component].name
        required = _is_required(slot, level)
        if isinstance(member, GroupMember):
            yield FormGroup(member.tag, member.name, required, part, definitions=definitions, member=member)
            continue
        if data_tag_of(member.tag, definitions) in level.slots:
            continue
        found = definitions.field(member.tag)
        if found is None:
            yield FormField(member.tag, member.name, "", required, {}, part)
        else:
            yield FormField(
                member.tag, member.name, found.type, required, found.values, part, found.allows_other_values
            )


def begins_entry(level: Level, definitions: Definitions) -> int:
    """The tag with which every entry of a group begins: where that is a length, the data that it is of. 0 where
    the group has no members."""
    data_tag = data_tag_of(level.first_tag, definitions)
    return data_tag if data_tag in level.slots else level.first_tag


def _is_required(slot: Slot, level: Level) -> bool:
    """Whether a member is required in every message: it is, and so is every component around it."""
    component = slot.component
    while component != AT_LEVEL:
        if not level.components[component].required:
            return False
        component = level.components[component].parent
    return slot.member.required
