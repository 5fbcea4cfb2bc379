"""What a person at the console can do to a session. Each change is told in the event log: who, old and new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from purefix_core.session.events import Level
from purefix_core.session.outgoing import FlatMessage, encoded_as_given
from purefix_core.session.states import Happening, State
from purefix_core.store.records import MAX_SEQ_NUM
from purefix_core.wire import tags
from purefix_core.wire.message import as_text, printable

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


DROPPED_INCOMING = "an incoming message is dropped, as asked"
"""What the event log says of one."""


@dataclass
class _Drops:
    outgoing: int = 0
    incoming: int = 0


class Encoded(NamedTuple):
    """A message as it is sent by hand."""

    seq_num: int
    """Its MsgSeqNum; 0 for one that it brings itself and that is no number."""
    raw: bytes


class Manual:
    """`session.manual`. Every method takes `who`: the name of the person or program, for the event log."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self._drops = _Drops()
        self.sends_logon = True
        """Whether an initiator sends its Logon as soon as it is connected."""
        self.resets_logon = False
        """Whether the next Logon of an initiator resets both sequences, whatever the settings say."""
        self.holds_heartbeats = False
        """Neither Heartbeats nor answers to TestRequests are sent."""
        self.ignores_resend_requests = False

    @property
    def drop_outgoing_left(self) -> int:
        """How many outgoing messages are still to be dropped."""
        return self._drops.outgoing

    @property
    def drop_incoming_left(self) -> int:
        return self._drops.incoming

    def hold_logon(self, hold: bool, who: str) -> None:
        """Connect from now on without sending a Logon; `log_on` sends it."""
        self._said(who, "Logon at connection", _on(self.sends_logon), _on(not hold))
        self.sends_logon = not hold

    def reset_at_logon(self, reset: bool, who: str) -> None:
        """Whether the next Logon that we send has ResetSeqNumFlag(141)=Y and resets both sequences, whatever the
        settings say. Raises ValueError for FIX.4.0, which lacks the field."""
        if reset and self._session.begin_string == "FIX.4.0":
            raise ValueError("FIX.4.0 has no ResetSeqNumFlag: reset the store of both sides instead")
        if reset != self.resets_logon:
            self._said(who, "reset at the next Logon", _on(self.resets_logon), _on(reset))
            self.resets_logon = reset

    def log_on(self, who: str, now: int, reset: bool = False) -> None:
        """Send the Logon that was held; `reset` as for reset_at_logon. Raises ValueError where none is held."""
        session = self._session
        session.now = now
        if not session.is_connected or session.state is not State.CONNECTING:
            raise ValueError(f"{session.session_id}: no Logon is held; the session is in state {session.state.value}")
        self.reset_at_logon(reset, who)
        self._said(who, "Logon", "held", "sent")
        session.do(session.log_on)

    def hold_heartbeats(self, hold: bool, who: str) -> None:
        self._said(who, "Heartbeats", _on(not self.holds_heartbeats), _on(not hold))
        self.holds_heartbeats = hold

    def ignore_resend_requests(self, ignore: bool, who: str) -> None:
        self._said(who, "answers to ResendRequests", _on(not self.ignores_resend_requests), _on(not ignore))
        self.ignores_resend_requests = ignore

    def drop_outgoing(self, count: int, who: str) -> None:
        """Do not put the next `count` messages on the wire. They are numbered and stored, so that the peer finds a
        gap and asks for them."""
        self._said(who, "outgoing messages to drop", self._drops.outgoing, count)
        self._drops.outgoing = count

    def drop_incoming(self, count: int, who: str) -> None:
        """Take the next `count` messages for lost on their way to us."""
        self._said(who, "incoming messages to drop", self._drops.incoming, count)
        self._drops.incoming = count

    def set_numbers(
        self, who: str, now: int, *, next_sender: int | None = None, next_target: int | None = None
    ) -> None:
        """Set the next MsgSeqNum that we send, or expect. Raises StoreError, and ValueError for what none can be."""
        session = self._session
        session.now = now
        for number in (next_sender, next_target):
            if number is not None and not 1 <= number <= MAX_SEQ_NUM:
                raise ValueError(f"MsgSeqNum: expected 1 to {MAX_SEQ_NUM}, found {number}")

        def step() -> None:
            opened = session.store
            opened.open_for_a_while(now, session.warn)
            if not session.is_connected:
                session.begin_period()  # else the next connection would, and forget what is set here
            store = opened.get()
            if next_sender is not None:
                self._said(who, "next MsgSeqNum out", opened.last_sent + 1, next_sender)
                store.set_last_sent_seq_num(next_sender - 1)
            if next_target is not None:
                self._said(who, "next MsgSeqNum in", opened.last_received + 1, next_target)
                store.set_last_received_seq_num(next_target - 1)
                session.sequence.forget_connection()

        session.do(step)

    def reset(self, who: str, now: int) -> None:
        """Start both sequences with 1 again: in a running session with a Logon that has ResetSeqNumFlag(141)=Y, before
        one by forgetting what is in the store. Raises StoreError, and ValueError where `check_reset` does."""
        session = self._session
        session.now = now
        self.check_reset()

        def step() -> None:
            opened = session.store
            opened.open_for_a_while(now, session.warn)
            old = f"{opened.last_sent + 1} (out), {opened.last_received + 1} (in)"
            self._said(who, "next MsgSeqNums", old, "1, 1")
            session.sequence.reset()
            if session.is_logged_on:
                session.sender.send_logon(True)

        session.do(step)

    def check_reset(self) -> None:
        """Raises ValueError where `reset` is not possible now."""
        session = self._session
        if session.is_logged_on:
            if session.begin_string == "FIX.4.0":
                raise ValueError("FIX.4.0 has no ResetSeqNumFlag: log out, and reset the store of both sides.")
        elif session.is_connected and session.state is not State.CONNECTING:  # a Logon or Logout is under way
            raise ValueError(f"The store cannot be reset in state {session.state.value}: wait, or disconnect first.")

    def send(self, message: FlatMessage, who: str, now: int, *, store: bool = False) -> Encoded:
        """Send any message, of any MsgType, whatever the session's state; returns what was sent.

        What `message.header` has (34, 43, 49, 52, 56, 122 ..., also 8 and 9), and 10 in its trailer, stands in place
        of what the session would write. With a MsgSeqNum of its own it is neither stored nor counted unless `store` is
        given; stored below the last number sent it takes the place of the message there. Without a number of its own
        it is an ordinary message. Raises StoreError, and ValueError where there is no connection.
        """
        session = self._session
        session.now = now
        if not session.is_connected:
            raise ValueError(f"{session.session_id} is not connected")
        sender = session.sender
        seq_num, raw = sent = self.encoded(message, now, store)
        given = ", ".join(str(tag) for tag, _ in message.header)
        fields = f" (header fields given: {given})" if given else ""
        self._tell(f"by hand ({who}): message {message.msg_type} as MsgSeqNum {seq_num}{fields}")

        def step() -> None:
            if message.msg_type == tags.LOGON:
                sender.asked_for_reset = asks_for_reset(message) and not self._drops.outgoing
                if session.state is State.CONNECTING:
                    session.change_state(Happening.SEND_LOGON)
            elif message.msg_type == "5" and session.is_logged_on:
                session.change_state(Happening.SEND_LOGOUT)
                session.timers.logging_out(now)
            if given_number(message) is None or store:
                sender.write(message.msg_type, seq_num, raw, to_wire=True)
            else:
                sender.put_out(raw)

        session.do(step)
        return sent

    def encoded(self, message: FlatMessage, now: int, store: bool = False) -> Encoded:
        """A message as `send` would send it now. Raises ValueError for what cannot be sent so."""
        session, sender = self._session, self._session.sender
        own = given_number(message)
        seq_num = session.store.last_sent + 1
        if own is not None:
            seq_num = int(own) if own.isdigit() and len(own) < 20 else 0
            if store and not 1 <= seq_num <= MAX_SEQ_NUM:
                found = printable(as_text(own[:20])) or "nothing"
                raise ValueError(f"MsgSeqNum of a message to store: expected 1 to {MAX_SEQ_NUM}, found {found}.")
        added = sender.added(seq_num, sender.stamp(now))
        return Encoded(seq_num, encoded_as_given(session.begin_string.encode(), message, added))

    # -- for the session -------------------------------------------------------------------------------------------

    def drops_outgoing(self) -> bool:
        """Whether the message at hand is one of those not to be sent."""
        if not self._drops.outgoing:
            return False
        self._drops.outgoing -= 1
        return True

    def drops_incoming(self) -> bool:
        if not self._drops.incoming:
            return False
        self._drops.incoming -= 1
        self._session.note(DROPPED_INCOMING, Level.WARNING)
        return True

    def _said(self, who: str, what: str, old: object, new: object) -> None:
        self._tell(f"by hand ({who}): {what}: {old} -> {new}")

    def _tell(self, text: str) -> None:
        self._session.note(text, Level.WARNING)
        self._session.wake()


def given_number(message: FlatMessage) -> bytes | None:
    """The MsgSeqNum that a message brings itself."""
    return next((value for tag, value in message.header if tag == tags.MSG_SEQ_NUM), None)


def asks_for_reset(message: FlatMessage) -> bool:
    """Whether ResetSeqNumFlag(141) is Y in it."""
    return (tags.RESET_SEQ_NUM_FLAG, b"Y") in message.body


def _on(flag: bool) -> str:
    return "on" if flag else "off"
