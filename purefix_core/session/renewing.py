"""A message written anew with another header: one that the application made, or one that is sent again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.outgoing import encoded, flat
from purefix_core.wire import native


class RenewerReference:
    """In Python: what Renewer is where the native module is not, and what that is tested by."""

    def __init__(
        self,
        header_tags: Collection[int],
        trailer_tags: Collection[int],
        left_out: Collection[int],
        data_tags: Mapping[int, int],
    ) -> None:
        """`left_out`: fields of the header that are dropped."""
        self._header_tags = header_tags
        self._trailer_tags = trailer_tags
        self._left_out = left_out
        self._data_tags = data_tags

    def renewed(self, raw: bytes, begin_string: bytes, added: Sequence[tuple[int, bytes]]) -> bytes:
        """The message in `raw` with the fields `added` to its header; those that it has stand. The header is written by
        ascending tag, everything else as it was. Raises ValueError for what is no message."""
        parts = flat(raw, self._header_tags, self._trailer_tags, self._data_tags, self._left_out)
        return encoded(begin_string, parts, dict(added))


@lru_cache(maxsize=256)
def renewer(definitions: Definitions, left_out: frozenset[int]) -> Renewer:
    """What writes messages of a dialect anew without these fields of the header; one for all of its sessions."""
    header_tags, trailer_tags = sorted(definitions.header_tags), sorted(definitions.trailer_tags)
    return Renewer(header_tags, trailer_tags, sorted(left_out), definitions.data_tags)


if TYPE_CHECKING or native.module is None:
    Renewer = RenewerReference
else:
    Renewer = native.module.Renewer
