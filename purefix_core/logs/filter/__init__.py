"""Which messages of a log to show: filter expressions, and their evaluation over an index and its file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from purefix_core.dictionary.definitions import Definitions
from purefix_core.logs.filter import nodes, values
from purefix_core.logs.filter.bind import bind
from purefix_core.logs.filter.flags import ADMIN
from purefix_core.logs.filter.language import MAX_LENGTH, Expression, FilterError, Word, parse, point_at
from purefix_core.logs.filter.names import Names
from purefix_core.logs.filter.open_rows import ReadBytes
from purefix_core.logs.filter.predicate import holds
from purefix_core.logs.filter.select import Matches, select_rows
from purefix_core.logs.index import Entry, LogIndex
from purefix_core.wire.message import FixMessage
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG, MSG_TYPE

__all__ = [
    "EVERYTHING",
    "Expression",
    "Filter",
    "FilterError",
    "Matches",
    "Names",
    "all_of",
    "compile_filter",
    "filter_of",
    "iter_matches",
    "msg_type_filter",
    "msg_types",
    "not_admin",
    "not_msg_types",
    "parse",
    "point_at",
]


@dataclass(frozen=True)
class Filter:
    """A condition on messages, ready to be used on any log from any thread."""

    node: nodes.Node
    data_tags: Mapping[int, int] = field(default_factory=lambda: DATA_TAG_BY_LENGTH_TAG)
    """The data fields of the dialects that the filter was compiled for."""

    @cached_property
    def needs_messages(self) -> bool:
        """Whether the filter asks for more than the index holds.

        If not, messages are read only where the index has no room for a value or could make no sense of it.
        """
        return nodes.needs_messages(self.node)

    def matches(self, entry: Entry, message: FixMessage) -> bool:
        """Whether one message passes; `entry` is its row in the index."""
        return holds(self.node, entry, message)


EVERYTHING = Filter(nodes.All(()))
"""Every message passes."""


def compile_filter(text: str, names: Names) -> Filter:
    """The filter that an expression of docs/filters.md means; blank text lets every message pass.

    Raises FilterError, whose column points at what is wrong.
    """
    return Filter(bind(parse(text), names), names.data_tags)


def filter_of(text: str, definitions: Callable[[], Sequence[Definitions]], *others: Filter) -> Filter:
    """Messages that pass an expression and every one of the other filters.

    `definitions` says what names mean. It is not called for blank text: to load dictionaries takes a while, and fails
    where they are missing. Raises FilterError, whose column points at what is wrong with the expression.
    """
    own = compile_filter(text, Names(definitions())) if text.strip() else EVERYTHING
    return all_of(own, *others)


def msg_type_filter(regex: str) -> Filter:
    """Messages in whose MsgType(35) a regular expression is found, as with `re.search`. Raises FilterError."""
    if len(regex) > MAX_LENGTH:
        raise FilterError(
            f"the regular expression has {len(regex):,} characters; {MAX_LENGTH:,} are allowed", MAX_LENGTH
        )
    return Filter(nodes.HeaderTest((MSG_TYPE,), values.matches_regex(Word(regex, 0))))


def msg_types(wanted: Collection[str]) -> Filter:
    """Messages of these MsgTypes."""
    return Filter(nodes.HeaderTest((MSG_TYPE,), values.is_one_of(wanted)))


def not_msg_types(unwanted: Collection[str]) -> Filter:
    """Messages of other MsgTypes than these; the empty one stands for a message that has none."""
    if "" in unwanted:
        return Filter(nodes.HeaderTest((MSG_TYPE,), values.is_one_of(unwanted), wanted=False))
    return Filter(nodes.Negated(msg_types(unwanted).node))


def not_admin() -> Filter:
    """Messages that are not of the session level."""
    return Filter(nodes.Negated(ADMIN))


def all_of(*filters: Filter) -> Filter:
    """Messages that pass every one of the filters."""
    data_tags = dict(DATA_TAG_BY_LENGTH_TAG)
    for each in filters:
        data_tags.update(each.data_tags)
    return Filter(nodes.All(tuple(each.node for each in filters)), data_tags)


def iter_matches(
    index: LogIndex, condition: Filter, read: ReadBytes, start: int = 0, stop: int | None = None
) -> Iterator[Matches]:
    """The rows from `start` to before `stop` (by default: the rows there are now) that pass, in ascending order.

    `read(offset, length)` gives bytes of the log; it is not called for a filter that the index can decide. A batch
    comes at least after every 65,536 rows or 4 MiB read, empty ones too, so that a caller can stop or tell how far it
    is. The index may grow meanwhile; if it is cut, the iteration ends early.
    """
    last = len(index) if stop is None else min(stop, len(index))
    return select_rows(index, condition.node, condition.data_tags, read, max(0, start), last)
