"""The validator of each message: over FIXT the version of the application is told by the message or by the Logon."""

from __future__ import annotations

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.fixt import definitions_for_version
from purefix_core.session.incoming import Incoming
from purefix_core.session.settings import Validation
from purefix_core.session.validation import Problem, Validator
from purefix_core.wire import tags

_LONGEST_VERSION = 2


class Validators:
    """Those of one session."""

    def __init__(self, definitions: Definitions, checks: Validation) -> None:
        self._definitions = definitions
        self._checks = checks
        self._is_fixt = tags.APPL_VER_ID in definitions.header_tags
        self._base = Validator(definitions, checks)
        self._by_version: dict[str, Validator] = {}
        self.header_tags = definitions.header_tags
        self.trailer_tags = definitions.trailer_tags
        self.data_tags = definitions.data_tags
        """For each LENGTH tag the DATA tag behind it."""

    def check(self, message: Incoming, default_appl_ver_id: str) -> Problem | None:
        """What is wrong with a message, or None. `default_appl_ver_id`: the one of the peer's Logon."""
        if not self._is_fixt:
            return self._base.check(message)
        return self._for(message.text(tags.APPL_VER_ID) or default_appl_ver_id).check(message)

    def _for(self, appl_ver_id: str) -> Validator:
        found = self._by_version.get(appl_ver_id)
        if found is None:
            definitions = definitions_for_version(self._definitions, appl_ver_id)
            found = self._base if definitions is self._definitions else Validator(definitions, self._checks)
            if len(appl_ver_id) <= _LONGEST_VERSION and appl_ver_id.isdigit():  # a peer can write anything there
                self._by_version[appl_ver_id] = found
        return found
