"""Several versions of one dialect, side by side: `jpmfx@1.2`."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.registry.dialects import Dialects
from purefix_core.registry.matching import DOCUMENT_ORDER, MOST_SPECIFIC_FIRST
from purefix_core.registry.names import is_good_name, split_name, version_order
from purefix_core.registry.registration import TypeRegistration, TypeRegistryError
from tests.registry.registry_helpers import acme, dictionary, registry


def entry(name: str, *senders: str, enabled: bool = True, is_default: bool = False) -> TypeRegistration:
    path = Path("none.xml")
    return TypeRegistration(name, name, path, None, senders, (), "FIX.4.4", enabled=enabled, is_default=is_default)


def dialects_of(*registrations: TypeRegistration) -> Dialects:
    dialects = Dialects()
    for registration in registrations:
        dialects.register(registration)
    return dialects


def name_of(registration: TypeRegistration | None) -> str | None:
    return None if registration is None else registration.name


@pytest.mark.parametrize(
    "ascending",
    [
        ("1.9", "1.10", "2.0"),
        ("1", "1.1", "1.1.1"),
        ("2024-09-30", "2024-10-01"),
        ("a", "B", "c"),
        ("rc1", "1"),
        ("9" * 5_000, "1" + "0" * 5_000),
        ("1.2", "1.2b"),
    ],
)
def test_numbers_in_versions_compare_as_numbers(ascending: tuple[str, ...]) -> None:
    for order in permutations(ascending):
        assert sorted(order, key=version_order) == list(ascending)


@given(st.text(), st.text())
def test_any_two_versions_can_be_compared(one: str, other: str) -> None:
    assert (version_order(one) < version_order(other)) + (version_order(one) >= version_order(other)) == 1


def test_a_name_with_a_version_is_exactly_that_entry() -> None:
    dialects = dialects_of(entry("jpmfx@1.2"), entry("jpmfx@1.10"))
    assert name_of(dialects.get_by_name("JPMFX@1.2")) == "jpmfx@1.2"
    assert dialects.get_by_name("jpmfx@1.3") is None


def test_a_base_name_is_the_newest_enabled_version() -> None:
    dialects = dialects_of(entry("jpmfx@1.9"), entry("jpmfx@1.10"), entry("jpmfx@2", enabled=False), entry("other@9"))
    assert name_of(dialects.get_by_name("JpmFX")) == "jpmfx@1.10"
    dialects.register(entry("jpmfx@3"))
    assert name_of(dialects.get_by_name("jpmfx")) == "jpmfx@3"


def test_a_base_name_of_disabled_versions_is_the_newest_of_them() -> None:
    dialects = dialects_of(entry("jpmfx@1.9", enabled=False), entry("jpmfx@1.10", enabled=False))
    assert name_of(dialects.get_by_name("jpmfx")) == "jpmfx@1.10"


def test_an_entry_of_exactly_that_name_goes_before_every_version() -> None:
    dialects = dialects_of(entry("jpmfx@2"), entry("jpmfx", enabled=False))
    assert name_of(dialects.get_by_name("jpmfx")) == "jpmfx"


def test_a_base_name_loads_the_dictionary_of_its_newest_version(tmp_path: Path) -> None:
    for file, message in (("old.xml", "Old"), ("new.xml", "New")):
        dictionary(tmp_path, message, file)
    dialects = Dialects()
    entries = (acme(name="acme@9", dictionaryPath="old.xml"), acme(name="acme@10", dictionaryPath="new.xml"))
    dialects.load_from_file(registry(tmp_path, *entries))
    assert dialects.load_definitions("acme").message_name("UP") == "New"
    assert dialects.load_definitions("acme") is dialects.load_definitions("ACME@10")
    assert dialects.load_definitions("acme@9").message_name("UP") == "Old"


@pytest.mark.parametrize("order", [MOST_SPECIFIC_FIRST, DOCUMENT_ORDER])
def test_the_newest_of_equally_good_versions_matches(tmp_path: Path, order: str) -> None:
    dialects = Dialects()
    names = ("acme@1.9", "other", "acme@1.10", "acme@1.2")
    dialects.load_from_file(registry(tmp_path, *(acme(name=name) for name in names), matchOrder=order))
    assert name_of(dialects.find_by_sender_comp_id("ACME")) == "acme@1.10"
    assert name_of(dialects.find_by_comp_ids("CLIENT", "ACME")) == "acme@1.10"


def test_versions_keep_the_places_of_their_base_name() -> None:
    dialects = dialects_of(
        entry("first", "A"), entry("jpm@1", "A", "B"), entry("second", "B"), entry("jpm@2", "A", "B")
    )
    assert name_of(dialects.find_by_sender_comp_id("A")) == "first"
    assert name_of(dialects.find_by_sender_comp_id("B")) == "jpm@2"


def test_a_better_match_goes_before_a_newer_version() -> None:
    dialects = dialects_of(entry("jpm@1", "JPMORGAN"), entry("jpm@2", "JPM"))
    assert name_of(dialects.find_by_sender_comp_id("JPMORGAN")) == "jpm@1"


def test_is_default_goes_before_a_newer_version() -> None:
    dialects = dialects_of(entry("jpm@2", "JPM"), entry("jpm@1", "JPM", is_default=True))
    assert name_of(dialects.find_by_sender_comp_id("JPM")) == "jpm@1"
    assert name_of(dialects.get_default()) == "jpm@1"


def test_a_disabled_version_gives_its_place_to_the_next() -> None:
    dialects = dialects_of(entry("jpm@3", "JPM", enabled=False), entry("jpm@1", "JPM"), entry("jpm@2", "JPM"))
    assert name_of(dialects.find_by_sender_comp_id("JPM")) == "jpm@2"


@pytest.mark.parametrize("name", ["", "  ", "@1.2", " @1.2", "jpmfx@", "jpmfx@ "])
def test_no_part_of_a_name_may_be_empty(tmp_path: Path, name: str) -> None:
    assert not is_good_name(name)
    dialects = Dialects()
    with pytest.raises(TypeRegistryError, match="name: expected a text that is not empty"):
        dialects.register(entry(name))
    with pytest.raises(TypeRegistryError, match="name: expected a text that is not empty"):
        dialects.load_from_file(registry(tmp_path, acme(name=name)))
    assert dialects.get_all() == ()


@given(st.text(alphabet="ab@ ", max_size=6))
def test_a_good_name_has_a_base_and_with_a_mark_a_version(name: str) -> None:
    base, version = split_name(name)
    assert is_good_name(name) == (bool(base.strip()) and (bool(version.strip()) or "@" not in name))
