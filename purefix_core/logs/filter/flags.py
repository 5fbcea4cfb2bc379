"""What `flag:` can ask for."""

from __future__ import annotations

from purefix_core.logs.filter import values
from purefix_core.logs.filter.language import FilterError, Word
from purefix_core.logs.filter.nodes import All, Either, FieldTest, FlagTest, HeaderTest, Node
from purefix_core.logs.index import (
    BODY_LENGTH_BAD,
    BROKEN,
    CHECK_SUM_BAD,
    INCOMING,
    OUTGOING,
    POSS_DUP,
    TRUNCATED,
)
from purefix_core.wire.tags import ADMIN_MSG_TYPES, MSG_TYPE

DIRECTIONS = {"in": INCOMING, "out": OUTGOING}

_REJECTED = values.is_one_of(("8",))

ADMIN = HeaderTest((MSG_TYPE,), ADMIN_MSG_TYPES.__contains__)
"""Messages of the session level."""

REJECT = Either(
    (
        HeaderTest((MSG_TYPE,), frozenset("3 9 j Y AG".split()).__contains__),
        All(
            (
                HeaderTest((MSG_TYPE,), values.is_one_of(("8",))),
                FieldTest((39, 150), _REJECTED, True, (b"39=8", b"150=8")),
            )
        ),
    )
)
"""Reject, OrderCancelReject, BusinessMessageReject, MarketDataRequestReject, QuoteRequestReject, and an
ExecutionReport whose OrdStatus(39) or ExecType(150) is Rejected."""

_FLAGS: dict[str, Node] = {
    "checksum": FlagTest(CHECK_SUM_BAD),
    "bodylength": FlagTest(BODY_LENGTH_BAD),
    "truncated": FlagTest(TRUNCATED),
    "broken": FlagTest(BROKEN),
    "possdup": FlagTest(POSS_DUP),
    "reject": REJECT,
    "admin": ADMIN,
    **{name: FlagTest(bit) for name, bit in DIRECTIONS.items()},
}


def flag(name: Word) -> Node:
    """The node of `flag:name`, in any case. Raises FilterError for a flag that there is not."""
    node = _FLAGS.get(name.text.lower())
    if node is None:
        raise FilterError(f"no flag is called {name.text!r}; there are {', '.join(sorted(_FLAGS))}", name.column)
    return node
