"""Values of fields that have a list of them."""

from __future__ import annotations

from purefix_core.dictionary.datatypes import MULTIPLE_VALUE_TYPES
from purefix_core.session.compose.expressions import ComposeError, literal_text
from purefix_core.session.compose.form import FormField
from purefix_core.session.compose.meanings import values_meant


def meaning_of(text: str, member: FormField) -> str:
    """What a value means, where the dictionary says so."""
    if not member.choices or not text:
        return ""
    try:
        value = literal_text(text)
    except ComposeError:
        return ""
    if value is None:
        return ""
    if member.type in MULTIPLE_VALUE_TYPES:
        return ", ".join(member.choices[each] for each in value.split(" ") if each in member.choices)
    return member.choices.get(value, "")


def wants_choice(text: str, member: FormField | None) -> bool:
    """Whether a value is to be chosen: there is a list, and `text` is none of it."""
    return member is not None and bool(member.choices) and not is_settled(text, member)


def value_of_meaning(text: str, member: FormField | None) -> str:
    """The value for the meaning that was typed; the empty string where a value, or something else, was typed."""
    if member is None or not text or is_settled(text, member) or member.type in MULTIPLE_VALUE_TYPES:
        return ""
    meant = values_meant(text, member.choices)
    return meant[0] if len(meant) == 1 else ""


def is_settled(text: str, member: FormField) -> bool:
    """Whether there is nothing to choose any more: it is of the list, or has an expression, or may be anything."""
    if not text:
        return False
    if "{" in text or member.open_choices:
        return True
    values = text.split(" ") if member.type in MULTIPLE_VALUE_TYPES else (text,)
    return all(value in member.choices for value in values)
