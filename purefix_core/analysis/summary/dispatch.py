"""Picks the sentence for a message by its MsgType, and cuts it to one printable line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from purefix_core.analysis.summary import (
    executions,
    market_data,
    orders,
    post_trade,
    quotes,
    reference_data,
    session,
)
from purefix_core.analysis.summary.model import MAX_REFERENCE, MAX_TEXT, Kind, Sentence, Summary
from purefix_core.analysis.summary.values import Values, words
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage, as_text
from purefix_core.wire.secrets import is_secret

if TYPE_CHECKING:
    from purefix_core.dictionary.definitions import Definitions

_SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    **session.SENTENCES,
    **orders.SENTENCES,
    **executions.SENTENCES,
    **market_data.SENTENCES,
    **quotes.SENTENCES,
    **post_trade.SENTENCES,
    **reference_data.SENTENCES,
}

_FALLBACK_FIELDS = 4

_NOT_BUSINESS = frozenset(
    {MALFORMED, *tags.DATA_TAG_BY_LENGTH_TAG, *tags.DATA_TAG_BY_LENGTH_TAG.values()}
    | {8, 9, 10, 34, 35, 43, 49, 50, 52, 56, 57, 60, 89, 97, 115, 116, 122, 128, 129, 142, 143, 144, 145, 347, 369}
    | {370, 627, 628, 629, 630, 1128, 1129, 1137, 1156, 1400}
)
"""Header and trailer fields, TransactTime, and data of any length: nothing that tells a business message apart."""


def summarise(message: FixMessage, definitions: Definitions | None, sent: bool | None = None) -> Summary:
    """What `message` says, in one line; never raises, whatever its bytes, and never shows a credential.

    `definitions` name what the built-in words do not know. `sent` tells whether our side sent the message (None:
    unknown); rejects say by it whose message they refuse.
    """
    values = Values(message, definitions, sent)
    build = _SENTENCES.get(values.text(tags.MSG_TYPE))
    text, reference, kind = _first_fields(values) if build is None else build(values)
    if values.text(tags.POSS_DUP_FLAG) == "Y":
        text = f"(dup) {text}"
    return Summary(_one_line(text, MAX_TEXT), _one_line(reference, MAX_REFERENCE), kind)


def _first_fields(values: Values) -> Sentence:
    """`Symbol EURUSD, Side buy, …`: the first business fields of a message that has no sentence of its own."""
    msg_type = values.text(tags.MSG_TYPE)
    shown: list[str] = []
    for field in values.message.fields:
        tag = field.tag
        if tag in _NOT_BUSINESS or is_secret(tag, msg_type) or field.start == field.end:
            continue
        if len(shown) == _FALLBACK_FIELDS:
            shown.append("…")
            break
        definition = None if values.definitions is None else values.definitions.field(tag)
        said = values.meaning(tag, as_text(values.message.value(field)))
        shown.append(f"{tag}={said}" if definition is None else words(definition.name, said))
    return ", ".join(shown) or (values.message_label(msg_type) if msg_type else "no MsgType"), "", Kind.OTHER


def _one_line(text: str, limit: int) -> str:
    """`text` without control characters, cut to `limit` characters with an ellipsis."""
    if not text.isprintable():
        # Twice the limit is enough to fill the line after runs of blanks have been joined, in any sane message.
        text = " ".join("".join([char if char.isprintable() else " " for char in text[: 2 * limit]]).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
