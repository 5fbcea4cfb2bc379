"""Drafts that hypothesis makes up: messages of a dictionary, with values of every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.members import GroupMember, Level, all_tags
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup, DraftItem
from purefix_core.session.compose.expressions import literal

_EXPRESSIONS = ["{uuid}", "{now}", "{now+1d:date}", "{seq}", "{{x}}", "{count}", "a{byte:01}b", "{byte:FF}", "{name}"]
_AWKWARD = ["|", "^A", ";", "^A54=1", "|54=1", ";35=D", " ", "x ", " 54=1", "8=FIX", "=", "==", "é", "{", "\x01", "\n"]

VALUES = st.one_of(
    st.sampled_from(_EXPRESSIONS),
    st.sampled_from(_AWKWARD).map(lambda text: literal(text.encode())),
    st.binary(min_size=1, max_size=12).map(literal),
    st.integers(0, 10**6).map(str),
)


def messages(definitions: Definitions) -> st.SearchStrategy[Draft]:
    """Drafts of messages as the dictionary has them; entries of groups begin with the field that begins them."""
    return st.sampled_from(sorted(definitions.message_names)).flatmap(lambda each: _message(definitions, each))


def _message(definitions: Definitions, msg_type: str) -> st.SearchStrategy[Draft]:
    message = definitions.message(msg_type)
    assert message is not None
    outside = definitions.header_tags | definitions.trailer_tags
    header = st.lists(st.sampled_from([34, 43, 49, 52, 56, 8, 9, 97, 122, 115]), unique=True, max_size=3)
    return st.builds(
        Draft,
        st.just(msg_type),
        header.flatmap(lambda found: st.tuples(*(_field(tag) for tag in found))),
        _items(definitions, message.level, outside, 0),
        st.sampled_from([(), (DraftField(10, "000"),)]),
    )


@st.composite
def _items(draw, definitions: Definitions, level: Level, taken: frozenset[int], depth: int) -> tuple[DraftItem, ...]:
    """Some members of a level in the order of the dictionary. A tag that an entry before may have had is left out:
    nobody could tell whether it is that entry's."""
    tags = [tag for tag in level.slots if tag not in taken and tag not in definitions.data_tags]
    chosen = set(draw(st.lists(st.sampled_from(tags), unique=True, max_size=6))) if tags else set()
    if depth:
        chosen.add(level.first_tag)
    items: list[DraftItem] = []
    closed = set(taken)
    for tag in level.slots:
        if tag not in chosen or tag in closed:
            continue
        member = level.slots[tag].member
        if not isinstance(member, GroupMember):
            items.append(draw(_field(tag)))
        elif depth < 3 and may_have_entries(definitions, member.level, taken | set(level.slots)):
            entry = _items(definitions, member.level, frozenset(closed | set(level.slots)), depth + 1)
            items.append(DraftGroup(tag, tuple(draw(st.lists(entry, max_size=3)))))
            closed |= all_tags(member.level)
        closed.add(tag)
    return tuple(items)


def may_have_entries(definitions: Definitions, level: Level, taken: frozenset[int]) -> bool:
    """Whether entries can be told by a field of their own that begins them."""
    first = level.slots.get(level.first_tag)
    return (
        first is not None
        and first.member.tag not in taken
        and not isinstance(first.member, GroupMember)
        and first.member.tag not in definitions.data_tags
    )


def _field(tag: int) -> st.SearchStrategy[DraftField]:
    return st.builds(DraftField, st.just(tag), VALUES)
