"""The fields of the numbers editor. What cannot be part of a number is no text: these keys stay commands."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.widgets import Input

from purefix_core.store.records import MAX_SEQ_NUM
from purefix_tui.stores.keys import NUMBERS_FOOTER, TIMES_FOOTER

_DIGITS = frozenset("0123456789,")


class NumberInput(Input):
    """A MsgSeqNum, or nothing."""

    HELP = """\
The numbers of both directions. "next out" is the MsgSeqNum of the next message that you send, "next in" the one that
you expect next from the counterparty.

When the counterparty says what it expects from you, or what it sends next, type that at the right: what will happen at
the next Logon stands below, and the numbers that would put it right are proposed; p puts them in.

Nothing is written before Enter (or ctrl+s) has shown the difference and you have confirmed it. u undoes it.
Letters are commands here: the last line names them."""

    FOOTER = NUMBERS_FOOTER

    DEFAULT_CSS = """
    NumberInput { width: 13; }
    NumberInput.-wrong { color: $error; text-style: bold; }
    NumberInput.-changed { color: $primary; text-style: bold; }
    """

    def __init__(self, id: str, label: str, placeholder: str = "number") -> None:  # noqa: A002
        super().__init__(id=id, placeholder=placeholder, compact=True, max_length=13, tooltip=label)

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 (Textual's signature)
        return character in _DIGITS

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character not in _DIGITS:
            event.prevent_default()  # of Input, which would take it for text

    @property
    def number(self) -> int | None:
        """The number; None where there is none, or none that can be."""
        return None if self.problem or not self.value.strip() else int(self.value.replace(",", ""))

    @property
    def problem(self) -> str:
        """What is wrong with what was typed."""
        text = self.value.replace(",", "").strip()
        if text and not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MAX_SEQ_NUM):
            return f"expected a number from 1 to {MAX_SEQ_NUM:,}"
        return ""

    def show(self, number: int | None) -> None:
        """Put a number in, without telling anyone."""
        with self.prevent(Input.Changed):
            self.value = "" if number is None else str(number)
        if self.has_focus:  # what is typed now takes its place
            self.action_select_all()


class TimeInput(Input):
    """A time of session.meta, UTC, or nothing."""

    HELP = """\
A time of session.meta, UTC, as 2026-01-31T16:30:45Z; empty for none. An engine goes by them only to know whether a
session has to begin anew (created)."""

    FOOTER: ClassVar[tuple[str, ...]] = TIMES_FOOTER

    DEFAULT_CSS = """
    TimeInput { width: 32; }
    TimeInput.-wrong { color: $error; text-style: bold; }
    TimeInput.-changed { color: $primary; text-style: bold; }
    """

    def __init__(self, id: str, label: str) -> None:  # noqa: A002
        super().__init__(id=id, placeholder="none", compact=True, max_length=40, tooltip=label)

    def show(self, text: str) -> None:
        """Put a text in, without telling anyone."""
        with self.prevent(Input.Changed):
            self.value = text
