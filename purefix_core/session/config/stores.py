"""Sessions of one file that would be in each other's way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from purefix_core.session.settings import SessionId, SessionSettings, StoreLayout
from purefix_core.store.folder_names import session_folder
from purefix_core.store.records import StoreError

if TYPE_CHECKING:
    from purefix_core.session.config import FixConfig


def conflicts(sessions: Iterable[tuple[str, FixConfig]]) -> Iterator[str]:
    """A line for each two sessions that are the same, or have the same message store. Each session comes with the place
    where it stands."""
    seen: dict[SessionId, str] = {}
    stores: dict[str, tuple[str, SessionId]] = {}
    for place, config in sessions:
        session_id = config.settings.session_id
        if session_id in seen:
            yield f"{place}: {session_id} is already the session of {seen[session_id]}"
            continue
        seen[session_id] = place
        try:
            store = _store(config)
        except StoreError as error:
            yield f"{place}: {session_id}: {error}"
            continue
        if not store:
            continue
        if store in stores:
            other_place, other = stores[store]
            yield f"{place}: {session_id} has the message store of {other}, {other_place}, which is {store}"
        else:
            stores[store] = place, session_id


def _store(config: FixConfig) -> str:
    """The path that no other session may have; "" for a store in memory."""
    settings: SessionSettings = config.settings
    root = config.store_path
    if root is None or settings.store_layout is StoreLayout.MEMORY:
        return ""
    session_id = settings.session_id
    sender, target = session_id.sender_comp_id, session_id.target_comp_id
    if settings.store_layout is StoreLayout.QUICKFIX:
        names = (session_id.begin_string, sender, target, session_id.session_qualifier)
        return os.path.realpath(root / "-".join(filter(None, names)))
    return os.path.realpath(session_folder(root, sender, target, **session_id.parts))
