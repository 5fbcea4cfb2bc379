"""The draft as the form edits it, and what finds fields and messages by typing."""

from __future__ import annotations

from itertools import chain
from textwrap import wrap

import pytest

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.checking import Problem
from purefix_core.session.compose.draft import Draft, DraftGroup
from purefix_tui.session.compose.about import about
from purefix_tui.session.compose.candidates import field_items, free_field, message_items
from purefix_tui.session.compose.choices import value_of_meaning
from purefix_tui.session.compose.finder import Item, fitting
from purefix_tui.session.compose.preview import problem_lines
from purefix_tui.session.compose.rows import EntryRow, FieldRow, GroupRow, rows_of
from purefix_tui.session.compose.tree import FieldNode, GroupNode, Part, Tree

FIX44 = standard("FIX44")
TEXTS = [
    "35=D|",
    "35=D|40=1|11=A|54=1|",  # not in the dictionary's order
    "35=D|8=FIX.4.4|34=9|115=X|11=A|453=2|448=X|447=D|448=Y|802=1|523=s|58=|20001=own|10=000|",
    "35=D|453=3|448=X|448=Y|",  # a wrong count, which stays
    "35=D|453=0|11=A|11=B|",
    "35=ZZ|1=2|3=4|",
]


def tree_of(text: str) -> Tree:
    return Tree(Draft.of_text(text, FIX44), FIX44)


@pytest.mark.parametrize("text", TEXTS)
def test_a_tree_nobody_changes_is_the_draft_it_was_made_of(text: str) -> None:
    assert tree_of(text).draft == Draft.of_text(text, FIX44)


def test_another_value_leaves_the_order_and_another_field_is_put_at_its_place() -> None:
    tree = tree_of("35=D|40=1|11=A|")
    body = tree.parts[Part.BODY]
    price, order_type = body.offer(44), body.offer(40)
    assert isinstance(price, FieldNode)
    assert isinstance(order_type, FieldNode)
    order_type.write("2")
    assert tree.draft.to_text() == "35=D|40=2|11=A|"
    price.write("1.5")
    assert tree.draft.to_text() == "35=D|11=A|40=2|44=1.5|"
    price.write("")
    assert tree.draft.to_text() == "35=D|40=2|11=A|"


def test_the_fields_of_an_entry_begin_with_its_first_one() -> None:
    tree = tree_of("35=D|")
    parties = tree.parts[Part.BODY].offer(453)
    assert isinstance(parties, GroupNode)
    entry = parties.new_entry(0)
    for tag in (452, 448):
        node = entry.offer(tag)
        assert isinstance(node, FieldNode)
        node.write("1")
    assert tree.draft.to_text() == "35=D|453=1|448=1|452=1|"


def test_a_new_entry_makes_a_wrong_count_right() -> None:
    tree = tree_of("35=D|453=3|448=X|")
    parties = tree.parts[Part.BODY].offer(453)
    assert isinstance(parties, GroupNode)
    parties.new_entry(1)
    group = tree.draft.body[0]
    assert isinstance(group, DraftGroup)
    assert (len(group.entries), group.count) == (2, None)


def test_required_fields_come_first_and_the_rows_know_their_paths() -> None:
    rows = rows_of(tree_of("35=D|58=T|453=1|448=X|"), is_open=False, is_kept=None)
    tags = [row.node.tag for row in rows if isinstance(row, FieldRow) and row.depth == 0]
    assert tags[:4] == [11, 54, 60, 40]
    assert {1, 55, 38, 44, 58} <= set(tags[4:])  # the usual ones are offered, and what is there
    assert [row.path for row in rows if isinstance(row, (GroupRow, EntryRow))] == [(453,), (453, 0)]
    assert [row.path for row in rows if isinstance(row, FieldRow) and row.depth] == [(453, 0, 448)]


def test_the_envelope_is_folded_away_at_first() -> None:
    tree = tree_of("35=D|")
    folded = rows_of(tree, is_open=False, is_kept=None)
    unfolded = rows_of(tree, is_open=True, is_kept=None)
    tags = [row.node.tag for row in unfolded[len(folded) :] if isinstance(row, FieldRow)]
    assert tags == [8, 9, 49, 56, 34, 52, 10]


