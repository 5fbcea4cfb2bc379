"""`session.meta` as a person edits it: as text or by fields, checked before it is saved, never over what somebody else
wrote meanwhile. Each change keeps a dated copy; `changing.restore` with the newest backup takes it back."""

from __future__ import annotations

import json
from difflib import unified_diff
from enum import Enum
from pathlib import Path

from purefix_core.registry.json_file import parse_json_object
from purefix_core.store.editing import locked, now, write_meta
from purefix_core.store.records import MAX_SEQ_NUM, FixSessionState, StoreError
from purefix_core.store.session_meta import (
    FILE_NAME,
    KEYS,
    LARGEST_FILE,
    SessionMeta,
    parse_session_meta,
    read_settled,
)
from purefix_core.wire.timestamps import is_nanos

_MOST_COMPARED = 2000
"""Lines; to find what is alike in more of them may take minutes."""
_SOUND: dict[str, object] = {"lastSentSeqNum": 0, "lastReceivedSeqNum": 0}


class Unchanged(Enum):
    """Stands for a time that is not to be changed, since None is no time."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


def read_text(folder: Path) -> str:
    """What `session.meta` holds, also where it is damaged; "" where there is none. Raises StoreError.

    The blanks that a running session keeps before the last line feed are left out, as is a BOM. Bytes that are no UTF-8
    appear as `\\xff`.
    """
    try:
        text = read_settled(folder / FILE_NAME).decode("utf-8-sig", "backslashreplace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return text.rstrip() + "\n" if text.endswith((" \n", " \r\n")) else text


# -- checking ----------------------------------------------------------------------------------------------------------


def problems_of_text(path: Path, text: str) -> list[str]:
    """Why the text is no `session.meta`, a line for each key that is wrong; none where it can be saved. Never raises.

    `path` stands in front of each.
    """
    content = _encoded(text)
    if content is None:
        return [f"{path}: expected text, found half a surrogate pair"]
    if len(content) > LARGEST_FILE:
        return [f"{path}: expected at most {LARGEST_FILE:,} bytes, found {len(content):,}"]
    try:
        parse_session_meta(path, content)
    except StoreError as error:
        return _each_problem(path, content) or [str(error)]
    return []


def _encoded(text: str) -> bytes | None:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def _each_problem(path: Path, content: bytes) -> list[str]:
    """What is wrong with each key of the documents, were it the only one."""
    document, _ = parse_json_object(content, twice=False)
    if document is None:
        return []
    values = {key.casefold(): value for key, value in document.items()}
    problems = []
    for key in KEYS:
        alone = {other: value for other, value in _SOUND.items() if other != key}
        if key.casefold() in values:
            alone[key] = values[key.casefold()]
        try:
            parse_session_meta(path, json.dumps(alone).encode())
        except StoreError as error:
            problems.append(str(error))
        except RecursionError:
            problems.append(f"{path}: {key}: expected JSON that is not nested so deeply")
    return problems


def warnings_of_text(before: str, text: str) -> list[str]:
    """What can be saved but is most likely not meant, a line each. Nothing is said where either is no `session.meta`.

    `before`: what the file holds now.
    """
    old, new = _parsed(before), _parsed(text)
    if new is None:
        return []
    warnings = []
    if old is not None:
        for key, was, becomes in (
            ("senderCompId", old.state.sender_comp_id, new.state.sender_comp_id),
            ("targetCompId", old.state.target_comp_id, new.state.target_comp_id),
        ):
            if was != becomes:
                warnings.append(
                    f"{key}: {was or 'none'} becomes {becomes or 'none'}; the store then is of another session"
                )
    document, _ = parse_json_object(text.encode(), twice=False)
    known = {key.casefold(): key for key in KEYS}
    for key in document or {}:
        meant = known.get(_letters(key))
        if meant is not None and key.casefold() not in known:
            warnings.append(f"{key}: is kept, but means nothing; {meant} counts")
    return warnings


def _letters(key: str) -> str:
    return "".join(filter(str.isalnum, key)).casefold()


def _parsed(text: str) -> SessionMeta | None:
    content = _encoded(text)
    try:
        return None if content is None else parse_session_meta(Path(FILE_NAME), content)
    except StoreError:
        return None


def difference(before: str, after: str) -> list[str]:
    """What changes from one text to the other, as `diff -u` writes it; nothing where nothing does."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > _MOST_COMPARED:
        return [] if old == new else [f"-{len(old):,} lines", f"+{len(new):,} lines"]
    return list(unified_diff(old, new, f"{FILE_NAME} (now)", f"{FILE_NAME} (new)", lineterm=""))


# -- changing ----------------------------------------------------------------------------------------------------------


def with_fields(
    text: str,
    *,
    next_out: int | None = None,
    next_in: int | None = None,
    last_received_time: int | Unchanged | None = UNCHANGED,
    created_time: int | Unchanged | None = UNCHANGED,
    modified_time: int | None = None,
) -> str:
    """The text with these values in it, to be shown before it is saved. A number that is None stays, a time that is
    None becomes null; `modified_time` is now unless it is given.

    Raises StoreError for a text that is no `session.meta`, ValueError for numbers that cannot be.
    """
    for number in (next_out, next_in):
        if number is not None and not 1 <= number <= MAX_SEQ_NUM + 1:
            raise ValueError(f"expected a next number from 1 to {MAX_SEQ_NUM + 1:,}, found {number}")
    for time in (last_received_time, created_time):
        if isinstance(time, int) and not is_nanos(time):
            raise ValueError(f"expected nanoseconds since 1970, found {time}")
    problems = problems_of_text(Path(FILE_NAME), text)
    if problems:
        raise StoreError(problems[0])
    meta = parse_session_meta(Path(FILE_NAME), text.encode())
    state = meta.state
    changed = state._replace(
        last_sent_seq_num=state.last_sent_seq_num if next_out is None else next_out - 1,
        last_received_seq_num=state.last_received_seq_num if next_in is None else next_in - 1,
        last_received_time=(
            state.last_received_time if isinstance(last_received_time, Unchanged) else last_received_time
        ),
        created_time=state.created_time if isinstance(created_time, Unchanged) else created_time,
    )
    if changed == state:
        return text
    changed = changed._replace(last_modified_time=now() if modified_time is None else modified_time)
    return meta.template.render(changed).decode()


def save_text(folder: Path, text: str, expected_before: str) -> list[Path]:
    """Let `session.meta` hold the text. Gives the copy of what it was; readers find all of the old text or all of the
    new. Messages above the last number sent are withdrawn before that is raised, as when a session raises it.

    `expected_before`: what `read_text` gave when the edit began. Raises StoreLocked where a session runs, StoreError
    where the file says something else by now, and for a text that is no `session.meta`; nothing was changed then.
    """
    path = folder / FILE_NAME
    problems = problems_of_text(path, text)
    if problems:
        raise StoreError(problems[0])
    content = text.encode()
    after = parse_session_meta(path, content).state
    with locked(folder):
        if read_text(folder) != expected_before:
            raise StoreError(f"{path}: was changed by somebody else since you began to edit it; nothing was saved")
        return write_meta(folder, content, _state_of(expected_before), after)


def _state_of(text: str) -> FixSessionState | None:
    meta = _parsed(text)
    return None if meta is None else meta.state
