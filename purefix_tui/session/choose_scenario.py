"""Which scenario to run, and whether it may be run now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from textual.app import App

from purefix_core.session.config import FixConfig
from purefix_core.session.scenario import Scenario, ScenarioError
from purefix_core.session.scenario.checking import made_ready
from purefix_core.session.scenario.number_changes import number_changes
from purefix_core.session.scenario.reading import read_with_problems
from purefix_tui.dialogs.confirm import Confirm
from purefix_tui.dialogs.file_kinds import SCENARIO
from purefix_tui.dialogs.open_file import OpenFile
from purefix_tui.dialogs.recent import load_recent, remember
from purefix_tui.session.engine_thread import EngineThread

_MOST_PROBLEMS = 5
_MOST_CHANGES = 3


async def choose_scenario(app: App[None], state_folder: Path) -> Scenario | None:
    """The scenario that the user picks, which may have problems; None, and said, where the file is none at all."""
    recent = load_recent(state_folder, SCENARIO)
    examples = Path("examples") / "scenarios"
    folder = recent[0].parent if recent else examples if examples.is_dir() else Path.cwd()
    path = await app.push_screen_wait(OpenFile(folder.absolute(), recent, SCENARIO))
    if path is None:
        return None
    try:
        scenario = await asyncio.to_thread(read_with_problems, path)
    except (ScenarioError, OSError) as error:
        lines = str(error).split("\n")
        more = len(lines) - _MOST_PROBLEMS
        shown = [*lines[:_MOST_PROBLEMS], *([f"and {more:,} more"] if more > 0 else [])]
        app.notify("\n".join(shown), title="Scenario", severity="error", timeout=20)
        return None
    remember(state_folder, path, SCENARIO)
    return scenario


async def may_run(app: App[None], scenario: Scenario, engine: EngineThread, is_busy: bool) -> bool:
    """Whether the user agrees to what it means for the session that is open, and to what `may_run_again` asks. One that
    does not fit the session is not asked about: all that is wrong with it is shown."""
    try:
        await asyncio.to_thread(made_ready, scenario, engine.config)
    except ScenarioError:
        await _show_problems(app, scenario, engine.config)
        return False
    lines = []
    if is_busy:
        lines.append("A scenario makes its own connection: this one is logged out and ended first.")
    status = engine.status
    if status.store_path is None and (status.next_out, status.next_in) != (1, 1):
        lines.append(f"Its store is in memory: the numbers {status.next_out} (out) and {status.next_in} (in) are lost.")
    return await may_run_again(app, scenario, engine.config, lines)


async def _show_problems(app: App[None], scenario: Scenario, config: FixConfig) -> None:
    """The panel lists them, and connects nothing."""
    from purefix_tui.session.scenario_panel import ScenarioPanel  # which asks `may_run_again`

    await app.push_screen_wait(ScenarioPanel(scenario, config, None))


async def may_run_again(app: App[None], scenario: Scenario, config: FixConfig, lines: Sequence[str] = ()) -> bool:
    """Whether the user agrees to `lines`, that sequence numbers are changed, and that what is sent to a production
    counterparty is real. Nothing is asked where there is nothing of that."""
    settings, lines = config.settings, list(lines)
    changes: Sequence[str] = ()
    with suppress(ScenarioError):  # it does not run then, and says why
        changes = number_changes(scenario, config)
    if changes:
        more = ", …" if len(changes) > _MOST_CHANGES else ""
        lines.append(f"It changes sequence numbers: {', '.join(changes[:_MOST_CHANGES])}{more}.")
    if settings.production:
        peer = settings.session_id.target_comp_id
        lines.append(f"{peer} is a production counterparty: what the scenario sends is real.")
    if not lines:
        return True
    title = f"Run {scenario.name}?"
    return await app.push_screen_wait(Confirm(title, lines, "Run it", danger=settings.production))
