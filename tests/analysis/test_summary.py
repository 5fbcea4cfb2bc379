from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.analysis.summary import Kind, Summary, summarise
from purefix_core.analysis.summary.dispatch import _SENTENCES
from purefix_core.analysis.summary.model import MAX_REFERENCE, MAX_TEXT
from purefix_core.analysis.summary.values import grouped, listed
from purefix_core.analysis.summary.words import humanise
from purefix_core.dictionary.standard import standard
from purefix_core.wire.message import FixMessage
from purefix_core.wire.secrets import SECRET_TAGS
from purefix_core.wire.separators import PIPE, SEPARATORS, SOH

FIX44 = standard("FIX44")


def message(fields: str) -> FixMessage:
    """A message from its body; header and trailer are put around it."""
    return FixMessage.parse(f"8=FIX.4.4|9=5|{fields}|10=000|".encode(), PIPE)


def said(fields: str, sent: bool | None = None) -> Summary:
    return summarise(message(fields), FIX44, sent)


SESSION = [
    ("35=0", "Heartbeat"),
    ("35=0|112=T1", "Heartbeat, answers test request T1"),
    ("35=1|112=T1", "Test request T1"),
    ("35=1", "Test request"),
    ("35=2|7=12|16=45", "Resend 12 to 45"),
    ("35=2|7=12|16=0", "Resend from 12 on"),
    ("35=2|7=12|16=999999", "Resend from 12 on"),
    ("35=2|7=12|16=12", "Resend 12"),
    ("35=2|7=2126450|16=2126460", "Resend 2,126,450 to 2,126,460"),
    ("35=4|36=2126450", "Reset to 2,126,450"),
    ("35=A|789=2126450", "Logon, expects seq 2,126,450"),
    ("35=4|123=Y|36=46", "Gap fill to 46"),
    ("35=4|36=46", "Reset to 46"),
    ("35=4|43=Y|123=Y|36=46", "(dup) Gap fill to 46"),
    ("35=5", "Logout"),
    ("35=5|58=MsgSeqNum too low", "Logout: MsgSeqNum too low"),
    ("35=A|98=0|108=30|141=Y", "Logon, heartbeat every 30 s, reset sequence numbers"),
    ("35=A|98=0|108=30|141=N|789=5|1137=9", "Logon, heartbeat every 30 s, expects seq 5, FIX 5.0 SP2"),
    ("35=A|553=joe|554=s3cret|95=6|96=s3cret|925=s3cret", "Logon"),
]

