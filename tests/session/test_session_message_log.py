"""The log files of a session, and what reads them."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.logs.log_file import LogFile
from purefix_core.session.engine import log_files
from purefix_core.session.engine.log_files import OpenFiles
from purefix_core.session.engine.log_names import log_prefix
from purefix_core.session.engine.message_log import MessageLog
from purefix_core.session.events import Level, MessageReceived, MessageSent, Note, StateChanged
from purefix_core.session.settings import NetworkSettings, SessionId
from purefix_core.session.states import State
from purefix_core.session.status import NotLogged
from purefix_core.wire.message import FixMessage
from purefix_core.wire.timestamps import NANOS
from tests.session.engine_peers import (
    Recorder,
    acceptor_settings,
    engine_of,
    initiator_settings,
    logged_on,
    message,
    order,
)

NOON = 1_767_355_200_000_000_000
"""2026-01-02 12:00:00 UTC"""


@pytest.fixture
def files() -> Iterator[OpenFiles]:
    found = OpenFiles()
    yield found
    found.close_all()


def test_names_are_those_of_quickfix() -> None:
    assert log_prefix(SessionId("FIX.4.4", "CLIENT-1", "VENUE")) == "FIX.4.4-CLIENT-1-VENUE"
    full = SessionId("FIXT.1.1", "A", "B", "Desk", "NY", "", "L-1", session_qualifier="q")
    assert log_prefix(full) == "FIXT.1.1-A_Desk_NY-B__L%2D1-q"


@pytest.mark.parametrize("comp_id", ["../../etc/passwd", "a/b", "a\\b", "..", "a\0b", "\x1b[2J", "ä", "%2F", "\udcff"])
def test_no_comp_id_leads_out_of_the_folder(comp_id: str) -> None:
    name = log_prefix(SessionId("FIX.4.4", comp_id, comp_id))
    assert not set(name) & set("/\\\0\x1b")
    assert name.isascii()
    assert unquote(name, errors="surrogatepass") == f"FIX.4.4-{comp_id}-{comp_id}"


def test_a_long_name_is_cut_and_still_its_own() -> None:
    first, second = (log_prefix(SessionId("FIX.4.4", "x" * 300, name)) for name in ("A", "B"))
    assert len(first) < 200
    assert first != second


_text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(_text, _text, _text, st.text("ab_-+", max_size=3), st.text("ab_-+", max_size=3))
def test_sub_ids_never_make_two_sessions_one(sender: str, target: str, other: str, sub_id: str, location: str) -> None:
    sender, target, other = (each.replace("-", "").replace("_", "") or "x" for each in (sender, target, other))
    first = SessionId("FIX.4.4", sender, target, sub_id, location)
    for second in (
        SessionId("FIX.4.4", sender, other, sub_id, location),
        SessionId("FIX.4.4", sender, target, location, sub_id),
        SessionId("FIX.4.4", sender, target, "", "", sub_id, location),
    ):
        assert (log_prefix(first) == log_prefix(second)) == (first == second)


def test_lines_are_those_of_quickfix(tmp_path: Path, files: OpenFiles) -> None:
    log = MessageLog(tmp_path / "logs", "S", files)
    assert list(tmp_path.iterdir()) == []  # nothing is made before something is written
    raw = message("D", 2, b"58=x|")
    log.write([Note(NOON + 123_456_789, "hello"), MessageSent(NOON, raw), MessageReceived(NOON + 1_000_000_000, raw)])
    log.write(
        [
            Note(NOON, "careful\nnow", Level.WARNING),
            StateChanged(NOON, State.CONNECTING, State.LOGON_SENT),
        ]
    )
    assert (tmp_path / "logs" / "S.messages.current.log").read_bytes() == (
        b"20260102-12:00:00.000000000 : " + raw + b"\n20260102-12:00:01.000000000 : " + raw + b"\n"
    )
    assert (tmp_path / "logs" / "S.event.current.log").read_text() == (
        "20260102-12:00:00.123456789 : hello\n"
        "20260102-12:00:00.000000000 : warning: careful\\x0anow\n"
        "20260102-12:00:00.000000000 : connecting -> logon sent\n"
    )


def test_secrets_are_masked_and_the_message_is_whole_again(tmp_path: Path, files: OpenFiles) -> None:
    log = MessageLog(tmp_path, "S", files)
    raw = message("A", 1, b"98=0|108=30|95=9|96=geheim\x01=1|553=me|554=secret|925=newsecret|")
    log.write([MessageSent(NOON, raw)])
    written = (tmp_path / "S.messages.current.log").read_bytes()
    for secret in (b"geheim", b"secret"):
        assert secret not in written
    logged = FixMessage.parse(written.split(b" : ")[1][:-1])
    assert logged.get(95) == b"3"
    assert logged.get(96) == logged.get(554) == b"***"
    with_logs = LogFile.open(tmp_path / "S.messages.current.log")
    assert len(with_logs.index()) == 1


def test_files_that_are_not_written_to_are_closed_when_there_are_many(tmp_path: Path) -> None:
    files = OpenFiles(most=3)
    logs = [MessageLog(tmp_path, f"S{number}", files) for number in range(10)]
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - descriptors
    for _ in range(2):
        for log in logs:
            log.write([Note(NOON, "x")])
    assert len(os.listdir("/proc/self/fd")) - before == 3  # noqa: PTH208
    files.close_all()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    for number in range(10):
        assert len((tmp_path / f"S{number}.event.current.log").read_text().splitlines()) == 2


def test_a_log_that_cannot_be_written_is_said_once(tmp_path: Path, files: OpenFiles) -> None:
    path = tmp_path / "logs" / "S.event.current.log"
    (tmp_path / "logs").write_text("in the way")
    log = MessageLog(tmp_path / "logs", "S", files)
    line, again = Note(NOON, "x" * 10), Note(NOON + 1, "again")
    told = [event for _ in range(5) for event in log.write([line])]
    why = f"{path}: cannot be written: File exists; the session goes on without it"
    assert told == [Note(NOON, why, Level.ERROR), *[line] * 5]
    assert log.not_logged == NotLogged(NOON, path, "File exists")
    (tmp_path / "logs").unlink()
    assert log.write([again]) == [Note(NOON + 1, f"a log is written again, 5 lines are missing in it: {path}"), again]
    assert log.not_logged is None
    assert path.read_text().splitlines() == [
        "20260102-12:00:00.000000001 : 5 lines are missing here, since 20260102-12:00:00: File exists",
        "20260102-12:00:00.000000001 : again",
    ]


def test_a_disk_that_fills_up_leaves_no_torn_line_behind(
    tmp_path: Path, files: OpenFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = MessageLog(tmp_path, "S", files)
    room = 50

    def write(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken, room = data[:room], max(room - len(data), 0)
        return os.pwrite(descriptor, taken, 0)  # appends: the file was opened so

    with monkeypatch.context() as patched:
        patched.setattr(log_files.os, "write", write)
        told = [event for number in range(5) for event in log.write([Note(NOON, f"line {number}")])]
    told += log.write([Note(NOON, "line 5")])
    prefix = "20260102-12:00:00.000000000 : "
    assert (tmp_path / "S.event.current.log").read_text().splitlines() == [
        prefix + "line 0",
        (prefix + "line 1")[:13],
        prefix + "4 lines are missing here, since 20260102-12:00:00: No space left on device",
        prefix + "line 5",
    ]
    path = tmp_path / "S.event.current.log"
    assert [event.text for event in told if isinstance(event, Note) and str(path) in event.text] == [
        f"{path}: cannot be written: No space left on device; the session goes on without it",
        f"a log is written again, 4 lines are missing in it: {path}",
    ]


@pytest.fixture
def small_files() -> Iterator[Callable[[int], None]]:
    """Lets no file of this process grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_messages_that_cannot_be_written_are_told_and_stand_in_the_event_log(
    tmp_path: Path, files: OpenFiles, small_files: Callable[[int], None]
) -> None:
    log = MessageLog(tmp_path, "S", files)
    first = MessageReceived(NOON, message("B", 1, b"58=" + b"x" * 3_000 + b"|"))
    second = MessageSent(NOON + 1, message("BE", 2, b"553=me|554=geheim|"))
    state = StateChanged(NOON + 2, State.ACTIVE, State.DISCONNECTED)
    path = tmp_path / "S.messages.current.log"
    small_files(4_000)
    assert log.write([first]) == [first]
    told = log.write([first, second, state])
    notes = [event for event in told if isinstance(event, Note)]
    assert [event for event in told if event not in notes] == [first, second, state]
    assert [note.level for note in notes] == [Level.ERROR, Level.INFO, Level.INFO]
    assert notes[0].text == f"{path}: cannot be written: File too large; the session goes on without it"
    assert notes[1].text.startswith("← received, not logged: 35=B 34=1: 8=FIX.4.4|9=")
    assert notes[2].text.startswith("→ sent, not logged: 35=BE 34=2: 8=FIX.4.4|9=")
    assert "|554=***|" in notes[2].text
    assert [told.index(note) for note in notes] == [0, 1, 3]
    assert log.not_logged == NotLogged(NOON, path, "File too large")
    lines = (tmp_path / "S.event.current.log").read_text().splitlines()
    assert [line.partition(" : ")[2] for line in lines] == [
        f"error: {notes[0].text}",
        notes[1].text,
        notes[2].text,
        "active -> disconnected",
    ]

    small_files(100_000)
    last = MessageSent(NOON + 3, message("0", 3))
    assert log.write([last]) == [Note(NOON + 3, f"a log is written again, 2 lines are missing in it: {path}"), last]
    assert log.not_logged is None
    written = path.read_bytes().splitlines()
    assert len(written) == 4
    assert b"2 lines are missing here, since 20260102-12:00:00: File too large" in written[2]
    assert len(LogFile.open(path).index()) == 3  # the second one is cut off


