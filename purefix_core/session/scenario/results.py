"""What came of a scenario, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from purefix_core.session.scenario.model import Scenario


class Outcome(Enum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"
    """A step behind one that failed."""


@dataclass(frozen=True)
class StepResult:
    number: int
    """From 1."""
    place: str
    """File and line."""
    words: str
    """How the step reads; secrets are masked."""
    outcome: Outcome
    seconds: float
    text: str
    """Why it failed: what was expected, and what was found."""
    lines: tuple[str, ...]
    """What happened in the meantime: `>` and a message that was sent, `<` and one that was received, `-` and a line of
    the event log. Secrets are masked; of very many lines only the last are kept."""


@dataclass(frozen=True)
class ScenarioResult:
    scenario: Scenario
    session: str
    """The SessionId."""
    started: int
    """Nanoseconds UTC."""
    seconds: float
    steps: tuple[StepResult, ...]

    @property
    def passed(self) -> bool:
        return all(step.outcome is Outcome.PASSED for step in self.steps)

    @property
    def failed_step(self) -> StepResult | None:
        return next((step for step in self.steps if step.outcome is Outcome.FAILED), None)