ORDERS = [
    ("35=D|11=ORD1|55=AAPL|54=1|38=1000|40=2|44=150.25|59=0", "Buy 1,000 AAPL @ 150.25 limit, day", "ORD1"),
    ("35=D|11=O|55=AAPL|54=5|38=100.00|40=1|59=3", "Sell short 100 AAPL at market, IOC", "O"),
    (
        "35=D|11=O|55=VOD|54=2|38=500|40=4|44=99.50|99=100|59=1",
        "Sell 500 VOD @ 99.50 stop limit, trigger 100, GTC",
        "O",
    ),
    ("35=D|11=O|55=VOD|54=2|38=5|40=1|59=6|432=20250131", "Sell 5 VOD at market, GTD 20250131", "O"),
    ("35=D|54=1|55=AAPL", "Buy AAPL", ""),
    ("35=D|54=1|55=EURUSD|38=0|40=2|44=150.00", "Buy 0 EURUSD @ 150.00 limit", ""),
    ("35=D|54=1|55=AAPL|38=0.00|40=2|44=0", "Buy 0 AAPL @ 0 limit", ""),
    ("35=D|54=1|55=AAPL|38=0|152=5000|15=USD", "Buy 5,000 USD worth of AAPL", ""),
    ("35=F|54=1|55=AAPL|38=0", "Cancel buy 0 AAPL", ""),
    ("35=G|54=1|55=AAPL|38=0|40=2|44=1", "Replace buy AAPL: 0 @ 1 limit", ""),
    ("35=s|55=AAPL|38=0", "Cross 0 AAPL", ""),
    ("35=D|55=aapl|38=7", "Order 7 aapl", ""),
    ("35=D", "Order", ""),
    ("35=D|54=1|55=[N/A]|48=US0378331005|38=1", "Buy 1 US0378331005", ""),
    ("35=D|54=1|55=AAPL|152=10000|15=USD", "Buy 10,000 USD worth of AAPL", ""),
    ("35=D|54=1|55=AAPL|38=10|15=USD", "Buy 10 AAPL", ""),
    ("35=D|54=1|55=EUR/USD|15=EUR|38=1000000|40=2|44=1.0842", "Buy 1,000,000 EUR of EUR/USD @ 1.0842 limit", ""),
    ("35=D|54=1|55=EUR/USD|15=EUR|38=5|63=M3", "Buy 5 EUR of EUR/USD M3", ""),
    ("35=D|54=1|55=ES|200=202412|38=1", "Buy 1 ES 202412", ""),
    ("35=D|54=1|55=AAPL|200=202412|201=1|202=150.5|38=1", "Buy 1 AAPL 202412 150.5 call", ""),
    ("35=D|54=1|55=A|38=1|54=2|55=B|38=2", "Buy 1 A", ""),
    ("35=F|11=NEW|41=OLD|54=1|38=1000|55=AAPL", "Cancel buy 1,000 AAPL", "OLD → NEW"),
    ("35=F|11=NEW", "Cancel order", "NEW"),
    ("35=G|11=NEW|41=OLD|54=1|55=AAPL|38=500|40=2|44=10.5", "Replace buy AAPL: 500 @ 10.5 limit", "OLD → NEW"),
    ("35=H|11=O|54=1|55=AAPL", "Ask for status of buy AAPL", "O"),
    ("35=E|66=L|73=2|11=A|54=1|55=X|38=5|11=B|54=2|55=Y|38=6", "List of 2 orders: buy 5 X, …", "L"),
    ("35=s|548=C|55=AAPL|38=10|44=5|40=2", "Cross 10 AAPL @ 5 limit", "C"),
    ("35=AB|11=O|555=2|54=1|38=4|55=X|40=1", "2-leg order: buy 4 X at market", "O"),
    ("35=q|11=M|530=7", "Cancel all orders", "M"),
    ("35=q|11=M|530=1|55=AAPL|54=1", "Cancel all buy orders in AAPL", "M"),
    ("35=r|11=M|530=7|531=7|533=12", "Cancelled all orders, 12 orders affected", "M"),
    ("35=N|66=L|431=3|68=5", "List executing, 5 orders", "L"),
]

