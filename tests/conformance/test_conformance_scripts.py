"""The acceptance scripts of FIX.4.4 and FIX.5.0SP2 against our acceptor, over sockets."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

_PATIENCE = 300
"""Seconds; a run takes about 90, most of them waiting for heartbeats."""


@contextmanager
def acceptor() -> Iterator[int]:
    """Runs one as a process; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.conformance.acceptor", "--port", str(port)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"listening on {port}\n"
            yield port
            process.terminate()
            assert process.wait(30) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("options", [(), ("--exact-length",)], ids=["as scripted", "exact length"])
def test_every_script_passes(shared: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    conformance = shared / "conformance"
    if not conformance.is_dir():
        pytest.skip(f"no acceptance scripts at {conformance}")
    folders = [str(conformance / "definitions" / name) for name in ("fix44", "fix50sp2")]
    found = tmp_path / "found.json"
    with acceptor() as port:
        command = [sys.executable, str(conformance / "at_runner.py"), "--port", str(port), "--jobs", "2", "--quiet"]
        command += ["--json", str(found), *options, "--defs", *folders]
        run = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    told = json.loads(found.read_text())
    assert told["failed"] == 0, run.stdout
    assert told["passed"] == sum(len(list(Path(folder).glob("*.def"))) for folder in folders)
