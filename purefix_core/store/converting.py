"""Writes a store again in another layout: QuickFIX's stores as ours, and ours as one of QuickFIX C++.

The new store is made in a folder of its own beside its place, read back, and only then given its name. The old one is
only read.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp

from purefix_core.store import conversion_report as report
from purefix_core.store.conversion_report import Counts
from purefix_core.store.conversion_targets import CppTarget, OursTarget, Target
from purefix_core.store.disk import Disk
from purefix_core.store.editing import now
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.finding import PUREFIX, UNFINISHED, StoreLocation
from purefix_core.store.guards import OSErrorsAsStoreErrors
from purefix_core.store.in_use import signs_of_use
from purefix_core.store.located import LAYOUT_TITLES, LocatedStore, open_store, unreadable_numbers
from purefix_core.store.lock import StoreLocked, lock_holder
from purefix_core.store.message_files import ENTRY, INDEX_NAME, index_size
from purefix_core.store.progress import OnProgress, telling, untold
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import CPP
from purefix_core.store.quickfix.numbers import read_numbers
from purefix_core.store.records import MAX_SEQ_NUM, FixSessionState, StoreError
from purefix_core.store.regular import open_to_read
from purefix_core.store.resend_ranges import MOST_RANGES
from purefix_core.store.session_identity import Identity, identity_of
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import read_session_meta
from purefix_core.store.stored_messages import Stored, stored_messages
from purefix_core.wire.secrets import masked_and_sealed
from purefix_core.wire.timestamps import is_nanos

LAYOUTS = (PUREFIX, CPP)
"""Those that can be written."""

_LONGEST_NAME = 50


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion made."""

    location: StoreLocation
    """The new store."""
    messages: int
    next_out: int
    next_in: int
    lines: tuple[str, ...]
    """What became of the messages, and what has no place in the new layout, a line each."""

    @property
    def path(self) -> Path:
        return self.location.path


