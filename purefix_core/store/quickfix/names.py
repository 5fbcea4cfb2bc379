"""Which identifiers of a session stand in the name of its files.

QuickFIX C++: `BeginString-Sender-Target[-Qualifier]`, and knows no SubIDs. The others write
`BeginString-Sender[_SubID][_LocationID]-Target[_SubID][_LocationID][-Qualifier]`, QuickFIX/J with each character that
is no ASCII letter, digit, dot or dash as `_`. A CompID may hold `-` and `_` itself, so the kept messages say what is
what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from purefix_core.store.quickfix.files import CPP, JAVA
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage, as_text

_SENDER_LOCATION_ID = 142
_TARGET_LOCATION_ID = 143
_NOT_IN_JAVA_NAMES = re.compile(r"[^a-zA-Z0-9.-]")
_MOST_MESSAGES = 200


class Identifiers(NamedTuple):
    """What QuickFixFiles takes, in its order."""

    begin_string: str
    sender_comp_id: str
    target_comp_id: str
    sender_sub_id: str = ""
    sender_location_id: str = ""
    target_sub_id: str = ""
    target_location_id: str = ""
    session_qualifier: str = ""
    guess: str = ""


def identifiers(prefix: str, engine: str, body_start: bytes) -> Identifiers | None:
    """Split the name that the files of a store begin with. `body_start`: the first bytes of its body. None where the
    name is no name of a store."""
    for message in _messages(body_start):
        found = _said_by(message, prefix, engine)
        if found is not None:
            return found
    return _guessed(prefix, engine, bool(body_start))


def _messages(body_start: bytes) -> Iterator[FixMessage]:
    begin = body_start.find(b"8=FIX")
    for _ in range(_MOST_MESSAGES):
        if begin < 0:
            return
        following = body_start.find(b"\x018=FIX", begin) + 1
        yield FixMessage.parse(body_start[begin : following or len(body_start)])
        begin = following or -1


def _said_by(message: FixMessage, prefix: str, engine: str) -> Identifiers | None:
    begin, sender, target = (
        as_text(message.get(tag) or b"") for tag in (tags.BEGIN_STRING, tags.SENDER_COMP_ID, tags.TARGET_COMP_ID)
    )
    if not (begin and sender and target):
        return None
    others = (tags.SENDER_SUB_ID, _SENDER_LOCATION_ID, tags.TARGET_SUB_ID, _TARGET_LOCATION_ID)
    values = [as_text(message.get(tag) or b"") if engine != CPP else "" for tag in others]
    # A message may carry SubIDs that are not the session's, so each may be left out; most of them are preferred.
    for chosen in product(*([value, ""] if value else [""] for value in values)):
        name = (
            f"{begin}-{'_'.join(filter(None, (sender, *chosen[:2])))}-{'_'.join(filter(None, (target, *chosen[2:])))}"
        )
        for written in {name, _NOT_IN_JAVA_NAMES.sub("_", name) if engine == JAVA else name}:
            rest = prefix.removeprefix(written)
            if prefix.startswith(written) and (not rest or (rest.startswith("-") and len(rest) > 1)):
                return Identifiers(
                    begin, sender, target, chosen[0], chosen[1], chosen[2], chosen[3], session_qualifier=rest[1:]
                )
    return None


def _guessed(prefix: str, engine: str, has_messages: bool) -> Identifiers | None:
    parts = prefix.split("-", 3)
    if len(parts) < 3 or not all(parts):
        return None
    qualifier = parts[3] if len(parts) == 4 else ""
    why = []
    if qualifier:
        why.append("a CompID may hold the -")
    if engine != CPP and "_" in prefix:
        why.append("a SubID may stand behind a _")
    if has_messages:
        why.append("no message at the start of the body belongs to this name")
    guess = f"that {prefix} is {parts[1]} to {parts[2]} is a guess: {', '.join(why)}" if why else ""
    return Identifiers(parts[0], parts[1], parts[2], session_qualifier=qualifier, guess=guess)
