"""Where a store stands and what the next Logon brings, as text and as JSON."""

from __future__ import annotations

from purefix_core.dictionary.json_text import JsonValue
from purefix_core.store.finding import StoreLocation
from purefix_core.store.located import LAYOUT_TITLES, LocatedStore, begin_string
from purefix_core.store.next_logon import RESET_INSTEAD, Direction, Forecast
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


def store_lines(location: StoreLocation, store: LocatedStore) -> list[str]:
    """Where a store stands."""
    state = store.get_state()
    sent, received = state.last_sent_seq_num, state.last_received_seq_num
    lines = [
        f"{session_text(location, store)}   {LAYOUT_TITLES[location.layout]}   {location.path}",
        f"  out        last {sent}, next {sent + 1}",
        f"  in         last {received}, next {received + 1}",
        f"  messages   {state.messages:,} kept",
    ]
    times = {
        "received": state.last_received_time,
        "created": store.session.created_time,
        "modified": store.session.last_modified_time,
    }
    return lines + [f"  {what:<8}   {second(time)}" for what, time in times.items() if time is not None]


def store_to_json(location: StoreLocation, store: LocatedStore) -> dict[str, JsonValue]:
    state = store.get_state()
    return {
        "path": str(location.path),
        "layout": location.layout,
        "beginString": begin_string(location, store) or None,
        "senderCompId": store.session.sender_comp_id,
        "targetCompId": store.session.target_comp_id,
        **numbers_to_json(state.last_sent_seq_num, state.last_received_seq_num),
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


def forecast_lines(forecast: Forecast) -> list[str]:
    """A sentence a line, those of each direction below each other."""
    lines = ["Next logon"]
    for name, direction in (("out", forecast.outgoing), ("in", forecast.incoming)):
        lines += [f"  {name if not place else '':<4} {each}" for place, each in enumerate(direction.sentences)]
    return [*lines, f"       {RESET_INSTEAD}"]


def forecast_to_json(forecast: Forecast) -> dict[str, JsonValue]:
    resend = forecast.resend
    return {
        "out": _direction_to_json(forecast.outgoing),
        "in": _direction_to_json(forecast.incoming),
        "resend": None
        if resend is None
        else {
            "from": resend.first,
            "to": resend.last,
            "countedTo": resend.counted_to,
            "business": resend.business,
            "msgTypes": resend.msg_types,
            "gapFilled": resend.gap_filled,
            "sessionMessages": resend.session_messages,
            "notKeptOrDamaged": resend.unusable,
            "marked": resend.marked,
        },
        "text": forecast.lines,
    }


def _direction_to_json(direction: Direction) -> dict[str, JsonValue]:
    return {"last": direction.last, "next": direction.next, "peer": direction.peer, "outcome": direction.outcome}
