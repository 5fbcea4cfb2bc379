"""One line of a form: a mark for what is wrong, the name of the field, and where its value is typed or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from purefix_tui.session.config_fields import ConfigField, Option
from purefix_tui.session.keys import CHOICE_KEYS
from purefix_tui.widgets.plain import visible

_GAP = 2


class Choice(Static, can_focus=True):
    """One of some words. All of them are shown where there is room, else the chosen one and how many there are."""

    HELP = "One of several words: ← and → change it, a letter goes to the next word that begins with it."
    BINDINGS: ClassVar[list[BindingType]] = CHOICE_KEYS

    DEFAULT_CSS = """
    Choice { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Choice:focus { background: $cursor-focused; }
    """

    @dataclass
    class Chosen(Message):
        """Another word was chosen."""

        choice: Choice

    def __init__(self, options: Sequence[Option], value: str) -> None:
        super().__init__()
        self._options = options
        self._place = next((place for place, (each, _) in enumerate(options) if each == value), 0)

    @property
    def value(self) -> str:
        return self._options[self._place][0]

    def on_resize(self) -> None:
        self._paint()

    def action_change(self, steps: int) -> None:
        self._choose((self._place + steps) % len(self._options))

    def on_key(self, event: events.Key) -> None:
        letter = event.character
        if letter is None or not letter.isalnum():
            return
        places = [*range(self._place + 1, len(self._options)), *range(self._place)]
        for place in places:
            if self._options[place][1].casefold().startswith(letter.casefold()):
                event.stop()
                self._choose(place)
                return

    def on_click(self, event: events.Click) -> None:
        x = 0
        for place, (_, word) in enumerate(self._options if self._all_fit else ()):
            width = cell_len(visible(word))
            if x <= event.x < x + width:
                self._choose(place)
                return
            x += width + _GAP

    @property
    def _all_fit(self) -> bool:
        return sum(cell_len(visible(word)) + _GAP for _, word in self._options) - _GAP <= self.size.width

    def _choose(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self._paint()
            self.post_message(self.Chosen(self))

    def _paint(self) -> None:
        if not self._all_fit:
            word = visible(self._options[self._place][1])
            where = f"   {self._place + 1} of {len(self._options):,}"
            self.update(Content.assemble(("‹ ", "$muted"), (word, "bold"), (" ›", "$muted"), (where, "$muted")))
            return
        pieces: list[tuple[str, str]] = []
        for place, (_, word) in enumerate(self._options):
            style = "bold underline $primary" if place == self._place else "$muted"
            pieces += [(" " * _GAP if place else "", ""), (visible(word), style)]
        self.update(Content.assemble(*pieces))


class FormRow(Horizontal):
    """A field of the form. Secrets are masked."""

    DEFAULT_CSS = """
    FormRow { height: 1; }
    FormRow > .mark { width: 2; }
    FormRow > .mark.-wrong { color: $error; }
    FormRow > .mark.-doubtful { color: $warning; }
    FormRow > .name { width: 24; color: $muted; }
    FormRow.-current > .name { color: $primary; text-style: bold; }
    FormRow > Input { width: 1fr; }
    """

    @dataclass
    class Changed(Message):
        """The user typed or chose something else."""

        row: FormRow

    def __init__(self, field: ConfigField, text: str, options: Sequence[Option]) -> None:
        super().__init__()
        self.field = field
        self.before = visible(text)
        """What the file says. What a terminal would obey is wrong in every setting of the form."""
        self.wrong = ""
        self.doubt = ""
        """What somebody should know about the value, which is allowed."""
        shown = visible(field.default)
        self.control: Choice | Input = (
            Choice(options, text)
            if options
            else Input(self.before, placeholder=shown, password=field.setting.kind.is_secret, compact=True)
        )

    def compose(self) -> ComposeResult:
        yield Label("", classes="mark")
        yield Label(self.field.label, classes="name", markup=False)
        yield self.control

    @property
    def text(self) -> str:
        value = self.control.value
        return value if self.field.setting.kind.is_secret or value == self.before else value.strip()

    @property
    def is_changed(self) -> bool:
        return self.text != self.before

    def mark(self, wrong: str, doubt: str = "") -> None:
        """Show that something is wrong with the value, or worth knowing."""
        self.wrong, self.doubt = wrong, doubt
        mark = self.query_one(".mark", Label)
        mark.set_class(bool(wrong), "-wrong")
        mark.set_class(bool(doubt) and not wrong, "-doubtful")
        mark.update("✗" if wrong else "!" if doubt else "")

    def show_secret(self, shown: bool) -> None:
        if isinstance(self.control, Input) and self.field.setting.kind.is_secret:
            self.control.password = not shown

    def on_descendant_focus(self) -> None:
        self.add_class("-current")

    def on_descendant_blur(self) -> None:
        self.remove_class("-current")

    @on(Choice.Chosen)
    @on(Input.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Changed(self))
