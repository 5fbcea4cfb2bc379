"""What was found inside the files of a store, where its health, which looks at their ends alone, sees nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from purefix_core.store.health import Health, Verdict
from purefix_tui.stores.reading import Stamp, StoreReading, messages_path
from purefix_tui.stores.words import plain

_DAMAGED = " is damaged"
"""What every line says that is about a damaged message."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong, a line each, as a verify or the reading of messages told it of the files with that stamp."""

    stamp: Stamp = ()
    lines: tuple[str, ...] = ()

    def of(self, reading: StoreReading) -> Findings:
        """What is true of the files as they are now: all of it as long as none has changed, and of damaged messages as
        long as theirs has not."""
        if reading.stamp == self.stamp or not self.lines:
            return self
        place = reading.location.paths.index(messages_path(reading.location))
        is_same = reading.stamp[place] == self.stamp[place]
        return Findings(reading.stamp, damage_among(self.lines) if is_same else ())

    def told_in(self, health: Health) -> Health:
        """The health with these. What its own verdict says matters more."""
        if not self.lines or health.verdict is not Verdict.IN_ORDER:
            return health
        text = plain(self.lines[0], health.location.path, health.location.folder)
        if len(self.lines) > 1:
            text = f"{len(self.lines):,} things are wrong inside: V lists them"
        return replace(health, verdict=Verdict.DAMAGED, text=text)


def damage_among(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are about a damaged message."""
    return tuple(line for line in lines if _DAMAGED in line)
