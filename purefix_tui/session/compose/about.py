"""The lines under the form: what the field under the cursor is, its choices, and what is wrong with it."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from purefix_core.dictionary.datatypes import MULTIPLE_VALUE_TYPES
from purefix_core.session.compose.checking import ERROR, Problem
from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.form import FormField
from purefix_core.session.compose.meanings import values_meant
from purefix_core.wire import tags
from purefix_tui.session.compose.rows import EntryRow, EnvelopeRow, FieldRow, GroupRow, Row
from purefix_tui.session.compose.tree import Part
from purefix_tui.session.compose.words import type_words
from purefix_tui.widgets.plain import visible

Pieces = list[tuple[str, str]]

_MARK = 2
"""Cells of the mark in front of a problem, and the blank behind it."""

_ENVELOPE = (
    "BeginString, BodyLength, CompIDs, MsgSeqNum, SendingTime, CheckSum and the rest of header and trailer. What you"
    " fill in stands in place of what the session would write, right or wrong. Enter folds and unfolds it."
)
_STORE = "A message with a MsgSeqNum of its own is neither counted nor stored, unless you say so here."
_WHOLE = (
    "! A whole message: its BeginString, CompIDs, MsgSeqNum, SendingTime and CheckSum are sent as they stand here. ^n"
    " leaves them out, and the session writes its own."
)
_OF_A_WHOLE = {tags.BEGIN_STRING, tags.BODY_LENGTH, tags.CHECK_SUM}


def about_text(draft: Draft | None, fault: str) -> Content:
    """Of the text: why it is no message, or that it is a whole one."""
    if fault:
        return Content.styled(f"✗ {visible(fault)}", "$error")
    if draft is not None and {item.tag for item in (*draft.header, *draft.trailer)} >= _OF_A_WHOLE:
        return Content.styled(_WHOLE, "$warning")
    return Content()


def about(row: Row | None, problem: Problem | None, width: int) -> Content:
    """At most three lines of that width."""
    pieces: Pieces = []
    if problem is not None:
        mark, style = ("✗", "$error") if problem.severity == ERROR else ("!", "$warning")
        text = visible(problem.text)
        has_choices = isinstance(row, FieldRow) and row.node.member is not None and row.node.member.choices
        if has_choices and cell_len(text) > width - _MARK:  # they stand below, and want a line themselves
            text = f"{set_cell_size(text, max(0, width - _MARK - 1))}…"
        pieces.append((f"{mark} {text}\n", style))
    if isinstance(row, FieldRow):
        pieces += _field(row, width)
    elif isinstance(row, GroupRow):
        pieces += _group(row)
    elif isinstance(row, EntryRow):
        name = str(row.node.tag) if row.node.member is None else row.node.member.name
        pieces.append((f"Entry {row.path[-1] + 1} of {visible(name)}", "bold"))
        pieces.append(("   ^n adds one behind it, ^d takes it out, ^f finds further fields of it.", "$muted"))
    elif isinstance(row, EnvelopeRow):
        pieces.append((_ENVELOPE, "$muted"))
    elif row is not None:
        pieces.append((_STORE, "$muted"))
    return Content.assemble(*pieces)


def _field(row: FieldRow, width: int) -> Pieces:
    member = row.node.member
    if member is None:
        where = "" if row.part is Part.BODY else f" for the {row.part.value}"
        return [(f"Tag {row.node.tag}", "bold"), (f"  the dictionary does not have it here{where}", "$muted")]
    facts = [type_words(member.type)] if member.type else []
    facts += ["required"] if row.branch.is_required(member) else []
    facts += [f"of {member.part}"] if member.part else []
    facts += ["filled in by the session, if you do not"] if row.part is not Part.BODY and not row.node.is_there else []
    pieces = [(f"{visible(member.name)} ({member.tag})", "bold"), (f"  {visible(', '.join(facts))}\n", "$muted")]
    return pieces + (_choices(member, row.node.value, width) if member.choices else [])


def _choices(member: FormField, text: str, width: int) -> Pieces:
    """As many choices as fit on a line: those that fit what was typed, or all."""
    wanted = text.rpartition(" ")[2] if member.type in MULTIPLE_VALUE_TYPES else text
    meant = values_meant(wanted, member.choices)
    found = [each for each in member.choices.items() if each[0] in meant or each[0].startswith(wanted)]
    if not found or wanted in member.choices:
        found = list(member.choices.items())
    more = f"… ^l lists all {len(member.choices)}"
    room, pieces = width - len(more), Pieces()
    for value, meaning in found:
        shown = f"{visible(value)} ", f"{visible(meaning)}   "
        room -= sum(map(cell_len, shown))
        if room < 0:
            break
        style = "bold $primary" if value == wanted else "bold"
        pieces += [(shown[0], style), (shown[1], "$meaning")]
    if len(pieces) < 2 * len(member.choices):
        pieces.append((more, "$muted"))
    return pieces


def _group(row: GroupRow) -> Pieces:
    member = row.node.member
    name = f"Tag {row.node.tag}" if member is None else f"{member.name} ({member.tag})"
    facts = "a repeating group; its entries are counted"
    if member is not None and row.branch.is_required(member):
        facts += ", required"
    return [(visible(name), "bold"), (f"  {facts}.\nEnter or ^n adds an entry, ^d takes the group out.", "$muted")]
