"""The messages that a scenario sends: as text, or as fields by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.filter import FilterError, Names
from purefix_core.logs.filter.language import Word
from purefix_core.session.compose.reading import escaped
from purefix_core.session.scenario.fields import Fields
from purefix_core.session.scenario.model import Members, Send
from purefix_core.session.scenario.tree import Node
from purefix_core.wire import tags
from purefix_core.wire.secrets import MASK, SECRET_TAGS

_MOST_SHOWN = 120
_SECRET = re.compile(
    rf"(?<![0-9])({'|'.join(str(tag) for tag in sorted(SECRET_TAGS | {tags.RAW_DATA}))})"
    r"\s*=.*?(?=\||\x01|\^A|;\s*[0-9]+\s*=|\Z)",
    re.DOTALL,
)


def shown_message(send: Send) -> str:
    """The message in a list of steps. Of one that is written as fields only the type: which of them are secret the
    dialect says."""
    if send.msg_type:
        return send.msg_type
    text = _SECRET.sub(lambda found: f"{found[1]}={MASK.decode()}", send.text)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def members_of(fields: Fields, node: Node) -> Members:
    """Fields in their order; a list of mappings is a repeating group."""
    if not isinstance(node.value, Mapping):
        fields.wrong(node, "expected fields by name or tag")
        return ()
    members: list[tuple[str, str | tuple[Members, ...]]] = []
    for name, value in node.value.items():
        if isinstance(value.value, str):
            members.append((name, fields.filled(node.value, name)))
        elif isinstance(value.value, Mapping):
            fields.wrong(value, f"{name}: expected a value, or a list with the fields of each entry of a group")
        else:
            members.append((name, tuple(members_of(fields, entry) for entry in value.value)))
    return tuple(members)


def text_of(send: Send, definitions: Definitions) -> str:
    """The message as `35=D|11=...`. Raises ValueError for names that the dialect does not have."""
    if not send.msg_type:
        return send.text
    names = Names((definitions,))
    msg_type = send.msg_type
    if definitions.message(msg_type) is None:
        known = names.values_of((tags.MSG_TYPE,), Word(msg_type, 0, quoted=True)) - {msg_type}
        msg_type = next(iter(known), msg_type)
    return "|".join((f"35={msg_type}", *_fields(send.members, names, definitions)))


def _fields(members: Members, names: Names, definitions: Definitions) -> Iterator[str]:
    for name, value in members:
        try:
            tag = names.tags_of(Word(name, 0))[0]
        except FilterError as error:
            raise ValueError(error.text) from None
        if not isinstance(value, str):
            yield f"{tag}={len(value)}"
            for entry in value:
                yield from _fields(entry, names, definitions)
            continue
        field = definitions.field(tag)
        if field is not None and value not in field.values:
            value = next(iter(field.values_named(value)), value)
        yield f"{tag}={escaped(value)}"
