"""Changes the numbers of a store that no session uses, keeping dated copies of what was there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from purefix_core.store.backups import dated
from purefix_core.store.disk import Disk
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.folder_names import comp_ids_of
from purefix_core.store.lock import StoreLock
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME, Hole, reader_of, walk
from purefix_core.store.records import StoreError
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, SessionMeta, new_session_meta, parse_session_meta
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

_WHO = "(being edited)"


def set_numbers(folder: Path, last_sent: int, last_received: int) -> list[Path]:
    """Write both last numbers into `session.meta`; messages stay. Gives the copy of what it was.

    A file that is missing or damaged is written anew, with the CompIDs that the messages or the folder name. Raises
    StoreError, StoreLocked where a session runs, and ValueError for numbers that cannot be.
    """
    with _locked(folder):
        path = folder / FILE_NAME
        backups = _copies([path])
        meta = _meta(folder)
        state = meta.state._replace(
            last_sent_seq_num=last_sent, last_received_seq_num=last_received, last_modified_time=_now()
        )
        Disk().replace(path, meta.template.render(state), durable=True)
    return backups


def reset(folder: Path) -> list[Path]:
    """Begin both sequences with 1, and forget the messages. Gives the files that were there, under dated names.

    Raises StoreError.
    """
    with _locked(folder):
        path = folder / FILE_NAME
        meta = _meta(folder)
        state = meta.state._replace(last_sent_seq_num=0, last_received_seq_num=0, last_modified_time=_now())
        backups = _copies([path])
        disk = Disk()
        for name in (INDEX_NAME, DATA_NAME, RESEND_FILE):
            if (folder / name).exists():
                backups.append(dated(folder / name, "bak"))
                disk.rename(folder / name, backups[-1])
        disk.replace(path, meta.template.render(state), durable=True)
    return backups


def gap_fill(folder: Path, ranges: GapFillRanges) -> list[Path]:
    """Let `resend.json` say which messages are to be gap-filled. Gives the copy of what it was. Raises StoreError."""
    with _locked(folder):
        backups = _copies([folder / RESEND_FILE])
        Disk().replace(folder / RESEND_FILE, ranges.to_json(), durable=True)
    return backups


def repair(folder: Path) -> list[str]:
    """Put right what opening a store for writing puts right, and the whole index; gives a line for each thing that was
    found or done.

    What is cut off or made anew is kept under dated names. Raises StoreError, also for a damaged `session.meta`: which
    numbers come next only a person can say (`set_numbers`).
    """
    with FixMsgFileStore.open_folder(folder, read_only=False, trust_index=False) as store:
        return store.notices


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        if not folder.is_dir():
            raise StoreError(f"{folder}: there is no such folder")
        lock = StoreLock(folder, _WHO)
        try:
            yield
        finally:
            lock.release()
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: {error.strerror or error}") from error


def _copies(paths: list[Path]) -> list[Path]:
    """Dated copies of the files that there are."""
    backups = []
    for path in paths:
        if path.exists():
            backups.append(dated(path, "bak"))
            Disk().replace(backups[-1], path.read_bytes(), durable=True)
    return backups


def _meta(folder: Path) -> SessionMeta:
    """What is in the file; where nothing can be made of it, one for the CompIDs that are found elsewhere."""
    path = folder / FILE_NAME
    try:
        return parse_session_meta(path, path.read_bytes())
    except (StoreError, FileNotFoundError):
        sender, target = _comp_ids(folder)
        return new_session_meta(sender, target, _now())


def _comp_ids(folder: Path) -> tuple[str, str]:
    """Those of the first whole message, else those that the folder's name stands for."""
    with reader_of(folder / DATA_NAME) as (read, size):
        for found in walk(read, 0, size):
            if not isinstance(found, Hole) and not found.wrong:
                message = FixMessage.parse(found.encoded)
                return message.text(tags.SENDER_COMP_ID), message.text(tags.TARGET_COMP_ID)
    named = comp_ids_of(folder.name)
    if named is None:
        raise StoreError(f"{folder}: nothing in it tells whose store it is; open it once with the session's CompIDs")
    return named


def _now() -> int:
    return time.time_ns() // 1_000_000 * 1_000_000
