"""The screen where a message is written, by a form or as text, and sent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Label, Static

from purefix_core.session.compose.checking import Problem, problems_of
from purefix_core.session.compose.draft import Draft
from purefix_core.session.compose.expressions import ComposeError
from purefix_core.session.compose.origin import kept_problems
from purefix_core.session.compose.templates import Template
from purefix_core.wire.message import FixMessage, as_text
from purefix_core.wire.secrets import masked_for_logs
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.session.actions import send_action
from purefix_tui.session.compose.about import about, about_text
from purefix_tui.session.compose.choosing import choose_field, choose_msg_type, choose_value
from purefix_tui.session.compose.composed import Composed, Moments, encoded, has_own_number, message_of
from purefix_tui.session.compose.form_view import FormView
from purefix_tui.session.compose.help_text import HELP
from purefix_tui.session.compose.keeping import choose_template, save_template
from purefix_tui.session.compose.message_finder import choose_first
from purefix_tui.session.compose.preview import Preview, warnings_of
from purefix_tui.session.compose.remarks import Remarks, remarks_on
from purefix_tui.session.compose.rows import FieldRow
from purefix_tui.session.compose.text_view import TextView
from purefix_tui.session.compose.title import title
from purefix_tui.session.compose.tree import Tree
from purefix_tui.session.compose.unsent import forget, keep
from purefix_tui.session.compose.words import message_words
from purefix_tui.session.deed_dialog import DeedDialog
from purefix_tui.session.engine_thread import EXPECTED, EngineThread
from purefix_tui.session.keys import COMPOSE_KEYS
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.key_line import KeyLine

_PAUSE = 0.05
"""Seconds without a key until the message is checked and shown."""
_LOOK_EVERY = 1.0
"""Seconds: numbers and times move on, and what is shown is what would be sent now."""


class ComposeScreen(Dialog[Composed | None]):
    """Sends the message itself, and is dismissed with what was sent, or with None."""

    HELP = HELP

    BINDINGS: ClassVar[list[BindingType]] = COMPOSE_KEYS

    DEFAULT_CSS = """
    ComposeScreen > Vertical { width: 100%; height: 100%; background: $background; }
    ComposeScreen.-production > Vertical { border: heavy $error; border-title-color: $error; }
    ComposeScreen .title { width: 100%; height: 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    ComposeScreen ContentSwitcher { height: 1fr; }
    ComposeScreen #about { height: 4; border-top: solid $rule; }
    """

    def __init__(self, engine: EngineThread, templates: Path, draft: Draft | None = None) -> None:
        """`templates`: the folder that they are kept in. `draft` None: the MsgType is asked for first."""
        super().__init__()
        self._engine = engine
        self._definitions = engine.config.definitions
        self._dialect = engine.config.registration.name
        self._folder = templates
        self._draft = draft
        self._before = draft
        """What nobody would miss."""
        self._origin: Draft | None = None
        """What the message was made of; in a text nothing says so."""
        self._template = ""
        """The name under which the message was opened or saved."""
        self._tree: Tree | None = None
        self._text_fault = ""
        """Why the text is no message."""
        self._text_read: str | None = None
        """What was read last; to read it again takes long where it is long."""
        self._pause: Timer | None = None
        self._is_asking = False
        self._moments = Moments()
        self._form = FormView()
        self._form.id = "form"
        self._text = TextView()
        self._text.id = "text"
        self._remarks = Remarks()
        self._about = Static("", id="about")
        self._preview = Preview()
        self.set_class(engine.production, "-production")

    def compose(self) -> ComposeResult:
        with Vertical() as frame:
            if self._engine.production:
                frame.border_title = "PRODUCTION: what is sent is real"
            yield Label("", classes="title")
            yield self._remarks
            with ContentSwitcher(initial="form"):
                yield self._form
                yield self._text
            yield self._about
            yield self._preview
            yield KeyLine(("compose.leave", "compose.explain"))

    def on_mount(self) -> None:
        self.set_interval(_LOOK_EVERY, self._look)
        if self._draft is None:
            self._look()
            self._once(self._choose_first())
        else:
            self._show(self._draft)

    # What is written.

    @property
    def draft(self) -> Draft | None:
        """The message as it stands now; None where there is none yet, or the text is none."""
        return self._draft

    @property
    def is_form(self) -> bool:
        return self.query_one(ContentSwitcher).current == "form"

    def _show(self, draft: Draft) -> None:
        """Go on with that message, in the view that is shown."""
        self._draft, self._origin, self._text_fault = draft, draft.origin, ""
        if self.is_form:
            self._tree = Tree(draft, self._definitions)
            self._form.show(self._tree)
            self._form.focus_inside()
        else:
            self._text_read = draft.to_text()
            self._text.show(self._text_read)
            self._text.focus_inside()
        self._tell_title()
        self._look()

    def _take_over(self) -> None:
        """Take over all that was typed."""
        if self.is_form:
            self._form.leave_value()
            if self._tree is not None:
                self._draft = self._tree.draft
            return
        text = self._text.text
        if text == self._text_read:
            return
        self._text_read = text
        try:
            draft, self._text_fault = Draft.of_text(text, self._definitions), ""
            is_same = self._origin is not None and self._origin.msg_type == draft.msg_type
            self._draft = replace(draft, origin=self._origin) if is_same else draft
        except ComposeError as error:
            self._draft, self._text_fault = None, str(error)

    def _taken_over(self) -> Draft | None:
        """The message with all that was typed; None, which is said, where the text is none."""
        self._take_over()
        if self._draft is None:
            self._tell_about()
        return self._draft

    @property
    def _is_touched(self) -> bool:
        """Whether something would be lost."""
        return bool(self._text.text.strip()) if self._draft is None else self._draft != self._before

    @on(FormView.Changed)
    def _form_changed(self, event: FormView.Changed) -> None:
        event.stop()
        if self._tree is not None:
            self._draft = self._tree.draft
        self._look_soon()

    @on(TextView.Changed)
    def _text_changed(self, event: TextView.Changed) -> None:
        event.stop()
        self._look_soon()

    @on(FormView.Moved)
    def _form_moved(self, event: FormView.Moved) -> None:
        event.stop()
        self._tell_about()

    # What is said of it.

    def _tell_title(self) -> None:
        self.query_one(".title", Label).update(title(self._engine, self._draft, self._template))
        self._remarks.show(remarks_on(self._draft, self._engine))

    def _tell_about(self) -> None:
        if self.is_form:
            self._about.update(about(self._form.row, self._form.problem_here(), self._about.size.width))
        else:
            self._about.update(about_text(self._draft, self._text_fault))

    def _look_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self._look)

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        """Check the message, and show what would be sent."""
        if not self.is_form:
            self._take_over()
        self._tell_title()
        draft = self._draft
        if draft is None:
            self._tell_about()
            self._preview.show_none(self._text_fault or "choose a MsgType", ())
            return
        problems = problems_of(draft, self._definitions)
        if self.is_form:
            self._form.mark([*problems, *kept_problems(draft, self._definitions)])
        self._tell_about()
        await self._show_bytes(draft, problems)

    async def _show_bytes(self, draft: Draft, problems: list[Problem]) -> None:
        message = message_of(draft, self._definitions, self._moments.now(draft))
        try:
            raw = await asyncio.wrap_future(self._engine.by_hand(partial(encoded, message)))
        except EXPECTED as error:
            self._preview.show_none(str(error), problems)
            return
        self._preview.show(masked_for_logs(raw), problems)
        parsed = FixMessage.parse(raw, data_tags=self._definitions.data_tags)
        self._form.fill_in({tag: as_text(parsed.value(field)) for tag, field in parsed.first.items()})

    # Choosing. One thing is asked at a time, however fast keys come.

    def _once(self, asking: Coroutine[object, object, None]) -> None:
        if self._is_asking:
            asking.close()
            return
        self._is_asking = True
        self._ask(asking)

    @work(group="ask")
    async def _ask(self, asking: Coroutine[object, object, None]) -> None:
        try:
            await asking
        finally:
            self._is_asking = False

    async def _choose_first(self) -> None:
        chosen = await choose_first(self.app, self._engine, self._folder)
        if chosen is None:
            self.dismiss(None)
        elif isinstance(chosen, Template):
            self._open(chosen)
        elif isinstance(chosen, Draft):
            self._show(chosen)
        else:
            tree = Tree(Draft(chosen), self._definitions)
            tree.open_required_groups()
            self._before = tree.draft
            self._show(self._before)

    def action_msg_type(self) -> None:
        self._once(self._choose_another())

    async def _choose_another(self) -> None:
        draft = self._taken_over()
        if draft is None:
            return
        msg_type = await choose_msg_type(self.app, self._definitions)
        if msg_type is not None:
            self._show(replace(draft, msg_type=msg_type))

    def action_add_field(self) -> None:
        self._once(self._add_field())

    async def _add_field(self) -> None:
        self._form.leave_value()
        branches = self._form.branches
        if not branches:
            return
        place = await choose_field(self.app, branches, self._definitions)
        if place is not None:
            self._form.fill_in_further(*place)

    @on(FormView.ChoicesWanted)
    def _choices_wanted(self, event: FormView.ChoicesWanted) -> None:
        event.stop()
        self._once(self._choose_value(event.row))

    def action_choices(self) -> None:
        self._form.commit()
        row = self._form.row
        if isinstance(row, FieldRow) and row.node.member is not None and row.node.member.choices:
            self._once(self._choose_value(row))

    async def _choose_value(self, row: FieldRow) -> None:
        member = row.node.member
        if member is None:
            return
        value = await choose_value(self.app, member, row.node.text)
        if value is not None:
            self._form.choose(row, value)

    # Keys.

    def action_remove(self) -> None:
        self._form.take_out()

    def action_envelope(self) -> None:
        self._form.toggle_envelope()

    def action_other_view(self) -> None:
        draft = self._taken_over()
        if draft is not None:
            self.query_one(ContentSwitcher).current = "text" if self.is_form else "form"
            self._show(draft)

    def action_as_new(self) -> None:
        draft = self._taken_over()
        if draft is not None:
            self._show(draft.as_new())

    def action_leave(self) -> None:
        self._once(self._leave())

    async def _leave(self) -> None:
        self._take_over()
        kept = "What you wrote is lost, since it is no message yet."
        if self._draft is not None:
            kept = "M offers what you wrote again, until the session is closed. ^s saves it for good."
        if self._is_touched:
            if not await self.app.push_screen_wait(Confirm("Leave without sending?", (kept,), "Leave")):
                return
            if self._draft is not None:
                keep(self._engine, self._draft)
        self.dismiss(None)

    def action_send(self) -> None:
        self._once(self._send())

    async def _send(self) -> None:
        draft = self._taken_over()
        if draft is None:
            return
        store = self._form.is_kept if has_own_number(draft) else None
        heading = f"Send {message_words(draft.msg_type, self._definitions)}"
        composed = Composed(heading, message_of(draft, self._definitions, self._moments.now(draft)), store)
        warnings = (*remarks_on(draft, self._engine), *warnings_of(problems_of(draft, self._definitions)))
        action = send_action(composed.title, composed.message, composed.store, warnings)
        if await self.app.push_screen_wait(DeedDialog(self._engine, action)):
            forget(self._engine)
            self.dismiss(composed)

    # Templates.

    def action_save(self) -> None:
        self._once(self._save())

    async def _save(self) -> None:
        draft = self._taken_over()
        if draft is None:
            return
        name = await save_template(self.app, self._folder, Template(self._template, draft, self._dialect))
        if name is not None:
            self._template, self._before = name, draft
            self._tell_title()

    def action_load(self) -> None:
        self._once(self._load())

    async def _load(self) -> None:
        self._take_over()
        template = await choose_template(self.app, self._folder, self._dialect, self._definitions)
        if template is None:
            return
        if self._is_touched:
            question = Confirm(f"Open {template.name}?", ("What you wrote is lost.",), "Open")
            if not await self.app.push_screen_wait(question):
                return
        self._open(template)

    def _open(self, template: Template) -> None:
        self._template, self._before = template.name, template.draft
        self._show(template.draft)