def convert(
    location: StoreLocation, folder: Path, layout: str, begin_string: str = "", on_progress: OnProgress = untold
) -> Converted:
    """Write the store again in the other `layout`, below `folder`, which is made where it is missing: a folder of ours
    with the name of the session, or the four files of QuickFIX C++. Nothing that is there is overwritten.

    `begin_string`: for QuickFIX's names, where no message tells it. Raises StoreLocked where a session runs on the
    store, StoreError where the new one is there already, cannot be written, or the old one cannot be read, or changes
    meanwhile; nothing but an empty folder is left behind then, nor where `on_progress` raises something.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"expected one of {', '.join(LAYOUTS)}, found {layout}")
    if location.layout == layout:
        raise StoreError(f"{location.path}: is a store of {LAYOUT_TITLES[layout]} already")
    _refuse_in_use(location)
    if location.files is None and folder.resolve().is_relative_to(location.path.resolve()):
        raise StoreError(f"{folder}: lies in the folder of the store; name another one")
    with OSErrorsAsStoreErrors(folder), closing(open_store(location, on_progress)) as store:
        state, identity = _state(location, store, layout), identity_of(location, store)
        identity = identity._replace(begin_string=identity.begin_string or begin_string)
        target: Target = OursTarget(folder, identity) if layout == PUREFIX else CppTarget(folder, identity)
        target.refuse_if_there()
        counts = _counts_beside(location, store)
        with _unfinished(folder, target.name) as unfinished:
            read = telling(stored_messages(store, on_progress), on_progress, "messages read")
            written = _Hashed(_taken(read, state.last_sent_seq_num, layout, counts))
            target.write(unfinished, state, written)
            _prove(target.found_in(unfinished), identity, state, written, on_progress)
            _like_the_old_one(unfinished, location, folder)
            _refuse_in_use(location)
            if _numbers_now(location) != (store.get_last_sent_seq_num(), store.get_last_received_seq_num()):
                raise StoreError(f"{location.path}: changed while it was converted; stop its session, and try again")
            on_progress("all is written, and gets its name")  # the last moment to give it up
            target.publish(unfinished)
    made = target.found_in(folder)
    lines = chain(
        report.identity_lines(identity, layout, location.files, location.path),
        [made.files.guess] if made.files is not None and made.files.guess else [],
        report.message_lines(counts, layout, location.files),
        report.meta_lines(state, layout, location.folder, written.count > 0),
    )
    next_out, next_in = state.last_sent_seq_num + 1, state.last_received_seq_num + 1
    return Converted(made, written.count, next_out, next_in, tuple(lines))


def warnings_before_convert(location: StoreLocation) -> list[str]:
    """What speaks against converting the store now, a line each. One of ours has a lock instead."""
    if location.files is None:
        return []
    signs = signs_of_use(location.files.paths, time.time_ns())
    return [f"{sign}; what its engine writes from now on is not in the new store: stop it first" for sign in signs]


def _refuse_in_use(location: StoreLocation) -> None:
    holder = lock_holder(location.path) if location.files is None else None
    if holder is not None:
        raise StoreLocked(f"{location.path}: is in use by {holder}; stop that session first")


def _numbers_now(location: StoreLocation) -> tuple[int, int]:
    """The last numbers out and in that the files hold by now: a session may have begun, and ended, since they were
    read."""
    if location.files is None:
        state = read_session_meta(location.path / META_NAME).state
        return state.last_sent_seq_num, state.last_received_seq_num
    numbers = read_numbers(location.files)
    return numbers.next_out - 1, numbers.next_in - 1


def _state(location: StoreLocation, store: LocatedStore, layout: str) -> FixSessionState:
    """What the new store is to say. Raises StoreError for numbers that are not known, or have no place."""
    for name, odd in zip(("out", "in"), unreadable_numbers(store), strict=True):
        if odd:
            raise StoreError(f"{location.path}: the next number {name} {odd}; set both numbers first")
    state = store.session
    if layout == CPP and MAX_SEQ_NUM in (state.last_sent_seq_num, state.last_received_seq_num):
        raise StoreError(f"{location.path}: QuickFIX keeps the next number, which can be {MAX_SEQ_NUM} at most")
    return state._replace(last_modified_time=now())


# -- messages ----------------------------------------------------------------------------------------------------------


def _taken(found: Iterable[Stored], last_sent: int, layout: str, counts: Counts) -> Iterator[Stored]:
    """The messages that the new store gets, as it keeps them; the others are counted."""
    ranges, last_marked = 0, -1
    for stored in found:
        seq_num, record, is_marked = stored
        if record is None:
            counts.note(report.DAMAGED, seq_num)
            continue
        if seq_num > last_sent and layout == CPP:
            counts.note(report.ABOVE_LEFT_OUT, seq_num)
            continue
        if b"\0" in record.encoded and layout == CPP:
            counts.note(report.ZERO_BYTE, seq_num)
            continue
        if is_marked:
            ranges += seq_num != last_marked + 1
            if layout == PUREFIX and ranges > MOST_RANGES:
                counts.note(report.TOO_MANY, seq_num)
                continue
            counts.note(report.MARKED, seq_num)
            last_marked = seq_num
        if seq_num > last_sent:
            counts.note(report.ABOVE, seq_num)
        if not is_nanos(record.timestamp):
            counts.note(report.WITHOUT_TIME, seq_num)
        masked = masked_and_sealed(record.encoded)
        if masked != record.encoded:  # what is masked already comes back anew
            counts.note(report.MASKED, seq_num)
            record = record._replace(encoded=masked)
        yield Stored(seq_num, record, is_marked)


def _counts_beside(location: StoreLocation, store: LocatedStore) -> Counts:
    """What is in the files but not among the messages of the store."""
    counts = Counts()
    if isinstance(store, QuickFixFileStore):
        counts.add(report.SUPERSEDED, store.entries.superseded)
    elif isinstance(store, FixMsgFileStore):
        kept = store.get_state().messages
        counts.add(report.SUPERSEDED, max(index_size(location.path / INDEX_NAME) // ENTRY.size - kept, 0))
        if store.gap_filled.withdrawn:
            counts.add(report.WITHDRAWN, kept - sum(1 for _ in store.kept_numbers(1, MAX_SEQ_NUM)))
    return counts


class _Hashed:
    """Messages on their way, which are counted and summed up."""

    def __init__(self, messages: Iterable[Stored]) -> None:
        self._messages = messages
        self._sum = sha256()
        self.count = 0

    def __iter__(self) -> Iterator[Stored]:
        for stored in self._messages:
            encoded = b"" if stored.record is None else stored.record.encoded
            self.count += 1
            self._sum.update(b"%d %d %d " % (stored.seq_num, stored.is_marked, len(encoded)))
            self._sum.update(encoded)
            yield stored

    @property
    def figures(self) -> tuple[int, bytes]:
        return self.count, self._sum.digest()


def _prove(
    location: StoreLocation, identity: Identity, state: FixSessionState, written: _Hashed, on_progress: OnProgress
) -> None:
    """Raises StoreError unless the new store, read again, is of the same session and has what was to be written."""
    with closing(open_store(location, on_progress)) as store:
        if _named(identity_of(location, store), location) != _named(identity, location):
            raise StoreError(f"{location.path.name}: would be read as a store of another session; nothing was made")
        found = _Hashed(telling(stored_messages(store, on_progress), on_progress, "messages read again"))
        for _ in found:
            pass
        numbers = store.get_last_sent_seq_num(), store.get_last_received_seq_num()
        if numbers != (state.last_sent_seq_num, state.last_received_seq_num) or found.figures != written.figures:
            raise StoreError(
                f"{location.path.name}: what was written reads otherwise ({found.count:,} messages, expected "
                f"{written.count:,}); nothing was made"
            )


def _named(identity: Identity, location: StoreLocation) -> tuple[str, ...]:
    """What a store of that layout tells for certain of whose it is."""
    comp_ids = identity.sender_comp_id, identity.target_comp_id
    if location.files is None:
        return comp_ids
    if location.files.guess:  # it is told, and an engine goes by its own settings
        return ()
    return identity.begin_string, *comp_ids, identity.parts.get("session_qualifier", "")


# -- files -------------------------------------------------------------------------------------------------------------


@contextmanager
def _unfinished(folder: Path, name: str) -> Iterator[Path]:
    """A folder that nobody else may look into, on the same file system; it goes away in the end."""
    Disk().make_folder(folder)
    short = name.encode("utf-8", "surrogateescape")[:_LONGEST_NAME].decode("utf-8", "ignore")
    path = Path(mkdtemp(UNFINISHED, f".{short}.", folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _like_the_old_one(unfinished: Path, location: StoreLocation, folder: Path) -> None:
    """The rights of the old files, the owner of the folder; and all of it on the medium."""
    owner = folder.stat()
    mode = _mode(location)
    for parent, _, names in os.walk(unfinished, topdown=False):
        for name in names:
            descriptor = open_to_read(Path(parent, name))
            try:
                with suppress(PermissionError):
                    os.fchown(descriptor, owner.st_uid, owner.st_gid)
                os.fchmod(descriptor, mode)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        if parent != str(unfinished):
            with suppress(PermissionError):
                os.chown(parent, owner.st_uid, owner.st_gid)
        Disk().sync_folder(Path(parent))


def _mode(location: StoreLocation) -> int:
    """The rights that all files of the old store give."""
    mode = 0o666
    for path in location.paths:
        with suppress(FileNotFoundError):
            mode &= path.stat().st_mode
    return mode | 0o600
