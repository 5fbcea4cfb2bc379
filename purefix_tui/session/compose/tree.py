"""A draft as the form edits it: fields and groups that can be changed, and what the dictionary has for each level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.members import Level as Layout
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.form import Form, FormField, FormGroup, FormMember, form_of
from purefix_core.session.compose.writing import arranged
from purefix_core.wire import tags
from purefix_tui.session.compose.choices import value_of_meaning

ENVELOPE = (
    tags.BEGIN_STRING,
    tags.BODY_LENGTH,
    tags.SENDER_COMP_ID,
    tags.TARGET_COMP_ID,
    tags.MSG_SEQ_NUM,
    tags.SENDING_TIME,
)
"""What the session fills in in every header; CheckSum(10) in the trailer."""


USUAL: Mapping[str, tuple[int, ...]] = {
    "D": (11, 1, 21, 55, 54, 38, 40, 44, 59, 60),
    "F": (41, 37, 11, 55, 54, 38, 60),
    "G": (41, 37, 11, 55, 54, 38, 40, 44, 60),
    "H": (11, 37, 55, 54),
    "8": (37, 11, 17, 150, 39, 55, 54, 38, 32, 31, 151, 14, 6, 60),
}
"""By MsgType the fields that nearly every such message has, whether a dictionary requires them or not."""


class Part(Enum):
    """Where in a message a field stands."""

    HEADER = "header"
    BODY = "body"
    TRAILER = "trailer"


@dataclass(eq=False)
class FieldNode:
    """A field. One that is not in the draft is a blank to be filled in."""

    tag: int
    text: str
    member: FormField | None
    """None where the dictionary has no such field at this level."""
    is_there: bool
    is_typed: bool = False
    """Here, and not what the draft had: that stays as it is, also where it is a meaning in place of a value."""

    @property
    def value(self) -> str:
        """What is sent: the text, or the value whose meaning was typed."""
        return (value_of_meaning(self.text, self.member) if self.is_typed else "") or self.text

    def write(self, text: str) -> None:
        """What was typed; nothing takes the field out of the draft."""
        self.text, self.is_there, self.is_typed = text, bool(text), True


@dataclass(eq=False)
class GroupNode:
    """A group with its entries. One without any, which is not in the draft either, is a blank to be filled in."""

    tag: int
    member: FormGroup | None
    entries: list[Branch]
    is_there: bool
    count: str | None = None
    """What the counter says where that is not the number of entries."""

    def new_entry(self, place: int) -> Branch:
        """An empty entry at that place."""
        entry = Branch([], self.members, is_entry=True)
        entry.offer_required()
        self.entries.insert(place, entry)
        self.is_there, self.count = True, None
        return entry

    def remove_entry(self, entry: Branch) -> None:
        self.entries.remove(entry)
        self.is_there, self.count = bool(self.entries), None

    @cached_property
    def members(self) -> Sequence[FormMember]:
        return () if self.member is None else self.member.members


Node = FieldNode | GroupNode


@dataclass(eq=False)
class Branch:
    """The fields of a part of a message, or of an entry of a group, in the order of the draft."""

    nodes: list[Node]
    members: Sequence[FormMember] = field(repr=False)
    """What the dictionary has for it."""
    is_entry: bool = False
    """Of a group, which begins with the first of its members."""

    @cached_property
    def by_tag(self) -> Mapping[int, FormMember]:
        return {member.tag: member for member in self.members}

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {member.tag: place for place, member in enumerate(self.members)}

    def shown(self) -> list[Node]:
        """The nodes as the form shows them: in the order of its members, and what is none of them behind."""
        return sorted(self.nodes, key=lambda node: self._places.get(node.tag, len(self._places)))

    def offer(self, tag: int) -> Node:
        """The field or group with that tag, to be filled in; a new one where there is none yet."""
        for node in self.nodes:
            if node.tag == tag:
                return node
        member = self.by_tag.get(tag)
        node = GroupNode(tag, member, [], False) if isinstance(member, FormGroup) else FieldNode(tag, "", member, False)
        self.nodes.append(node)
        return node

    def is_required(self, member: FormMember) -> bool:
        return member.required or (self.is_entry and member is self.members[0])

    def offer_required(self) -> None:
        """Have a blank for everything that is required."""
        for member in self.members:
            if self.is_required(member):
                self.offer(member.tag)

    def remove(self, node: Node) -> None:
        """Take a field or group out. A blank stays where it is required."""
        self.nodes.remove(node)
        member = self.by_tag.get(node.tag)
        if member is not None and self.is_required(member):
            self.offer(node.tag)


class Tree:
    """A message that is being written."""

    def __init__(self, draft: Draft, definitions: Definitions) -> None:
        self.definitions = definitions
        self.msg_type = draft.msg_type
        self.form = form_for(definitions, draft.msg_type)
        self._written = draft
        self.parts = {
            Part.HEADER: _branch(draft.header, self.form.header),
            Part.BODY: _branch(draft.body, self.form.members),
            Part.TRAILER: _branch(draft.trailer, self.form.trailer),
        }
        body = self.parts[Part.BODY]
        body.offer_required()
        for tag in USUAL.get(draft.msg_type, ()):
            if tag in body.by_tag:
                body.offer(tag)
        self.offer_envelope()

    def open_required_groups(self) -> None:
        """Have a first entry, to be filled in, of every group that the message requires."""
        for node in self.parts[Part.BODY].nodes:
            if isinstance(node, GroupNode) and not node.entries and node.member is not None and node.member.required:
                node.new_entry(0)

    def offer_envelope(self) -> None:
        """Have a blank for everything that the session fills in, and for what else header and trailer require."""
        for tag in ENVELOPE:
            self.parts[Part.HEADER].offer(tag)
        self.parts[Part.HEADER].offer_required()
        self.parts[Part.TRAILER].offer(tags.CHECK_SUM)

    @property
    def draft(self) -> Draft:
        """What has been filled in. As long as there are the same fields as in the draft it was made from, in its
        order; then in the order of the dictionary."""
        header, body, trailer = (_items(self.parts[part]) for part in (Part.HEADER, Part.BODY, Part.TRAILER))
        found = Draft(self.msg_type, header, body, trailer, self._written.origin)
        if _shape(found.body) == _shape(self._written.body):
            return found
        message = self.definitions.message(self.msg_type)
        layout = None if message is None else message.level
        return replace(found, body=_arranged(body, layout, self.definitions))


def form_for(definitions: Definitions, msg_type: str) -> Form:
    """The form of a message; one without members for a MsgType that the dictionary does not define."""
    try:
        return form_of(definitions, msg_type)
    except ComposeError:
        known = next(iter(definitions.message_names), None)
        around = Form("", "", (), (), ()) if known is None else form_of(definitions, known)
        return Form(msg_type, "", (), around.header, around.trailer)


def _branch(items: Sequence[DraftItem], members: Sequence[FormMember], *, is_entry: bool = False) -> Branch:
    branch = Branch([], members, is_entry)
    branch.nodes += (_node(item, branch.by_tag.get(item.tag)) for item in items)
    return branch


def _node(item: DraftItem, member: FormMember | None) -> Node:
    if isinstance(item, DraftField):
        return FieldNode(item.tag, item.text, member if isinstance(member, FormField) else None, True)
    group = GroupNode(item.tag, member if isinstance(member, FormGroup) else None, [], True, item.count)
    for entry in item.entries:
        branch = _branch(entry, group.members, is_entry=True)
        branch.offer_required()
        group.entries.append(branch)
    return group


def _items(branch: Branch) -> tuple[DraftItem, ...]:
    return tuple(_item(node) for node in branch.nodes if node.is_there)


def _item(node: Node) -> DraftItem:
    if isinstance(node, FieldNode):
        return DraftField(node.tag, node.value)
    return DraftGroup(node.tag, tuple(map(_items, node.entries)), node.count)


def _shape(items: Sequence[DraftItem]) -> tuple[object, ...]:
    """The tags of a draft, without the values."""
    return tuple(
        item.tag if isinstance(item, DraftField) else (item.tag, tuple(map(_shape, item.entries))) for item in items
    )


def _arranged(items: Sequence[DraftItem], layout: Layout | None, definitions: Definitions) -> tuple[DraftItem, ...]:
    if layout is None:
        return tuple(items)
    return tuple(_arranged_item(item, layout, definitions) for item in arranged(items, layout, definitions))


def _arranged_item(item: DraftItem, layout: Layout, definitions: Definitions) -> DraftItem:
    slot = layout.slots.get(item.tag)
    inner = None if slot is None else getattr(slot.member, "level", None)
    if isinstance(item, DraftField) or inner is None:
        return item
    return DraftGroup(item.tag, tuple(_arranged(entry, inner, definitions) for entry in item.entries), item.count)
