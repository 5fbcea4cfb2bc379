"""Runs a scenario on the session of the tab, and lists its steps as they pass or fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError
from purefix_core.session.scenario import Outcome, Scenario, ScenarioError, StepResult, run_scenario
from purefix_core.store.records import StoreError
from purefix_tui.session.keys import SCENARIO_KEYS
from purefix_tui.widgets.copying import copy_text
from purefix_tui.widgets.plain import visible

_MARKS = {Outcome.PASSED: ("✓", "$success"), Outcome.FAILED: ("✗", "$error"), Outcome.NOT_RUN: ("·", "$muted")}


class ScenarioPanel(ModalScreen[None]):
    """Runs the scenario as soon as it is shown; Esc stops it, logging out, and then closes the panel."""

    HELP = """\
A scenario runs on this session: each step is listed when it is over, with what was expected and found where it
failed, and the messages of that step. Esc stops it; r runs it once more; y copies the list."""

    BINDINGS: ClassVar[list[BindingType]] = SCENARIO_KEYS

    DEFAULT_CSS = """
    ScenarioPanel { align: center middle; }
    ScenarioPanel > Vertical { width: 110; max-width: 96%; height: 90%; padding: 1 2; background: $panel; }
    ScenarioPanel .title { text-style: bold; color: $primary; width: 100%; }
    ScenarioPanel .about { color: $muted; width: 100%; height: auto; max-height: 3; }
    ScenarioPanel VerticalScroll { height: 1fr; margin: 1 0; background: $panel; }
    ScenarioPanel #sum { width: 100%; height: 2; text-style: bold; }
    """

    @dataclass
    class Stepped(Message):
        """A step is over."""

        step: StepResult

    @dataclass
    class Ended(Message):
        """The run is over; `problem` says why it could not be made."""

        problem: str = ""

    def __init__(self, scenario: Scenario, config: FixConfig, registry: Dialects | None) -> None:
        super().__init__()
        self._scenario = scenario
        self._config = config
        self._registry = registry
        self.steps: list[StepResult] = []
        self.runs = False
        self._stop: Callable[[], None] | None = None
        self._problem = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(
                visible(f"{self._scenario.name}   {self._config.settings.session_id}"), classes="title", markup=False
            )
            yield Label(visible(self._scenario.about), classes="about", markup=False)
            with VerticalScroll():
                yield Static("", id="steps")
            yield Static("", id="sum")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
        self.action_run_again()

    def on_unmount(self) -> None:
        self._cancel()

    # Running.

    def action_run_again(self) -> None:
        if not self.runs:
            self.steps, self._problem, self.runs = [], "", True
            self._paint()
            self._run()

    @work(thread=True, exclusive=True, group="scenario")
    def _run(self) -> None:
        asyncio.run(self._run_steps())

    async def _run_steps(self) -> None:
        task = asyncio.create_task(run_scenario(self._scenario, self._config, self._step_is_over, self._registry))
        loop = asyncio.get_running_loop()
        self._stop = partial(_cancel_in, loop, task)
        try:
            await task
        except asyncio.CancelledError:
            self.post_message(self.Ended("stopped"))
        except (ScenarioError, EngineError, StoreError) as error:
            self.post_message(self.Ended(str(error)))
        else:
            self.post_message(self.Ended())
        finally:
            self._stop = None

    def _step_is_over(self, step: StepResult) -> None:
        self.post_message(self.Stepped(step))

    def _cancel(self) -> None:
        stop = self._stop
        if stop is not None:
            stop()

    def action_stop(self) -> None:
        if self.runs:
            self._cancel()
            self.query_one("#sum", Static).update("stopping: logging out …")
        else:
            self.dismiss(None)

    @on(Stepped)
    def _stepped(self, event: Stepped) -> None:
        self.steps.append(event.step)
        self._paint()

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        self.runs, self._problem = False, event.problem
        self._paint()

    # Painting.

    def _paint(self) -> None:
        pieces = [piece for step in self.steps for piece in step_pieces(step)]
        following = len(self.steps)
        if self.runs and following < len(self._scenario.steps):
            pieces.append((f"▸ {following + 1:>3}  {visible(self._scenario.steps[following].words)} …\n", "$primary"))
        if self._problem:
            pieces.append((f"\n{visible(self._problem)}\n", "$error"))
        self.query_one("#steps", Static).update(Content.assemble(*pieces))
        self.query_one("#sum", Static).update(self._sum())
        self.query_one(VerticalScroll).scroll_end(animate=False)

    def _sum(self) -> Content:
        count = {outcome: sum(step.outcome is outcome for step in self.steps) for outcome in Outcome}
        failed = bool(count[Outcome.FAILED] or self._problem)
        said = ", ".join(f"{number} {outcome.value}" for outcome, number in count.items() if number)
        word = "running" if self.runs else "FAILED" if failed else "PASSED"
        keys = "Esc stops it, logging out." if self.runs else "r runs it again, y copies the list, Esc closes."
        style = "$error" if failed else "$primary" if self.runs else "$success"
        return Content.assemble((word, f"bold {style}"), f"   {said}\n", (keys, "not bold $muted"))

    def action_copy(self) -> None:
        text = "".join(text for step in self.steps for text, _ in step_pieces(step))
        copy_text(self.app, f"{self._scenario.name}\n{text}{self._problem}", "the list of steps")


def _cancel_in(loop: asyncio.AbstractEventLoop, task: asyncio.Task[object]) -> None:
    with suppress(RuntimeError):  # it has ended meanwhile
        loop.call_soon_threadsafe(task.cancel)


def step_pieces(step: StepResult) -> Iterator[tuple[str, str]]:
    """A step as styled text: a line, and where it failed why, and what was sent, received and noted meanwhile."""
    mark, style = _MARKS[step.outcome]
    took = f"{step.seconds:8.2f} s" if step.outcome is not Outcome.NOT_RUN else "   not run"
    yield f"{mark} {step.number:>3}{took}  {visible(step.words)}\n", style
    if step.outcome is Outcome.FAILED:
        yield f"{'':17}{visible(step.text)}\n", "bold $error"
        yield f"{'':17}{visible(step.place)}\n", "$muted"
        for line in step.lines:
            yield f"{'':17}{visible(line)}\n", "$muted"
