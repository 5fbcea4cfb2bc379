"""Sentences for market data: requests, snapshots, updates and refused requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from purefix_core.analysis.summary.fields import first_fields
from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.values import (
    SYMBOL,
    Values,
    comma,
    count,
    grouped,
    is_number,
    listed,
    prefixed,
    words,
)

MD_REQ_ID = 262
MD_ENTRY_TYPE = 269

_VERBS = {"0": "Snapshot of", "1": "Subscribe to", "2": "Unsubscribe from"}
_SHOWN_ENTRIES = 3
_ENTRY_TAGS = frozenset({48, SYMBOL, MD_ENTRY_TYPE, 270, 271, 279})
_UPDATE_ACTIONS = {"0": "", "1": "", "2": "delete", "3": "delete from", "4": "delete through", "5": "overlay"}


@dataclass(slots=True)
class _Entry:
    """One MDEntry as far as a sentence needs it; texts as they stand in the message."""

    action: str = ""
    kind: str = ""
    symbol: str = ""
    price: str = ""
    size: str = ""


def _request(values: Values) -> Sentence:
    subscription = values.text(263)
    verb = _VERBS.get(subscription, "Market data request for")
    types = listed((values.meaning(MD_ENTRY_TYPE, value) for value in values.all(MD_ENTRY_TYPE)), 4)
    instruments = listed(values.all(SYMBOL)) or listed(values.all(48))
    what = " of ".join([part for part in (types, instruments) if part])
    depth = "" if subscription == "2" else _depth(values.text(264))
    sentence = f"{verb} {what or 'market data'}{prefixed(', ', depth)}"
    return sentence, values.text(MD_REQ_ID), Kind.MARKET_DATA


def _depth(depth: str) -> str:
    if depth == "0":
        return "full book"
    if depth == "1":
        return "top of book"
    return count(int(depth), "level") if is_number(depth) else ""


def _snapshot(values: Values) -> Sentence:
    """The first price of each type, which is the best of bids and offers, and the number of levels."""
    best: dict[str, _Entry] = {}
    levels: dict[str, int] = {}
    for entry in _entries(values, starts=MD_ENTRY_TYPE):
        best.setdefault(entry.kind, entry)
        levels[entry.kind] = levels.get(entry.kind, 0) + 1
    instrument = values.instrument()
    if not best and not instrument:
        return first_fields(values) or "Snapshot without entries", values.text(MD_REQ_ID), Kind.MARKET_DATA
    deepest = max(levels.get("0", 0), levels.get("1", 0))
    shown = words(*(_said(values, entry) for entry in list(best.values())[:_SHOWN_ENTRIES]))
    more = f"{len(best) - _SHOWN_ENTRIES:,} more" if len(best) > _SHOWN_ENTRIES else ""
    sentence = comma(words(instrument, shown or "no entries"), count(deepest, "level") if deepest > 1 else "", more)
    return sentence, values.text(MD_REQ_ID), Kind.MARKET_DATA


def _incremental(values: Values) -> Sentence:
    first_tag = next((tag for tag, _ in values.walk(frozenset({279, MD_ENTRY_TYPE}))), MD_ENTRY_TYPE)
    entries = _entries(values, starts=first_tag)
    if not entries:
        return first_fields(values) or "No updates", values.text(MD_REQ_ID), Kind.MARKET_DATA
    said: list[str] = []
    symbol = ""
    for entry in entries[:_SHOWN_ENTRIES]:
        said.append(words(entry.symbol if entry.symbol != symbol else "", _said(values, entry)))
        symbol = entry.symbol or symbol
    more = ", …" if len(entries) > _SHOWN_ENTRIES else ""
    sentence = f"{count(len(entries), 'update')}{prefixed(': ', comma(*said))}{more}"
    return sentence, values.text(MD_REQ_ID), Kind.MARKET_DATA


def _entries(values: Values, starts: int) -> list[_Entry]:
    """The entries of the group, each opened by a field with the tag `starts`."""
    entries: list[_Entry] = []
    entry = _Entry()
    for tag, value in values.walk(_ENTRY_TAGS):
        if tag == starts:
            entry = _Entry()
            entries.append(entry)
        if tag == MD_ENTRY_TYPE:
            entry.kind = value
        elif tag == 270:
            entry.price = value
        elif tag == 271:
            entry.size = value
        elif tag == 279:
            entry.action = value
        elif tag == SYMBOL or not entry.symbol:
            entry.symbol = value
    return entries


def _said(values: Values, entry: _Entry) -> str:
    """`bid 1.0841`, `delete offer 1.0842`, `trade volume 1,000`."""
    kind = values.meaning(MD_ENTRY_TYPE, entry.kind)
    return words(_UPDATE_ACTIONS.get(entry.action, ""), kind, entry.price or grouped(entry.size))


def _request_reject(values: Values) -> Sentence:
    return f"✗ Market data request rejected: {values.because(281)}", values.text(MD_REQ_ID), Kind.REJECT


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "V": _request,
    "W": _snapshot,
    "X": _incremental,
    "Y": _request_reject,
}