EXECUTIONS = [
    ("150=0|39=0|11=ORD1|37=BR-77|14=0|38=1000", "New", "ORD1 → BR-77", Kind.ORDER),
    ("150=A|39=A|11=O|37=O", "Pending new", "O", Kind.ORDER),
    # FIX 4.3 and later: ExecType F
    (
        "150=F|39=1|11=O|55=AAPL|32=400|31=150.24|14=400|38=1000",
        "Fill 400 AAPL @ 150.24 (400 of 1,000)",
        "O",
        Kind.FILL,
    ),
    # FIX 4.1 and 4.2: ExecType 1 and 2
    (
        "20=0|150=2|39=2|11=O|55=AAPL|32=600|31=9.0|14=1000|38=1000",
        "Fill 600 AAPL @ 9.0 (1,000 of 1,000)",
        "O",
        Kind.FILL,
    ),
    # FIX 4.0: OrdStatus alone
    ("20=0|39=1|11=O|55=AAPL|32=5|31=1|14=5|151=7", "Fill 5 AAPL @ 1 (5 done, 7 left)", "O", Kind.FILL),
    ("150=F|39=1|11=O|55=AAPL|32=0|31=0.00|14=5|38=10", "Fill 0 AAPL @ 0.00 (5 of 10)", "O", Kind.FILL),
    ("150=F|39=2|55=AAPL|37=BR", "Filled AAPL", "BR", Kind.FILL),
    ("150=4|39=4|41=OLD|11=NEW|55=AAPL|14=0|38=10", "Cancelled AAPL (0 of 10)", "OLD → NEW", Kind.CHANGE),
    ("150=4|39=4|11=O|55=AAPL|14=4|38=10|58=by exchange", "Cancelled AAPL (4 of 10): by exchange", "O", Kind.CHANGE),
    (
        "150=5|39=1|41=A|11=B|54=2|55=X|38=500|44=10.5|40=2|14=100",
        "Replaced sell X: 500 @ 10.5 limit (100 of 500)",
        "A → B",
        Kind.CHANGE,
    ),
    ("150=6|39=6|41=A|11=B|55=X", "Pending cancel X", "A → B", Kind.CHANGE),
    ("150=E|39=E|41=A|11=B|55=X", "Pending replace X", "A → B", Kind.CHANGE),
    ("150=8|39=8|11=O|103=1", "✗ Order rejected: unknown symbol", "O", Kind.REJECT),
    ("150=8|39=8|11=O|103=3|58=credit", "✗ Order rejected: order exceeds limit, credit", "O", Kind.REJECT),
    ("150=8|39=8|11=O|103=99|58=No such book", "✗ Order rejected: No such book", "O", Kind.REJECT),
    ("150=8|39=8|11=O|103=1|58=Unknown symbol XX", "✗ Order rejected: Unknown symbol XX", "O", Kind.REJECT),
    ("150=8|39=8|11=O|103=77", "✗ Order rejected: code 77", "O", Kind.REJECT),
    ("150=8|39=8|11=O", "✗ Order rejected: no reason given", "O", Kind.REJECT),
    ("39=8|20=0|11=O|58=closed", "✗ Order rejected: closed", "O", Kind.REJECT),
    ("150=C|39=C|11=O|55=X|14=0", "Expired X (0 done)", "O", Kind.CHANGE),
    ("150=3|39=3|11=O|55=X", "Done for day X", "O", Kind.ORDER),
    ("150=9|39=9|11=O|55=X", "Suspended X", "O", Kind.ORDER),
    ("150=7|39=7|11=O|55=X", "Stopped X", "O", Kind.ORDER),
    ("150=H|39=0|11=O|55=X|32=4|31=9", "Fill busted: 4 X @ 9", "O", Kind.CHANGE),
    ("20=1|150=0|39=0|11=O|55=X|32=4|31=9|14=0|38=8", "Fill busted: 4 X @ 9 (0 of 8)", "O", Kind.CHANGE),
    ("150=G|39=1|11=O|55=X|32=4|31=9.5", "Fill corrected: 4 X @ 9.5", "O", Kind.CHANGE),
    ("20=2|150=1|39=1|11=O|55=X|32=4|31=9.5", "Fill corrected: 4 X @ 9.5", "O", Kind.CHANGE),
    (
        "150=I|39=1|11=O|54=1|55=X|38=8|14=4",
        "Status partially filled: buy 8 X (4 of 8)",
        "O",
        Kind.ORDER,
    ),
    ("20=3|150=0|39=0|11=O|54=1|55=X|38=8|14=0", "Status new: buy 8 X (0 of 8)", "O", Kind.ORDER),
    ("150=D|39=0|11=O|54=1|55=X|38=8|378=1", "Restated buy X: 8, GT renewal", "O", Kind.CHANGE),
    ("150=z|11=O|55=X", "Execution type z X", "O", Kind.ORDER),
    ("11=O", "Execution report", "O", Kind.ORDER),
]

