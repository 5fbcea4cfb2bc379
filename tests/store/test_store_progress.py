"""Slow work on a store says how far it is, and can be given up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from purefix_core.store.comparing import compare
from purefix_core.store.converting import convert
from purefix_core.store.finding import PUREFIX, StoreLocation, locate
from purefix_core.store.located import verify
from purefix_core.store.progress import OnProgress
from purefix_core.store.quickfix.files import CPP
from tests.store.file_stores import contents
from tests.store.quickfix_stores import message, write_cpp

MESSAGES = 2500

Work = Callable[[StoreLocation, Path, OnProgress], object]


def _converted(location: StoreLocation, folder: Path, on_progress: OnProgress) -> object:
    return convert(location, folder, PUREFIX if location.layout == CPP else CPP, on_progress=on_progress)


WORK = MappingProxyType(
    {
        "verify": lambda location, _, on_progress: verify(location, on_progress),
        "compare": lambda location, _, on_progress: list(compare(location, location).ranges(on_progress)),
        "convert": _converted,
    }
)


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
                "1,000 messages written",
                "2,000 messages written",
                "1,000 messages read again",
                "2,000 messages read again",
            ],
        ),
    ],
)
def test_it_is_told_how_far_it_is(location: StoreLocation, tmp_path: Path, name: str, told: list[str]) -> None:
    said: list[str] = []
    WORK[name](location, tmp_path / "new", said.append)
    assert said == told


@pytest.mark.parametrize(
    ("name", "after"), [("verify", 1), ("compare", 2), ("convert", 1), ("convert", 2), ("convert", 3), ("convert", 4)]
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
