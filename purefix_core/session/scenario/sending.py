"""The messages that a scenario sends: as text, or as fields by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.filter import FilterError, Names
from purefix_core.logs.filter.language import Word
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.reading import escaped
from purefix_core.session.scenario.fields import Fields
from purefix_core.session.scenario.hiding import without_secrets
from purefix_core.session.scenario.model import Members, Send
from purefix_core.session.scenario.tree import Node
from purefix_core.wire import tags
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import MASK, SECRET_TAGS, looked_for

_MOST_SHOWN = 120
_SECRET = re.compile(
    rf"(?<![0-9])(0*(?:{'|'.join(str(tag) for tag in sorted(SECRET_TAGS | {tags.RAW_DATA}))}))"
    r"\s*=(.*?)(?=(?:\||\x01|\^A|;)\s*[0-9]+\s*=|[|\x01]\s*\Z|\Z)",
    re.DOTALL,
)


def shown_message(send: Send) -> str:
    """The message in a list of steps, without its secrets, and where it repeats them. Of one that is written as fields
    only the type: which of them are secret the dialect says."""
    if send.msg_type:
        return send.msg_type
    secrets = looked_for(found[2].strip().encode("utf-8", "replace") for found in _SECRET.finditer(send.text))
    text = _SECRET.sub(lambda found: f"{found[1]}={MASK.decode()}", send.text)
    text = without_secrets(text, map(as_text, secrets))
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


def draft_of(send: Send, definitions: Definitions) -> Draft:
    """The message, in which expressions and names are still to be filled in. Raises ValueError for text that is no
    message, and for names that the dialect does not have."""
    if not send.msg_type:
        return Draft.of_text(send.text, definitions)
    for problem in name_problems(send, definitions):
        raise ValueError(problem)
    names = Names((definitions,))
    fields = list(_items(send.members, names, definitions))
    # A flat text tells which fields are of the header; a group stands as it is written, whatever its entries' order.
    flat = [f"{item.tag}={escaped(item.text)}" for item in fields if isinstance(item, DraftField)]
    draft = Draft.of_text("|".join((f"35={_msg_type(send.msg_type, names, definitions)}", *flat)), definitions)
    groups = [item for item in fields if isinstance(item, DraftGroup)]
    header = [group for group in groups if group.tag in definitions.header_tags]
    body = [group for group in groups if group.tag not in definitions.header_tags]
    return replace(draft, header=(*draft.header, *header), body=(*draft.body, *body))


def name_problems(send: Send, definitions: Definitions) -> Iterator[str]:
    """A line for each name of a field that the dialect does not have."""
    names = Names((definitions,))
    for name in _names_in(send.members):
        try:
            names.tags_of(Word(name, 0))
        except FilterError as error:
            yield error.text


def _names_in(members: Members) -> Iterator[str]:
    for name, value in members:
        yield name
        if not isinstance(value, str):
            for entry in value:
                yield from _names_in(entry)


def _msg_type(text: str, names: Names, definitions: Definitions) -> str:
    """The MsgType that a message's name stands for, or that is given itself."""
    if definitions.message(text) is not None:
        return text
    return next(iter(names.values_of((tags.MSG_TYPE,), Word(text, 0, quoted=True)) - {text}), text)


def _items(members: Members, names: Names, definitions: Definitions) -> Iterator[DraftItem]:
    for name, value in members:
        tag = names.tags_of(Word(name, 0))[0]
        if not isinstance(value, str):
            yield DraftGroup(tag, tuple(tuple(_items(entry, names, definitions)) for entry in value))
            continue
        field = definitions.field(tag)
        if field is not None and value not in field.values:
            value = next(iter(field.values_named(value)), value)
        yield DraftField(tag, value)
