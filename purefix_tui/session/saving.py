"""A JSON session file as the form edits it: what it says, what is changed in it, and how it is saved.

All that the form does not know stays as it was, in its place; only comments cannot be kept.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.json_file import parse_json_object
from purefix_core.session.config import FixConfigError, load_configs
from purefix_core.session.config.files import is_json, read_content
from purefix_core.session.config.from_json import APPLICATION, SESSIONS, without_comments
from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import setting_named
from purefix_core.store.backups import BACKUP, dated
from purefix_core.store.disk import Disk

_PRIVATE = 0o600
_PROBLEM = re.compile(r"(?:Sessions\[([0-9]+)\]\.)?([A-Za-z0-9.]+): (.*)", re.DOTALL)


class SaveError(Exception):
    """A file is not saved, and why: one sentence for the user."""


@dataclass(frozen=True)
class SessionFile:
    """A file as it was read, and which of its sessions is edited."""

    path: Path
    content: bytes | None = field(default=None, repr=False)
    """None for a file that is not there yet."""
    document: dict[str, Any] = field(default_factory=dict, repr=False)
    place: int | None = None
    """Which of `Sessions`; None where the file is one session."""
    has_comments: bool = False

    @property
    def session(self) -> dict[str, Any]:
        """What the session says itself."""
        return _session(self.document, self.place)


@dataclass(frozen=True)
class Given:
    """The value of a setting in a file."""

    value: object = field(repr=False)
    is_own: bool
    """False: the top level of the file says it, for all its sessions."""


class Problem(NamedTuple):
    """What FixConfig says of a file."""

    key: str
    """The setting of the edited session that is wrong, by the table's name; "" for all else."""
    text: str


def read_session_file(path: Path, place: int = 0) -> SessionFile:
    """The JSON session file at `path`, to edit the session at `place` of its `Sessions`. Its settings may be wrong.

    Raises FixConfigError for a file that cannot be read, is no JSON, or has no session there.
    """
    content = read_content(path)
    if not is_json(content):
        raise FixConfigError(f"{path}: is no JSON; the form edits JSON only, QuickFIX's .cfg files are for an editor")
    plain = without_comments(content)
    document, problem = parse_json_object(plain, twice=False)
    if document is None:
        raise FixConfigError(f"{path}: {problem}")
    listed = next((value for key, value in document.items() if _is_sessions(key)), None)
    if listed is not None and not (isinstance(listed, list) and all(isinstance(each, dict) for each in listed)):
        raise FixConfigError(f"{path}: {SESSIONS}: expected a list of sessions")
    if listed is not None and not 0 <= place < len(listed):
        raise FixConfigError(f"{path}: {SESSIONS}: expected more than {place:,} sessions, found {len(listed):,}")
    has_comments = b"".join(content.removeprefix(b"\xef\xbb\xbf").split()) != b"".join(plain.split())
    return SessionFile(path, content, dict(document), None if listed is None else place, has_comments)


def given(file: SessionFile) -> dict[str, Given]:
    """What the edited session says, by the table's name of the setting and what follows it (SocketConnectHost1)."""
    found: dict[str, Given] = {}
    if file.place is not None:
        found = {slot.name: Given(slot.value, is_own=False) for slot in _slots(file.document)}
    found |= {slot.name: Given(slot.value, is_own=True) for slot in _slots(file.session)}
    return {name: each for name, each in found.items() if each.value is not None}


def others(file: SessionFile, shown: Set[str]) -> list[str]:
    """The keys of the session, and of the top level, that are not among those `shown`."""
    found = [key for holder in (file.document, file.session) for key in _written_keys(holder)]
    return list(dict.fromkeys(key for key in found if _name(key) not in shown))


def changed(file: SessionFile, changes: Mapping[str, object]) -> dict[str, Any]:
    """The document with other values for settings of the session, by the table's names; None takes one out.

    A setting keeps the name that the file has for it, and what the top level says for all sessions stays there.
    """
    document = deepcopy(file.document)
    session = _session(document, file.place)
    common = set() if file.place is None else {slot.name for slot in _slots(document)}
    for name, value in changes.items():
        slots = [slot for slot in _slots(session) if slot.name == name]
        if value is not None and slots:
            last = slots[-1]  # of two names for one setting the last one counts
            last.holder[last.key] = value
            continue
        for slot in slots:
            del slot.holder[slot.key]
        if value is not None or name in common:
            _add(session, name, value)  # null hides what the top level says
    return document


def check(
    file: SessionFile, document: dict[str, Any], registry: Dialects | None
) -> tuple[list[Problem], list[Problem]]:
    """All that would be wrong with the file if it held the document; and where nothing is, what somebody should know
    about the edited session."""
    try:
        configs = load_configs(file.path, registry, content=_as_content(document))
    except FixConfigError as error:
        return [_problem(file, line) for line in error.problems], []
    except SaveError as error:
        return [Problem("", str(error))], []
    return [], [_problem(file, line) for line in configs[file.place or 0].warnings]


