"""The levels of a message: fields by tag, and the entries of repeating groups."""

from __future__ import annotations

import pytest
from level_helpers import BOTH, ORDER, make_shape, outline, parse

from purefix_core.types import levels as chosen
from purefix_core.types import levels_reference
from purefix_core.wire import native

pytestmark = pytest.mark.parametrize("levels", BOTH)


def test_fields_are_found_by_tag(levels):
    level = parse(levels, "8=FIX.4.4|35=D|55=EUR/USD|58=|")
    assert [level.value(tag) for tag in (8, 35, 55, 58, 54)] == [b"FIX.4.4", b"D", b"EUR/USD", b"", None]


def test_the_first_of_a_repeated_tag_counts(levels):
    level = parse(levels, "55=A|11=x|55=B|")
    assert level.value(55) == b"A"
    assert outline(level) == [55, 11, 55]


def test_tags_that_the_shape_does_not_have_are_found_too(levels):
    assert parse(levels, "35=D|9999=mine|10=1|").value(9999) == b"mine"


def test_a_level_tells_what_it_was_made_of(levels):
    raw, separator = b"35=D^A55=X^A", b"^A"
    level = levels.parse_level(raw, separator, make_shape(levels, ORDER))
    assert level.raw is raw
    assert level.separator == separator
    assert (level.start, level.end) == (0, 12)
    assert level.pieces() == [(35, 0, 6), (55, 6, 12)]


def test_two_characters_may_separate(levels):
    level = parse(levels, "35=D^A58=a^b^A453=1^A448=P^A10=1^", separator="^A")
    assert level.value(58) == b"a^b"
    assert level.value(10) == b"1^"
    assert [(entry.start, entry.end) for entry in level.entries(453)] == [(21, 28)]


def test_nothing_is_a_level_as_well(levels):
    level = parse(levels, "")
    assert (level.start, level.end, level.pieces(), level.value(35), level.entries(453)) == (0, 0, [], None, [])


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("35=D|junk|55=X|", [35, 0, 55]),
        ("35=D||55=X|", [35, 0, 55]),
        ("=5|35=|5", [0, 35, 0]),
        ("12x=5|-1=5| 5=5|\xb9=5|", [0, 0, 0, 0]),
        ("0=5|00=5|0055=5|", [0, 0, 55]),
        ("999999999=a|1000000000=b|0000000055=c|", [999_999_999, 0, 0]),
    ],
)
def test_pieces_that_are_no_fields_are_kept(levels, text, tags):
    assert outline(parse(levels, text)) == tags


def test_a_malformed_piece_is_its_own_value(levels):
    assert parse(levels, "35=D|junk|=5|").value(0) == b"junk"


def test_no_field_has_an_impossible_tag(levels):
    level = parse(levels, "35=D|junk|")
    assert [level.value(tag) for tag in (-1, 10**9, 2**40)] == [None] * 3
    assert [level.entries(tag) for tag in (-1, 0, 10**9, 2**40)] == [[]] * 4


# Data fields


def test_a_data_field_takes_the_announced_bytes(levels):
    level = parse(levels, "90=7|91=a|453=1|55=X|")
    assert level.value(91) == b"a|453=1"
    assert outline(level) == [90, 91, 55]


def test_a_data_field_may_end_the_message(levels):
    assert parse(levels, "90=3|91=a|b").value(91) == b"a|b"


@pytest.mark.parametrize("length", ["2", "4", "99", "999999999", "9999999999", "x", "", "-3"])
def test_a_wrong_length_is_not_believed(levels, length):
    assert outline(parse(levels, f"90={length}|91=a|b|55=X|")) == [90, 91, 0, 55]


def test_a_length_that_is_not_next_to_its_data_announces_nothing(levels):
    assert parse(levels, "90=3|11=x|91=a|b|").value(91) == b"a"


# Groups


def test_entries_have_their_own_fields(levels):
    level = parse(levels, "35=D|453=2|448=P|447=D|448=Q|452=1|55=X|10=1|")
    first, second = level.entries(453)
    assert (first.value(448), first.value(447), first.value(452)) == (b"P", b"D", None)
    assert (second.value(448), second.value(447), second.value(452)) == (b"Q", None, b"1")
    assert level.value(448) is None
    assert level.value(55) == b"X"
    assert first.value(55) is None
    assert level.raw[second.start : second.end] == b"448=Q|452=1|"
    assert outline(level) == [35, (453, [[448, 447], [448, 452]]), 55, 10]
    assert level.pieces()[1] == (453, 5, 35)
    assert first.raw is level.raw


