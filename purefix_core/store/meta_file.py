"""Writes `session.meta` while a session runs, and notices when somebody else does."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

from purefix_core.store.backups import dated
from purefix_core.store.disk import Disk
from purefix_core.store.durability import Durability
from purefix_core.store.named_file import NamedFile, Names
from purefix_core.store.records import FixSessionState
from purefix_core.store.regular import content_of
from purefix_core.store.session_meta import FILE_NAME, LARGEST_FILE, LARGEST_IN_PLACE, SessionMeta


class MetaFile:
    """The file of one running session. Methods raise OSError where it cannot be written; `state` is then as before."""

    def __init__(
        self,
        folder: Path,
        meta: SessionMeta,
        content: bytes | None,
        disk: Disk,
        durability: Durability,
        check_place: Callable[[], None],
    ) -> None:
        """`content`: what the file holds now, None where there is none yet. `check_place` is called before the file is
        replaced, and raises where the folder is another one now."""
        self.state = meta.state
        """What the file says, or will say when it is closed (level `none`)."""
        self._path = folder / FILE_NAME
        self._template = meta.template
        self._known = content
        self._disk = disk
        self._check_place = check_place
        self._durability = durability
        self._descriptor: int | None = None
        self._named = NamedFile(self._path)
        self._changed = False

    def write(self, state: FixSessionState, say: Callable[[str], None], names: Names | None = None) -> None:
        """Let the file say `state`. What somebody else wrote into it meanwhile is kept aside, and said. `names`: those
        in the folder, where they were looked at just now."""
        self._changed = True
        if self._durability is Durability.NONE:
            self.state = state
            return
        text = self._template.padded(state)
        if not self._is_as_known(names):
            self._check_place()
            self._keep_aside(say)
        if self._descriptor is None:
            self._check_place()
            self._replace(text)
        else:
            self._write_in_place(self._descriptor, text)
        self._known = text
        self.state = state

    def close(self, say: Callable[[str], None]) -> None:
        """Leave a file without padding, for people to edit. One that nothing was written to stays as it is."""
        try:
            if self._changed:
                self._check_place()
                if not self._is_as_known():
                    self._keep_aside(say)
                # Elsewhere all is written already, and a full disk leaves it padded.
                with nullcontext() if self._durability is Durability.NONE else suppress(OSError):
                    self._disk.replace(
                        self._path, self._template.render(self.state), self._durability is Durability.POWER
                    )
        finally:
            self._forget_descriptor()

    def _replace(self, text: bytes) -> None:
        """Written by replacing it the first time, and always where a write in place could be torn."""
        self._disk.replace(self._path, text, self._durability is Durability.POWER)
        if self._durability is Durability.PROCESS and len(text) <= LARGEST_IN_PLACE:
            with suppress(OSError):  # it is written; the next one replaces it again
                self._descriptor = self._disk.open(self._path)
                self._named.opened(self._descriptor)

    def _write_in_place(self, descriptor: int, text: bytes) -> None:
        try:
            self._disk.write(descriptor, text, 0)
        except OSError:  # a part of it may stand there
            if self._known is not None:
                with suppress(OSError):
                    self._disk.write(descriptor, self._known, 0)
            raise

    def _is_as_known(self, names: Names | None = None) -> bool:
        if self._descriptor is None:
            return self._content() == self._known
        if not self._named.is_in_place(names):
            return False
        return os.pread(self._descriptor, self._template.length + 1, 0) == self._known

    def _keep_aside(self, say: Callable[[str], None]) -> None:
        self._forget_descriptor()
        content = self._content()
        if content is None:
            say(f"{self._path}: was removed while the session runs; it is written again")
            return
        if content == self._known:
            return
        side = dated(self._path, "edited")
        self._disk.replace(side, content, like=self._path)
        say(
            f"{self._path}: was changed while the session runs. The session goes on with its own numbers; {side.name}"
            " has what was written there. Stop the session to edit it."
        )

    def _content(self) -> bytes | None:
        return content_of(self._path, LARGEST_FILE + 1)

    def _forget_descriptor(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                self._disk.close(self._descriptor)
            self._descriptor = None
