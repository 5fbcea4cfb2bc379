"""Many threads at once, and what a look-up costs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from purefix_core.registry import dialects as dialects_module
from purefix_core.registry.dialects import Dialects
from purefix_core.registry.loading import LoadedDefinitions
from purefix_core.registry.matching import ANY, MatchTable, build_table, match_sender
from purefix_core.registry.once import Once
from purefix_core.registry.registration import TypeRegistration
from tests.registry.registry_helpers import acme, dictionary, later, registry

THREADS = 16


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the registrations whose dictionaries are loaded, as it happens."""
    found: list[str] = []
    original = dialects_module.load_definitions

    def noted(registration: TypeRegistration, place: str) -> LoadedDefinitions:
        found.append(registration.name)
        return original(registration, place)

    monkeypatch.setattr(dialects_module, "load_definitions", noted)
    return found


def in_threads(work: Callable[[int], object]) -> list[object]:
    """What `work` returns in each of the threads, which start together."""
    barrier = Barrier(THREADS)

    def started(number: int) -> object:
        barrier.wait(30)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


def test_a_dictionary_is_loaded_once_for_all_threads(tmp_path: Path, loads: list[str]) -> None:
    dictionary(tmp_path)
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme()))
    found = in_threads(lambda _: dialects.load_definitions("acme"))
    assert len(set(map(id, found))) == 1
    assert loads == ["acme"]


def test_a_slow_dictionary_keeps_nobody_else_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary(tmp_path)
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme(), acme(name="slow")))
    loading, released = Event(), Event()
    original = dialects_module.load_definitions

    def slow(registration: TypeRegistration, place: str) -> LoadedDefinitions:
        if registration.name == "slow":
            loading.set()
            assert released.wait(30)
        return original(registration, place)

    monkeypatch.setattr(dialects_module, "load_definitions", slow)
    thread = Thread(target=dialects.load_definitions, args=("slow",))
    thread.start()
    assert loading.wait(30)
    dialects.register(TypeRegistration("new", "new", tmp_path / "acme.xml"))
    assert dialects.load_definitions("new").message_name("UP") == "Ping"
    assert dialects.load_definitions("acme").message_name("UP") == "Ping"
    assert dialects.reload_changed() == ()
    released.set()
    thread.join(30)
    assert dialects.load_definitions("slow").message_name("UP") == "Ping"


def test_a_dictionary_replaced_while_it_is_loaded_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary(tmp_path)
    other = dictionary(tmp_path, "Pong", "other.xml")
    dialects = Dialects()
    dialects.load_from_file(registry(tmp_path, acme()))
    original = dialects_module.load_definitions
    first = dialects.get_by_name("acme")
    assert first is not None

    def replacing(registration: TypeRegistration, place: str) -> LoadedDefinitions:
        if registration is first:
            dialects.register(replace(registration, dictionary_path=other))
        return original(registration, place)

    monkeypatch.setattr(dialects_module, "load_definitions", replacing)
    assert dialects.load_definitions("acme").message_name("UP") == "Ping"
    assert dialects.load_definitions("acme").message_name("UP") == "Pong"


def test_registrations_can_be_gone_through_while_others_are_added(tmp_path: Path) -> None:
    dialects = Dialects.standard()
    seen = []
    for number, registration in enumerate(dialects.get_all_enabled()):
        dialects.register(TypeRegistration(f"new{number}", "new", tmp_path / "none.xml"))
        seen.append(registration.name)
    assert len(seen) == 9
    assert len(dialects.get_all()) == 18


