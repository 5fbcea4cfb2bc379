"""Session files for tests: written, loaded, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from purefix_core.session.config import FixConfig, FixConfigError, load_configs
from purefix_core.session.settings import SessionSettings

BASE = {"SenderCompID": "A", "TargetCompID": "B", "BeginString": "FIX.4.4"}
PLAIN = "[SESSION]\nBeginString=FIX.4.4\nSenderCompID=A\nTargetCompID=B\n"


def load(folder: Path, content: str | dict[str, object]) -> list[FixConfig]:
    path = folder / "session.file"
    text = content if isinstance(content, str) else json.dumps({**BASE, **content})
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return load_configs(path)


def one(folder: Path, content: str | dict[str, object]) -> SessionSettings:
    (config,) = load(folder, content)
    return config.settings


def refused(folder: Path, content: str | dict[str, object]) -> list[str]:
    """The problems, without the path."""
    with pytest.raises(FixConfigError) as caught:
        load(folder, content)
    prefix = f"{folder / 'session.file'}: "
    assert all(problem.startswith(prefix) for problem in caught.value.problems)
    return [problem.removeprefix(prefix) for problem in caught.value.problems]


def warned(folder: Path, content: str | dict[str, object]) -> list[str]:
    (config,) = load(folder, content)
    return [warning.removeprefix(f"{folder / 'session.file'}: ") for warning in config.warnings]
