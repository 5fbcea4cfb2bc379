"""Sentences for what a broker says about an order: ExecutionReport in every FIX version, and disputed trades."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.orders import CL_ORD_ID, replacement
from purefix_core.analysis.summary.values import ORIG_CL_ORD_ID, TEXT, Values, capital, prefixed, words

ORDER_ID = 37

_FILLS = frozenset("12F")
"""ExecType (OrdStatus in FIX 4.0) of a fill: 1 and 2 up to FIX 4.2, F since 4.3."""


def _execution_report(values: Values) -> Sentence:
    # ExecTransType (FIX 4.0 to 4.2) says what the report does to an earlier one; later versions say it in ExecType.
    transaction = values.text(20)
    event = values.text(150) or values.text(39)  # FIX 4.0 has no ExecType
    if transaction == "1" or event == "H":
        return _with_fill("Fill busted:", values, Kind.CHANGE)
    if transaction == "2" or event == "G":
        return _with_fill("Fill corrected:", values, Kind.CHANGE)
    if transaction == "3" or event == "I":
        return _status(values)
    if event in _FILLS:
        return _fill(values)
    builder = _EVENTS.get(event)
    return _plain(values, event) if builder is None else builder(values)


def _fill(values: Values) -> Sentence:
    if values.quantity(32):
        return _with_fill("Fill", values, Kind.FILL)
    # A report of the state alone.
    state = capital(values.word(39)) if values.text(39) in ("1", "2") else "Fill"
    sentence = words(state, values.instrument(), values.at(31), _progress(values))
    return sentence, _order_reference(values), Kind.FILL


def _with_fill(verb: str, values: Values, kind: Kind) -> Sentence:
    """`Fill 400 AAPL @ 150.24 (400 of 1,000)`: LastQty and LastPx, then the order's progress."""
    sentence = words(verb, values.quantity(32), values.instrument(), values.at(31), _progress(values))
    return sentence, _order_reference(values), kind


def _progress(values: Values) -> str:
    """`(400 of 1,000)`; `(400 done, 600 left)` where OrderQty is absent."""
    done, ordered, left = values.quantity(14), values.quantity(38), values.quantity(151)
    if not done:
        return ""
    if ordered:
        return f"({done} of {ordered})"
    return f"({done} done, {left} left)" if left else f"({done} done)"


def _status(values: Values) -> Sentence:
    side = values.side_and_quantity(38)
    sentence = words(f"Status {values.word(39) or 'unknown'}:", side, _progress(values))
    return sentence.rstrip(":"), _order_reference(values), Kind.ORDER


def _new(values: Values) -> Sentence:
    return "New", values.two_ids(CL_ORD_ID, ORDER_ID), Kind.ORDER


def _pending_new(values: Values) -> Sentence:
    return "Pending new", values.two_ids(CL_ORD_ID, ORDER_ID), Kind.ORDER


def _rejected(values: Values) -> Sentence:
    return f"✗ Order rejected: {values.because(103)}", _order_reference(values), Kind.REJECT


def _replaced(values: Values) -> Sentence:
    sentence = words(replacement("Replaced", values), _progress(values))
    return sentence, _chain_reference(values), Kind.CHANGE


def _restated(values: Values) -> Sentence:
    reason = values.word(378)
    text = values.text(TEXT)
    sentence = words(replacement("Restated", values), _progress(values))
    return sentence + prefixed(", ", reason) + prefixed(": ", text), _order_reference(values), Kind.CHANGE


def _ended(word: str, kind: Kind) -> Callable[[Values], Sentence]:
    """A builder of `Cancelled AAPL (400 of 1,000): text`, for the events that stop an order for good or for now."""

    def build(values: Values) -> Sentence:
        sentence = words(word, values.instrument(), _progress(values)) + prefixed(": ", values.text(TEXT))
        return sentence, _chain_reference(values), kind

    return build


def _plain(values: Values, event: str) -> Sentence:
    """An ExecType that is not standard: its meaning, else its code."""
    meaning = values.meaning(150 if values.has(150) else 39, event) if event else ""
    what = f"Execution type {meaning}" if meaning == event and event else capital(meaning) or "Execution report"
    sentence = words(what, values.instrument(), _progress(values)) + prefixed(": ", values.text(TEXT))
    return sentence, _order_reference(values), Kind.ORDER


_EVENTS: Mapping[str, Callable[[Values], Sentence]] = {
    "0": _new,
    "3": _ended("Done for day", Kind.ORDER),
    "4": _ended("Cancelled", Kind.CHANGE),
    "5": _replaced,
    "6": _ended("Pending cancel", Kind.CHANGE),
    "7": _ended("Stopped", Kind.ORDER),
    "8": _rejected,
    "9": _ended("Suspended", Kind.ORDER),
    "A": _pending_new,
    "B": _ended("Calculated", Kind.ORDER),
    "C": _ended("Expired", Kind.CHANGE),
    "D": _restated,
    "E": _ended("Pending replace", Kind.CHANGE),
    "L": _ended("Triggered", Kind.ORDER),
}
"""By ExecType, or by OrdStatus where there is no ExecType (the codes agree)."""


def _order_reference(values: Values) -> str:
    return values.any_of(CL_ORD_ID, ORDER_ID, 17)  # 17: ExecID


def _chain_reference(values: Values) -> str:
    return values.two_ids(ORIG_CL_ORD_ID, CL_ORD_ID) or _order_reference(values)


def _dont_know_trade(values: Values) -> Sentence:
    trade = words(values.word(54), values.quantity(32) or values.quantity(38), values.instrument(), values.at(31))
    sentence = f"✗ Don't know trade: {values.because(127)}{prefixed(', ', trade)}"
    return sentence, values.any_of(ORDER_ID, 17), Kind.REJECT


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "8": _execution_report,
    "Q": _dont_know_trade,
}
