"""What a peer sends that is no FIX message: it goes into the event log, in a few lines for each connection."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from purefix_core.session.events import Level
from purefix_core.session.framing import Framer, PassedOver
from purefix_core.wire import tags
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import MASK, SECRET_TAGS, looked_for

NO_FIX = "the first bytes of the peer are no FIX message"
"""How a line begins that says so; `, they look like HTTP (43 bytes): ` and the bytes follow."""

_MOST_TOLD = 20
"""Lines for one connection, so that no peer can fill the disk."""
_MOST_SHOWN = 200
"""Characters."""

_HTTP = re.compile(
    rb"\s*(?:HTTP/[0-9]|(?:GET|POST|PUT|HEAD|OPTIONS|CONNECT|PRI) \S|<!doctype html|<html)", re.IGNORECASE
)
_TLS = re.compile(rb"[\x14-\x17]\x03[\x00-\x04]")
_TLS_ALERT = 0x15

_SECRET_NAMES = rb"authorization|cookie|password|passwd|pwd|token|secret|api[-_]?key"
_AFTER_A_NAME = re.compile(rb"((?:%b)[\"']?\s*[:=]\s*)[^\r\n\x01&;|]+" % _SECRET_NAMES, re.IGNORECASE)
_TAGS = b"|".join(b"%d" % tag for tag in sorted(SECRET_TAGS | {tags.RAW_DATA}))
_AFTER_A_TAG = re.compile(rb"((?<![0-9])(?:%b)\s*=)[^\x01]+" % _TAGS)
_AFTER_A_TAG_IN_TEXT = re.compile(rb"((?<![0-9])(?:%b)\s*=)[^\r\n;^|]+" % _TAGS)


class PassedOverNotes:
    """Tells of what the framer of one connection passes over."""

    def __init__(self, framer: Framer, note: Callable[[str, Level], None], secrets: Sequence[str] = ()) -> None:
        """`secrets`: what must not be told, whoever says it."""
        self._framer = framer
        self._note = note
        self._secrets = looked_for(each.encode("utf-8", "replace") for each in secrets)
        self._told = 0
        """Lines."""
        self._untold = 0
        """Bytes."""
        self._told_of = 0
        """How many bytes of those that belong to no message, and are still becoming more, were told of."""

    def look(self) -> None:
        """To be called when something was read. Bytes that belong to no message are told of when they begin, and again
        when a message follows, if they have become more."""
        framer = self._framer
        if not framer.passes_over:
            return
        for each in framer.take_passed_over():
            self._tell(each)
            self._told_of = 0
        now = framer.passing_over()
        if now is not None and not self._told_of:
            self._tell(now)

    def end(self) -> None:
        """The connection ends, and what is there of a message will not become one."""
        self.look()
        last = self._framer.passing_over(with_pending=True)
        if last is not None:
            self._tell(last)
        if self._untold:
            self._note(f"{self._untold:,} more bytes came that are no FIX message", Level.WARNING)
            self._untold = 0

    def _tell(self, found: PassedOver) -> None:
        if found.size <= self._told_of:
            return
        if self._told < _MOST_TOLD:
            self._told += 1
            self._note(*_words(found, self._secrets))
        else:
            self._untold += found.size - self._told_of
        self._told_of = found.size


def what_came(framer: Framer) -> str:
    """For a connection on which no message came: what did; empty where nothing did."""
    found = framer.passing_over(with_pending=True)
    return f"; {_words(found, ())[0]}" if found is not None and found.is_all else ""


def _words(found: PassedOver, secrets: Sequence[bytes]) -> tuple[str, Level]:
    beginning, size = found.beginning, f"{found.size:,} bytes" if found.size > 1 else "1 byte"
    shown = _shown(beginning, found.size, secrets)
    if not beginning.strip():
        return f"passed over {size} between messages: {shown}", Level.INFO
    if beginning.startswith(b"8=FIX"):
        return f"a message has not come to its end: {size}: {shown}", Level.INFO
    if found.is_all:
        return f"{NO_FIX}, they look like {_kind(beginning)} ({size}): {shown}", Level.WARNING
    return f"passed over {size} that are no FIX message: {shown}", Level.WARNING


def _kind(beginning: bytes) -> str:
    if _HTTP.match(beginning):
        return "HTTP"
    if _TLS.match(beginning):
        return "a TLS alert" if beginning[0] == _TLS_ALERT else "TLS"
    if beginning.startswith(b"SSH-"):
        return "SSH"
    text = beginning.decode("latin-1")
    return "text" if all(character.isprintable() or character in "\r\n\t\x01" for character in text) else "binary data"


def _shown(beginning: bytes, size: int, secrets: Sequence[bytes]) -> str:
    """On one line, without what is known to be secret."""
    data = beginning
    for secret in secrets:
        data = data.replace(secret, MASK)
    data = _AFTER_A_NAME.sub(rb"\1" + MASK, data)
    data = (_AFTER_A_TAG if b"\x01" in data else _AFTER_A_TAG_IN_TEXT).sub(rb"\1" + MASK, data)
    text = data.decode("utf-8", "backslashreplace").replace("\x01", "|").replace("\r", "\\r").replace("\n", "\\n")
    text = printable(text)
    return text if len(text) <= _MOST_SHOWN and size <= len(beginning) else text[:_MOST_SHOWN] + "…"
