"""What can be wrong with a message, and what of it a single field shows."""

from __future__ import annotations

from purefix_core.dictionary.datatypes import items
from purefix_core.dictionary.validate import FIRST_USER_TAG, is_enum_value
from purefix_core.session.problems import (
    INCORRECT_DATA_FORMAT,
    INVALID_TAG,
    NO_VALUE,
    NOT_DEFINED_FOR_MESSAGE,
    VALUE_IS_INCORRECT,
    Problem,
)
from purefix_core.session.settings import Validation
from purefix_core.session.validation_rules import LevelRules, RuleBook, has_enum, has_form_of
from purefix_core.wire.message import as_text


class FieldChecks:
    """Checks single fields by one dictionary."""

    __slots__ = ("book", "checks")

    def __init__(self, book: RuleBook, checks: Validation) -> None:
        self.book = book
        self.checks = checks

    def value_problem(self, tag: int, value: bytes) -> Problem | None:
        """Whether the value is there, has the form of its type, and is one that the dictionary lists."""
        if not value:
            return Problem(*NO_VALUE, tag) if self.checks.fields_have_values else None
        field = self.book.field(tag)
        if field is None:
            return None
        text = as_text(value)
        if not has_form_of(field.type, text):
            return Problem(*INCORRECT_DATA_FORMAT, tag)
        if has_enum(field) and not all(is_enum_value(field, item) for item in items(field.type, text)):
            return Problem(*VALUE_IS_INCORRECT, tag)
        return None

    def place_problem(self, tag: int, level: LevelRules) -> Problem | None:
        """Whether the tag may stand at that level of the message."""
        if tag in level.fields or self.is_let_pass(tag):
            return None
        return Problem(*(INVALID_TAG if self.book.field(tag) is None else NOT_DEFINED_FOR_MESSAGE), tag)

    def is_let_pass(self, tag: int) -> bool:
        """Whether the settings let a tag pass that the message does not have."""
        if tag >= FIRST_USER_TAG:
            return not self.checks.user_defined_fields
        return self.checks.allow_unknown_msg_fields
