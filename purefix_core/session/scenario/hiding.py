"""Hides secrets in what is told of a run: not only in the fields that are for them, but wherever they are repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from purefix_core.session.settings import SessionSettings
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage, as_text, printable
from purefix_core.wire.secrets import MASK, is_secret, looked_for, masked_for_logs, repeats_secret
from purefix_core.wire.separators import SOH

_HIDDEN = MASK.decode()


class KnownSecrets:
    """The secrets of a session's settings, and of the messages that it has sent since."""

    def __init__(self, settings: SessionSettings) -> None:
        self._needles = looked_for(value.encode("utf-8", "surrogateescape") for value in settings.secrets)

    def learn(self, raw: bytes, data_tags: Mapping[int, int]) -> None:
        """The secrets of a message that was sent."""
        if masked_for_logs(raw) is raw:
            return
        message = FixMessage.parse(raw, SOH, data_tags)
        msg_type = message.text(tags.MSG_TYPE)
        said = (message.value(field) for field in message.fields if is_secret(field.tag, msg_type))
        self._needles = looked_for([*self._needles, *said])

    def hidden(self, text: str) -> str:
        """A text with `***` for each of them."""
        return without_secrets(text, map(as_text, self._needles))

    def hidden_words(self, words: str) -> str:
        """How a step reads in a list; the word that it begins with is never a secret, though a password may be like
        it."""
        word, blank, said = words.partition(" ")
        return word + blank + self.hidden(said)

    def hidden_in(self, raw: bytes, data_tags: Mapping[int, int]) -> bytes:
        """A message with `***` for each field that repeats one of them."""
        if not any(needle in raw for needle in self._needles):
            return raw
        message = FixMessage.parse(raw, SOH, data_tags)
        pieces: list[bytes] = []
        position = 0
        for field in message.fields:
            if repeats_secret(field.tag, message.value(field), self._needles):
                pieces += (raw[position : field.start], MASK)
                position = field.end
        return b"".join((*pieces, raw[position:]))


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """A text with `***` for each of the secrets, also where quotes or braces in it are doubled, where what cannot be
    shown is written out, or where it was decoded in another way."""
    forms = {form for secret in secrets for form in _forms(secret)}
    patterns = [_pattern(form) for form in sorted(forms, key=len, reverse=True)]
    return re.sub("|".join(patterns), _HIDDEN, text) if patterns else text


def _forms(secret: str) -> Iterable[str]:
    doubled = (secret.replace("'", "''"), secret.replace('"', '""'), secret.replace("{", "{{").replace("}", "}}"))
    as_latin_1 = secret.encode("utf-8", "replace").decode("latin-1")  # within a text of which another part is no UTF-8
    for each in (secret, as_latin_1, *doubled):
        yield from (each, printable(each))


def _pattern(secret: str) -> str:
    """One of digits alone is not looked for within longer numbers: `2026` is in every date."""
    pattern = re.escape(secret)
    return rf"(?<![0-9]){pattern}(?![0-9])" if secret.isdecimal() else pattern
