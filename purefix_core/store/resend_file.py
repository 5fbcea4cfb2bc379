"""Writes `resend.json` while a session runs, and notices when somebody else does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from purefix_core.registry.json_file import MAX_FILE_SIZE
from purefix_core.store.backups import dated
from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.messages import Messages
from purefix_core.store.records import StoreError
from purefix_core.store.regular import content_of
from purefix_core.store.resend_ranges import FILE_NAME, GapFillRanges, Withdrawn
from purefix_core.store.session_meta import FILE_NAME as META_NAME


class ResendFile:
    """What one opened store does not resend. `ranges` counts, also where it could not be written yet."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        durability: Durability,
        check_place: Callable[[], None],
        unreadable: bool = False,
    ) -> None:
        """Raises StoreError for a file that is not right, unless it is `unreadable`: then nothing is known of it.

        `check_place` is called before the file is replaced, and raises where the folder is another one now.
        """
        self._path = folder / FILE_NAME
        self._disk = disk
        self._check_place = check_place
        self._durability = durability
        self.ranges = GapFillRanges() if unreadable else GapFillRanges.load(self._path)
        self._known = None if unreadable else self._content()
        self._written = self.ranges

    def write(self, ranges: GapFillRanges, say: Callable[[str], None]) -> None:
        """Let the file say `ranges`. After an OSError both it and `ranges` are as before."""
        if ranges == self._written:
            self.ranges = ranges
            return
        content = ranges.to_json() if ranges.ranges or ranges.withdrawn or ranges.others else None
        self._check_place()
        self._keep_aside(say)
        if content is None:
            self._disk.remove(self._path)
        else:
            meta = self._path.with_name(META_NAME)
            self._disk.replace(self._path, content, self._durability is Durability.POWER, like=meta)
        self.ranges = self._written = ranges
        self._known = content

    def let(self, ranges: GapFillRanges, say: Callable[[str], None]) -> None:
        """Let `ranges` count. Where they cannot be written now, `settle` must come before another number counts as
        sent."""
        self.ranges = ranges
        self.try_to_settle(say)

    def try_to_settle(self, say: Callable[[str], None]) -> None:
        """Write what only `ranges` says until now, if that is possible now."""
        with suppress(OSError, StoreError):
            self.settle(say)

    def supersede(self, seq_num: int, older: int | None, newer: int, say: Callable[[str], None]) -> None:
        """There is a new message of that number, at the offset `newer`. What was said to be gap-filled was another; and
        the `older` one, if there is one, must not come back if the new one is ever lost."""
        ranges = self.ranges
        if seq_num in ranges:
            with suppress(ValueError):  # too many ranges: it is gap-filled then
                ranges = ranges.without(seq_num, seq_num)
        if older is not None and older < newer and not ranges.is_withdrawn(seq_num, older):
            ranges = ranges.with_withdrawn([Withdrawn(seq_num, seq_num, newer)])
        self.let(ranges, say)

    def withdraw_above(self, seq_num: int, messages: Messages) -> bool:
        """Let all messages above that number be withdrawn: when the number has passed them by, they are as if they
        were not there. It is not written yet. Gives whether any of them was not withdrawn before."""
        for number in messages.numbers(seq_num + 1, messages.greatest):
            offset = messages.offsets.get(number)
            if offset is not None and not self.ranges.is_withdrawn(number, offset):
                rule = Withdrawn(seq_num + 1, messages.greatest, messages.end)
                self.ranges = self.ranges.with_withdrawn([rule])
                return True
        return False

    def settle(self, say: Callable[[str], None]) -> None:
        """Write what only `ranges` says until now. Raises OSError."""
        if self.ranges is not self._written:
            self.write(self.ranges, say)

    def _keep_aside(self, say: Callable[[str], None]) -> None:
        content = self._content()
        if content is None or content == self._known:
            return
        side = dated(self._path, "edited")
        self._disk.replace(side, content, like=self._path)
        say(
            f"{self._path}: was changed while the session runs, and is written again; {side.name} has what was written"
            " there. Stop the session to edit it."
        )

    def _content(self) -> bytes | None:
        return content_of(self._path, MAX_FILE_SIZE + 1)
