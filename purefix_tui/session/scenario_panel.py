"""Runs a scenario on the session of the tab, and lists its steps as they pass or fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Label, Static
from textual.worker import Worker, WorkerError

from purefix_core.registry.dialects import Dialects
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EngineError
from purefix_core.session.scenario import Outcome, Scenario, ScenarioError, StepResult, run_scenario
from purefix_core.session.scenario.checking import made_ready, warnings_about
from purefix_core.session.scenario.hiding import KnownSecrets
from purefix_core.store.records import StoreError
from purefix_tui.session.choose_scenario import may_run_again
from purefix_tui.session.keys import SCENARIO_KEYS
from purefix_tui.widgets.copying import copy_text
from purefix_tui.widgets.dialog import Dialog
from purefix_tui.widgets.plain import visible

_MARKS = {Outcome.PASSED: ("✓", "$success"), Outcome.FAILED: ("✗", "$error"), Outcome.NOT_RUN: ("·", "$muted")}
_MOST_WARNINGS = 20
_STYLES = {
    "RUNNING": "$primary",
    "STOPPED": "$warning",
    "NOT RUN": "$error",
    "FAILED": "$error",
    "PASSED": "$success",
}


class ScenarioPanel(Dialog[None]):
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
    class Warned(Message):
        """What the dialect finds wrong with messages that are sent all the same."""

        lines: tuple[str, ...]

    @dataclass
    class Ended(Message):
        """The run is over; `problem` says why it could not be made, in a line or more."""

        problem: str = ""
        was_stopped: bool = False

    def __init__(self, scenario: Scenario, config: FixConfig, registry: Dialects | None) -> None:
        super().__init__()
        self._scenario = scenario
        self._config = config
        self._registry = registry
        self._known = KnownSecrets(config.settings)
        self.steps: list[StepResult] = []
        self.warnings: tuple[str, ...] = ()
        self.runs = False
        self._stop: Callable[[], None] | None = None
        self._wants_stop = self._is_asking = False
        self._worker: Worker[None] | None = None
        self._problem = ""
        self._was_stopped = False

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
        self._begin()

    def on_unmount(self) -> None:
        self._cancel()

    # Running.

    def _begin(self) -> None:
        self.steps, self._problem, self._was_stopped, self.runs = [], "", False, True
        self._wants_stop = False
        self._paint()
        self._worker = self._run()

    def action_run_again(self) -> None:
        if not self.runs and not self._is_asking:
            self._is_asking = True
            self._ask_and_run()

    @work
    async def _ask_and_run(self) -> None:
        try:
            if await may_run_again(self.app, self._scenario, self._config):
                self._begin()
        finally:
            self._is_asking = False

    async def end(self) -> None:
        """Stop it, and wait until it has logged out."""
        self._cancel()
        if self._worker is not None:
            with suppress(WorkerError):
                await self._worker.wait()

    @work(thread=True, exclusive=True, group="scenario")
    def _run(self) -> None:
        with suppress(ScenarioError):  # the run says it
            ready = made_ready(self._scenario, self._config)
            self.post_message(self.Warned(tuple(islice(warnings_about(self._scenario, ready), _MOST_WARNINGS))))
        asyncio.run(self._run_steps())

    async def _run_steps(self) -> None:
        task = asyncio.create_task(run_scenario(self._scenario, self._config, self._step_is_over, self._registry))
        loop = asyncio.get_running_loop()
        self._stop = partial(_cancel_in, loop, task)
        if self._wants_stop:  # since before there was something to stop
            self._stop()
        try:
            await task
        except asyncio.CancelledError:
            self.post_message(self.Ended(was_stopped=True))
        except (ScenarioError, EngineError, StoreError) as error:
            self.post_message(self.Ended(str(error)))
        else:
            self.post_message(self.Ended())
        finally:
            self._stop = None

    def _step_is_over(self, step: StepResult) -> None:
        self.post_message(self.Stepped(step))

    def _cancel(self) -> None:
        """Once for each run: a second time would cut short the Logout."""
        stop, is_first, self._wants_stop = self._stop, not self._wants_stop, True
        if is_first and stop is not None:
            stop()

    def action_stop(self) -> None:
        if self.runs:
            self._cancel()
            self.query_one("#sum", Static).update("stopping: logging out …")
        else:
            self.dismiss(None)

    @on(Warned)
    def _warned(self, event: Warned) -> None:
        self.warnings = event.lines
        self._paint()

    @on(Stepped)
    def _stepped(self, event: Stepped) -> None:
        self.steps.append(event.step)
        self._paint()

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        self.runs, self._problem, self._was_stopped = False, event.problem, event.was_stopped
        self._paint()

    # Painting.

    def on_resize(self) -> None:
        self._paint()

    def _paint(self) -> None:
        width = self.query_one("#steps", Static).content_size.width
        pieces = [(_folded("! ", line, width), "$warning") for line in self.warnings]
        failed_at = None
        for step in self.steps:
            if step.outcome is Outcome.FAILED:
                failed_at = sum(text.count("\n") for text, _ in pieces)
            pieces += step_pieces(step, width)
        following = len(self.steps)
        if self.runs and following < len(self._scenario.steps):
            words = self._known.hidden_words(self._scenario.steps[following].words)
            pieces.append((f"▸ {following + 1:>3}  {visible(words)} …\n", "$primary"))
        if self._problem:
            pieces += [(_folded("", line, width), "$error") for line in self._problem.split("\n")]
        self.query_one("#steps", Static).update(Content.assemble(*pieces))
        self.query_one("#sum", Static).update(self._sum())
        scroll = self.query_one(VerticalScroll)
        if failed_at is None or self.runs:
            scroll.scroll_end(animate=False)
        else:  # why it failed is what is looked for
            scroll.scroll_to(y=max(0, failed_at - 1), animate=False)

    def _sum(self) -> Content:
        count = {outcome: sum(step.outcome is outcome for step in self.steps) for outcome in Outcome}
        said = ", ".join(f"{number:,} {outcome.value}" for outcome, number in count.items() if number)
        said = said or f"none of {len(self._scenario.steps):,} steps is over"
        word = self._word(bool(count[Outcome.FAILED]))
        keys = "Esc stops it, logging out." if self.runs else "r runs it again, y copies the list, Esc closes."
        style = _STYLES[word]
        return Content.assemble((word, f"bold {style}"), f"   {said}\n", (keys, "not bold $muted"))

    def _word(self, failed: bool) -> str:
        if self.runs:
            return "RUNNING"
        if self._was_stopped:
            return "STOPPED"
        if self._problem and not self.steps:
            return "NOT RUN"
        return "FAILED" if failed or self._problem else "PASSED"

    def action_copy(self) -> None:
        text = "".join(_folded("! ", line, 0) for line in self.warnings)
        text += "".join(text for step in self.steps for text, _ in step_pieces(step, 0))
        copy_text(self.app, f"{self._scenario.name}\n{text}{self._problem}", "the list of steps")


def _cancel_in(loop: asyncio.AbstractEventLoop, task: asyncio.Task[object]) -> None:
    with suppress(RuntimeError):  # it has ended meanwhile
        loop.call_soon_threadsafe(task.cancel)


def step_pieces(step: StepResult, width: int) -> Iterator[tuple[str, str]]:
    """A step as styled text: a line, and where it failed why, and what was sent, received and noted meanwhile. Lines
    are of at most `width` cells; 0 for as long as they are."""
    mark, style = _MARKS[step.outcome]
    took = f"{step.seconds:8.2f} s" if step.outcome is not Outcome.NOT_RUN else "   not run"
    yield _folded(f"{mark} {step.number:>3}{took}  ", step.words, width), style
    if step.outcome is Outcome.FAILED:
        yield _folded(_MARGIN, step.text, width), "bold $error"
        yield _folded(_MARGIN, step.place, width), "$muted"
        for line in step.lines:
            mark = line[:2]
            style = {"> ": "$way-out", "< ": "$way-in"}.get(mark, "$muted")
            yield _folded(f"{_MARGIN}{_ARROWS.get(mark, mark)}", line[2:], width), style


_MARGIN = " " * 6
_ARROWS = {"> ": "→ ", "< ": "← ", "- ": "· "}
"""As in the table of messages."""


def _folded(begin: str, text: str, width: int) -> str:
    """Lines that begin where the text of the first one does, folded behind a blank or a `|`, so that no field is cut
    in two."""
    room = max(20, width - cell_len(begin)) if width else len(text) * 2 + 1
    lines, rest = [], visible(text)
    while cell_len(rest) > room:
        fits = rest[:room]
        while cell_len(fits) > room:
            fits = fits[:-1]
        at = max(fits.rfind(" "), fits.rfind("|")) + 1 or len(fits)
        lines.append(rest[:at])
        rest = rest[at:]
    margin = "\n" + " " * cell_len(begin)
    return begin + margin.join([*lines, rest]) + "\n"