OTHERS = [
    ("35=9|11=N|41=O|434=1|102=0|39=2", "✗ Cancel rejected: too late to cancel (order filled)", "O → N", Kind.REJECT),
    ("35=9|11=N|41=O|434=2|102=1|39=8", "✗ Replace rejected: unknown order", "O → N", Kind.REJECT),
    ("35=j|45=3|372=D|380=3", "✗ NewOrderSingle refused: unsupported message type, in seq 3", "", Kind.REJECT),
    ("35=Q|37=BR|127=D|54=1|32=4|55=X|31=9", "✗ Don't know trade: no matching order, buy 4 X @ 9", "BR", Kind.REJECT),
    (
        "35=V|262=M|263=1|264=1|267=2|269=0|269=1|146=2|55=EUR/USD|55=USD/JPY",
        "Subscribe to bid, offer of EUR/USD, USD/JPY, top of book",
        "M",
        Kind.MARKET_DATA,
    ),
    ("35=V|262=M|263=2|264=1|55=A|55=B|55=C|55=D|55=E", "Unsubscribe from A, B, C and 2 more", "M", Kind.MARKET_DATA),
    (
        "35=W|262=M|55=EUR/USD|268=4|269=0|270=1.0840|269=0|270=1.0839|269=1|270=1.0842|269=1|270=1.0843",
        "EUR/USD bid 1.0840 offer 1.0842, 2 levels",
        "M",
        Kind.MARKET_DATA,
    ),
    ("35=W|262=M|55=EUR/USD|268=0", "EUR/USD no entries", "M", Kind.MARKET_DATA),
    (
        "35=X|268=2|279=1|269=0|55=EUR/USD|270=1.0841|279=2|269=1|55=EUR/USD",
        "2 updates: EUR/USD bid 1.0841, delete offer",
        "",
        Kind.MARKET_DATA,
    ),
    ("35=X|268=1|279=0|269=B|55=X|271=12000", "1 update: X trade volume 12,000", "", Kind.MARKET_DATA),
    ("35=X|268=4" + "|279=1|269=2|55=X|270=5" * 4, "4 updates: X trade 5, trade 5, trade 5, …", "", Kind.MARKET_DATA),
    ("35=X|9997=13|9998=37", "9997=13, 9998=37", "", Kind.MARKET_DATA),
    ("35=Y|262=M|281=0", "✗ Market data request rejected: unknown symbol", "M", Kind.REJECT),
    ("35=R|131=Q|146=1|55=X|54=1|38=1000", "Request quote for buy 1,000 X", "Q", Kind.QUOTE),
    ("35=R|131=Q|146=2|55=X|55=Y", "Request quote for X and 1 more", "Q", Kind.QUOTE),
    (
        "35=S|131=Q|117=I|55=X|132=1.10|133=1.12|134=1000|135=2000",
        "Quote X bid 1.10 (1,000) offer 1.12 (2,000)",
        "Q",
        Kind.QUOTE,
    ),
    ("35=i|117=I|295=2|299=1|55=X|132=1|299=2|55=Y", "Mass quote, 2 entries: X bid 1, …", "I", Kind.QUOTE),
    ("35=b|117=I|297=5|300=1", "✗ Mass quote rejected: unknown symbol", "I", Kind.REJECT),
    ("35=Z|117=I|298=4", "Cancel all quotes", "I", Kind.CHANGE),
    ("35=AI|117=I|55=X|297=7", "Quote expired X", "I", Kind.QUOTE),
    ("35=AG|131=Q|658=2|55=X", "✗ Quote request for X rejected: exchange closed", "Q", Kind.REJECT),
    ("35=6|23=I|28=N|54=1|27=L|55=X", "IOI buy large X", "I", Kind.QUOTE),
    ("35=6|23=I|28=C|54=1|27=5000|55=X", "Cancel IOI buy 5,000 X", "I", Kind.QUOTE),
    ("35=7|2=A|5=N|4=B|53=100|55=X", "Advertise buy 100 X", "A", Kind.QUOTE),
    (
        "35=J|70=A|71=0|54=1|53=1000|55=X|6=9.5|78=2|79=ACC1|79=ACC2",
        "Allocate buy 1,000 X @ 9.5 to 2 accounts",
        "A",
        Kind.ALLOCATION,
    ),
    ("35=J|70=B|71=2|72=A|54=1|53=1000|55=X", "Cancel allocation of buy 1,000 X", "B", Kind.ALLOCATION),
    ("35=AS|755=R|71=0|87=0|54=1|53=10|55=X", "Allocation report accepted: buy 10 X", "R", Kind.ALLOCATION),
    ("35=AU|664=C|940=2|774=1", "✗ Confirmation rejected: mismatched account", "C", Kind.REJECT),
    ("35=P|70=A|87=0", "Allocation accepted", "A", Kind.ALLOCATION),
    ("35=P|70=A|87=1|88=0", "✗ Allocation rejected: unknown account", "A", Kind.REJECT),
    ("35=P|70=A|87=2", "✗ Allocation rejected: account level reject", "A", Kind.REJECT),
    ("35=AK|664=C|665=4|54=1|80=10|55=X|6=2|79=ACC", "Confirm buy 10 X @ 2 to ACC", "C", Kind.ALLOCATION),
    ("35=AE|571=T|55=X|32=10|31=2|552=2|54=1|54=2", "Trade report: 10 X @ 2", "T", Kind.FILL),
    ("35=AE|571=T|487=1|55=X|32=10|31=2|552=1|54=1", "Cancel trade report: buy 10 X @ 2", "T", Kind.CHANGE),
    ("35=AR|571=T|939=1|751=3", "✗ Trade report rejected: not authorized to report trades", "T", Kind.REJECT),
    ("35=AP|721=P|55=X|704=1000|705=0|1=ACC", "Position X: long 1,000, short 0, account ACC", "P", Kind.OTHER),
    ("35=d|320=R|55=X|167=FUT|207=XEUR", "Security X, FUT, XEUR", "R", Kind.OTHER),
    ("35=y|320=R|393=50|55=A|55=B|55=C|55=D", "Security list, 4 securities of 50: A, B, C and 1 more", "R", Kind.OTHER),
    ("35=f|55=X|326=2", "X trading halt", "", Kind.OTHER),
    ("35=h|336=DAY|340=2", "Trading session DAY open", "", Kind.OTHER),
    ("35=B|148=Rates up", "News: Rates up", "", Kind.OTHER),
    ("35=C|164=T|147=Hello", "Email: Hello", "T", Kind.OTHER),
    ("35=n|212=4|213=<a/>", "XML, 4 bytes", "", Kind.OTHER),
    ("35=BE|923=U|924=1|553=joe|554=s3cret", "User request: log on joe", "U", Kind.OTHER),
    ("35=BF|923=U|926=4|553=joe", "✗ User joe password incorrect", "U", Kind.REJECT),
    # Messages without a sentence of their own
    (
        "35=AL|710=P1|709=1|712=1|1=ACC|55=X",
        "PosReqID P1, PosTransType exercise, PosMaintAction new, Account ACC, …",
        "",
        Kind.OTHER,
    ),
    ("35=UX|60=20250101-00:00:00|5001=a|554=s3cret|453=1|448=me", "5001=a, PartyID me", "", Kind.OTHER),
    ("35=BB", "CollateralInquiry", "", Kind.OTHER),
    ("35=U9", "message type U9", "", Kind.OTHER),
    ("34=1", "no MsgType", "", Kind.OTHER),
]


