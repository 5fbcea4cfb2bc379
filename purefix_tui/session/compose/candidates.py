"""What there is to choose from: messages, fields, values, templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from purefix_core.dictionary.datatypes import MULTIPLE_VALUE_TYPES
from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.form import FormField, FormGroup
from purefix_core.session.compose.reading import check_msg_type
from purefix_core.session.compose.templates import Template
from purefix_tui.session.compose.finder import Item
from purefix_tui.session.compose.tree import Branch, Part
from purefix_tui.session.compose.words import MOST_USED, message_words

_SESSION_MESSAGES = frozenset("0123456789A") - {"6", "7", "8", "9"}
_LONGEST_TAG = 9

Place = tuple[Branch, Part, int, int]
"""Where a field or group is added, its tag, and the tag of a field in its entry; 0 for the whole."""


def message_items(definitions: Definitions) -> list[Item[str]]:
    """Every message: those that are written most first, then the others by name, then those of the session."""
    used = {code: rank for rank, code in enumerate(MOST_USED)}

    def rank(code: str, name: str) -> tuple[int, int, str]:
        is_admin = code in _SESSION_MESSAGES
        return (2 if is_admin else 0 if code in used else 1), used.get(code, 0), name

    names = sorted(definitions.message_names.items(), key=lambda each: rank(*each))
    return [Item(code, name, "session" if code in _SESSION_MESSAGES else "", code) for code, name in names]


def free_message(definitions: Definitions) -> Callable[[str], Item[str] | None]:
    """Any MsgType may be sent."""

    def free(text: str) -> Item[str] | None:
        try:
            check_msg_type(text)
        except ComposeError:
            return None
        return Item("", f"MsgType {text}", f"not defined in {definitions.name}", text)

    return free


def field_items(branches: Sequence[tuple[Branch, Part, str]]) -> list[Item[Place]]:
    """What may be added: every member of the branches that is not there yet, every group, and what its entries
    have."""
    items, inner = [], []
    for branch, part, where in branches:
        there = {node.tag for node in branch.nodes if node.is_there}
        for member in branch.members:
            if member.tag not in there or isinstance(member, FormGroup):
                what = "group" if isinstance(member, FormGroup) else ""
                note = ", ".join(filter(None, (what, member.part, where)))
                items.append(Item(str(member.tag), member.name, note, (branch, part, member.tag, 0)))
            if isinstance(member, FormGroup):
                note = ", ".join(filter(None, (f"in {member.name}", where)))
                places = ((each, (branch, part, member.tag, each.tag)) for each in member.members)
                inner += [Item(str(each.tag), each.name, note, place) for each, place in places]
    return items + inner


def free_field(
    branches: Sequence[tuple[Branch, Part, str]], definitions: Definitions
) -> Callable[[str], Item[Place] | None]:
    """Any tag may be added, where the cursor stands."""
    branch, part, where = branches[0]

    def free(text: str) -> Item[Place] | None:
        if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_TAG or not int(text):
            return None
        field = definitions.field(int(text))
        name = f"tag {int(text)}" if field is None else field.name
        why = "not in the dictionary" if field is None else "not of this message"
        return Item(text, name, f"{why}{f', {where}' if where else ''}", (branch, part, int(text), 0))

    return free


def choice_items(member: FormField) -> list[Item[str]]:
    return [Item(value, meaning, "", value) for value, meaning in member.choices.items()]


def free_choice(member: FormField) -> Callable[[str], Item[str] | None]:
    """Another value than the listed ones."""
    note = "another value" if member.open_choices or member.type in MULTIPLE_VALUE_TYPES else "none of the listed ones"
    return lambda text: Item("", text, note, text)


def template_items(templates: Sequence[Template], dialect: str, definitions: Definitions) -> list[Item[Template]]:
    """Those that were written for this dialect first."""
    ordered = sorted(templates, key=lambda each: each.dialect not in ("", dialect))
    return [Item("", each.name, _template_note(each, dialect, definitions), each) for each in ordered]


def _template_note(template: Template, dialect: str, definitions: Definitions) -> str:
    foreign = f", for {template.dialect}" if template.dialect not in ("", dialect) else ""
    return f"{message_words(template.draft.msg_type, definitions)}{foreign}"
