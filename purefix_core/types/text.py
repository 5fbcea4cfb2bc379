"""Typed messages for people and for JSON; credentials are masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from purefix_core.dictionary.datatypes import typed_value
from purefix_core.types.block import Block
from purefix_core.types.content import Item, items, raw_value, unknown
from purefix_core.types.declare import Field, Group, Member, Part
from purefix_core.types.layout import Layout
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, as_text
from purefix_core.wire.secrets import MASK, SECRET_TAGS, is_secret, repeats_secret

if TYPE_CHECKING:
    from purefix_core.dictionary.json_text import JsonValue
    from purefix_core.types.fieldset import FieldSet
    from purefix_core.types.message import Message

_MAX_ENTRIES = 5
_MAX_TEXT = 200

Hidden = Callable[[int, bytes], bool]
"""Whether the value of a tag must not be shown."""


def repr_text(fields: FieldSet) -> str:
    """`NewOrderSingle(ClOrdID='1', Side=Side.BUY, ...)`; long values and lists are cut."""
    return _repr(fields, _hidden(fields))


def _repr(fields: FieldSet, hidden: Hidden) -> str:
    shown = [
        f"{name}={_repr_member(fields, name, member, hidden)}"
        for name, member in fields.members.items()
        if _is_present(fields, member)
    ]
    shown += [f"{tag}={_cut(repr(_shown(tag, raw, hidden)))}" for tag, raw in unknown(fields)]
    return f"{type(fields).__qualname__}({', '.join(shown)})"


def _is_present(fields: FieldSet, member: Member) -> bool:
    block = fields._block
    if isinstance(member, Part):
        return any(block.has(tag) for tag in member.component.by_tag())
    return block.has(member.tag)


def _repr_member(fields: FieldSet, name: str, member: Member, hidden: Hidden) -> str:
    value = getattr(fields, name)
    if isinstance(member, Part):
        return _repr(value, hidden)
    if isinstance(member, Group):
        shown = value[:_MAX_ENTRIES]  # the user's own list, which may hold anything
        entries = [_repr(entry, hidden) if isinstance(entry, member.entry) else _cut(repr(entry)) for entry in shown]
        more = [f"... {len(value) - _MAX_ENTRIES} more"] if len(value) > _MAX_ENTRIES else []
        return f"[{', '.join(entries + more)}]"
    raw = fields._block.value(member.tag) or b""
    if hidden(member.tag, raw):
        return repr(MASK.decode())
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}..."


def _shown(tag: int, raw: bytes, hidden: Hidden) -> str:
    return MASK.decode() if hidden(tag, raw) else as_text(raw)


def message_to_dict(message: Message, show_secrets: bool) -> dict[str, JsonValue]:
    """See `Message.to_dict`."""
    hidden: Hidden = (lambda _tag, _raw: False) if show_secrets else _hidden(message)
    layout, block = message.layout(), message._block
    sections: dict[str, list[Item]] = {"header": [], "body": [], "trailer": []}
    for item in _with_envelope(message):
        sections[_section(message, item.tag)].append(item)
    msg_type = block.value(tags.MSG_TYPE)
    return {
        "msgType": "" if msg_type is None else as_text(msg_type),
        "name": message.message_name or None,
        **{name: _object(found, block, layout, hidden) for name, found in sections.items()},
    }


def _with_envelope(message: Message) -> Iterable[Item]:
    """The items of the message, with BodyLength and CheckSum as they will be sent."""
    found = items(message._block, message.layout())
    if message._block.level is not None and not message.is_changed():
        return found
    fresh = type(message).parse(message.to_bytes())
    counted = {tag: Item(tag, value=fresh.get(tag)) for tag in (tags.BODY_LENGTH, tags.CHECK_SUM)}
    kept = [item for item in found if item.tag not in counted]
    return [*kept[:1], counted[tags.BODY_LENGTH], *kept[1:], counted[tags.CHECK_SUM]]


def _section(message: Message, tag: int) -> str:
    for section in ("header", "trailer"):
        part = message.members.get(section)
        if isinstance(part, Part) and tag in part.component.by_tag():
            return section
    return "body"


def _object(found: Iterable[Item], block: Block, layout: Layout, hidden: Hidden) -> dict[str, JsonValue]:
    values: dict[str, list[JsonValue]] = {}
    groups: set[str] = set()
    names = _names(layout)
    for item in found:
        member = layout.members.get(item.tag)
        name = names.get(item.tag) or ("malformed" if item.tag == MALFORMED else str(item.tag))
        if isinstance(member, Group):
            groups.add(name)
            entries = item.entries if item.entries is not None else block.entries(item.tag, member.entry)
            inner = member.entry.layout()
            values.setdefault(name, []).extend(
                _object(items(entry._block, inner), entry._block, inner, hidden) for entry in entries
            )
        else:
            values.setdefault(name, []).append(_value(member, item, raw_value(block, item), hidden))
    return {name: each if len(each) > 1 or name in groups else each[0] for name, each in values.items()}


def _value(member: Field | None, item: Item, raw: bytes, hidden: Hidden) -> JsonValue:
    if hidden(item.tag, raw):
        return MASK.decode()
    text = as_text(raw)
    return text if member is None else typed_value(member.kind, text)


def _names(layout: Layout) -> Mapping[int, str]:
    return {tag: member.name for tag, member in layout.members.items()}


def _hidden(fields: FieldSet) -> Hidden:
    """What must not be shown of `fields`: credentials, and what repeats one of them."""
    msg_type = as_text(fields.get(tags.MSG_TYPE) or b"")
    possible = (tag for tag in (*SECRET_TAGS, tags.RAW_DATA) if is_secret(tag, msg_type))
    said = [raw for tag in possible if (raw := fields.get(tag))]
    return lambda tag, raw: is_secret(tag, msg_type) or repeats_secret(tag, raw, said)
