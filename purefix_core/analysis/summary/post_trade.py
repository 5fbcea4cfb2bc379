"""Sentences for what follows a trade: allocations, confirmations, trade capture and positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.values import TEXT, Values, capital, comma, count, prefixed, words

ALLOC_ID = 70

_REJECTED_ALLOCATIONS = frozenset({"1", "2", "5", "10"})
"""AllocStatus values that refuse."""


def _change(values: Values, transaction_tag: int) -> str:
    """What an AllocTransType, ConfirmTransType or TradeReportTransType does to an earlier message: `cancel`."""
    transaction = values.word(transaction_tag)
    return "" if transaction == "new" else transaction


def _allocation(values: Values) -> Sentence:
    change = _change(values, 71)
    verb = f"{capital(change)} allocation of" if change else "Allocate"
    sentence = words(verb, _traded(values, 6, 53) or "trade", _to_accounts(values))
    return sentence, values.text(ALLOC_ID), Kind.ALLOCATION


def _allocation_report(values: Values) -> Sentence:
    if values.text(87) in _REJECTED_ALLOCATIONS:
        return f"✗ Allocation rejected: {_alloc_reason(values)}", values.any_of(ALLOC_ID, 755), Kind.REJECT
    change = _change(values, 71)
    said = words(_traded(values, 6, 53), _to_accounts(values))
    sentence = words(capital(words(change, "allocation report")), values.word(87)) + prefixed(": ", said)
    return sentence, values.any_of(ALLOC_ID, 755), Kind.ALLOCATION


def _to_accounts(values: Values) -> str:
    """`to ACC1`, `to 3 accounts`: the AllocAccounts, or how many there are."""
    accounts = list(dict.fromkeys(values.all(79)))
    if not accounts:
        return ""
    return f"to {accounts[0]}" if len(accounts) == 1 else f"to {count(len(accounts), 'account')}"


def _allocation_ack(values: Values) -> Sentence:
    if values.text(87) in _REJECTED_ALLOCATIONS:
        return f"✗ Allocation rejected: {_alloc_reason(values)}", values.text(ALLOC_ID), Kind.REJECT
    sentence = words("Allocation", values.word(87) or "acknowledged") + prefixed(": ", values.text(TEXT))
    return sentence, values.text(ALLOC_ID), Kind.ALLOCATION


def _alloc_reason(values: Values) -> str:
    return values.because(88) if values.has(88) or values.has(TEXT) else values.word(87)


def _confirmation(values: Values) -> Sentence:
    change = _change(values, 666)
    verb = f"{capital(change)} confirmation of" if change else "Confirm"
    traded = _traded(values, 6, 80) or "trade"  # 80: AllocQty
    sentence = words(verb, traded, prefixed("to ", values.text(79)))
    # "Confirm …, confirmed" says one thing twice; any other state is worth a word.
    state = "" if values.text(665) == "4" else values.word(665)
    rejected = values.text(665) == "5"
    text = comma(sentence, state) + prefixed(": ", values.text(TEXT))
    return ("✗ " if rejected else "") + text, values.text(664), Kind.REJECT if rejected else Kind.ALLOCATION


def _confirmation_ack(values: Values) -> Sentence:
    if values.text(940) == "2":
        return f"✗ Confirmation rejected: {values.because(774)}", values.text(664), Kind.REJECT
    sentence = words("Confirmation", values.word(940) or "acknowledged") + prefixed(": ", values.text(TEXT))
    return sentence, values.text(664), Kind.ALLOCATION


def _confirmation_request(values: Values) -> Sentence:
    return words("Ask for confirmation", prefixed("of ", values.instrument())), values.text(859), Kind.ALLOCATION


def _trade_report(values: Values) -> Sentence:
    change = _change(values, 487)
    sentence = words(capital(words(change, "trade report:")), _traded(values, 31, 32)).rstrip(":")
    if values.text(939) == "1":
        return f"✗ {sentence}, rejected: {values.because(751)}", values.text(571), Kind.REJECT
    return sentence, values.any_of(571, 17), Kind.CHANGE if change else Kind.FILL


def _trade_report_ack(values: Values) -> Sentence:
    if values.text(939) == "1":
        return f"✗ Trade report rejected: {values.because(751)}", values.text(571), Kind.REJECT
    state = values.word(939) or "acknowledged"
    sentence = words(f"Trade report {state}:", _traded(values, 31, 32)).rstrip(":")
    return sentence, values.text(571), Kind.FILL


def _trade_request(values: Values) -> Sentence:
    what = values.word(569) or "trades"
    return f"Ask for {what}{prefixed(' in ', values.instrument())}", values.text(568), Kind.OTHER


def _trade_request_ack(values: Values) -> Sentence:
    if values.text(750) == "2":
        return f"✗ Trade request rejected: {values.because(749)}", values.text(568), Kind.REJECT
    number = values.quantity(748)
    sentence = comma(f"Trade request {values.word(750) or 'acknowledged'}", f"{number} to come" if number else "")
    return sentence, values.text(568), Kind.OTHER


def _traded(values: Values, price_tag: int, quantity_tag: int) -> str:
    """`buy 1,000 AAPL @ 150.24`. Between two sides of one trade no side is named."""
    side = values.word(54) if len(values.all(54)) == 1 else ""
    price = values.text(price_tag)
    return words(side, values.quantity(quantity_tag), values.instrument(), f"@ {price}" if price else "")


def _position_report(values: Values) -> Sentence:
    long, short = values.all(704), values.all(705)
    position = comma(
        prefixed("long ", values.quantity(704)) if long else "",
        prefixed("short ", values.quantity(705)) if short else "",
    )
    sentence = words("Position", values.instrument()) + prefixed(": ", position) + _account_and_date(values)
    return sentence, values.any_of(721, 710), Kind.OTHER


def _positions_request(values: Values) -> Sentence:
    return words("Ask for positions", values.instrument()) + _account_and_date(values), values.text(710), Kind.OTHER


def _positions_request_ack(values: Values) -> Sentence:
    rejected = values.text(729) == "2"  # PosReqStatus
    if rejected:
        return f"✗ Request for positions rejected: {values.because(728)}", values.any_of(710, 721), Kind.REJECT
    total = values.quantity(727)
    sentence = comma("Request for positions answered", f"{total} reports to come" if total else "")
    return sentence, values.any_of(710, 721), Kind.OTHER


def _account_and_date(values: Values) -> str:
    return prefixed(", account ", values.text(1)) + prefixed(", ", values.text(715))


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "AD": _trade_request,
    "AE": _trade_report,
    "AK": _confirmation,
    "AN": _positions_request,
    "AO": _positions_request_ack,
    "AP": _position_report,
    "AQ": _trade_request_ack,
    "AR": _trade_report_ack,
    "AS": _allocation_report,
    "AT": _allocation_ack,
    "AU": _confirmation_ack,
    "BH": _confirmation_request,
    "J": _allocation,
    "P": _allocation_ack,
}
