"""Writes what docs/sessions.md and docs/schemas/session.schema.json say of each setting, from the table that session
files are read by. To be run when that table changes; a test tells when it was not."""

from __future__ import annotations

import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import GROUPS, SETTINGS
from purefix_core.session.settings import SessionId, SessionSettings

_DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = _DOCS / "sessions.md"
SCHEMA = _DOCS / "schemas" / "session.schema.json"
_BEGIN, _END = "<!-- begin of the settings -->\n", "<!-- end of the settings -->\n"
_HEAD = "| Setting | Meaning | If it is left out | Name from | Also |\n|---|---|---|---|---|\n"
_PLAIN = SessionSettings(SessionId("", "", ""))
_TITLE = "Session of PureFix"
_DESCRIPTION = (
    "Who logs on to whom, and in which dialect. PureFix takes the keys in upper or lower case and under the names that"
    " QuickFIX's relatives have for them, takes null for a key that is left out, comments from // to the end of the"
    " line, and passes over keys that are not listed here. docs/sessions.md explains each."
)


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")


def page(text: str) -> str:
    """The page with the tables of today."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{tables()}{_END}{after}"


def tables() -> str:
    parts: list[str] = []
    for title, settings in GROUPS:
        parts += (
            f"### {title}\n\n",
            "| Setting | Meaning | If it is left out | Name from | Also |\n|---|---|---|---|---|\n",
        )
        parts += (_row(setting) for setting in settings)
        parts.append("\n")
    return "".join(parts)


def _row(setting: Setting) -> str:
    also = ", ".join(f"`{alias}`" for alias in setting.aliases)
    meaning, default = (text.replace("|", "\\|") for text in (setting.meaning, default_of(setting)))
    return f"| `{setting.key}` | {meaning} | {default} | {setting.origin} | {also} |\n"


def default_of(setting: Setting) -> str:
    """What SessionSettings has, as it is written in a file."""
    if setting.default:
        return setting.default
    value: Any = _PLAIN
    for name in setting.field.split("."):
        value = getattr(value, name)
    if isinstance(value, Enum):
        value = value.value
    return ("Y" if value else "N") if isinstance(value, bool) else f"{value}"


def schema() -> str:
    """JSON Schema takes the keys in one case only, those of the table."""
    properties: dict[str, Any] = {}
    application: dict[str, Any] = {}
    patterns: dict[str, Any] = {}
    for setting in SETTINGS:
        said = {"description": _plain_text(setting.meaning), **setting.kind.schema}
        section, _, name = setting.key.rpartition(".")
        (application if section else properties)[name] = said
        if setting.suffix:
            patterns[f"^{setting.key}{_any_case(setting.suffix)}$"] = setting.kind.schema
    properties = {
        "Application": {
            "description": "The program that holds the session, and the dialect that it speaks.",
            "type": "object",
            "properties": application,
        },
        "Sessions": {
            "description": "Several sessions in one file: what each has of its own, above what the top level says.",
            "type": "array",
            "minItems": 1,
            "maxItems": 10_000,
            "items": {"$ref": "#/$defs/session"},
        },
        **properties,
    }
    several = {key: value for key, value in properties.items() if key != "Sessions"}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "$ref": "#/$defs/session",
        "properties": {"Sessions": properties["Sessions"]},
        "if": {"not": {"required": ["Sessions"]}},
        "then": {"required": ["SenderCompID"]},
        "$defs": {"session": {"type": "object", "properties": several, "patternProperties": patterns}},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain_text(meaning: str) -> str:
    return meaning.replace("`", "")


def _any_case(suffix: str) -> str:
    """Versions are written in capitals."""
    return re.sub("fix|sp", lambda found: found[0].upper(), suffix)


if __name__ == "__main__":
    main()
