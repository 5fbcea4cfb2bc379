"""FixMsgFileStore: a session's numbers and messages in three files (spec: File-Based Message Store Implementation)."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self, Unpack

from purefix_core.store.disk import TEMPORARY_SUFFIX, Disk
from purefix_core.store.durability import Durability
from purefix_core.store.folder_names import SessionParts, session_folder
from purefix_core.store.guards import Batch, OSErrorsAsStoreErrors, as_store_error, check_count, no_such_number
from purefix_core.store.identity import read_meta, refuse_other_version
from purefix_core.store.lock import StoreLock
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME, LARGEST_MESSAGE, pack
from purefix_core.store.messages import Damaged, FilesChanged, Messages, Misled
from purefix_core.store.meta_file import MetaFile
from purefix_core.store.opening import look_at_messages, put_right
from purefix_core.store.payload import what_is_wrong, whole_msg_type
from purefix_core.store.progress import OnProgress, untold
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, FixMsgStoreState, FixSessionState, StoreError
from purefix_core.store.resend_file import ResendFile
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, SessionMeta
from purefix_core.wire.secrets import masked_and_sealed
from purefix_core.wire.tags import LOGON

_MILLISECOND = 1_000_000
_MOST_NOTICES = 1000
"""More are only passed on: a peer may ask for a damaged message again and again."""


class FixMsgFileStore:
    """Implements FixMsgStore. Any thread may call it; one process at a time can write to a folder."""

    def __init__(
        self,
        store_path: str | Path,
        sender_comp_id: str,
        target_comp_id: str,
        *,
        begin_string: str = "",
        durability: Durability = Durability.PROCESS,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], int] = time.time_ns,
        disk: Disk | None = None,
        **parts: Unpack[SessionParts],
    ) -> None:
        """Open a session's store for writing; where there is none, one is made. It is locked until `close`.

        `sender_comp_id`: our own CompID, which is 56 of the peer's Logon; `parts`: SubIDs and the like. `begin_string`:
        where it is given, a store that has messages of another version is refused. `say` gets a line for each thing
        that is found odd. `clock` gives nanoseconds UTC. Raises StoreError where the store is in use, of another
        session, not to be written, or damaged beyond what can be put right without a person; nothing was then changed.
        """
        folder = session_folder(Path(store_path), sender_comp_id, target_comp_id, **parts)
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
        on_progress: OnProgress = untold,
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
                store._load(*read_meta(store.folder, None, store._now()), "", trust_index, on_progress)
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
        """What was found odd since opening, the newest last."""
        self.repaired: list[str] = []
        """What was put right since opening."""
        self._say = say
        self._clock = clock
        self._disk = disk or Disk()
        self._mutex = threading.RLock()
        self._lock: StoreLock | None = None
        self._batch = Batch(self._mutex, self._end_batch)
        self._batch_has_messages = False
        self._errors = OSErrorsAsStoreErrors(folder)
        self._index_was_renewed = False

    # -- opening and closing -------------------------------------------------------------------------------------

    def _open_to_write(self, comp_ids: tuple[str, str] | None, begin_string: str, trust_index: bool = True) -> None:
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.folder))
        self._lock = StoreLock(self.folder, f"{begin_string} {' -> '.join(comp_ids or ())}".strip())
        try:
            meta, content = read_meta(self.folder, comp_ids, self._now())
            self._load(meta, content, begin_string, trust_index)
            if content is None:
                content = meta.template.render(meta.state)
                self._disk.replace(self.folder / FILE_NAME, content, self.durability is Durability.POWER)
                self._load_meta(meta, content)
            for name in (FILE_NAME, RESEND_FILE, DATA_NAME, INDEX_NAME):  # left by a crash in the middle of replacing
                self._disk.remove(self.folder / (name + TEMPORARY_SUFFIX))
        except BaseException:
            self._lock.release()
            raise

    def _load(
        self,
        meta: SessionMeta,
        content: bytes | None,
        begin_string: str,
        trust_index: bool,
        on_progress: OnProgress = untold,
    ) -> None:
        """Read the messages, and put right what is wrong with their files unless we may not write."""
        self._load_meta(meta, content)
        self._resend = self._resend_file()
        self._load_messages(trust_index, begin_string, on_progress)
        last, greatest = self._state.last_sent_seq_num, self._messages.greatest
        if greatest > last:
            self._note(
                f"{DATA_NAME} has messages above the last number sent, {last}, up to {greatest}: never sent, or"
                " withdrawn by hand; they are kept, and not resent"
            )
            if not self.read_only and self._resend.withdraw_above(last, self._messages):
                self.repaired.append(f"{RESEND_FILE} lists the messages above {last} as withdrawn")
                self._resend.try_to_settle(self._note)

    def _load_meta(self, meta: SessionMeta, content: bytes | None) -> None:
        self._meta = MetaFile(self.folder, meta, content, self._disk, self.durability, self._check_place)
        self._state = meta.state

    def _resend_file(self) -> ResendFile:
        try:
            return ResendFile(self.folder, self._disk, self.durability, self._check_place)
        except StoreError as error:
            if not self.read_only:
                raise StoreError(
                    f"{error}; correct it: without it what was withdrawn, or is not to be resent, is resent when it is"
                    " asked for"
                ) from error
            self._note(f"{error}; what it says is not known")
            return ResendFile(self.folder, self._disk, self.durability, self._check_place, unreadable=True)

    def _load_messages(self, trust_index: bool, begin_string: str = "", on_progress: OnProgress = untold) -> None:
        state = self._state
        comp_ids = state.sender_comp_id, state.target_comp_id
        opened = look_at_messages(self.folder, trust_index, comp_ids, on_progress)
        self._messages = Messages(self.folder, opened, self._disk, self.durability)
        refuse_other_version(self.folder, self._messages, begin_string)  # before anything is changed
        for notice in opened.notices:
            self._note(notice)
        self._resend.ranges = self._resend.ranges.cut_to(opened.end).with_withdrawn(opened.withdrawn)
        if not self.read_only:
            self._resend.try_to_settle(self._note)  # what the index will no longer tell, for one
            for done in put_right(self.folder, opened, self._disk, self.durability is Durability.POWER):
                self.repaired.append(done)
                self._tell(done)

    def close(self) -> None:
        """Write what was held back, and free the lock."""
        with self._mutex, self._errors:
            try:
                if not self.read_only:
                    self._flush()
                    self._resend.try_to_settle(self._note)
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
            self._messages.offsets.count,
            state.last_sent_seq_num,
            state.last_received_seq_num,
            state.last_received_time,
        )

    def get_last_sent_seq_num(self) -> int:
        return self._state.last_sent_seq_num

    def get_last_received_seq_num(self) -> int:
        return self._state.last_received_seq_num

    def get_last_received_time(self) -> int | None:
        return self._state.last_received_time

    def get_created_time(self) -> int | None:
        return self._state.created_time

    def set_last_sent_seq_num(self, seq_num: int) -> None:
        if not 0 <= seq_num <= MAX_SEQ_NUM:
            raise no_such_number(seq_num, 0)
        with self._mutex:
            if self.read_only:
                raise self._not_writable()
            try:
                if seq_num >= self._state.last_sent_seq_num:
                    self._resend.settle(self._note)  # before a number passes by what it says
                    self._change(last_sent=seq_num)
                else:
                    self._change(last_sent=seq_num, at_once=True)
                    self._resend.withdraw_above(seq_num, self._messages)
                    self._resend.try_to_settle(self._note)
            except OSError as error:
                raise as_store_error(self.folder, error) from error

    def set_last_received_seq_num(self, seq_num: int) -> None:
        """It was received just now, so the time is set as well (spec: SetLastReceivedSeqNum)."""
        if not 0 <= seq_num <= MAX_SEQ_NUM:
            raise no_such_number(seq_num, 0)
        with self._mutex:
            if self.read_only:
                raise self._not_writable()
            try:
                self._change(last_received=seq_num, is_received=True)
            except OSError as error:
                raise as_store_error(self.folder, error) from error

    def set_last_received_time(self, nanos: int) -> None:
        with self._mutex, self._writing():
            self._change(received_time=nanos)

    def reset_sequences(self) -> None:
        with self._mutex, self._writing():
            # The numbers first: messages above them are never resent, while messages that are missing below them would
            # be lost to a crash in between.
            self._change(last_sent=0, last_received=0, begins=True, at_once=True)
            self._resend.withdraw_above(0, self._messages)
            self._remove_messages()
            self._resend.let(GapFillRanges(others=self._resend.ranges.others), self._note)

    def _change(
        self,
        last_sent: int | None = None,
        last_received: int | None = None,
        received_time: int | None = None,
        is_received: bool = False,
        begins: bool = False,
        at_once: bool = False,
    ) -> None:
        """`is_received`, `begins`: now is the time. `at_once`: in a batch, too, as what follows is written at once."""
        sender, target, sent, received, time_before, created, _ = self._state
        now = self._clock() // _MILLISECOND * _MILLISECOND
        new = FixSessionState(
            sender,
            target,
            sent if last_sent is None else last_sent,
            received if last_received is None else last_received,
            now if is_received else time_before if received_time is None else received_time,
            now if begins else created,
            now,
        )
        if at_once or not self._batch.depth:
            self._meta.write(new, self._note, self._messages.names_just_now())
        self._state = new

    def _now(self) -> int:
        return self._clock() // _MILLISECOND * _MILLISECOND

    # -- messages ------------------------------------------------------------------------------------------------

    def put(self, record: FixMsgStoreRecord) -> FixMsgStoreState:
        _, timestamp, seq_num, encoded = record
        if not 1 <= seq_num <= MAX_SEQ_NUM:
            raise no_such_number(seq_num, 1)
        msg_type = whole_msg_type(encoded, seq_num)
        if msg_type is None or len(encoded) > LARGEST_MESSAGE:
            raise ValueError(f"message {seq_num} {what_is_wrong(encoded, seq_num) or 'is too large'}")
        packed = pack(seq_num, timestamp, masked_and_sealed(encoded) if msg_type == LOGON else encoded)
        with self._mutex:
            if self.read_only:
                raise self._not_writable()
            older = self._messages.offsets.get(seq_num)
            in_batch = self._batch.depth > 0
            synced = self.durability is Durability.POWER and not in_batch
            try:
                try:
                    self._messages.append(seq_num, packed, synced)
                except FilesChanged:
                    self._look_again()
                    self._messages.append(seq_num, packed, synced)
            except OSError as error:
                raise as_store_error(self.folder, error) from error
            if in_batch:
                self._batch_has_messages = True
            if older is not None or seq_num in self._resend.ranges:
                self._resend.supersede(seq_num, older, self._messages.end - len(packed), self._note)
            return self.get_state()

    def _flush(self) -> None:
        try:
            self._messages.flush()
        except FilesChanged:
            self._look_again()

    def _look_again(self) -> None:
        """Somebody else changed the files."""
        self._check_place()
        self._note(f"{DATA_NAME} was changed while the session runs; it is looked at again")
        held = self._messages.held()
        self._messages.close()
        self._load_messages(trust_index=True)
        for seq_num, packed in held:
            self._messages.append(seq_num, packed)
        self._messages.flush()

    def get(self, seq_num: int) -> FixMsgStoreRecord | None:
        return self._read([seq_num])[0]

    def exists(self, seq_num: int) -> bool:
        offset = self._messages.offsets.get(seq_num)
        return offset is not None and not self._is_passed_by(seq_num, offset)

    def kept_numbers(self, from_seq_num: int, to_seq_num: int) -> Iterator[int]:
        numbers = self._messages.numbers(from_seq_num, to_seq_num)
        return filter(self.exists, numbers) if self._resend.ranges.withdrawn else numbers

    def get_seq_num_range(self, from_seq_num: int, to_seq_num: int | None = None) -> list[FixMsgStoreRecord | None]:
        with self._mutex:
            last = self._state.last_sent_seq_num
            greatest = max(last, self._messages.greatest)
            end = (last or greatest) if to_seq_num is None else min(to_seq_num, greatest)
            numbers = range(max(from_seq_num, 1), end + 1)
            check_count(self.folder, len(numbers))
            return self._read(numbers)

    def _read(self, seq_nums: Sequence[int]) -> list[FixMsgStoreRecord | None]:
        with self._mutex, self._errors:
            self._flush()
            found = self._messages.records(seq_nums)
            if not self._index_was_renewed and any(type(each) is Misled for each in found):
                self._index_was_renewed = True  # once: what is wrong afterwards is not the index
                self._messages.close()
                self._load_messages(trust_index=False)
                found = self._messages.records(seq_nums)
            if self._resend.ranges.withdrawn:
                found = [each if self.exists(number) else None for number, each in zip(seq_nums, found, strict=True)]
            return [each if type(each) is FixMsgStoreRecord else self._told(each) for each in found]

    def _told(self, found: FixMsgStoreRecord | Damaged | None) -> FixMsgStoreRecord | None:
        if isinstance(found, Damaged):
            self._note(f"{DATA_NAME}: message {found.seq_num} is damaged ({found.wrong}); it will be gap-filled")
            return None
        return found

    def clear(self) -> FixMsgStoreState:
        with self._mutex, self._writing():
            self._remove_messages()
            self._resend.let(self._resend.ranges.cut_to(0), self._note)
            return self.get_state()

    def _remove_messages(self) -> None:
        try:
            self._messages.remove_all()
        except OSError:
            self._load_messages(trust_index=True)
            raise

    # -- what is not to be resent --------------------------------------------------------------------------------

    @property
    def gap_filled(self) -> GapFillRanges:
        """What `resend.json` says."""
        return self._resend.ranges

    def is_gap_filled(self, seq_num: int) -> bool:
        return seq_num in self._resend.ranges

    def _is_passed_by(self, seq_num: int, offset: int) -> bool:
        return seq_num <= self._state.last_sent_seq_num and self._resend.ranges.is_withdrawn(seq_num, offset)

    # -- safety --------------------------------------------------------------------------------------------------

    def batch(self) -> AbstractContextManager[None]:
        return self._batch

    def _end_batch(self) -> None:
        if self.read_only:
            return
        try:
            if self.durability is Durability.POWER:
                self._messages.sync()
            if self._state is not self._meta.state:
                # A message and its number are written at once, as a rule: one look at the folder for both files.
                names = self._messages.names_just_now() if self._batch_has_messages else None
                self._meta.write(self._state, self._note, names)
        except (OSError, StoreError) as error:
            self._state = self._meta.state
            # What was put was not sent.
            self._resend.withdraw_above(self._state.last_sent_seq_num, self._messages)
            if isinstance(error, OSError):
                raise as_store_error(self.folder, error) from error
            raise
        finally:
            self._batch_has_messages = False

    def _writing(self) -> AbstractContextManager[None]:
        if self.read_only:
            raise self._not_writable()
        return self._errors

    def _not_writable(self) -> StoreError:
        return StoreError(f"{self.folder}: was opened only to be read, or is closed")

    def _check_place(self) -> None:
        if self._lock is not None and not self._lock.is_at(self.folder):
            raise StoreError(
                f"{self.folder}: was moved away while the session runs, which would go on in another folder; stop it"
            )

    def _note(self, line: str) -> None:
        """Something odd. Lines about the files begin with the name of one."""
        if line.startswith((DATA_NAME, INDEX_NAME)):
            line = f"{self.folder / line}"
        if len(self.notices) < _MOST_NOTICES:
            self.notices.append(line)
        self._tell(line)

    def _tell(self, line: str) -> None:
        if self._say is not None:
            self._say(line)
