"""`purefix run`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from purefix_core.cli.options import REGISTRY_FILE, UserError, load_dialects, user_errors
from purefix_core.cli.session.loading import engine_errors, warn
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.registry.dialects import Dialects
    from purefix_core.session.config import FixConfig
    from purefix_core.session.scenario import Scenario, ScenarioResult, StepResult

_MARKS = {"passed": "ok  ", "failed": "FAIL", "not run": "-   "}
_MOST_LINES = 10
"""Of what happened during a step that failed."""
_MOST_WARNINGS = 20
"""Of the messages of one scenario."""
_MOST_CHANGES = 3


@click.command("run")
@click.argument("paths", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("-s", "--session", metavar="CONFIG", help="Run with this session file instead of the scenarios' own.")
@click.option(
    "-r",
    "--registry",
    metavar="FILE",
    help=f"The dialect registry. Default: {REGISTRY_FILE} in this folder, else the standard FIX versions.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line for each scenario.")
@click.option("-v", "--verbose", is_flag=True, help="Print what happened during each step, messages too.")
@click.option("--production", is_flag=True, help='Run even with a session whose file says "production": true.')
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    session: str | None,
    registry: str | None,
    as_json: bool,
    verbose: bool,
    production: bool,
) -> None:
    """Run each SCENARIO: log on, send, and check what the counterparty answers.

    A SCENARIO is a YAML or JSON file. Its steps are listed as passed or failed. The exit code is 0 where all passed, 1
    where one failed, and 2 where one cannot be run.

    \b
    Example:
      purefix acceptor examples/sessions/venue.json --simulate &
      purefix run examples/scenarios/*.yaml
    """
    with user_errors():
        dialects = load_dialects(registry)
    runs = _prepared(paths, session, dialects, production)

    import asyncio

    from purefix_core.session.scenario.running import run_ready

    passed = 0
    for scenario, config in runs:
        if not as_json:
            click.echo(printable(f"{scenario.path}: {scenario.name}, {config.settings.session_id}"))

        def tell(step: StepResult) -> None:
            if not as_json:
                _print_step(step, verbose)

        with engine_errors():
            result = asyncio.run(run_ready(scenario, config, tell, dialects))
        passed += result.passed
        if as_json:
            click.echo(json.dumps(_as_json(result), ensure_ascii=False))
    if not as_json:
        click.echo(f"{passed:,} of {len(runs):,} passed")
    ctx.exit(0 if passed == len(runs) else 1)


def _prepared(
    paths: tuple[str, ...], session: str | None, dialects: Dialects, production: bool
) -> list[tuple[Scenario, FixConfig]]:
    """The scenarios and their sessions. All are read before the first is run, and what somebody should know before that
    is told on stderr. Raises UserError with all problems."""
    from purefix_core.registry.registration import ProblemsError
    from purefix_core.session.scenario.checking import warnings_about

    runs: list[tuple[Scenario, FixConfig]] = []
    problems: dict[str, None] = {}
    warnings: dict[str, None] = {}
    changes: list[str] = []
    for path in paths:
        try:
            scenario, config, ready = _read(path, session, dialects, warnings)
        except ProblemsError as error:
            problems.update(dict.fromkeys(error.problems))
            continue
        runs.append((scenario, ready))
        warnings.update(dict.fromkeys(islice(warnings_about(scenario, ready), _MOST_WARNINGS)))
        changes += _changed_numbers(scenario, config, ready)
        if ready.settings.production and not production:
            problems[
                f"{scenario.path}: {ready.settings.session_id} is marked as production, where what is sent is real;"
                " --production runs it all the same"
            ] = None
    for warning in (*warnings, *([] if problems else changes)):
        warn(warning)
    if problems:
        raise UserError("\n".join(problems))
    return runs


def _read(
    path: str, session: str | None, dialects: Dialects, warnings: dict[str, None]
) -> tuple[Scenario, FixConfig, FixConfig]:
    """A scenario, its session, and that as it is run; `warnings` gets those of the session. Raises ProblemsError."""
    from purefix_core.session.config import FixConfigError
    from purefix_core.session.scenario.checking import made_ready
    from purefix_core.session.scenario.reading import read_with_problems

    scenario = read_with_problems(path)
    try:
        config = _config(scenario, session, dialects)
    except FixConfigError as error:
        raise FixConfigError(*scenario.problems, *error.problems) from None
    warnings.update(dict.fromkeys(config.warnings))
    return scenario, config, made_ready(scenario, config)


def _changed_numbers(scenario: Scenario, config: FixConfig, ready: FixConfig) -> Iterator[str]:
    """A line, where a scenario changes numbers that are there: in the session's own store, or in that which it names
    itself."""
    from purefix_core.session.engine.stores import numbers_reader
    from purefix_core.session.scenario.number_changes import number_changes
    from purefix_core.store.records import StoreError

    changes = number_changes(scenario, config)
    for look in (numbers_reader(config), numbers_reader(ready)):
        with suppress(StoreError):  # running it tells of a store that cannot be read
            if look is None or not changes or not any((numbers := look())[:2]):
                continue
            more = ", …" if len(changes) > _MOST_CHANGES else ""
            yield (
                f"{scenario.path}: changes sequence numbers of {config.settings.session_id}, now"
                f" {numbers.last_sent + 1:,} (next out) and {numbers.last_received + 1:,} (next in):"
                f" {', '.join(changes[:_MOST_CHANGES])}{more}"
            )
            return


def _config(scenario: Scenario, session: str | None, dialects: Dialects) -> FixConfig:
    """Raises FixConfigError, also where nothing names a session."""
    from purefix_core.session.config import FixConfig, FixConfigError

    path = Path(session) if session is not None else scenario.session
    if path is None:
        raise FixConfigError(
            f"{scenario.path}: session: expected a session file here, or --session CONFIG; found nothing"
        )
    return FixConfig.make_config_from_paths(Path(), path, dialects)


def _print_step(step: StepResult, verbose: bool) -> None:
    took = f"  ({step.seconds:.1f} s)" if step.seconds >= 0.1 else ""
    click.echo(f"  {_MARKS[step.outcome.value]} {step.number:>3}  {step.words}{took}")
    if step.text:
        click.echo(f"            {printable(step.place)}: {step.text}")
    lines = step.lines if verbose else step.lines[-_MOST_LINES:] if step.text else ()
    for line in lines:
        click.echo(f"            {line}")


def _as_json(result: ScenarioResult) -> dict[str, object]:
    from purefix_core.wire.timestamps import to_iso

    return {
        "path": str(result.scenario.path),
        "name": result.scenario.name,
        "session": result.session,
        "passed": result.passed,
        "started": to_iso(result.started),
        "seconds": round(result.seconds, 3),
        "steps": [
            {
                "number": step.number,
                "place": step.place,
                "step": step.words,
                "outcome": step.outcome.value,
                "seconds": round(step.seconds, 3),
                "text": step.text,
                "lines": list(step.lines),
            }
            for step in result.steps
        ],
    }
