"""Acceptor: the sessions that peers connect to, on as many ports as their settings name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from purefix_core.session.engine.connection import Limits
from purefix_core.session.engine.driver import SessionDriver
from purefix_core.session.engine.engine_log import EngineLog
from purefix_core.session.engine.listener import Listener
from purefix_core.session.engine.unknown_peers import UnknownPeers

if TYPE_CHECKING:
    from purefix_core.registry.dialects import Dialects
    from purefix_core.session.config import FixConfig

Address = tuple[str, int]
"""SocketAcceptAddress and SocketAcceptPort."""


class Acceptor:
    """One listener for each host and port that sessions name; those with the same share it."""

    def __init__(
        self,
        drivers: Sequence[SessionDriver],
        templates: Sequence[FixConfig],
        registry: Dialects | None,
        make: Callable[[FixConfig], SessionDriver],
        gone: Callable[[SessionDriver], None],
        log: EngineLog,
        limits: Limits,
    ) -> None:
        """`make` and `gone`: see UnknownPeers. Raises EngineError for settings that cannot be used."""
        sessions: dict[Address, tuple[list[SessionDriver], list[FixConfig]]] = {}
        for driver in drivers:
            sessions.setdefault(_address(driver.config), ([], []))[0].append(driver)
        for template in templates:
            sessions.setdefault(_address(template), ([], []))[1].append(template)
        self.listeners: dict[Address, Listener] = {
            address: Listener(own, UnknownPeers(unknown, registry, make, gone), log, limits)
            for address, (own, unknown) in sessions.items()
        }

    def start(self) -> None:
        """Listen on all ports. Raises EngineError where one cannot be had; `stop` ends those that were."""
        for listener in self.listeners.values():
            listener.start()

    def listener_of(self, driver: SessionDriver) -> Listener:
        """The one that a session is connected by."""
        return self.listeners[_address(driver.config)]

    async def stop(self) -> None:
        """Log out of all sessions, and listen no more."""
        await asyncio.gather(*(listener.stop() for listener in self.listeners.values()))


def _address(config: FixConfig) -> Address:
    return config.settings.network.accept_host, config.settings.network.accept_port
