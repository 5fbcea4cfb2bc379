"""Where a store stands, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from purefix_core.cli.store.lines import Line, within
from purefix_core.dictionary.json_text import JsonValue
from purefix_core.store.finding import StoreLocation
from purefix_core.store.located import LAYOUT_TITLES, LocatedStore, begin_string, unreadable_numbers
from purefix_core.wire.timestamps import NANOS, is_nanos, to_iso


def iso(nanos: int | None) -> str | None:
    """ISO 8601 with a Z; None for no time, and for one that a damaged file made up."""
    return to_iso(nanos) if nanos is not None and is_nanos(nanos) else None


def second(nanos: int | None) -> str:
    """The same cut to seconds, for people; `-` for none."""
    return iso(None if nanos is None else nanos // NANOS * NANOS) or "-"


def session_text(location: StoreLocation, store: LocatedStore) -> str:
    """`FIX.4.4 CLIENT → BROKER`; without the version where nothing tells it."""
    return f"{begin_string(location, store)} {store.session.sender_comp_id} → {store.session.target_comp_id}".lstrip()


def number_lines(location: StoreLocation, store: LocatedStore, holder: str | None) -> Iterator[Line]:
    """Whose store it is, its numbers, and what is odd."""
    state = store.get_state()
    yield Line("", f"{session_text(location, store)}   {LAYOUT_TITLES[location.layout]}   {location.path}")
    lasts = ("out", state.last_sent_seq_num), ("in", state.last_received_seq_num)
    for (name, last), odd in zip(lasts, unreadable_numbers(store), strict=True):
        yield Line(f"  {name:<4} ", f"next {last + 1} ({odd})" if odd else f"last {last}, next {last + 1}")
    if holder is not None:
        yield Line("  ", f"in use by {holder}")
    for notice in store.notices:
        yield Line("  ! ", within(location, notice))


def content_lines(store: LocatedStore) -> Iterator[Line]:
    """What is kept, and the times."""
    state = store.get_state()
    yield Line("  messages               ", f"{state.messages:,} kept")
    times = {
        "last message received": state.last_received_time,
        "created": store.session.created_time,
        "modified": store.session.last_modified_time,
    }
    for what, time in times.items():
        if time is not None:
            yield Line(f"  {what:<21}  ", second(time))


def store_to_json(location: StoreLocation, store: LocatedStore) -> dict[str, JsonValue]:
    state = store.get_state()
    return {
        "path": str(location.path),
        "layout": location.layout,
        "beginString": begin_string(location, store) or None,
        "senderCompId": store.session.sender_comp_id,
        "targetCompId": store.session.target_comp_id,
        **numbers_to_json(state.last_sent_seq_num, state.last_received_seq_num),
        "unreadable": [name for name, odd in zip(("out", "in"), unreadable_numbers(store), strict=True) if odd],
        "lastReceivedTime": iso(state.last_received_time),
        "createdTime": iso(store.session.created_time),
        "lastModifiedTime": iso(store.session.last_modified_time),
        "messages": state.messages,
        "notices": list(store.notices),
    }


def numbers_to_json(last_sent: int, last_received: int) -> dict[str, JsonValue]:
    """Last and next of both directions."""
    return {
        "lastSent": last_sent,
        "nextOut": last_sent + 1,
        "lastReceived": last_received,
        "nextIn": last_received + 1,
    }
