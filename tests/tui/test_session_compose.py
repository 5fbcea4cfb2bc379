"""Writing messages, driven by keys: sending them, as text, what is left unsent, templates, and any dialect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from compose_pilot import ORDER, Composing, MakeApp, composing, order
from conftest import until
from session_peers import PATIENCE, port_of, running_engine, session_file, wait
from textual.widgets import Input, Static, TextArea

from purefix_core.session import by_hand
from purefix_core.session.compose.draft import Draft, DraftField, DraftGroup
from purefix_core.session.compose.templates import Template, save
from purefix_core.session.states import State
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.session.compose.finder import Finder
from purefix_tui.session.compose.message_finder import MessageFinder
from purefix_tui.session.compose.preview import Preview
from purefix_tui.session.compose.screen import ComposeScreen
from purefix_tui.session.compose.template_finder import TemplateFinder
from purefix_tui.session.compose.text_view import TextView
from purefix_tui.session.compose.unsent import unsent
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EngineThread
from purefix_tui.tabs import SESSION, Start
from purefix_tui.widgets.help_screen import HelpScreen
from purefix_tui.widgets.key_line import KeyLine

SMALL, LARGE = (80, 24), (140, 40)


@pytest.fixture
def logged_on(tmp_path: Path, venue: EngineThread) -> Iterator[EngineThread]:
    with running_engine(tmp_path, port_of(venue)) as engine:
        engine.perform(engine.deed(by_hand.logon).result(PATIENCE)).result(PATIENCE)
        engine.connect().result(PATIENCE)
        wait(lambda: engine.status.state is State.ACTIVE, "it is logged on")
        yield engine


async def write_order(screen: Composing) -> None:
    """From the list of messages to a NewOrderSingle with everything that is required."""
    await screen.press(*"nos", "enter")
    await until(screen.pilot, lambda: screen.pilot.app.screen is screen.screen)
    await screen.pilot.pause()
    for value in ("ORD-{seq}", "buy", "{now}", "2"):
        await screen.type(value)
        await screen.press("enter")


# Sending.


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_order_by_form_reaches_the_venue(
    make_app: MakeApp, logged_on: EngineThread, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with make_app().run_test(size=size) as pilot:
        screen = await composing(pilot, logged_on, tmp_path)
        await write_order(screen)
        for tag, value in (("55", "FERN"), ("orderqty", "100"), ("44", "12.5")):
            await screen.find("ctrl+f", tag)
            await screen.type(value)
        assert screen.text == "35=D|11=ORD-{seq}|55=FERN|54=1|60={now}|38=100|40=2|44=12.5|"
        await screen.shows("|11=ORD-2|", "|55=FERN|54=1|60=20", "|38=100|40=2|44=12.5|10=")
        assert "!" not in screen.preview
        await screen.press("ctrl+g")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog) and pilot.app.screen._deed is not None)
        deed = pilot.app.screen._deed  # type: ignore[attr-defined]
        assert b"\x0111=ORD-2\x01" in deed.message
        await screen.press("enter")
        await until(pilot, lambda: bool(screen.results))
        await until(pilot, lambda: logged_on.status.last_received.msg_type == "8")
    composed = screen.results[0]
    assert composed is not None
    assert (composed.title, composed.store) == ("Send NewOrderSingle (D)", None)
    assert dict(composed.message(7, 1).body)[11] == b"ORD-7"
    assert composed.message(7, 1) == composed.message(7, 1)


async def test_an_order_as_text_reaches_the_venue(make_app: MakeApp, logged_on: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, logged_on, tmp_path, Draft("D"))
        await screen.press("ctrl+r")
        await until(pilot, lambda: isinstance(pilot.app.focused, TextArea))
        assert screen.screen.query_one(TextView).text == "35=D|"
        await screen.type(ORDER.removeprefix("35=D|"))
        await screen.shows("|11=A|", "|38=100|40=1|10=")
        await screen.press("ctrl+g")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog) and pilot.app.screen._deed is not None)
        await screen.press("enter")
        await until(pilot, lambda: bool(screen.results))
        await until(pilot, lambda: logged_on.status.last_received.msg_type == "8")


async def test_what_was_written_stays_where_it_is_not_sent(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.press("ctrl+g")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog))
        await until(pilot, lambda: "connect first" in str(pilot.app.screen.query_one(".wrong").content))
        await screen.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen.screen)
        assert (screen.text, screen.results) == (ORDER, [])


async def test_a_number_of_its_own_is_kept_only_if_one_says_so(
    make_app: MakeApp, logged_on: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        draft = Draft("0", header=(DraftField(34, "9"),))
        screen = await composing(pilot, logged_on, tmp_path, draft)
        assert any("envelope of your own: 34" in row for row in screen.rows)
        await screen.press("ctrl+end")
        assert screen.row == "keep in the store no Enter changes it"
        await screen.press("enter")
        assert screen.row.startswith("keep in the store yes")
        await screen.shows("|34=9|")
        await screen.press("ctrl+g")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeedDialog) and pilot.app.screen._deed is not None)
        deed = pilot.app.screen._deed  # type: ignore[attr-defined]
        assert "ur next MsgSeqNum is then 10" in deed.lines[0]


async def test_from_the_session_tab(make_app: MakeApp, venue: EngineThread, tmp_path: Path) -> None:
    app = make_app(start=Start(SESSION, session_file(tmp_path / "client.json", port_of(venue))))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.tabs.session is not None and app.tabs.session.pane is not None)
        tab = app.tabs.session
        assert tab is not None
        pane = tab.pane
        assert pane is not None
        await until(pilot, lambda: pane.engine.is_running and pane.has_focus_within)
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, DeedDialog) and app.screen._deed is not None)
        await pilot.press("enter")
        await until(pilot, lambda: pane.is_logged_on)
        await pilot.press("M")
        await until(pilot, lambda: isinstance(app.screen, Finder) and isinstance(app.focused, Input))
        screen = Composing(pilot, next(each for each in app.screen_stack if isinstance(each, ComposeScreen)))
        await write_order(screen)
        await screen.press("ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, DeedDialog) and app.screen._deed is not None)
        await pilot.press("enter")
        await until(
            pilot, lambda: venue.status.last_received is not None and venue.status.last_received.msg_type == "D"
        )
        await until(pilot, lambda: len(app.screen_stack) == 1)

        raw = b"8=FIX.4.4|9=5|35=D|34=2|43=Y|49=VENUE|52=20260131-16:30:45|56=CLIENT|128=X|55=A|1=B|10=000|"
        tab.compose_from(raw)
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen) and app.screen.draft is not None)
        screen = Composing(pilot, app.screen)  # type: ignore[arg-type]
        await screen.shows("|55=A|1=B|10=")  # in the order in which it stood
        assert screen.text == "35=D|128=X|55=A|1=B|"
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, DeedDialog) and app.screen._deed is not None)
        assert app.screen._deed.warnings[:3] == (  # type: ignore[attr-defined]
            "VENUE sent this to us; sent as new, it goes the other way, from us to VENUE.",
            "Kept from the old message: DeliverToCompID (128).",
            "Left out, as the old sending's own: PossDupFlag (43).",
        )
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen.screen)
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)


# Text and form.


async def test_text_and_form_stay_in_step(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        await screen.press(*"A", "ctrl+r")
        view = screen.screen.query_one(TextView)
        assert view.text == "35=D|11=A|"
        await screen.type("99=1|453=1|448=X|55=F|")
        await screen.press("ctrl+r")
        await until(pilot, lambda: screen.screen.is_form)
        assert [row for row in screen.rows if "X" in row or "F" in row.split()] == ["* 448 PartyID X", "55 Symbol F"]
        await screen.press("ctrl+r")
        assert view.text == "35=D|11=A|99=1|453=1|448=X|55=F|"  # still as it was written


async def test_a_text_that_is_no_message_stays_text(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        await screen.press("ctrl+r", *"11=A|x")
        await until(pilot, lambda: "✗" in screen.about)
        await screen.press("ctrl+r", "ctrl+g")
        assert not screen.screen.is_form
        assert pilot.app.screen is screen.screen
        await screen.press("backspace", "ctrl+r")
        await until(pilot, lambda: screen.screen.is_form)


async def test_a_whole_message_is_offered_as_a_new_one(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    whole = "8=FIX.4.4|9=100|35=0|34=7|49=A|52=20260131-16:30:45|56=B|112=T|10=000|"
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        await screen.press("ctrl+r", "ctrl+u")
        pilot.app.screen.query_one(TextArea).insert(whole)
        await until(pilot, lambda: "A whole message" in screen.about)
        await screen.shows("8=FIX.4.4|9=100|35=0|34=7|49=A|52=20260131-16:30:45|56=B|112=T|10=000|")
        await screen.press("ctrl+n")
        await screen.shows("|49=CLIENT|", "|112=T|")
        assert screen.text == "35=0|112=T|"


async def test_lines_that_a_terminal_would_obey_are_shown_as_pictures(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    draft = Draft("D", body=(DraftField(58, "a\u202eb"), DraftField(11, "{byte:1B}[2J")))
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, draft)
        await screen.shows("8=FIX")
        assert "\u202e" not in pilot.app.export_screenshot()
        await screen.press("ctrl+r")
        await pilot.pause()
        assert "\u202e" not in pilot.app.export_screenshot()
        assert screen.text == "35=D|58=a\u202eb|11={byte:1B}[2J|"


# Leaving, templates, help.


async def test_esc_asks_only_where_something_was_typed(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.press("down", "up", "ctrl+r", "ctrl+r", "escape")
        await until(pilot, lambda: screen.results == [None])
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.press("ctrl+r", "escape")
        await until(pilot, lambda: screen.results == [None])
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.press("x", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await screen.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen.screen)
        assert not screen.results
        await screen.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await screen.press("y")
        await until(pilot, lambda: screen.results == [None])


async def test_what_was_not_sent_is_offered_next_time(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("D"))
        await screen.press(*"MINE", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await screen.press("y")
        await until(pilot, lambda: screen.results == [None])
        screen = await composing(pilot, engine, tmp_path)
        assert (await screen.finder()).found[0].name == "go on with what was not sent"
        await screen.press("enter")
        await until(pilot, lambda: screen.text == "35=D|11=MINE|")
        again = EngineThread(engine.config, None, tmp_path / "logs")  # as after a scenario, or where it has ended
        assert unsent(again) == Draft("D", body=(DraftField(11, "MINE"),))


async def test_the_title_says_how_the_session_is(
    make_app: MakeApp, logged_on: EngineThread, venue: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, logged_on, tmp_path, Draft("0"))
        title = screen.screen.query_one(".title", Static)
        await until(pilot, lambda: "LOGGED ON" in str(title.content))
        venue.perform(venue.deed(by_hand.logout).result(PATIENCE)).result(PATIENCE)
        await until(pilot, lambda: "DISCONNECTED" in str(title.content) or "NOT CONNECTED" in str(title.content))


async def test_no_message_chosen_is_none_written(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path)
        await screen.press("escape")
        await until(pilot, lambda: screen.results == [None])
        assert not isinstance(pilot.app.screen, ComposeScreen)


async def test_a_template_is_saved_opened_and_deleted(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, folder, order(engine))
        await screen.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input) and pilot.app.screen is not screen.screen)
        await screen.press(*"my order", "enter")
        await until(pilot, lambda: (folder / "my order.json").is_file() and pilot.app.screen is screen.screen)
        await pilot.pause()
        await screen.press("escape")
        await until(pilot, lambda: screen.results == [None])

        screen = await composing(pilot, engine, folder, Draft("0"))
        await screen.find("ctrl+o", "order")
        assert screen.text == ORDER
        await screen.press("ctrl+o")
        finder = await screen.finder()
        await screen.press("ctrl+d")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await screen.press("y")
        await until(pilot, lambda: not finder.found)
        assert not list(folder.glob("*.json"))


async def test_a_template_is_found_by_its_name_where_a_message_is_chosen(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    save(tmp_path, Template("my order", order(engine)))
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path)
        finder = await screen.finder()
        await until(pilot, lambda: finder.found[-1].note == "template, NewOrderSingle (D)")
        assert finder.found[0].name == "NewOrderSingle"
        await screen.press(*"my", "enter")
        await until(pilot, lambda: screen.text == ORDER)
        title = screen.screen.query_one(".title", Static)
        await until(pilot, lambda: "template my order" in str(title.content))


async def test_the_templates_are_listed_from_where_a_message_is_chosen(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path)
        await screen.press("ctrl+o")  # there are none, which is said
        await screen.finder()
        assert any("There are no templates yet" in each.message for each in pilot.app._notifications)
        save(tmp_path, Template("my order", order(engine)))
        await screen.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, TemplateFinder))
        await screen.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, MessageFinder))
        await screen.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, TemplateFinder))
        await screen.press("enter")
        await until(pilot, lambda: screen.text == ORDER)


async def test_the_last_line_of_an_empty_form_names_the_templates(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path)
        assert "^o lists the templates" in str(pilot.app.screen.query_one(".foot", Static).content)
        await screen.press(*"nos", "enter")
        line = screen.screen.query_one(KeyLine)
        await until(pilot, lambda: "^o templates" in str(line.content))


async def test_the_expressions_are_explained(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        await screen.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        text = str(pilot.app.screen.query("VerticalScroll Static").first().content)
        assert "{uuid}" in text
        assert "{now+5m}" in text


async def test_tab_goes_to_the_preview_and_back(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, order(engine))
        value = pilot.app.focused
        assert isinstance(value, Input)
        await screen.press("tab")
        assert isinstance(pilot.app.focused, Preview)
        await screen.press("shift+tab")
        assert pilot.app.focused is value


# Dialects.


@pytest.mark.parametrize(
    ("begin_string", "dictionary", "msg_type", "field"),
    [
        ("FIX.4.2", None, "D", "text"),
        ("FIXT.1.1", None, "D", "text"),
        ("FIXT.1.1", "cme_FIX50SP2.CME.xml", "8", "text"),
        ("FIXT.1.1", "cme_FIX50SP2.CME.xml", "i", "quoteid"),
        ("FIX.4.4", "deribit_FIX44.xml", "t", "text"),
        ("FIX.4.2", "bloomberg_FIX42-step.xml", "8", "text"),
    ],
)
async def test_any_dialect(
    make_app: MakeApp,
    shared: Path,
    tmp_path: Path,
    begin_string: str,
    dictionary: str | None,
    msg_type: str,
    field: str,
) -> None:
    over_fixt = begin_string == "FIXT.1.1"
    more: dict[str, object] = {"DefaultApplVerID": "9"} if over_fixt else {}
    if dictionary is not None:
        more["AppDataDictionary" if over_fixt else "DataDictionary"] = str(shared / "dialects" / dictionary)
    with running_engine(tmp_path, BeginString=begin_string, **more) as engine:
        async with make_app().run_test(size=SMALL) as pilot:
            screen = await composing(pilot, engine, tmp_path, Draft(msg_type))
            await screen.shows(f"8={begin_string}|", f"|35={msg_type}|")
            await screen.find("ctrl+f", field)
            await screen.type("hello")
            await screen.shows("=hello|")


async def test_a_deep_message_keeps_its_groups(make_app: MakeApp, shared: Path, tmp_path: Path) -> None:
    path = shared / "dialects" / "cme_FIX50SP2.CME.xml"
    with running_engine(tmp_path, BeginString="FIXT.1.1", DefaultApplVerID="9", AppDataDictionary=str(path)) as engine:
        async with make_app().run_test(size=SMALL) as pilot:
            screen = await composing(pilot, engine, tmp_path, Draft("i"))
            await screen.find("ctrl+f", "NoQuoteEntries")
            assert screen.screen.draft is not None
            depth = 0
            items = screen.screen.draft.body
            while groups := [item for item in items if isinstance(item, DraftGroup)]:
                depth += 1
                items = groups[0].entries[0]
            assert depth >= 2
            assert any(row.startswith("entry 1 of 1") for row in screen.rows)
