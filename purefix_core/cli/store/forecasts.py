"""What the next Logon brings, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from purefix_core.cli.store.lines import BLANK, Line, command
from purefix_core.dictionary.json_text import JsonValue
from purefix_core.store.finding import PUREFIX, StoreLocation
from purefix_core.store.next_logon import RESET_INSTEAD, Direction, Forecast, Resend
from purefix_core.store.quickfix.files import CPP


def forecast_lines(location: StoreLocation, forecast: Forecast) -> Iterator[Line]:
    """The sentences of each direction below each other, each advice with the command that follows it."""
    yield Line("", "Next logon")
    for name, direction in (("out", forecast.outgoing), ("in", forecast.incoming)):
        for place, sentence in enumerate(direction.sentences):
            yield Line(f"  {name if not place else '':<4} ", sentence)
        advised = _command(location, name, direction)
        if advised is not None:
            yield Line(" " * 7, advised, is_command=True)
    yield BLANK
    yield Line("  ", RESET_INSTEAD)


def forecast_to_json(location: StoreLocation, forecast: Forecast) -> dict[str, JsonValue]:
    return {
        "out": _direction_to_json(location, "out", forecast.outgoing),
        "in": _direction_to_json(location, "in", forecast.incoming),
        "resend": None if forecast.resend is None else _resend_to_json(forecast.resend),
        "text": forecast.lines,
    }


def _command(location: StoreLocation, name: str, direction: Direction) -> str | None:
    """What does as is advised; None where nothing is, or the layout is not written."""
    if direction.set_to is None or location.layout not in (PUREFIX, CPP):
        return None
    return command("set", location, f"--next-{name}", str(direction.set_to))


def _direction_to_json(location: StoreLocation, name: str, direction: Direction) -> dict[str, JsonValue]:
    return {
        "last": direction.last,
        "next": direction.next,
        "peer": direction.peer,
        "outcome": direction.outcome,
        "command": _command(location, name, direction),
    }


def _resend_to_json(resend: Resend) -> dict[str, JsonValue]:
    return {
        "from": resend.first,
        "to": resend.last,
        "countedTo": resend.counted_to,
        "business": resend.business,
        "msgTypes": resend.msg_types,
        "gapFilled": resend.gap_filled,
        "sessionMessages": resend.session_messages,
        "notKept": resend.not_kept,
        "damaged": resend.damaged,
        "marked": resend.marked,
    }


def counted_to_json(counted: Resend) -> dict[str, JsonValue]:
    """The messages of a range that an edit is about."""
    return {
        "from": counted.first,
        "to": counted.last,
        "messages": counted.messages,
        "business": counted.business,
        "msgTypes": counted.msg_types,
    }


def counted_text(counted: Resend) -> str:
    """`3 messages, 2 of them business messages (D: 2)`."""
    types = ", ".join(f"{msg_type}: {count:,}" for msg_type, count in counted.msg_types.items())
    were = "message" if counted.messages == 1 else "messages"
    return f"{counted.messages:,} {were}, {counted.business:,} of them business{types and f' ({types})'}"
