"""Whose a store is."""

from __future__ import annotations

from typing import NamedTuple

from purefix_core.store.finding import StoreLocation
from purefix_core.store.folder_names import SessionParts, comp_ids_of, name_of, parts_of
from purefix_core.store.located import LocatedStore, begin_string


class Identity(NamedTuple):
    """Whose store it is."""

    begin_string: str
    """"" where nothing tells it."""
    sender_comp_id: str
    target_comp_id: str
    parts: SessionParts
    """SubIDs, LocationIDs and the qualifier."""


def identity_of(location: StoreLocation, store: LocatedStore) -> Identity:
    """As the files, their names and the messages tell it."""
    files, session = location.files, store.session
    comp_ids = session.sender_comp_id, session.target_comp_id
    parts: SessionParts = {}
    if files is None:
        name = name_of(location.path)
        if comp_ids_of(name) == comp_ids:  # else somebody named the folder otherwise, as a copy
            parts = parts_of(name)
    else:
        parts = {
            "sender_sub_id": files.sender_sub_id,
            "sender_location_id": files.sender_location_id,
            "target_sub_id": files.target_sub_id,
            "target_location_id": files.target_location_id,
            "session_qualifier": files.session_qualifier,
        }
    return Identity(begin_string(location, store), *comp_ids, parts)
