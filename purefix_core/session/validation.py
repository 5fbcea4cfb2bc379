"""Whether a received message is what its dictionary says. The texts are those of the acceptance scripts, to the letter.

Where a message has several problems one is told, in this order: a field of the header behind the body, or of the body
behind the trailer (14g); an unknown MsgType (2q); a missing field (14b), those of the header before those of the body,
by tag; then whatever is wrong with a single field (14a, 14c to 14f, 14h, 14i), header, trailer and body one after the
other, each by ascending tag, as QuickFIX keeps its fields.

Besides what QuickFIX C++ checks, the fields in the entries of repeating groups are checked like all others, and so is
their order.
"""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.incoming import Incoming
from purefix_core.session.problems import INVALID_MSG_TYPE, OUT_OF_ORDER, REPEATED_TAG, REQUIRED_TAG_MISSING, Problem
from purefix_core.session.settings import Validation
from purefix_core.session.validation_fields import FieldChecks
from purefix_core.session.validation_groups import GroupReader
from purefix_core.session.validation_rules import (
    ENVELOPE_TAGS,
    NOTHING,
    LevelRules,
    MessageRules,
    RuleBook,
    rule_book,
)

__all__ = ["Problem", "Validator"]


class _TopField(NamedTuple):
    """A field outside of groups; of a group's counter also what is wrong with the entries."""

    tag: int
    value: bytes
    problem: Problem | None


class Validator:
    """Checks the messages of one session. Cheap to make: sessions with the same definitions share the rules."""

    def __init__(self, definitions: Definitions, checks: Validation) -> None:
        """`definitions` are those of the session; over FIXT transport and application combined (combine_fixt)."""
        self._book = rule_book(definitions)
        self._checks = checks
        self._is_on = checks.use_data_dictionary and checks.incoming_message

    def check(self, message: Incoming) -> Problem | None:
        """The problem that is to be told to the sender, or None. The work is linear in the size of the message."""
        if not self._is_on:
            return None
        rules = self._book.message(message.msg_type)
        if rules is not None and self._is_plainly_good(message, rules):
            return None
        return self._find_problem(message, rules)

    def _is_plainly_good(self, message: Incoming, rules: MessageRules) -> bool:
        """True for what most messages are: good, without a repeating group. Says less than `_find_problem`, sooner."""
        odd = rules.plain.odd(message)
        if odd is None:
            return False
        if odd:
            checks = FieldChecks(rules.book, self._checks)
            return all(checks.value_problem(tag, value) is None for tag, value in odd)
        return True

    def _find_problem(self, message: Incoming, rules: MessageRules | None) -> Problem | None:
        """Takes the message apart by the rules, and goes through the checks in their order."""
        book = self._book if rules is None else rules.book
        body = NOTHING if rules is None else rules.body
        checks = FieldChecks(book, self._checks)
        fields = _top_fields(message, checks, (book.header, body, book.trailer))
        if self._checks.fields_out_of_order:
            misplaced = _misplaced(fields, book)
            if misplaced is not None:
                return Problem(*OUT_OF_ORDER, misplaced)
        if rules is None:
            return Problem(*INVALID_MSG_TYPE, None)
        present = {field.tag for field in fields}
        for tag in rules.required:
            if tag not in present:
                return Problem(*REQUIRED_TAG_MISSING, tag)
        seen = set(ENVELOPE_TAGS)
        for section, part in _sections(fields, book, body):
            for tag, value, inner_problem in part:
                if tag in seen:
                    return Problem(*REPEATED_TAG, tag)
                seen.add(tag)
                check = section.fields.get(tag)
                if check is None or not check(value):
                    problem = checks.value_problem(tag, value) or checks.place_problem(tag, section)
                    if problem is not None:
                        return problem
                if inner_problem is not None:
                    return inner_problem
        return None


def _top_fields(message: Incoming, checks: FieldChecks, sections: tuple[LevelRules, ...]) -> list[_TopField]:
    """All fields outside of groups, but for the envelope."""
    fields = message.fields
    groups = GroupReader(fields, checks)
    found = []
    at, end = 3, len(fields) - 1
    while at < end:
        tag, value = fields[at]
        at += 1
        problem = None
        for section in sections:
            group = section.groups.get(tag)
            if group is not None:
                at, problem = groups.read(group, value, at, sections)
                break
        found.append(_TopField(tag, value, problem))
    return found


def _misplaced(fields: list[_TopField], book: RuleBook) -> int | None:
    """The first tag of the header behind one of body or trailer, or of the body behind one of the trailer."""
    trailer = book.trailer.fields
    in_header, in_trailer = True, False
    for field in fields:
        if book.is_of_header(field.tag):
            if not in_header:
                return field.tag
        elif field.tag in trailer:
            in_header, in_trailer = False, True
        elif in_trailer:
            return field.tag
        else:
            in_header = False
    return None


def _sections(fields: list[_TopField], book: RuleBook, body: LevelRules) -> list[tuple[LevelRules, list[_TopField]]]:
    """Header, trailer and body, each with its fields."""
    header: list[_TopField] = []
    trailer: list[_TopField] = []
    rest: list[_TopField] = []
    for field in fields:
        part = header if book.is_of_header(field.tag) else trailer if field.tag in book.trailer.fields else rest
        part.append(field)
    for part in (header, trailer, rest):
        part.sort(key=_tag)  # QuickFIX keeps them so, and tells the first problem that it finds
    return [(book.header, header), (book.trailer, trailer), (body, rest)]


_tag = itemgetter(0)
