"""What a person may do to a session: what each action asks for, and the deed that comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from purefix_core.analysis.refusals import Refusal
from purefix_core.session import by_hand
from purefix_core.session.by_hand import Deed
from purefix_core.session.engine import FixEngine
from purefix_core.session.machine import FixSession
from purefix_core.session.outgoing import FlatMessage
from purefix_core.session.period import next_numbers
from purefix_core.session.settings import SessionSettings
from purefix_core.session.status import SessionStatus
from purefix_core.wire.message import printable
from purefix_core.wire.timestamps import NANOS, utc_timestamp_text

Values = Mapping[str, str]
"""What was typed, by the name of the parameter; `yes` or nothing for a flag."""


class Kind(Enum):
    """How a parameter is asked for."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"


@dataclass(frozen=True)
class Parameter:
    """One thing that an action asks for. `default` says what stands there at first; empty may be left empty where
    `optional` is set."""

    name: str
    label: str
    kind: Kind = Kind.NUMBER
    default: Callable[[SessionStatus], object] = lambda _: ""
    help: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Action:
    """What a key does. `make` gives the deed for what was typed, or raises ValueError with what is wrong with that.

    `then` follows the deed in the engine's thread: `connect` behind a Logon.
    """

    title: str
    make: Callable[[FixSession, int, Values], Deed]
    parameters: tuple[Parameter, ...] = ()
    then: Callable[[FixEngine, str], Awaitable[None] | None] | None = None


def number(values: Values, name: str, label: str) -> int:
    """A number that must be there. Raises ValueError."""
    found = optional_number(values, name, label)
    if found is None:
        raise ValueError(f"{label}: type a number")
    return found


