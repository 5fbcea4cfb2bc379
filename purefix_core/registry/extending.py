"""`extends`: an entry takes the keys that it leaves out from another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from purefix_core.registry.entries import INHERITED, Draft
from purefix_core.registry.json_file import Fault
from purefix_core.registry.registration import TypeRegistration
from purefix_core.wire.message import printable

_LISTED = 10


def extended(
    drafts: Sequence[Draft], imported: Mapping[str, TypeRegistration], faults: list[Fault]
) -> list[TypeRegistration]:
    """The registrations of a file's own entries, each with what it inherits.

    `imported`: those of the files that it imports, by their names in lower case. An entry that extends its own name
    means the imported one. Notes names that are unknown and entries that extend each other in a circle.
    """
    own: dict[str, Draft] = {}
    for draft in drafts:
        own.setdefault(draft.key, draft)
    done: dict[Draft, TypeRegistration] = {}
    for draft in drafts:
        line = _line(draft, own, imported, done)
        last = line[-1]
        base = _base(last, own, imported, done)
        if isinstance(base, Draft):
            faults.append(_circle(line, base))
        elif base is None and last.extends and last not in done:
            faults.append(_unknown(last, own, imported))
        for each in reversed(line):
            if each not in done:
                done[each] = _inherit(each, base if isinstance(base, TypeRegistration) else None)
            base = done[each]
    return [done[draft] for draft in drafts]


def _base(
    draft: Draft,
    own: Mapping[str, Draft],
    imported: Mapping[str, TypeRegistration],
    done: Mapping[Draft, TypeRegistration],
) -> Draft | TypeRegistration | None:
    """What an entry extends, if there is such a thing."""
    if not draft.extends:
        return None
    key = draft.extends.casefold()
    found = own.get(key)
    if found is None or (key == draft.key and key in imported):
        return imported.get(key)
    return done.get(found, found)


def _line(
    draft: Draft,
    own: Mapping[str, Draft],
    imported: Mapping[str, TypeRegistration],
    done: Mapping[Draft, TypeRegistration],
) -> list[Draft]:
    """The entry, the one that it extends, and so on: up to one that is known already, or that stands in it before."""
    line = {draft: None}
    base = _base(draft, own, imported, done)
    while isinstance(base, Draft) and base not in line:
        line[base] = None
        base = _base(base, own, imported, done)
    return list(line)


def _inherit(draft: Draft, base: TypeRegistration | None) -> TypeRegistration:
    if base is None:
        return draft.registration
    attributes = (INHERITED[key] for key in draft.left_out)
    changes = {attribute: getattr(base, attribute) for attribute in attributes}
    return replace(draft.registration, **changes)


def _circle(line: list[Draft], first: Draft) -> Fault:
    members = [*line[line.index(first) :], first]
    circle = " -> ".join(printable(each.registration.name) for each in members)
    return Fault(first.place, f"extends: expected entries that do not extend each other in a circle, found {circle}")


def _unknown(draft: Draft, own: Mapping[str, Draft], imported: Mapping[str, TypeRegistration]) -> Fault:
    names = chain((each.registration.name for each in own.values()), (each.name for each in imported.values()))
    known = list(islice((name for name in names if name and name.casefold() != draft.key), _LISTED + 1))
    listed = ", ".join(known[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
    return Fault(
        draft.place,
        "extends: expected the name of another entry of this file or of one that it imports, "
        f"found {printable(draft.extends)}; there are: {printable(listed) or 'none'}",
    )
