"""Edited stores in the hands of a real QuickFIX C++, acceptor and initiator."""

from __future__ import annotations

import json
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from purefix_core.cli.group import commands
from purefix_core.store.in_use import edit_warnings, who_has_open
from purefix_core.store.quickfix import (
    QuickFixFiles,
    QuickFixFileStore,
    gap_fill,
    recognise_one,
    reset,
    set_numbers,
    verify,
)
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage
from tests.conftest import REPOSITORY
from tests.store.quickfix_stores import message

pytest.importorskip("quickfix")

ENGINE = Path(__file__).with_name("quickfix_engine.py")
DICTIONARY = REPOSITORY / "purefix_core/dictionaries/FIX44.xml"
PATIENCE = 20
"""Seconds; a run takes two or three."""


class Stores(NamedTuple):
    acceptor: QuickFixFiles
    initiator: QuickFixFiles


@pytest.fixture
def stores(shared: Path, tmp_path: Path) -> Stores:
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
def _engine(role: str, files: QuickFixFiles, port: int, logs: Path) -> Iterator[int]:
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


def _run(stores: Stores, logs: Path, done: Callable[[list[FixMessage]], bool]) -> list[FixMessage]:
    """Lets both talk until `done` with what the initiator sent and received; gives that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ExitStack() as both:
        for role, files in (("acceptor", stores.acceptor), ("initiator", stores.initiator)):
            both.enter_context(_engine(role, files, port, logs))
        deadline = time.monotonic() + PATIENCE
        while not done(talk := _talk(logs, "initiator")):
            assert time.monotonic() < deadline, [item.raw for item in talk]
            time.sleep(0.05)
        return talk


def _talk(logs: Path, role: str) -> list[FixMessage]:
    """The messages in an engine's log, in order."""
    found = []
    for log in (logs / f"log_{role}").glob("FIX.4.4-*.messages.current.log"):
        for line in log.read_bytes().split(b"\n"):
            if line.endswith(b"\x01"):
                found.append(FixMessage.parse(line[line.index(b"8=FIX") :]))
    return found


def _sent_by(sender: str, talk: list[FixMessage], msg_type: str) -> list[FixMessage]:
    return [item for item in talk if item.text(tags.SENDER_COMP_ID) == sender and item.text(tags.MSG_TYPE) == msg_type]


def _again(talk: list[FixMessage]) -> list[tuple[str, int, str]]:
    """What the initiator sent again: MsgType, number, and ClOrdID or the number that a gap-fill leads to."""
    return [
        (item.text(tags.MSG_TYPE), int(item.text(tags.MSG_SEQ_NUM)), item.text(11) or item.text(tags.NEW_SEQ_NO))
        for item in talk
        if item.text(tags.SENDER_COMP_ID) == "CLI" and item.text(tags.POSS_DUP_FLAG) == "Y"
    ]


def _implied(store: QuickFixFileStore, first: int, end: int) -> list[tuple[str, int, str]]:
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


def _filled_to(number: int) -> Callable[[list[FixMessage]], bool]:
    return lambda talk: any(kind == "4" and to == str(number) for kind, _, to in _again(talk))


def _told(*arguments: object) -> dict[str, Any]:
    """What a command of `purefix store` says."""
    result = CliRunner().invoke(commands, ["store", *map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_a_lower_next_target_is_asked_for_and_sent_again(stores: Stores, tmp_path: Path) -> None:
    """And the command that shows the peer's store foretells how much of it."""
    assert _told("set", stores.acceptor.path, "--next-in", 3)["nextIn"] == 3
    foretold = _told("show", stores.initiator.path, "--peer-expects", 3)["forecast"]["resend"]
    assert foretold["msgTypes"] == {"D": 7}
    expected = _implied(QuickFixFileStore(stores.initiator), 3, 18)
    assert [kind for kind, _, _ in expected] == ["D"] * 7 + ["4"]
    talk = _run(stores, tmp_path, _filled_to(18))
    (request,) = _sent_by("SRV", talk, "2")
    assert (request.text(tags.BEGIN_SEQ_NO), request.text(tags.END_SEQ_NO)) == ("3", "0")
    assert _again(talk) == expected
    # What the engines wrote then is read in full: 17 is the Logon, and each said goodbye.
    for files in stores:
        store = QuickFixFileStore(files)
        assert (store.notices, verify(files)) == ([], ([], []))
        logout = store.get(store.get_last_sent_seq_num())
        assert logout is not None
        assert logout.msg_type == "5"


def test_a_range_without_entries_is_gap_filled(stores: Stores, tmp_path: Path) -> None:
    set_numbers(stores.acceptor, 14, 3)
    assert gap_fill(stores.initiator, 5, 7)[0] == 3
    expected = _implied(QuickFixFileStore(stores.initiator), 3, 18)
    assert expected[2] == ("4", 5, "8")
    talk = _run(stores, tmp_path, _filled_to(18))
    assert _again(talk) == expected


def test_a_message_that_we_put_is_sent_again(stores: Stores, tmp_path: Path) -> None:
    store = QuickFixFileStore(stores.initiator, read_only=False)
    for number, order in ((9, "superseded"), (17, "put")):
        fields = f"11={order}|38=1|40=1|54=1|55=IBM|60=20261122-04:30:55|"
        record = store.get(2)
        assert record is not None
        store.put(record._replace(seq_num=number, encoded=message(number, more=fields)))
    store.set_last_sent_seq_num(17)
    store.close()
    set_numbers(stores.acceptor, 14, 9)
    talk = _run(stores, tmp_path, lambda talk: len(_again(talk)) >= 4)
    assert _again(talk) == [
        ("D", 9, "superseded"),
        ("4", 10, "17"),
        ("D", 17, "put"),
        ("4", 18, "19"),
    ]


def test_both_begin_again_after_a_reset(stores: Stores, tmp_path: Path) -> None:
    for files in stores:
        reset(files)
    talk = _run(stores, tmp_path, lambda talk: bool(_sent_by("SRV", talk, "A")))
    assert [item.text(tags.MSG_SEQ_NUM) for item in talk[:2]] == ["1", "1"]
    assert _sent_by("SRV", talk, "2") == []


def test_a_running_engine_is_seen(stores: Stores, tmp_path: Path) -> None:
    with _engine("initiator", stores.initiator, 1, tmp_path) as pid:
        assert [process.pid for process in who_has_open(stores.initiator.paths)] == [pid]
        assert who_has_open(stores.acceptor.paths) == []
        lines = edit_warnings(stores.initiator.paths, time.time_ns())
        assert f"is open in process {pid} " in lines[0]
