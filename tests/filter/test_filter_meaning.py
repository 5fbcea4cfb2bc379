"""What each test of a filter is true of. Every case is checked row by row and over the whole log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_logs import FIX, MadeLog, definitions, fix, log_of

from purefix_core.dictionary.definitions import FieldDef
from purefix_core.logs.filter import (
    EVERYTHING,
    Filter,
    FilterError,
    Names,
    all_of,
    compile_filter,
    msg_type_filter,
    msg_types,
    not_admin,
)
from purefix_core.logs.index import BODY_LENGTH_BAD, CHECK_SUM_BAD, INCOMING, OUTGOING, POSS_DUP, TRUNCATED
from purefix_core.wire.separators import CARET_A, PIPE

NAMES = Names([FIX])


def selected(log: MadeLog, condition: Filter | str, names: Names = NAMES) -> list[int]:
    """The rows that pass, after checking that both ways to find them agree."""
    if isinstance(condition, str):
        condition = compile_filter(condition, names)
    rows = log.rows(condition)
    assert rows == log.rows_one_by_one(condition)
    return rows


ORDERS = log_of(
    "35=A 49=ME 56=YOU 34=1 52=20240101-23:59:59.900 108=30",
    "35=D 49=ME 56=YOU 34=2 52=20240102-09:29:59.999 55=EURUSD 54=1 38=1000 60=20240102-09:29:59",
    "35=D 49=ME 56=YOU 34=3 52=20240102-09:30:00 55=EUR/GBP 54=5 38=1000.00 60=20240102-09:30:00",
    "35=8 49=YOU 56=ME 34=2 52=20240102-09:30:30 55=EURUSD 54=1 38=2500 453=2 448=A 447=B 448=B 447=D",
    "35=8 49=YOU 56=ME 34=3 52=20240103-22:00:00 55=USDJPY 54=2 38=abc 58=55=EURUSD 39=8",
    "35=0 49=YOU 56=ME 34=4",
)


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("35=8", [3, 4]),
        ("type = 8", [3, 4]),
        ("MsgType = ExecutionReport", [3, 4]),
        ("msgtype = execution_report", [3, 4]),
        ("35 = 'Execution Report'", [3, 4]),
        ("35 = order_single", [1, 2]),
        ("35 = NewOrderSingle", [1, 2]),
        ("35 = d", []),
        ("not MsgType in (0, A)", [1, 2, 3, 4]),
        ("MsgType not in (0, A)", [1, 2, 3, 4]),
        ("35 ~ ^[8D]$", [1, 2, 3, 4]),
        ("35 !~ ^[8D]$", [0, 5]),
        ("55=EURUSD", [1, 3]),
        ("55 = eurusd", []),
        ("35=8 and 55=EURUSD", [3]),
        ("35=8 55=EURUSD", [3]),
        ("Symbol ~ ^EUR and Side = Buy", [1, 3]),
        ("Symbol ~ (GBP|JPY)$", [2, 4]),
        ("Symbol !~ ^EUR", [4]),
        ("55=EUR/GBP", [2]),
        ("55 != EURUSD", [2, 4]),
        ("not 55 = EURUSD", [0, 2, 4, 5]),
        ("55 in (EURUSD, USDJPY)", [1, 3, 4]),
        ("Side = 'Sell short'", [2]),
        ("Side = sellshort or 54 = 2", [2, 4]),
        ("54 = SELL", [4]),
        ("38 = 1000", [1, 2]),
        ("38 = '1000'", [1]),
        ("OrderQty != 1000", [3, 4]),
        ("38 > 1000", [3]),
        ("38 >= 1000", [1, 2, 3]),
        ("38 <= 1000.0", [1, 2]),
        ("38 < 1000000000", [1, 2, 3]),
        ("38 1000..2500", [1, 2, 3]),
        ("38 != 1000..2499.99", [3, 4]),
        ("38 in (2500, 900..1000)", [1, 2, 3]),
        ("38 = abc", [4]),
        ("55 > EURUSD", [4]),
        ("453", [3]),
        ("NoPartyIDs", [3]),
        ("not 453", [0, 1, 2, 4, 5]),
        ("447 = D", [3]),
        ("447 = BIC", [3]),
        ("447 != B", []),
        ("448 !~ A", []),
        ("448 != C", [3]),
        ("sender = ME", [0, 1, 2]),
        ("SenderCompID = ME", [0, 1, 2]),
        ("target = ME", [3, 4, 5]),
        ("target != ME", [0, 1, 2]),
        ("session = ME", [0, 1, 2, 3, 4, 5]),
        ("session != ME", []),
        ("session ~ ^Y and sender in (ME)", [0, 1, 2]),
        ("begin = FIX.4.4", [0, 1, 2, 3, 4, 5]),
        ("seq 3..4", [2, 4, 5]),
        ("seq = 2", [1, 3]),
        ("34 != 2", [0, 2, 4, 5]),
        ("seq > 3", [5]),
        ("seq >= 3", [2, 4, 5]),
        ("seq < 2 or seq <= 1", [0]),
        ("seq in (1, 4)", [0, 5]),
        ("34 ~ ^[34]", [2, 4, 5]),
        ("seq", [0, 1, 2, 3, 4, 5]),
        ("time", [0, 1, 2, 3, 4]),
        ("time >= 09:30", [0, 2, 3, 4]),
        ("time > 09:30", [0, 3, 4]),
        ("time < 09:30", [1]),
        ("time <= 9:30", [1, 2]),
        ("time = 09:30", [2, 3]),
        ("time != 09:30", [0, 1, 4]),
        ("not time = 09:30", [0, 1, 4, 5]),
        ("time = 09:30:00", [2]),
        ("time = 23:59:59.9", [0]),
        ("time 22:00..09:30", [0, 1, 2, 4]),
        ("time 09:00..10:00", [1, 2, 3]),
        ("time = 2024-01-02", [1, 2, 3]),
        ("time <= 2024-01-02", [0, 1, 2, 3]),
        ("time > 20240102", [4]),
        ("time >= 2024-01-02T09:30", [2, 3, 4]),
        ("time < '2024-01-02 09:30:00.000'", [0, 1]),
        ("time >= 20240102-09:30:30Z", [3, 4]),
        ("time 2024-01-01..2024-01-02", [0, 1, 2, 3]),
        ("time in (2024-01-01, 22:00)", [0, 4]),
        ("SendingTime ~ ^20240102", [1, 2, 3]),
        ("TransactTime >= 2024-01-02T09:30", [2]),
        ("60 = 09:29", [1]),
        ("60 = '20240102-09:30:00'", [2]),
        ("60 20240102-09:00:00..20240102-09:29:59", [1]),
        ("flag:admin", [0, 5]),
        ("flag:reject", [4]),
        ("'eurusd'", [1, 3, 4]),
        ("'|55=EURUSD|'", [1, 3]),
        ("'55=usdjpy|54=2'", [4]),
        ("not 'eur' or seq = 1", [0, 5]),
        ("35=8 or 55=EURUSD", [1, 3, 4]),
        ("(35=8 or 55=EURUSD) and not (38 > 2000 or 35=D)", [4]),
    ],
)
def test_orders(expression: str, rows: list[int]) -> None:
    assert selected(ORDERS, expression) == rows


@pytest.mark.parametrize(
    ("expression", "column", "part"),
    [
        ("Symbl = X", 0, "did you mean Symbol?"),
        ("35=8 and Sym", 9, "did you mean Symbol?"),
        ("EURUSD", 0, "quote it"),
        ("35 = ExecutionReprt", 5, "ExecutionReport"),
        ("54 in (1, SELL_SHRT)", 10, "SELL_SHORT"),
        ("Side = Byu", 7, "did you mean BUY?"),
        ("Side = sel", 7, "did you mean SELL?"),
        ("35=D|55=EURUSD", 4, "did you mean 35=D and 55=EURUSD?"),
        ("38 > 5|55=EURUSD|54=1|", 6, "did you mean 38>5 and 55=EURUSD and 54=1?"),
        ("35=8 and 55=A|1=2|3=4|5=6|7=8", 13, "did you mean 55=A and 1=2 and 3=4 and 5=6 …?"),
        ("MsgType=D,8", 8, "did you mean MsgType in (D, 8)?"),
        ("35!=NewOrderSingle,8", 4, "did you mean 35 not in (NewOrderSingle, 8)?"),
        ("MsgType = D, 8", 10, "did you mean MsgType in (D, …)?"),
        ("Side = Buy,Sell", 7, "did you mean Side in (Buy, Sell)?"),
        ("0 = 1", 0, "is no tag"),
        ("1234567890", 0, "is no tag"),
        ("time >= noon", 8, "is no time"),
        ("time = 25:00", 7, "is no time"),
        ("time 2024-01-02..09:30", 5, "two dates or two times"),
        ("time 2024-01-02..2024-01-01", 5, "two dates or two times"),
        ("seq = x", 6, "no sequence number"),
        ("seq 5..1", 4, "ends before it begins"),
        ("38 5..1", 3, "ends before it begins"),
        ("58 = wait..what", 5, "quote text"),
        ("38 = 1..x", 8, "neither a number nor a time"),
        ("time 1..2", 5, "is no time"),
        ("38 < 1e9", 5, "is no number"),
        ("55 ~ a(", 6, "regular expression"),
        ("55 ~ 'ab[' and 35=8", 8, "regular expression"),
        ("55 ~ a{99999999999}", 5, "regular expression"),
        ("flag:chksum", 5, "checksum"),
        ("flag:", 5, "checksum"),
        ("dir = up", 6, "in or out"),
        ("dir ~ in", 0, "dir = in"),
        ("35=8 and ''", 10, "nothing to search"),
    ],
)
def test_wrong_words_are_pointed_at(expression: str, column: int, part: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(expression, NAMES)
    assert (caught.value.column, part in caught.value.text) == (column, True), caught.value


def test_a_quoted_value_is_never_taken_for_a_misspelling() -> None:
    assert selected(ORDERS, "35 = 'ExecutionReprt'") == []


@pytest.mark.parametrize(
    "expression", ["35='D|55=EURUSD'", "MsgType='D,8'", "Side = 1,Z", "58 = a,b", "58 = a|b", "11 = |55"]
)
def test_bars_and_commas_that_are_quoted_or_no_slip_are_looked_for(expression: str) -> None:
    assert selected(ORDERS, expression) == []


@pytest.mark.parametrize("expression", ["Side = Z", "Side = Bu", "Side = XYZ", "Side = 'Byu'", "Side = 123"])
def test_a_value_that_no_dictionary_lists_may_be_looked_for(expression: str) -> None:
    assert selected(ORDERS, expression) == []


def test_flags_and_directions() -> None:
    log = MadeLog()
    for flags in (CHECK_SUM_BAD | INCOMING, BODY_LENGTH_BAD, TRUNCATED | OUTGOING, POSS_DUP | INCOMING, 0):
        log.add(fix("35=D 55=X"), flags=flags)
    for expression, rows in {
        "flag:checksum": [0],
        "flag:BodyLength": [1],
        "flag:truncated": [2],
        "flag:broken": [0, 1, 2],
        "flag:possdup": [3],
        "flag:in": [0, 3],
        "dir = out": [2],
        "dir != in": [2],
        "dir in (in, out)": [0, 2, 3],
        "dir not in (in, out)": [],
        "dir": [0, 2, 3],
        "not dir = in": [1, 2, 4],
    }.items():
        assert selected(log, expression) == rows, expression
    assert log.reads == []


def test_rejects() -> None:
    log = log_of(
        "35=3",
        "35=9",
        "35=j",
        "35=Y",
        "35=AG",
        "35=8 39=8",
        "35=8 39=0 150=8",
        "35=8 39=0",
        "35=D 39=8",
        "35=8 58=39=8",
    )
    assert selected(log, "flag:reject") == [0, 1, 2, 3, 4, 5, 6]
    assert all(log.blob[offset : offset + length].count(b"\x0135=8\x01") for offset, length in log.reads)


def test_free_text_ignores_the_case_of_ascii_and_knows_both_encodings() -> None:
    log = MadeLog()
    log.add(fix("35=B 58=Zürich"))
    log.add(fix("35=B 58=Z").replace(b"58=Z", "58=Zürich".encode("latin-1")))
    log.add(fix("35=B 58=ZÜRICH"))
    assert selected(log, "'zürICH'") == [0, 1]
    assert selected(log, "58 = Zürich") == [0, 1]


def test_a_pipe_in_free_text_is_every_separator_and_itself() -> None:
    log = MadeLog()
    log.add(fix("35=D 55=X 54=1"))
    log.add(fix("35=D 55=X 54=1", CARET_A), CARET_A)
    log.add(fix("35=D 55=X 54=1", PIPE), PIPE)
    log.add(fix("35=B 58=55=X|54=1"))
    assert selected(log, "'55=x|54=1'") == [0, 1, 2, 3]
    assert selected(log, "'|'") == [0, 1, 2, 3]


def test_data_fields_are_not_mistaken_for_others() -> None:
    log = MadeLog()
    log.add(fix("35=B 95=9 96=a_55=EUR_ 58=x").replace(b"a_55=EUR_", b"a\x0155=EUR\x01"))
    log.add(fix("35=B 95=3 96=a_55=EUR 58=x").replace(b"a_", b"a\x01"))
    log.add(fix("35=B 5000=9 5001=a_55=EUR_ 58=x").replace(b"a_55=EUR_", b"a\x0155=EUR\x01"))
    log.add(fix("35=B 055=EUR 58=x"))
    assert selected(log, "55 = EUR") == [1, 2, 3]
    own_data = definitions(FieldDef(5000, "BlobLength", "LENGTH"), data_tags={5000: 5001})
    assert selected(log, "55 = EUR", Names([FIX, own_data])) == [1, 3]
    assert selected(log, "96 ~ EUR") == [0]


def test_values_without_room_in_the_index_are_read() -> None:
    log = MadeLog()
    long_name = "C" * 70
    log.add(fix(f"35=8 49={long_name} 56=ME 34=5"))
    log.add(fix("35=8 49=? 56=ME 34=99999999999"))
    log.add(fix("35=D 56=ME 34=x"))
    log.interns = False
    log.add(fix("35=8 49=YOU 56=ME"))
    log.add(fix("35=D 49=ME 56=YOU"))
    for expression, rows in {
        f"sender = {long_name}": [0],
        f"sender = {long_name[:64]}": [],
        "sender = ?": [1],
        "sender != ?": [0, 3, 4],
        "sender": [0, 1, 3, 4],
        "35=8": [0, 1, 3],
        "not 35=8": [2, 4],
        "35=D or 49=YOU": [2, 3, 4],
        "35=D or 55=X or 56=YOU": [2, 4],
        "seq > 5": [1],
        "seq": [0, 1, 2],
        "not 34": [3, 4],
        "seq != 5": [1],
    }.items():
        assert selected(log, expression) == rows, expression


def test_names_come_from_all_dictionaries() -> None:
    broker = definitions(
        FieldDef(55, "Symbol", "STRING"),
        FieldDef(9001, "Venue", "INT", {"1": "LIT", "2": "DARK"}),
        message_names={"U1": "VenueStatus"},
    )
    other = definitions(FieldDef(9002, "Venue", "STRING", {"D": "DARK"}))
    names = Names([FIX, broker, other])
    log = log_of("35=U1 9001=2", "35=D 9002=D", "35=D 9001=02", "35=D 9001=1")
    assert selected(log, "venue = dark", names) == [0, 1]
    assert selected(log, "venue = 2", names) == [0, 2]
    assert selected(log, "venue", names) == [0, 1, 2, 3]
    assert selected(log, "35 = VenueStatus", names) == [0]


def test_a_dictionary_may_give_the_name_of_a_header_field_to_another() -> None:
    names = Names([definitions(FieldDef(49, "MsgType", "STRING"), FieldDef(9001, "SenderCompID", "STRING"))])
    log = log_of("35=D 49=8", "35=8 49=X", "35=A 9001=X")
    assert selected(log, "MsgType = 8", names) == [0, 1]
    assert selected(log, "SenderCompID = X", names) == [1, 2]


def test_a_raw_value_wins_over_the_same_word_as_a_meaning() -> None:
    names = Names([definitions(FieldDef(9001, "Kind", "CHAR", {"A": "B", "B": "A"}))])
    assert selected(log_of("35=D 9001=A", "35=D 9001=B"), "Kind = A", names) == [0]


def test_indexed_fields_have_names_without_any_dictionary() -> None:
    assert selected(ORDERS, "MsgType ~ ^8$ and SenderCompID = YOU and MsgSeqNum = 2", Names()) == [3]
    assert selected(ORDERS, "SendingTime < 09:30 and TargetCompID = YOU and BeginString ~ FIX", Names()) == [1]
    assert selected(ORDERS, "38 = 1000", Names()) == [1]
    assert selected(ORDERS, "38 >= 1000", Names()) == [1, 2, 3]


def test_msg_type_regex() -> None:
    assert selected(ORDERS, msg_type_filter("^8$")) == [3, 4]
    assert selected(ORDERS, msg_type_filter("8|D")) == [1, 2, 3, 4]
    assert selected(ORDERS, msg_type_filter("")) == [0, 1, 2, 3, 4, 5]
    with pytest.raises(FilterError) as caught:
        msg_type_filter("^(8")
    assert caught.value.column == 1
    with pytest.raises(FilterError, match="characters"):
        msg_type_filter("8" * 10_001)


def test_filters_combine() -> None:
    assert selected(ORDERS, msg_types(["8", "A"])) == [0, 3, 4]
    assert selected(ORDERS, msg_types([])) == []
    assert selected(ORDERS, not_admin()) == [1, 2, 3, 4]
    assert selected(ORDERS, all_of()) == selected(ORDERS, EVERYTHING) == [0, 1, 2, 3, 4, 5]
    assert selected(ORDERS, all_of(msg_types(["8", "A"]), not_admin(), compile_filter("38 > 1", NAMES))) == [3]


def test_the_examples_of_the_documentation_compile() -> None:
    page = (Path(__file__).parents[2] / "docs" / "filters.md").read_text("utf-8")
    examples = re.findall(r"^    (.+)$", page.partition("\n## ")[0], re.MULTILINE)
    assert len(examples) >= 6
    for example in examples:
        compile_filter(example, NAMES)


@pytest.mark.parametrize(
    ("expression", "needs"),
    [("", False), ("35=8 and time > 09:30 and not flag:broken", False), ("55", True), ("35=8 or 'x'", True)],
)
def test_a_filter_knows_whether_it_needs_messages(expression: str, needs: bool) -> None:
    condition = compile_filter(expression, NAMES)
    assert condition.needs_messages is needs
    log = log_of("35=D 34=1")
    log.rows(condition)
    assert bool(log.reads) is needs
