"""A message of a log as one of today: with a ClOrdID and times of its own."""

from __future__ import annotations

from dataclasses import replace

from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.items import DraftField

_OF_ORDERS = frozenset("D F G AB AC s t u q CA".split())
"""MsgTypes whose sender makes up the ClOrdID(11): a second one of the same ClOrdID would be refused as a duplicate
(FIX, field 11). The answers to them repeat it, so it stays there."""
_CL_ORD_ID, _TRANSACT_TIME = 11, 60


def anew(draft: Draft) -> tuple[Draft, tuple[str, ...]]:
    """The draft with `{uuid}` for the ClOrdID of an order, and `{now}` for TransactTime; and the names of what was
    changed."""
    changes = {_TRANSACT_TIME: ("{now}", "TransactTime")}
    if draft.msg_type in _OF_ORDERS:
        changes[_CL_ORD_ID] = ("{uuid}", "ClOrdID")
    body, changed = [], list[str]()
    for item in draft.body:
        new = changes.get(item.tag) if isinstance(item, DraftField) else None
        if new is not None:
            item = DraftField(item.tag, new[0])
            changed.append(new[1])
        body.append(item)
    return replace(draft, body=tuple(body)), tuple(changed)
