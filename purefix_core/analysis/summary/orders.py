"""Sentences for requests about orders: new, cancel, replace, status, lists; and for refused cancels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.values import (
    ORIG_CL_ORD_ID,
    TEXT,
    Values,
    capital,
    comma,
    count,
    is_number,
    prefixed,
    words,
)

CL_ORD_ID = 11
LIST_ID = 66


def _new_order(values: Values) -> Sentence:
    order = values.order()
    # Without a Side the phrase starts with a quantity or a symbol, whose letters are not ours to change.
    sentence = capital(order) if values.has(54) and order else words("Order", order)
    return sentence, values.text(CL_ORD_ID), Kind.ORDER


def _cancel(values: Values) -> Sentence:
    order = values.side_and_quantity(38)
    return f"Cancel {order or 'order'}", values.two_ids(ORIG_CL_ORD_ID, CL_ORD_ID), Kind.CHANGE


def _replace(values: Values) -> Sentence:
    return replacement("Replace", values), values.two_ids(ORIG_CL_ORD_ID, CL_ORD_ID), Kind.CHANGE


def replacement(verb: str, values: Values) -> str:
    """`Replace buy AAPL: 500 @ 10.5 limit, day`: what the order is, then what it becomes."""
    becomes = words(values.quantity(38), values.terms())
    return words(verb, values.word(54), values.instrument()) + prefixed(": ", becomes)


def _status_request(values: Values) -> Sentence:
    order = values.side_and_quantity(38)
    return f"Ask for status of {order or 'order'}", values.any_of(CL_ORD_ID, 37), Kind.ORDER


def _cancel_reject(values: Values) -> Sentence:
    what = "Replace" if values.text(434) == "2" else "Cancel"
    state = values.word(39)
    if state == "rejected":  # what a broker sends for an order that it does not know
        state = ""
    sentence = f"✗ {what} rejected: {values.because(102)}{f' (order {state})' if state else ''}"
    return sentence, values.two_ids(ORIG_CL_ORD_ID, CL_ORD_ID), Kind.REJECT


def _new_list(values: Values) -> Sentence:
    number = sum(1 for _ in values.walk(frozenset({CL_ORD_ID})))
    first = values.order()
    more = ", …" if number > 1 and first else ""
    return f"List of {count(number, 'order')}{prefixed(': ', first)}{more}", values.text(LIST_ID), Kind.ORDER


def _list_cancel(values: Values) -> Sentence:
    return f"Cancel list{_text(values)}", values.text(LIST_ID), Kind.CHANGE


def _list_execute(values: Values) -> Sentence:
    return f"Execute list{_text(values)}", values.text(LIST_ID), Kind.ORDER


def _list_status_request(values: Values) -> Sentence:
    return f"Ask for status of list{_text(values)}", values.text(LIST_ID), Kind.ORDER


def _list_status(values: Values) -> Sentence:
    state, total = values.word(431) or values.word(429), values.text(68)
    number = count(int(total), "order") if is_number(total) else ""
    rejected = values.text(431) == "7"
    sentence = ("✗ " if rejected else "") + f"List {comma(state or 'status', number)}{_text(values)}"
    return sentence, values.text(LIST_ID), Kind.REJECT if rejected else Kind.ORDER


def _text(values: Values) -> str:
    return prefixed(": ", values.text(TEXT))


def _cross(values: Values) -> Sentence:
    return words("Cross", values.quantity(38), values.instrument(), values.terms()), values.text(548), Kind.ORDER


def _cross_replace(values: Values) -> Sentence:
    becomes = words(values.quantity(38), values.terms())
    sentence = words("Replace cross", values.instrument()) + prefixed(": ", becomes)
    return sentence, values.two_ids(551, 548), Kind.CHANGE


def _cross_cancel(values: Values) -> Sentence:
    sentence = words("Cancel cross", values.quantity(38), values.instrument())
    return sentence, values.two_ids(551, 548), Kind.CHANGE


def _multileg(values: Values) -> Sentence:
    return words(_legs(values), values.order()), values.text(CL_ORD_ID), Kind.ORDER


def _multileg_replace(values: Values) -> Sentence:
    sentence = replacement(f"Replace {_legs(values).lower()}", values)
    return sentence, values.two_ids(ORIG_CL_ORD_ID, CL_ORD_ID), Kind.CHANGE


def _legs(values: Values) -> str:
    legs = values.text(555)
    return f"{int(legs):,}-leg order:" if is_number(legs) else "Multileg order:"


def _mass_cancel(values: Values) -> Sentence:
    return f"Cancel {_mass_scope(values)}", values.text(CL_ORD_ID), Kind.CHANGE


def _mass_cancel_report(values: Values) -> Sentence:
    if values.text(531) == "0":
        return f"✗ Mass cancel rejected: {values.because(532)}", values.any_of(CL_ORD_ID, 37), Kind.REJECT
    affected = values.text(533)
    number = f", {count(int(affected), 'order')} affected" if is_number(affected) else ""
    return f"Cancelled {_mass_scope(values)}{number}", values.any_of(CL_ORD_ID, 37), Kind.CHANGE


def _mass_scope(values: Values) -> str:
    """`all buy orders`, `all orders in AAPL`, `all orders of a trading session`."""
    scope, instrument = values.text(530), values.instrument()
    orders = words("all", values.word(54), "orders")
    if instrument:
        return f"{orders} in {instrument}"
    return orders if scope in ("", "7") else f"{orders} by {values.word(530)}"


def _mass_status(values: Values) -> Sentence:
    sentence = words("Ask for status of all", values.word(54), "orders") + prefixed(" in ", values.instrument())
    return sentence, values.text(584), Kind.ORDER


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "9": _cancel_reject,
    "AB": _multileg,
    "AC": _multileg_replace,
    "AF": _mass_status,
    "D": _new_order,
    "E": _new_list,
    "F": _cancel,
    "G": _replace,
    "H": _status_request,
    "K": _list_cancel,
    "L": _list_execute,
    "M": _list_status_request,
    "N": _list_status,
    "q": _mass_cancel,
    "r": _mass_cancel_report,
    "s": _cross,
    "t": _cross_replace,
    "u": _cross_cancel,
}
