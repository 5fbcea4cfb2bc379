"""Where the logs of a session that is driven from the screen lie: somewhere, always."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from purefix_core.session.config import FixConfig
from purefix_core.session.engine.message_log import message_log_path

_ODD = re.compile(r"[^\w.@=,+-]")
_LONGEST_STEM = 40
"""Characters, of four bytes at most."""


def with_log(config: FixConfig, folder: Path) -> tuple[FixConfig, Sequence[str]]:
    """The configuration with a FileLogPath that can be written to, and what to say about it: its own, else one in
    `folder`, else a new folder for temporary files. The message log is there then, be it empty.

    Where not even that can be written to the configuration is as it was: a session is not kept from running.
    """
    said: list[str] = []
    if config.settings.log_path is not None:
        problem = _problem(config)
        if not problem:
            return config, said
        said.append(f"{config.settings.log_path}: logs cannot be written there: {problem}")
    folder = _own_folder(config, folder)
    inside = _with(config, folder)
    problem = _problem(inside)
    if problem:
        said.append(f"{folder}: logs cannot be written there: {problem}")
        try:
            inside = _with(config, Path(tempfile.mkdtemp(prefix="purefix-")))
        except OSError as error:
            said.append(f"no log is kept: {error.strerror or error}")
            return config, said
    if said:
        said.append(f"logs are written to {inside.settings.log_path}")
    return inside, said


def _own_folder(config: FixConfig, folder: Path) -> Path:
    """A folder for each session file: two files may have the same CompIDs, one for a test system and one for
    production, and what was sent to the one must not stand among what was sent to the other."""
    if config.path is None:
        return folder
    stem = _ODD.sub("_", config.path.stem)[:_LONGEST_STEM]
    return folder / f"{stem}-{sha256(os.fsencode(config.path.resolve())).hexdigest()[:8]}"


def _with(config: FixConfig, folder: Path) -> FixConfig:
    return replace(config, settings=replace(config.settings, log_path=folder))


def _problem(config: FixConfig) -> str:
    """Why the message log cannot be written; it is made where it is not there yet."""
    path = message_log_path(config)
    if path is None:
        return "no folder is named"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666))
    except OSError as error:
        return error.strerror or str(error)
    return ""
