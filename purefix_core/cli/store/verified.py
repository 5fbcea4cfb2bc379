"""What reading a whole store found, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from purefix_core.cli.store.lines import Line, within
from purefix_core.dictionary.json_text import JsonValue
from purefix_core.store.finding import StoreLocation
from purefix_core.store.verify import Verified

_WHOLE = "nothing is wrong"


def verified_lines(location: StoreLocation, verified: Verified) -> Iterator[Line]:
    """Problems, then notes, each with the path of the store."""
    start = f"{location.path}: "
    for problem in verified.problems or [_WHOLE]:
        yield Line(start, within(location, problem))
    for note in verified.notes:
        yield Line(start, f"note: {within(location, note)}")


def remaining_lines(location: StoreLocation, verified: Verified) -> Iterator[Line]:
    """What an edit left, below the lines that say what it did."""
    if verified.problems or verified.notes:
        yield Line("", "remains")
    for problem in verified.problems:
        yield Line("  ! ", within(location, problem))
    for note in verified.notes:
        yield Line("  ", f"note: {within(location, note)}")


def verified_to_json(verified: Verified) -> dict[str, JsonValue]:
    return {"problems": list(verified.problems), "notes": list(verified.notes)}
