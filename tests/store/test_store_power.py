"""The power fails at any moment; at level `power` all that was acknowledged is there."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from random import Random
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.records import FixMsgStoreRecord, StoreError
from tests.store.file_stores import FOLDER, open_store, problems, record
from tests.store.power_disk import PowerDisk

STEPS = ("send", "batch", "batch of three", "receive", "lower", "pass by", "clear", "reset", "open again")


class Moment(NamedTuple):
    """What a store holds when so many things had been done to the disk."""

    events: int
    done: str
    sent: int
    received: int
    messages: dict[int, FixMsgStoreRecord]
    gap_filled: frozenset[int]


class Run:
    """Does steps with a store below `path`, and notes what each has made safe."""

    def __init__(self, path: Path, level: Durability, steps: list[str]) -> None:
        self.path = path
        self.level = level
        self.disk = PowerDisk()
        self.messages: dict[int, FixMsgStoreRecord] = {}
        self.ever: set[FixMsgStoreRecord] = set()
        self.store = self.open()
        self.moments = [self.moment("")]
        for number, step in enumerate(steps):
            self.do(step, f"58=step {number}|")
            self.moments.append(self.moment(step))
        self.store.close()

    def open(self) -> FixMsgFileStore:
        return open_store(self.path / "stores", self.level, self.disk)

    def moment(self, done: str) -> Moment:
        state = self.store.get_state()
        gap_filled = frozenset(filter(self.store.is_gap_filled, range(1, 100)))
        numbers = state.last_sent_seq_num, state.last_received_seq_num
        return Moment(len(self.disk.events), done, *numbers, dict(self.messages), gap_filled)

    def do(self, step: str, text: str) -> None:
        store = self.store
        sent = store.get_last_sent_seq_num()
        if step == "send":
            self.send(text)
        elif step.startswith("batch"):
            with store.batch():
                for number in range(3 if step == "batch of three" else 1):
                    self.send(f"{text}354=x{number}|")
                store.set_last_received_seq_num(store.get_last_received_seq_num() + 1)
        elif step == "receive":
            store.set_last_received_seq_num(store.get_last_received_seq_num() + 1)
        elif step == "lower":
            store.set_last_sent_seq_num(max(0, sent - 2))
            # The others are withdrawn: no longer there, once the number has passed them by.
            self.messages = {number: each for number, each in self.messages.items() if number <= sent - 2}
        elif step == "pass by":
            store.set_last_sent_seq_num(sent + 2)
        elif step == "clear":
            store.clear()
            self.messages = {}
        elif step == "reset":
            store.reset_sequences()
            self.messages = {}
        else:
            store.close()
            self.store = self.open()

    def send(self, text: str) -> None:
        message = record(self.store.get_last_sent_seq_num() + 1, text)
        self.ever.add(message)
        self.store.put(message)
        self.store.set_last_sent_seq_num(message.seq_num)
        self.messages[message.seq_num] = message

    def what_is_lost(self, count: int, random: Random, to: Path) -> list[str]:
        """Let the power fail after so many events, open what is left, and compare it with what was acknowledged."""
        self.disk.lose_power(count, self.path, to, random)
        before = [each for each in self.moments if each.events <= count]
        known = before[-1] if before else None
        after = self.moments[len(before)] if len(before) < len(self.moments) else self.moments[-1]
        try:
            with open_store(to / "stores") as store:
                lost = self.compare(store, known, after)
                sent = store.get_last_sent_seq_num()
        except StoreError as error:
            return [str(error)]
        # What was being put may be damaged, if more behind it is there; it was not sent.
        return lost + [line for line in problems(to / "stores" / FOLDER) if not _is_above(sent, line)]

    def compare(self, store: FixMsgFileStore, known: Moment | None, after: Moment) -> list[str]:
        state = store.get_state()
        numbers = state.last_sent_seq_num, state.last_received_seq_num
        allowed = [each for each in (known, after) if each is not None]
        agreed = next((each for each in allowed if numbers == (each.sent, each.received)), None)
        if agreed is None:
            return [f"the numbers are {numbers}, expected those of {allowed}"]
        lost = []
        for number in range(1, 100):
            found = store.get(number)
            if found is not None and found not in self.ever:
                lost.append(f"message {number} was never put")
            expected = [each.messages.get(number) for each in allowed]
            if number <= agreed.sent and found not in expected:
                lost.append(f"message {number} is {found}, expected {expected}")
            if number <= agreed.sent and store.is_gap_filled(number) not in [
                number in each.gap_filled for each in allowed
            ]:
                lost.append(f"message {number} is{'' if store.is_gap_filled(number) else ' not'} to be gap-filled")
        return lost


def _is_above(sent: int, line: str) -> bool:
    """Whether a line of `verify` is about what was not sent yet. Of the index it does not say which entry is wrong:
    those of messages that were sent are looked up by `compare`, with the message that each leads to."""
    if "are no message" in line or "messages.idx: does not agree with messages.dat; repair" in line:
        return True
    damaged = re.search(r"message (\d+) at [\d,]+ is damaged", line)
    return damaged is not None and int(damaged[1]) > sent


@given(
    steps=st.lists(st.sampled_from(STEPS), max_size=12),
    crashes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=12),
)
def test_what_was_acknowledged_survives(steps: list[str], crashes: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "run", Durability.POWER, steps)
        for place, (count, seed) in enumerate(crashes):
            left = Path(folder) / str(place)
            left.mkdir()
            assert run.what_is_lost(count % (len(run.disk.events) + 1), Random(seed), left) == []


def test_at_level_process_this_finds_losses(tmp_path: Path) -> None:
    """As it must, since that level does not promise this: what the tests above do can fail."""
    run = Run(tmp_path / "run", Durability.PROCESS, ["send", "batch", "receive", "reset", "send", "send"])
    losses = []
    for seed in range(100):
        (tmp_path / str(seed)).mkdir()
        losses += run.what_is_lost(len(run.disk.events), Random(seed), tmp_path / str(seed))
    assert any("the numbers are" in line for line in losses)
    assert any(line.startswith("message ") for line in losses)


def test_without_one_kind_of_sync_it_finds_losses(tmp_path: Path) -> None:
    """Each kind of sync is needed."""
    run = Run(tmp_path / "run", Durability.POWER, [*STEPS, "send", "batch"])
    events = run.disk.events
    for kind in ("sync", "sync folder"):
        run.disk.events = [each._replace(file=-2, path=Path("/")) if each.kind == kind else each for each in events]
        losses = []
        for seed in range(100):
            left = tmp_path / f"{kind} {seed}"
            left.mkdir()
            losses += run.what_is_lost(len(events), Random(seed), left)
        assert losses != []
