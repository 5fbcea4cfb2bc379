"""Session files of QuickFIX: [DEFAULT] and [SESSION] sections of key=value.

They are read as QuickFIX C++ reads them: blanks around keys and values do not count, of a key that stands twice the
last one counts, of several [DEFAULT] the first, what stands before any section does not, and a value may hold `=` and
`#`. Beyond that `;` begins a comment as `#` does, and lines may be of any length.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from purefix_core.session.config.error import FixConfigError
from purefix_core.session.config.section import Entry, Section
from purefix_core.wire.message import printable

_DEFAULT, _SESSION = "default", "session"


def cfg_sections(path: Path, content: bytes, most: int) -> Iterable[Section]:
    """The sessions of a file, each with what [DEFAULT] says. Raises FixConfigError for a file that has no [SESSION], or
    more than `most` of them."""
    default: Section | None = None
    sessions: list[Section] = []
    current: Section | None = None
    # Comments may be in any encoding; a value that is used must be printable, and what is no UTF-8 is not.
    text = content.decode("utf-8-sig", errors="surrogateescape")
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped[:1] in ("", "#", ";"):
            continue
        if stripped[0] == "[" and stripped[-1] == "]":
            kind = stripped[1:-1].strip().casefold()
            current = None
            if kind == _SESSION:
                name = f"[SESSION] {len(sessions) + 1}"
                current = Section(path, name, f"{path}: line {number}, {name}: ")
                sessions.append(current)
            elif kind == _DEFAULT:
                current = Section(path, "[DEFAULT]", f"{path}: ")
                if default is None:
                    default = current
                else:
                    default.warn(f"{path}: line {number}, [DEFAULT]: passed over, since only the first one counts")
            continue
        key, equals, value = stripped.partition("=")
        key = key.strip()
        if current is not None and equals and key:
            place = f"{path}: line {number}, {current.name}: {printable(key[:64])}"
            current.add(Entry(place, key, value.strip()))
    if not sessions:
        raise FixConfigError(f"{path}: expected a [SESSION] section, or a JSON object, found neither")
    if len(sessions) > most:
        raise FixConfigError(f"{path}: expected {most:,} [SESSION] sections at most, found {len(sessions):,}")
    defaults = default or Section(path, "[DEFAULT]", "")
    return (each.over(defaults) for each in sessions)
