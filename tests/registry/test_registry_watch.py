"""Hot reload by itself: a thread that looks for changes."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event

import pytest

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.registration import TypeRegistryError
from tests.registry.registry_helpers import acme, loaded, names, registry, rewritten


def test_a_watch_tells_what_changed(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    told: list[tuple[str, ...]] = []
    changed = Event()

    def on_change(names: tuple[str, ...]) -> None:
        told.append(names)
        changed.set()

    with dialects.watch(0.01, on_change) as watch:
        rewritten(path, acme(name="other"))
        assert changed.wait(30)
    watch.stop()
    assert told == [("acme", "other")]
    assert names(dialects) == ["other"]


def test_a_watch_tells_problems_and_goes_on(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    problems: list[TypeRegistryError] = []
    failed, changed = Event(), Event()

    def on_problem(error: TypeRegistryError) -> None:
        problems.append(error)
        failed.set()
        raise ValueError("a callback may fail")

    with dialects.watch(0.01, lambda _: changed.set(), on_problem):
        path.write_text("{")
        assert failed.wait(30)
        rewritten(path, acme(name="other"))
        assert changed.wait(30)
    assert all("TypeRegistry.json" in str(each) for each in problems)


def test_problems_go_to_the_log_where_nobody_else_is_told(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    logged = Event()

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "expected JSON" in record.getMessage():
                logged.set()

    handler = Noting()
    logging.getLogger("purefix_core.registry").addHandler(handler)
    try:
        with dialects.watch(0.01):
            replacement = tmp_path / "new"
            replacement.write_text("{")
            replacement.replace(path)
            assert logged.wait(30)
    finally:
        logging.getLogger("purefix_core.registry").removeHandler(handler)


def test_a_watch_can_be_stopped_from_its_own_callback(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = loaded(path)
    stopped = Event()

    def stop(_: object) -> None:
        watch.stop()
        stopped.set()

    watch = dialects.watch(0.01, stop, stop)
    rewritten(path)
    assert stopped.wait(30)
    watch.stop()


@pytest.mark.parametrize("interval", [0, -1, float("nan"), float("inf"), 1e12])
def test_a_watch_needs_an_interval(interval: float) -> None:
    with pytest.raises(ValueError, match="expected an interval above 0 seconds"):
        Dialects().watch(interval)
