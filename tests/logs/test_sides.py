"""Whose log a message stands in: by the marks of the log, by the name of the file, or as a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from purefix_core.logs.index import SessionKey
from purefix_core.logs.log_file import LogFile
from purefix_core.logs.sides import Side, own_comp_id


def fix(body: str) -> bytes:
    """A framed line from `35=A 34=1 …`."""
    text = f"{body} ".replace(" ", "\x01")
    head = f"8=FIX.4.4\x019={len(text)}\x01{text}"
    return f"{head}10={sum(head.encode()) % 256:03}\x01\n".encode()


def sides(path: Path, *lines: bytes) -> list[Side]:
    path.write_bytes(b"".join(lines))
    log = LogFile.open(path)
    log.index()
    found = [log.side_of(entry) for entry in log.rows]
    log.close()
    return found


CLI_TO_SRV = fix("35=A 34=1 49=CLI 56=SRV")
SRV_TO_CLI = fix("35=A 34=1 49=SRV 56=CLI")
OTHER = fix("35=A 34=1 49=X 56=Y")


@pytest.mark.parametrize(
    ("name", "sender", "target", "own"),
    [
        ("FIX.4.4-SRV-CLI.messages.current.log", "CLI", "SRV", "SRV"),
        ("FIX.4.4-SRV-CLI.messages.current.log", "SRV", "CLI", "SRV"),
        ("FIX.4.4-SRV-CLI.log", "CLI", "SRV", "SRV"),
        ("FIX.4.4-SRV-CLI.body", "SRV", "CLI", "SRV"),
        ("FIX.4.4-SRV-CLI.messages.log.gz", "CLI", "SRV", "SRV"),
        ("gw1_FIX.4.4-SRV-CLI.messages.log", "CLI", "SRV", "SRV"),
        ("FIX.4.4-SRV-CLI-night.messages.log", "CLI", "SRV", "SRV"),
        ("FIX.4.4-SRV_DESK_LON-CLI_ALGO.messages.log", "CLI", "SRV", "SRV"),
        ("FIX.4.4-A-B-C.log", "C", "A-B", "A-B"),
        ("FIX.4.4-A-B-C.log", "A", "B-C", "A"),
        ("FIX.4.4-A_B-C.log", "C", "A/B", "A/B"),
        ("FIX.4.4-SRV-CLI.log", "CLI", "SR", None),
        ("FIX.4.4-SRV-CLI.log", "CL", "SRV", None),
        ("FIX.4.2-SRV-CLI.log", "CLI", "SRV", None),
        ("FIX.4.4-A-A-A.log", "A", "A-A", None),
        ("FIX.4.4-A-A.log", "A", "A", None),
        ("FIX.4.4--CLI.log", "", "CLI", None),
        ("GLOBAL.messages.current.log", "CLI", "SRV", None),
    ],
)
def test_the_name_of_the_file_tells(name: str, sender: str, target: str, own: str | None) -> None:
    assert own_comp_id(name, SessionKey("FIX.4.4", sender, target)) == own


def test_the_engine_of_the_name_is_left_though_the_other_spoke_first(tmp_path: Path) -> None:
    found = sides(tmp_path / "FIX.4.4-SRV-CLI.messages.current.log", CLI_TO_SRV, SRV_TO_CLI)
    assert found == [Side("SRV", "CLI", False, True), Side("SRV", "CLI", True, True)]
    assert [side.sent for side in found] == [False, True]


def test_a_session_that_does_not_fit_the_name_is_guessed(tmp_path: Path) -> None:
    found = sides(tmp_path / "FIX.4.4-SRV-CLI.messages.current.log", CLI_TO_SRV, OTHER)
    assert found[1] == Side("X", "Y", True, False)
    assert found[1].sent is None


def test_without_marks_or_name_left_is_who_spoke_first_as_a_guess(tmp_path: Path) -> None:
    found = sides(tmp_path / "day.log", CLI_TO_SRV, SRV_TO_CLI)
    assert found == [Side("CLI", "SRV", True, False), Side("CLI", "SRV", False, False)]


def test_what_the_log_marks_overrules_the_name(tmp_path: Path) -> None:
    found = sides(tmp_path / "FIX.4.4-SRV-CLI.log", b"OUT " + CLI_TO_SRV, b"IN " + SRV_TO_CLI, CLI_TO_SRV)
    assert found == [Side("CLI", "SRV", True, True), Side("CLI", "SRV", False, True), Side("CLI", "SRV", True, True)]


def test_one_marked_message_is_known_among_guessed_ones(tmp_path: Path) -> None:
    found = sides(tmp_path / "day.log", CLI_TO_SRV, b"IN  " + CLI_TO_SRV)
    assert found == [Side("CLI", "SRV", True, False), Side("SRV", "CLI", False, True)]


@pytest.mark.parametrize(("folder", "own"), [("log_acceptor", "SRV"), ("log_initiator", "CLI")])
def test_both_ends_of_a_real_session(shared: Path, folder: str, own: str) -> None:
    for path in sorted((shared / "logs" / "quickfix_cpp_live" / folder).glob("FIX*.messages.current.log")):
        log = LogFile.open(path)
        log.index()
        found = {(entry.session.sender_comp_id, *log.side_of(entry)) for entry in log.rows}
        log.close()
        other = "CLI" if own == "SRV" else "SRV"
        assert found == {(own, own, other, True, True), (other, own, other, False, True)}, path.name


def test_whose_log_it_is_may_be_said(tmp_path: Path) -> None:
    path = tmp_path / "messages.dat"
    path.write_bytes(b"8=FIX.4.4\x019=40\x0135=0\x0134=1\x0149=US\x0152=20250101-10:00:00\x0156=THEM\x0110=000\x01")
    for own, outgoing in (("US", True), ("THEM", False)):
        log = LogFile.open(path, own_comp_id=own)
        log.index()
        side = log.side_of(log.rows.entry(0))
        assert (side.left, side.outgoing, side.known) == (own, outgoing, True)
    stranger = LogFile.open(path, own_comp_id="SOMEBODY")
    stranger.index()
    assert not stranger.side_of(stranger.rows.entry(0)).known
