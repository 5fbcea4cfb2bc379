"""Reads a scenario, and says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from purefix_core.session.scenario.fields import Fields
from purefix_core.session.scenario.model import (
    SKIP_ALL,
    SKIP_BY_ITSELF,
    SKIP_NOTHING,
    Remember,
    Scenario,
    ScenarioError,
    Step,
)
from purefix_core.session.scenario.names import NAME, TAKEN
from purefix_core.session.scenario.step_words import STEPS, listed
from purefix_core.session.scenario.tree import Node, read_tree

_KEYS = ("name", "about", "session", "settings", "within", "steps")
_MOST_STEPS = 1_000
_SHOWN = 60
_WITHIN = 10.0
"""Seconds that a step may take where nothing else is said."""


def read_scenario(path: str | Path) -> Scenario:
    """The scenario in a file of YAML or JSON (docs/scenarios.md). Raises ScenarioError with all that is wrong in it."""
    scenario = read_with_problems(path)
    if scenario.problems:
        raise ScenarioError(*scenario.problems)
    return scenario


def read_with_problems(path: str | Path) -> Scenario:
    """The same with `problems` for what is wrong, so that what a session finds wrong can be told with it. Raises
    ScenarioError for a file that cannot be read at all."""
    path = Path(path)
    fields = Fields()
    tree = read_tree(path, fields.problems)
    found = fields.mapping(tree, "a scenario", _KEYS)
    within = fields.seconds(found, "within", _WITHIN)
    steps = _steps(fields, tree, found.get("steps"), within)
    settings = found.get("settings")
    session = fields.text(found, "session")
    return Scenario(
        path=path,
        name=fields.text(found, "name") or path.stem,
        about=fields.text(found, "about"),
        session=path.parent / session if session else None,
        settings=fields.texts(found, "settings"),
        settings_place="" if settings is None else settings.place,
        steps=tuple(steps),
        problems=tuple(fields.problems),
        lost_names=frozenset(fields.names.difference(*(step.remember for step in steps))),
    )


def _steps(fields: Fields, tree: Node, node: Node | None, within: float) -> list[Step]:
    if node is None or isinstance(node.value, str | Mapping) or not node.value:
        fields.wrong(node or tree, "steps: expected a list of steps")
        return []
    if len(node.value) > _MOST_STEPS:
        fields.wrong(node, f"steps: expected {_MOST_STEPS:,} at most, found {len(node.value):,}")
        return []
    return [step for each in node.value if (step := _step(fields, each, within)) is not None]


def _step(fields: Fields, node: Node, within: float) -> Step | None:
    """One step; None where it is none, which is noted."""
    if isinstance(node.value, str):
        node = Node(node.place, {node.value: Node(node.place, "")})  # `- logout`
    if not isinstance(node.value, Mapping):
        fields.wrong(node, f"expected a step, one of {', '.join(STEPS)}")
        return None
    words = [word for word in node.value if word in STEPS]
    if len(words) > 1 and "remember" in words:
        words.remove("remember")  # an option of the other
    if not words:
        found = ", ".join(key[:_SHOWN] for key in node.value) or "nothing"
        fields.wrong(node, f"expected one of {', '.join(STEPS)}; found {found}")
        return None
    if len(words) > 1:
        fields.wrong(node, f"expected one step, found {' and '.join(words)}")
        return None
    word = words[0]
    kind = STEPS[word]
    options = {key: value for key, value in node.value.items() if key in kind.options}
    for key, value in node.value.items():
        if key != word and key not in options:
            has = f"; it has {', '.join(kind.options)}" if kind.options else ""
            fields.wrong(value, f"{key[:_SHOWN]}: the step {word} has no such option{has}")
    problems_before = len(fields.problems)
    action = kind.read(fields, node.value[word])
    skip = fields.text(options, "skip") or SKIP_BY_ITSELF
    if "skip" in options and skip not in (SKIP_NOTHING, SKIP_ALL):
        skip = fields.condition(options, "skip")
    seconds = fields.seconds(options, "within", within)
    remember = _remembered(fields, node.value.get("remember"))
    if action is None or len(fields.problems) > problems_before:
        return None
    if isinstance(action, Remember) and not remember:
        fields.wrong(node, 'remember: expected a name and what to remember: { order: "{uuid}" }')
        return None
    return Step(node.place, listed(word, action, tuple(remember)), action, seconds, skip, remember)


def _remembered(fields: Fields, node: Node | None) -> Mapping[str, str]:
    """The names that are kept from this step on."""
    if node is None:
        return {}
    found = fields.texts({"remember": node}, "remember")
    for name in found:
        if not NAME.fullmatch(name) or name in TAKEN:
            fields.wrong(
                node,
                f"remember: expected a name of letters and digits, none of {', '.join(sorted(TAKEN))}; found {name}",
            )
    fields.names.update(found)
    return found
