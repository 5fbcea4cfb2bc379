"""A message that is made of an older one: whose that was, and what of it is kept or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.validate import label
from purefix_core.session.compose.checking import WARNING, Problem
from purefix_core.session.compose.draft import ADDED_BY_SESSION, Draft, DraftField, DraftItem
from purefix_core.session.compose.expressions import ComposeError, literal_text
from purefix_core.session.settings import SessionSettings
from purefix_core.wire import tags
from purefix_core.wire.message import printable

_EXEC_BROKER, _CLIENT_ID = 76, 109
_PARTIES = {_EXEC_BROKER, _CLIENT_ID}
"""Fields of the body that name somebody behind the two sides of a session; parties, since FIX.4.3, are in a group."""
_IN_EVERY_MESSAGE = tags.ENVELOPE | {tags.MSG_SEQ_NUM, tags.SENDER_COMP_ID, tags.TARGET_COMP_ID, tags.SENDING_TIME}


def origin_remarks(draft: Draft, settings: SessionSettings, definitions: Definitions) -> tuple[str, ...]:
    """What somebody should know who sends it in this session, a sentence each; none where the draft is made of nothing
    older."""
    if draft.origin is None:
        return ()
    kept = [_label(item.tag, definitions) for item in _kept(draft)]
    left_out = [_label(tag, definitions) for tag in _left_out(draft, draft.origin, settings)]
    sentences = (
        _other_session(draft.origin, settings),
        _other_version(draft.origin, settings),
        f"Kept from the old message: {', '.join(kept)}." if kept else "",
        f"Left out, as the old sending's own: {', '.join(left_out)}." if left_out else "",
    )
    return tuple(printable(sentence) for sentence in sentences if sentence)


def kept_problems(draft: Draft, definitions: Definitions) -> Iterator[Problem]:
    """The fields that still stand as in the old message, and that the session itself would not send."""
    for item in _kept(draft):
        text = f"{_label(item.tag, definitions)} is kept from the old message: the session would not add it"
        yield Problem((item.tag,), item.tag, text, WARNING)


def _kept(draft: Draft) -> list[DraftItem]:
    """Of header and trailer all that is still the same, of the body what names parties."""
    old = draft.origin
    if old is None:
        return []
    around = [item for item in (*draft.header, *draft.trailer) if item.tag not in ADDED_BY_SESSION]
    parties = [item for item in draft.body if item.tag in _PARTIES]
    before = (*old.header, *old.trailer, *old.body)
    return [item for item in (*around, *parties) if item in before]


def _left_out(draft: Draft, old: Draft, settings: SessionSettings) -> Iterator[int]:
    """The tags that the old message had, and that now are not sent, or with another value."""
    ours = settings.session_id
    same = {
        tags.SENDER_SUB_ID: ours.sender_sub_id,
        tags.SENDER_LOCATION_ID: ours.sender_location_id,
        tags.TARGET_SUB_ID: ours.target_sub_id,
        tags.TARGET_LOCATION_ID: ours.target_location_id,
    }
    there = {item.tag for item in (*draft.header, *draft.trailer)}
    for item in (*old.header, *old.trailer):
        if item.tag not in ADDED_BY_SESSION - _IN_EVERY_MESSAGE or item.tag in there:
            continue
        is_counted = item.tag == tags.LAST_MSG_SEQ_NUM_PROCESSED and settings.enable_last_msg_seq_num_processed
        if not is_counted and _text(item) != same.get(item.tag):
            yield item.tag


def _other_session(old: Draft, settings: SessionSettings) -> str:
    """That it went the other way, or between others."""
    ours, theirs = settings.session_id.sender_comp_id, settings.session_id.target_comp_id
    sender, target = (_value(tag, old.header) for tag in (tags.SENDER_COMP_ID, tags.TARGET_COMP_ID))
    if (sender, target) == (theirs, ours):
        return f"{theirs} sent this to us; sent as new, it goes the other way, from us to {theirs}."
    if not sender or not target or (sender, target) == (ours, theirs):
        return ""
    return f"This went from {sender} to {target}; sent as new, it goes from {ours} to {theirs}."


def _other_version(old: Draft, settings: SessionSettings) -> str:
    version, ours = _value(tags.BEGIN_STRING, old.header), settings.session_id.begin_string
    if not version or version == ours:
        return ""
    return f"It is of {version}, but this session is {ours}: check what its values mean."


def _value(tag: int, items: Iterable[DraftItem]) -> str:
    return next((_text(item) for item in items if item.tag == tag), "")


def _text(item: DraftItem) -> str:
    """The value, as a message has it; with expressions, as it is written."""
    if not isinstance(item, DraftField):
        return ""
    try:
        found = literal_text(item.text)
    except ComposeError:
        found = None
    return item.text if found is None else found


def _label(tag: int, definitions: Definitions) -> str:
    field = definitions.field(tag)
    return label(tag, "" if field is None else field.name)
