"""What is wrong with a draft, as far as its dictionary tells. Nothing of it keeps anybody from sending it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from purefix_core.dictionary.datatypes import DATA_TYPES, MULTIPLE_VALUE_TYPES
from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.dictionary.members import AT_LEVEL, GroupMember, Level, Slot, all_tags, group_holding
from purefix_core.dictionary.validate import FIRST_USER_TAG, Findings, check_value, label
from purefix_core.session.compose.draft import ADDED_BY_SESSION, Draft, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.expressions import ComposeError, literal_text
from purefix_core.session.compose.form import begins_entry
from purefix_core.session.compose.meanings import meaning_problem
from purefix_core.session.compose.reading import byte_length, data_tag_of
from purefix_core.wire import tags
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import MASK, is_secret

ERROR, WARNING = "error", "warning"

_FILLED_IN = ADDED_BY_SESSION | {tags.MSG_TYPE}
_SOH = "\x01"
_NO_UTF_8 = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Lone surrogates, but for those that stand for bytes."""
_MOST_PROBLEMS = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a draft."""

    path: tuple[int, ...]
    """Where: `(54,)` for a field, `(453, 1, 447)` for the field 447 in entry 1, counted from 0, of the group 453."""
    tag: int
    text: str
    severity: str
    """`error`; `warning` for what two parties may have agreed on, and for what is missing, since a message may be meant
    to be wrong."""


def field_problem(field: FieldDef, text: str, names: Collection[str] = ()) -> str:
    """What is wrong with the text of one field, as one sentence; the empty string where it is right.

    A value with an expression in it is taken for right. `names` are those that `Moment.values` will have.
    """
    found = _value_problem(field.tag, field, text, "", names)
    return "" if found is None else found[1]


def problems_of(draft: Draft, definitions: Definitions, names: Collection[str] = ()) -> list[Problem]:
    """What is wrong with a draft, in its order: header, body, trailer; not more than anybody would read. `names` as for
    `field_problem`."""
    checker = _Checker(draft.msg_type, definitions, names)
    return list(islice(checker.problems(draft), _MOST_PROBLEMS))


class _Checker:
    def __init__(self, msg_type: str, definitions: Definitions, names: Collection[str]) -> None:
        self._msg_type = msg_type
        self._definitions = definitions
        self._names = names
        self._message = definitions.message(msg_type)
        self._body = None if self._message is None else self._message.level
        self._inner = frozenset[int]() if self._body is None else all_tags(self._body)

    def problems(self, draft: Draft) -> Iterator[Problem]:
        if self._message is None:
            text = f"MsgType '{printable(draft.msg_type)}' is not defined in {self._definitions.name}"
            yield Problem((tags.MSG_TYPE,), tags.MSG_TYPE, text, WARNING)
        yield from self._level(draft.header, self._definitions.header_level, (), "", around=True)
        yield from self._level(draft.body, self._body, (), "")
        yield from self._level(draft.trailer, self._definitions.trailer_level, (), "", around=True)

    def _level(
        self, items: Sequence[DraftItem], level: Level | None, path: tuple[int, ...], where: str, around: bool = False
    ) -> Iterator[Problem]:
        """`around`: it is header or trailer, which may have what the session adds, whatever the dictionary says."""
        seen = Counter(item.tag for item in items)
        yield from self._repeated(items, seen, path, where)
        yield from self._wrong_lengths(items, path)
        for item in items:
            here = (*path, item.tag)
            slot = None if level is None else level.slots.get(item.tag)
            if slot is None and level is not None and not (around and item.tag in ADDED_BY_SESSION):
                yield self._foreign(item.tag, here)
            member = None if slot is None else slot.member
            if isinstance(item, DraftGroup):
                yield from self._group(item, member if isinstance(member, GroupMember) else None, here)
            else:
                yield from self._field(item, member, here)
        if level is not None:
            for slot in _missing(level, seen):
                tag = slot.member.tag
                if tag not in _FILLED_IN and not data_tag_of(tag, self._definitions):
                    text = f"Required field missing: {label(tag, slot.member.name)}{where}"
                    yield Problem((*path, tag), tag, text, WARNING)

    def _repeated(
        self, items: Sequence[DraftItem], seen: Counter[int], path: tuple[int, ...], where: str
    ) -> Iterator[Problem]:
        """Tags that stand more than once, unless the field before says how often: a group that the dictionary has as
        plain fields, such as LinesOfText(33) of FIX 4.0."""
        told: set[int] = set()
        before: DraftItem | None = None
        for item in items:
            times = seen[item.tag]
            if times > 1 and item.tag not in told:
                told.add(item.tag)
                if not (isinstance(before, DraftField) and before.text == str(times)):
                    text = f"{self._label(item.tag)} appears {'twice' if times == 2 else f'{times} times'}{where}"
                    yield Problem((*path, item.tag), item.tag, text, self._severity(item.tag))
            before = item

    def _wrong_lengths(self, items: Sequence[DraftItem], path: tuple[int, ...]) -> Iterator[Problem]:
        """Lengths that were given, and are not those of their data."""
        for length, data in pairwise(items):
            if not (isinstance(length, DraftField) and isinstance(data, DraftField)):
                continue
            if data_tag_of(length.tag, self._definitions) == data.tag:
                has = byte_length(data.text, self._names)
                if has is not None and length.text.isdigit() and length.text != str(has):
                    text = f"{self._label(length.tag)} says {length.text[:20]}, {self._label(data.tag)} has {has} bytes"
                    yield Problem((*path, length.tag), length.tag, text, WARNING)

    def _field(self, item: DraftField, member: object, path: tuple[int, ...]) -> Iterator[Problem]:
        field = self._definitions.field(item.tag)
        if isinstance(member, GroupMember):
            text = f"{self._label(item.tag)} counts the entries of a group; add entries to it"
            yield Problem(path, item.tag, text, ERROR)
        found = _value_problem(item.tag, field, item.text, self._msg_type, self._names)
        if found is not None:
            yield Problem(path, item.tag, found[1], found[0])

    def _group(self, group: DraftGroup, member: GroupMember | None, path: tuple[int, ...]) -> Iterator[Problem]:
        name = self._label(group.tag)
        if group.count is not None and group.count != str(len(group.entries)):
            has = "there is 1 entry" if len(group.entries) == 1 else f"there are {len(group.entries)} entries"
            yield Problem(path, group.tag, f"{name} says {printable(group.count[:20])}, {has}", WARNING)
        level = None if member is None else member.level
        for at, entry in enumerate(group.entries):
            here, where = (*path, at), f" in entry {at + 1} of {name}"
            if not entry:
                yield Problem(here, group.tag, f"Entry {at + 1} of {name} has no field", ERROR)
                continue
            first = 0 if level is None else begins_entry(level, self._definitions)
            if first and first not in {item.tag for item in entry}:
                text = f"Entry {at + 1} of {name} must begin with {self._label(first)}"
                yield Problem((*here, first), first, text, ERROR)
            yield from self._level(entry, level, here, where)

    def _foreign(self, tag: int, path: tuple[int, ...]) -> Problem:
        definitions = self._definitions
        if tag in ADDED_BY_SESSION or tag in definitions.header_tags or tag in definitions.trailer_tags:
            is_last = tag == tags.CHECK_SUM or tag in definitions.trailer_tags
            home = "the trailer" if is_last else "the header"
            return Problem(path, tag, f"{self._label(tag)} is out of place: it belongs to {home}", ERROR)
        if self._body is not None and tag in self._body.slots:
            return Problem(path, tag, f"{self._label(tag)} is out of place: it belongs to the body", ERROR)
        group = group_holding(self._body, tag) if self._body is not None and tag in self._inner else None
        if group is not None:
            home = f"the group {label(group.tag, group.name)}"
            return Problem(path, tag, f"{self._label(tag)} is out of place: it belongs to {home}", ERROR)
        name = "this message" if self._message is None else self._message.name
        return Problem(path, tag, f"{self._label(tag)} is not defined for {name}", self._severity(tag))

    def _severity(self, tag: int) -> str:
        """From 5000 on tags may be agreed on."""
        return WARNING if tag >= FIRST_USER_TAG else ERROR

    def _label(self, tag: int) -> str:
        field = self._definitions.field(tag)
        return label(tag, "" if field is None else field.name)


def _missing(level: Level, seen: Collection[int]) -> Iterator[Slot]:
    """The required members that are not there. One in an optional component is required where that has a field."""
    present: set[int] = set()
    for tag in seen:
        slot = level.slots.get(tag)
        component = AT_LEVEL if slot is None else slot.component
        while component != AT_LEVEL and component not in present:
            present.add(component)
            component = level.components[component].parent
    for slot in level.required:
        if slot.member.tag in seen:
            continue
        component = slot.component
        while component != AT_LEVEL and (level.components[component].required or component in present):
            component = level.components[component].parent
        if component == AT_LEVEL:
            yield slot


def _value_problem(
    tag: int, field: FieldDef | None, text: str, msg_type: str, names: Collection[str]
) -> tuple[str, str] | None:
    """Severity and text of what is wrong with a value, or None."""
    name = label(tag, "" if field is None else field.name)
    secret = is_secret(tag, msg_type)
    try:
        value = literal_text(text, names)
    except ComposeError as error:
        return ERROR, f"{name}: {'an expression is wrong' if secret else error}"
    if value is None:
        return None
    if secret and value == MASK.decode():
        return WARNING, f"{name}: {value} stands for what is not shown; write the value itself"
    if _NO_UTF_8.search(value):
        return ERROR, f"{name}: the value holds a character that UTF-8 does not have"
    if _SOH in value and (field is None or field.type not in DATA_TYPES):
        return ERROR, f"{name}: the value holds SOH (byte 1), which ends a field"
    if field is None:
        return None if value else (ERROR, f"{name} has no value")
    findings = Findings()
    check_value(field, value, 0, secret, findings)
    found = next(((each.severity, each.text) for each in findings.sorted()), None)
    if found is None or secret or field.type in MULTIPLE_VALUE_TYPES:
        return found
    return found[0], meaning_problem(name, value, field.values) or found[1]
