"""Lines are wrapped on a terminal only, and commands never."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from purefix_core.cli.store import lines
from purefix_core.cli.store.lines import BLANK, Line, print_lines
from tests.cli.store_samples import run
from tests.conftest import REPOSITORY

TEXT = "one two three four five six seven eight nine ten"


def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int | None) -> list[str]:
    monkeypatch.setattr(lines, "terminal_width", lambda: width)
    print_lines([Line("  out  ", TEXT), BLANK, Line("       ", f"purefix {TEXT}", is_command=True)])
    return capsys.readouterr().out.splitlines()


def test_a_hanging_indent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(monkeypatch, capsys, 30) == [
        "  out  one two three four five",
        "       six seven eight nine",
        "       ten",
        "",
        f"       purefix {TEXT}",
    ]


def test_nothing_is_wrapped_elsewhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for width in (None, 200):
        assert printed(monkeypatch, capsys, width)[0] == f"  out  {TEXT}"


def test_show_on_a_terminal_of_80_columns(ours: Path) -> None:
    terminal, other_end = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "LINES": "24"}
    command = [sys.executable, "-m", "purefix_core", "store", "show", str(ours), "--peer-expects", "2"]
    try:
        subprocess.run(command, stdout=other_end, env=environment, cwd=REPOSITORY, check=True, timeout=60)
        os.close(other_end)
        text = b""
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other end is closed and all was read
                break
            if not piece:
                break
            text += piece
    finally:
        os.close(terminal)
    shown = text.decode().splitlines()
    assert all(len(line) <= 80 or str(ours) in line for line in shown)
    whole = run("show", ours, "--peer-expects", "2").stdout
    assert " ".join(text.decode().split()) == " ".join(whole.split())
    assert len(shown) > len(whole.splitlines())


def test_all_summaries_are_whole() -> None:
    result = run("--help")
    listed = result.stdout[result.stdout.index("Commands:") :].splitlines()[1:]
    assert len(listed) == 13
    assert all(line.endswith(".") and not line.endswith("...") and len(line) <= 80 for line in listed)
    assert result.stdout.count("  purefix store ") == 3
