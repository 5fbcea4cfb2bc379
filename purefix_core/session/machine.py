"""FixSession: one FIX session as a state machine without I/O.

Bytes, ticks and commands go in, each with the present time (nanoseconds UTC); what is to be sent, and events, are
fetched with `take()` after each call. It writes its message store itself: a message is in the store before it is in
the output. Whoever drives it (the engine, the console, a test) is one thread.

Where the sources differ: the behaviour that the acceptance scripts demand, then the FIX specification, then
spec/session-logic.md, whose sketches resend session messages, obey any SequenceReset and detect no gap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from purefix_core.session.application import Application
from purefix_core.session.events import Event, Level, MessageReceived, Note, Output, StateChanged
from purefix_core.session.framing import Framer, FramingError
from purefix_core.session.handlers import make_processor
from purefix_core.session.hearing import Hearing
from purefix_core.session.incoming import reader
from purefix_core.session.manual import Manual
from purefix_core.session.opened_store import Look, OpenedStore
from purefix_core.session.period import begins_anew
from purefix_core.session.receiver import Receiver
from purefix_core.session.schedule import SessionSchedule
from purefix_core.session.sender import Sender
from purefix_core.session.sequence import Sequence
from purefix_core.session.states import Happening, State, after
from purefix_core.session.timers import Timers
from purefix_core.session.validators import Validators
from purefix_core.store.records import StoreError
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig
    from purefix_core.session.outgoing import FlatMessage
    from purefix_core.store.protocol import FixMsgStore
    from purefix_core.types.message import Message

_MOST_TEXT = 200
"""Characters of a Logout's Text(58)."""
_MOST_NOTED = 500
"""Characters of a line of the event log."""


class SessionNotOpen(Exception):
    """A message cannot be taken: outside of its hours the session has no sequence that the message could be part of."""


