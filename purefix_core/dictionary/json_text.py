"""JSON text of plain values. Unlike the `json` module it writes a Decimal with the digits it has (1.10, not 1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

_encode = json.JSONEncoder(ensure_ascii=False).encode
_UNSAFE = re.compile("[\x7f-\x9f\ud800-\udfff]")

JsonValue = str | int | Decimal | bool | None | Sequence["JsonValue"] | Mapping[str, "JsonValue"]


def json_text(value: JsonValue) -> str:
    """`value` as one line of JSON. A Decimal must be finite."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_string(key)}: {json_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return json.dumps(value)


def _string(text: str) -> str:
    """ASCII control characters are escaped by `json`; DEL, the C1 controls and lone surrogates here: a terminal would
    obey the former, and UTF-8 cannot hold the latter."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", _encode(text))
