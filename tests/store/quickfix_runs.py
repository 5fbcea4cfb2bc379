"""Pairs of real QuickFIX C++ engines on loopback, and what they said to each other."""

from __future__ import annotations

import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from purefix_core.store.quickfix import QuickFixFiles, QuickFixFileStore, recognise_one
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage
from tests.conftest import REPOSITORY

ENGINE = Path(__file__).with_name("quickfix_engine.py")
DICTIONARY = REPOSITORY / "purefix_core/dictionaries/FIX44.xml"
PATIENCE = 20
"""Seconds; a run takes two or three."""


class Stores(NamedTuple):
    acceptor: QuickFixFiles
    initiator: QuickFixFiles


def copied_stores(shared: Path, tmp_path: Path) -> Stores:
    """Copies of the stores of a real session: SRV has sent 13 messages, CLI 16, of which 2 to 9 are orders."""
    found = []
    for role in ("acceptor", "initiator"):
        folder = tmp_path / role
        folder.mkdir()
        for path in (shared / f"logs/quickfix_cpp_live/store_{role}").glob("FIX.4.4-*"):
            (folder / path.name).write_bytes(path.read_bytes())
        files = recognise_one(folder)
        # A session of another day would be reset at once.
        files.session.write_text(time.strftime("%Y%m%d-%H:%M:%S", time.gmtime()))
        found.append(files)
    return Stores(*found)


@contextmanager
def running(role: str, files: QuickFixFiles, port: int, logs: Path) -> Iterator[int]:
    """Runs one; gives the number of its process."""
    log = logs / f"log_{role}"
    shutil.rmtree(log, ignore_errors=True)
    log.mkdir()
    command = [sys.executable, str(ENGINE), role, str(port), str(files.folder), str(log), str(DICTIONARY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], PATIENCE)[0]
            assert process.stdout.readline() == b"started\n"
            yield process.pid
            process.communicate(b"", timeout=PATIENCE)
        finally:
            process.kill()


def run_both(stores: Stores, logs: Path, done: Callable[[list[FixMessage]], bool]) -> list[FixMessage]:
    """Lets both talk until `done` with what the initiator sent and received; gives that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ExitStack() as both:
        for role, files in (("acceptor", stores.acceptor), ("initiator", stores.initiator)):
            both.enter_context(running(role, files, port, logs))
        deadline = time.monotonic() + PATIENCE
        while not done(talk := talk_of(logs, "initiator")):
            assert time.monotonic() < deadline, [item.raw for item in talk]
            time.sleep(0.05)
        return talk


def talk_of(logs: Path, role: str) -> list[FixMessage]:
    """The messages in an engine's log, in order."""
    found = []
    for log in (logs / f"log_{role}").glob("FIX.4.4-*.messages.current.log"):
        for line in log.read_bytes().split(b"\n"):
            if line.endswith(b"\x01"):
                found.append(FixMessage.parse(line[line.index(b"8=FIX") :]))
    return found


def sent_by(sender: str, talk: list[FixMessage], msg_type: str) -> list[FixMessage]:
    return [item for item in talk if item.text(tags.SENDER_COMP_ID) == sender and item.text(tags.MSG_TYPE) == msg_type]


def sent_again(talk: list[FixMessage]) -> list[tuple[str, int, str]]:
    """What the initiator sent again: MsgType, number, and ClOrdID or the number that a gap-fill leads to."""
    return [
        (item.text(tags.MSG_TYPE), int(item.text(tags.MSG_SEQ_NUM)), item.text(11) or item.text(tags.NEW_SEQ_NO))
        for item in talk
        if item.text(tags.SENDER_COMP_ID) == "CLI" and item.text(tags.POSS_DUP_FLAG) == "Y"
    ]


def implied(store: QuickFixFileStore, first: int, end: int) -> list[tuple[str, int, str]]:
    """What a resend of `first` up to (not including) `end` must be by our reading of the store."""
    expected: list[tuple[str, int, str]] = []
    gap_from = 0
    for number in range(first, end):
        record = store.get(number)
        if record is None or record.msg_type in tags.ADMIN_MSG_TYPES:
            gap_from = gap_from or number
            continue
        if gap_from:
            expected.append(("4", gap_from, str(number)))
            gap_from = 0
        expected.append((record.msg_type, number, FixMessage.parse(record.encoded).text(11)))
    return [*expected, ("4", gap_from, str(end))] if gap_from else expected


def filled_to(number: int) -> Callable[[list[FixMessage]], bool]:
    return lambda talk: any(kind == "4" and to == str(number) for kind, _, to in sent_again(talk))
