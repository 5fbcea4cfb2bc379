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
from purefix_core.analysis.summary.fields import first_fields
from purefix_core.analysis.summary.model import MAX_REFERENCE, MAX_TEXT, Kind, Sentence, Summary
from purefix_core.analysis.summary.values import Values
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

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


def summarise(message: FixMessage, definitions: Definitions | None, sent: bool | None = None) -> Summary:
    """What `message` says, in one line; never raises, whatever its bytes, and never shows a credential.

    `definitions` name what the built-in words do not know. `sent` tells whether our side sent the message (None:
    unknown); rejects say by it whose message they refuse.
    """
    values = Values(message, definitions, sent)
    text, reference, kind = _SENTENCES.get(values.text(tags.MSG_TYPE), _other)(values)
    if values.text(tags.POSS_DUP_FLAG) == "Y":
        text = f"(dup) {text}"
    return Summary(_one_line(text, MAX_TEXT), _one_line(reference, MAX_REFERENCE), kind)


def _other(values: Values) -> Sentence:
    msg_type = values.text(tags.MSG_TYPE)
    return first_fields(values) or (values.message_label(msg_type) if msg_type else "no MsgType"), "", Kind.OTHER


def _one_line(text: str, limit: int) -> str:
    """`text` without control characters and runs of blanks, cut to `limit` characters with an ellipsis."""
    if not text.isprintable() or "  " in text:
        # What is cut off here lies far behind the limit, unless the text is nothing but blanks.
        text = " ".join("".join([char if char.isprintable() else " " for char in text[: 4 * limit]]).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