@pytest.mark.parametrize(("fields", "text"), SESSION)
def test_session_messages(fields: str, text: str) -> None:
    assert said(fields) == Summary(text, "", Kind.ADMIN)


@pytest.mark.parametrize(("fields", "text", "reference"), ORDERS)
def test_order_requests(fields: str, text: str, reference: str) -> None:
    summary = said(fields)
    assert (summary.text, summary.reference) == (text, reference)
    changes = text.startswith(("Cancel", "Replace"))
    assert summary.kind is (Kind.CHANGE if changes else Kind.ORDER)


@pytest.mark.parametrize(("fields", "text", "reference", "kind"), EXECUTIONS)
def test_execution_reports(fields: str, text: str, reference: str, kind: Kind) -> None:
    assert said("35=8|" + fields) == Summary(text, reference, kind)


@pytest.mark.parametrize(("fields", "text", "reference", "kind"), OTHERS)
def test_other_messages(fields: str, text: str, reference: str, kind: Kind) -> None:
    assert said(fields) == Summary(text, reference, kind)


class TestReject:
    def test_names_the_message_by_the_direction(self) -> None:
        fields = "35=3|56=CLI|45=3|371=54|373=1"
        assert said(fields, sent=False).text == "✗ Required tag missing: Side (54), in our seq 3"
        assert said(fields, sent=True).text == "✗ Required tag missing: Side (54), in their seq 3"
        assert said(fields).text == "✗ Required tag missing: Side (54), in CLI's seq 3"
        assert said(fields.replace("45=3", "45=2126450")).text.endswith("in CLI's seq 2,126,450")

    def test_names_the_type_of_the_refused_message(self) -> None:
        assert said("35=3|45=3|372=D|373=5|371=54").text == "✗ Value out of range: Side (54), in seq 3 (NewOrderSingle)"

    def test_does_not_repeat_the_code_in_the_text(self) -> None:
        assert said("35=3|45=3|373=1|58=Required tag missing").text == "✗ Required tag missing, in seq 3"
        in_other_words = "35=3|45=3|373=5|58=Value is incorrect (out of range) for this tag"
        assert said(in_other_words).text == "✗ Value out of range, in seq 3"

    @pytest.mark.parametrize("text", ["Required tag missing: Side(54)", "Required tag missing, field=54"])
    def test_does_not_repeat_the_field_in_the_text(self, text: str) -> None:
        assert said(f"35=3|45=3|371=54|373=1|58={text}").text == "✗ Required tag missing: Side (54), in seq 3"

    def test_keeps_a_text_that_begins_with_the_code_and_says_more(self) -> None:
        text = said("35=3|45=3|371=54|373=1|58=Required tag missing: Side(54) for orders").text
        assert text.endswith("in seq 3: Required tag missing: Side(54) for orders")

    def test_keeps_a_text_that_says_more(self) -> None:
        assert said("35=3|45=3|373=1|58=need a side").text == "✗ Required tag missing, in seq 3: need a side"

    def test_old_versions_have_the_text_alone(self) -> None:
        assert said("35=3|45=3|58=bad message").text == "✗ Bad message, in seq 3"

    def test_without_anything(self) -> None:
        assert said("35=3") == Summary("✗ Rejected", "", Kind.REJECT)

    def test_of_a_tag_that_is_none(self) -> None:
        assert said("35=3|45=1|371=Side|373=0").text == "✗ Invalid tag number: tag Side, in seq 1"

    def test_possible_duplicate(self) -> None:
        assert said("35=3|43=Y|373=1").text == "(dup) ✗ Required tag missing"


