"""A message of a log as one of today: with ids and times of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.items import DraftField, DraftGroup, DraftItem

_CL_ORD_ID, _TRANSACT_TIME, _LIST_ID, _CROSS_ID = 11, 60, 66, 548
_MADE_UP = {
    **dict.fromkeys("D F G AB AC q CA".split(), (_CL_ORD_ID,)),
    **dict.fromkeys("s t u".split(), (_CL_ORD_ID, _CROSS_ID)),
    "E": (_CL_ORD_ID, _LIST_ID),
}
"""By MsgType the ids that the sender of an order, cross or list makes up: a second one with the same would be refused
as a duplicate (FIX, field 11). The answers to it repeat them, so there they stay."""
_NAMES = {_CL_ORD_ID: "ClOrdID", _TRANSACT_TIME: "TransactTime", _LIST_ID: "ListID", _CROSS_ID: "CrossID"}


def anew(draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """The draft with `{now}` for TransactTime, and with `{uuid}` for the ids of an order, cross or list; and the names
    of what was changed. What stands in the groups of these, such as the sides of a cross, is changed, too."""
    made_up = _MADE_UP.get(draft.msg_type, ())
    changed: dict[int, None] = {}
    body = tuple(_renewed(draft.body, made_up, changed))
    return replace(draft, body=body), tuple(_NAMES[tag] for tag in changed)


def _renewed(items: Iterable[DraftItem], made_up: Collection[int], changed: dict[int, None]) -> Iterable[DraftItem]:
    """`changed` gets the tags of what was."""
    for item in items:
        if isinstance(item, DraftGroup) and made_up:
            yield replace(item, entries=tuple(tuple(_renewed(entry, made_up, changed)) for entry in item.entries))
        elif isinstance(item, DraftField) and item.tag in (*made_up, _TRANSACT_TIME):
            changed[item.tag] = None
            yield DraftField(item.tag, "{now}" if item.tag == _TRANSACT_TIME else "{uuid}")
        else:
            yield item
