"""Decodes a flat message into the tree that its dictionary describes, and says what does not fit.

FIX orders nothing inside a section but repeating groups, so the body is read by tag: fields of a component are
gathered wherever they stand, a group runs from its counter to the first tag that cannot belong to it. Nothing in a
message makes decoding fail, nothing is dropped, and the work is linear in the number of fields. (How deeply groups
nest is limited by the dictionary, not by the message.)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from purefix_core.dictionary.datatypes import MULTIPLE_VALUE_TYPES, items
from purefix_core.dictionary.definitions import Definitions, FieldDef
from purefix_core.dictionary.members import AT_LEVEL, GroupMember, Level, Slot, group_holding
from purefix_core.dictionary.nodes import (
    MALFORMED_FIELD,
    NOT_DEFINED_HERE,
    OUT_OF_PLACE,
    REPEATED,
    UNKNOWN,
    ComponentNode,
    DecodedMessage,
    FieldNode,
    GroupEntry,
    GroupNode,
    Node,
)
from purefix_core.dictionary.validate import (
    FIRST_USER_TAG,
    Finding,
    Findings,
    check_envelope,
    check_value,
    label,
)
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage, as_text
from purefix_core.wire.secrets import secret_fields

__all__ = [
    "ComponentNode",
    "DecodedMessage",
    "FieldNode",
    "Finding",
    "GroupEntry",
    "GroupNode",
    "Node",
    "decode",
]

_NOTHING = Level(slots={}, components=(), required=(), first_tag=0)


def decode(message: FixMessage, definitions: Definitions) -> DecodedMessage:
    """The tree of `message` and its findings. Over FIXT pass what `definitions_for_message` gives. Never raises."""
    return _Decoder(message, definitions).decode()


@lru_cache(maxsize=4096)
def _group_around(definitions: Definitions, msg_type: str, tag: int) -> GroupMember | None:
    """The group of that message inside which `tag` is defined, or None."""
    found = definitions.message(msg_type)
    return None if found is None else group_holding(found.level, tag)


class _Assembly:
    """Gathers the nodes of one level: fields of the same component into one list, at the place of the first."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.seen: dict[int, int] = {}
        """How often each tag occurred."""
        self.first: dict[int, int] = {}
        """The index of the first occurrence of each tag."""
        self.repeated: dict[int, FieldNode] = {}
        """The second occurrence of each tag that occurred again."""
        self._nodes: list[Node | int] = []  # a number stands for the component of that index
        self._components: dict[int, list[Node | int]] = {}

    def count(self, tag: int, index: int) -> bool:
        """Note an occurrence of `tag` at `index`; whether it is a repetition."""
        self.seen[tag] = self.seen.get(tag, 0) + 1
        self.first.setdefault(tag, index)
        return self.seen[tag] > 1 and tag != MALFORMED

    def add(self, slot: Slot | None, node: FieldNode | GroupNode) -> None:
        self._list(AT_LEVEL if slot is None else slot.component).append(node)
        field = node.field if isinstance(node, GroupNode) else node
        if REPEATED in field.marks:
            self.repeated.setdefault(field.tag, field)

    def _list(self, component: int) -> list[Node | int]:
        if component == AT_LEVEL:
            return self._nodes
        found = self._components.get(component)
        if found is None:
            found = self._components[component] = []
            self._list(self.level.components[component].parent).append(component)
        return found

    def nodes(self) -> tuple[Node, ...]:
        return self._built(self._nodes)

    def _built(self, nodes: list[Node | int]) -> tuple[Node, ...]:
        return tuple(
            ComponentNode(self.level.components[node].name, self._built(self._components[node]))
            if isinstance(node, int)
            else node
            for node in nodes
        )

    def missing(self) -> Iterator[Slot]:
        """The required members that did not occur. One in an optional component is required if that is there."""
        for slot in self.level.required:
            if slot.member.tag not in self.seen and self._is_wanted(slot.component):
                yield slot

    def _is_wanted(self, component: int) -> bool:
        while component != AT_LEVEL:
            definition = self.level.components[component]
            if not definition.required and component not in self._components:
                return False
            component = definition.parent
        return True


