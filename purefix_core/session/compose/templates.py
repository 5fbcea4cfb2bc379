"""Named templates: drafts that are kept as JSON files in a folder, one file each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote, unquote

from purefix_core.dictionary.json_text import json_text
from purefix_core.registry.json_file import read_json_object
from purefix_core.session.compose.draft import Draft, DraftGroup, DraftItem
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.wire.message import printable
from purefix_core.wire.secrets import is_secret

_SUFFIX = ".json"
_LONGEST_NAME = 60
"""Characters."""
_LONGEST_FILE_NAME = 240
"""Bytes; file systems take 255."""
_MOST = 1000
"""Files that are looked at in one folder."""


@dataclass(frozen=True, slots=True)
class Template:
    """A draft with a name. `dialect`: the registration that it was written for; empty for any."""

    name: str
    draft: Draft
    dialect: str = ""


def load_all(folder: Path, say: Callable[[str], None] = lambda _: None) -> list[Template]:
    """The templates of a folder by name; none where there is no such folder. Each file that is no template is told to
    `say` in one line."""
    try:
        with os.scandir(folder) as files:
            names = sorted(each.name for each in files if each.name.endswith(_SUFFIX))
    except FileNotFoundError:
        return []
    except OSError as error:
        say(printable(f"{folder}: cannot be read: {error.strerror}"))
        return []
    if len(names) > _MOST:
        say(printable(f"{folder}: only the first {_MOST:,} of {len(names):,} templates are shown"))
    found = []
    for name in names[:_MOST]:
        path = folder / name
        try:
            found.append(_load(path))
        except ComposeError as error:
            say(printable(f"{path}: {error}"))
    return sorted(found, key=lambda each: each.name.casefold())


def save(folder: Path, template: Template) -> Path:
    """Write the template, in place of one of the same name; readers find either the old one or the new one. One with a
    password can be read by its owner only. Raises ComposeError for a name that cannot be, OSError."""
    path = folder / file_name(template.name)
    text = json_text({"dialect": template.dialect, "message": template.draft.to_json()})
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{token_hex(8)}.new"
    mode = 0o600 if _has_secret(template.draft) else 0o666  # less what the process gives to nobody (umask)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode() + b"\n")
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return path


def delete(folder: Path, name: str) -> None:
    """Take the template of that name away, if there is one. Raises ComposeError for a name that cannot be, OSError."""
    (folder / file_name(name)).unlink(missing_ok=True)


def file_name(name: str) -> str:
    """The name of a template's file: what is no letter, digit, blank, `_` or `-` is written as `%XX`. Raises
    ComposeError for an empty name and for one that is too long or cannot be shown."""
    if not name.strip() or name != name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise ComposeError(
            f"name of a template: expected 1 to {_LONGEST_NAME} characters that can be shown, without blanks around"
            f" them, found '{printable(name[:_LONGEST_NAME])}'"
        )
    found = quote(name, safe=" ").replace(".", "%2E").replace("~", "%7E") + _SUFFIX
    if len(found) > _LONGEST_FILE_NAME:
        raise ComposeError(f"name of a template: '{name}' is too long for the name of a file")
    return found


def _load(path: Path) -> Template:
    document = read_json_object(path)
    if document.document is None:
        raise ComposeError(document.problem)
    name = unquote(path.name.removesuffix(_SUFFIX), errors="replace")
    if file_name(name) != path.name:
        raise ComposeError("the name of the file is none that a template has; save it under another one")
    dialect = document.document.get("dialect", "")
    if not isinstance(dialect, str):
        raise ComposeError("dialect: expected text")
    try:
        return Template(name, Draft.of_json(document.document.get("message")), dialect)
    except ComposeError as error:
        raise ComposeError(f"message: {error}") from None


def _has_secret(draft: Draft) -> bool:
    return any(is_secret(tag, draft.msg_type) for tag in _tags(draft.header + draft.body + draft.trailer))


def _tags(items: Iterable[DraftItem]) -> Iterable[int]:
    for item in items:
        yield item.tag
        if isinstance(item, DraftGroup):
            for entry in item.entries:
                yield from _tags(entry)
