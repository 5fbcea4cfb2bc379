"""Sentences for what surrounds trading: securities, trading sessions, news, users."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.values import SYMBOL, TEXT, Values, comma, count, grouped, listed, prefixed, words

SECURITY_REQ_ID = 320


def _definition_request(values: Values) -> Sentence:
    instrument = values.instrument()
    what = prefixed(" of ", instrument) or prefixed(": ", values.word(321))
    return f"Ask for security definition{what}", values.text(SECURITY_REQ_ID), Kind.OTHER


def _definition(values: Values) -> Sentence:
    rejected = values.text(323) in ("5", "6")
    if rejected:
        sentence = words("✗ Security definition refused:", values.instrument(), values.because(323))
        return sentence, values.text(SECURITY_REQ_ID), Kind.REJECT
    sentence = comma(
        words("Security", values.instrument() or "definition"), values.text(107) or values.text(167), values.text(207)
    )
    return sentence, values.text(SECURITY_REQ_ID), Kind.OTHER


def _types_request(values: Values) -> Sentence:
    return "Ask for security types", values.text(SECURITY_REQ_ID), Kind.OTHER


def _types(values: Values) -> Sentence:
    return f"Security types{prefixed(': ', listed(values.all(167)))}", values.text(SECURITY_REQ_ID), Kind.OTHER


def _list_request(values: Values) -> Sentence:
    return (
        words("Ask for security list", prefixed("of ", values.instrument())),
        values.text(SECURITY_REQ_ID),
        Kind.OTHER,
    )


def _derivatives_request(values: Values) -> Sentence:
    sentence = words("Ask for derivatives", prefixed("of ", values.text(311)))
    return sentence, values.text(SECURITY_REQ_ID), Kind.OTHER


def _security_list(values: Values) -> Sentence:
    result = values.text(560)
    if result not in ("", "0"):
        return f"✗ Security list refused: {values.because(560)}", values.text(SECURITY_REQ_ID), Kind.REJECT
    symbols = values.all(SYMBOL)
    total = grouped(values.text(393))  # TotNoRelatedSym, where a list comes in several messages
    number = count(len(symbols), "security", "securities")
    sentence = f"Security list, {number}{f' of {total}' if total else ''}{prefixed(': ', listed(symbols))}"
    return sentence, values.text(SECURITY_REQ_ID), Kind.OTHER


def _security_status_request(values: Values) -> Sentence:
    verb = "Unsubscribe from" if values.text(263) == "2" else "Ask for"
    return words(verb, "trading status", prefixed("of ", values.instrument())), values.text(324), Kind.OTHER


def _security_status(values: Values) -> Sentence:
    state = values.word(326) or "trading status"
    last = prefixed("last ", values.text(31))
    return (
        comma(words(values.instrument(), state), last) + prefixed(": ", values.text(TEXT)),
        values.text(324),
        Kind.OTHER,
    )


def _session_status_request(values: Values) -> Sentence:
    verb = "Unsubscribe from" if values.text(263) == "2" else "Ask for"
    return words(verb, "status of trading session", values.text(336)), values.text(335), Kind.OTHER


def _session_status(values: Values) -> Sentence:
    sentence = words("Trading session", values.text(336), values.word(340)) + prefixed(": ", values.text(TEXT))
    if values.text(340) == "6":
        return f"✗ {sentence}", values.text(335), Kind.REJECT
    return sentence, values.text(335), Kind.OTHER


def _news(values: Values) -> Sentence:
    return f"News{prefixed(': ', values.text(148) or values.text(TEXT))}", "", Kind.OTHER


def _email(values: Values) -> Sentence:
    return f"Email{prefixed(': ', values.text(147) or values.text(TEXT))}", values.text(164), Kind.OTHER


def _user_request(values: Values) -> Sentence:
    return words("User request:", values.word(924), values.text(553)).rstrip(":"), values.text(923), Kind.OTHER


def _user_response(values: Values) -> Sentence:
    # UserStatus 3 and 4 refuse what was asked; the text comes in UserStatusText.
    refused = values.text(926) in ("3", "4")
    sentence = words("User", values.text(553), values.word(926) or "response") + prefixed(": ", values.text(927))
    return f"✗ {sentence}" if refused else sentence, values.text(923), Kind.REJECT if refused else Kind.OTHER


def _xml(values: Values) -> Sentence:
    field = values.message.first.get(213)
    size = f", {field.end - field.start:,} bytes" if field is not None else ""
    return f"XML{size}", "", Kind.OTHER


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "AA": _security_list,
    "B": _news,
    "BE": _user_request,
    "BF": _user_response,
    "C": _email,
    "c": _definition_request,
    "d": _definition,
    "e": _security_status_request,
    "f": _security_status,
    "g": _session_status_request,
    "h": _session_status,
    "n": _xml,
    "v": _types_request,
    "w": _types,
    "x": _list_request,
    "y": _security_list,
    "z": _derivatives_request,
}