class _Decoder:
    def __init__(self, message: FixMessage, definitions: Definitions) -> None:
        self.message = message
        self.definitions = definitions
        self.fields = message.fields
        self.findings = Findings()
        self.secret = secret_fields(message)
        self.msg_type = message.text(tags.MSG_TYPE)
        self.check_sum_start = self._find_check_sum()
        self.is_cut_off = self.check_sum_start is None
        """What is missing may have been cut off, and is no finding; nor is what is wrong with half a field."""
        ends_in_field = self.is_cut_off and not message.raw.endswith(message.separator.text)
        self.half_field = len(self.fields) - 1 if ends_in_field else None
        self.definition = definitions.message(self.msg_type)
        self.body_level = _NOTHING if self.definition is None else self.definition.level

    def decode(self) -> DecodedMessage:
        check_envelope(self.message, self.check_sum_start, self.findings)
        self._check_msg_type()
        header_end = self._header_end()
        trailer_start = self._trailer_start(header_end)
        header = self._section(self.definitions.header_level, 0, header_end)
        body = self._section(self.body_level, header_end, trailer_start)
        trailer = self._section(self.definitions.trailer_level, trailer_start, len(self.fields))
        self._check_data_lengths()
        return DecodedMessage(
            msg_type=self.msg_type,
            name="" if self.definition is None else self.definition.name,
            header=header,
            body=body,
            trailer=trailer,
            findings=self.findings.sorted(),
        )

    # Sections

    def _header_end(self) -> int:
        """The number of fields before the first one of body or trailer, less undefined ones at the end, which are
        more likely the body's."""
        header, trailer, body = self.definitions.header_tags, self.definitions.trailer_tags, self.body_level.slots
        end = 0
        for index, field in enumerate(self.fields):
            if field.tag in header:
                end = index + 1
            elif field.tag in body or field.tag in trailer or self.definition is None:
                break
        return end

    def _trailer_start(self, header_end: int) -> int:
        """Where the last run of trailer fields begins, unless more of the message follows it."""
        header, trailer, body = self.definitions.header_tags, self.definitions.trailer_tags, self.body_level.slots
        start = len(self.fields)
        while start > header_end and self.fields[start - 1].tag not in trailer:
            start -= 1
            if self.fields[start].tag in body or self.fields[start].tag in header:
                return len(self.fields)
        if start == header_end:
            return len(self.fields)
        while start > header_end and self.fields[start - 1].tag in trailer:
            start -= 1
        return start

    def _section(self, level: Level, start: int, stop: int) -> tuple[Node, ...]:
        assembly = _Assembly(level)
        index = start
        while index < stop:
            index = self._add(assembly, index, stop, ())
        place = self.fields[stop - 1].end if stop else 0
        self._check_level(assembly, place, "")
        return assembly.nodes()

    def _add(self, assembly: _Assembly, index: int, stop: int, outer: tuple[Level, ...]) -> int:
        """Add the field at `index`, and the group that it may open; the index behind."""
        tag = self.fields[index].tag
        slot = assembly.level.slots.get(tag)
        marks = () if slot is not None else self._foreign(index)
        if assembly.count(tag, index):
            marks = (*marks, REPEATED)
        if slot is not None and isinstance(slot.member, GroupMember):
            group, index = self._group(slot.member, index, stop, (assembly.level, *outer), marks)
            assembly.add(slot, group)
            return index
        assembly.add(slot, self._field(index, marks))
        return index + 1

    def _check_level(self, assembly: _Assembly, place: int, where: str) -> None:
        for slot in assembly.missing():
            tag = slot.member.tag
            told = tag == tags.CHECK_SUM or self.is_cut_off  # with the envelope
            if not told and not self._is_misplaced(tag):
                text = f"Required field missing: {label(tag, slot.member.name)}{where}"
                self.findings.error("required", tag, place, text)
        for tag, second in assembly.repeated.items():
            times = assembly.seen[tag]
            if self._says(assembly.first[tag] - 1, times):
                continue  # a group that the dictionary has as plain fields, such as LinesOfText(33) of FIX 4.0
            text = f"{label(tag, second.name)} appears {'twice' if times == 2 else f'{times} times'}{where}"
            agreed = UNKNOWN in second.marks and tag >= FIRST_USER_TAG  # most likely a group of the parties' own
            (self.findings.warning if agreed else self.findings.error)("repeated", tag, second.start, text)

    def _is_misplaced(self, tag: int) -> bool:
        """Whether the tag of header or trailer occurs elsewhere, which is reported there."""
        return tag in self.message.first and (tag in self.definitions.header_tags | self.definitions.trailer_tags)

    def _says(self, index: int, number: int) -> bool:
        return index >= 0 and self.message.value(self.fields[index]) == b"%d" % number

    # Groups

    def _group(
        self, member: GroupMember, index: int, stop: int, outer: tuple[Level, ...], marks: tuple[str, ...]
    ) -> tuple[GroupNode, int]:
        """The group whose counter stands at `index`, and the index behind its last entry.

        An entry begins with the tag that the first one began with, or with a tag that the current one already has,
        unless that directly repeats the field before it.
        """
        counter = self._field(index, marks, "NUMINGROUP")
        expected = int(counter.raw) if counter.raw.isdigit() and len(counter.raw) < 10 else None
        level = member.level
        entries: list[GroupEntry] = []
        current: _Assembly | None = None
        delimiter = previous = MALFORMED
        index += 1
        while index < stop:
            tag = self.fields[index].tag
            if tag not in level.slots:
                behind = self._behind_foreign(index, stop, (level, *outer))
                if current is None or behind in (index, stop) or self.fields[behind].tag not in level.slots:
                    break
                while index < behind:
                    index = self._add(current, index, stop, outer)
                continue
            again = current is None or tag == delimiter or tag in current.seen
            if again and len(entries) + (current is not None) == expected and self._has_place(tag, outer):
                break  # all entries are there, and the tag has a place outside as well
            if current is None or tag == delimiter or (again and tag != previous):
                if current is None:
                    delimiter = tag
                else:
                    entries.append(self._entry(current, index, len(entries) + 1, member))
                if tag != level.first_tag:
                    self._report_first_tag(member, level, index)
                current = _Assembly(level)
            index = self._add(current, index, stop, outer)
            previous = tag
        if current is not None:
            entries.append(self._entry(current, index, len(entries) + 1, member))
        may_go_on = expected is not None and expected > len(entries) and self._is_cut_at(index)
        if expected is not None and expected != len(entries) and not may_go_on:
            follow = "1 entry follows" if len(entries) == 1 else f"{len(entries) or 'no'} entries follow"
            text = f"{label(member.tag, member.name)} says {expected}, {follow}"
            self.findings.error("count", member.tag, counter.start, text)
        return GroupNode(counter, member.name, tuple(entries)), index

    def _entry(self, assembly: _Assembly, stop: int, number: int, member: GroupMember) -> GroupEntry:
        self._check_level(assembly, self.fields[stop - 1].end, f" in entry {number} of {member.name}")
        return GroupEntry(assembly.nodes())

    def _report_first_tag(self, member: GroupMember, level: Level, index: int) -> None:
        first, found = level.slots[level.first_tag].member, level.slots[self.fields[index].tag].member
        text = (
            f"{label(member.tag, member.name)}: entry must begin with {label(first.tag, first.name)}, found {found.tag}"
        )
        self.findings.error("first-field", member.tag, self.fields[index].start, text)

    def _behind_foreign(self, index: int, stop: int, levels: tuple[Level, ...]) -> int:
        """The index of the first field from `index` on that has a place in one of the levels, or `stop`."""
        while index < stop and not self._has_place(self.fields[index].tag, levels):
            index += 1
        return index

    def _has_place(self, tag: int, levels: tuple[Level, ...]) -> bool:
        return any(tag in level.slots for level in levels)

    # Fields

    def _field(self, index: int, marks: tuple[str, ...], kind: str = "") -> FieldNode:
        """The node of a field; `kind` is the type that its place in the message demands, whatever the dictionary
        says."""
        tag, start, end = self.fields[index]
        tag_start = self.fields[index - 1].end + len(self.message.separator.text) if index else 0
        raw = self.message.raw[start:end]
        text = as_text(raw)
        secret = index in self.secret
        field = self.definitions.field(tag)
        if field is None:
            return FieldNode(tag, "", raw, text, None, "", tag_start, start, end, marks, secret)
        if kind and field.type != kind:
            field = FieldDef(tag, field.name, kind)
        if index != self.half_field:
            check_value(field, text, start, secret, self.findings)
        meaning = self._meaning(field, text)
        return FieldNode(tag, field.name, raw, text, meaning, field.type, tag_start, start, end, marks, secret)

    def _meaning(self, field: FieldDef, text: str) -> str | None:
        meaning = field.values.get(text)
        if meaning is not None or not field.values:
            return meaning
        if field.type in MULTIPLE_VALUE_TYPES:
            meanings = [field.values.get(item, item) for item in items(field.type, text)]
            return ", ".join(meanings) if any(item in field.values for item in items(field.type, text)) else None
        return None

    def _foreign(self, index: int) -> tuple[str, ...]:
        """The mark of a field that has no place at its level; reports it."""
        tag, start, end = self.fields[index]
        if tag == MALFORMED:
            piece = "***" if index in self.secret else as_text(self.message.raw[start:end][:30])
            text = f"'{piece}' is no field: tag=value is expected" if piece else "Nothing stands between two separators"
            if index != self.half_field:
                self.findings.error("malformed", None, start, text)
            return (MALFORMED_FIELD,)
        field = self.definitions.field(tag)
        home = self._home(tag)
        if home:
            name = label(tag, "" if field is None else field.name)
            self.findings.error("out-of-place", tag, start, f"{name} is out of place: it belongs to {home}")
            return (OUT_OF_PLACE,)
        if self.definition is not None:
            name = f"Tag {tag}" if field is None else f"Tag {tag} ({field.name})"
            report = self.findings.warning if tag >= FIRST_USER_TAG else self.findings.error
            report("undefined", tag, start, f"{name} is not defined for {self.definition.name}")
        return (UNKNOWN,) if field is None else (NOT_DEFINED_HERE,) if self.definition is not None else ()

    def _home(self, tag: int) -> str:
        """Where in the message the tag should stand; empty for one that the message does not have."""
        if tag in self.definitions.header_tags:
            return "the header"
        if tag in self.definitions.trailer_tags:
            return "the trailer"
        if tag in self.body_level.slots:
            return "the body"
        if self.definitions.field(tag) is None:
            return ""
        group = _group_around(self.definitions, self.msg_type, tag)
        return "" if group is None else f"the group {label(group.tag, group.name)}"

    # The message as a whole

    def _find_check_sum(self) -> int | None:
        """Where the last `10=` begins."""
        for index in range(len(self.fields) - 1, -1, -1):
            if self.fields[index].tag == tags.CHECK_SUM:
                return self.fields[index - 1].end + len(self.message.separator.text) if index else 0
        return None

    def _is_cut_at(self, index: int) -> bool:
        """Whether the message was cut off before field `index` could be told."""
        if index == self.half_field:
            return self.fields[index].tag == MALFORMED
        return self.is_cut_off and index == len(self.fields)

    def _check_msg_type(self) -> None:
        field = self.message.first.get(tags.MSG_TYPE)
        if self.definition is None and field is not None and self.msg_type:
            # MsgTypes that begin with U are for messages of the parties' own (FIX, MsgType).
            report = self.findings.warning if self.msg_type.startswith("U") else self.findings.error
            text = f"MsgType (35): '{self.msg_type[:20]}' is not defined in {self.definitions.name}"
            report("msg-type", tags.MSG_TYPE, field.start, text)

    def _check_data_lengths(self) -> None:
        """Whether each data field has the length that the field before it says."""
        data_tags = self.definitions.data_tags
        for index, (length, data) in enumerate(zip(self.fields, self.fields[1:], strict=False), 1):
            if data_tags.get(length.tag) != data.tag or data.tag == MALFORMED or index == self.half_field:
                continue
            said = as_text(self.message.value(length))
            if said.isdigit() and said.lstrip("0") != str(data.end - data.start).lstrip("0"):
                names = [label(tag, self._name(tag)) for tag in (length.tag, data.tag)]
                text = f"{names[0]} says {said[:20]}, {names[1]} has {data.end - data.start} bytes"
                self.findings.error("data-length", length.tag, length.start, text)

    def _name(self, tag: int) -> str:
        field = self.definitions.field(tag)
        return "" if field is None else field.name
