"""A message of a log that is to be sent as a new one."""

from __future__ import annotations

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.anew import anew
from purefix_core.session.compose.draft import Draft

FIX44 = standard("FIX44")


def test_an_order_gets_a_cl_ord_id_and_a_time_of_its_own() -> None:
    draft, changed = anew(Draft.of_text("35=D|11=A1|55=IBM|54=1|60=20250101-10:00:00|38=5|40=1", FIX44))
    assert draft.to_text() == "35=D|11={uuid}|55=IBM|54=1|60={now}|38=5|40=1|"
    assert changed == ("ClOrdID", "TransactTime")


def test_an_execution_keeps_the_cl_ord_id_that_it_answers() -> None:
    draft, changed = anew(Draft.of_text("35=8|11=A1|37=7|60=20250101-10:00:00", FIX44))
    assert draft.to_text() == "35=8|11=A1|37=7|60={now}|"
    assert changed == ("TransactTime",)


def test_a_message_without_either_stays_as_it_is() -> None:
    before = Draft.of_text("35=1|112=hello", FIX44)
    assert anew(before) == (before, ())
