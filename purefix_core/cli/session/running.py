"""Runs sessions until Ctrl-C. Imports asyncio, so it is imported by the commands when they run."""

from __future__ import annotations

import asyncio
import resource
import signal
from collections.abc import Sequence
from contextlib import suppress

import click

from purefix_core.cli.session.printing import line_of
from purefix_core.registry.dialects import Dialects
from purefix_core.session.application import Application
from purefix_core.session.config import FixConfig
from purefix_core.session.engine import EventListener, FixEngine
from purefix_core.wire.tags import DATA_TAG_BY_LENGTH_TAG

_INTERRUPTED = 130


def run_sessions(
    configs: Sequence[FixConfig], application: Application, registry: Dialects | None, messages: bool, verbose: bool
) -> int:
    """Run them until SIGINT or SIGTERM comes, and log out then; a second one ends at once. Gives the exit code: 0, or
    130 where it ended at once. Raises EngineError where the sessions cannot run."""
    _allow_descriptors()
    return asyncio.run(_Run(messages, verbose).run(configs, application, registry))


def _allow_descriptors() -> None:
    """A session with a store and logs has up to eight descriptors. Most shells allow a process 1,024, which it may
    raise to a limit that is rarely in the way."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Run:
    def __init__(self, messages: bool, verbose: bool) -> None:
        self._messages = messages
        self._verbose = verbose
        self._interrupted = asyncio.Event()
        self._at_once = asyncio.Event()

    async def run(self, configs: Sequence[FixConfig], application: Application, registry: Dialects | None) -> int:
        engine = FixEngine(configs, application, registry)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._interrupt)
        printing = asyncio.create_task(self._print(engine, engine.events()))
        interrupted = asyncio.create_task(self._interrupted.wait())
        at_once = asyncio.create_task(self._at_once.wait())
        try:
            await engine.start()
            await asyncio.wait((printing, interrupted), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping = asyncio.create_task(engine.stop())
            await asyncio.wait((stopping, at_once), return_when=asyncio.FIRST_COMPLETED)
            for task in (interrupted, at_once):
                task.cancel()
        if not stopping.done():
            return _INTERRUPTED
        await stopping
        await printing  # what was said last; an output that cannot be written
        return 0

    def _interrupt(self) -> None:
        if self._interrupted.is_set():
            self._at_once.set()
        self._interrupted.set()

    async def _print(self, engine: FixEngine, events: EventListener) -> None:
        async for session_id, event in events:
            data_tags = DATA_TAG_BY_LENGTH_TAG
            if session_id is not None:
                with suppress(KeyError):  # an unknown peer's, which is gone already
                    data_tags = engine.sessions[session_id].config.definitions.data_tags
            line = line_of(session_id, event, data_tags, self._messages, self._verbose)
            if line is not None:
                click.echo(line)