def test_everything_at_once(tmp_path: Path) -> None:
    """Files are loaded, changed and reloaded, registrations added and looked up; no reader sees a half-made state.

    Each version of the file holds twenty entries that all have the same displayName and list the same CompIDs.
    """
    dictionary(tmp_path)

    def written(version: int) -> Path:
        name = tmp_path / f"writing{version}"
        entries = [
            acme(name=f"e{number}", displayName=f"v{version}", senderCompIds=[f"S{number}", "ALL"])
            for number in range(20)
        ]
        return registry(tmp_path, *entries, file=name.name)

    path = written(0).rename(tmp_path / "TypeRegistry.json")
    dialects = Dialects()
    dialects.load_from_file(path)

    def write(number: int) -> None:
        for version in range(number, 200, 4):
            written(version).replace(path)
            dialects.load_from_file(path)
            dialects.reload_changed()

    def register(number: int) -> None:
        for count in range(60):
            dialects.register(TypeRegistration(f"r{number}.{count}", "", tmp_path / "acme.xml", None, (f"R{count}",)))

    def look_up(number: int) -> None:
        dice = random.Random(number)
        for _ in range(400):
            everything = dialects.get_all()
            displays = {each.display_name for each in everything if each.name.startswith("e")}
            assert len(displays) == 1, displays
            assert sum(each.name.startswith("e") for each in everything) == 20
            wanted = dice.randrange(20)
            found = dialects.find_by_sender_comp_id(f"S{wanted}")
            assert found is not None
            assert found.name == f"e{wanted}"
            match = dialects.match_session("FIX.4.4", "CLIENT", "ALL")
            assert match is not None
            assert match.registration.name.startswith("e")

    def load(number: int) -> None:
        for count in range(60):
            assert dialects.load_definitions(f"e{count % 20}").message_name("UP") == "Ping"

    work = [write] * 4 + [register] * 4 + [look_up] * 4 + [load] * 4
    in_threads(lambda number: work[number](number))
    assert len(dialects.get_all()) == 20 + 4 * 60


def test_a_change_between_two_looks_is_not_lost(tmp_path: Path) -> None:
    path = registry(tmp_path, acme())
    dialects = Dialects()
    dialects.load_from_file(path)

    def change(number: int) -> None:
        registry(tmp_path, acme(), acme(name=f"n{number}"), file=f"w{number}").replace(path)
        later(path)
        dialects.reload_changed()
        dialects.register(TypeRegistration(f"r{number}", "", tmp_path / "acme.xml"))

    in_threads(change)
    dialects.reload_changed()
    expected = {each.name for each in dialects_of(path).get_all()} | {f"r{number}" for number in range(THREADS)}
    assert {each.name for each in dialects.get_all()} == expected


def dialects_of(path: Path) -> Dialects:
    dialects = Dialects()
    dialects.load_from_file(path)
    return dialects


def test_what_could_not_be_made_is_tried_again() -> None:
    once: Once[str] = Once()
    attempts: Iterator[str | None] = iter([None, "made", "again"])

    def make() -> str:
        found = next(attempts)
        if found is None:
            raise ValueError("not yet")
        return found

    with pytest.raises(ValueError, match="not yet"):
        once.get(make)
    assert once.value is None
    assert once.get(make) == "made"
    assert once.get(make) == once.value == "made"


# -- what a look-up costs --------------------------------------------------------------------------------------------


class Counted(dict[str, object]):
    """Counts how often something is looked up in it."""

    accesses = 0

    def get(self, key: object, default: object = None) -> object:
        self.accesses += 1
        return super().get(key, default)  # type: ignore[call-overload]

    def __getitem__(self, key: str) -> object:
        self.accesses += 1
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.accesses += 1
        return super().__contains__(key)


def counted_table() -> tuple[MatchTable, Counted]:
    senders = [("AB",), ("ABCD",), ("ABCDEF", "X"), ("LONGER-NAME",)]
    registrations = [
        TypeRegistration(f"r{number}", "", Path("none.xml"), None, comp_ids) for number, comp_ids in enumerate(senders)
    ]
    table = build_table(registrations)
    counted = Counted(table.by_sender)
    return replace(table, by_sender=counted), counted


def test_a_comp_id_listed_in_full_takes_one_access() -> None:
    table, counted = counted_table()
    found = match_sender(table, "ABCDEF")
    assert found is not None
    assert found.name == "r2"
    assert counted.accesses == 1


@pytest.mark.parametrize(("sender", "name"), [("ABCDEFG", "r2"), ("ABX-AND-MUCH-MORE", "r0"), ("NOBODY" * 9, None)])
def test_a_beginning_takes_one_access_for_each_listed_length(sender: str, name: str | None) -> None:
    table, counted = counted_table()
    found = match_sender(table, sender)
    assert (found and found.name) == name
    lengths = {len(comp_id) for comp_id in counted if comp_id != ANY}
    assert counted.accesses <= 1 + len(lengths) + 1  # in full, each length, `*`


def test_a_name_takes_one_access(monkeypatch: pytest.MonkeyPatch) -> None:
    dialects = Dialects.standard()
    counted = Counted(dialects._state.by_name)
    monkeypatch.setattr(dialects, "_state", replace(dialects._state, by_name=counted))  # type: ignore[arg-type]
    assert dialects.get_by_name("FIX44") is not None
    assert dialects.get_by_name("none") is None
    assert counted.accesses == 2
