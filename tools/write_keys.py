"""Writes the tables of docs/keys.md anew, out of the bindings of the program."""

from __future__ import annotations

from pathlib import Path

from textual.binding import Binding

from purefix_tui.key_sections import SECTIONS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "keys.md"


def key_tables() -> str:
    """A heading and a table for each part of the screen."""
    lines = []
    for heading, bindings in SECTIONS:
        lines += ["", f"## {heading}", "", "| id | keys | does |", "| --- | --- | --- |"]
        for binding in bindings:
            if isinstance(binding, Binding):
                keys = " ".join(f"`{key}`" for key in binding.key.split(","))
                lines.append(f"| `{binding.id}` | {keys} | {binding.tooltip} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    before = page[: page.index(f"\n## {SECTIONS[0][0]}\n")]
    PAGE.write_text(before + key_tables(), encoding="utf-8")
