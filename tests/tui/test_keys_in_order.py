"""Keys that come all at once, as over a slow line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import until
from sample_stores import make_store
from stores_pilot import editor_of, opened_store, stores_app
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widgets import Input

from purefix_tui.keys_in_order import KeyIsThrough, KeysInOrder
from purefix_tui.stores.fields import NumberInput


class Fields(KeysInOrder):
    def compose(self) -> ComposeResult:
        yield Input("5001", id="first")
        yield Input("", id="second")


class Losing(Input):
    """Takes a key, and is gone before what follows it comes out again."""

    def post_message(self, message: Message) -> bool:
        return isinstance(message, KeyIsThrough) or super().post_message(message)


class LosingFields(KeysInOrder):
    def compose(self) -> ComposeResult:
        yield Losing("", id="first")


def burst(app: App[None], *keys: str | events.Event) -> None:
    assert app._driver is not None
    for key in keys:
        event = events.Key(key, key if len(key) == 1 else None) if isinstance(key, str) else key
        event.set_sender(app)
        app._driver.send_message(event)


@pytest.mark.parametrize(
    ("keys", "first", "second"),
    [
        (["backspace", *"135"], "135", ""),
        ([*"12", "tab", *"42"], "12", "42"),
        (["end", "backspace", "9", "tab", "7", "shift+tab", "end", "left", "0"], "50009", "7"),
        (["backspace", events.Paste("77"), "8", "tab", events.Paste("9")], "778", "9"),
    ],
)
async def test_each_key_finds_what_the_one_before_it_did(
    keys: list[str | events.Event], first: str, second: str
) -> None:
    app = Fields()
    async with app.run_test() as pilot:
        app.query_one("#first", Input).action_select_all()
        burst(app, *keys)
        await until(pilot, lambda: [field.value for field in app.query(Input)] == [first, second])


async def test_a_key_that_is_lost_holds_up_none_for_long() -> None:
    app = LosingFields()
    async with app.run_test() as pilot:
        burst(app, *"42")
        await until(pilot, lambda: app.query_one(Input).value == "42")


async def test_numbers_of_a_store_typed_at_once(tmp_path: Path) -> None:
    store = make_store(tmp_path / "stores", last_sent=20)
    app = stores_app(tmp_path / "state", store)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened_store(pilot)
        await until(pilot, lambda: editor_of(pilot).next_out.has_focus)
        burst(app, "end", "backspace", "backspace", *"135", "tab", *"42")
        numbers = editor_of(pilot).query(NumberInput)
        await until(pilot, lambda: [field.value for field in numbers][:2] == ["135", "42"])
