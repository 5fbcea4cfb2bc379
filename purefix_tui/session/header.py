"""The three lines that are always there: the state, the peer, the numbers, what passed last, what is due.

Everything stands in its place, whatever it says: places depend on the width alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from purefix_core.session.settings import SessionId
from purefix_core.session.states import State
from purefix_core.session.status import Passed, SessionStatus
from purefix_core.wire.timestamps import NANOS, utc_timestamp_text
from purefix_tui.session.words import Saying, Tone, pending, seconds_until, state_word
from purefix_tui.widgets.line_table import left, right
from purefix_tui.widgets.plain import visible

_STATE = 18
"""Cells of the state, with its dot and a blank around it."""
_NUMBER = 9
"""Cells of a number: 2,000,000; longer ones take those of what stands behind them."""
_HEARTBEAT = 19
_RESEND = 28
_MOST_PASSED = 44
"""What passed last, with its time beside it, not far away."""
_PRODUCTION = " PRODUCTION "
_CLOCK = 8
_GAP = "  "

_DAY = 86_400 * NANOS

Piece = tuple[str, str]

_COLOURS = {
    Tone.GOOD: "bold $background on $success",
    Tone.WAIT: "bold $background on $warning",
    Tone.BAD: "bold $background on $error",
    Tone.CALM: "bold $foreground on $rule",
}
_TEXT_COLOURS = {Tone.GOOD: "$success", Tone.WAIT: "$warning", Tone.BAD: "bold $error", Tone.CALM: "$foreground"}

_THEN_COLOURS = _TEXT_COLOURS | {Tone.CALM: "$muted"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the header shows."""

    session_id: SessionId
    status: SessionStatus
    now: int
    names: Mapping[str, str]
    """Of MsgTypes that passed last."""
    has_failed: bool = False


