"""Whether the entries of a repeating group are what the dictionary says."""

from __future__ import annotations

from collections.abc import Set

from purefix_core.session.problems import GROUP_OUT_OF_ORDER, REPEATED_TAG, REQUIRED_TAG_MISSING, WRONG_COUNT, Problem
from purefix_core.session.validation_fields import FieldChecks
from purefix_core.session.validation_rules import GroupRules, LevelRules

_MOST_COUNT_DIGITS = 9


class GroupReader:
    """Reads the groups of one message."""

    def __init__(self, fields: list[tuple[int, bytes]], checks: FieldChecks) -> None:
        self._fields = fields
        self._end = len(fields) - 1
        """CheckSum is in no group."""
        self._checks = checks
        self._is_ordered = checks.checks.unordered_group_fields

    def read(
        self, group: GroupRules, count: bytes, at: int, outer: tuple[LevelRules, ...]
    ) -> tuple[int, Problem | None]:
        """Read the entries of a group from `at` on, the place behind its counter, whose value is `count`. Gives the
        place behind the last entry, and what is wrong with them: a wrong number of entries before all else, then what
        comes first in the message.

        An entry begins with the group's first tag. The group ends with the first tag that its entries do not have,
        unless that is one that the settings let pass; and after `count` entries with one that does not continue the
        last of them and has a place at an `outer` level.
        """
        level = group.entry
        expected = int(count) if count.isdigit() and len(count) <= _MOST_COUNT_DIGITS else -1
        entries, last_rank = 0, -1
        seen: set[int] = set()
        problem: Problem | None = None
        is_begun = True
        while at < self._end:
            tag, value = self._fields[at]
            rank = level.ranks.get(tag)
            if rank is None:
                if not self._checks.is_let_pass(tag) or _has_place(tag, outer):
                    break
                problem = problem or self._checks.value_problem(tag, value)
                at += 1
                continue
            begins = tag == level.first_tag
            continues = entries > 0 and not begins and tag not in seen and (rank > last_rank or not self._is_ordered)
            if not continues and entries == expected and _has_place(tag, outer):
                break
            if begins or not entries:
                if entries:
                    problem = problem or _missing(level, seen)
                elif not begins:
                    is_begun = False
                    problem = Problem(*GROUP_OUT_OF_ORDER, level.first_tag)
                entries += 1
                seen = set()
            elif not continues:
                problem = problem or Problem(*(REPEATED_TAG if tag in seen else GROUP_OUT_OF_ORDER), tag)
            seen.add(tag)
            last_rank = rank
            at += 1
            if not level.fields[tag](value):
                problem = problem or self._checks.value_problem(tag, value)
            inner = level.groups.get(tag)
            if inner is not None:
                at, inner_problem = self.read(inner, value, at, (level, *outer))
                problem = problem or inner_problem
        if entries:
            problem = problem or _missing(level, seen)
        if entries != expected and is_begun:
            problem = Problem(*WRONG_COUNT, group.tag)
        return at, problem


def _missing(level: LevelRules, seen: Set[int]) -> Problem | None:
    for tag in level.required:
        if tag not in seen:
            return Problem(*REQUIRED_TAG_MISSING, tag)
    return None


def _has_place(tag: int, levels: tuple[LevelRules, ...]) -> bool:
    return any(tag in level.fields for level in levels)
