"""Changes a store that no session uses, keeping dated copies of what was there.

All of it is done under the store's lock, and raises StoreLocked where somebody has it, StoreError for what cannot be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from purefix_core.store.backups import BackupSet, dated_alike, find_backups
from purefix_core.store.backups import restore as restore_files
from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.folder_names import comp_ids_of, name_of
from purefix_core.store.guards import OSErrorsAsStoreErrors, check_number
from purefix_core.store.lock import StoreLock
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME, Hole, reader_of, walk
from purefix_core.store.messages import Messages
from purefix_core.store.opening import look_at_messages
from purefix_core.store.records import FixSessionState, StoreError
from purefix_core.store.resend_file import ResendFile
from purefix_core.store.resend_ranges import FILE_NAME as RESEND_FILE
from purefix_core.store.resend_ranges import GapFillRanges
from purefix_core.store.session_meta import FILE_NAME, SessionMeta, new_session_meta, parse_session_meta, read_settled
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

FILES = (DATA_NAME, INDEX_NAME, RESEND_FILE, FILE_NAME)
"""What backups are made of; what decides comes last."""

_WHO = "(being edited)"


def set_numbers(folder: Path, last_sent: int | None, last_received: int | None) -> list[Path]:
    """Write the last numbers into `session.meta`; messages stay, and so does a number that is None. Gives the copy of
    what it was. Messages above the last number sent are withdrawn before that is raised, as when a session raises it.

    A file that is missing or damaged is written anew, with the CompIDs that the messages or the folder name, or none,
    and then both numbers must be given. Raises ValueError for numbers that cannot be.
    """
    for number in (last_sent, last_received):
        check_number(number or 0, 0)
    with locked(folder):
        meta, was_read = _meta(folder, must_be_read=last_sent is None or last_received is None)
        state = meta.state
        state = state._replace(
            last_sent_seq_num=state.last_sent_seq_num if last_sent is None else last_sent,
            last_received_seq_num=state.last_received_seq_num if last_received is None else last_received,
            last_modified_time=now(),
        )
        return write_meta(folder, meta.template.render(state), meta.state if was_read else None, state)


def write_meta(folder: Path, content: bytes, before: FixSessionState | None, after: FixSessionState) -> list[Path]:
    """Let `session.meta` hold `content`, which says `after`, under the lock. `before`: what it said, None where nobody
    knows. Gives the copy of what it was.

    Where the last number sent is raised, the messages above it are withdrawn first: what stands there was never sent,
    or withdrawn by hand, and stays so. Where nobody knows what it was, those up to the new one count as sent.
    """
    path = folder / FILE_NAME
    backups = _copies([path])
    if before is not None and before.last_sent_seq_num < after.last_sent_seq_num:
        _withdraw_above(folder, before)
    Disk().replace(path, content, durable=True)
    return backups


def _withdraw_above(folder: Path, state: FixSessionState) -> None:
    """`state`: what the file says."""
    opened = look_at_messages(folder, True, (state.sender_comp_id, state.target_comp_id))
    messages = Messages(folder, opened, Disk(), Durability.POWER)
    resend = ResendFile(folder, Disk(), Durability.POWER, lambda: None)
    if resend.withdraw_above(state.last_sent_seq_num, messages):
        resend.settle(lambda _line: None)


def reset(folder: Path) -> list[Path]:
    """Begin both sequences with 1, and forget the messages. Gives the copies of the files that were there."""
    with locked(folder):
        path = folder / FILE_NAME
        meta, _ = _meta(folder, must_be_read=False)
        began = now()
        state = meta.state._replace(
            last_sent_seq_num=0, last_received_seq_num=0, created_time=began, last_modified_time=began
        )
        present = _present(folder / name for name in FILES)
        copies = dated_alike(present)
        disk = Disk()
        if path in present:
            disk.copy(path, copies[present.index(path)])
        # The numbers first: messages above them are never resent.
        disk.replace(path, meta.template.render(state), durable=True)
        for name, copy in zip(present, copies, strict=True):
            if name != path:
                disk.rename(name, copy)
        disk.sync_folder(folder)
    return copies


def change_ranges(
    folder: Path, change: Callable[[GapFillRanges], GapFillRanges]
) -> tuple[GapFillRanges, GapFillRanges, list[Path]]:
    """Let `change` say, from what `resend.json` says, what it is to say. Gives both and the copy of what it was."""
    with locked(folder):
        path = folder / RESEND_FILE
        before = GapFillRanges.load(path)
        after = change(before)
        if after == before:
            return before, after, []
        backups = _copies([path])
        Disk().replace(path, after.to_json(), durable=True, like=folder / FILE_NAME)
    return before, after, backups


def repair(folder: Path) -> list[str]:
    """Put right what opening a store for writing puts right, and the whole index; gives a line for each thing done.

    What is cut off or made anew is kept under dated names. Raises StoreError for a damaged `session.meta`, too: which
    numbers come next only a person can say (`set_numbers`).
    """
    with FixMsgFileStore.open_folder(folder, read_only=False, trust_index=False) as store:
        return store.repaired


def restore(folder: Path, stamp: str) -> list[Path]:
    """Put back the backups of that stamp. Gives the copies of what was there before.

    What `resend.json` says of withdrawn messages belongs to `messages.dat`: it goes and comes with that, and stays
    where only the rest of it is put back.
    """
    with locked(folder):
        for each in find_backups(folder / name for name in FILES):
            if each.stamp == stamp:
                return _restore(folder, each)
    raise StoreError(f"{folder}: has no backup {stamp}")


def _restore(folder: Path, backup_set: BackupSet) -> list[Path]:
    paths = [path for path, _ in backup_set.files]
    data, resend, meta = folder / DATA_NAME, folder / RESEND_FILE, folder / FILE_NAME
    withdrawn = () if data in paths else GapFillRanges.load(resend).withdrawn
    also = [resend] if data in paths and resend not in paths else []
    kept = restore_files(backup_set, also, decides=meta if meta in paths else None)
    if resend in paths and withdrawn:
        Disk().replace(resend, GapFillRanges.load(resend).with_withdrawn(withdrawn).to_json(), durable=True)
    return kept


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The store of a folder under its lock. Raises StoreLocked, StoreError; OSErrors inside become StoreErrors."""
    with OSErrorsAsStoreErrors(folder):
        if not folder.is_dir():
            raise StoreError(f"{folder}: there is no such folder")
        lock = StoreLock(folder, _WHO)
        try:
            yield
        finally:
            lock.release()


