"""Which message store a session has, by its settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from purefix_core.session.opened_store import Look, Numbers
from purefix_core.session.settings import SessionSettings, StoreLayout
from purefix_core.store.durability import Durability
from purefix_core.store.file_store import FixMsgFileStore
from purefix_core.store.folder_names import session_folder
from purefix_core.store.memory import FixMsgMemoryStore
from purefix_core.store.quickfix.file_store import QuickFixFileStore
from purefix_core.store.quickfix.files import CPP, QuickFixFiles
from purefix_core.store.quickfix.numbers import read_numbers
from purefix_core.store.quickfix.recognising import recognise_one
from purefix_core.store.records import StoreError
from purefix_core.store.session_meta import FILE_NAME as META_NAME
from purefix_core.store.session_meta import read_session_meta
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig
    from purefix_core.store.protocol import FixMsgStore

Say = Callable[[str], None]

_NONE_YET = Numbers(0, 0, None)


def store_opener(config: FixConfig, say: Say) -> Callable[[], FixMsgStore]:
    """What opens the store of a session, each time it is called. `say` gets a line for each thing that is found odd.

    It lies in the folder of FileStorePath, else in the messageStorePath of the registration. Where neither is given it
    is in memory, and so it is with StoreLayout memory: that store is one and the same at each call. What is returned
    raises StoreError for a store that cannot be used.
    """
    settings = config.settings
    folder = config.store_path
    if folder is None or settings.store_layout is StoreLayout.MEMORY:
        memory = FixMsgMemoryStore()
        return lambda: memory
    if settings.store_layout is StoreLayout.QUICKFIX:
        return lambda: _quickfix_store(settings, folder, say)
    return lambda: _file_store(settings, folder, say)


def _file_store(settings: SessionSettings, folder: Path, say: Say) -> FixMsgStore:
    session_id = settings.session_id
    return FixMsgFileStore(
        folder,
        session_id.sender_comp_id,
        session_id.target_comp_id,
        begin_string=session_id.begin_string,
        durability=Durability(settings.store_durability),
        say=say,
        **session_id.parts,
    )


def store_path(config: FixConfig) -> Path | None:
    """Where the store of a session lies, whether it is there yet or not: the session's folder, or for QuickFIX's
    layout the folder and what the names of its files begin with. None for a store in memory. Raises StoreError where
    two may be meant."""
    settings = config.settings
    folder = config.store_path
    if folder is None or settings.store_layout is StoreLayout.MEMORY:
        return None
    if settings.store_layout is StoreLayout.QUICKFIX:
        return _quickfix_files(settings, folder).path
    session_id = settings.session_id
    return session_folder(folder, session_id.sender_comp_id, session_id.target_comp_id, **session_id.parts)


def numbers_reader(config: FixConfig) -> Look | None:
    """What tells the numbers of a store that the session does not have open; None for a store in memory. The store is
    only looked at: nothing is made, locked or put right. What is returned raises StoreError."""
    if config.store_path is None or config.settings.store_layout is StoreLayout.MEMORY:
        return None
    return lambda: _last_numbers(config)


def _last_numbers(config: FixConfig) -> Numbers:
    path = store_path(config)
    assert path is not None
    try:
        if config.settings.store_layout is StoreLayout.QUICKFIX:
            files = _quickfix_files(config.settings, path.parent)
            if not any(each.exists() for each in files.paths):
                return _NONE_YET
            numbers = read_numbers(recognise_one(files.path))
            return Numbers(numbers.next_out - 1, numbers.next_in - 1, numbers.created)
        state = read_session_meta(path / META_NAME).state
        return Numbers(state.last_sent_seq_num, state.last_received_seq_num, state.created_time)
    except (FileNotFoundError, NotADirectoryError):
        return _NONE_YET
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error


def _quickfix_files(settings: SessionSettings, folder: Path) -> QuickFixFiles:
    session_id = settings.session_id
    begin, sender, target = session_id.begin_string, session_id.sender_comp_id, session_id.target_comp_id
    qualifier = session_id.session_qualifier
    parts = (begin, sender, target, *([qualifier] if qualifier else []))
    for part in parts:
        if "/" in part or "\0" in part:
            raise StoreError(f'"{printable(part)}": expected what can stand in a file name')
    return QuickFixFiles(folder, "-".join(parts), CPP, begin, sender, target, session_qualifier=qualifier)


def _quickfix_store(settings: SessionSettings, folder: Path, say: Say) -> FixMsgStore:
    """The store of QuickFIX C++ that is there, or a new one. Its names hold no SubIDs and LocationIDs, so that two
    sessions that differ by nothing else would write into one store: such sessions are refused."""
    session_id = settings.session_id
    begin, sender, target = session_id.begin_string, session_id.sender_comp_id, session_id.target_comp_id
    if any(value for key, value in session_id.parts.items() if key != "session_qualifier"):
        raise StoreError(
            f"{printable(str(session_id))}: a store of QuickFIX C++ cannot tell SubIDs and LocationIDs apart;"
            " use StoreLayout purefix"
        )
    qualifier = session_id.session_qualifier
    expected = _quickfix_files(settings, folder)
    if not any(path.exists() for path in expected.paths):
        return QuickFixFileStore.create(folder, begin, sender, target, qualifier, say=say)
    engine = recognise_one(expected.path).engine  # the names of QuickFIX/n are the same
    return QuickFixFileStore(replace(expected, engine=engine), read_only=False, say=say)