class TestWithoutDictionary:
    def test_built_in_words_are_enough_for_common_messages(self) -> None:
        summary = summarise(message("35=D|11=O|55=AAPL|54=1|38=1000|40=2|44=1|59=0"), None)
        assert summary == Summary("Buy 1,000 AAPL @ 1 limit, day", "O", Kind.ORDER)

    def test_fields_and_messages_go_by_their_numbers(self) -> None:
        text = summarise(message("35=3|45=3|371=54|372=D|373=1"), None).text
        assert text == "✗ Required tag missing: tag 54, in seq 3 (message type D)"
        assert summarise(message("35=AL|55=X|54=1"), None).text == "55=X, 54=buy"


def test_meanings_of_the_dictionary_fill_what_the_built_in_words_lack() -> None:
    # CollAsgnReason has no words of our own; FIX44 knows it.
    assert said("35=AX|895=1").text == "CollAsgnReason scheduled"


def test_text_is_cut_and_cleaned() -> None:
    summary = said("35=5|58=" + "line\t one\x1b[31m\n\u202e" + "x" * 500)
    assert summary.text.startswith("Logout: line one [31m x")
    assert len(summary.text) == MAX_TEXT
    assert summary.text.endswith("x…")


def test_reference_is_cut() -> None:
    assert len(said("35=D|11=" + "x" * 500).reference) == MAX_REFERENCE


def test_markup_of_other_languages_is_left_alone() -> None:
    assert said("35=B|148=Preise für Öl [gestiegen] 日本").text == "News: Preise für Öl [gestiegen] 日本"


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        ("1000", "1,000"),
        ("1000.00", "1,000"),
        ("1000.50", "1,000.50"),
        ("-1234567", "-1,234,567"),
        ("-1000.0", "-1,000"),
        ("0001000", "1,000"),
        ("999", "999"),
        ("1000.", "1,000"),
        ("1e6", "1e6"),
        ("1.2.3", "1.2.3"),
        (".5", ".5"),
        ("²", "²"),
        ("", ""),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_quantities(figure: str, shown: str) -> None:
    assert grouped(figure) == shown


def test_lists_name_the_first_few_once() -> None:
    assert listed(["A", "A", "", "B"]) == "A, B"
    assert listed(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"


@pytest.mark.parametrize("meaning", ["PARTIALLY_FILLED", "PartiallyFilled", "partially filled"])
def test_dictionary_meanings_as_words(meaning: str) -> None:
    assert humanise(meaning) == "partially filled"


SECRET_VALUE = b"hunter2"

_TYPES = st.one_of(st.sampled_from(sorted(_SENTENCES)), st.text(max_size=3)).map(str.encode)
_TAGS = st.one_of(
    st.sampled_from([1, 6, 7, 11, 14, 16, 20, 31, 32, 36, 37, 38, 39, 40, 41, 43, 44, 45, 48, 53, 54, 55, 58, 59, 63]),
    st.sampled_from([68, 71, 79, 87, 99, 102, 103, 108, 127, 132, 134, 150, 151, 152, 200, 201, 212, 213, 263, 264]),
    st.sampled_from([268, 269, 270, 271, 279, 297, 371, 372, 373, 378, 380, 393, 434, 487, 530, 533, 555, 560, 1137]),
    st.integers(min_value=1, max_value=10**9 - 1),
)
_VALUES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(str.encode),
    st.sampled_from([b"0", b"1", b"2", b"8", b"F", b"N", b"Y", b"-1", b"1.50", b"\xb2", b"9" * 5000, b"\xd9\xa3"]),
)


