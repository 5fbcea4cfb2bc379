"""A decoded message as JSON.

Keys are field names, and components leave no trace: their fields stand at the level they have on the wire. A group
is an array of objects under the name of its counter. Tags without a name are keyed by their number, pieces that are
not `tag=value` by "malformed". A tag that occurs more than once at its level has an array of all its values.
"""

from __future__ import annotations

from purefix_core.dictionary.datatypes import typed_value
from purefix_core.dictionary.decode import DecodedMessage, FieldNode, Finding, GroupNode, Node
from purefix_core.dictionary.json_text import JsonValue, json_text
from purefix_core.dictionary.nodes import ComponentNode
from purefix_core.wire.message import MALFORMED
from purefix_core.wire.secrets import MASK

_MASK = MASK.decode("ascii")


def message_to_json(
    decoded: DecodedMessage, *, offset: int, length: int, dialect: str | None, show_secrets: bool = False
) -> str:
    """What `message_to_dict` gives, as one line of JSON text."""
    return json_text(message_to_dict(decoded, offset=offset, length=length, dialect=dialect, show_secrets=show_secrets))


def message_to_dict(
    decoded: DecodedMessage, *, offset: int, length: int, dialect: str | None, show_secrets: bool = False
) -> dict[str, JsonValue]:
    """The message as plain values. `offset` and `length` are those of the message in its file, in bytes.

    `dialect` is None for one that was read without a dictionary.
    Numbers of the decimal types are Decimals, which keep the digits that were sent. Secrets read `***` unless
    `show_secrets`.
    """
    return {
        "offset": offset,
        "length": length,
        "msgType": decoded.msg_type,
        "name": decoded.name or None,
        "dialect": dialect,
        "header": _object(decoded.header, show_secrets),
        "body": _object(decoded.body, show_secrets),
        "trailer": _object(decoded.trailer, show_secrets),
        "findings": [finding_to_dict(finding) for finding in decoded.findings],
    }


def finding_to_dict(finding: Finding) -> dict[str, JsonValue]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "tag": finding.tag,
        "start": finding.start,
        "text": finding.text,
    }


def _object(nodes: tuple[Node, ...], show_secrets: bool) -> dict[str, JsonValue]:
    values: dict[str, list[JsonValue]] = {}
    groups: set[str] = set()
    _collect(nodes, values, groups, show_secrets)
    return {key: found if len(found) > 1 or key in groups else found[0] for key, found in values.items()}


def _collect(nodes: tuple[Node, ...], values: dict[str, list[JsonValue]], groups: set[str], show_secrets: bool) -> None:
    for node in nodes:
        if isinstance(node, ComponentNode):
            _collect(node.children, values, groups, show_secrets)
        elif isinstance(node, GroupNode):
            groups.add(node.name)
            values.setdefault(node.name, []).extend(_object(entry.children, show_secrets) for entry in node.entries)
        else:
            values.setdefault(_key(node), []).append(_value(node, show_secrets))


def _key(node: FieldNode) -> str:
    return node.name or ("malformed" if node.tag == MALFORMED else str(node.tag))


def _value(node: FieldNode, show_secrets: bool) -> JsonValue:
    if node.is_secret and not show_secrets:
        return _MASK
    return typed_value(node.type, node.text)
