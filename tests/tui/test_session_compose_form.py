"""The form of the compose screen, driven by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from compose_pilot import ORDER, MakeApp, composing, order
from conftest import until

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.draft import Draft, DraftField
from purefix_tui.session.engine_thread import EngineThread

SMALL = (80, 24)
FIX44 = standard("FIX44")


async def test_what_is_missing_is_marked_and_told(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        assert screen.row == "* 11 ClOrdID"
        await screen.shows("! Missing: ClOrdID (11), Side (54), TransactTime (60), OrdType (40)", "|35=D|")
        await screen.press("x")
        await screen.shows("! Missing: Side (54),")


async def test_a_wrong_value_is_told_as_it_is_typed(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.find("ctrl+f", "price")
        await screen.type("1.5x")
        await until(pilot, lambda: "✗ Price (44): '1.5x' is not a valid PRICE" in screen.about)
        assert screen.row.startswith("✗ 44 Price")
        await screen.press("backspace")
        await until(pilot, lambda: "✗" not in screen.about)
        assert "Price (44) a price" in " ".join(screen.about.split())


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2", "2"), ("sell", "2"), ("Sell short", "5"), ("sellsh", "Sellsh"), ("{count}", "{count}")],
)
async def test_a_choice_is_typed_as_value_or_meaning(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path, typed: str, value: str
) -> None:
    """`sellsh` begins two meanings, SELL_SHORT and SELL_SHORT_EXEMPT: it stays until somebody chooses."""
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D", body=(DraftField(11, "A"),)))
        assert "54 Side" in screen.row
        await screen.press(*typed, "down")
        assert screen.text.casefold() == f"35=D|11=A|54={value}|".casefold()


async def test_a_meaning_is_its_value_as_soon_as_it_is_typed(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft.of_text("35=D|11=A|54=1|60={now}|", FIX44))
        assert "40 OrdType" in screen.row
        await screen.type("Lim")
        await until(pilot, lambda: "'Lim' is no value; it may mean 2 (LIMIT), 7 (LIMIT_OR_BETTER) or" in screen.preview)
        await until(pilot, lambda: "✗ OrdType (40): 'Lim' is no value" in screen.about)
        assert "2 LIMIT   7 LIMIT_OR_BETTER   8 LIMIT_WITH_OR_WITHOUT" in screen.about
        assert len(screen.about.splitlines()) == 3
        await screen.type("it")
        await screen.shows("|40=2|")
        assert "✗" not in screen.preview
        assert screen.row.endswith("2 LIMIT")


async def test_a_meaning_that_nobody_typed_here_stays(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    """A message of a log may be wrong, and is to be sent so once more."""
    async with make_app().run_test(size=SMALL) as pilot:
        text = "35=D|11=A|54=1|60={now}|40=Limit|"
        screen = await composing(pilot, engine, tmp_path, Draft.of_text(text, FIX44))
        await screen.shows("|40=Limit|", "'Limit' is no value; it may mean 2 (LIMIT)")
        while "40 OrdType" not in screen.row:
            await screen.press("down")
        await screen.press("down", "ctrl+r")
        assert screen.text == text


async def test_enter_lists_the_choices_and_goes_on(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D", body=(DraftField(11, "A"),)))
        await screen.press("enter")
        finder = await screen.finder()
        assert [item.name for item in finder.found][:2] == ["BUY", "SELL"]
        await screen.press(*"short", "enter")
        await until(pilot, lambda: pilot.app.screen is screen.screen)
        await pilot.pause()
        assert screen.text == "35=D|11=A|54=5|"
        assert "60 TransactTime" in screen.row
        await screen.press("up", "ctrl+l")
        await screen.finder()
        await screen.press(*"Z9", "enter")
        await until(pilot, lambda: "'Z9' is not" in screen.preview)
        assert "54=Z9" in screen.text


async def test_several_values_are_chosen_one_after_the_other(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.find("ctrl+f", "execinst")
        for meaning in ("not held", "work"):
            await screen.find("ctrl+l", meaning)
            await screen.press("up")
        assert "|18=1 2|" in screen.text
        assert "NOT_HELD, WORK" in screen.row


async def test_entries_of_groups_come_and_go(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        await screen.find("ctrl+f", "NoPartyIDs")
        assert screen.row == "* 448 PartyID"
        await screen.press("A")
        await screen.find("ctrl+f", "role")
        await screen.press("3", "ctrl+n", "B")
        assert screen.text == "35=D|453=2|448=A|452=3|448=B|"
        await screen.find("ctrl+f", "partysubid")
        assert "523 PartySubID" in screen.row
        await screen.press("s")
        assert screen.text == "35=D|453=2|448=A|452=3|448=B|802=1|523=s|"
        while "entry 1 of 2" not in screen.row:
            await screen.press("up")
        await screen.press("ctrl+d")
        assert screen.text == "35=D|453=1|448=B|802=1|523=s|"
        while "NoPartyIDs" not in screen.row:
            await screen.press("up")
        await screen.press("ctrl+d")
        assert screen.text == "35=D|"


async def test_a_field_of_a_group_is_found_from_outside(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        await screen.find("ctrl+f", "partyrole")
        await screen.press("1")
        assert screen.text == "35=D|453=1|452=1|"
        await screen.shows("Entry 1 of NoPartyIDs (453) must begin with PartyID (448)")


async def test_a_tag_that_is_not_in_the_dictionary_may_be_sent(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.find("ctrl+f", "20001")
        await screen.type("own")
        await screen.shows("|20001=own|10=", "! Tag 20001 is not defined for NewOrderSingle")
        await screen.press("ctrl+d")
        assert screen.text == ORDER


async def test_a_required_field_that_is_taken_out_leaves_a_blank(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.press("ctrl+home", "ctrl+d")
        assert "|11=" not in screen.text
        assert screen.row == "* 11 ClOrdID"


async def test_the_envelope_shows_what_is_filled_in_and_takes_something_else(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        assert not any("BodyLength" in row for row in screen.rows)
        await screen.press("ctrl+e")
        await until(pilot, lambda: any(row.startswith("56 TargetCompID VENUE") for row in screen.rows))
        await screen.press("ctrl+end", *"999")
        await screen.shows("|10=999|")
        await screen.find("ctrl+f", "onbehalfofcompid")
        await screen.press("X")
        await screen.shows("|115=X|")
        assert screen.text == f"35=D|115=X|{ORDER.removeprefix('35=D|')}10=999|"


async def test_the_length_of_data_is_counted(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.find("ctrl+f", "encodedtext")
        await screen.type("a{byte:01}b")
        await screen.shows("|354=3|355=a|b|")


async def test_another_msg_type_keeps_what_was_typed(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.find("ctrl+t", "OrderCancelRequest")
        assert screen.text == ORDER.replace("35=D", "35=F")
        assert screen.row == "* 41 OrigClOrdID"
        await screen.find("ctrl+t", "ZZ")
        await screen.shows("MsgType 'ZZ' is not defined in FIX44", "|35=ZZ|")
