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


def test_a_cross_gets_ids_for_itself_and_for_each_side() -> None:
    text = "35=t|548=C2|551=C1|552=2|54=1|41=a0|11=a|54=2|41=b0|11=b|55=IBM|60=20250101-10:00:00"
    draft, changed = anew(Draft.of_text(text, FIX44))
    wanted = "35=t|548={uuid}|551=C1|552=2|54=1|41=a0|11={uuid}|54=2|41=b0|11={uuid}|55=IBM|60={now}|"
    assert draft.to_text() == wanted
    assert changed == ("CrossID", "ClOrdID", "TransactTime")


def test_a_list_gets_ids_for_itself_and_for_each_order() -> None:
    text = "35=E|66=L|73=2|11=a|67=1|55=IBM|60=20250101-10:00:00|11=b|67=2|55=IBM|60=20250101-10:00:00"
    draft, changed = anew(Draft.of_text(text, FIX44))
    assert draft.to_text() == "35=E|66={uuid}|73=2|11={uuid}|67=1|55=IBM|60={now}|11={uuid}|67=2|55=IBM|60={now}|"
    assert changed == ("ListID", "ClOrdID", "TransactTime")


def test_a_change_of_an_order_stays_in_its_list() -> None:
    draft, _ = anew(Draft.of_text("35=G|41=A0|11=A1|66=L|60=20250101-10:00:00", FIX44))
    assert draft.to_text() == "35=G|41=A0|11={uuid}|66=L|60={now}|"
