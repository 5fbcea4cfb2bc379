"""Whether a message that was received is the one that a scenario expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.filter import Filter, FilterError, Names, compile_filter
from purefix_core.logs.filter.language import Word
from purefix_core.logs.index import (
    BODY_LENGTH_BAD,
    CHECK_SUM_BAD,
    INCOMING,
    NO_SEQ_NUM,
    POSS_DUP,
    TRUNCATED,
    Entry,
    SessionKey,
)
from purefix_core.session.scenario.hiding import KnownSecrets
from purefix_core.session.scenario.names import filled_expression, names_in
from purefix_core.wire import tags
from purefix_core.wire.checksum import body_length, check_sum
from purefix_core.wire.message import FixMessage, as_text, printable
from purefix_core.wire.secrets import MASK, is_secret, mask_secrets, masked_for_logs
from purefix_core.wire.separators import SOH
from purefix_core.wire.timestamps import NO_TIME, parse_utc_timestamp

_HIGHEST = 2**31 - 1
_STAND_INS = ("0", "20260101-00:00:00")
"""Values that a name may have, for conditions that are looked at before anything is known."""
_MOST_TRIED = 4
_MOST_SHOWN = 10_000


@dataclass(frozen=True)
class Received:
    """A message as it came, in the form that filters look at."""

    message: FixMessage

    @cached_property
    def entry(self) -> Entry:
        """What an index would hold of it."""
        message = self.message
        seq_num = message.text(tags.MSG_SEQ_NUM)
        number = int(seq_num) if seq_num.isascii() and seq_num.isdigit() and len(seq_num) < 12 else NO_SEQ_NUM
        session = SessionKey(*map(message.text, (tags.BEGIN_STRING, tags.SENDER_COMP_ID, tags.TARGET_COMP_ID)))
        return Entry(
            row=0,
            offset=0,
            length=len(message.raw),
            msg_type=message.text(tags.MSG_TYPE),
            msg_seq_num=number if 0 <= number <= _HIGHEST else None,
            sending_time=parse_utc_timestamp(message.get(tags.SENDING_TIME) or b""),
            log_time=NO_TIME,
            session=session,
            flags=INCOMING | _flags(message),
        )


def _flags(message: FixMessage) -> int:
    raw = message.raw
    flags = POSS_DUP if message.get(tags.POSS_DUP_FLAG) == b"Y" else 0
    behind = raw.rfind(b"\x0110=") + 1
    length = message.first.get(tags.BODY_LENGTH)
    if not behind or length is None:
        return flags | TRUNCATED
    if message.value(length).lstrip(b"0") != b"%d" % body_length(raw[length.end + 1 : behind], SOH):
        flags |= BODY_LENGTH_BAD
    if message.get(tags.CHECK_SUM) != b"%03d" % check_sum(raw[:behind], SOH):
        flags |= CHECK_SUM_BAD
    return flags


class Reader:
    """Reads messages and conditions by one dialect."""

    def __init__(self, definitions: Definitions, known: KnownSecrets | None = None) -> None:
        """`known`: what no message that is shown may repeat, besides its own secrets."""
        self._names = Names((definitions,))
        self._known = known
        self._data_tags = definitions.data_tags

    def received(self, raw: bytes) -> Received:
        return Received(FixMessage.parse(raw, SOH, self._data_tags))

    def condition(self, text: str, values: Mapping[str, str]) -> Filter:
        """Raises FilterError."""
        return compile_filter(filled_expression(text, values), self._names)

    def check(self, text: str) -> None:
        """Raises FilterError for a condition that is wrong whatever its names stand for. One with very many names is
        looked at when they are known."""
        names = list(dict.fromkeys(names_in(text)))
        if len(names) > _MOST_TRIED:
            return
        found: FilterError | None = None
        for values in product(_STAND_INS, repeat=len(names)):
            try:
                self.condition(text, dict(zip(names, values, strict=True)))
            except FilterError as error:
                found = found or error
            else:
                return
        if found is not None:
            raise found

    def tag_of(self, name: str) -> int:
        """Raises FilterError for what is no field."""
        return self._names.tags_of(Word(name, 0))[0]

    def value(self, raw: bytes, name: str) -> str | None:
        """The value of a field of a message; None where it does not have it. That of a secret is `***`: what a name
        stands for is told where a step fails."""
        message = FixMessage.parse(raw, SOH, self._data_tags)
        tag = self.tag_of(name)
        value = message.get(tag)
        if value is None:
            return None
        return as_text(MASK if is_secret(tag, message.text(tags.MSG_TYPE)) else value)

    def learn(self, raw: bytes) -> None:
        """The secrets of a message that was sent are known from then on."""
        if self._known is not None:
            self._known.learn(raw, self._data_tags)

    def shown(self, raw: bytes) -> str:
        """A message in one printable line, `|` between its fields; secrets are masked, and a very long one is cut."""
        masked = mask_secrets(FixMessage.parse(masked_for_logs(raw), SOH, self._data_tags))
        if self._known is not None:
            masked = self._known.hidden_in(masked, self._data_tags)
        text = printable(as_text(masked.replace(SOH.text, b"|")))
        return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
