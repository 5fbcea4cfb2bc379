"""Passwords in a message that is written: they are sent, and not shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from compose_pilot import composing
from session_peers import running_engine
from textual.widgets import Input

from purefix_core.session.compose.draft import Draft, DraftField
from purefix_tui.app import PureFixApp
from purefix_tui.session.compose.text_view import masked
from purefix_tui.session.engine_thread import EngineThread

MakeApp = Callable[..., PureFixApp]

SMALL = (80, 24)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineThread]:
    with running_engine(tmp_path) as engine:
        yield engine


async def test_a_password_is_not_shown(make_app: MakeApp, engine: EngineThread, tmp_path: Path) -> None:
    async with make_app().run_test(size=SMALL) as pilot:
        screen = await composing(pilot, engine, tmp_path, Draft("A", body=(DraftField(554, "hunter22"),)))
        await screen.shows("|554=***|")
        assert "hunter22" not in " ".join((*screen.rows, screen.preview, screen.about))
        while "Password" not in screen.row:
            await screen.press("down")
        assert screen.screen.query_one(Input).password
        assert "hunter22" not in pilot.app.export_screenshot()
        await screen.press("ctrl+r", *"925=swallow3|")
        await screen.shows("|925=***|")
        shown = pilot.app.export_screenshot()
        assert "554=••••••••|925=••••••••|" in shown
        assert "hunter22" not in shown
        assert "swallow3" not in shown
        assert screen.text == "35=A|554=hunter22|925=swallow3|"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("35=A|95=3|96=a|b|58=x|", "35=A|95=3|96=•••|58=x|"),
        ("35=D|96=abc|58=x", "35=D|96=abc|58=x"),
        ("8=FIX.4.4^A35=BE^A554=a;1=b^Axx^A10=000^A", "8=FIX.4.4^A35=BE^A554=•••••••••^A10=000^A"),
        ("554=se\ncret\n 58=x\n", "554=••\n••••\n 58=x\n"),
        ("554=|58=554=x|", "554=|58=554=x|"),
    ],
)
def test_secrets_of_a_text_are_masked_where_they_stand(text: str, shown: str) -> None:
    assert masked(text) == shown
