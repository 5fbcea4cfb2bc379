"""Slow work on a store says how far it is, and can be given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from purefix_core.store import progress
from purefix_core.store.comparing import compare
from purefix_core.store.converting import Converted, convert
from purefix_core.store.finding import PUREFIX, StoreLocation, locate
from purefix_core.store.located import verify
from purefix_core.store.message_files import DATA_NAME, INDEX_NAME
from purefix_core.store.progress import OnProgress, Telling
from purefix_core.store.quickfix.files import CPP
from tests.store.file_stores import contents
from tests.store.quickfix_stores import message, write_cpp

MESSAGES = 2500

Work = Callable[[StoreLocation, Path, OnProgress], object]


def _converted(location: StoreLocation, folder: Path, on_progress: OnProgress) -> Converted:
    return convert(location, folder, PUREFIX if location.layout == CPP else CPP, on_progress=on_progress)


WORK = MappingProxyType(
    {
        "verify": lambda location, _, on_progress: verify(location, on_progress),
        "compare": lambda location, _, on_progress: list(compare(location, location).ranges(on_progress)),
        "convert": _converted,
    }
)


class Clock:
    """What `progress` takes for the time; each look at it takes `step` seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It stands still unless a test lets it go."""
    clock = Clock()
    monkeypatch.setattr(progress, "monotonic", clock)
    return clock


@pytest.fixture(params=[CPP, PUREFIX])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> StoreLocation:
    (tmp_path / "qf").mkdir()
    found = locate(write_cpp(tmp_path / "qf", messages=[message(number) for number in range(1, MESSAGES + 1)]))
    return found if request.param == CPP else convert(found, tmp_path / "ours", PUREFIX).location


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("verify", ["1,000 messages read", "2,000 messages read"]),
        ("compare", ["1,000 places compared", "2,000 places compared"]),
        (
            "convert",
            [
                "1,000 messages read",
                "2,000 messages read",
                "1,000 messages read again",
                "2,000 messages read again",
                "all is written, and gets its name",
            ],
        ),
    ],
)
def test_it_is_told_how_far_it_is(location: StoreLocation, tmp_path: Path, name: str, told: list[str]) -> None:
    said: list[str] = []
    WORK[name](location, tmp_path / "new", said.append)
    assert said == told


@pytest.mark.parametrize(
    ("name", "after"), [("verify", 1), ("compare", 2), ("convert", 1), ("convert", 2), ("convert", 3), ("convert", 5)]
)
def test_what_is_given_up_leaves_nothing(location: StoreLocation, tmp_path: Path, name: str, after: int) -> None:
    before, said = contents(location.folder), []

    def give_up(text: str) -> None:
        said.append(text)
        if len(said) == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        WORK[name](location, tmp_path / "new", give_up)
    assert contents(location.folder) == before
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())


def test_what_takes_long_is_told_by_time(clock: Clock) -> None:
    def slow() -> Iterator[int]:
        for number in range(5):
            clock.now += 0.06
            yield number

    said: list[str] = []
    assert list(Telling(said.append).items(slow(), "messages read")) == [0, 1, 2, 3, 4]
    assert said == ["2 messages read", "4 messages read"]


def test_one_thing_that_takes_long(clock: Clock) -> None:
    clock.step = 1
    said: list[str] = []
    assert list(Telling(said.append).items("a", "places compared")) == ["a"]
    assert said == ["1 place compared"]


def test_messages_that_are_left_out_are_told_too(tmp_path: Path) -> None:
    """All are damaged: none of them is written."""
    numbers = range(1, MESSAGES + 1)
    path = write_cpp(tmp_path, messages=[message(number) for number in numbers])
    body = Path(f"{path}.body")
    body.write_bytes(body.read_bytes().replace(b"\x0135=", b"\x0136="))
    said: list[str] = []
    assert _converted(locate(path), tmp_path / "new", said.append).messages == 0
    assert said == ["1,000 messages read", "2,000 messages read", "all is written, and gets its name"]


def test_verify_tells_where_it_reads_in_a_long_hole(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "qf").mkdir()
    source = locate(write_cpp(tmp_path / "qf", messages=[message(1)]))
    location = convert(source, tmp_path / "ours", PUREFIX).location
    with (location.folder / DATA_NAME).open("ab") as file:
        file.write(bytes(5_000_000))
    clock.step = 1
    said: list[str] = []
    verify(location, said.append)
    assert {"2 of 5 MB read", "3 of 5 MB read"} <= set(said)


@pytest.mark.parametrize("suffix", [".body", ".header"])
def test_verify_tells_where_it_reads_in_files_of_quickfix(tmp_path: Path, clock: Clock, suffix: str) -> None:
    path = write_cpp(tmp_path, messages=[message(1)])
    with Path(f"{path}{suffix}").open("ab") as file:
        file.write(b" " * 5_000_000)
    location = locate(path)
    clock.step = 1
    said: list[str] = []
    verify(location, said.append)
    assert {"2 of 5 MB read", "3 of 5 MB read"} <= set(said)


def test_opening_a_store_of_ours_without_an_index_is_told(tmp_path: Path, clock: Clock) -> None:
    source = locate(write_cpp(tmp_path, messages=[message(1)]))
    location = convert(source, tmp_path / "ours", PUREFIX).location
    (location.folder / INDEX_NAME).unlink()
    with (location.folder / DATA_NAME).open("ab") as file:
        file.write(bytes(5_000_000))
    clock.step = 1
    said: list[str] = []
    _converted(location, tmp_path / "new", said.append)
    assert {"2 of 5 MB read", "3 of 5 MB read"} <= set(said)
