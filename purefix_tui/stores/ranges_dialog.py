"""Asks which messages are gap-filled instead of being resent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from purefix_core.store.next_logon import span
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_tui.stores.keys import RANGES_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_RANGE = re.compile(r"\s*([0-9]{1,10})\s*(?:-\s*([0-9]{1,10})\s*)?")
_LISTED = 200


@dataclass(frozen=True, slots=True)
class RangeOrder:
    """What the user asked for."""

    first: int
    last: int
    reason: str = ""
    resend: bool = False
    """Whether the messages may be resent again."""


class RangesDialog(Dialog[RangeOrder | None]):
    """Dismissed with a RangeOrder, or with None. It changes nothing itself."""

    HELP = """\
Messages that must not be resent, such as orders that are stale by now. When the counterparty asks for these numbers
it gets a gap fill instead of them. The messages stay in the store, and can be let be resent again."""

    BINDINGS: ClassVar[list[BindingType]] = RANGES_KEYS

    DEFAULT_CSS = """
    RangesDialog { align: center middle; }
    RangesDialog > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 94%; padding: 1 2; background: $panel;
    }
    RangesDialog .title { text-style: bold; color: $primary; }
    RangesDialog .caption { color: $muted; margin-top: 1; width: 100%; }
    RangesDialog .wrong { color: $error; width: 100%; height: auto; }
    RangesDialog OptionList { height: auto; max-height: 6; border: none; padding: 0; background: $panel; }
    """

    def __init__(self, numbers: str, ranges: Sequence[tuple[int, int, str]], *, keeps_reason: bool) -> None:
        """`numbers`: what stands in the field at first. `ranges`: those that are marked now. `keeps_reason`: whether
        the layout has a place for the reason, and lists what is marked."""
        super().__init__()
        self._numbers = numbers
        self._ranges = list(ranges)
        self._keeps_reason = keeps_reason

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("Not to be resent", classes="title")
            yield Label("MsgSeqNums, as 120 or 120-134: when the counterparty asks for them", classes="caption")
            yield Input(self._numbers, id="range", compact=True, max_length=23)
            if self._keeps_reason:
                yield Label("why, for who reads resend.json later (may be empty)", classes="caption")
                yield Input("", id="reason", compact=True, max_length=200)
            yield Label("", classes="wrong", markup=False)
            if self._ranges:
                more = f", the first {_LISTED:,} of {len(self._ranges):,}" if len(self._ranges) > _LISTED else ""
                yield Label(f"marked now{more}: Enter takes one into the field", classes="caption")
                listed = [f"{span(first, last)}{reason and f'   {reason}'}" for first, last, reason in self._ranges]
                yield OptionList(*(Option(visible(each)) for each in listed[:_LISTED]), compact=True, markup=False)
            keys = "Enter: gap-fill them instead.  ctrl+r: let them be resent again.  Both show first what will be."
            yield Label(keys, classes="caption")

    def on_mount(self) -> None:
        self.query_one("#range", Input).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        first, last, _ = self._ranges[event.option_index]
        field = self.query_one("#range", Input)
        field.value = span(first, last)
        field.focus()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._dismiss(False)

    def action_resend_again(self) -> None:
        self._dismiss(True)

    def _dismiss(self, resend: bool) -> None:
        found = parse_range(self.query_one("#range", Input).value)
        if found is None:
            wrong = f"Expected numbers from 1 to {MAX_SEQ_NUM:,}, as 120 or 120-134."
            self.query_one(".wrong", Label).update(wrong)
            return
        reason = self.query_one("#reason", Input).value.strip() if self._keeps_reason and not resend else ""
        self.dismiss(RangeOrder(*found, reason, resend))


def parse_range(text: str) -> tuple[int, int] | None:
    """`120` or `120-134`, with or without thousands separators; None for anything else."""
    match = _RANGE.fullmatch(text.replace(",", ""))
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return (first, last) if 1 <= first <= last <= MAX_SEQ_NUM else None
