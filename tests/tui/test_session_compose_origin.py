"""A message of a log that is sent as a new one: what is said of it where it is written."""

from __future__ import annotations

from pathlib import Path

from compose_pilot import MakeApp, composing
from conftest import until

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.anew import anew
from purefix_core.session.compose.draft import Draft
from purefix_tui.session.compose.remarks import Remarks
from purefix_tui.session.engine_thread import EngineThread

SMALL = (80, 24)
RAW = (
    b"8=FIX.4.2|9=5|35=8|34=7|49=INORD|56=Y48|50=S|52=20110427-10:27:35|128=Y48|129=Y4801|37=1|17=2|20=0|150=0|39=0|"
    b"55=A|54=1|151=1|14=0|6=0|109=Y48|10=000|"
)
SAID = (
    "! This went from INORD to Y48; sent as new, it goes from CLIENT to VENUE.\n"
    "! It is of FIX.4.2, but this session is FIX.4.4: check what its values mean.\n"
    "! Kept from the old message: DeliverToCompID (128), DeliverToSubID (129), ClientID (109).\n"
    "! Left out, as the old sending's own: SenderSubID (50)."
)


def old_report() -> Draft:
    return anew(Draft.of_message(RAW, standard("FIX42")))[0]


async def test_what_is_kept_is_said_and_marked_in_form_and_text(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, old_report())
        remarks = screen.screen.query_one(Remarks)
        said = SAID.replace("ClientID (109)", "Tag 109") if engine.config.definitions.field(109) is None else SAID
        await until(pilot, lambda: str(remarks.content) == said and bool(remarks.size.height))
        await until(pilot, lambda: "! 128 DeliverToCompID Y48" in screen.rows)
        assert "▾ envelope ! of your own: 128, 129" in screen.rows
        await screen.press("ctrl+r")
        await until(pilot, lambda: not screen.screen.is_form and bool(remarks.size.height))
        await screen.type("58=x|")
        await screen.shows("|58=x|")
        assert str(remarks.content) == said
        await screen.press("ctrl+r")
        await until(pilot, lambda: "! 129 DeliverToSubID Y4801" in screen.rows)
        await screen.find("ctrl+t", "NewOrderSingle")
        assert str(remarks.content) == said


async def test_what_is_taken_out_or_changed_is_not_marked_any_more(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, old_report())
        remarks = screen.screen.query_one(Remarks)
        while "129 DeliverToSubID" not in screen.row:
            await screen.press("down")
        await until(pilot, lambda: "DeliverToSubID (129) is kept from the old message" in screen.about)
        await screen.press("x")
        await until(pilot, lambda: "129 DeliverToSubID Y4801x" in screen.rows)
        await until(pilot, lambda: "(129)" not in str(remarks.content) and "(128)" in str(remarks.content))


async def test_a_message_that_is_made_of_nothing_older_has_no_remarks(
    make_app: MakeApp, engine: EngineThread, tmp_path: Path
) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        draft = Draft.of_text("35=0|128=X|", engine.config.definitions)
        screen = await composing(pilot, engine, tmp_path, draft)
        await screen.shows("|128=X|")
        assert not screen.screen.query_one(Remarks).display
        assert "128 DeliverToCompID X" in screen.rows
