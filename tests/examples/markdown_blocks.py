"""Runs the code blocks of a Markdown page, so that what a page shows cannot drift from what happens.

A block of `sh` or `python` is run, and a block of `text` right behind it is what it prints, both outputs together; `…`
there stands for anything on a line, and a line that is `…` for any lines. A comment before a block changes that:
`<!-- not run: the reason -->`, `<!-- saved as NAME -->` for a file that later blocks use, or `<!-- from PATH -->` for
one that is a part of a file of the repository, word for word.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<language>[a-z]*)\n(?P<code>.*?)```\n", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code. `output` is None where the page does not say what it prints."""

    line: int
    language: str
    code: str
    mark: str
    output: str | None

    @property
    def is_run(self) -> bool:
        return self.language in ("sh", "python") and not self.mark

    def marked(self, mark: str) -> str:
        """What follows `mark` in the comment before the block; empty if that is another one."""
        return self.mark.removeprefix(mark) if self.mark.startswith(mark) else ""


def blocks(page: Path) -> list[Block]:
    """Every block of code in the page, in order, without those that show the output of another."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    matches = list(_BLOCK.finditer(text))
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        if match["language"] == "text":
            continue
        is_output = following is not None and following["language"] == "text" and following.start() == match.end()
        output = following["code"] if following is not None and is_output else None
        line = text.count("\n", 0, match.start("code"))
        found.append(Block(line, match["language"], match["code"], match["mark"] or "", output))
    return found


def follow(page: Path, folders: Mapping[str, Path], environment: Mapping[str, str]) -> None:
    """Do what a page says, block by block, each in the folder for its language, and compare what is printed."""
    for block in blocks(page):
        if name := block.marked("saved as "):
            folder = folders.get(block.language, folders["python"])
            (folder / name).write_text(block.code, encoding="utf-8")
        if block.is_run:
            printed = run(block, folders[block.language], environment)
            assert block.output is not None, f"line {block.line}: the page does not say what it prints"
            assert is_as_shown(block.output, printed), f"line {block.line} prints:\n{printed}"


def run(block: Block, folder: Path, environment: Mapping[str, str]) -> str:
    """What a block prints when it is run in `folder`; it must end with exit code 0."""
    command = ["bash", "-e", "-c"] if block.language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*command, block.code],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"line {block.line}: exit code {done.returncode}\n{done.stdout}"
    return done.stdout


def is_as_shown(shown: str, printed: str) -> bool:
    """Whether what was printed is what the page shows."""
    lines = (r"(?:.*\n)*?" if line == "…\n" else _line(line) for line in shown.splitlines(keepends=True))
    return re.fullmatch("".join(lines), printed) is not None


def _line(line: str) -> str:
    return ".*".join(map(re.escape, line.split("…")))