class FixSession:
    """See the module. Public attributes are to be read; what changes them are the methods."""

    def __init__(
        self,
        config: FixConfig,
        open_store: Callable[[], FixMsgStore],
        application: Application | None = None,
        wake: Callable[[], None] | None = None,
        clock: Callable[[], int] | None = None,
        look: Look | None = None,
    ) -> None:
        """`open_store` gives the session's store, which is closed again when nothing needs it; it may raise StoreError.

        `wake` is called when `send` and the like were called by somebody else than the driver, so that there is output
        to be fetched. `clock` gives the time for such calls, and SendingTime; without it the last input does. `look`
        tells the numbers of the store while it is closed, since somebody may edit it then.
        """
        self.config = config
        self.settings = config.settings
        self.session_id = config.settings.session_id
        self.begin_string = self.session_id.begin_string
        self.application = application or Application()
        self.state = State.DISCONNECTED
        self.heart_bt_int = self.settings.heart_bt_int
        self.sender_default_appl_ver_id = self.settings.default_appl_ver_id
        """DefaultApplVerID(1137) of our Logon."""
        self.target_default_appl_ver_id = ""
        """The one of the peer's Logon."""
        self.now = 0
        """The time of the last input."""
        self.schedule = SessionSchedule(self.settings.schedule)
        self.validators = Validators(config.definitions, self.settings.validation)
        self.store = OpenedStore(open_store, look)
        self.sender = Sender(self)
        self.sequence = Sequence(self)
        self.timers = Timers(self)
        self.receiver = Receiver(self)
        self.hearing = Hearing(self)
        self.manual = Manual(self)
        self.processor = make_processor(self)
        self.is_closing = False
        """Nothing is read any more; the driver is to end the connection."""
        self._wake = wake
        self._clock = clock
        self._reader = reader(config.definitions)
        self._events: list[Event] = []
        self._depth = 0
        self._framer: Framer | None = None
        self.was_logged_on = False
        """Whether both sides have logged on since the connection was made."""
        self._logged_out = False
        self.application.on_create(self)

    # -- what it is like -------------------------------------------------------------------------------------------

    @property
    def is_logged_on(self) -> bool:
        """Whether both have logged on, and nobody has logged out."""
        return self.state is State.ACTIVE

    @property
    def is_connected(self) -> bool:
        """Whether there is a transport that is not about to be closed."""
        return self._framer is not None and not self.is_closing

    @property
    def next_sender_seq_num(self) -> int:
        """MsgSeqNum of the next message that we send. Raises StoreError."""
        return self.store.last_sent + 1

    @property
    def next_target_seq_num(self) -> int:
        """MsgSeqNum that we expect from the peer. Raises StoreError."""
        return self.store.last_received + 1

    @property
    def awaiting_resend(self) -> bool:
        return self.sequence.gap is not None

    @property
    def test_request_pending(self) -> bool:
        return self.timers.test_request_pending

    @property
    def is_resending(self) -> bool:
        return self.sender.is_resending

    # -- the connection --------------------------------------------------------------------------------------------

    def may_connect(self, now: int) -> str:
        """Why the session cannot be connected now; the empty string where it can."""
        self.now = now
        return self.schedule.why_closed(now) or self.store.why_unusable(now, self.warn)

    def connecting(self, now: int) -> None:
        """A connection is being made."""
        self.now = now
        self.change_state(Happening.CONNECT)

    def connected(self, now: int, framer: Framer | None = None) -> None:
        """The transport is up. `framer` has what was already read from it. An initiator sends its Logon."""
        self.now = now
        self.is_closing = False
        self._logged_out = False
        self.heart_bt_int = self.settings.heart_bt_int  # the last connection may have had that of the peer's Logon
        self._framer = framer or Framer(self.settings.max_message_size)
        self.timers.start(now)
        self.change_state(Happening.CONNECT)
        self._guarded(self._begin_connection)

    def _begin_connection(self) -> None:
        if not self.schedule.is_open(self.now):
            self.close("outside of the session's hours")
            return
        self.store.open()
        self.begin_period()
        if self.settings.is_initiator and self.manual.sends_logon:
            self.log_on()

    def begin_period(self) -> None:
        """Start again with 1 where the numbers in the store are of an earlier period of the schedule."""
        if not begins_anew(self, self.now):
            return
        if self.store.last_sent or self.store.last_received:
            self.note("a new period of the session begins: both sequences start with 1 again")
        self.sequence.reset()

    def log_on(self) -> None:
        """Send our Logon, as the initiator."""
        settings = self.settings
        by_hand, self.manual.resets_logon = self.manual.resets_logon, False
        if by_hand or settings.reset_seq_num_flag or settings.reset_on_logon:
            last_sent, last_received = self.store.last_sent, self.store.last_received
            if last_sent or last_received:
                self.note(
                    f"the Logon resets both sequences to 1; they stood at {last_sent + 1} (out) and"
                    f" {last_received + 1} (in), and what was not received until now is lost",
                    Level.WARNING,
                )
            self.sequence.reset()
        at_one = self.store.last_sent == 0 and self.store.last_received == 0
        self.sender.send_logon(by_hand or self.sender.is_reset_logon(at_one))

    def receive(self, data: bytes, now: int) -> None:
        """Bytes off the wire."""
        framer = self._framer
        if framer is None or self.is_closing:
            return
        framer.feed(data)
        try:
            while not self.is_closing and (frame := framer.next()) is not None:
                self.process(frame, now)
        except FramingError as error:
            self.now = now
            self.close(str(error), Level.ERROR)

    def process(self, raw: bytes, now: int) -> None:
        """One frame (framing.py)."""
        if self.is_closing:
            return
        self.now = now
        if self.timers.are_hours_over(now):
            self.tick(now)
        self._events.append(MessageReceived(now, raw))
        if self.manual.drops_incoming():
            return
        try:
            message = self._reader.parse(raw)
        except ValueError as error:
            self._guarded(self.receiver.garbled, str(error))
            return
        self._guarded(self.receiver.handle, message)

    def disconnected(self, now: int, why: str = "") -> None:
        """The transport is gone."""
        self.now = now
        unanswered = self.state is State.LOGON_SENT and not self.is_closing and not self.was_logged_on
        said = f"disconnected{f': {why}' if why else ''}"
        self.note(f"{said}; our Logon was not answered" if unanswered else said)
        self._framer = None
        self.is_closing = True
        self.sender.forget_connection()
        self.sequence.forget_connection()
        if self.state is not State.DISCONNECTED:
            self.change_state(Happening.DISCONNECT)
        if self.was_logged_on:
            self.was_logged_on = False
            self.hearing.tell("on_logout")
        settings = self.settings
        resets = settings.reset_on_disconnect or (settings.reset_on_logout and self._logged_out)
        if resets and self.store.is_open:
            self._guarded(self.sequence.reset)
        self.store.close(self.warn)
        self.sequence.is_frozen = False

    def tick(self, now: int) -> None:
        """Time went on."""
        self.now = now
        if self._framer is None:
            self.store.close_if_idle(now, self.warn)
        elif not self.is_closing:
            self._guarded(self.timers.tick)

    def next_tick(self) -> int | None:
        """When `tick` is to be called at the latest; None: not before something else happens."""
        if self._framer is None:
            return self.store.idle_until
        return None if self.is_closing else self.timers.next_tick()

    def take(self) -> Output:
        """What is to be sent, what happened, and whether the connection is to be closed, since the last call."""
        events, self._events = self._events, []
        return Output(self.sender.take(), events, self.is_closing and self._framer is not None)

    def resend_some(self, now: int) -> None:
        """Go on with a resend; to be called while `is_resending` and the transport takes more."""
        self.now = now
        if not self.is_closing:
            self._guarded(self.sender.resend_some)

    # -- the application -------------------------------------------------------------------------------------------

    def send(self, message: Message | FlatMessage, now: int | None = None) -> int:
        """Send an application message; returns its MsgSeqNum, or 0 where `to_app` did not let it pass.

        While nobody is logged on it is only stored: the peer asks for it when it logs on. Raises StoreError where it
        cannot be stored, which also ends the connection, SessionNotOpen outside of the session's hours, and ValueError
        for a message that cannot be encoded, or of a session MsgType (those are `manual`'s).
        """
        self._moment(now)
        if not self.schedule.is_open(self.now):
            raise SessionNotOpen(f"{self.session_id}: outside of the session's hours")
        number = 0

        def step() -> None:
            nonlocal number
            if self._framer is None:
                self.store.open_for_a_while(self.now, self.warn)
                self.begin_period()
            elif self.timers.are_hours_over(self.now):
                self.timers.tick()
            number = self.sender.send_application(message)

        self.do(step)
        return number

    def log_out(self, text: str = "", now: int | None = None) -> None:
        """Begin to log out; before the Logon was answered, just disconnect."""
        self._moment(now)
        if self._framer is None or self.is_closing:
            return
        if self.state is State.ACTIVE:
            self._guarded(self.sender.send_logout, text)
        elif self.state is not State.LOGOUT_SENT:
            self.close(text or "stopped")
        self.wake()

    def present(self) -> int:
        """The time at this moment, where there is a clock: an application may have taken its time since the input."""
        return self.now if self._clock is None else max(self.now, self._clock())

    def _moment(self, now: int | None) -> None:
        if now is not None:
            self.now = now
        elif self._clock is not None and not self._depth:
            self.now = self._clock()

    # -- for the parts of the session ------------------------------------------------------------------------------

    def note(self, text: str, level: Level = Level.INFO) -> None:
        """A line of the event log. What a peer wrote may be part of it."""
        self._events.append(Note(self.now, printable(text)[:_MOST_NOTED], level))

    def tell(self, event: Event) -> None:
        self._events.append(event)

    def change_state(self, happening: Happening) -> None:
        old = self.state
        self.state = after(old, happening)
        if self.state is not old:
            self._events.append(StateChanged(self.now, old, self.state))
        if happening is Happening.RECEIVE_LOGOUT:
            self._logged_out = True

    def close(self, why: str, level: Level = Level.INFO) -> None:
        """Have the connection closed."""
        if not self.is_closing:
            self.is_closing = True
            self.note(why, level)

    def logged_on(self) -> None:
        """Both sides have logged on."""
        if self.was_logged_on:
            return
        self.was_logged_on = True
        self.hearing.tell("on_logon")

    def log_out_and_close(self, text: str) -> None:
        """Say why in a Logout, and close without waiting for an answer."""
        self.sender.send_logout(text[:_MOST_TEXT])
        self.close(f"logged out: {text}", Level.WARNING)

    # -- safety ----------------------------------------------------------------------------------------------------

    def do(self, step: Callable[[], None]) -> None:
        """Do what somebody else than the driver asks for, as a whole. Raises StoreError."""
        self._guarded(step, raises=True)

    def _guarded(self, step: Callable[..., None], *values: Any, raises: bool = False) -> None:
        """Do `step`. Each message is stored before it is in the output, and what was sent or counted is as safe as the
        store's level says when the call for it returns. Where the store fails the message at hand is not sent, its
        number is not used, and the connection ends."""
        if self._depth:
            step(*values)
            return
        self._depth = 1
        try:
            step(*values)
            self.store.raise_failure()
        except StoreError as error:
            self.store.failed()
            self.is_closing = True
            self.note(f"the message store fails, so nothing can be sent: {error}", Level.ERROR)
            if raises:
                raise
        finally:
            self._depth = 0
            if raises:
                self.wake()

    def wake(self) -> None:
        """Tell the driver that there is output, where it does not know."""
        if self._wake is not None and not self._depth:
            self._wake()

    def warn(self, line: str) -> None:
        """A line of the event log about something that a person should look at."""
        self.note(line, Level.WARNING)
