"""The acceptance scripts of FIX.4.4 and FIX.5.0SP2 against our acceptor, over sockets."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

_PATIENCE = 300
"""Seconds; a run takes about 55, most of them waiting for heartbeats."""


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


def test_every_script_passes(shared: Path, tmp_path: Path) -> None:
    """As they are scripted, and with `--exact-length`: both at once, since they mostly wait."""
    conformance = shared / "conformance"
    if not conformance.is_dir():
        pytest.skip(f"no acceptance scripts at {conformance}")
    folders = [conformance / "definitions" / name for name in ("fix44", "fix50sp2")]

    def run(*options: str) -> tuple[int, int, str]:
        """How many passed and failed, and what was said about these."""
        found = tmp_path / f"found{len(options)}.json"
        with acceptor() as port:
            command = [sys.executable, str(conformance / "at_runner.py"), "--port", str(port), "--jobs", "2", "--quiet"]
            command += ["--json", str(found), *options, "--defs", *map(str, folders)]
            said = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        told = json.loads(found.read_text())
        return told["passed"], told["failed"], said.stdout

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run), pool.submit(run, "--exact-length")]
    scripts = sum(len(list(folder.glob("*.def"))) for folder in folders)
    for passed, failed, said in (each.result() for each in runs):
        assert (passed, failed) == (scripts, 0), said
