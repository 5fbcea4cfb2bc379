"""Sentences for the messages of the session level, and for the refusals of whole messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from purefix_core.analysis.summary.model import Kind, Sentence
from purefix_core.analysis.summary.values import TEXT, Values, capital, comma, prefixed

_WORD = re.compile(r"\w+")

_OPEN_ENDS = frozenset({"", "0", "999999"})
"""EndSeqNo values that mean "all from there on": 0 since FIX 4.2, 999999 before."""


def _heartbeat(values: Values) -> Sentence:
    return f"Heartbeat{prefixed(', answers test request ', values.text(112))}", "", Kind.ADMIN


def _test_request(values: Values) -> Sentence:
    return f"Test request{prefixed(' ', values.text(112))}", "", Kind.ADMIN


def _resend_request(values: Values) -> Sentence:
    begin, end = values.seq(7) or "?", values.seq(16)
    if values.text(16) in _OPEN_ENDS:
        return f"Resend from {begin} on", "", Kind.ADMIN
    return f"Resend {begin}" if begin == end else f"Resend {begin} to {end}", "", Kind.ADMIN


def _sequence_reset(values: Values) -> Sentence:
    verb = "Gap fill" if values.text(123) == "Y" else "Reset"
    return f"{verb} to {values.seq(36) or '?'}", "", Kind.ADMIN


def _logon(values: Values) -> Sentence:
    interval = values.text(108)
    sentence = comma(
        "Logon",
        f"heartbeat every {interval} s" if interval else "",
        "reset sequence numbers" if values.text(141) == "Y" else "",
        prefixed("expects seq ", values.seq(789)),
        "encrypted" if values.text(98) not in ("", "0") else "",
        "test session" if values.text(464) == "Y" else "",
        values.word(1137),
        values.word(1409),
        values.text(TEXT),
    )
    return sentence, "", Kind.ADMIN


def _logout(values: Values) -> Sentence:
    return f"Logout{prefixed(': ', comma(values.word(1409), values.text(TEXT)))}", "", Kind.ADMIN


def _reject(values: Values) -> Sentence:
    reason, text, tag = values.word(373), values.text(TEXT), values.text(371)
    field = values.field_label(tag) if tag else ""
    if reason in ("", "other"):
        reason, text = text or "rejected", ""
    elif _repeats(text, reason, field):
        text = ""
    where = prefixed(": ", field)
    return f"✗ {capital(reason)}{where}{values.rejected_seq()}{prefixed(': ', text)}", "", Kind.REJECT


_STANDARD_WORDINGS = frozenset(
    {
        "tag specified without a value",
        "value is incorrect (out of range) for this tag",
        "incorrect data format for value",
        "tag specified out of required order",
        "repeating group fields out of order",
        "incorrect numingroup count for repeating group",
    }
)
"""SessionRejectReason meanings in the specification's wording where ours differs; engines repeat them in Text."""


def _repeats(text: str, reason: str, field: str) -> bool:
    """Whether Text(58) only says again what the reason's code and the field's label (`Side (54)`) say.

    Engines write `Required tag missing`, `Required tag missing: Side(54)` or `Required tag missing, field=54`.
    """
    said = text.casefold().rstrip(". ")
    if said in _STANDARD_WORDINGS:
        return True
    rest = said.removeprefix(reason.casefold())
    return rest != said and {"field", "tag", *_WORD.findall(field.casefold())}.issuperset(_WORD.findall(rest))


def _business_reject(values: Values) -> Sentence:
    refused = values.message_label(values.text(372)) if values.has(372) else "Message"
    sentence = f"✗ {capital(refused)} refused: {values.because(380)}"
    number = values.rejected_seq().partition(" (")[0]
    return sentence + number, values.text(379), Kind.REJECT


SENTENCES: Mapping[str, Callable[[Values], Sentence]] = {
    "0": _heartbeat,
    "1": _test_request,
    "2": _resend_request,
    "3": _reject,
    "4": _sequence_reset,
    "5": _logout,
    "A": _logon,
    "j": _business_reject,
}