def test_groups_nest(levels):
    level = parse(levels, "453=2|448=P|802=2|523=a|803=1|523=b|452=3|448=Q|802=1|523=c|10=1|")
    assert outline(level) == [(453, [[448, (802, [[523, 803], [523]]), 452], [448, (802, [[523]])]]), 10]
    first, second = level.entries(453)
    assert [entry.value(523) for entry in first.entries(802)] == [b"a", b"b"]
    assert [entry.value(523) for entry in second.entries(802)] == [b"c"]
    assert first.value(523) is None
    assert level.entries(802) == []


def test_what_is_no_counter_opens_nothing(levels):
    level = parse(levels, "35=D|802=1|523=a|453=0|10=1|")
    assert outline(level) == [35, 802, 523, 453, 10]
    assert [level.entries(tag) for tag in (35, 802, 453, 78, 1)] == [[]] * 5


@pytest.mark.parametrize("count", ["1", "2", "3", "", "x", "9999999999"])
def test_the_fields_count_for_more_than_the_counter(levels, count):
    text = f"453={count}|448=P|447=D|448=Q|447=D|55=X|"
    assert outline(parse(levels, text)) == [(453, [[448, 447], [448, 447]]), 55]


def test_the_counter_decides_where_a_tag_has_a_place_outside_as_well(levels):
    text = "78={}|58=a|79=A|58=b|79=B|10=1|"
    assert outline(parse(levels, text.format(1))) == [(78, [[58, 79]]), 58, 79, 10]
    assert outline(parse(levels, text.format(2))) == [(78, [[58, 79], [58, 79]]), 10]
    assert outline(parse(levels, "78=0|58=a|79=A|")) == [78, 58, 79]


def test_an_entry_may_begin_with_another_tag(levels):
    assert outline(parse(levels, "453=2|447=D|448=P|447=D|448=Q|10=1|")) == [(453, [[447, 448], [447, 448]]), 10]


def test_a_tag_that_the_entry_has_begins_the_next_one(levels):
    assert outline(parse(levels, "453=2|448=P|447=D|452=1|447=D|452=2|10=1|")) == [
        (453, [[448, 447, 452], [447, 452]]),
        10,
    ]


def test_a_tag_that_directly_repeats_itself_does_not(levels):
    assert outline(parse(levels, "453=1|448=P|452=1|452=2|10=1|")) == [(453, [[448, 452, 452]]), 10]


def test_unknown_tags_between_fields_of_a_group_belong_to_the_entry(levels):
    level = parse(levels, "453=2|448=P|9999=u|junk|447=D|448=Q|9999=v|10=1|")
    assert outline(level) == [(453, [[448, 9999, 0, 447], [448]]), 9999, 10]
    assert level.entries(453)[0].value(9999) == b"u"
    assert level.value(9999) == b"v"


def test_unknown_tags_behind_a_nested_group_belong_to_the_entry_that_goes_on(levels):
    assert outline(parse(levels, "453=1|448=P|802=1|523=a|9999=u|452=3|10=1|")) == [
        (453, [[448, (802, [[523]]), 9999, 452]]),
        10,
    ]
    assert outline(parse(levels, "453=1|448=P|802=1|523=a|9999=u|55=X|")) == [
        (453, [[448, (802, [[523]])]]),
        9999,
        55,
    ]


def test_unknown_tags_directly_behind_the_counter_end_the_group(levels):
    assert outline(parse(levels, "453=1|9999=u|448=P|10=1|")) == [453, 9999, 448, 10]


def test_a_second_group_of_the_same_counter_is_one_piece(levels):
    level = parse(levels, "453=1|448=P|55=X|453=1|448=Q|447=D|10=1|")
    assert [tag for tag, _, _ in level.pieces()] == [453, 55, 453, 10]
    assert level.pieces()[2] == (453, 17, 35)
    assert [entry.value(448) for entry in level.entries(453)] == [b"P"]


def test_a_group_may_be_cut_off(levels):
    assert outline(parse(levels, "35=D|453=2|448=P|44")) == [35, (453, [[448]]), 0]
    assert outline(parse(levels, "35=D|453=2|448=P|448=")) == [35, (453, [[448], [448]])]
    assert outline(parse(levels, "35=D|453=2")) == [35, 453]
    assert parse(levels, "35=D|453=2|448=P").entries(453)[0].end == 16


def test_the_same_tag_may_open_groups_at_two_levels(levels):
    nested = ({1, 2, 3}, {2: ({1, 2, 3}, {2: ({4}, {})})})
    level = parse(levels, "2=1|1=a|2=2|4=b|4=c|3=d|9=e|", nested)
    assert outline(level) == [(2, [[1, (2, [[4], [4]]), 3]]), 9]


def test_tags_of_any_size_are_told_apart(levels):
    tags = set(range(1, 600)) | {4095, 4096, 70_000, 999_999_999}
    text = "453=2|" + "".join(f"{tag}=x|" for tag in sorted(tags - {453}) * 2) + "1000=y|"
    level = parse(levels, text, ({453, 1000}, {453: (tags - {453}, {})}))
    assert [len(entry.pieces()) for entry in level.entries(453)] == [602, 602]
    assert level.value(1000) == b"y"


