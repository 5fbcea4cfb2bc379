"""Spans of sections, components, groups and entries."""

from __future__ import annotations

from dictionary_samples import message, raw_message

from purefix_core.dictionary.decode import decode
from purefix_core.dictionary.spans import Span, section_spans
from purefix_core.dictionary.standard import standard

RAW = message("11=ORD1|453=2|448=A|447=D|448=B|447=D|55=AAPL|48=X|54=1|60=20260105-09:30:00|38=100|40=2|")


def by_name(span: Span) -> dict[str, Span]:
    found = {span.name: span}
    for child in span.children:
        found |= by_name(child)
    return found


def test_spans_cover_their_fields():
    spans = by_name(section_spans(decode(RAW, standard("FIX44"))))
    covered = {name: RAW.raw[span.start : span.end].decode().replace("\x01", "|") for name, span in spans.items()}
    assert covered["NewOrderSingle"] == RAW.raw.decode()[:-1].replace("\x01", "|")
    assert covered["header"].startswith("8=FIX.4.4|9=")
    assert covered["header"].endswith("52=20260105-09:30:00.000")
    assert covered["NoPartyIDs"] == covered["Parties"] == "453=2|448=A|447=D|448=B|447=D"
    assert covered["NoPartyIDs[2]"] == "448=B|447=D"
    assert covered["Instrument"] == "55=AAPL|48=X"
    assert covered["trailer"] == f"10={RAW.text(10)}"


def test_a_readable_text():
    lines = str(section_spans(decode(RAW, standard("FIX44")))).splitlines()
    assert [line.rsplit(" ", 1)[0] for line in lines] == [
        "NewOrderSingle",
        "  header",
        "  body",
        "    Parties",
        "      NoPartyIDs",
        "        NoPartyIDs[1]",
        "        NoPartyIDs[2]",
        "    Instrument",
        "    OrderQtyData",
        "  trailer",
    ]
    assert lines[0] == f"NewOrderSingle 0..{len(RAW.raw) - 1}"


def test_scattered_components_overlap():
    raw = message("48=X|11=1|55=AAPL|")
    spans = by_name(section_spans(decode(raw, standard("FIX44"))))
    assert raw.raw[spans["Instrument"].start : spans["Instrument"].end] == b"48=X\x0111=1\x0155=AAPL"


def test_nothing_at_all():
    assert section_spans(decode(raw_message(""), standard("FIX44"))) == Span("", 0, 0)