def _present(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.exists()]


def _copies(paths: Iterable[Path]) -> list[Path]:
    """Dated copies of the files that there are."""
    present = _present(paths)
    copies = dated_alike(present)
    for path, copy in zip(present, copies, strict=True):
        Disk().copy(path, copy)
    return copies


def _meta(folder: Path, must_be_read: bool) -> tuple[SessionMeta, bool]:
    """What is in the file, and True; where nothing can be made of it, one for the CompIDs that are found elsewhere."""
    path = folder / FILE_NAME
    try:
        return parse_session_meta(path, read_settled(path)), True
    except FileNotFoundError:
        if must_be_read:
            raise StoreError(f"{path}: is missing, so both numbers must be given, out and in") from None
    except StoreError as error:
        if must_be_read:
            raise StoreError(f"{error}; so both numbers must be given, out and in") from None
    sender, target = _comp_ids(folder)
    return new_session_meta(sender, target, now()), False


def _comp_ids(folder: Path) -> tuple[str, str]:
    """Those of the first whole message, else those that the folder's name stands for; else none: the session that opens
    the store fills them in."""
    with reader_of(folder / DATA_NAME) as (read, size):
        for found in walk(read, 0, size):
            if not isinstance(found, Hole) and not found.wrong:
                message = FixMessage.parse(found.encoded)
                return message.text(tags.SENDER_COMP_ID), message.text(tags.TARGET_COMP_ID)
    return comp_ids_of(name_of(folder)) or ("", "")


def now() -> int:
    """The present time to the millisecond, as `session.meta` has it."""
    return time.time_ns() // 1_000_000 * 1_000_000
