"""A message without a dictionary: its fields as they stand, and the reason on top."""

from __future__ import annotations

from purefix_core.dictionary.nodes import MALFORMED_FIELD, DecodedMessage, FieldNode
from purefix_core.dictionary.validate import Findings, check_envelope
from purefix_core.wire import tags
from purefix_core.wire.message import MALFORMED, FixMessage, as_text
from purefix_core.wire.secrets import secret_fields


def undecoded(message: FixMessage, problem: str) -> DecodedMessage:
    """Every field of `message` in its body, nameless. The first finding is `problem`: why there is no dictionary."""
    secret = secret_fields(message)
    body: list[FieldNode] = []
    check_sum_start, begin = None, 0
    for position, field in enumerate(message.fields):
        tag, start, end = field
        if tag == tags.CHECK_SUM:
            check_sum_start = begin
        raw = message.value(field)
        marks = (MALFORMED_FIELD,) if tag == MALFORMED else ()
        body.append(FieldNode(tag, "", raw, as_text(raw), None, "", begin, start, end, marks, position in secret))
        begin = end + len(message.separator.text)
    findings = Findings()
    findings.error("dictionary", None, 0, problem)
    check_envelope(message, check_sum_start, findings)
    return DecodedMessage(message.text(tags.MSG_TYPE), "", (), tuple(body), (), findings.sorted())
