"""The form of a session: fills in a new JSON session file, or edits one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Label, Static

from purefix_core.registry.dialects import Dialects
from purefix_tui.dialogs.file_kinds import SESSION
from purefix_tui.dialogs.recent import remember
from purefix_tui.session import saving
from purefix_tui.session.config_fields import DIALECT, LOGON_TAG, text_of
from purefix_tui.session.form_fields import PATH, FormFields
from purefix_tui.session.form_row import FormRow
from purefix_tui.session.keys import CONFIG_FORM_KEYS
from purefix_tui.session.saving import Problem, SessionFile
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.key_line import KeyLine
from purefix_tui.widgets.plain import visible

_PAUSE = 0.15
"""Seconds without a key until everything is checked: a dialect that is read for the first time takes some 100 ms."""
_VERSION = "Application.FixVersion"
_NO_DIALECT = "expected a dialect, or a BeginString to tell one by, found neither"


class ConfigForm(Dialog[Path | None]):
    """Dismissed with the path of the file that was saved, or with None."""

    HELP = """What a session file says. Below the fields stands what the field under the cursor means, or what is wrong
with it. An empty field is left out of the file, and what stands in it in grey counts.

All other settings of docs/sessions.md may stand in the file too: they stay as they are."""

    BINDINGS: ClassVar[list[BindingType]] = CONFIG_FORM_KEYS

    DEFAULT_CSS = """
    ConfigForm { align: center middle; }
    ConfigForm > Vertical { width: 104; max-width: 100%; height: 100%; max-height: 48; padding: 0 1; }
    ConfigForm > Vertical { background: $panel; }
    ConfigForm .title { text-style: bold; color: $primary; width: 100%; height: 1; text-wrap: nowrap; }
    ConfigForm .title { text-overflow: ellipsis; }
    ConfigForm .comments { color: $warning; width: 100%; }
    ConfigForm #about { height: 5; border-top: solid $rule; }
    ConfigForm #state { height: 1; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    @dataclass
    class Checked(Message):
        """A worker checked what the file would be."""

        generation: int
        problems: list[Problem]
        warnings: list[Problem]
        before: frozenset[Problem]
        """What was wrong with the file before anything was changed."""

    @dataclass
    class HasSaved(Message):
        """A worker saved the file."""

        saved: saving.Saved

    @dataclass
    class NotSaved(Message):
        """A worker could not save the file."""

        why: str

    def __init__(self, state_folder: Path, registry: Dialects | None, path: Path | None = None, place: int = 0) -> None:
        """`path` None: a new file. `place`: which of the file's `Sessions` is edited. Raises FixConfigError for a file
        that cannot be read, or is no JSON; what is wrong with its settings is for the form to show."""
        super().__init__()
        self._state_folder = state_folder
        self._registry = registry
        self._file = SessionFile(Path()) if path is None else saving.read_session_file(path, place)
        self._given = saving.given(self._file)
        self._fields = FormFields(self._file, Dialects.standard() if registry is None else registry)
        self._generation = 0
        """Grows with each change; what was checked before it is of no interest."""
        self._shown_generation = -1
        self._pause: Timer | None = None
        self._checked: tuple[SessionFile, dict[str, Any]] = self._file, {}
        """What the last check was about."""
        self._problems_before: frozenset[Problem] | None = None
        """None before the first check. What is elsewhere in the file was so before, and does not keep anybody from
        saving: it might be in another session, which has a form of its own."""
        self._wrong: list[str] | None = None
        """What keeps the form from being saved, as the last check found it; None before it ended."""
        self._has_problems_elsewhere = False
        self._is_saving = False
        self._said = ""
        """The action that the user was told to ask for once more."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self._title()), classes="title", markup=False)
            if self._file.has_comments:
                yield Label("Saving drops the file's comments. A dated copy stays beside it.", classes="comments")
            yield self._fields
            yield Static("", id="about", markup=False)
            yield Static("", id="state", markup=False)
            yield KeyLine(())

    def _title(self) -> str:
        if self._file.content is None:
            return "New session"
        path = self._file.path
        folder = "" if path.parent == Path() else f"   in {path.parent}"
        if self._file.place is None:
            return f"Edit {path.name}{folder}"
        peer = self._given.get("TargetCompID")
        whose = "" if peer is None else f", {text_of(peer.value)}"
        return f"Edit {path.name}: session {self._file.place + 1}{whose}{folder}"

    def on_mount(self) -> None:
        self._fields.show_what_is_of_use()
        self.watch(self, "focused", self._tell_of_field)
        self._tell_state()
        self._check_soon()

    @on(FormRow.Changed)
    async def _changed(self, event: FormRow.Changed) -> None:
        event.stop()
        row = event.row
        self._said, self._is_saving = "", False
        row.mark(row.field.problem(row.text))
        self._fields.show_what_is_of_use()
        if row.field.setting.key == LOGON_TAG:
            await self._fields.offer_another_logon_tag()
        self._tell_of_field()
        self._check_soon()

    # -- checking

    @property
    def is_checking(self) -> bool:
        """Whether what stands in the form now was not checked yet."""
        return self._shown_generation != self._generation

    @property
    def _path(self) -> Path:
        """Where it is saved."""
        if self._file.content is not None:
            return self._file.path
        texts = self._fields.texts
        comp_ids = "-".join(filter(None, (texts["SenderCompID"], texts["TargetCompID"]))) or "session"
        safe = "".join(each if each.isalnum() or each in "._-" else "_" for each in comp_ids)
        text = texts[PATH.name] or f"{safe}.json"
        try:
            return Path.cwd() / Path(text).expanduser()
        except RuntimeError:  # nobody knows the home folder
            return Path.cwd() / text

    def _check_soon(self) -> None:
        self._generation += 1
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self._check)

    def _check(self) -> None:
        """Let a worker look at what the file would be."""
        self._checked = replace(self._file, path=self._path), self._fields.document()
        self._check_file(*self._checked, self._generation, self._problems_before)

    # Without a description of their own workers have one that shows all arguments, passwords too.
    @work(thread=True, exclusive=True, group="check", description="check")
    def _check_file(
        self, file: SessionFile, document: dict[str, Any], generation: int, before: frozenset[Problem] | None
    ) -> None:
        problems, warnings = saving.check(file, document, self._registry)
        if before is None:
            before = frozenset(saving.check(file, file.document, self._registry)[0] if file.content else ())
        self.post_message(self.Checked(generation, problems, warnings, before))

    @on(Checked)
    def _show_checked(self, event: Checked) -> None:
        event.stop()
        self._problems_before = event.before
        if event.generation != self._generation:
            return
        self._shown_generation = event.generation
        shown = {row.field.name: row for row in self._fields.rows}
        wrong: dict[str, str] = {}
        elsewhere: list[str] = []
        is_new_elsewhere = False
        for key, text in event.problems:
            if key == _VERSION and _VERSION not in self._given:
                wrong[DIALECT] = _NO_DIALECT
            elif key and key in shown:
                wrong.setdefault(key, text)
            else:
                elsewhere.append(f"{key}: {text}" if key else text)
                is_new_elsewhere |= Problem(key, text) not in event.before
        if self._file.content is None and (problem := _path_problem(self._path)):
            wrong[PATH.name] = problem
        doubts = {each.key: each.text for each in event.warnings}
        if "SocketConnectHost" in shown and not shown["SocketConnectHost"].text:
            doubts["SocketConnectHost"] = "an initiator without a host cannot connect"
        self._fields.show_problems(wrong, doubts, elsewhere)
        self._wrong = [row.field.label for name, row in shown.items() if name in wrong]
        self._wrong += ["what stands above the fields"] if is_new_elsewhere else []
        self._has_problems_elsewhere = bool(elsewhere)
        self._tell_of_field()
        self._tell_state()
        if self._is_saving:
            self._is_saving = False
            self._save_checked()

    # -- telling

    def _tell_of_field(self) -> None:
        """What is wrong with the field under the cursor, and what it means."""
        row = self._fields.focused_row
        if row is None:
            return
        field, pieces = row.field, list[tuple[str, str]]()
        if row.wrong:
            pieces.append((f"✗ {visible(row.wrong)}\n", "$error"))
        elif row.doubt:
            pieces.append((f"! {visible(row.doubt)}\n", "$warning"))
        pieces += [(field.label, "bold"), (f"  {field.meaning}", "")]
        if field.default:
            pieces.append((f"  Left out: {field.default}.", "$muted"))
        if self._fields.is_inherited(row):
            pieces.append(("  The top level of the file says this, for all its sessions.", "$muted"))
        self.query_one("#about", Static).update(Content.assemble(*pieces))

    def _tell_state(self) -> None:
        if self._wrong is None:
            self._say("Checking …", "muted")
        elif self._wrong:
            self._say(f"✗ Wrong: {', '.join(self._wrong)}", "error")
        else:
            unsaved = ", not saved yet" if self._fields.is_changed else ""
            if self._has_problems_elsewhere:
                self._say(f"! Nothing is wrong but what stands above the fields{unsaved}", "warning")
            else:
                self._say(f"✓ Nothing is wrong{unsaved}", "success")

    def _say(self, text: str, colour: str) -> None:
        self.query_one("#state", Static).update(Content.styled(visible(text), f"${colour}"))

    # -- keys

    def action_move(self, steps: int) -> None:
        self._fields.move(steps)

    def action_secrets(self) -> None:
        self._fields.toggle_secrets()

    def action_cancel(self) -> None:
        if self._fields.is_changed and self._said != "cancel":
            self._said = "cancel"
            self._say("Nothing is saved. Esc again closes the form without saving.", "warning")
        else:
            self.dismiss(None)

    def action_save(self) -> None:
        self._is_saving = True
        self._generation += 1
        self._check()

    def _save_checked(self) -> None:
        if self._wrong:
            self._fields.go_to_problem()
        elif self._file.has_comments and self._said != "save":
            self._said = "save"
            self._say("The file's comments will be lost; a dated copy is kept. Ctrl+S again saves.", "warning")
        else:
            self._say("Saving …", "muted")
            self._save(*self._checked)

    @work(thread=True, exclusive=True, group="save", description="save")
    def _save(self, file: SessionFile, document: dict[str, Any]) -> None:
        try:
            saved = saving.save(file, document)
        except saving.SaveError as error:
            self.post_message(self.NotSaved(str(error)))
        else:
            remember(self._state_folder, file.path, SESSION)
            self.post_message(self.HasSaved(saved))

    @on(NotSaved)
    def _show_not_saved(self, event: NotSaved) -> None:
        event.stop()
        self._say(f"✗ {event.why}", "error")

    @on(HasSaved)
    def _show_saved(self, event: HasSaved) -> None:
        event.stop()
        saved = event.saved
        lines = [str(saved.path)]
        if saved.backup is not None:
            lines.append(f"What was there before is {saved.backup.name}.")
        if saved.is_private:
            lines.append("It holds a password or the like: only its owner can read it.")
        self.app.notify("\n".join(lines), title="Saved", timeout=6)
        self.dismiss(saved.path)


def _path_problem(path: Path) -> str:
    """What keeps a new file from being saved there; "" for nothing."""
    try:
        if path.is_dir():
            return f"expected the name of a file, found a folder at {path}"
        if path.exists():
            return f"{path} exists: open that file to edit it, or choose another name"
        return "" if path.parent.is_dir() else f"there is no folder {path.parent}"
    except (OSError, ValueError) as error:
        return str(error)
