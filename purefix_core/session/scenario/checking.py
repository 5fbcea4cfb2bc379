"""What can be said against a scenario once the session is known, before anything is connected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.checking import problems_of as problems_of_draft
from purefix_core.session.compose.expressions import Moment
from purefix_core.session.config import FixConfig
from purefix_core.session.config.checks import problems_of, without_what_the_version_lacks
from purefix_core.session.config.setting import Setting
from purefix_core.session.config.table import setting_named
from purefix_core.session.scenario.hiding import KnownSecrets
from purefix_core.session.scenario.matching import Reader
from purefix_core.session.scenario.model import (
    SKIP_ALL,
    SKIP_NOTHING,
    Expect,
    ExpectNone,
    Remember,
    Scenario,
    ScenarioError,
    Send,
    Step,
)
from purefix_core.session.scenario.sending import draft_of, name_problems
from purefix_core.wire.message import printable


def with_settings(config: FixConfig, scenario: Scenario) -> FixConfig:
    """The session with the settings that the scenario has for it. Raises ScenarioError, also for a setting that would
    have no effect.

    They are those of the session's behaviour, of its Username, and of the folders of its store and logs. Whom it talks
    to, and by which passwords, stands in its own file alone.
    """
    problems: list[str] = []
    fields: dict[str, object] = {}
    for key, text in scenario.settings.items():
        place = f"{scenario.settings_place}: {printable(key[:64])}"
        found = setting_named(key)
        if found is None or not _may_be_set(found[0]):
            problems.append(f"{place}: expected a setting of the session's behaviour, such as HeartBtInt")
            continue
        setting = found[0]
        value = setting.kind.read(text, scenario.path.absolute().parent)
        if value is None:
            problems.append(f"{place}: expected {setting.kind.expected}, found {printable(text[:60])}")
        else:
            fields[setting.field] = value
    if not problems:
        settings = replace(config.settings, **fields)  # type: ignore[arg-type]
        problems += [f"{scenario.settings_place}: {each.key}: {each.text}" for each in problems_of(settings)]
        known = without_what_the_version_lacks(config.settings)[1]
        settings, lacking = without_what_the_version_lacks(settings)
        problems += [f"{scenario.settings_place}: {each.key}: {each.text}" for each in lacking if each not in known]
        config = replace(config, settings=settings)
    if problems:
        raise ScenarioError(*problems)
    return config


def _may_be_set(setting: Setting) -> bool:
    """Not who the peer is, nor whether what it gets is real."""
    fields = ("", "production", "accept_unknown", "connection_type")
    return setting.field not in fields and "." not in setting.field and not setting.kind.is_secret


def made_ready(scenario: Scenario, config: FixConfig) -> FixConfig:
    """The session as the scenario is run with it. Raises ScenarioError, with everything that is wrong, for a scenario
    that has problems or does not fit the session."""
    known, place = KnownSecrets(config.settings), str(scenario.path)
    problems = [place + known.hidden(problem.removeprefix(place)) for problem in scenario.problems]
    try:
        config = with_settings(config, scenario)
    except ScenarioError as error:
        problems += error.problems
    problems += problems_with(scenario, config)
    if problems:
        raise ScenarioError(*problems)
    return config


def problems_with(scenario: Scenario, config: FixConfig) -> Iterator[str]:
    """What of the steps the session's dialect does not know."""
    reader, known = Reader(config.definitions), KnownSecrets(config.settings)
    for step, names in _with_names(scenario):
        for problem in _problems_of(step, reader, config.definitions, names):
            yield f"{step.place}: {known.hidden(printable(problem))}"


def warnings_about(scenario: Scenario, config: FixConfig) -> Iterator[str]:
    """What the session's dialect finds wrong with the messages that are sent. They are sent all the same: a scenario
    may want to know what the counterparty makes of them."""
    known = KnownSecrets(config.settings)
    for step, names in _with_names(scenario):
        if isinstance(step.action, Send):
            draft = draft_of(step.action, config.definitions)
            for problem in problems_of_draft(draft, config.definitions, names):
                yield f"{step.place}: {known.hidden(printable(problem.text))}"


def _with_names(scenario: Scenario) -> Iterator[tuple[Step, frozenset[str]]]:
    """Each step with the names that are remembered before it."""
    names = scenario.lost_names
    for step in scenario.steps:
        yield step, names
        names |= step.remember.keys()


def _problems_of(step: Step, reader: Reader, definitions: Definitions, names: frozenset[str]) -> Iterator[str]:
    match step.action:
        case Expect(condition):
            yield from _problem(reader.check, condition)
            if step.skip not in (SKIP_ALL, SKIP_NOTHING):
                yield from _problem(reader.check, step.skip)
        case ExpectNone(condition):
            yield from _problem(reader.check, condition)
        case Send() as send:
            problems = list(name_problems(send, definitions))
            yield from problems or _problem(_fill, send, definitions, names)
    if not isinstance(step.action, Remember):
        for field in step.remember.values():
            yield from _problem(reader.tag_of, field)


def _problem(check: Callable[..., object], *arguments: object) -> Iterator[str]:
    """What a check says by the error that it raises."""
    try:
        check(*arguments)
    except ValueError as error:  # FilterError and ComposeError are such
        yield str(error)


def _fill(send: Send, definitions: Definitions, names: frozenset[str]) -> None:
    moment = Moment(0, 1, values=dict.fromkeys(names, "1"))
    draft_of(send, definitions).to_flat(definitions, moment)
