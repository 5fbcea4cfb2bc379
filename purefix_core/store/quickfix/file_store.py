"""QuickFixFileStore: a session's numbers and messages in the files of a QuickFIX engine."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Self

from purefix_core.store.disk import Disk
from purefix_core.store.guards import check_count
from purefix_core.store.message_files import LARGEST_MESSAGE, Reader, windowed
from purefix_core.store.payload import msg_type_of, sending_time_of, what_is_wrong
from purefix_core.store.progress import OnProgress, untold
from purefix_core.store.quickfix.editing import refuse_unless_written
from purefix_core.store.quickfix.entries import Entries, Entry, fits
from purefix_core.store.quickfix.files import QuickFixFiles, new_files
from purefix_core.store.quickfix.header import read_header
from purefix_core.store.quickfix.numbers import Numbers, pair_text, read_numbers, session_text
from purefix_core.store.quickfix.reading import open_to_read, open_to_write, pread
from purefix_core.store.quickfix.tails import look_at_tails, put_right
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, FixMsgStoreState, FixSessionState, StoreError
from purefix_core.wire.secrets import masked_and_sealed

_MOST_NOTICES = 1000
_WORTH_A_WINDOW = 20
_BODY, _HEADER, _SEQNUMS = range(3)


class QuickFixFileStore:
    """Implements FixMsgStore. The layout of QuickFIX C++ is read and written, those of the other engines are read.

    The files keep no time of the last message received: it is None after opening. QuickFIX takes no lock: an engine
    that runs on the same files goes its own way (store/in_use.py tells of it). Any thread may call it.
    """

    def __init__(
        self,
        files: QuickFixFiles,
        read_only: bool = True,
        *,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], int] = time.time_ns,
        disk: Disk | None = None,
        on_progress: OnProgress = untold,
    ) -> None:
        """Open a store that is there. To be written to it is put right first: what a write that was cut short left at
        the ends of header and body goes to dated side files. `say` gets a line for each thing that is found odd, at
        once and later. Raises StoreError."""
        if not read_only:
            refuse_unless_written(files)
        self.files = files
        self.path = files.path
        """What the names of all its files begin with."""
        self.begin_string = files.begin_string
        self.read_only = read_only
        self.notices: list[str] = []
        """What was found odd since opening; the newest last."""
        self.repaired: list[str] = []
        """What was put right when it was opened."""
        self.without_header = ""
        """That of the notices, if there is one, which says that the header has no entry at all for a body."""
        self._say = say
        self._clock = clock
        self._disk = disk or Disk()
        self._mutex = threading.RLock()
        self._unusable = ""
        self._told: set[int] = set()
        self._descriptors: list[int] = []
        self._body: int | None = None
        self._received_time: int | None = None
        try:
            with _told_of(files.path):
                self._open(on_progress)
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls,
        folder: str | Path,
        begin_string: str,
        sender_comp_id: str,
        target_comp_id: str,
        session_qualifier: str = "",
        *,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], int] = time.time_ns,
        disk: Disk | None = None,
    ) -> Self:
        """A new store in the layout of QuickFIX C++, open to be written. Raises StoreError where there is one already,
        and where the identifiers cannot stand in a file name: QuickFIX writes them as they are."""
        files = new_files(Path(folder), begin_string, sender_comp_id, target_comp_id, session_qualifier)
        disk = disk or Disk()
        with _told_of(files.path):
            for path in files.paths:
                if path.exists():
                    raise StoreError(f"{path}: is there already")
            disk.make_folder(files.folder)
            for path, content in (
                (files.session, session_text(clock())),
                (files.body, b""),
                (files.header, b""),
                (files.seqnums, pair_text(1, 1)),
            ):
                disk.replace(path, content)
        return cls(files, read_only=False, say=say, clock=clock, disk=disk)

    # -- opening and closing -------------------------------------------------------------------------------------

    def _open(self, on_progress: OnProgress) -> None:
        files = self.files
        if not any(path.exists() for path in files.paths):
            raise StoreError(f"{files.path}: no such store")
        # The header first: what it points at was then written before the body is looked at.
        header = read_header(files, on_progress)
        if self.read_only:
            self._body = open_to_read(files.body)
            self._descriptors = [] if self._body is None else [self._body]
            if self._body is None:
                self._tell(f"{files.body}: there is no such file; no message can be read")
            tails = look_at_tails(files, header, self._body)
            self._tell(*header.notices, *tails.notices)
        else:
            for path in (files.body, files.header, files.seqnums):
                if not path.exists():
                    self.repaired.append(f"{path}: was missing; an empty one was made")
                self._descriptors.append(open_to_write(self._disk, path))
            self._body = self._descriptors[_BODY]
            tails = look_at_tails(files, header, self._body)
            self._tell(*header.notices, *tails.notices)
            done = put_right(files, header, tails, self._disk, (self._descriptors[_HEADER], self._descriptors[_BODY]))
            if done:
                self.repaired += done
                header = read_header(files)
            if self._say is not None:
                for text in self.repaired:
                    self._say(text)
        self.without_header = tails.without_header
        self._entries = header.entries
        beyond, first = header.entries.beyond(self._body_size())
        if beyond:
            self._tell(f"{files.header}: {beyond:,} entries point beyond the body, first that of number {first}")
        self._numbers = read_numbers(files)
        self._tell(*self._numbers.notices)

    def close(self) -> None:
        """Nothing else may be called afterwards."""
        descriptors, self._descriptors, self._body = self._descriptors, [], None
        for descriptor in descriptors:
            with suppress(OSError):
                self._disk.close(descriptor)

    def _body_size(self) -> int:
        return 0 if self._body is None else os.fstat(self._body).st_size

    def _tell(self, *texts: str) -> None:
        for text in texts:
            if len(self.notices) < _MOST_NOTICES:
                self.notices.append(text)
            if self._say is not None:
                self._say(text)

    # -- what it holds -------------------------------------------------------------------------------------------

    @property
    def session(self) -> FixSessionState:
        """Whose store it is, and where it stands."""
        modified = None
        with suppress(OSError):
            modified = max(path.stat().st_mtime_ns for path in self.files.number_files)
        return FixSessionState(
            self.files.sender_comp_id,
            self.files.target_comp_id,
            self.get_last_sent_seq_num(),
            self.get_last_received_seq_num(),
            self._received_time,
            self._numbers.created,
            modified,
        )

    def get_state(self) -> FixMsgStoreState:
        return FixMsgStoreState(
            len(self._entries), self.get_last_sent_seq_num(), self.get_last_received_seq_num(), self._received_time
        )

    def exists(self, seq_num: int) -> bool:
        return self._entries.find(seq_num) is not None

    def get(self, seq_num: int) -> FixMsgStoreRecord | None:
        with self._mutex:
            entry = self._entries.find(seq_num)
            return None if entry is None else self._record(entry, self._bytes, self._body_size())

    def kept_numbers(self, from_seq_num: int, to_seq_num: int) -> Iterator[int]:
        return (entry.seq_num for entry in self._entries.between(from_seq_num, to_seq_num))

    def get_seq_num_range(self, from_seq_num: int, to_seq_num: int | None = None) -> list[FixMsgStoreRecord | None]:
        with self._mutex:
            last_sent, greatest = self.get_last_sent_seq_num(), self._entries.greatest
            if to_seq_num is None:
                to_seq_num = last_sent or greatest
            first, last = max(from_seq_num, 1), min(to_seq_num, max(last_sent, greatest))
            count = max(last - first + 1, 0)
            check_count(self.path, count)
            body_size = self._body_size()
            read = self._bytes if count < _WORTH_A_WINDOW else windowed(self._bytes, body_size)
            found: list[FixMsgStoreRecord | None] = [None] * count
            for entry in self._entries.between(first, last):
                found[entry.seq_num - first] = self._record(entry, read, body_size)
            return found

    @property
    def entries(self) -> Entries:
        """Where each message stands, by number; not to be changed."""
        return self._entries

    @property
    def unreadable(self) -> tuple[str, str]:
        """What is wrong with the next number out and with the next one in, and what then counts; "" for a good one."""
        return self._numbers.odd_out, self._numbers.odd_in

    def what_is_wrong_with(self, entry: Entry) -> str:
        """A line that names the file, the number and the offset; "" for a whole message. Raises StoreError."""
        with self._mutex:
            wrong = self._whole(entry, self._bytes, self._body_size())[1]
        return self._line(entry, wrong) if wrong else ""

    def _line(self, entry: Entry, wrong: str) -> str:
        return f"{self.files.body}: message {entry.seq_num} at offset {entry.offset} {wrong}"

    def _record(self, entry: Entry, read: Reader, body_size: int) -> FixMsgStoreRecord | None:
        encoded, wrong = self._whole(entry, read, body_size)
        if not wrong:
            return FixMsgStoreRecord(msg_type_of(encoded), sending_time_of(encoded), entry.seq_num, encoded)
        if entry.seq_num not in self._told and len(self._told) < _MOST_NOTICES:
            self._told.add(entry.seq_num)
            self._tell(self._line(entry, wrong))
        return None

    def _whole(self, entry: Entry, read: Reader, body_size: int) -> tuple[bytes, str]:
        """The bytes of a message and what is wrong with them."""
        if not fits(entry, body_size):
            return b"", "lies beyond the body"
        if entry.size > LARGEST_MESSAGE:
            return b"", f"has {entry.size:,} bytes, expected at most {LARGEST_MESSAGE:,}"
        encoded = read(entry.size, entry.offset)
        return encoded, what_is_wrong(encoded, entry.seq_num)

    def _bytes(self, size: int, offset: int) -> bytes:
        if self._body is None:
            return b""
        with _told_of(self.files.body):
            return pread(self._body, size, offset)

    def is_gap_filled(self, seq_num: int) -> bool:  # noqa: ARG002 (the interface has it)
        """Never: a QuickFIX engine fills the gap of what has no entry, and nothing else says so."""
        return False

    def get_last_sent_seq_num(self) -> int:
        return self._numbers.next_out - 1

    def get_last_received_seq_num(self) -> int:
        return self._numbers.next_in - 1

    def get_last_received_time(self) -> int | None:
        return self._received_time

    def get_created_time(self) -> int | None:
        return self._numbers.created

    # -- what changes it -----------------------------------------------------------------------------------------

    def put(self, record: FixMsgStoreRecord) -> FixMsgStoreState:
        """Append a message: the body first, then the header, so that no entry ever points at what is not there."""
        with self._mutex:
            if not 1 <= record.seq_num <= MAX_SEQ_NUM:
                raise ValueError(f"MsgSeqNum is {record.seq_num}, expected 1 to {MAX_SEQ_NUM}")
            wrong = what_is_wrong(record.encoded, record.seq_num)
            if wrong:
                raise ValueError(f"message {record.seq_num} {wrong}")
            if b"\0" in record.encoded:
                raise ValueError(f"message {record.seq_num} holds a zero byte, behind which QuickFIX C++ reads nothing")
            encoded = masked_and_sealed(record.encoded)
            with self._writing():
                body, header, _ = self._descriptors
                offset, header_end = os.fstat(body).st_size, os.fstat(header).st_size
                self._append(body, encoded, offset, ())
                entry = Entry(record.seq_num, offset, len(encoded))
                self._append(header, b"%d,%d,%d " % entry, header_end, ((body, offset),))
            self._entries.put(entry)
            self._told.discard(record.seq_num)
            return self.get_state()

    def set_last_sent_seq_num(self, seq_num: int) -> None:
        with self._mutex:
            self._set_numbers(self._numbers._replace(next_out=_next(seq_num)))

    def set_last_received_seq_num(self, seq_num: int) -> None:
        with self._mutex:
            self._set_numbers(self._numbers._replace(next_in=_next(seq_num)))
            self._received_time = self._clock()

    def set_last_received_time(self, nanos: int) -> None:
        """Kept in memory only."""
        self._received_time = nanos

    def clear(self) -> FixMsgStoreState:
        with self._mutex, self._writing():
            # The header first: entries never point at what is gone.
            self._disk.truncate(self._descriptors[_HEADER], 0)
            self._entries = Entries()
            self._told.clear()
            self._disk.truncate(self._descriptors[_BODY], 0)
            return self.get_state()

    def reset_sequences(self) -> None:
        """Forget all messages and begin both sequences with 1 again; the session begins now."""
        with self._mutex:
            self.clear()
            created = self._clock()
            with self._writing():
                self._disk.replace(self.files.session, session_text(created))
            self._set_numbers(self._numbers._replace(next_out=1, next_in=1, created=created))

    def batch(self) -> AbstractContextManager[None]:
        """Each write reaches the kernel at once, so there is nothing to gather."""
        return nullcontext()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.read_only:
            raise StoreError(f"{self.path}: was opened read-only")
        if self._unusable:
            raise StoreError(self._unusable)
        with _told_of(self.path):
            yield

    def _append(self, descriptor: int, data: bytes, end: int, others: tuple[tuple[int, int], ...]) -> None:
        """Write at the end of a file; if that fails, it and the `others` are cut back to where they ended."""
        try:
            self._disk.write(descriptor, data, end)
        except BaseException:
            try:
                for written, size in ((descriptor, end), *others):
                    self._disk.truncate(written, size)
            except OSError as error:
                self._unusable = (
                    f"{self.path}: a write failed, and what it left could not be cut off "
                    f"({error.strerror}): open it again"
                )
            raise

    def _set_numbers(self, numbers: Numbers) -> None:
        with self._writing():
            descriptor = self._descriptors[_SEQNUMS]
            old = pread(descriptor, 64, 0)
            text = pair_text(numbers.next_out, numbers.next_in)
            try:
                self._disk.write(descriptor, text, 0)
                if len(old) > len(text):
                    self._disk.truncate(descriptor, len(text))
            except BaseException:
                with suppress(OSError):
                    self._disk.write(descriptor, old, 0)
                    self._disk.truncate(descriptor, len(old))
                raise
            self._numbers = numbers._replace(odd_out="", odd_in="")


def _next(last: int) -> int:
    if not 0 <= last < MAX_SEQ_NUM:
        raise ValueError(f"the last number is {last}, expected 0 to {MAX_SEQ_NUM - 1}: QuickFIX keeps the next one")
    return last + 1


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Failures of the system as StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{error.filename or path}: {error.strerror}") from error
