"""Sentences for quotes and indications: IOI, Advertisement, RFQ, Quote, MassQuote and what answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.values import SYMBOL, TEXT, Values, count, listed, prefixed, words

QUOTE_REQ_ID = 131
QUOTE_ID = 117

_TRANSACTIONS = {"C": "Cancel", "R": "Replace"}


def _quote_request(values: Values) -> Sentence:
    return f"Request quote for {_wanted(values)}", values.text(QUOTE_REQ_ID), Kind.QUOTE


def _wanted(values: Values) -> str:
    """`buy 1,000,000 EUR of EUR/USD and 2 more`: the first instrument asked about, and how many follow."""
    others = len(dict.fromkeys(values.all(SYMBOL))) - 1
    more = f" and {others:,} more" if others > 0 else ""
    return (values.side_and_quantity(38) or "instruments not named") + more


def _rfq_request(values: Values) -> Sentence:
    return f"Ask for quote requests in {listed(values.all(SYMBOL)) or 'all'}", values.text(644), Kind.QUOTE


def _quote(values: Values) -> Sentence:
    return words("Quote", values.instrument(), _two_sides(values)), _reference(values), Kind.QUOTE


def _two_sides(values: Values) -> str:
    """`bid 1.0840 (1,000,000) offer 1.0842 (2,000,000)`."""
    return words(
        prefixed("bid ", values.text(132)),
        f"({values.quantity(134)})" if values.text(134) else "",
        prefixed("offer ", values.text(133)),
        f"({values.quantity(135)})" if values.text(135) else "",
    )


def _reference(values: Values) -> str:
    return values.any_of(QUOTE_REQ_ID, QUOTE_ID)


def _mass_quote(values: Values) -> Sentence:
    number = sum(1 for _ in values.walk(frozenset({299})))  # QuoteEntryID
    first = words(values.instrument(), _two_sides(values))
    more = ", …" if number > 1 and first else ""
    return (
        f"Mass quote, {count(number, 'entry', 'entries')}{prefixed(': ', first)}{more}",
        _reference(values),
        Kind.QUOTE,
    )


def _mass_quote_ack(values: Values) -> Sentence:
    return _status("Mass quote", values, 300)


def _quote_status(values: Values) -> Sentence:
    return _status("Quote", values, 300)


def _status(what: str, values: Values, reason_tag: int) -> Sentence:
    # Up to FIX 4.3, QuoteStatus is required and tells the outcome; later it may be absent.
    if values.text(297) == "5":
        sentence = words(f"✗ {what} rejected:", values.instrument(), values.because(reason_tag))
        return sentence, _reference(values), Kind.REJECT
    sentence = words(what, values.word(297) or "status", values.instrument(), _two_sides(values))
    return sentence + prefixed(": ", values.text(TEXT)), _reference(values), Kind.QUOTE


def _quote_cancel(values: Values) -> Sentence:
    scope, instruments = values.text(298), listed(values.all(SYMBOL))
    if scope == "4":
        return "Cancel all quotes", _reference(values), Kind.CHANGE
    if instruments:
        return f"Cancel quotes for {instruments}", _reference(values), Kind.CHANGE
    return f"Cancel quotes{prefixed(' by ', values.word(298))}", _reference(values), Kind.CHANGE


def _quote_status_request(values: Values) -> Sentence:
    return words("Ask for quote status", prefixed("of ", values.instrument())), _reference(values), Kind.QUOTE


def _quote_request_reject(values: Values) -> Sentence:
    request = f"Quote request{prefixed(' for ', listed(values.all(SYMBOL)))}"
    sentence = f"✗ {request} rejected: {values.because(658 if values.has(658) else 300)}"
    return sentence, values.text(QUOTE_REQ_ID), Kind.REJECT


def _quote_response(values: Values) -> Sentence:
    sentence = words("Quote response", values.word(694)) + prefixed(": ", values.order())
    return sentence, values.any_of(693, QUOTE_ID), Kind.QUOTE


def _indication(values: Values) -> Sentence:
    # IOIQty is a quantity or a letter; an IOI's price is Price(44).
    size = values.word(27) if values.text(27) in ("S", "M", "L", "U") else values.quantity(27)
    interest = words(values.word(54), size, values.instrument(), values.at(44))
    sentence = words(_TRANSACTIONS.get(values.text(28), ""), "IOI", interest)
    return sentence, values.two_ids(26, 23), Kind.QUOTE


def _advertisement(values: Values) -> Sentence:
    traded = words(values.word(4), values.quantity(53), values.instrument(), values.at(44))
    verb = {"C": "Cancel advertisement:", "R": "Replace advertisement:"}.get(values.text(5), "Advertise")
    return words(verb, traded), values.two_ids(3, 2), Kind.QUOTE


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "6": _indication,
    "7": _advertisement,
    "AG": _quote_request_reject,
    "AH": _rfq_request,
    "AI": _quote_status,
    "AJ": _quote_response,
    "R": _quote_request,
    "S": _quote,
    "Z": _quote_cancel,
    "a": _quote_status_request,
    "b": _mass_quote_ack,
    "i": _mass_quote,
}