@given(
    msg_type=_TYPES,
    fields=st.lists(st.tuples(_TAGS, _VALUES), max_size=25),
    secret=st.sampled_from(sorted(SECRET_TAGS)),
    separator=st.sampled_from(SEPARATORS),
    sent=st.sampled_from([None, True, False]),
    definitions=st.sampled_from([None, FIX44]),
)
def test_any_message_gives_one_short_printable_line(
    msg_type: bytes, fields: list[tuple[int, bytes]], secret: int, separator, sent, definitions
) -> None:
    pieces = [b"35=" + msg_type, b"%d=%s" % (secret, SECRET_VALUE), *(b"%d=%s" % field for field in fields)]
    summary = summarise(FixMessage.parse(separator.text.join(pieces), separator), definitions, sent)
    assert 0 < len(summary.text) <= MAX_TEXT
    assert len(summary.reference) <= MAX_REFERENCE
    assert summary.text.isprintable()
    assert summary.reference.isprintable()
    assert SECRET_VALUE.decode() not in summary.text + summary.reference


@given(raw=st.binary(max_size=400))
def test_any_bytes_give_a_line(raw: bytes) -> None:
    assert summarise(FixMessage.parse(raw, SOH), FIX44).text


@pytest.mark.parametrize("msg_type", [b"A", b"5", b"3", b"BF", b"D", b"U9", b"B"])
def test_no_sentence_repeats_a_secret_from_another_field(msg_type: bytes) -> None:
    raw = b"35=%b\x01554=%b\x0158=wrong password %b\x01148=%b\x01" % (msg_type, *[SECRET_VALUE] * 3)
    for definitions in (None, FIX44):
        assert SECRET_VALUE.decode() not in summarise(FixMessage.parse(raw, SOH), definitions).text


_FRAMED = re.compile(rb"8=FIXT?\.\d\.\d(\x01|\||\^A|;)9=\d+\1.*?\1 ?10=\d\d\d", re.DOTALL)
_SEPARATOR_BY_TEXT = {separator.text: separator for separator in SEPARATORS}


def summaries(path: Path) -> list[tuple[str, Summary]]:
    """MsgType and summary of every message with a trailer in a real log."""
    found = []
    for match in _FRAMED.finditer(path.read_bytes()):
        parsed = FixMessage.parse(match[0], _SEPARATOR_BY_TEXT[match[1]])
        found.append((parsed.text(35), summarise(parsed, FIX44)))
    return found


def test_every_message_of_the_real_logs_has_a_line(shared: Path) -> None:
    paths = [path for path in (shared / "logs").rglob("*") if path.is_file() and path.suffix != ".md"]
    found = [entry for path in paths for entry in summaries(path)]
    assert len(found) > 20_000
    for msg_type, summary in found:
        assert summary.text
        assert summary.text.isprintable()
        assert len(summary.text) <= MAX_TEXT
        assert (msg_type in {"0", "1", "2", "4", "5", "A"}) == (summary.kind is Kind.ADMIN)


def test_a_real_equities_session(shared: Path) -> None:
    found = [summary for _, summary in summaries(shared / "logs" / "ftc_ireach_semicolon_applog.txt")]
    texts = {summary.text for summary in found}
    assert "Fill 650 LLOYLN @ 50.1985 (650 of 1,000)" in texts
    assert "Fill 350 LLOYLN @ 50.1985 (1,000 of 1,000)" in texts
    assert "Replaced sell LLOYLN: 1,000 @ 59.73 limit, day (400 of 1,000)" in texts
    assert "Fill busted: 500 AGLIM @ 9.25 (0 of 1,000)" in texts
    assert "Done for day ATEANO (60 of 100)" in texts


def test_a_real_session_reject(shared: Path) -> None:
    log = shared / "logs" / "quickfix_cpp_live" / "log_initiator" / "FIX.4.4-CLI-SRV.messages.current.log"
    rejects = {summary.text for msg_type, summary in summaries(log) if msg_type == "3"}
    assert "✗ Value out of range: Side (54), in CLI's seq 8 (NewOrderSingle)" in rejects