@pytest.mark.parametrize("is_renamed", [False, True])
def test_a_log_that_somebody_takes_away_is_made_again_and_that_is_said(
    tmp_path: Path, files: OpenFiles, is_renamed: bool
) -> None:
    log = MessageLog(tmp_path / "logs", "S", files)
    first, second, third = (MessageSent(NOON + n * NANOS, message("0", n)) for n in range(3))
    path = tmp_path / "logs" / "S.messages.current.log"
    log.write([first])
    if is_renamed:
        path.rename(tmp_path / "logs" / "elsewhere")
    else:
        path.unlink()
        path.parent.rmdir()
    says = Note(
        NOON + NANOS,
        f"somebody removed, renamed or replaced a log: what comes now is in a new file, {path}",
        Level.WARNING,
    )
    assert log.write([second]) == [says, second]
    assert log.write([third]) == [third]
    assert [line.partition(b" : ")[2] for line in path.read_bytes().splitlines()] == [second.raw, third.raw]
    assert says.text in (tmp_path / "logs" / "S.event.current.log").read_text()


def test_a_link_in_the_place_of_a_log_is_not_followed(tmp_path: Path, files: OpenFiles) -> None:
    (tmp_path / "target").write_text("")
    (tmp_path / "S.event.current.log").symlink_to(tmp_path / "target")
    assert len(MessageLog(tmp_path, "S", files).write([Note(NOON, "x")])) == 2
    assert (tmp_path / "target").read_text() == ""


