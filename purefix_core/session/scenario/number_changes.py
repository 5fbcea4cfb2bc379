"""What of a scenario does more to sequence numbers than messages do, so that somebody can be asked first."""

from __future__ import annotations

from purefix_core.dictionary.definitions import Definitions
from purefix_core.session.compose.draft import DraftField
from purefix_core.session.config import FixConfig
from purefix_core.session.config.table import setting_named
from purefix_core.session.scenario.checking import with_settings
from purefix_core.session.scenario.hiding import KnownSecrets
from purefix_core.session.scenario.model import (
    LogOn,
    ResetNumbers,
    Scenario,
    Send,
    SequenceReset,
    SetNumbers,
    Step,
)
from purefix_core.session.scenario.sending import draft_of
from purefix_core.wire import tags

_RESETS = {
    "ResetSeqNumFlag": "reset_seq_num_flag",
    "ResetOnLogon": "reset_on_logon",
    "ResetOnLogout": "reset_on_logout",
    "ResetOnDisconnect": "reset_on_disconnect",
}
_OF_THE_STORE = ("store_path", "store_layout")
_SEQUENCE_RESET = "4"


def number_changes(scenario: Scenario, config: FixConfig) -> tuple[str, ...]:
    """A few words for each setting and step that resets sequences or sets a number, of either side; secrets are masked.
    Settings first, those of the session's own file among them. Raises ScenarioError for settings that cannot be."""
    settings = with_settings(config, scenario).settings
    known = KnownSecrets(settings)
    resets = [key for key, field in _RESETS.items() if getattr(settings, field)]
    # The numbers in the session's own store stay behind then, while those of the peer go on.
    stores = [f"{key} (another store)" for key in scenario.settings if _is_of_the_store(key)]
    steps = (step for step in scenario.steps if _changes_numbers(step, config.definitions))
    return (*resets, *map(known.hidden, stores), *(known.hidden_words(step.words) for step in steps))


def _is_of_the_store(key: str) -> bool:
    found = setting_named(key)
    return found is not None and found[0].field in _OF_THE_STORE


def _changes_numbers(step: Step, definitions: Definitions) -> bool:
    match step.action:
        case SetNumbers() | ResetNumbers() | SequenceReset():
            return True
        case LogOn(reset):
            return reset
        case Send():
            return _is_reset(step.action, definitions)
    return False


def _is_reset(send: Send, definitions: Definitions) -> bool:
    """A SequenceReset, or a Logon whose ResetSeqNumFlag is anything but N: an expression may become a Y."""
    try:
        draft = draft_of(send, definitions)
    except ValueError:  # it is told where the scenario is checked, and nothing is sent
        return False
    if draft.msg_type == _SEQUENCE_RESET:
        return True
    return draft.msg_type == tags.LOGON and any(_is_flag(item) for item in (*draft.header, *draft.body))


def _is_flag(item: object) -> bool:
    return isinstance(item, DraftField) and item.tag == tags.RESET_SEQ_NUM_FLAG and item.text != "N"
