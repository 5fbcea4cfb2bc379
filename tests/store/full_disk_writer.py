"""Writes to a store with a limit on the size of files: `python -m tests.store.full_disk_writer STORE_PATH LEVEL`.

Prints a line of JSON for each thing that is tried: what was tried, what was said, and what the store then held.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from purefix_core.store.durability import Durability
from purefix_core.store.records import StoreError
from tests.store.file_stores import open_store, record

LIMIT = 2000
"""Bytes of a file: about twenty messages."""


def attempt(what: str, action: Callable[[], object], held: Callable[[], object]) -> None:
    before = held()
    try:
        action()
        said = ""
    except StoreError as error:
        said = str(error)
    print(json.dumps([what, said, before == held()]), flush=True)


def main() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    path, level = Path(sys.argv[1]), Durability(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
    with open_store(path, level) as store:

        def held() -> object:
            return store.get_state(), store.get_seq_num_range(1, 1000), list(store.gap_filled)

        for number in range(1, 100):
            before = held()
            try:
                store.put(record(number))
                store.set_last_sent_seq_num(number)
            except StoreError as error:
                print(json.dumps(["put", str(error), before == held()]), flush=True)
                break
        attempt("again", lambda: store.put(record(number)), held)
        attempt("small", lambda: store.set_last_received_seq_num(7), held)
        attempt("large", lambda: store.put(record(number, "58=" + "x" * 5000 + "|")), held)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
        attempt("lower", lambda: store.set_last_sent_seq_num(3), held)
        attempt("reset", store.reset_sequences, held)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        attempt("room again", lambda: store.put(record(number)), held)
        attempt("numbers", lambda: store.set_last_sent_seq_num(number), held)
        print(json.dumps(["last", number, store.get(number) == record(number)]), flush=True)


if __name__ == "__main__":
    main()
