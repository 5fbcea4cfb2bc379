"""The fields of the form of a session: a line each, under headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Label

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config.kinds import TEXT
from purefix_core.session.config.setting import Setting
from purefix_tui.session import saving
from purefix_tui.session.config_fields import DIALECT, LOGON_TAG, MOST_LOGON_TAGS, ConfigField, fields, text_of
from purefix_tui.session.form_row import FormRow
from purefix_tui.session.saving import SessionFile
from purefix_tui.widgets.plain import visible

PATH = ConfigField(
    "",
    Setting(
        "File",
        TEXT,
        "",
        "Where it is saved, as JSON. A relative path counts from the current folder, and relative paths in the file"
        " from the file's folder.",
        default="both CompIDs, .json",
    ),
)
"""The field that a new file has besides the settings."""

_MOST_OTHERS = 8


class FormFields(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The lines of the form. Keys move from field to field, and what has the focus scrolls into view."""

    DEFAULT_CSS = """
    FormFields { height: 1fr; background: $panel; scrollbar-size-vertical: 1; }
    FormFields > .group { color: $primary; }
    FormFields > .group.-later { margin-top: 1; }
    FormFields > .other { color: $muted; width: 100%; margin-top: 1; }
    FormFields > .elsewhere { color: $error; width: 100%; display: none; }
    """

    def __init__(self, file: SessionFile, dialects: Dialects) -> None:
        super().__init__()
        self._file = file
        self._is_new = file.content is None
        self._dialects = dialects
        self._given = saving.given(file)
        self._before = self._texts_before()
        self._secrets_shown = False

    def _texts_before(self) -> Mapping[str, str]:
        if not self._is_new:
            return {name: text_of(each.value) for name, each in self._given.items()}
        default = self._dialects.get_default()
        return {"ConnectionType": "initiator", "HeartBtInt": "30", DIALECT: "" if default is None else default.name}

    def compose(self) -> ComposeResult:
        yield Label("", classes="elsewhere", markup=False)
        shown: set[str] = set()
        for number, (title, group) in enumerate(fields()):
            yield Label(title, classes="group -later" if number else "group")
            for field in group:
                for each in (field, *(self._further_logon_tags() if field.name == LOGON_TAG else ())):
                    shown.add(each.name)
                    text = self._before.get(each.name, "")
                    yield FormRow(each, text, each.options(text, self._dialects))
        if self._is_new:
            yield Label("File", classes="group -later")
            yield FormRow(PATH, "", ())
        elif others := saving.others(self._file, shown):
            more = f" and {len(others) - _MOST_OTHERS:,} more" if len(others) > _MOST_OTHERS else ""
            text = f"Kept as they are: {', '.join(others[:_MOST_OTHERS])}{more}"
            yield Label(visible(text), classes="other", markup=False)

    def _further_logon_tags(self) -> Iterator[ConfigField]:
        names = (f"{LOGON_TAG}{number}" for number in range(1, MOST_LOGON_TAGS + 1))
        return (ConfigField.named(name) for name in names if name in self._before)

    # -- what stands in them

    @property
    def rows(self) -> list[FormRow]:
        """The fields that are of use now."""
        return [row for row in self.query(FormRow) if row.display]

    @property
    def texts(self) -> dict[str, str]:
        return {row.field.name: row.text for row in self.query(FormRow)}

    @property
    def is_changed(self) -> bool:
        return any(row.is_changed for row in self.query(FormRow))

    def changes(self) -> dict[str, object]:
        """What is other than in the file. Of a new file all that is not empty."""
        return {
            row.field.name: row.field.value(row.text)
            for row in self.rows
            if row.field is not PATH and (row.text if self._is_new else row.is_changed)
        }

    def document(self) -> dict[str, Any]:
        """What the file would be."""
        return saving.changed(self._file, self.changes())

    def is_inherited(self, row: FormRow) -> bool:
        """Whether the value is what the top level of the file says for all its sessions."""
        found = self._given.get(row.field.name)
        return found is not None and not found.is_own and not row.is_changed

    # -- showing

    def show_what_is_of_use(self) -> None:
        texts = self.texts
        for row in self.query(FormRow):
            row.display = row.field.is_of_use(texts)

    async def offer_another_logon_tag(self) -> None:
        """One empty field for a further Logon tag stands behind those that are filled in."""
        tags = [row for row in self.query(FormRow) if row.field.setting.key == LOGON_TAG]
        if all(row.text for row in tags) and len(tags) <= MOST_LOGON_TAGS:
            taken = {row.field.name for row in tags}
            names = (f"{LOGON_TAG}{number}" for number in range(1, MOST_LOGON_TAGS + 1))
            row = FormRow(ConfigField.named(next(name for name in names if name not in taken)), "", ())
            await self.mount(row, after=tags[-1])
            row.show_secret(self._secrets_shown)

    def toggle_secrets(self) -> None:
        self._secrets_shown = not self._secrets_shown
        for row in self.query(FormRow):
            row.show_secret(self._secrets_shown)

    def show_problems(self, wrong: Mapping[str, str], doubts: Mapping[str, str], elsewhere: list[str]) -> None:
        """Mark fields, by name, and say at the top what is wrong with what has no field."""
        for row in self.query(FormRow):
            row.mark(wrong.get(row.field.name, ""), doubts.get(row.field.name, ""))
        label = self.query_one(".elsewhere", Label)
        label.update(visible("\n".join(f"✗ {each}" for each in elsewhere)))
        label.display = bool(elsewhere)

    # -- moving

    @property
    def focused_row(self) -> FormRow | None:
        focused = self.screen.focused
        parent = None if focused is None else focused.parent
        return parent if isinstance(parent, FormRow) else None

    def move(self, steps: int) -> None:
        rows, row = self.rows, self.focused_row
        place = rows.index(row) if row in rows else -1
        self._focus(rows[max(0, min(place + steps, len(rows) - 1))])

    def go_to_problem(self) -> None:
        """To the first field that is wrong; to the top where the problem has no field."""
        wrong = next((row for row in self.rows if row.wrong), None)
        if wrong is not None:
            self._focus(wrong)
        else:
            self.scroll_home(animate=False)

    def _focus(self, row: FormRow) -> None:
        """At once: `focus()` waits for its turn, and keys that come faster would all start from the same field."""
        self.screen.set_focus(row.control)