@dataclass(frozen=True)
class Saved:
    """A file that was saved."""

    path: Path
    backup: Path | None
    """The dated copy of what was there before; None for a new file."""
    is_private: bool
    """Whether it has a password or the like, so that only the owner may read it, and the copy."""


def save(file: SessionFile, document: dict[str, Any]) -> Saved:
    """Let the file hold the document. It is replaced at once, so that nobody reads a half of it.

    Raises SaveError where the file is another than the one that was read, and where it cannot be written.
    """
    content = _as_content(document)
    private = _holds_secrets(document) or _holds_secrets(file.document)
    try:
        if file.content is None:
            _write_new(file.path, content, private)
            return Saved(file.path, None, private)
        return Saved(file.path, _replace(file, content, private), private)
    except OSError as error:
        raise SaveError(f"{file.path} cannot be written: {error.strerror or error}.") from None
    except FixConfigError as error:
        raise SaveError(f"{error}.") from None


def _write_new(path: Path, content: bytes, private: bool) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE if private else 0o666))
    except FileExistsError:
        raise SaveError(f"{path} exists. Open that file to edit it, or choose another name.") from None
    try:
        Disk().replace(path, content, durable=True)  # with the rights of the empty file
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _replace(file: SessionFile, content: bytes, private: bool) -> Path:
    """Gives the dated copy of what was there before."""
    path = file.path.resolve()  # what a link leads to is replaced, not the link
    if read_content(path) != file.content:
        raise SaveError(f"{file.path} was changed by somebody else. Nothing is saved; open it anew.")
    if private:
        # Before the copy is made, which has the rights of the file.
        path.chmod(stat.S_IMODE(path.stat().st_mode) & _PRIVATE)
    backup = dated(path, BACKUP)
    Disk().copy(path, backup)
    Disk().replace(path, content, durable=True)
    return backup


def _as_content(document: dict[str, Any]) -> bytes:
    """The document as a file has it. Raises SaveError for one that is nested too deeply."""
    try:
        text = json.dumps(document, indent=2, ensure_ascii=False)
        return f"{text}\n".encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can say and UTF-8 cannot
        return f"{json.dumps(document, indent=2)}\n".encode()
    except RecursionError:
        raise SaveError("It is nested too deeply to be written.") from None


def _holds_secrets(document: dict[str, Any]) -> bool:
    """Whether any session has a password or the like."""
    listed = next((value for key, value in document.items() if _is_sessions(key)), None)
    sessions = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return any(slot.setting.kind.is_secret and slot.value for each in (document, *sessions) for slot in _slots(each))


# -- where a setting stands ------------------------------------------------------------------------------------------


class _Slot(NamedTuple):
    holder: dict[str, Any]
    key: str
    setting: Setting
    name: str

    @property
    def value(self) -> object:
        return self.holder[self.key]


def _session(document: dict[str, Any], place: int | None) -> dict[str, Any]:
    if place is None:
        return document
    listed = next(value for key, value in document.items() if _is_sessions(key))
    found: dict[str, Any] = listed[place]
    return found


def _slots(session: dict[str, Any]) -> Iterator[_Slot]:
    """Where the settings of a session stand, the ones in `Application` too."""
    for holder, prefix in _holders(session):
        for key in holder:
            found = setting_named(f"{prefix}{key}")
            if found is not None:
                yield _Slot(holder, key, found[0], f"{found[0].key}{found[1]}")


def _holders(session: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    yield session, ""
    for key, value in session.items():
        if key.casefold() == APPLICATION.casefold() and isinstance(value, dict):
            yield value, f"{APPLICATION}."


def _written_keys(session: dict[str, Any]) -> Iterator[str]:
    for holder, prefix in _holders(session):
        for key, value in holder.items():
            is_object = key.casefold() == APPLICATION.casefold() and isinstance(value, dict)
            if prefix or not (is_object or _is_sessions(key)):
                yield f"{prefix}{key}"


def _name(key: str) -> str:
    found = setting_named(key)
    return "" if found is None else f"{found[0].key}{found[1]}"


def _is_sessions(key: str) -> bool:
    return key.casefold() == SESSIONS.casefold()


def _add(session: dict[str, Any], name: str, value: object) -> None:
    section, _, key = name.rpartition(".") if name.startswith(f"{APPLICATION}.") else ("", "", name)
    if not section:
        session[key] = value
        return
    own = next((key for key in session if key.casefold() == APPLICATION.casefold()), APPLICATION)
    if not isinstance(session.get(own), dict):
        session[own] = {}
    session[own][key] = value


def _problem(file: SessionFile, line: str) -> Problem:
    text = line.removeprefix(f"{file.path}: ")
    match = _PROBLEM.fullmatch(text)
    if match is None or (match[1] is not None and int(match[1]) != file.place):
        return Problem("", text)
    name = _name(match[2])
    return Problem(name, match[3]) if name else Problem("", text)
