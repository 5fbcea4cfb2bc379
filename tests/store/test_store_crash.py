"""A writing process is killed at random instants; what it was told to be safe is there, and nothing is torn.

PUREFIX_KILLS is how often (30), PUREFIX_SEED repeats a run, as far as chance can be repeated.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random

from purefix_core.store.records import FixMsgStoreRecord
from tests.conftest import REPOSITORY
from tests.store.crash_writer import Step, steps
from tests.store.file_stores import FOLDER, open_store, problems, record

KILLS = int(os.environ.get("PUREFIX_KILLS", "30"))
SEED = int(os.environ.get("PUREFIX_SEED", str(Random().randrange(10**9))))


class Known:
    """What a store must hold: all that was acknowledged."""

    def __init__(self) -> None:
        self.messages: dict[int, FixMsgStoreRecord] = {}
        self.unsent: dict[int, FixMsgStoreRecord | None] = {}
        """What earlier kills left above the last number sent."""
        self.sent = self.received = 0

    def do(self, step: Step) -> None:
        if step.kind == "reset":
            self.__init__()
        elif step.kind == "receive":
            self.received += 1
        else:
            self.sent += 1
            self.messages[self.sent] = record(self.sent, f"58={step.text}|")


def kill_one(path: Path, seed: int, random: Random) -> int:
    """Start a writer, kill it some time later, and give how many of its steps were acknowledged."""
    command = [sys.executable, "-m", "tests.store.crash_writer", str(path), str(seed)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        wanted = random.choice([0, 1, random.randrange(50), random.randrange(1000)])
        read = sum(process.stdout.readline() != b"" for _ in range(wanted))
        time.sleep(random.choice([0, random.random() / 1000, random.random() / 10]))
        process.kill()
        read += process.stdout.read().count(b"\n")
        error = process.stderr.read()
    assert error == b""
    return read


def check(path: Path, known: Known, in_flight: Step) -> Known:
    """Open what a killed writer left; gives what is in it."""
    after = Known()
    after.__dict__.update(known.__dict__, messages=dict(known.messages))
    after.do(in_flight)
    with open_store(path) as store:
        found = store.get_state()
        numbers = (found.last_sent_seq_num, found.last_received_seq_num)
        assert numbers in {(known.sent, known.received), (after.sent, after.received)}
        agreed = known if numbers == (known.sent, known.received) else after
        expected = [agreed.messages[number] for number in range(1, agreed.sent + 1)]
        assert store.get_seq_num_range(1, agreed.sent) == expected
        assert not any(map(store.is_gap_filled, range(1, agreed.sent + 1)))
        # Above them is what was in flight, what a reset was about to remove, or what was there before.
        above = store.get_seq_num_range(agreed.sent + 1, agreed.sent + found.messages)
        rest = after if in_flight.kind != "reset" else known
        for number, message in enumerate(above, agreed.sent + 1):
            assert message in (None, rest.messages.get(number), known.unsent.get(number))
        agreed.unsent = dict(enumerate(above, agreed.sent + 1))
        if in_flight.kind == "reset":
            store.reset_sequences()
            agreed = Known()
    assert problems(path / FOLDER) == []
    return agreed


def test_kills(tmp_path: Path) -> None:
    random = Random(SEED)
    known = Known()
    acknowledged = 0
    for kill in range(KILLS):
        seed = random.randrange(10**9)
        print(f"PUREFIX_SEED={SEED}, kill {kill}, seed of the writer {seed}")  # shown where the test fails
        count = kill_one(tmp_path, seed, random)
        *done, in_flight = islice(steps(seed), count + 1)
        for step in done:
            known.do(step)
        acknowledged += count
        known = check(tmp_path, known, in_flight)
    assert acknowledged > 0 or KILLS < 10  # otherwise the writer never got to work