class SessionHeader(Static):
    """State, peer, numbers, heartbeat, store."""

    DEFAULT_CSS = """
    SessionHeader { height: 3; padding: 0 1; background: $panel; text-wrap: nowrap; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._facts: Facts | None = None
        self._shown: Content | None = None

    def show(self, facts: Facts) -> None:
        """Show them, if something is other than before."""
        self._facts = facts
        width = self.content_size.width
        if not width:
            return
        content = Content("\n").join(Content.assemble(*line) for line in header_lines(facts, width))
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            self.update(content, layout=False)

    def on_resize(self) -> None:
        if self._facts is not None:
            self.show(self._facts)


class Notice(Static):
    """What is the matter, and what to do: lines that are always there. Where they are too few for a trouble and what
    to try, there are more for as long as it lasts: nothing of that may be cut off."""

    DEFAULT_CSS = """
    Notice { height: auto; min-height: 3; max-height: 6; padding: 0 1; background: $panel; }
    .-wide Notice { min-height: 2; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._shown: Saying | None = None

    def show(self, saying: Saying) -> None:
        if saying != self._shown:
            self._shown = saying
            mark = {Tone.BAD: "✗ ", Tone.WAIT: "… "}.get(saying.tone, "")
            first = mark + saying.text, _TEXT_COLOURS[saying.tone]
            second = "\n" + saying.then, _THEN_COLOURS[saying.then_tone]
            self.update(Content.assemble(first, second))


def header_lines(facts: Facts, width: int) -> list[list[Piece]]:
    """The three lines, each of at most `width` cells."""
    return [_who(facts, width), _numbers(facts, width), _due(facts, width)]


def _who(facts: Facts, width: int) -> list[Piece]:
    status = facts.status
    word, tone = state_word(status, facts.has_failed)
    production = _PRODUCTION if status.production else ""
    room = width - _STATE - len(_GAP) - len(production) - (len(_GAP) if production else 0)
    session = facts.session_id
    names = visible(f"{session.sender_comp_id} → {session.target_comp_id}")
    peer = visible(status.peer) or (f"port {status.listening}" if status.listening is not None else "not listening")
    peer += " TLS" if status.uses_tls else ""
    dialect = f"{session.begin_string} {visible(status.dialect)}" if width >= 110 else ""
    names_cells = (room - len(_GAP)) * (2 if dialect else 11) // (5 if dialect else 20)
    peer_cells = (room - len(_GAP) - names_cells) * (3 if dialect else 5) // 5
    pieces = [
        (left(f" ● {word}", _STATE), _COLOURS[tone]),
        (_GAP + left(names, names_cells) + _GAP, "bold"),
        (left(peer, peer_cells), ""),
        (left(_GAP + dialect if dialect else "", room - len(_GAP) - names_cells - peer_cells), "$muted"),
    ]
    if production:
        pieces += [(_GAP, ""), (production, "bold $background on $error")]
    return pieces


def _numbers(facts: Facts, width: int) -> list[Piece]:
    status = facts.status
    pieces: list[Piece] = [("next", "$muted")]
    for word, number in ((" out ", status.next_out), (_GAP + "in ", status.next_in)):
        pieces.append((word, "$muted"))
        pieces.append((right("?" if number is None else f"{number:,}", _NUMBER), "bold"))
    used = sum(cell_len(text) for text, _ in pieces)
    room = min((width - used - 2 * len(_GAP)) // 2, _MOST_PASSED)
    for arrow, style, passed in (("→", "$way-out", status.last_sent), ("←", "$way-in", status.last_received)):
        pieces += [(_GAP, ""), *_passed(arrow, style, passed, facts, room)]
    return pieces


def _passed(arrow: str, style: str, passed: Passed | None, facts: Facts, room: int) -> list[Piece]:
    """`→ Heartbeat 09:30:45`: what passed last, and when (UTC)."""
    if passed is None:
        return [(f"{arrow} ", style), (left("nothing yet", room - 2), "$muted")]
    name = visible(facts.names.get(passed.msg_type) or passed.msg_type)
    if passed.seq_num and room >= 34:
        name = f"{name} {passed.seq_num:,}"
    return [(f"{arrow} ", style), (left(name, room - 3 - _CLOCK), ""), (f" {_clock(passed.time, facts.now)}", "$muted")]


def _clock(moment: int, now: int) -> str:
    """The time of day; of another day, the day."""
    text = utc_timestamp_text(moment // NANOS * NANOS, 0)  # 20260131-16:30:45
    if moment // _DAY == now // _DAY:
        return text[9:17]
    return f"{text[4:6]}-{text[6:8]}   "


def _due(facts: Facts, width: int) -> list[Piece]:
    status = facts.status
    beat, style = _heartbeat(status, facts.now)
    resends = pending(status)
    store = "numbers in memory" if status.store_path is None else visible(str(status.store_path))
    resend_cells = max(_RESEND, (width - _HEARTBEAT) * 3 // 10)
    store_cells = width - _HEARTBEAT - resend_cells - len(_GAP) - len("store ")
    return [
        (left(beat, _HEARTBEAT), style),
        ("resend ", "$muted"),
        (left(resends, resend_cells - len("resend ")), "$muted" if resends == "none" else "bold $warning"),
        (_GAP + "store ", "$muted"),
        (_end_of(store, store_cells), "$warning" if status.store_path is None else ""),
    ]


def _heartbeat(status: SessionStatus, now: int) -> Piece:
    if status.state is not State.ACTIVE:
        return "no heartbeat", "$muted"
    if status.holds_heartbeats:
        return "heartbeats HELD", "bold $warning"
    if not status.heart_bt_int:
        return "no heartbeats", "$muted"
    seconds = seconds_until(status.heartbeat_due, now)
    return ("heartbeat waits", "$warning") if seconds is None else (f"heartbeat in {seconds:,} s", "")


def _end_of(text: str, width: int) -> str:
    """A path is told from others by its end."""
    if cell_len(text) <= width:
        return set_cell_size(text, max(0, width))
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return set_cell_size("…" + text, max(0, width))
