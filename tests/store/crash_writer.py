"""A process that writes to a store until it is killed: `python -m tests.store.crash_writer STORE_PATH SEED`.

After each step that the store has acknowledged it writes the number of the step and a line feed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from purefix_core.store.file_store import FixMsgFileStore
from tests.store.file_stores import open_store, record


class Step(NamedTuple):
    kind: str
    """`batch`: put and number in a batch; `send`: one after the other; `receive`; `reset`."""
    text: str = ""


def steps(seed: int) -> Iterator[Step]:
    """What a writer does, the same for the same seed."""
    random = Random(seed)
    while True:
        kind = random.choices(["batch", "send", "receive", "reset"], [50, 30, 20, 0.5])[0]
        size = random.choice([0, 10, 200, 5000 if random.random() < 0.1 else 50])
        yield Step(kind, random.randbytes(size).hex())


def run(store: FixMsgFileStore, step: Step) -> None:
    if step.kind == "reset":
        store.reset_sequences()
    elif step.kind == "receive":
        store.set_last_received_seq_num(store.get_last_received_seq_num() + 1)
    else:
        number = store.get_last_sent_seq_num() + 1
        message = record(number, f"58={step.text}|")
        if step.kind == "batch":
            with store.batch():
                store.put(message)
                store.set_last_sent_seq_num(number)
        else:
            store.put(message)
            store.set_last_sent_seq_num(number)


def main() -> None:
    store = open_store(Path(sys.argv[1]))
    for number, step in enumerate(steps(int(sys.argv[2]))):
        run(store, step)
        os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    main()
