"""Which way a message went, as the table and the sentences say it; and the sequence numbers beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import opened

from purefix_tui.app import PureFixApp
from purefix_tui.log.message_table import MessageTable
from purefix_tui.log.pane import LogPane
from purefix_tui.widgets.line_table import joined

MakeApp = Callable[..., PureFixApp]


def fix(body: str) -> bytes:
    """A framed line from `35=A|34=1|…`."""
    text = f"{body}|"
    head = f"8=FIX.4.4|9={len(text)}|{text}"
    return f"{head}10={sum(head.replace('|', chr(1)).encode()) % 256:03}|\n".encode()


LOGON = fix("35=A|34=1|49=CLI|52=20260105-09:30:00|56=SRV|98=0|108=30")
REJECT = fix("35=3|34=2126450|49=SRV|52=20260105-09:30:01|56=CLI|45=1201|371=54|373=1")


def painted(pane: LogPane, row: int, width: int = 130) -> str:
    return joined(list(pane.table.paint(row, row == 0, width)))


async def rows_of(make_app: MakeApp, path: Path, *lines: bytes, width: int = 130) -> list[str]:
    path.write_bytes(b"".join(lines))
    async with make_app(path).run_test(size=(width, 30)) as pilot:
        pane = await opened(pilot)
        assert pane.detail.shown is not None
        refusals = [pane.detail.shown.refusal]
        await pilot.press("G")
        pane = await opened(pilot)
        assert pane.detail.shown is not None
        refusals.append(pane.detail.shown.refusal)
        return [painted(pane, row, width) + refusals[row] for row in range(2)]


@pytest.mark.parametrize(
    ("name", "marks", "arrows", "whose"),
    [
        ("FIX.4.4-SRV-CLI.messages.current.log", (b"", b""), "←→", "their"),
        ("FIX.4.4-CLI-SRV.messages.current.log", (b"", b""), "→←", "our"),
        ("day.log", (b"IN  ", b"OUT "), "←→", "their"),
        ("day.log", (b"", b""), "›‹", "CLI's"),
    ],
)
async def test_the_arrow_and_the_sentence_tell_what_is_known(
    make_app: MakeApp, tmp_path: Path, name: str, marks: tuple[bytes, bytes], arrows: str, whose: str
) -> None:
    logon, reject = await rows_of(make_app, tmp_path / name, marks[0] + LOGON, marks[1] + REJECT)
    assert (f" {arrows[0]} " in logon, f" {arrows[1]} " in reject) == (True, True)
    assert reject.count(f"in {whose} seq 1,201") == 2  # in the table and above the fields
    others = set("→←›‹") - set(arrows)
    assert not others & set(logon + reject)


@pytest.mark.parametrize("width", [80, 110, 130, 200])
async def test_a_long_sequence_number_has_its_separators_at_any_width(
    make_app: MakeApp, tmp_path: Path, width: int
) -> None:
    order = fix("35=D|34=2147483647|49=CLI|52=20260105-09:30:00|56=SRV|11=O|55=X|54=1|38=0|40=2|44=0")
    rows = await rows_of(make_app, tmp_path / "day.log", order, REJECT, width=width)
    assert " 2,147,483,647 New" in rows[0]
    assert " 2,126,450 Reject" in rows[1]
    assert rows[0].index("NewOrder") == rows[1].index("Reject")  # columns do not move


def test_the_help_explains_the_arrows() -> None:
    assert all(arrow in MessageTable.HELP for arrow in "→←›‹")
