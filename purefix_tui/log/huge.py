"""A log too large to index whole without asking: an estimate first, and the choice of a time range."""

from __future__ import annotations

import asyncio

from textual.app import App

from purefix_core.logs.estimate import HUGE, estimate, restrict_to_times
from purefix_core.logs.log_file import LogFile
from purefix_tui.dialogs.prompt import Prompt
from purefix_tui.log.time_range import EXPLANATION, describe, parse_range
from purefix_tui.widgets.plain import human_size

SHORTEST_MESSAGE = 40
"""Messages of fewer bytes are so rare that smaller files cannot be huge."""


def may_be_huge(log: LogFile) -> bool:
    """Whether a log has to be sampled before it is indexed."""
    return log.source.in_place and log.size > HUGE * SHORTEST_MESSAGE


async def choose_part(app: App[object], log: LogFile) -> bool:
    """Ask which part of the log to index, if there is so much of it, and restrict the log to that part.

    False if the user wants none of it. Must run in a worker of the app.
    """
    about = await asyncio.to_thread(estimate, log)
    if about.messages <= HUGE:
        return True
    explanation = f"{describe(log.name, human_size(log.size), about)}\n\n{EXPLANATION}"
    text = await app.push_screen_wait(
        Prompt("Which part?", explanation, "", lambda text: parse_range(text, about), may_be_empty=True)
    )
    if text is None:
        return False
    part = parse_range(text, about)
    if part.begin is not None or part.end is not None:
        await asyncio.to_thread(restrict_to_times, log, part.begin, part.end)
    return True
