"""Scenarios: what a session is to do and what its peer is to answer, written down, run, and told step by step
(docs/scenarios.md). Running one needs asyncio, reading one PyYAML.
"""

from purefix_core.session.scenario.model import Scenario, ScenarioError, Step
from purefix_core.session.scenario.reading import read_scenario
from purefix_core.session.scenario.results import Outcome, ScenarioResult, StepResult
from purefix_core.session.scenario.running import run_scenario

__all__ = [
    "Outcome",
    "Scenario",
    "ScenarioError",
    "ScenarioResult",
    "Step",
    "StepResult",
    "read_scenario",
    "run_scenario",
]