def test_a_required_group_has_an_entry_to_fill_in() -> None:
    tree = tree_of("35=V|")
    tree.open_required_groups()
    rows = rows_of(tree, is_open=False, is_kept=None)
    assert [row.path for row in rows if isinstance(row, EntryRow)] == [(267, 0), (146, 0)]
    assert (267, 0, 269) in [row.path for row in rows if isinstance(row, FieldRow)]


# Finding.


def names(found: list[Item[str]]) -> list[str]:
    return [item.name for item in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("D", "NewOrderSingle"),
        ("nos", "NewOrderSingle"),
        ("NewOrderS", "NewOrderSingle"),
        ("ocrr", "OrderCancelReplaceRequest"),
        ("ordercancelrequest", "OrderCancelRequest"),
        ("AE", "TradeCaptureReport"),
        ("cancel replace", "OrderCancelReplaceRequest"),
    ],
)
def test_a_message_is_found_by_name_capitals_or_code(typed: str, first: str) -> None:
    assert fitting(message_items(FIX44), typed)[0].name == first


def test_what_is_written_most_comes_first_and_what_the_session_sends_last() -> None:
    found = names(message_items(FIX44))
    assert found[:3] == ["NewOrderSingle", "OrderCancelRequest", "OrderCancelReplaceRequest"]
    assert set(found[-7:]) == {
        "Heartbeat", "TestRequest", "ResendRequest", "Reject", "SequenceReset", "Logout", "Logon",
    }  # fmt: skip
    assert not fitting(message_items(FIX44), "no such message")


def test_fields_that_are_there_are_not_offered_again() -> None:
    tree = tree_of("35=D|38=1|453=1|448=X|")
    branches = [(tree.parts[part], part, "") for part in Part]
    tags = [item.code for item in field_items(branches)]
    assert "38" not in tags
    assert {"44", "453", "452", "115"} <= set(tags)


@pytest.mark.parametrize(("typed", "found"), [("20001", "20001"), ("0", None), ("x", None), ("1234567890", None)])
def test_any_tag_can_be_added(typed: str, found: str | None) -> None:
    tree = tree_of("35=D|")
    item = free_field([(tree.parts[Part.BODY], Part.BODY, "")], FIX44)(typed)
    assert (None if item is None else item.code) == found


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1", ""), ("buy", "1"), ("Sell short", "5"), ("SELL_SHORT", "5"), ("sellsh", ""), ("", ""), ("?", "")],
)
def test_a_meaning_stands_for_its_value_where_it_is_the_only_one(typed: str, value: str) -> None:
    node = tree_of("35=D|").parts[Part.BODY].offer(54)
    assert isinstance(node, FieldNode)
    assert value_of_meaning(typed, node.member) == value


# What is said.


@pytest.mark.parametrize("msg_type", ["D", "8", "AE", "A"])
@pytest.mark.parametrize("width", [78, 80, 140])
def test_what_is_said_of_a_field_fits_its_place(msg_type: str, width: int) -> None:
    tree = Tree(Draft(msg_type), FIX44)
    for part in Part:
        for member in tree.parts[part].members:
            tree.parts[part].offer(member.tag)
    for row in rows_of(tree, is_open=True, is_kept=False):
        problem = None
        if isinstance(row, FieldRow):
            row.node.write("?")
            problem = Problem(row.path, row.node.tag, "It is wrong", "error")
        lines = list(chain.from_iterable(wrap(line, width) for line in str(about(row, problem, width)).split("\n")))
        assert len(lines) <= 3, lines


def test_what_is_missing_is_one_line_and_the_worst_comes_first() -> None:
    missing = [Problem((tag,), tag, f"Required field missing: A ({tag})", "warning") for tag in (1, 2)]
    doubts = [Problem((tag,), tag, f"Doubt {tag}", "warning") for tag in (3, 4, 5)]
    wrong = [Problem((6,), 6, "Wrong 6", "error")]
    said = [text for text, _ in problem_lines([*missing, *doubts, *wrong])]
    assert said == ["! Missing: A (1), A (2)\n", "✗ Wrong 6\n", "! Doubt 3\n", "  and 2 more, which are marked\n"]
    assert problem_lines([]) == []
