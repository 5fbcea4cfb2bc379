"""One side of the simulated session: its machine, its application, and what both must have seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from purefix_core.session.application import Application
from purefix_core.session.machine import FixSession, SessionNotOpen
from purefix_core.session.outgoing import FlatMessage
from purefix_core.store.records import StoreError
from tests.session.simulation.mortal import Fate, Keeper, Killed

if TYPE_CHECKING:
    from tests.session.simulation.link import Connection

_ORDER = ((21, b"1"), (55, b"AAPL"), (54, b"1"), (60, b"20240101-00:00:00"), (38, b"100"), (40, b"1"))


def order(number: int) -> FlatMessage:
    return FlatMessage("D", [(11, b"%d" % number), *_ORDER])


class Side:
    """Outlives its process, which is `machine` while it runs. Its orders are numbered in the order of sending."""

    def __init__(self, name: str, config: Any, keeper: Keeper, clock: Callable[[], int]) -> None:
        self.name = name
        self.config = config
        self.keeper = keeper
        self.clock = clock
        self.peer = self
        self.fate = Fate()
        self.machine: FixSession | None = None
        self.connection: Connection | None = None
        self.replies = 0
        """So many of the next messages are answered by the application, as it takes them."""
        self.dies: tuple[int, bool] | None = None
        """The application dies with a message: after how many, and whether it has taken it then."""
        self.sent: list[tuple[int, int]] = []
        """Orders that count as sent, and their MsgSeqNum."""
        self.taken: list[int] = []
        """Orders that the application has, in the order in which it took them."""
        self.recorded = 0
        """The last one of them that counts as received; those behind it may come again, with PossDupFlag."""
        self.taken_twice = 0
        self.errors: list[str] = []
        self._last_order = 0
        self._sending: int | None = None
        self._taken_now: list[tuple[int, int]] = []

    # -- the process -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.fate = Fate()
        self.machine = FixSession(self.config, self.keeper.opener(self.fate), _App(self), clock=self.clock)

    def call(self, method: Callable[..., Any], *values: Any) -> Any:
        """Call a method of the machine. Raises Killed where the process ended meanwhile."""
        sent, refused = len(self.sent), self.fate.refused
        self._taken_now.clear()
        try:
            result = method(*values)
        except Killed:
            self.machine = None
            self.keeper.end_of_process()
            self._reconcile(sent)
            raise
        finally:
            self._sending = None
        if self.fate.refused > refused and self.machine is not None:
            self._reconcile(sent)
        elif self._taken_now:
            self.recorded = self._taken_now[-1][0]
        return result

    def _reconcile(self, sent_before: int) -> None:
        """What was done since the last call counts as far as it reached the store."""
        store = self.keeper.look()
        last_sent, last_received = store.get_last_sent_seq_num(), store.get_last_received_seq_num()
        record = store.get(last_sent) if self._sending is not None and last_sent else None
        if record is not None and b"\x0111=%d\x01" % self._sending in record.encoded:
            assert self._sending is not None
            self.sent.append((self._sending, last_sent))
        self.sent[sent_before:] = [each for each in self.sent[sent_before:] if each[1] <= last_sent]
        for number, seq_num in self._taken_now:
            if seq_num <= last_received:
                self.recorded = number

    def stored(self) -> tuple[int, int]:
        """The last MsgSeqNums sent and received."""
        store = self.keeper.look()
        return store.get_last_sent_seq_num(), store.get_last_received_seq_num()

    def new_period(self) -> None:
        """Both sequences begin anew; orders are numbered on."""
        self.sent.clear()
        self.taken.clear()

    # -- the application -------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Send an order; what cannot be sent now does not count as sent."""
        assert self.machine is not None
        self._last_order += 1
        self._sending = number = self._last_order
        try:
            seq_num = self.machine.send(order(number))
        except (StoreError, SessionNotOpen):
            self._sending = None
            return
        self._sending = None
        assert seq_num, "the session gave no number"
        self.sent.append((number, seq_num))

    def take(self, message: Any) -> None:
        if self._dies_with_this(False):
            self.fate.kill()
        number = int(message.ClOrdID)
        is_repeated = bool(self.taken) and number <= max(self.taken)
        if number <= self.recorded:
            self.errors.append(f"{self.name} is given order {number} behind {self.recorded}")
        if is_repeated and message.header.PossDupFlag is not True:
            self.errors.append(f"{self.name} is given order {number} again without PossDupFlag")
        self.taken_twice += is_repeated
        self.taken = [each for each in self.taken if each < number] + [number]
        self._taken_now.append((number, message.header.MsgSeqNum))
        if self.replies:
            self.replies -= 1
            self.send()
        if self._dies_with_this(True):
            self.fate.kill()

    def _dies_with_this(self, taken: bool) -> bool:
        if self.dies is None or self.dies[1] is not taken:
            return False
        left = self.dies[0]
        self.dies = (left - 1, taken) if left else None
        return not left


class _App(Application):
    def __init__(self, side: Side) -> None:
        self._side = side

    def from_app(self, message: Any, session: FixSession) -> None:
        self._side.take(message)
