"""A dialog of the Session tab over a real session: CLIENT, in an engine of its own, and VENUE that listens."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import type_text, until
from session_peers import PATIENCE, listening, port_of
from textual.pilot import Pilot
from textual.widgets import Input, Label, Static

from purefix_core.session.engine.connection import Connection
from purefix_core.session.engine.initiator import Initiator
from purefix_core.session.venue.simulator import Simulator
from purefix_core.wire.timestamps import parse_utc_timestamp
from purefix_tui.app import PureFixApp
from purefix_tui.session.actions import Action
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.session.form_row import Choice

MakeApp = Callable[..., PureFixApp]

NOON = parse_utc_timestamp(b"20260131-12:00:00") or 0
_PORT = 9876


def numbers(engine: EngineThread) -> tuple[int | None, int | None]:
    """The next MsgSeqNums, out and in, as they are at this moment."""
    status = engine.call(lambda found: found.status(engine.name)).result(PATIENCE)
    return status.next_out, status.next_in


def set_numbers(engine: EngineThread, next_out: int | None = None, next_in: int | None = None) -> None:
    engine.by_hand(
        lambda session, now: session.manual.set_numbers("test", now, next_sender=next_out, next_target=next_in)
    ).result(PATIENCE)


def without_times(message: str) -> str:
    """A message without the times of the moment, SendingTime and OrigSendingTime, and what follows from them."""
    return re.sub(r"\|(52|122|10)=[^|]*", r"|\1=", message)


class Asking:
    """A dialog of a deed, and what it was dismissed with."""

    def __init__(self, pilot: Pilot[None], dialog: DeedDialog) -> None:
        self.pilot = pilot
        self.dialog = dialog
        self.results: list[bool | None] = []

    @property
    def what(self) -> str:
        """What it says will happen, and the bytes."""
        return str(self.dialog.query_one("#what", Static).content)

    @property
    def message(self) -> str:
        """The bytes that it shows; nothing where nothing would be sent."""
        last = self.what.split("\n")[-1]
        return last if last.startswith("8=FIX") else ""

    @property
    def wrong(self) -> str:
        return str(self.dialog.query_one(".wrong", Label).content)

    @property
    def has_changed(self) -> bool:
        """It says that what it shows is other than before."""
        return bool(self.dialog.query_one(".changed", Label).display)

    @property
    def foot(self) -> str:
        return str(self.dialog.query_one(".foot", Label).content)

    async def shows(self, *words: str) -> None:
        await until(self.pilot, lambda: all(word in self.what for word in words))

    async def says(self, words: str) -> None:
        """It says what is wrong."""
        await until(self.pilot, lambda: words in self.wrong)

    async def type(self, **values: str) -> None:
        """Fill in parameters by keys, as somebody does who goes through them by Tab."""
        for field in self.dialog.query("Input, Choice"):
            if field.id in values:
                self.dialog.set_focus(field)
                value = values[field.id]
                if isinstance(field, Choice):
                    if field.value != value:
                        await self.pilot.press("right")
                    assert field.value == value
                else:
                    assert isinstance(field, Input)
                    await self.pilot.press("end", *["backspace"] * len(field.value))
                    await type_text(self.pilot, value)

    async def at_rest(self) -> None:
        """It shows what comes of what was typed."""
        await self.pilot.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def enter(self) -> None:
        await self.pilot.press("enter")

    async def done(self) -> None:
        """Enter, and it is done."""
        await self.enter()
        await until(self.pilot, lambda: bool(self.results))
        assert self.results == [True]


async def asking(pilot: Pilot[None], engine: EngineThread, action: Action) -> Asking:
    """The dialog of an action, once it shows what would be done or why that cannot be."""
    dialog = DeedDialog(engine, action)
    found = Asking(pilot, dialog)
    pilot.app.push_screen(dialog, found.results.append)
    await until(pilot, lambda: dialog.is_mounted and bool(dialog.query("#what")) and bool(found.what or found.wrong))
    await pilot.pause()
    return found


# For pictures.


@contextmanager
def still_venue(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[int]:
    """A venue, and a world in which every run looks the same: all clocks, of the engines and of the screen, stand at
    noon; who is at the keys is anna; and the venue seems to listen on the port that is given."""
    clock = time.time_ns
    for module in list(sys.modules.values()):
        if module.__name__.startswith("purefix") and vars(module).get("now") is clock:
            monkeypatch.setattr(module, "now", lambda: NOON)
    monkeypatch.setattr(time, "time_ns", lambda: NOON)
    monkeypatch.setenv("LOGNAME", "anna")
    monkeypatch.setattr(Input.cursor_blink, "_default", False)
    simulator, dial = Simulator(clock=lambda: NOON), Initiator._dial
    simulator._number = 41_000_000
    venue = listening(folder, simulator)
    monkeypatch.setattr(Initiator, "_dial", lambda self, host, _port: dial(self, host, port_of(venue)))
    monkeypatch.setattr(Connection, "peer", f"127.0.0.1:{_PORT}")
    yield _PORT
    assert venue.stop()
