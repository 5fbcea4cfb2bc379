"""Anything that may happen to a store, one thing after the other, against a dictionary and two numbers."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.message_files import DATA_NAME
from purefix_core.store.records import FixMsgStoreRecord
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.session_meta import FILE_NAME
from tests.store.file_stores import FOLDER, crashed, open_store, packed, problems, record

GREATEST = 40
NUMBERS = st.integers(0, GREATEST)
TEXTS = st.text("abc", max_size=60)


class Model(RuleBasedStateMachine):
    """What a store should hold. `order` is its messages as they stand in the file."""

    store: FixMsgFileStore

    @initialize(level=st.sampled_from([Durability.PROCESS] * 3 + [Durability.NONE, Durability.POWER]))
    def begin(self, level: Durability) -> None:
        self.base = Path(tempfile.mkdtemp())
        self.path = self.base / "0"
        self.opened = 0
        self.level = level
        self.sent = self.received = 0
        self.order: list[FixMsgStoreRecord] = []
        self.gap_filled: set[int] = set()
        self.withdrawn: set[int] = set()
        self.open()

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.base)

    def open(self) -> None:
        self.store = open_store(self.path, self.level)
        self.withdrawn |= {number for number in self.messages if number > self.sent}
        assert problems(self.path / FOLDER) == []

    @property
    def messages(self) -> dict[int, FixMsgStoreRecord]:
        return {each.seq_num: each for each in self.order}

    # -- what a session does ---------------------------------------------------------------------------------------

    def put(self, seq_num: int, text: str) -> None:
        message = record(seq_num, f"58={text}|" if text else "")
        self.store.put(message)
        self.order.append(message)
        self.gap_filled.discard(seq_num)
        self.withdrawn.discard(seq_num)

    def set_last_sent(self, seq_num: int) -> None:
        self.store.set_last_sent_seq_num(seq_num)
        if seq_num < self.sent:
            self.withdrawn |= {number for number in self.messages if number > seq_num}
        self.sent = seq_num

    @rule(text=TEXTS)
    def send(self, text: str) -> None:
        if self.sent < GREATEST:
            self.put(self.sent + 1, text)
            self.set_last_sent(self.sent + 1)

    @precondition(lambda self: self.sent)
    @rule(text=TEXTS)
    def use_a_number_twice(self, text: str) -> None:
        self.set_last_sent(self.sent - 1)
        self.send(text)

    @rule(texts=st.lists(TEXTS, max_size=5), received=NUMBERS)
    def send_in_a_batch(self, texts: list[str], received: int) -> None:
        with self.store.batch():
            for text in texts:
                self.send(text)
            self.receive(received)

    @rule(seq_num=NUMBERS)
    def receive(self, seq_num: int) -> None:
        self.store.set_last_received_seq_num(seq_num)
        self.received = seq_num

    @rule(seq_num=st.integers(1, GREATEST), text=TEXTS)
    def put_any(self, seq_num: int, text: str) -> None:
        self.put(seq_num, text)

    @rule(seq_num=NUMBERS)
    def set_any(self, seq_num: int) -> None:
        self.set_last_sent(seq_num)

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.order = []
        self.withdrawn = set()

    @rule()
    def reset(self) -> None:
        self.store.reset_sequences()
        self.sent = self.received = 0
        self.order = []
        self.gap_filled, self.withdrawn = set(), set()

    # -- what happens to it ----------------------------------------------------------------------------------------

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.open()

    @precondition(lambda self: self.level is not Durability.NONE)
    @rule()
    def crash(self) -> None:
        self.opened += 1
        old, self.path = self.store, crashed(self.store, self.base / str(self.opened))
        old.close()
        self.open()

    @precondition(lambda self: self.order)
    @rule(data=st.data())
    def cut_the_last_message(self, data: st.DataObject) -> None:
        self.store.close()
        last = self.order.pop()
        size = len(packed(last))
        with (self.path / FOLDER / DATA_NAME).open("r+b") as file:
            file.truncate(file.seek(0, 2) - data.draw(st.integers(1, size)))
        if last.seq_num in self.messages:  # an older one, which must not come back
            self.withdrawn.add(last.seq_num)
        self.open()

    @rule(
        sent=NUMBERS, received=NUMBERS, bom=st.booleans(), end=st.sampled_from(["\n", "\r\n"]), indent=st.integers(0, 8)
    )
    def edit_session_meta(self, sent: int, received: int, bom: bool, end: str, indent: int) -> None:
        self.store.close()
        path = self.path / FOLDER / FILE_NAME
        document = json.loads(path.read_bytes())
        document.update(lastSentSeqNum=sent, lastReceivedSeqNum=str(received), note="mine")
        text = json.dumps(document, indent=indent or None).replace("\n", end)
        path.write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))
        self.sent, self.received = sent, received
        self.open()

    @rule(ranges=st.lists(st.tuples(st.integers(1, GREATEST), st.integers(0, 9)), max_size=3))
    def edit_resend_json(self, ranges: list[tuple[int, int]]) -> None:
        self.store.close()
        entries = [{"from": first, "to": first + more} for first, more in ranges]
        path = self.path / FOLDER / RESEND_FILE
        document = json.loads(path.read_bytes()) if path.exists() else {}
        path.write_text(json.dumps({**document, "gapFill": entries}))
        self.gap_filled = {number for first, more in ranges for number in range(first, first + more + 1)}
        self.open()

    # -- what must be so -------------------------------------------------------------------------------------------

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "store"):
            return
        store, messages = self.store, self.messages
        state = store.get_state()
        assert state[:3] == (len(messages), self.sent, self.received)
        seen = {number: each for number, each in messages.items() if number > self.sent or number not in self.withdrawn}
        expected = [seen.get(number) for number in range(1, GREATEST + 1)]
        last = self.sent or max(messages, default=0)
        assert store.get_seq_num_range(1) == expected[:last]
        greatest = max(self.sent, *messages, 0)
        assert store.get_seq_num_range(1, GREATEST) == expected[:greatest]
        for number in (1, self.sent, self.sent + 1, greatest):
            assert store.exists(number) == (number in seen)
            assert store.get(number) == seen.get(number)
        assert list(store.kept_numbers(1, GREATEST)) == sorted(seen)
        numbers = range(1, GREATEST + 10)
        assert {number for number in numbers if store.is_gap_filled(number)} == self.gap_filled

    @invariant()
    def other_readers_see_the_same(self) -> None:
        if not hasattr(self, "store") or self.level is Durability.NONE:
            return
        with FixMsgFileStore.open_folder(self.store.folder) as reader:
            assert reader.get_state() == self.store.get_state()
            assert reader.gap_filled == self.store.gap_filled
            assert [line for line in reader.notices if "above the last number sent" not in line] == []


Model.TestCase.settings = settings(stateful_step_count=30)
TestModel = Model.TestCase