# Large messages


def test_a_level_of_many_fields(levels):
    level = parse(levels, "".join(f"{1000 + number % 5000}={number}|" for number in range(20_000)) + "55=X|")
    assert [level.value(tag) for tag in range(1000, 6000)] == [b"%d" % number for number in range(5000)]
    assert level.value(55) == b"X"
    assert level.value(56) is None


def test_many_fields_in_the_last_entry(levels):
    level = parse(levels, "453=2|448=P|448=Q|" + "9=u|" * 1000 + "447=D|55=X|448=no|")
    assert level.entries(453)[1].value(447) == b"D"
    assert level.entries(453)[1].value(55) is None
    assert level.value(55) == b"X"
    assert level.value(448) == b"no"


@pytest.mark.parametrize("unknown", ["9999=u|", "junk|", "|"])
def test_many_unknown_fields_in_groups_that_nest_deeply(levels, unknown):
    description = ({1, 2}, {})
    for counter in range(24):
        description = ({100 + counter, 200 + counter}, {200 + counter: description})
    opening = "".join(f"{200 + counter}=1|{99 + counter if counter else 1}=x|" for counter in reversed(range(24)))
    for behind in ("999=x|", "123=x|"):
        level = parse(levels, f"{opening}{unknown * 20_000}{behind}", description)
        assert len(level.pieces()) == 20_002
    level = parse(levels, f"{opening}{unknown * 20_000}2=x|", description)
    for counter in reversed(range(24)):
        assert len(level.pieces()) == (1 if counter == 23 else 2)
        (level,) = level.entries(200 + counter)
    assert len(level.pieces()) == 20_002


# What is refused


def test_raw_must_be_bytes(levels):
    class Text(bytes):
        pass

    shape = make_shape(levels, ORDER)
    for raw in (Text(b"35=D|"), bytearray(b"35=D|"), "35=D|"):
        with pytest.raises(TypeError, match="raw must be bytes, not"):
            levels.parse_level(raw, b"|", shape)


@pytest.mark.parametrize("separator", [b"", b"abc"])
def test_a_separator_has_one_byte_or_two(levels, separator):
    with pytest.raises(ValueError, match="a separator has one byte or two"):
        levels.parse_level(b"35=D|", separator, make_shape(levels, ORDER))


@pytest.mark.parametrize("tag", [0, -1, 10**9, 2**40])
def test_tags_of_a_shape_have_one_to_nine_digits(levels, tag):
    inner = levels.Shape([1], {})
    for arguments in [([tag], {}), ([], {tag: inner}), ([], {}, {tag: 1}), ([], {}, {1: tag})]:
        with pytest.raises(ValueError, match=f"{tag} is no tag: 1 to 999999999 is expected"):
            levels.Shape(*arguments)


def test_groups_nest_24_deep_at_most(levels):
    shape = levels.Shape([1], {})
    for _ in range(24):
        shape = levels.Shape([], {2: shape})
    with pytest.raises(ValueError, match="groups are nested more than 24 deep"):
        levels.Shape([], {2: shape})


def test_the_native_ones_are_chosen_where_they_are(levels):
    expected = levels_reference if native.module is None else native.module
    assert chosen.parse_level is expected.parse_level
    assert chosen.Shape is expected.Shape
    assert chosen.Level is expected.Level


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        ("8=F|11=1|55=X|", {}, "8=F|11=1|55=X|"),
        ("8=F|11=1|55=X|", {11: b"11=2|"}, "8=F|11=2|55=X|"),
        ("8=F|11=1|55=X|", {11: None, 55: b"55=Y|"}, "8=F|55=Y|"),
        ("8=F|11=1|11=2|", {11: b"11=3|"}, "8=F|11=3|11=2|"),
        ("8=F|11=1|", {58: None}, "8=F|11=1|"),
        ("8=F|11=1|55=X|11=2|", {11: None}, "8=F|55=X|"),
        ("8=F|453=2|448=A|448=B|10=000|", {453: b"453=1|448=C|", 10: None}, "8=F|453=1|448=C|"),
        ("8=F|453=1|448=A|10=000|", {448: None}, "8=F|453=1|448=A|10=000|"),
        ("8=F|11=1", {8: b"8=G|"}, "8=G|11=1|"),
        ("8=F|11=1", {11: None}, "8=F|"),
    ],
)
def test_pieces_are_replaced_and_the_rest_is_kept(levels, text, pieces, expected):
    assert parse(levels, text).spliced(pieces) == expected.encode()


def test_piece_without_a_place_is_not_lost(levels):
    assert parse(levels, "8=F|11=1|").spliced({11: None, 58: b"58=x|"}) is None