async def test_the_log_of_a_session_can_be_opened(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    at_venue = Recorder()
    venue = engine_of(acceptor_settings(NetworkSettings(), log_path=tmp_path / "venue"), application=at_venue)
    async with venue:
        settings = initiator_settings(venue.ports[0], log_path=tmp_path / "client", username="me", password="geheim")
        async with engine_of(settings) as client:
            await logged_on(client.events())
            for number in range(10):
                client.send("CLIENT-VENUE", order(str(number)))
            await at_venue.until(10)
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.log")}
    assert names == {
        "client/FIX.4.4-CLIENT-VENUE.event.current.log",
        "client/FIX.4.4-CLIENT-VENUE.messages.current.log",
        "venue/FIX.4.4-VENUE-CLIENT.event.current.log",
        "venue/FIX.4.4-VENUE-CLIENT.messages.current.log",
        "venue/GLOBAL.event.current.log",
    }
    for path in tmp_path.rglob("*.messages.current.log"):
        assert b"geheim" not in path.read_bytes()
        log = LogFile.open(path)
        rows = log.index()
        kinds = [rows.entry(row).msg_type for row in range(len(rows))]
        assert kinds == ["A", "A", *["D"] * 10, "5", "5"]
        log.close()
    text = (tmp_path / "client" / "FIX.4.4-CLIENT-VENUE.event.current.log").read_text()
    for expected in ("connecting to 127.0.0.1 on port", "logged on", "logged out", "disconnected"):
        assert expected in text
    assert "listening on 127.0.0.1" in (tmp_path / "venue" / "GLOBAL.event.current.log").read_text()
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
