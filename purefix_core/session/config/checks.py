"""What settings must be together, wherever they came from: a file or a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from purefix_core.registry.json_file import shown
from purefix_core.registry.signatures import is_file
from purefix_core.session.config.kinds import BEGIN_STRING
from purefix_core.session.schedule import ScheduleError, SessionSchedule
from purefix_core.session.settings import SessionSettings, StoreLayout
from purefix_core.wire import tags

_FIRST_WITH_789 = "FIX.4.4"
_FIRST_WITH_369 = "FIX.4.2"
_USED_ONCE = {
    tags.ENCRYPT_METHOD: "EncryptMethod",
    tags.HEART_BT_INT: "HeartBtInt",
    tags.RESET_SEQ_NUM_FLAG: "ResetSeqNumFlag",
    tags.NEXT_EXPECTED_MSG_SEQ_NUM: "EnableNextExpectedMsgSeqNum",
    tags.DEFAULT_APPL_VER_ID: "DefaultApplVerID",
    tags.RAW_DATA_LENGTH: "RawData",
}
"""Tags of a Logon that come from settings of their own."""


class Finding(NamedTuple):
    key: str
    text: str
    """What is expected, and what was found."""


def problems_of(settings: SessionSettings) -> Iterator[Finding]:
    """What keeps a session from working."""
    session_id = settings.session_id
    if BEGIN_STRING.read(session_id.begin_string, Path()) != session_id.begin_string:
        yield Finding("BeginString", f"expected {BEGIN_STRING.expected}, found {shown(session_id.begin_string)}")
    yield from _identity(settings)
    if settings.reset_seq_num_flag and session_id.begin_string == "FIX.4.0":
        yield Finding("ResetSeqNumFlag", "expected N, since FIX.4.0 has no ResetSeqNumFlag(141), found Y")
    if session_id.session_qualifier and not settings.is_initiator:
        text = "expected none, since an acceptor cannot tell sessions apart by it"
        yield Finding("SessionQualifier", f"{text}, found {shown(session_id.session_qualifier)}")
    if settings.accept_unknown and settings.is_initiator:
        yield Finding("acceptUnknown", f"expected 0 for an initiator, found {settings.accept_unknown}")
    for key, folder in (("FileStorePath", settings.store_path), ("FileLogPath", settings.log_path)):
        if folder is not None and is_file(folder):
            yield Finding(key, f"expected a folder, found a file at {folder}")
    yield from _logon_tags(settings)
    yield from _tls(settings)
    yield from _schedule(settings)
    if settings.store_layout is StoreLayout.QUICKFIX and any(
        (
            session_id.sender_sub_id,
            session_id.sender_location_id,
            session_id.target_sub_id,
            session_id.target_location_id,
        )
    ):
        text = "expected purefix for a session with SubIDs or LocationIDs, which the names of QuickFIX's files lack"
        yield Finding("StoreLayout", f"{text}, found quickfix")


def _schedule(settings: SessionSettings) -> Iterator[Finding]:
    try:
        SessionSchedule(settings.schedule)
    except ScheduleError as error:
        for problem in error.problems:
            key, _, text = problem.partition(": ")
            yield Finding(key, text)


def _identity(settings: SessionSettings) -> Iterator[Finding]:
    session_id = settings.session_id
    for key, value, needed in (
        ("SenderCompID", session_id.sender_comp_id, True),
        ("TargetCompID", session_id.target_comp_id, True),
        ("SenderSubID", session_id.sender_sub_id, False),
        ("SenderLocationID", session_id.sender_location_id, False),
        ("TargetSubID", session_id.target_sub_id, False),
        ("TargetLocationID", session_id.target_location_id, False),
        ("SessionQualifier", session_id.session_qualifier, False),
    ):
        if needed and not value:
            yield Finding(key, "expected a printable text that is not empty, found nothing")
        elif not value.isprintable():
            yield Finding(key, f"expected a printable text, found {shown(value)}")


def _logon_tags(settings: SessionSettings) -> Iterator[Finding]:
    """No tag may stand twice in a Logon (FIX session protocol: tag appears more than once, 373=13)."""
    taken = dict(_USED_ONCE)
    for tag, key, value in (
        (tags.USERNAME, "Username", settings.username),
        (tags.PASSWORD, "Password", settings.password),
        (tags.NEW_PASSWORD, "NewPassword", settings.new_password),
        (tags.RAW_DATA, "RawData", settings.raw_data),
    ):
        if value:
            taken[tag] = key
    for tag, _ in settings.logon_tags:
        if tag in taken:
            yield Finding("LogonTag", f"expected each tag once, but {tag} is also that of {taken[tag]}")
        taken[tag] = "another LogonTag"


def _tls(settings: SessionSettings) -> Iterator[Finding]:
    tls = settings.network.tls
    if not tls.enabled:
        return
    for key, path in (
        ("SocketCAFile", tls.ca_file),
        ("SocketCertificateFile", tls.certificate_file),
        ("SocketPrivateKeyFile", tls.key_file),
    ):
        if path is not None and not is_file(path):
            yield Finding(key, f"expected a file, found none at {path}")
    if tls.certificate_file is None and (tls.key_file is not None or not settings.is_initiator):
        why = "beside SocketPrivateKeyFile" if tls.key_file is not None else "for an acceptor with SocketUseSSL"
        yield Finding("SocketCertificateFile", f"expected a certificate {why}, found nothing")


def without_what_the_version_lacks(settings: SessionSettings) -> tuple[SessionSettings, list[Finding]]:
    """The settings without fields that the session's version does not have, and a warning for each of those."""
    begin_string, found = settings.session_id.begin_string, list[Finding]()
    if settings.enable_next_expected_msg_seq_num and begin_string < _FIRST_WITH_789:
        settings = replace(settings, enable_next_expected_msg_seq_num=False)
        found.append(Finding("EnableNextExpectedMsgSeqNum", f"has no effect in {begin_string}, which has no 789"))
    if settings.enable_last_msg_seq_num_processed and begin_string < _FIRST_WITH_369:
        settings = replace(settings, enable_last_msg_seq_num_processed=False)
        found.append(Finding("EnableLastMsgSeqNumProcessed", f"has no effect in {begin_string}, which has no 369"))
    tls = settings.network.tls
    if not tls.enabled and (tls.ca_file or tls.certificate_file or tls.key_file):
        found.append(Finding("SocketUseSSL", "is N, so that certificates and keys have no effect"))
    return settings, found
