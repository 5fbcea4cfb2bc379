"""Findings: what is wrong with a message, in words that need no look into the specification."""

from __future__ import annotations

from dataclasses import dataclass

from purefix_core.dictionary.datatypes import CODE_TYPES, INTEGER_TYPES, is_valid, items
from purefix_core.dictionary.definitions import FieldDef
from purefix_core.wire import tags
from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.message import Field, FixMessage

FIRST_USER_TAG = 5000
"""From here on tags may be agreed between two parties, so an undefined one is worth a warning only."""

_MAX_FINDINGS = 500
_MAX_SHOWN = 40
_FIRST_CODES = ("dictionary", "truncated")
"""What explains the other findings of a message, or that there are few, is said before them."""
_CODE_OR_NUMBER = frozenset({27, 682})  # IOIQty, LegIOIQty: S, M, L or a number of shares (FIX 4.0 and later)
_RESERVED_FROM = 100  # enum values of type int from 100 on are for bilateral agreement (FIX 5.0, Reserved100Plus)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a message."""

    severity: str
    """"error", or "warning" for what two parties may well have agreed on."""
    code: str
    """A short word for the kind of finding, such as "checksum" or "required"."""
    tag: int | None
    start: int
    """The place in the message's bytes that the finding speaks of."""
    text: str


class Findings:
    """Collects the findings of one message: each text once, and not more than anyone would read."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int | None, str], Finding] = {}
        self._left_out = 0

    def error(self, code: str, tag: int | None, start: int, text: str) -> None:
        self._add(Finding("error", code, tag, start, text))

    def warning(self, code: str, tag: int | None, start: int, text: str) -> None:
        self._add(Finding("warning", code, tag, start, text))

    def _add(self, finding: Finding) -> None:
        if len(self._found) < _MAX_FINDINGS:
            self._found.setdefault((finding.code, finding.tag, finding.text), finding)
        else:
            self._left_out += 1

    def sorted(self) -> tuple[Finding, ...]:
        """By the place each speaks of, behind those that explain others."""
        found = sorted(self._found.values(), key=lambda finding: (_rank(finding), finding.start))
        if self._left_out:
            found.append(Finding("warning", "too-many", None, found[-1].start, f"{self._left_out:,} more findings"))
        return tuple(found)


def _rank(finding: Finding) -> int:
    return _FIRST_CODES.index(finding.code) if finding.code in _FIRST_CODES else len(_FIRST_CODES)


def label(tag: int, name: str) -> str:
    """How findings call a field: "Side (54)", or "Tag 9999" for one without a name."""
    return f"{name} ({tag})" if name else f"Tag {tag}"


def _shown(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def check_value(field: FieldDef, text: str, start: int, is_secret: bool, findings: Findings) -> None:
    """Whether `text` is a value that the field may have: not empty, of its type, one of its enum values.

    MsgType is left to the caller: what it may be is told by the messages that the dictionary defines.
    """
    name = label(field.tag, field.name)
    if not text:
        findings.error("empty", field.tag, start, f"{name} has no value")
        return
    shown = "***" if is_secret else _shown(text)
    if not is_valid(field.type, text):
        report = findings.warning if field.type in CODE_TYPES else findings.error
        report("type", field.tag, start, f"{name}: '{shown}' is not a valid {field.type}")
        return
    if not field.values or field.allows_other_values or field.tag == tags.MSG_TYPE:
        return
    for item in items(field.type, text):
        if is_enum_value(field, item):
            continue
        report = findings.warning if _may_be_agreed(field, item) else findings.error
        shown = "***" if is_secret else _shown(item)
        which = f"one of its {len(field.values)} values" if len(field.values) > 1 else f"'{next(iter(field.values))}'"
        report("enum", field.tag, start, f"{name}: '{shown}' is not {which}")


def is_enum_value(field: FieldDef, item: str) -> bool:
    """Whether `item`, one of `items` in a value of the field, is among the values that its dictionary lists. An
    integer may have leading zeros, and IOIQty(27) may be a number though a list is given."""
    return _plain_integer(field, item) in field.values or (field.tag in _CODE_OR_NUMBER and item.isdigit())


def _plain_integer(field: FieldDef, text: str) -> str:
    """An integer without leading zeros, which its type allows."""
    if field.type in INTEGER_TYPES and text.startswith("0"):
        return text.lstrip("0") or "0"
    return text


def _may_be_agreed(field: FieldDef, text: str) -> bool:
    if field.type == "STRING":
        return field.tag >= FIRST_USER_TAG
    return field.type == "INT" and text.isdigit() and (len(text) > 3 or int(text) >= _RESERVED_FROM)


def check_envelope(message: FixMessage, check_sum_start: int | None, findings: Findings) -> None:
    """The first three tags, BodyLength and CheckSum. `check_sum_start` is where `10=` begins, None without one."""
    found = [field.tag for field in message.fields[:3]]
    if found != [tags.BEGIN_STRING, tags.BODY_LENGTH, tags.MSG_TYPE]:
        listed = ", ".join(str(tag) for tag in found) or "nothing"
        findings.error("first-fields", None, 0, f"The message must begin with tags 8, 9, 35, it begins with {listed}")
    if check_sum_start is None:
        findings.error(
            "truncated", tags.CHECK_SUM, len(message.raw), "The message ends without CheckSum (10): it is cut off"
        )
        return
    length = message.first.get(tags.BODY_LENGTH)
    if length is not None:
        _check_body_length(message, length, check_sum_start, findings)
    said = message.text(tags.CHECK_SUM)
    computed = f"{check_sum(message.raw[:check_sum_start], message.separator):03d}"
    if said and said != computed:
        text = f"CheckSum (10) says {_shown(said)}, computed {computed}"
        findings.error("checksum", tags.CHECK_SUM, check_sum_start, text)


def _check_body_length(message: FixMessage, field: Field, check_sum_start: int, findings: Findings) -> None:
    said = message.text(tags.BODY_LENGTH)
    counted_from = field.end + len(message.separator.text)
    actual = body_length(message.raw[counted_from:check_sum_start], message.separator)
    if said.isdigit() and said.lstrip("0") != (str(actual) if actual else ""):
        text = f"BodyLength (9) says {_shown(said)}, the message has {actual} bytes"
        findings.error("body-length", tags.BODY_LENGTH, field.start, text)
