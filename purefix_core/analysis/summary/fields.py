"""The sentence for a message that has none of its own: its first business fields."""

from __future__ import annotations

from purefix_core.analysis.summary.values import Values, words
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED

_SHOWN = 4

_NOT_BUSINESS = frozenset(
    {MALFORMED, *tags.DATA_TAG_BY_LENGTH_TAG, *tags.DATA_TAG_BY_LENGTH_TAG.values()}
    | {8, 9, 10, 34, 35, 43, 49, 50, 52, 56, 57, 60, 89, 97, 115, 116, 122, 128, 129, 142, 143, 144, 145, 347, 369}
    | {370, 627, 628, 629, 630, 1128, 1129, 1137, 1156, 1400}
)
"""Header and trailer fields, TransactTime, and data of any length: nothing that tells a business message apart."""


def first_fields(values: Values) -> str:
    """`Symbol EURUSD, Side buy, …`, or `55=EURUSD, …` for fields that no dictionary names; empty if there are none.

    Credentials, empty fields and the counts of repeating groups are left out.
    """
    shown: list[str] = []
    own_header = frozenset() if values.definitions is None else values.definitions.header_tags
    for field in values.message.fields:
        tag = field.tag
        if tag in _NOT_BUSINESS or tag in own_header or field in values.hidden or field.start == field.end:
            continue
        definition = None if values.definitions is None else values.definitions.field(tag)
        if definition is not None and definition.type == "NUMINGROUP":
            continue
        if len(shown) == _SHOWN:
            shown.append("…")
            break
        said = values.meaning(tag, values.said(field))
        shown.append(f"{tag}={said}" if definition is None else words(definition.name, said))
    return ", ".join(shown)
