"""Sessions for peers that nobody wrote a session down for, made from templates (acceptUnknown; spec: Use Case 3)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from purefix_core.dictionary.definitions import DictionaryError
from purefix_core.registry.registration import TypeRegistryError
from purefix_core.registry.versions import SessionVersion
from purefix_core.session.config import FixConfig, FixConfigError
from purefix_core.session.config.dialect import registered_for
from purefix_core.session.engine.driver import SessionDriver
from purefix_core.session.engine.identify import Directory, Newcomer
from purefix_core.session.settings import SessionId, SessionSettings
from purefix_core.types.session_messages import SessionMessageFactory
from purefix_core.wire.message import printable

if TYPE_CHECKING:
    from purefix_core.registry.dialects import Dialects

ANY = "*"

_LONGEST_ID = 128
"""Characters of a CompID, SubID or LocationID that a stranger may have."""


class CannotBeTaken(Exception):
    """Why an unknown peer gets no session, for our own log."""


class UnknownPeers:
    """The templates of one port, and the sessions that were made from them.

    A session of a template stays when its peer disconnects, and goes when another peer needs its place: its store then
    waits on the disk, and one in memory is forgotten. Names of files come from session_folder and log_prefix alone.
    """

    def __init__(
        self,
        templates: Sequence[FixConfig],
        registry: Dialects | None,
        make: Callable[[FixConfig], SessionDriver],
        gone: Callable[[SessionDriver], None],
    ) -> None:
        """`make` makes the driver of a session, `gone` is told of one that is dropped. Without `registry` all peers
        speak the dialect of their template."""
        self._templates = templates
        self._registry = registry
        self._make = make
        self._gone = gone
        self._made: dict[int, list[SessionDriver]] = {index: [] for index in range(len(templates))}
        self._directory = Directory()

    @property
    def templates(self) -> list[SessionSettings]:
        return [each.settings for each in self._templates]

    async def driver_for(self, found: Newcomer) -> SessionDriver | None:
        """The session of an unknown peer; None where no template is for it. Raises CannotBeTaken.

        Of several templates the first of the peer's BeginString is taken, and without one the first whose dialect can
        be the peer's.
        """
        wanted = found.session_id
        why_not: CannotBeTaken | None = None
        for index in sorted(range(len(self._templates)), key=lambda index: self._is_of_other_version(index, wanted)):
            template = self._templates[index]
            if template.settings.session_id.sender_comp_id not in (ANY, wanted.sender_comp_id):
                continue
            known = self._directory.find(wanted)
            if known is not None:
                return known
            self._check_ids(found)
            try:
                # A dictionary that is read for the first time must not hold up the other sessions.
                config = await asyncio.to_thread(self._config, template, found)
            except CannotBeTaken as error:
                why_not = why_not or error
                continue
            known = self._directory.find(wanted)  # it may have logged on twice
            return known or self._take_in(index, template.settings.accept_unknown, config)
        if why_not is not None:
            raise why_not
        return None

    def _is_of_other_version(self, index: int, wanted: SessionId) -> bool:
        return self._templates[index].settings.session_id.begin_string != wanted.begin_string

    def _check_ids(self, found: Newcomer) -> None:
        session_id = found.session_id
        for text in (session_id.sender_comp_id, session_id.target_comp_id, *map(str, session_id.parts.values())):
            if len(text) > _LONGEST_ID or not text.isprintable():
                raise CannotBeTaken(f"{found}: expected printable CompIDs of at most {_LONGEST_ID} characters")

    def _take_in(self, index: int, most: int, config: FixConfig) -> SessionDriver:
        made = self._made[index]
        if len(made) >= most:
            idle = next((each for each in made if each.connection is None), None)
            if idle is None:
                raise CannotBeTaken(f"{most} unknown peers are connected, and no more may be")
            made.remove(idle)
            self._directory.remove(idle)
            self._gone(idle)
        driver = self._make(config)
        made.append(driver)
        self._directory.add(driver)
        return driver

    # -- runs in a thread ------------------------------------------------------------------------------------------

    def _config(self, template: FixConfig, found: Newcomer) -> FixConfig:
        settings = replace(
            template.settings,
            session_id=found.session_id,
            default_appl_ver_id=found.default_appl_ver_id,
            accept_unknown=0,
        )
        name = self._dialect(template, found)
        if name is None:
            return _with_settings(template, settings)
        try:
            return FixConfig.of(settings, self._registry, name)
        except (FixConfigError, TypeRegistryError, DictionaryError, OSError) as error:
            raise CannotBeTaken(f"{found}: {error}") from error

    def _dialect(self, template: FixConfig, found: Newcomer) -> str | None:
        """The name of the peer's dialect in the registry, None for that of the template: the one that the template
        names, else the one that the registry has for the peer, else that of the template. It has the peer's version.
        """
        session_id = found.session_id
        version = SessionVersion(session_id.begin_string, found.default_appl_ver_id or None)
        registry, own = self._registry, template.registration
        if registry is not None and registry.get_by_name(own.name) is not own:  # else the template names it
            name = registered_for(registry, version, session_id.target_comp_id, session_id.sender_comp_id)
            if name is not None:
                return name
        if session_id.begin_string.startswith("FIX") and version.agrees_with(own.version):
            return None
        raise CannotBeTaken(f"{found}: no dialect is registered for {printable(str(version))}")


def _with_settings(template: FixConfig, settings: SessionSettings) -> FixConfig:
    session_id = settings.session_id
    session = replace(
        template.session,
        sender_comp_id=session_id.sender_comp_id,
        target_comp_id=session_id.target_comp_id,
        sender_sub_id=session_id.sender_sub_id,
        target_sub_id=session_id.target_sub_id,
        default_appl_ver_id=settings.default_appl_ver_id,
    )
    version = template.registration.version or template.definitions.version
    return replace(
        template,
        name=f"{session_id.sender_comp_id}-{session_id.target_comp_id}",
        settings=settings,
        session=session,
        session_message_factory=SessionMessageFactory(session, template.message_factory, version),
    )
