"""Typed messages for people and for JSON; credentials are masked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from purefix_core.dictionary.datatypes import typed_value
from purefix_core.types.block import Block
from purefix_core.types.content import Item, items, raw_value
from purefix_core.types.declare import Field, Group, Member, Part
from purefix_core.types.encode import encode
from purefix_core.types.layout import Layout
from purefix_core.types.levels import parse_level
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage, as_text
from purefix_core.wire.secrets import MASK, is_secret, looked_for, repeats_secret, secret_fields
from purefix_core.wire.separators import SOH, separator_for

if TYPE_CHECKING:
    from purefix_core.dictionary.json_text import JsonValue
    from purefix_core.types.fieldset import FieldSet
    from purefix_core.types.message import Message

_MAX_ENTRIES = 5
_MAX_UNKNOWN = 20
_MAX_TEXT = 200
_MASK = MASK.decode()


class Hidden:
    """Which values of a message must not be shown: credentials, and what repeats one of them."""

    def __init__(self, fields: FieldSet) -> None:
        block = fields._block
        self._raw = b"" if block.level is None else block.level.raw
        self._starts: frozenset[int] = frozenset()
        """Where the hidden values begin in what was parsed."""
        said: list[bytes] = []
        msg_type = fields.get(tags.MSG_TYPE)
        if block.level is not None:
            message = FixMessage.parse(self._raw, separator_for(block.level.separator))
            secret = [message.fields[position] for position in secret_fields(message)]
            self._starts = frozenset(field.start for field in secret)
            said += map(message.value, secret)
            msg_type = msg_type or message.get(tags.MSG_TYPE)
        self._msg_type = as_text(msg_type or b"")
        changes = block.changes.items()
        said += [value for tag, value in changes if value is not None and is_secret(tag, self._msg_type)]
        self._needles = looked_for(said)

    def value(self, tag: int, raw: bytes) -> bool:
        return is_secret(tag, self._msg_type) or repeats_secret(tag, raw, self._needles)

    def item(self, block: Block, item: Item, raw: bytes) -> bool:
        if item.piece is not None and block.level is not None and block.level.raw is self._raw:
            start, end = item.piece
            start = start if item.tag == MALFORMED else self._raw.index(b"=", start, end) + 1
            return start in self._starts or self.value(item.tag, raw)
        return self.value(item.tag, raw)


# For people


def repr_text(fields: FieldSet) -> str:
    """`NewOrderSingle(ClOrdID='1', Side=Side.BUY, ...)`; long values and lists are cut."""
    return _repr(fields, Hidden(fields), set(fields.by_tag()))


def _repr(fields: FieldSet, hidden: Hidden, left: set[int]) -> str:
    """`left`: the tags of the level that were not shown yet. Each is shown once, in however many components it is."""
    shown: list[str] = []
    for name, member in fields.members.items():
        own = member.component.by_tag() if isinstance(member, Part) else (member.tag,)
        if any(tag in left and fields._block.has(tag) for tag in own):
            shown.append(f"{name}={_repr_member(fields, name, member, hidden, left)}")
    unknown = _repr_unknown(fields, hidden)
    return f"{type(fields).__qualname__}({', '.join(shown + unknown)})"


def _repr_member(fields: FieldSet, name: str, member: Member, hidden: Hidden, left: set[int]) -> str:
    value = getattr(fields, name)
    if isinstance(member, Part):
        return _repr(value, hidden, left)
    left.discard(member.tag)
    if isinstance(member, Group):
        shown = [_repr_entry(entry, member, hidden) for entry in value[:_MAX_ENTRIES]]
        more = [f"... {len(value) - _MAX_ENTRIES:,} more"] if len(value) > _MAX_ENTRIES else []
        return f"[{', '.join(shown + more)}]"
    raw = fields._block.value(member.tag) or b""
    return repr(_MASK) if hidden.value(member.tag, raw) else _cut(repr(value))


def _repr_entry(entry: FieldSet, group: Group, hidden: Hidden) -> str:
    if not isinstance(entry, group.entry):
        return _cut(repr(entry))  # the list is the user's own, and may hold anything
    return _repr(entry, hidden, set(entry.by_tag()))


def _repr_unknown(fields: FieldSet, hidden: Hidden) -> list[str]:
    layout, block = fields.layout(), fields._block
    if layout is None:
        return []
    found = [item for item in items(block, layout) if item.tag not in layout.members and item.tag not in tags.ENVELOPE]
    shown = [f"{item.tag}={_repr_item(block, item, hidden)}" for item in found[:_MAX_UNKNOWN]]
    more = [f"... {len(found) - _MAX_UNKNOWN:,} more"] if len(found) > _MAX_UNKNOWN else []
    return shown + more


def _repr_item(block: Block, item: Item, hidden: Hidden) -> str:
    raw = raw_value(block, item)
    return repr(_MASK) if hidden.item(block, item, raw) else _cut(repr(as_text(raw)))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}..."


# For JSON


def message_to_dict(message: Message, show_secrets: bool) -> dict[str, JsonValue]:
    """See `Message.to_dict`."""
    hidden = None if show_secrets else Hidden(message)
    layout, block = message.layout(), message._block
    sections: dict[str, list[Item]] = {"header": [], "body": [], "trailer": []}
    for item in _with_envelope(message):
        sections[_section(message, item.tag)].append(item)
    return {
        "msgType": as_text(block.value(tags.MSG_TYPE) or b""),
        "name": message.message_name or None,
        **{name: _object(found, block, layout, hidden) for name, found in sections.items()},
    }


def _with_envelope(message: Message) -> Iterable[Item]:
    """The items of the message, with BodyLength and CheckSum as they would be sent."""
    block, layout = message._block, message.layout()
    found = items(block, layout)
    if block.level is not None and not message.is_changed():
        return found
    sent = parse_level(encode(block, layout, message.begin_string, SOH), SOH.text, layout.shape)
    counted = {tag: Item(tag, value=sent.value(tag)) for tag in (tags.BODY_LENGTH, tags.CHECK_SUM)}
    kept = [item for item in found if item.tag not in counted]
    return [*kept[:1], counted[tags.BODY_LENGTH], *kept[1:], counted[tags.CHECK_SUM]]


def _section(message: Message, tag: int) -> str:
    for section in ("header", "trailer"):
        part = message.members.get(section)
        if isinstance(part, Part) and tag in part.component.by_tag():
            return section
    return "body"


def _object(found: Iterable[Item], block: Block, layout: Layout, hidden: Hidden | None) -> dict[str, JsonValue]:
    values: dict[str, list[JsonValue]] = {}
    groups: set[str] = set()
    for item in found:
        member = layout.members.get(item.tag)
        name = str(item.tag) if member is None else member.name
        if isinstance(member, Group):
            groups.add(name)
            entries = item.entries if item.entries is not None else block.entries(member)
            inner = member.entry.layout()
            values.setdefault(name, []).extend(
                _object(items(entry._block, inner), entry._block, inner, hidden) for entry in entries
            )
            continue
        raw = raw_value(block, item)
        is_hidden = hidden is not None and hidden.item(block, item, raw)
        name = "malformed" if item.tag == MALFORMED else name
        values.setdefault(name, []).append(_MASK if is_hidden else _plain(member, as_text(raw)))
    return {name: each if len(each) > 1 or name in groups else each[0] for name, each in values.items()}


def _plain(member: Field | None, text: str) -> JsonValue:
    return text if member is None else typed_value(member.kind, text)
