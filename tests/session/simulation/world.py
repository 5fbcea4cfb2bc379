"""Two session machines, the link between them, and time, which only the simulation moves."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from purefix_core.session.framing import Framer
from purefix_core.session.machine import FixSession
from purefix_core.wire.timestamps import NANOS
from tests.session.simulation.conditions import ACCEPTOR, INITIATOR, Conditions, config_of
from tests.session.simulation.link import MILLI, QUICK, Connection, Faults
from tests.session.simulation.mortal import FileKeeper, Killed, MemoryKeeper
from tests.session.simulation.side import Side

_MOST_STEPS = 50_000


class World:
    """Every method but `settle` and `close` is something that happens to the two."""

    def __init__(self, conditions: Conditions = Conditions()) -> None:  # noqa: B008 - frozen
        self.conditions = conditions
        self.now = conditions.start
        self.trace: list[str] | None = None
        self.faults = (Faults(), Faults())
        """Of what the initiator and the acceptor send."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if conditions.in_files:
            self._folder = tempfile.TemporaryDirectory(prefix="purefix-simulation-")
        self.sides = (self._side(INITIATOR), self._side(ACCEPTOR))
        self.sides[0].peer, self.sides[1].peer = self.sides[1], self.sides[0]
        self._connections: list[Connection] = []
        self._restart: list[int | None] = [None, None]
        self._resend_at: list[int | None] = [None, None]
        self._down_for = [NANOS, NANOS]
        self._dial_at = self.now
        self._answered_at: int | None = None
        for which, side in enumerate(self.sides):
            side.start()
            self._collect(which)

    def _side(self, which: int) -> Side:
        config = config_of(self.conditions, which)
        ids = config.settings.session_id
        clock = lambda: self.now  # noqa: E731
        if self._folder is None:
            return Side(ids.sender_comp_id, config, MemoryKeeper(clock), clock)
        folder = Path(self._folder.name) / ids.sender_comp_id
        folder.mkdir()
        keeper = FileKeeper(folder, (ids.sender_comp_id, ids.target_comp_id), ids.begin_string, clock)
        return Side(ids.sender_comp_id, config, keeper, clock)

    def close(self) -> None:
        for side in self.sides:
            side.keeper.end_of_process()
        if self._folder is not None:
            self._folder.cleanup()

    def machine(self, which: int) -> FixSession:
        """Of a side that runs."""
        machine = self.sides[which].machine
        assert machine is not None
        return machine

    @property
    def are_logged_on(self) -> bool:
        machines = [side.machine for side in self.sides]
        return all(machine is not None and machine.is_logged_on for machine in machines)

    # -- what happens ----------------------------------------------------------------------------------------------

    def send(self, which: int, count: int) -> None:
        for _ in range(count):
            if self.sides[which].machine is not None:
                self._call(which, self.sides[which].send)

    def reply(self, which: int, count: int) -> None:
        """The application answers the next messages while it is given them."""
        self.sides[which].replies = count

    def advance(self, nanos: int) -> None:
        end = self.now + nanos
        for _ in range(_MOST_STEPS):
            due = self._next_event()
            if due is None or due > end:
                self.now = end
                return
            self.now = max(self.now, due)
            self._one_event()
        raise AssertionError("the two never come to rest")

    def lose(self, which: int, passing: int, count: int) -> None:
        """Of what a side sends `count` messages are lost, behind `passing` that arrive."""
        self.faults[which].lost = passing, count

    def double(self, which: int, passing: int, count: int) -> None:
        self.faults[which].doubled = passing, count

    def delay(self, which: int, nanos: int) -> None:
        self.faults[which].delay = nanos

    def cut_in_pieces(self, which: int, size: int) -> None:
        self.faults[which].pieces = size

    def break_connection(self, kept: tuple[int, int], notice: tuple[int, int]) -> None:
        """So many bytes of what is on its way to each still arrive, perhaps half of a message; the ends are noticed
        later."""
        for connection in self._connections:
            connection.cut(kept, self.now, notice)

    def crash(self, which: int, down: int) -> None:
        """A process ends between two calls, and is back after `down` nanoseconds."""
        side = self.sides[which]
        self._down_for[which] = down
        if side.machine is not None:
            with suppress(Killed):
                side.fate.kill()
            side.machine = None
            side.keeper.end_of_process()
            self._is_down(which)

    def kill_in(self, which: int, steps: int, down: int) -> None:
        """It will end in the middle of a call, after so many steps of its store."""
        self._down_for[which] = down
        self.sides[which].fate.kill_in(steps)

    def die_with_message(self, which: int, passing: int, taken: bool, down: int) -> None:
        """It will end in its application, which has or has not taken the message."""
        self._down_for[which] = down
        self.sides[which].dies = passing, taken

    def refuse_writes(self, which: int, steps: int, times: int) -> None:
        self.sides[which].fate.refuse_in(steps, times)

    def log_out(self, which: int) -> None:
        if (machine := self.sides[which].machine) is not None:
            self._call(which, machine.log_out)

    # -- how it ends -----------------------------------------------------------------------------------------------

    def stop_faults(self) -> None:
        for which, side in enumerate(self.sides):
            self.faults[which].stop()
            side.fate.spare()
            side.dies = None
            self._down_for[which] = NANOS

    def settle(self, reconnect: bool) -> None:
        """End quietly. With `reconnect` they are connected anew, and have three heartbeat intervals; without, whatever
        they still hold on to has to come right by itself, which may take as long as they are patient."""
        heart_bt_int = self.conditions.heart_bt_int * NANOS
        self.stop_faults()
        if reconnect:
            self.break_connection((0, 0), (QUICK, QUICK))
            self.advance(2 * QUICK)
            for _ in range(600):
                self.advance(NANOS)
                if self.are_logged_on:
                    break
            self.advance(3 * heart_bt_int)
        else:
            self.advance(12 * heart_bt_int + 200 * NANOS)
        for _ in range(100):
            connection = self.sides[INITIATOR].connection
            if connection is None or not any(pipe.chunks for pipe in connection.to):
                break
            self.advance(MILLI)

    def problems(self) -> list[str]:
        """What is wrong after it ended quietly."""
        found = [error for side in self.sides for error in side.errors]
        if not self.are_logged_on:
            return [*found, f"not logged on: {[side.machine and side.machine.state for side in self.sides]}"]
        for which, side in enumerate(self.sides):
            ours, theirs = self.machine(which), self.machine(1 - which)
            if ours.next_sender_seq_num != theirs.next_target_seq_num:
                found.append(
                    f"{side.name} sends {ours.next_sender_seq_num} next, its peer expects {theirs.next_target_seq_num}"
                )
            if ours.awaiting_resend:
                found.append(f"{side.name} still awaits a resend")
            sent = [number for number, _ in side.sent]
            if side.peer.taken != sent:
                missing, strange = set(sent) - set(side.peer.taken), set(side.peer.taken) - set(sent)
                found.append(
                    f"{side.name} sent {sent}, its peer has {side.peer.taken}: missing {missing}, not sent {strange}"
                )
        return found

    # -- events ----------------------------------------------------------------------------------------------------

    def _next_event(self) -> int | None:
        due = [pipe.chunks[0][0] for connection in self._connections for pipe in connection.to if pipe.chunks]
        due += [each for each in (*self._restart, *self._resend_at) if each is not None]
        for side in self.sides:
            tick = self._tick_at(side)
            if tick is not None:
                due.append(tick)
        initiator = self.sides[INITIATOR]
        if initiator.machine is not None and initiator.connection is None:
            due.append(self._dial_at if self._answered_at is None else self._answered_at)
        return min(due, default=None)

    def _tick_at(self, side: Side) -> int | None:
        tick = None if side.machine is None else side.machine.next_tick()
        return None if tick is None else tick + self.conditions.late

    def _one_event(self) -> None:
        for which in (INITIATOR, ACCEPTOR):
            at = self._restart[which]
            if at is not None and at <= self.now:
                self._restart[which] = None
                self.sides[which].start()
                self._say(which, "is back")
                self._collect(which)
        for connection in list(self._connections):
            for which, pipe in enumerate(connection.to):
                if pipe.chunks and pipe.chunks[0][0] <= self.now:
                    self._arrives(connection, which, pipe.chunks.popleft()[1])
                    return
        for which, side in enumerate(self.sides):
            resend_at = self._resend_at[which]
            if resend_at is not None and resend_at <= self.now:
                self._resend_at[which] = None
                if side.machine is not None and side.connection is not None:
                    self._call(which, side.machine.resend_some, self.now)
                return
            tick = self._tick_at(side)
            if tick is not None and tick <= self.now:
                self._call(which, side.machine.tick, self.now)  # type: ignore[union-attr]
                assert (self._tick_at(side) or self.now + 1) > self.now, "time has come, but nothing is done"
                return
        initiator = self.sides[INITIATOR]
        if initiator.machine is not None and initiator.connection is None:
            if self._answered_at is not None:
                self._connect(initiator.machine)
            else:
                self._dial(initiator.machine)

    def _dial(self, machine: FixSession) -> None:
        self._dial_at = self.now + self.conditions.redial
        why_not = self._call(INITIATOR, machine.may_connect, self.now)
        if why_not or self.sides[INITIATOR].machine is not machine:
            return
        if not self._call(INITIATOR, machine.connecting, self.now, or_dead=False):
            return
        self._answered_at = self.now + self.conditions.dial_time
        if not self.conditions.dial_time:
            self._connect(machine)

    def _connect(self, machine: FixSession) -> None:
        self._answered_at = None
        if self.sides[ACCEPTOR].machine is None:
            self._dial_at = self.now + self.conditions.redial
            self._call(INITIATOR, machine.disconnected, self.now, "connection refused")
            return
        connection = Connection()
        self._connections.append(connection)
        self.sides[INITIATOR].connection = connection
        self._call(INITIATOR, machine.connected, self.now)

    def _arrives(self, connection: Connection, which: int, chunk: bytes | None) -> None:
        side = self.sides[which]
        if side.connection is connection and side.machine is not None:
            if chunk is None:
                self._detach(which, "the peer closed the connection")
            else:
                self._call(which, side.machine.receive, chunk, self.now)
        elif which == ACCEPTOR and connection.framer is not None:
            self._introduces_itself(connection, connection.framer, chunk)
        if connection.is_over and connection not in [each.connection for each in self.sides]:
            self._connections.remove(connection)

    def _introduces_itself(self, connection: Connection, framer: Framer, chunk: bytes | None) -> None:
        """The first message of a connection tells the acceptor whose it is, which may be one that is still there."""
        side = self.sides[ACCEPTOR]
        if chunk is None or side.machine is None:
            connection.framer = None
            connection.to[INITIATOR].put(None, self.now + QUICK)
            return
        framer.feed(chunk)
        frame = framer.next()
        if frame is None:
            return
        connection.framer = None
        if side.connection is not None or self._call(ACCEPTOR, side.machine.may_connect, self.now):
            connection.to[INITIATOR].put(None, self.now + QUICK)
            return
        machine = side.machine
        if machine is None:
            return
        side.connection = connection
        for method, values in (
            (machine.connected, (self.now, framer)),
            (machine.process, (frame, self.now)),
            (machine.receive, (b"", self.now)),
        ):
            if side.connection is connection and side.machine is machine:
                self._call(ACCEPTOR, method, *values)

    def _detach(self, which: int, why: str) -> None:
        side = self.sides[which]
        connection, side.connection = side.connection, None
        if connection is not None:
            connection.to[1 - which].put(None, self.now + self.faults[which].delay)
        self._resend_at[which] = None
        if which == INITIATOR:
            self._dial_at = self.now + self.conditions.redial
        if side.machine is not None:
            self._call(which, side.machine.disconnected, self.now, why)

    def _is_down(self, which: int) -> None:
        self._say(which, "is down")
        side = self.sides[which]
        connection, side.connection = side.connection, None
        if connection is not None:
            connection.framer = None
            connection.to[1 - which].put(None, self.now + self.faults[which].delay)
        self._resend_at[which] = None
        self._restart[which] = self.now + self._down_for[which]
        if which == INITIATOR:
            self._answered_at = None
            self._dial_at = self.now + self._down_for[which] + self.conditions.redial

    def _call(self, which: int, method: Any, *values: Any, or_dead: Any = None) -> Any:
        try:
            result = self.sides[which].call(method, *values)
        except Killed:
            self._is_down(which)
            return or_dead
        self._collect(which)
        return True if or_dead is False else result

    def _collect(self, which: int) -> None:
        """What the driver of a machine does after each call."""
        side = self.sides[which]
        machine = side.machine
        if machine is None:
            return
        output = machine.take()
        if self.trace is not None:
            for event in output.events:
                self._say(which, repr(event))
        if side.connection is not None:
            side.connection.to[1 - which].write(output.data, self.now, self.faults[which])
            if machine.is_resending and self._resend_at[which] is None:
                self._resend_at[which] = self.now + MILLI
        if output.close and side.connection is not None:
            self._detach(which, "")

    def _say(self, which: int, text: str) -> None:
        if self.trace is not None:
            seconds = (self.now - self.conditions.start) / NANOS
            self.trace.append(f"{seconds:10.3f} {self.sides[which].name}: {text}".replace("\\x01", "|"))
