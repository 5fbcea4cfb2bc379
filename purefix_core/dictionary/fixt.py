"""FIXT: which application dictionary goes with which message, and what both are together."""

from __future__ import annotations

from functools import lru_cache

from purefix_core.dictionary.definitions import Definitions
from purefix_core.dictionary.standard import standard
from purefix_core.dictionary.versions import name_for_appl_ver_id, name_for_begin_string
from purefix_core.wire import tags
from purefix_core.wire.message import FixMessage

_FIXT = "FIXT."
_SESSION_MSG_TYPES = tags.ADMIN_MSG_TYPES | {"n"}  # XMLnonFIX is a message of the transport


@lru_cache(maxsize=128)
def combine_fixt(transport: Definitions, application: Definitions) -> Definitions:
    """Header, trailer and session messages of `transport`, every other message of `application`, fields of both.

    Named after the application dictionary. The same two give the same Definitions again.
    """
    return Definitions(application.name, application.application, transport.transport)


def definitions_for_message(message: FixMessage, base: Definitions, default_appl_ver_id: str | None) -> Definitions:
    """The definitions that describe one message.

    Before FIXT that is `base`, the session's dictionary. Over FIXT the application dictionary is the one that the
    message's ApplVerID(1128) names, else the session's DefaultApplVerID(1137), else `base`. Where the version named is
    that of `base` itself, `base` is meant, for it may be a dialect. A `base` with a FIXT header of its own is whole
    and taken as it is; one that is nothing but the transport is completed with FIX50SP2.
    """
    if not message.text(tags.BEGIN_STRING).startswith(_FIXT):
        return base
    return definitions_for_version(base, message.text(tags.APPL_VER_ID) or default_appl_ver_id or "")


def definitions_for_version(base: Definitions, appl_ver_id: str) -> Definitions:
    """The definitions over FIXT of messages with that ApplVerID; see `definitions_for_message`."""
    name = name_for_appl_ver_id(appl_ver_id)
    if name is None or name == name_for_begin_string(base.version):
        if base.message_names.keys() <= _SESSION_MSG_TYPES:
            return combine_fixt(base, standard("FIX50SP2"))
        if tags.APPL_VER_ID in base.header_tags:
            return base
        return combine_fixt(standard("FIXT11"), base)
    transport = base if tags.APPL_VER_ID in base.header_tags else standard("FIXT11")
    return combine_fixt(transport, standard(name))
