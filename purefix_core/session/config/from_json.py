"""Session files in JSON, as the document has them: one session, or a list of them under `Sessions`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from purefix_core.registry.json_file import parse_json_object, shown
from purefix_core.session.config.error import FixConfigError
from purefix_core.session.config.section import Entry, Section
from purefix_core.wire.message import printable

SESSIONS = "Sessions"
APPLICATION = "Application"

_TEXT_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*')
"""What is in quotes comes first, so that `//` in it is no comment. A text without its end ends with its line, so that
no text is looked at twice."""


def json_sections(path: Path, content: bytes, most: int) -> Iterable[Section]:
    """The sessions of a file, each with what the top level says. Raises FixConfigError for what is no JSON object, or
    has an `Application` or `Sessions` of another type, or more than `most` sessions."""
    document, problem = parse_json_object(without_comments(content), twice=False)
    if document is None:
        raise FixConfigError(f"{path}: {problem}")
    problems: list[str] = []
    top = Section(path, "the session", f"{path}: ")
    listed: object = None
    for key, value in _each_once(document, f"{path}: ", problems):
        if key.casefold() == SESSIONS.casefold():
            listed = value
        else:
            _take(top, key, value, problems)
    sections = [] if listed is None else _listed(top, listed, most, problems)
    if problems:
        raise FixConfigError(*problems)
    return [top] if listed is None else (own.over(top) for own in sections)


def without_comments(content: bytes) -> bytes:
    """Blanks for comments, so that places in the file stay what they are; and no byte order mark at either end."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content  # whoever parses it says where it is wrong
    text = _TEXT_OR_COMMENT.sub(lambda found: found[0] if found[0][0] == '"' else " " * len(found[0]), text)
    return text.rstrip("\ufeff \t\r\n").encode()


def _listed(top: Section, listed: object, most: int, problems: list[str]) -> list[Section]:
    if not isinstance(listed, list) or not listed:
        problems.append(f"{top.path}: {SESSIONS}: expected a list of sessions, found {shown(listed)}")
        return []
    if len(listed) > most:
        problems.append(f"{top.path}: {SESSIONS}: expected {most:,} sessions at most, found {len(listed):,}")
        return []
    sections: list[Section] = []
    for number, content in enumerate(listed):
        name = f"{SESSIONS}[{number}]"
        if not isinstance(content, dict):
            problems.append(f"{top.path}: {name}: expected an object, found {shown(content)}")
            continue
        own = Section(top.path, name, f"{top.path}: {name}.")
        for key, value in _each_once(content, own.prefix, problems):
            _take(own, key, value, problems)
        sections.append(own)
    return sections


def _take(section: Section, key: str, value: object, problems: list[str]) -> None:
    """Take in one key, or those of the object that `Application` is."""
    if key.casefold() != APPLICATION.casefold():
        section.add(Entry(f"{section.prefix}{_shown_key(key)}", key, value))
    elif isinstance(value, dict):
        for inner, each in _each_once(value, f"{section.prefix}{APPLICATION}.", problems):
            name = f"{APPLICATION}.{inner}"
            section.add(Entry(f"{section.prefix}{_shown_key(name)}", name, each))
    elif value is not None:
        problems.append(f"{section.prefix}{APPLICATION}: expected an object, found {shown(value)}")


def _each_once(content: Mapping[str, object], prefix: str, problems: list[str]) -> Iterator[tuple[str, object]]:
    """What an object has; upper and lower case make no difference in its keys."""
    seen: set[str] = set()
    for key, value in content.items():
        if key.casefold() in seen:
            problems.append(f"{prefix}{_shown_key(key)}: expected once, found twice in different cases")
        else:
            seen.add(key.casefold())
            yield key, value


def _shown_key(key: str) -> str:
    return printable(key[:64])
