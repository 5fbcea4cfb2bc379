"""Each rule by which a session finds its registration."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.registry.matching import (
    DOCUMENT_ORDER,
    MATCH_ORDERS,
    MOST_SPECIFIC_FIRST,
    build_table,
    match_sender,
    match_session,
)
from purefix_core.registry.registration import TypeRegistration
from purefix_core.registry.versions import SessionVersion, short_name


def entry(
    name: str,
    senders: str = "",
    targets: str = "*",
    version: str = "FIX.4.4",
    *,
    enabled: bool = True,
    is_default: bool = False,
) -> TypeRegistration:
    """A registration with CompIDs given as words."""
    return TypeRegistration(
        name=name,
        display_name=name,
        dictionary_path=Path("none.xml"),
        sender_comp_ids=tuple(senders.split()),
        target_comp_ids=tuple(targets.split()),
        version=version,
        enabled=enabled,
        is_default=is_default,
    )


def chosen(
    *registrations: TypeRegistration,
    pair: str = "JPMORGAN CLIENT",
    begin_string: str = "FIX.4.4",
    appl: str | None = None,
    order: str = MOST_SPECIFIC_FIRST,
) -> str | None:
    sender, target = pair.split()
    match = match_session(build_table(registrations, order), SessionVersion(begin_string, appl), sender, target)
    return None if match is None else match.registration.name


def reason(*registrations: TypeRegistration, pair: str = "JPMORGAN CLIENT", begin_string: str = "FIX.4.4") -> str:
    sender, target = pair.split()
    match = match_session(build_table(registrations), SessionVersion(begin_string), sender, target)
    assert match is not None
    return match.reason


def test_full_comp_id_goes_before_prefix_star_and_default() -> None:
    others = (entry("prefix", "JPM"), entry("star", "*"), entry("default", is_default=True))
    assert chosen(*others, entry("full", "JPMORGAN")) == "full"


def test_longest_prefix_goes_before_shorter_one_and_star() -> None:
    assert chosen(entry("star", "*"), entry("short", "JP"), entry("long", "JPMORG"), entry("mid", "JPM")) == "long"


def test_a_registration_counts_by_its_best_comp_id() -> None:
    assert chosen(entry("prefix", "JPM"), entry("both", "* JPMORG")) == "both"


def test_star_goes_before_default() -> None:
    assert chosen(entry("default", is_default=True), entry("star", "*")) == "star"


def test_default_takes_what_nothing_matches() -> None:
    assert chosen(entry("other", "BLOOMBERG"), entry("default", is_default=True)) == "default"


def test_nothing_matches_without_a_default() -> None:
    assert chosen(entry("other", "BLOOMBERG")) is None
    assert chosen() is None


def test_comp_ids_differ_by_case() -> None:
    assert chosen(entry("lower", "jpmorgan")) is None


def test_other_direction_is_tried_as_well() -> None:
    assert chosen(entry("jpm", "JPMORGAN", "CLIENT"), entry("star", "*"), pair="CLIENT JPMORGAN") == "jpm"


def test_more_specific_direction_counts() -> None:
    registrations = (entry("client", "CLI"), entry("jpm", "JPMORGAN"))
    assert chosen(*registrations, pair="CLIENT JPMORGAN") == "jpm"
    assert chosen(*registrations, pair="JPMORGAN CLIENT") == "jpm"


@pytest.mark.parametrize(("target", "name"), [("FUND1", "first"), ("FUND2", "second"), ("FUND3", "rest")])
def test_target_comp_id_tells_registrations_of_one_sender_apart(target: str, name: str) -> None:
    registrations = (
        entry("rest", "BROKER", "*"),
        entry("first", "BROKER", "FUND1"),
        entry("second", "BROKER", "FUND2"),
    )
    assert chosen(*registrations, pair=f"BROKER {target}") == name


def test_longest_target_prefix_goes_first() -> None:
    assert chosen(entry("short", "BROKER", "FU"), entry("long", "BROKER", "FUND"), pair="BROKER FUND1") == "long"


def test_sender_goes_before_target() -> None:
    assert chosen(entry("target", "*", "CLIENT"), entry("sender", "JPM", "*")) == "sender"


def test_no_target_comp_ids_means_any() -> None:
    assert chosen(entry("star", "*"), entry("jpm", "JPMORGAN", "")) == "jpm"


def test_target_not_listed_loses_to_a_pair_that_is_but_beats_the_default() -> None:
    jpm = entry("jpm", "JPMORGAN", "CLIENT")
    assert chosen(jpm, entry("star", "*", "*"), pair="JPMORGAN STRANGER") == "star"
    assert chosen(jpm, entry("default", is_default=True), pair="JPMORGAN STRANGER") == "jpm"


def test_version_that_contradicts_begin_string_loses_to_any_that_agrees() -> None:
    jpm, star = entry("jpm", "JPMORGAN", version="FIX.4.4"), entry("star", "*", version="FIX.4.2")
    assert chosen(jpm, star, begin_string="FIX.4.2") == "star"
    assert chosen(jpm, star, begin_string="FIX.4.4") == "jpm"


def test_contradicting_version_loses_to_an_agreeing_default() -> None:
    default = entry("default", version="FIX.4.2", is_default=True)
    assert chosen(entry("jpm", "JPMORGAN", version="FIX.4.4"), default, begin_string="FIX.4.2") == "default"


def test_contradicting_versions_still_match_when_none_agrees() -> None:
    assert chosen(entry("star", "*"), entry("jpm", "JPMORGAN"), begin_string="FIX.4.0") == "jpm"


def test_unknown_version_of_a_registration_agrees_with_all() -> None:
    assert chosen(entry("star", "*", version="FIX.4.2"), entry("jpm", "JPMORGAN", version="")) == "jpm"


def test_unknown_begin_string_contradicts_nothing() -> None:
    registrations = (entry("star", "*", version="FIX.4.2"), entry("jpm", "JPMORGAN", version="FIX.4.4"))
    assert chosen(*registrations, begin_string="") == "jpm"


OVER_FIXT = (
    entry("fix44", "*", version="FIX.4.4", is_default=True),
    entry("fix50", "*", version="FIX.5.0"),
    entry("fix50sp1", "*", version="FIX.5.0SP1"),
    entry("fix50sp2", "*", version="FIX.5.0SP2"),
    entry("fixt11", "*", version="FIXT.1.1"),
)


@pytest.mark.parametrize(
    ("appl", "name"),
    [("6", "fix44"), ("7", "fix50"), ("8", "fix50sp1"), ("9", "fix50sp2"), (None, "fix50sp2"), ("odd", "fix50sp2")],
)
def test_default_appl_ver_id_tells_the_version_over_fixt(appl: str | None, name: str) -> None:
    assert chosen(*OVER_FIXT, begin_string="FIXT.1.1", appl=appl) == name


def test_over_fixt_specific_comp_id_goes_before_best_version() -> None:
    dialect = entry("dialect", "JPMORGAN", version="FIX.5.0")
    assert chosen(*OVER_FIXT, dialect, begin_string="FIXT.1.1") == "dialect"


def test_over_fixt_application_version_contradicts_too() -> None:
    dialect = entry("dialect", "JPMORGAN", version="FIX.5.0")
    assert chosen(*OVER_FIXT, dialect, begin_string="FIXT.1.1", appl="9") == "fix50sp2"


def test_transport_dialect_agrees_with_every_application_version() -> None:
    dialect = entry("dialect", "JPMORGAN", version="FIXT.1.1")
    assert chosen(*OVER_FIXT, dialect, begin_string="FIXT.1.1", appl="8") == "dialect"


def test_before_fixt_default_appl_ver_id_means_nothing() -> None:
    assert chosen(*OVER_FIXT, begin_string="FIX.4.4", appl="9") == "fix44"


@pytest.mark.parametrize("text", ["FIX.5.0SP2", "fix50sp2", "FIX.5.0.SP2", "FIX50SP2"])
def test_versions_are_compared_without_dots_and_case(text: str) -> None:
    assert short_name(text) == "FIX50SP2"


def test_tie_goes_to_the_default() -> None:
    assert chosen(entry("first", "JPM"), entry("second", "JPM", is_default=True)) == "second"


def test_tie_goes_to_the_order_of_the_file() -> None:
    assert chosen(entry("first", "JPMORGAN"), entry("second", "JPMORGAN")) == "first"


def test_tie_between_directions_goes_to_the_order_of_the_file() -> None:
    registrations = (entry("first", "CLIENT"), entry("second", "JPMORGAN"))
    assert chosen(*registrations, pair="CLIENT JPMORGAN") == "first"
    assert chosen(*registrations, pair="JPMORGAN CLIENT") == "first"


def test_disabled_registrations_never_match() -> None:
    off = entry("off", "JPMORGAN", enabled=False, is_default=True)
    assert chosen(off) is None
    assert chosen(off, entry("star", "*")) == "star"


def test_document_order_puts_star_before_prefix() -> None:
    registrations = (entry("prefix", "JPMORG"), entry("star", "*"))
    assert chosen(*registrations) == "prefix"
    assert chosen(*registrations, order=DOCUMENT_ORDER) == "star"


def test_document_order_keeps_full_first_and_default_last() -> None:
    registrations = (entry("default", is_default=True), entry("star", "*"), entry("full", "JPMORGAN"))
    assert chosen(*registrations, order=DOCUMENT_ORDER) == "full"
    assert chosen(*registrations[:2], order=DOCUMENT_ORDER) == "star"


def test_document_order_holds_for_targets_too() -> None:
    registrations = (entry("prefix", "JPMORGAN", "CLI"), entry("star", "JPMORGAN", "*"))
    assert chosen(*registrations) == "prefix"
    assert chosen(*registrations, order=DOCUMENT_ORDER) == "star"


def test_a_comp_id_that_is_a_star_is_no_wildcard() -> None:
    assert chosen(entry("jpm", "JPMORGAN"), pair="* CLIENT") is None


def test_reason_names_full_comp_ids_and_direction() -> None:
    jpm = entry("jpm", "JPMORGAN", "CLIENT")
    assert reason(jpm) == "JPMORGAN is in its senderCompIds, and CLIENT is in its targetCompIds"
    assert reason(jpm, pair="CLIENT JPMORGAN").endswith("(seen from the other side)")


def test_reason_names_the_prefix() -> None:
    assert reason(entry("jpm", "JPM")) == "JPMORGAN begins with JPM, which is in its senderCompIds"


def test_reason_names_star_default_and_version() -> None:
    assert reason(entry("star", "*")) == "its senderCompIds take any CompID; it is for FIX.4.4"
    assert reason(entry("default", is_default=True)) == "it is the default; it is for FIX.4.4"
    contradicting = reason(entry("jpm", "JPMORGAN"), begin_string="FIX.4.0")
    assert contradicting == "JPMORGAN is in its senderCompIds; no registration for FIX.4.0 fits"


def test_reason_names_a_target_that_is_not_listed() -> None:
    text = reason(entry("jpm", "JPMORGAN", "CLIENT"), pair="JPMORGAN STRANGER")
    assert text == "JPMORGAN is in its senderCompIds; STRANGER is not in its targetCompIds"


COMP_IDS = st.text("AB*", min_size=1, max_size=4)
ENTRIES = st.lists(
    st.builds(
        lambda senders, enabled, is_default: (senders, enabled, is_default),
        st.lists(COMP_IDS, max_size=3),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)


def expected_for_sender(registrations: list[TypeRegistration], sender: str, order: str) -> TypeRegistration | None:
    """The rules once more, as four plain loops."""
    enabled = sorted((each for each in registrations if each.enabled), key=lambda each: not each.is_default)
    star = [each for each in enabled if "*" in each.sender_comp_ids]
    prefixes: list[TypeRegistration] = []
    for length in range(len(sender) - 1, 0, -1):
        beginning = sender[:length]
        prefixes += [each for each in enabled if beginning != "*" and beginning in each.sender_comp_ids]
    full = [each for each in enabled if sender != "*" and sender in each.sender_comp_ids]
    default = [each for each in enabled if each.is_default]
    steps = full + star + prefixes if order == DOCUMENT_ORDER else full + prefixes + star
    return next(iter(steps + default), None)


@given(ENTRIES, COMP_IDS, st.sampled_from(MATCH_ORDERS))
def test_sender_alone_follows_the_rules(entries: list[tuple[list[str], bool, bool]], sender: str, order: str) -> None:
    registrations = [
        entry(str(number), " ".join(senders), enabled=enabled, is_default=is_default)
        for number, (senders, enabled, is_default) in enumerate(entries)
    ]
    assert match_sender(build_table(registrations, order), sender) == expected_for_sender(registrations, sender, order)
