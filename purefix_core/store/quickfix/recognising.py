"""Finds the stores of a folder and says which engine wrote each."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from purefix_core.store.quickfix.files import (
    BEGIN,
    BODY,
    CPP,
    DOTNET,
    GO,
    HEADER,
    JAVA,
    SENDER_SEQNUMS,
    SEQNUMS,
    SESSION,
    SUFFIXES,
    TARGET_SEQNUMS,
    QuickFixFiles,
)
from purefix_core.store.quickfix.names import identifiers
from purefix_core.store.quickfix.reading import read_start
from purefix_core.store.records import StoreError

MOST_FILES = 200_000
"""Names that are looked at in one folder."""

_ONE_OF_A_STORE = frozenset({HEADER, SEQNUMS, SENDER_SEQNUMS, TARGET_SEQNUMS})
"""A body or a session alone may be anything."""
_HEADER_START = 4096
_BODY_START = 64 * 1024
_MOST_NAMED = 5

_LINE_END = re.compile(rb"[0-9]\r?\n")
_BLANK_END = re.compile(rb"[0-9] ")


def recognise(folder: str | Path) -> list[QuickFixFiles]:
    """The QuickFIX stores that lie in a folder itself, by name. Raises StoreError where it cannot be read."""
    folder = Path(folder)
    return [files for prefix, suffixes in _prefixes(folder).items() if (files := _recognised(folder, prefix, suffixes))]


def recognise_one(path: str | Path) -> QuickFixFiles:
    """The store that `path` means: what its files' names begin with (`DIR/FIX.4.4-CLI-SRV`), one of its files, or the
    folder of exactly one. Raises StoreError, which names what is there."""
    path = Path(path)
    if path.is_dir():
        found = recognise(path)
        if len(found) != 1:
            raise StoreError(f"{path}: expected one QuickFIX store, {_there(found)}")
        return found[0]
    names = {path.name, *(path.name.removesuffix(suffix) for suffix in SUFFIXES if path.name.endswith(suffix))}
    there = _prefixes(path.parent)
    for prefix in sorted(names, key=len, reverse=True):
        if prefix in there and (files := _recognised(path.parent, prefix, there[prefix])):
            return files
    raise StoreError(f"{path}: is no QuickFIX store; in its folder {_there(recognise(path.parent))}")


def _there(found: list[QuickFixFiles]) -> str:
    if not found:
        return "there is none"
    names = ", ".join(files.prefix for files in found[:_MOST_NAMED])
    return f"there are {len(found)}: {names}{', …' if len(found) > _MOST_NAMED else ''}"


def _prefixes(folder: Path) -> dict[str, frozenset[str]]:
    """Which suffixes stand behind each prefix, in the order of the names."""
    found: dict[str, set[str]] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, MOST_FILES):
                dot = entry.name.rfind(".")
                suffix = entry.name[dot:]
                if entry.name.startswith(BEGIN) and suffix in SUFFIXES:
                    found.setdefault(entry.name[:dot], set()).add(suffix)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {error.strerror}") from error
    return {prefix: frozenset(found[prefix]) for prefix in sorted(found) if found[prefix] & _ONE_OF_A_STORE}


def _recognised(folder: Path, prefix: str, suffixes: frozenset[str]) -> QuickFixFiles | None:
    signs = _Signs(folder / prefix, suffixes)
    engine, guess = signs.engine()
    found = identifiers(prefix, engine, signs.start(BODY, _BODY_START))
    if found is None:
        return None
    why = "; ".join(filter(None, (*signs.unreadable, guess, found.guess)))
    return QuickFixFiles(folder, prefix, engine, *found[:-1], guess=why)


@dataclass(slots=True)
class _Signs:
    """What tells the engines apart: the names of the files of numbers, and how the header separates entries."""

    path: Path
    suffixes: frozenset[str]
    unreadable: list[str] = field(default_factory=list)

    def start(self, suffix: str, size: int) -> bytes:
        """The first bytes of a file. One that cannot be read hides neither its store nor the others of the folder."""
        try:
            return read_start(self.file(suffix), size)
        except StoreError as error:
            self.unreadable.append(str(error))
            return b""

    def file(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def engine(self) -> tuple[str, str]:
        """The engine, and why that is a guess ("" where it is none)."""
        two_files = bool(self.suffixes & {SENDER_SEQNUMS, TARGET_SEQNUMS})
        one_file = SEQNUMS in self.suffixes
        header = self.start(HEADER, _HEADER_START)
        if two_files and one_file:
            return self._newer(header), "files of two engines are mixed; those that changed last were taken"
        if two_files:
            return self._of_two_files(header)
        return self._of_one_file(header)

    def _of_two_files(self, header: bytes) -> tuple[str, str]:
        for suffix in (SENDER_SEQNUMS, TARGET_SEQNUMS):
            start = self.start(suffix, 2)
            if start:
                return (JAVA if start[0] == 0 else GO), ""
        if header:
            return (JAVA if header[0] == 0 else GO), ""
        session = self.start(SESSION, 2)
        if session:
            return (JAVA if session[0] == 0 else GO), ""
        return JAVA, "which engine wrote the empty files is a guess"

    def _of_one_file(self, header: bytes) -> tuple[str, str]:
        lines, blanks = len(_LINE_END.findall(header)), len(_BLANK_END.findall(header))
        if lines or blanks:
            return (DOTNET if lines > blanks else CPP), ""
        if header[:1] == b"\0" and SEQNUMS not in self.suffixes:
            return JAVA, "the files of the numbers are missing"
        session, numbers = self.start(SESSION, 64), self.start(SEQNUMS, 64)
        if b"." in session or numbers.endswith(b"  "):
            return DOTNET, ""
        return CPP, "" if session or numbers else "which engine wrote the empty files is a guess"

    def _newer(self, header: bytes) -> str:
        changed = {
            suffix: _changed(self.file(suffix))
            for suffix in (SEQNUMS, SENDER_SEQNUMS, TARGET_SEQNUMS)
            if suffix in self.suffixes
        }
        newest = max(changed, key=changed.__getitem__)
        return (self._of_one_file(header) if newest == SEQNUMS else self._of_two_files(header))[0]


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # gone since
        return 0
