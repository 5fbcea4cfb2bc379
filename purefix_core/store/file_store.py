"""FixMsgFileStore: a session's numbers and messages in three files (spec: File-Based Message Store Implementation)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Self

from purefix_core.store.disk import TEMPORARY_SUFFIX, Disk
from purefix_core.store.durability import Durability
from purefix_core.store.folder_names import session_folder
from purefix_core.store.lock import StoreLock
from purefix_core.store.message_files import DATA_NAME, LARGEST_MESSAGE, Located, pack
from purefix_core.store.messages import FilesChanged, Messages
from purefix_core.store.meta_file import MetaFile
from purefix_core.store.opening import look_at_messages, put_right
from purefix_core.store.payload import what_is_wrong
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, FixMsgStoreState, FixSessionState, StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import (
    FILE_NAME,
    SessionMeta,
    new_session_meta,
    parse_session_meta,
    read_settled,
)
from purefix_core.wire.message import as_text
from purefix_core.wire.secrets import masked_and_sealed

_MILLISECOND = 1_000_000
_MOST_NOTICES = 1000
"""More are only passed on: a peer may ask for a damaged message again and again."""
_WITHDRAWN = "never sent, or withdrawn by hand"
_LOST = "is damaged, and an older message of that number is not it"


class FixMsgFileStore:
    """Implements FixMsgStore. Any thread may call it; one process at a time can write to a folder."""

    def __init__(
        self,
        store_path: str | Path,
        sender_comp_id: str,
        target_comp_id: str,
        *,
        sender_sub_id: str = "",
        sender_location_id: str = "",
        target_sub_id: str = "",
        target_location_id: str = "",
        session_qualifier: str = "",
        begin_string: str = "",
        durability: Durability = Durability.PROCESS,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], int] = time.time_ns,
        disk: Disk | None = None,
    ) -> None:
        """Open a session's store for writing; where there is none, one is made. It is locked until `close`.

        `sender_comp_id`: our own CompID, which is 56 of the peer's Logon. `begin_string`: where it is given, a store
        that has messages of another version is refused. `say` gets a line for each thing that is found odd.
        `clock` gives nanoseconds UTC. Raises StoreError where the store is in use, of another session, not to be
        written, or damaged beyond what can be put right without a person; nothing was then changed.
        """
        folder = session_folder(
            Path(store_path),
            sender_comp_id,
            target_comp_id,
            sender_sub_id=sender_sub_id,
            sender_location_id=sender_location_id,
            target_sub_id=target_sub_id,
            target_location_id=target_location_id,
            session_qualifier=session_qualifier,
        )
        self._set_up(folder, False, durability, say, clock, disk)
        with self._errors:
            self._disk.make_folder(folder, durability is Durability.POWER)
            self._open_to_write((sender_comp_id, target_comp_id), begin_string)

    @classmethod
    def open_folder(
        cls,
        folder: str | Path,
        *,
        read_only: bool = True,
        trust_index: bool = True,
        durability: Durability = Durability.PROCESS,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], int] = time.time_ns,
        disk: Disk | None = None,
    ) -> Self:
        """Open the store in a folder, whosoever it is. Read-only it is not locked and not repaired, and may be in use.

        Without `trust_index` all messages are read to see whether the index agrees with them. Raises StoreError.
        """
        store = cls.__new__(cls)
        store._set_up(Path(folder), read_only, durability, say, clock, disk)
        with store._errors:
            if not store.folder.is_dir():
                raise StoreError(f"{folder}: there is no such folder")
            if read_only:
                store._load(*store._read_meta(None), trust_index=trust_index)
            else:
                store._open_to_write(None, "", trust_index)
        return store

    def _set_up(
        self,
        folder: Path,
        read_only: bool,
        durability: Durability,
        say: Callable[[str], None] | None,
        clock: Callable[[], int],
        disk: Disk | None,
    ) -> None:
        self.folder = folder
        self.read_only = read_only
        self.durability = durability
        self.notices: list[str] = []
        """What was found odd, or repaired, since opening; the newest last."""
        self._say = say
        self._clock = clock
        self._disk = disk or Disk()
        self._mutex = threading.RLock()
        self._lock: StoreLock | None = None
        self._batches = 0
        self._batch = _Batch(self._enter_batch, self._leave_batch)
        self._errors = _OSErrorsAsStoreErrors(self.folder)
        self._index_was_renewed = False

    # -- opening and closing -------------------------------------------------------------------------------------

    def _open_to_write(self, comp_ids: tuple[str, str] | None, begin_string: str, trust_index: bool = True) -> None:
        self._lock = StoreLock(self.folder, f"{begin_string} {' -> '.join(comp_ids or ())}".strip())
        try:
            meta, content = self._read_meta(comp_ids)
            self._load(meta, content, begin_string, trust_index)
            if content is None:
                content = meta.template.render(meta.state)
                self._disk.replace(self.folder / FILE_NAME, content, self.durability is Durability.POWER)
                self._load_meta(meta, content)
            for name in (FILE_NAME, RESEND_FILE):  # left by a crash in the middle of replacing
                self._disk.remove(self.folder / (name + TEMPORARY_SUFFIX))
        except BaseException:
            self._lock.release()
            raise

    def _read_meta(self, comp_ids: tuple[str, str] | None) -> tuple[SessionMeta, bytes | None]:
        """`session.meta` and its bytes; a new one where there is nothing yet for these CompIDs."""
        path = self.folder / FILE_NAME
        try:
            content = read_settled(path)
        except FileNotFoundError:
            if comp_ids is None or (self.folder / DATA_NAME).exists():
                raise StoreError(
                    f"{path}: is missing, and nothing else says which numbers come next; "
                    "write it with: purefix store set FOLDER --last-sent N --last-received N"
                ) from None
            return new_session_meta(*comp_ids, self._now()), None
        meta = parse_session_meta(path, content)
        named = meta.state.sender_comp_id, meta.state.target_comp_id
        if comp_ids is not None and named != comp_ids:
            ours, theirs = " -> ".join(comp_ids), " -> ".join(named)
            raise StoreError(f"{path}: is of the session {theirs}, not of {ours}; move it out of the way")
        return meta, content

    def _load(self, meta: SessionMeta, content: bytes | None, begin_string: str = "", trust_index: bool = True) -> None:
        """Read the messages, and put right what is wrong with their files unless we may not write."""
        self._gap_filled = GapFillRanges.load(self.folder / RESEND_FILE)
        self._load_meta(meta, content)
        self._load_messages(trust_index, begin_string)
        if self._messages.greatest > self._state.last_sent_seq_num:
            self._note(
                f"{DATA_NAME} has messages above the last number sent, {self._state.last_sent_seq_num}, up to"
                f" {self._messages.greatest}: never sent, or withdrawn by hand; they are kept, and not resent"
            )

    def _load_meta(self, meta: SessionMeta, content: bytes | None) -> None:
        self._meta = MetaFile(self.folder, meta, content, self._disk, self.durability)
        self._state = meta.state

    def _load_messages(self, trust_index: bool, begin_string: str = "") -> None:
        opened = look_at_messages(self.folder, trust_index)
        self._messages = Messages(self.folder, opened, self._disk, self.durability)
        self._refuse_other_version(begin_string)  # before anything is changed
        self._lost = set(opened.lost)
        for notice in opened.notices:
            self._note(notice)
        if opened.lost:
            self._note(
                f"{DATA_NAME}: numbers whose newest message is lost, while an older one is there: {len(opened.lost):,};"
                " they will be gap-filled"
            )
            self._gap_fill_too(sorted(opened.lost), _LOST)  # the index will no longer tell that there was a newer one
        if not self.read_only:
            for done in put_right(self.folder, opened, self._disk, self.durability is Durability.POWER):
                self._note(done)
        self._stale_end = opened.end
        """Records before it were put before this opening; those above the last number sent are withdrawn."""

    def _refuse_other_version(self, begin_string: str) -> None:
        newest = self._messages.read([self._messages.greatest])[0]
        found = "" if newest is None or newest.wrong else as_text(newest.encoded[2 : newest.encoded.find(b"\x01")])
        if begin_string and found and found != begin_string:
            raise StoreError(
                f"{self.folder}: has messages of {found}, but the session speaks {begin_string}; two sessions cannot "
                "share a store: give one of them a SessionQualifier or another store path, or reset the store"
            )

    def close(self) -> None:
        """Write what was held back, and free the lock."""
        with self._mutex, self._errors:
            try:
                if not self.read_only:
                    self._flush()
                    self._meta.close(self._note)
            finally:
                self._messages.close()
                if self._lock is not None:
                    self._lock.release()
                    self._lock = None
                self.read_only = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    # -- numbers -------------------------------------------------------------------------------------------------

    @property
    def session(self) -> FixSessionState:
        """What `session.meta` says."""
        return self._state

    def get_state(self) -> FixMsgStoreState:
        state = self._state
        return FixMsgStoreState(
            len(self._messages), state.last_sent_seq_num, state.last_received_seq_num, state.last_received_time
        )

    def get_last_sent_seq_num(self) -> int:
        return self._state.last_sent_seq_num

    def get_last_received_seq_num(self) -> int:
        return self._state.last_received_seq_num

    def get_last_received_time(self) -> int | None:
        return self._state.last_received_time

    def set_last_sent_seq_num(self, seq_num: int) -> None:
        _check_number(seq_num, 0)
        with self._mutex, self._writing():
            lowered = seq_num < self._state.last_sent_seq_num
            if not lowered:
                self._pass_by(seq_num)
            self._change(last_sent=seq_num)
            if lowered:
                self._stale_end = self._messages.end  # all that is above it from now on is withdrawn

    def set_last_received_seq_num(self, seq_num: int) -> None:
        """It was received just now, so the time is set as well (spec: SetLastReceivedSeqNum)."""
        _check_number(seq_num, 0)
        with self._mutex, self._writing():
            self._change(last_received=seq_num, received_time=self._now())

    def set_last_received_time(self, nanos: int) -> None:
        with self._mutex, self._writing():
            self._change(received_time=nanos)

    def reset_sequences(self) -> None:
        with self._mutex, self._writing():
            # The numbers first: messages above them are never resent, while messages that are missing below them would
            # be lost to a crash in between.
            self._change(last_sent=0, last_received=0, at_once=True)
            self._stale_end = self._messages.end
            self._remove_messages()
            self._gap_fill(GapFillRanges())

    def _change(
        self,
        last_sent: int | None = None,
        last_received: int | None = None,
        received_time: int | None = None,
        at_once: bool = False,
    ) -> None:
        """`at_once`: also in a batch."""
        old = self._state
        new = FixSessionState(
            old.sender_comp_id,
            old.target_comp_id,
            old.last_sent_seq_num if last_sent is None else last_sent,
            old.last_received_seq_num if last_received is None else last_received,
            old.last_received_time if received_time is None else received_time,
            old.created_time,
            self._now(),
        )
        if at_once or not self._batches:
            self._meta.write(new, self._note)
        self._state = new

    def _now(self) -> int:
        return self._clock() // _MILLISECOND * _MILLISECOND

    def _pass_by(self, seq_num: int) -> None:
        """The last number sent is about to become `seq_num`. Messages of an earlier opening that were above it were
        never sent, or withdrawn by hand: when the number passes them by, they must not be resent all the same."""
        last = self._state.last_sent_seq_num
        passed: Iterable[int] = (seq_num,)
        if seq_num != last + 1:
            passed = self._messages.numbers(last + 1, seq_num)
        stale = [number for number in passed if self._is_stale(number)]
        if stale:
            self._gap_fill_too(stale, _WITHDRAWN)

    def _is_stale(self, seq_num: int) -> bool:
        offset = self._messages.offset_of(seq_num)
        return offset is not None and offset < self._stale_end

    # -- messages ------------------------------------------------------------------------------------------------

    def put(self, record: FixMsgStoreRecord) -> FixMsgStoreState:
        seq_num, encoded = record.seq_num, record.encoded
        _check_number(seq_num, 1)
        wrong = what_is_wrong(encoded, seq_num)
        if wrong or len(encoded) > LARGEST_MESSAGE:
            raise ValueError(f"message {seq_num} {wrong or 'is too large'}")
        packed = pack(seq_num, record.timestamp, masked_and_sealed(encoded))
        with self._mutex, self._writing():
            before = self._gap_filled
            if seq_num in before:  # that was said of another message of this number
                self._gap_fill(before.without(seq_num, seq_num))
            try:
                self._append(seq_num, packed)
            except OSError:
                if before is not self._gap_filled:
                    with suppress(OSError):  # the older message is above the last number sent, or passed by again
                        self._gap_fill(before)
                raise
            self._lost.discard(seq_num)
            if self.durability is Durability.POWER and not self._batches:
                self._messages.sync()
            return self.get_state()

    def _append(self, seq_num: int, packed: bytes) -> None:
        try:
            self._messages.append(seq_num, packed)
        except FilesChanged:
            self._look_again()
            self._messages.append(seq_num, packed)

    def _flush(self) -> None:
        try:
            self._messages.flush()
        except FilesChanged:
            self._look_again()

    def _look_again(self) -> None:
        """Somebody else changed the files."""
        self._note(f"{self.folder}: {DATA_NAME} was changed while the session runs; it is looked at again")
        held = self._messages.held()
        self._messages.close()
        self._load_messages(trust_index=True)
        for seq_num, packed in held:
            self._messages.append(seq_num, packed)
        self._messages.flush()

    def get(self, seq_num: int) -> FixMsgStoreRecord | None:
        return self._read([seq_num])[0]

    def exists(self, seq_num: int) -> bool:
        return self._messages.offset_of(seq_num) is not None

    def kept_numbers(self, from_seq_num: int, to_seq_num: int) -> Iterator[int]:
        return self._messages.numbers(from_seq_num, to_seq_num)

    def get_seq_num_range(self, from_seq_num: int, to_seq_num: int | None = None) -> list[FixMsgStoreRecord | None]:
        with self._mutex:
            last = self._state.last_sent_seq_num
            greatest = max(last, self._messages.greatest)
            end = (last or greatest) if to_seq_num is None else min(to_seq_num, greatest)
            return self._read(range(max(from_seq_num, 1), end + 1))

    def _read(self, seq_nums: Sequence[int]) -> list[FixMsgStoreRecord | None]:
        with self._mutex, self._errors:
            self._flush()
            located = self._messages.read(seq_nums)
            if any(map(self._is_misled, seq_nums, located)) and not self._index_was_renewed:
                self._index_was_renewed = True  # once: what is wrong afterwards is not the index
                self._messages.close()
                stale_end = self._stale_end
                self._load_messages(trust_index=False)
                self._stale_end = min(stale_end, self._stale_end)
                located = self._messages.read(seq_nums)
            return list(map(self._record, seq_nums, located))

    def _is_misled(self, seq_num: int, located: Located | None) -> bool:
        """Whether the index names a place where there is no record of that number."""
        if located is None:
            return self._messages.offset_of(seq_num) is not None
        return located.seq_num != seq_num

    def _record(self, seq_num: int, located: Located | None) -> FixMsgStoreRecord | None:
        wrong = "there is no record of it"
        if located is not None and located.seq_num == seq_num and seq_num not in self._lost:
            wrong = located.wrong
            if not wrong:
                return located.record()
        if self.exists(seq_num):
            self._note(f"{DATA_NAME}: message {seq_num} is damaged ({wrong}); it will be gap-filled")
        return None

    def clear(self) -> FixMsgStoreState:
        with self._mutex, self._writing():
            self._remove_messages()
            return self.get_state()

    def _remove_messages(self) -> None:
        try:
            self._messages.remove_all()
        except OSError:
            self._load_messages(trust_index=True)
            raise
        self._stale_end = 0
        self._lost.clear()

    # -- what is not to be resent --------------------------------------------------------------------------------

    @property
    def gap_filled(self) -> GapFillRanges:
        """What `resend.json` says."""
        return self._gap_filled

    def is_gap_filled(self, seq_num: int) -> bool:
        return seq_num in self._gap_filled

    def _gap_fill_too(self, seq_nums: list[int], reason: str) -> None:
        ranges = self._gap_filled
        try:
            for first, end in _runs(seq_nums):
                ranges = ranges.with_range(first, end, reason)
        except ValueError as error:
            raise StoreError(f"{self.folder / RESEND_FILE}: {error}") from error
        self._gap_fill(ranges)

    def _gap_fill(self, ranges: GapFillRanges) -> None:
        path = self.folder / RESEND_FILE
        if not self.read_only:
            if ranges.ranges or ranges.others:
                self._disk.replace(path, ranges.to_json(), self.durability is Durability.POWER)
            else:
                self._disk.remove(path)
        self._gap_filled = ranges

    # -- safety --------------------------------------------------------------------------------------------------

    def batch(self) -> AbstractContextManager[None]:
        return self._batch

    def _enter_batch(self) -> None:
        self._mutex.acquire()
        self._batches += 1

    def _leave_batch(self) -> None:
        try:
            self._batches -= 1
            if not self._batches and not self.read_only:
                with self._errors:
                    try:
                        if self.durability is Durability.POWER:
                            self._messages.sync()
                        if self._state is not self._meta.state:
                            self._meta.write(self._state, self._note)
                    except (OSError, StoreError):
                        self._state = self._meta.state
                        self._stale_end = self._messages.end  # what was put is above its number, and was not sent
                        raise
        finally:
            self._mutex.release()

    def _writing(self) -> AbstractContextManager[None]:
        if self.read_only:
            raise StoreError(f"{self.folder}: was opened only to be read, or is closed")
        return self._errors

    def _note(self, line: str) -> None:
        if len(self.notices) < _MOST_NOTICES:
            self.notices.append(line)
        if self._say is not None:
            self._say(line)


class _Batch(AbstractContextManager[None]):
    """`with store.batch():`, made once for each store since a session enters it for each message."""

    def __init__(self, enter: Callable[[], None], leave: Callable[[], None]) -> None:
        self._enter, self._leave = enter, leave

    def __enter__(self) -> None:
        self._enter()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._leave()


class _OSErrorsAsStoreErrors(AbstractContextManager[None]):
    """Turns what the system refuses into one clear line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise StoreError(f"{error.filename or self._folder}: {error.strerror or error}") from error


def _check_number(seq_num: int, least: int) -> None:
    if not least <= seq_num <= MAX_SEQ_NUM:
        raise ValueError(f"expected a MsgSeqNum from {least} to {MAX_SEQ_NUM:,}, found {seq_num}")


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of numbers that follow each other."""
    first = last = -1
    for number in numbers:
        if number != last + 1:
            if last > 0:
                yield first, last
            first = number
        last = number
    if last > 0:
        yield first, last