def optional_number(values: Values, name: str, label: str) -> int | None:
    text = values.get(name, "").strip().replace(",", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise ValueError(f"{label}: expected a number, found {text[:20]!r}")
    return int(text)


_LONGEST_NUMBER = 10
_REASON = (
    "SessionRejectReason(373): 0 invalid tag, 1 required tag missing, 5 value is incorrect, 6 wrong format, 99 other"
)


async def _connect(engine: FixEngine, name: str) -> None:
    if not engine.sessions[name].is_connected:
        await engine.connect(name)


def _last_received(status: SessionStatus) -> object:
    return "" if status.last_received is None else status.last_received.seq_num


def _last_msg_type(status: SessionStatus) -> object:
    return "" if status.last_received is None else status.last_received.msg_type


def _test_request(session: FixSession, now: int, values: Values) -> Deed:
    """One that is made up here would be another one at each look."""
    text = values.get("test_req_id", "").strip()
    if not text:
        raise ValueError("TestReqID: type a text, which the Heartbeat that answers repeats")
    return by_hand.test_request(session, now, text)


def _resend_request(session: FixSession, now: int, values: Values) -> Deed:
    begin = number(values, "begin", "BeginSeqNo")
    return by_hand.resend_request(session, now, begin, optional_number(values, "end", "EndSeqNo") or 0)


def _sequence_reset(session: FixSession, now: int, values: Values) -> Deed:
    return by_hand.sequence_reset(
        session,
        now,
        number(values, "new_seq_no", "NewSeqNo"),
        values.get("gap_fill") == "yes",
        seq_num=optional_number(values, "seq_num", "MsgSeqNum"),
        poss_dup=values.get("poss_dup") == "yes",
    )


def _reject(session: FixSession, now: int, values: Values) -> Deed:
    return by_hand.reject(
        session,
        now,
        number(values, "ref_seq_num", "RefSeqNum"),
        ref_tag=optional_number(values, "ref_tag", "RefTagID"),
        ref_msg_type=values.get("ref_msg_type", "").strip(),
        reason=optional_number(values, "reason", "SessionRejectReason"),
        text=values.get("text", ""),
    )


def _set_numbers(session: FixSession, now: int, values: Values) -> Deed:
    return by_hand.set_numbers(
        session,
        now,
        next_out=optional_number(values, "next_out", "next out"),
        next_in=optional_number(values, "next_in", "next in"),
    )


def _pause(session: FixSession, now: int, values: Values) -> Deed:  # noqa: ARG001 (as every action)
    manual = session.manual
    heartbeats, resends = values.get("hold_heartbeats") == "yes", values.get("ignore_resend_requests") == "yes"
    outgoing = optional_number(values, "drop_outgoing", "drop outgoing") or 0
    incoming = optional_number(values, "drop_incoming", "drop incoming") or 0
    steps: list[tuple[str, Callable[[str], None]]] = []
    if heartbeats is not manual.holds_heartbeats:
        said = (
            "From now on we send no Heartbeat and answer no TestRequest: the peer will test us, and then disconnect."
            if heartbeats
            else "Heartbeats and answers to TestRequests are sent again."
        )
        steps.append((said, lambda who: manual.hold_heartbeats(heartbeats, who)))
    if resends is not manual.ignores_resend_requests:
        said = (
            "From now on ResendRequests of the peer are not answered: it goes on waiting for what it misses."
            if resends
            else "ResendRequests of the peer are answered again; one that came meanwhile is not made up for."
        )
        steps.append((said, lambda who: manual.ignore_resend_requests(resends, who)))
    if outgoing != manual.drop_outgoing_left:
        said = f"{messages(outgoing)} of ours will be numbered and stored, but not put on the wire."
        steps.append((said, lambda who: manual.drop_outgoing(outgoing, who)))
    if incoming != manual.drop_incoming_left:
        said = f"{messages(incoming)} of the peer's will be passed over, as if lost on the way."
        steps.append((said, lambda who: manual.drop_incoming(incoming, who)))
    if not steps:
        raise ValueError("Nothing is other than it is now.")

    def perform(_session: FixSession, _now: int, who: str) -> None:
        for _, step in steps:
            step(who)

    return Deed("Automatic answers", tuple(said for said, _ in steps), None, (), perform)


def messages(count: int) -> str:
    """`The next 3 messages`."""
    return {0: "No further message", 1: "The next message"}.get(count, f"The next {count:,} messages")


ACTIONS: Mapping[str, Action] = {
    "logon": Action(
        "Log on",
        lambda session, now, values: by_hand.logon(session, now, reset=values.get("reset") == "yes"),
        (
            Parameter(
                "reset",
                "reset both to 1",
                Kind.FLAG,
                help="Yes: the Logon has ResetSeqNumFlag(141)=Y, both directions begin with 1, and nothing is resent.",
            ),
        ),
        _connect,
    ),
    "logout": Action(
        "Log out",
        lambda session, now, values: by_hand.logout(session, now, values.get("text", "")),
        (Parameter("text", "Text", Kind.TEXT, help="Text(58) of the Logout; may be left empty.", optional=True),),
    ),
    "disconnect": Action("Disconnect without a Logout", lambda session, now, _: by_hand.disconnect(session, now)),
    "heartbeat": Action(
        "Send a Heartbeat",
        lambda session, now, values: by_hand.heartbeat(session, now, values.get("test_req_id", "").strip()),
        (
            Parameter(
                "test_req_id",
                "TestReqID",
                Kind.TEXT,
                help="That of the TestRequest it answers; leave it empty for one that answers none.",
                optional=True,
            ),
        ),
    ),
    "test_request": Action(
        "Send a TestRequest",
        _test_request,
        (
            Parameter(
                "test_req_id",
                "TestReqID",
                Kind.TEXT,
                lambda status: f"TEST-{utc_timestamp_text(status.time // NANOS * NANOS, 0)}",
                "The peer's Heartbeat repeats it.",
            ),
        ),
    ),
    "resend_request": Action(
        "Ask for messages once more",
        _resend_request,
        (
            Parameter("begin", "BeginSeqNo", default=lambda status: status.next_in or "", help="The first to resend."),
            Parameter("end", "EndSeqNo", default=lambda _: 0, help="The last one; 0 for all there are."),
        ),
    ),
    "sequence_reset": Action(
        "Send a SequenceReset",
        _sequence_reset,
        (
            Parameter(
                "gap_fill",
                "gap fill",
                Kind.FLAG,
                default=lambda _: "yes",
                help="Yes: GapFillFlag(123)=Y. No: the peer takes NewSeqNo whatever it missed.",
            ),
            Parameter(
                "new_seq_no",
                "NewSeqNo",
                default=lambda status: status.next_out or "",
                help="The MsgSeqNum of the message that comes after it.",
            ),
            Parameter(
                "seq_num",
                "MsgSeqNum",
                help="Leave it empty for our next one; give one to answer a ResendRequest by hand.",
                optional=True,
            ),
            Parameter(
                "poss_dup", "PossDupFlag", Kind.FLAG, help="Yes: 43=Y, as a gap fill that answers a ResendRequest has."
            ),
        ),
    ),
    "reject": Action(
        "Send a Reject",
        _reject,
        (
            Parameter("ref_seq_num", "RefSeqNum", default=_last_received, help="MsgSeqNum of the rejected message."),
            Parameter(
                "ref_msg_type",
                "RefMsgType",
                Kind.TEXT,
                _last_msg_type,
                "MsgType of the rejected message.",
                optional=True,
            ),
            Parameter("ref_tag", "RefTagID", help="The tag that is wrong.", optional=True),
            Parameter("reason", "reason", help=_REASON, optional=True),
            Parameter("text", "Text", Kind.TEXT, help="Text(58), for people.", optional=True),
        ),
    ),
    "set_numbers": Action(
        "Set the next numbers",
        _set_numbers,
        (
            Parameter(
                "next_out",
                "next out",
                default=lambda status: status.next_out or "",
                help="MsgSeqNum of the next message that we send.",
            ),
            Parameter(
                "next_in",
                "next in",
                default=lambda status: status.next_in or "",
                help="MsgSeqNum of the next message that we expect.",
            ),
        ),
    ),
    "pause": Action(
        "Hold automatic answers back, to see what the peer does",
        _pause,
        (
            Parameter(
                "hold_heartbeats",
                "hold heartbeats",
                Kind.FLAG,
                lambda status: "yes" if status.holds_heartbeats else "",
                "Yes: neither Heartbeats nor answers to TestRequests are sent.",
            ),
            Parameter(
                "ignore_resend_requests",
                "ignore resends",
                Kind.FLAG,
                lambda status: "yes" if status.ignores_resend_requests else "",
                "Yes: ResendRequests of the peer are not answered.",
            ),
            Parameter(
                "drop_outgoing",
                "drop outgoing",
                default=lambda status: status.drop_outgoing,
                help="So many of our next messages are numbered and stored, but not sent: the peer finds a gap.",
            ),
            Parameter(
                "drop_incoming",
                "drop incoming",
                default=lambda status: status.drop_incoming,
                help="So many of the peer's next messages are passed over, so that we find a gap.",
            ),
        ),
    ),
    "reset_store": Action(
        "Begin both directions with 1",
        lambda session, now, _: by_hand.reset_store(session, now),
    ),
}
"""By the name that the keys have for it."""

LISTEN = Action("Listen", lambda session, now, _: by_hand.connect(session, now), then=_connect)
"""For an acceptor: a Logon that comes is answered."""


def send_action(
    title: str,
    message: Callable[[int, int], FlatMessage],
    store: bool | None = None,
    warnings: tuple[str, ...] = (),
) -> Action:
    """Sends a message that was composed. `message` gives it for the MsgSeqNum that it will have and the time (ns UTC),
    each time the same but for these. `store` as in by_hand.send; `warnings` are said with what will be sent."""

    def make(session: FixSession, now: int, _values: Values) -> Deed:
        deed = by_hand.send(session, now, message(session.next_sender_seq_num, now), store)
        return replace(deed, warnings=(*warnings, *deed.warnings))

    return Action(title, make)


def refusal_action(refusal: Refusal, settings: SessionSettings) -> Action:
    """Sets the number that somebody's Logout asks for, and logs on, or as an acceptor waits for the counterparty to."""

    def make(session: FixSession, now: int, _values: Values) -> Deed:
        numbers = next_numbers(session, now)
        next_out, next_in = refusal.changes(*numbers)
        # What setting the number means is what the refusal's sentences say, of the messages that it is about.
        go_on = by_hand.logon if settings.is_initiator else by_hand.listen
        deed = go_on(session, now, next_out=next_out, next_in=next_in, brief=True)
        return replace(deed, lines=(refusal.happened, *refusal.meaning(*numbers), *deed.lines))

    return Action(refusal_title(refusal, settings), make, then=_connect)


def refusal_title(refusal: Refusal, settings: SessionSettings) -> str:
    """`Set next out to 135 and log on`, or of an acceptor `Set next in to 1, and wait for CLIENT to log on`."""
    which, to = ("in", refusal.set_in) if refusal.set_out is None else ("out", refusal.set_out)
    setting = f"Set next {which} to {to}"
    if settings.is_initiator:
        return f"{setting} and log on"
    return f"{setting}, and wait for {printable(settings.session_id.target_comp_id)} to log on"
