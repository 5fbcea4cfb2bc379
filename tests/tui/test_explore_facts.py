"""What the screen counts of a whole log, and how often."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import opened, until

from purefix_core.logs.log_file import LogFile
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistration
from purefix_tui.app import PureFixApp
from purefix_tui.log.facts import Counts, LogDialects


def log_of(sessions: int, dialects: Dialects | None = None) -> LogFile:
    lines = (b"8=FIX.4.4|9=30|35=0|34=1|49=S%d|56=T|10=000|\n" % number for number in range(sessions))
    log = LogFile.from_bytes(b"".join(lines), dialects)
    log.index()
    return log


class Clock:
    """Moves by what each reading says."""

    def __init__(self) -> None:
        self.now = 100.0
        self.steps: Iterator[float] = iter(())

    def __call__(self) -> float:
        self.now += next(self.steps, 0.0)
        return self.now


def test_both_directions_are_one_session() -> None:
    log = LogFile.from_bytes(
        b"8=FIX.4.4|9=30|35=A|34=1|49=A|56=B|10=000|\n8=FIX.4.4|9=30|35=A|34=1|49=B|56=A|10=000|\n"
        b"8=FIX.4.4|9=30|35=0|34=1|49=A|56=C|10=000|\n8=FIX.4.4|9=30|35=0|34=1|49=C|56=C|10=000|\n"
    )
    counts = Counts()
    counts.count(log.index(), True)
    assert counts.sessions == 3
    assert dict(counts.types) == {"A": 2, "0": 2}


def test_counting_again_waits_as_long_as_counting_took_is_little() -> None:
    log, clock = log_of(3), Clock()
    counts = Counts(clock)
    assert counts.wait(log.rows) == 0
    clock.steps = iter((0.0, 0.5))  # counting takes half a second
    counts.count(log.rows, True)
    assert counts.wait(log.rows) is None
    more = log_of(4)
    assert counts.wait(more.rows) == pytest.approx(10)
    clock.now += 11
    assert counts.wait(more.rows) == 0


def test_what_was_counted_is_counted_again_where_rows_may_be_others() -> None:
    log = log_of(3)
    counts = Counts()
    counts.count(log.rows, False)
    assert counts.sessions == 0
    assert counts.wait(log.rows) is None
    counts.forget()
    assert counts.wait(log.rows) is not None


def test_dialects_come_from_a_few_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(1_000)
    asked = []
    dialect_of = log.dialect_of
    monkeypatch.setattr(log, "dialect_of", lambda session: asked.append(session) or dialect_of(session))
    dialects = LogDialects(log)
    assert [dialects.type_name(code) for code in ("0", "D", "zz")] == ["Heartbeat", "NewOrderSingle", "zz"]
    main = dialects.main()
    assert main is not None
    assert main.name == "fix44"
    assert len(asked) == 200


def test_the_main_dialect_is_that_of_most_messages() -> None:
    one, other = b"8=FIX.4.2|9=30|35=0|34=1|49=A|56=B|10=000|\n", b"8=FIX.4.4|9=30|35=0|34=1|49=A|56=B|10=000|\n"
    for many, few, name in ((one, other, "fix42"), (other, one, "fix44")):
        log = LogFile.from_bytes(few + 3 * many)
        log.index()
        main = LogDialects(log).main()
        assert main is not None
        assert main.name == name


def test_dictionaries_that_fail_are_not_tried_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Dialects()
    broken.register(TypeRegistration("mine", "Mine", tmp_path / "none.xml", is_default=True))
    log = log_of(100, broken)
    asked = []
    dialect_of = log.dialect_of
    monkeypatch.setattr(log, "dialect_of", lambda session: asked.append(session) or dialect_of(session))
    dialects = LogDialects(log)
    assert [dialects.type_name("0"), dialects.type_name("D"), dialects.main()] == ["0", "D", None]
    assert len(asked) == 3
    assert len(dialects.problems) == 1
    assert "none.xml" in dialects.problems[0]


async def test_the_screen_does_not_count_at_every_step(
    make_app: Callable[..., PureFixApp], short_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_app(short_log).run_test(size=(100, 30)) as pilot:
        pane = await opened(pilot)
        clock, counted = Clock(), []
        clock.steps = itertools.repeat(0.001)  # each reading of the clock, so that counting takes a millisecond
        rows = pane.log_file.rows
        counts = rows.counts
        monkeypatch.setattr(rows, "counts", lambda: counted.append(1) or counts())
        pane._counts = Counts(clock)
        for _ in range(100):
            pane._counts.forget()
            pane._show_facts()
        assert 1 <= len(counted) < 10
        await until(pilot, lambda: pane._counts.wait(rows) is None)  # and in the end everything is counted
