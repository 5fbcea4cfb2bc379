"""The lines of the form, made from the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from purefix_tui.session.compose.tree import Branch, FieldNode, GroupNode, Node, Part, Tree

Path = tuple[int, ...]
"""Where something stands, as Problem.path has it."""


@dataclass(frozen=True)
class FieldRow:
    """A field."""

    node: FieldNode
    branch: Branch
    part: Part
    path: Path
    depth: int


@dataclass(frozen=True)
class GroupRow:
    """A repeating group; its entries follow."""

    node: GroupNode
    branch: Branch
    part: Part
    path: Path
    depth: int


@dataclass(frozen=True)
class EntryRow:
    """The head of an entry of a group; its fields follow."""

    node: GroupNode
    entry: Branch
    part: Part
    path: Path
    depth: int

    @property
    def branch(self) -> Branch:
        return self.entry


@dataclass(frozen=True)
class EnvelopeRow:
    """What the session fills in: folded away, or shown below."""

    is_open: bool
    overridden: tuple[int, ...]
    """The tags that the draft has of it."""


@dataclass(frozen=True)
class StoreRow:
    """Whether a message with a MsgSeqNum of its own is kept."""

    is_kept: bool


Row = FieldRow | GroupRow | EntryRow | EnvelopeRow | StoreRow


def rows_of(tree: Tree, *, is_open: bool, is_kept: bool | None) -> list[Row]:
    """The body, and the envelope, whose fields follow where it `is_open`. `is_kept` None: there is nothing to say
    about keeping the message."""
    around = (Part.HEADER, Part.TRAILER)
    overridden = tuple(node.tag for part in around for node in tree.parts[part].shown() if node.is_there)
    rows: list[Row] = [*_branch_rows(tree.parts[Part.BODY], Part.BODY, (), 0), EnvelopeRow(is_open, overridden)]
    if is_open:
        for part in around:
            rows += _branch_rows(tree.parts[part], part, (), 1)
        if is_kept is not None:
            rows.append(StoreRow(is_kept))
    return rows


def _branch_rows(branch: Branch, part: Part, path: Path, depth: int) -> Iterator[Row]:
    for node in branch.shown():
        yield from _node_rows(node, branch, part, path, depth)


def _node_rows(node: Node, branch: Branch, part: Part, path: Path, depth: int) -> Iterator[Row]:
    here = (*path, node.tag)
    if isinstance(node, FieldNode):
        yield FieldRow(node, branch, part, here, depth)
        return
    yield GroupRow(node, branch, part, here, depth)
    for place, entry in enumerate(node.entries):
        yield EntryRow(node, entry, part, (*here, place), depth + 1)
        yield from _branch_rows(entry, part, (*here, place), depth + 2)


def group_around(row: Row, rows: list[Row]) -> tuple[GroupNode, int] | None:
    """The group that the row is of, or is, and the place of a new entry: behind that of the row, or behind all."""
    if isinstance(row, GroupRow):
        return row.node, len(row.node.entries)
    if isinstance(row, EntryRow):
        return row.node, row.path[-1] + 1
    if isinstance(row, FieldRow):
        for head in rows:
            if isinstance(head, EntryRow) and head.entry is row.branch:
                return head.node, head.path[-1] + 1
    return None
