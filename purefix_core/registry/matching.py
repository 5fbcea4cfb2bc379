"""Which registration a session speaks, by its CompIDs and its version. Pure functions over a table made once.

The rules, strongest first:

1. a registration whose version agrees with the session's goes before any that contradicts it;
2. one whose lists hold the CompIDs goes before one that holds the SenderCompID alone, and that before the default;
3. the SenderCompID in full goes before its longest listed beginning, and that before `*`; then the TargetCompID alike.
   With matchOrder "document" `*` goes before the beginnings;
4. the version that serves the session best, of which only FIXT leaves a choice; then isDefault; then the order of
   registration, in which the versions of one base name (`jpmfx@1.2`) stand newest first.

Both directions of the session are tried, and the better one counts. Disabled registrations never match.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from purefix_core.registry.names import split_name, version_order
from purefix_core.registry.registration import TypeRegistration
from purefix_core.registry.versions import SessionVersion

MOST_SPECIFIC_FIRST = "specific"
DOCUMENT_ORDER = "document"
MATCH_ORDERS = (MOST_SPECIFIC_FIRST, DOCUMENT_ORDER)

ANY = "*"

# How well a list of CompIDs fits one: in full, by a beginning of 1 to 999,999 characters, by `*`, or not at all.
_IN_FULL = 1_000_001
_BY_STAR_FIRST = 1_000_000
_BY_STAR = 0
_NOT = -1

# How much of a session a registration claims.
_BOTH_SIDES, _SENDER_ALONE, _BY_DEFAULT = 2, 1, 0


@dataclass(frozen=True)
class Match:
    """The registration that a session speaks, and in a few words why it was taken."""

    registration: TypeRegistration
    reason: str
    names_comp_id: bool
    """Whether its lists name a CompID of the session or the beginning of one: not `*`, and not by default."""


@dataclass(frozen=True)
class MatchTable:
    """The enabled registrations, isDefault first and else in their order, and where each listed SenderCompID leads."""

    registrations: tuple[TypeRegistration, ...]
    by_sender: Mapping[str, tuple[int, ...]]
    """The positions in `registrations` of those that list the CompID, ascending."""
    prefix_lengths: tuple[int, ...]
    """The lengths of all listed CompIDs, longest first: only beginnings of these lengths can be listed."""
    star: int
    """How well `*` fits, by the matchOrder."""

    @property
    def default(self) -> TypeRegistration | None:
        first = next(iter(self.registrations), None)
        return first if first is not None and first.is_default else None


def build_table(registrations: Iterable[TypeRegistration], match_order: str = MOST_SPECIFIC_FIRST) -> MatchTable:
    ordered = sorted(_newest_versions_first(registrations), key=lambda each: not each.is_default)
    by_sender: dict[str, list[int]] = {}
    for position, registration in enumerate(ordered):
        for comp_id in dict.fromkeys(registration.sender_comp_ids):
            by_sender.setdefault(comp_id, []).append(position)
    lengths = sorted({len(comp_id) for comp_id in by_sender if comp_id != ANY}, reverse=True)
    star = _BY_STAR_FIRST if match_order == DOCUMENT_ORDER else _BY_STAR
    positions = {comp_id: tuple(found) for comp_id, found in by_sender.items()}
    return MatchTable(tuple(ordered), positions, tuple(lengths), star)


def _newest_versions_first(registrations: Iterable[TypeRegistration]) -> list[TypeRegistration]:
    """The enabled ones. Versions of one base name take, newest first, the places that they have among them."""
    ordered = [each for each in registrations if each.enabled]
    places: dict[str, list[int]] = {}
    for place, registration in enumerate(ordered):
        base, version = split_name(registration.name.casefold())
        if version:
            places.setdefault(base, []).append(place)
    for found in places.values():
        if len(found) > 1:
            versions = [ordered[place] for place in found]
            versions.sort(key=lambda each: version_order(split_name(each.name)[1]), reverse=True)
            for place, registration in zip(found, versions, strict=True):
                ordered[place] = registration
    return ordered


def match_sender(table: MatchTable, sender: str) -> TypeRegistration | None:
    """The registration for a SenderCompID, whatever its version and counterparty.

    One dictionary access where it is listed in full, else one for each length that listed CompIDs have.
    """
    for _, positions in _senders(table, sender):
        return table.registrations[positions[0]]
    return table.default


@dataclass(frozen=True)
class _Claim:
    """A registration that may describe a session, seen in one direction of it."""

    position: int
    extent: int
    sender_fit: int
    target_fit: int
    sender: str
    target: str


def match_session(table: MatchTable, version: SessionVersion, sender: str, target: str) -> Match | None:
    """The registration for a session, of which a message had these CompIDs; None where nothing fits."""

    def strength(claim: _Claim) -> tuple[bool, int, int, int, bool, int]:
        registered = table.registrations[claim.position].version
        agrees, serves_best = version.agrees_with(registered), version.is_best_served_by(registered)
        return agrees, claim.extent, claim.sender_fit, claim.target_fit, serves_best, -claim.position

    claims = [*_claims(table, sender, target), *_claims(table, target, sender)]
    best = max(claims, key=strength, default=None)
    if best is None:
        return None
    registration = table.registrations[best.position]
    names_comp_id = _named(best.sender_fit) or _named(best.target_fit)
    return Match(registration, _reason(registration, best, version, forward=sender == best.sender), names_comp_id)


def _named(fit: int) -> bool:
    return fit not in (_NOT, _BY_STAR, _BY_STAR_FIRST)


def _claims(table: MatchTable, sender: str, target: str) -> Iterator[_Claim]:
    """Every enabled registration that lists the sender, each by its best fit, and the default one."""
    claimed: set[int] = set()
    for sender_fit, positions in _senders(table, sender):
        for position in positions:
            if position not in claimed:
                claimed.add(position)
                target_fit = _fit(table.registrations[position].target_comp_ids or (ANY,), target, table.star)
                extent = _SENDER_ALONE if target_fit == _NOT else _BOTH_SIDES
                yield _Claim(position, extent, sender_fit, target_fit, sender, target)
    if table.default is not None:
        yield _Claim(0, _BY_DEFAULT, _NOT, _NOT, sender, target)


def _senders(table: MatchTable, sender: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """How well each listed CompID that fits `sender` does so, and who lists it; the best first."""
    if sender != ANY and (positions := table.by_sender.get(sender)):
        yield _IN_FULL, positions
    if table.star == _BY_STAR_FIRST and ANY in table.by_sender:
        yield _BY_STAR_FIRST, table.by_sender[ANY]
    shorter = bisect_right(table.prefix_lengths, -len(sender), key=lambda length: -length)
    for length in table.prefix_lengths[shorter:]:
        beginning = sender[:length]
        if length < len(sender) and beginning != ANY and (positions := table.by_sender.get(beginning)):
            yield length, positions
    if table.star == _BY_STAR and ANY in table.by_sender:
        yield _BY_STAR, table.by_sender[ANY]


def _fit(listed: Sequence[str], comp_id: str, star: int) -> int:
    """How well a list of CompIDs fits `comp_id`."""
    best = _NOT
    for each in listed:
        if each == ANY:
            best = max(best, star)
        elif each == comp_id:
            return _IN_FULL
        elif comp_id.startswith(each):
            best = max(best, len(each))
    return best


def _reason(registration: TypeRegistration, claim: _Claim, version: SessionVersion, forward: bool) -> str:
    if claim.extent == _BY_DEFAULT:
        reason = "it is the default"
    else:
        reason = _reason_for_side("senderCompIds", registration.sender_comp_ids, claim.sender, claim.sender_fit)
        if claim.extent == _SENDER_ALONE:
            reason += f"; {claim.target} is not in its targetCompIds"
        elif claim.target_fit not in (_BY_STAR, _BY_STAR_FIRST):
            listed = registration.target_comp_ids
            reason += ", and " + _reason_for_side("targetCompIds", listed, claim.target, claim.target_fit)
        if not forward:
            reason += " (seen from the other side)"
    if not version.agrees_with(registration.version):
        return f"{reason}; no registration for {version} fits"
    decided_by_version = claim.extent == _BY_DEFAULT or claim.sender_fit in (_BY_STAR, _BY_STAR_FIRST)
    if decided_by_version and version.is_best_served_by(registration.version):
        reason += f"; it is for {registration.version}"
    return reason


def _reason_for_side(key: str, listed: Sequence[str], comp_id: str, fit: int) -> str:
    if fit == _IN_FULL:
        return f"{comp_id} is in its {key}"
    if fit in (_BY_STAR, _BY_STAR_FIRST):
        return f"its {key} take any CompID"
    beginning = next(each for each in listed if len(each) == fit and comp_id.startswith(each))
    return f"{comp_id} begins with {beginning}, which is in its {key}"
