"""The messages of the session level, for one session of any dialect (FIX session protocol, session messages)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from purefix_core.dictionary.versions import appl_ver_id_for
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.types.factory import FixMessageFactory


_NEWEST = "9"
"""ApplVerID of FIX 5.0 SP2, for a dialect that is nothing but the transport."""


@dataclass(frozen=True)
class SessionDescription:
    """Who talks to whom in a session, and how they agreed to log on."""

    sender_comp_id: str
    """Our CompID: SenderCompID(49) of what we send."""
    target_comp_id: str
    sender_sub_id: str = ""
    target_sub_id: str = ""
    heart_bt_int: int = 30
    """HeartBtInt(108) in seconds; 0 for none."""
    reset_seq_num_flag: bool = False
    """Whether our Logon asks to begin again with 1 (ResetSeqNumFlag, 141)."""
    encrypt_method: int = 0
    default_appl_ver_id: str = ""
    """DefaultApplVerID(1137) of a session over FIXT; empty for the version of its dialect."""
    username: str = ""
    password: str = field(default="", repr=False)


class SessionMessageFactory:
    """Makes each message of the session level, with the CompIDs of its session.

    MsgSeqNum(34) and SendingTime(52) are left to the session that sends them. Every method raises ValueError where the
    dialect does not define the message.
    """

    def __init__(self, description: SessionDescription, messages: FixMessageFactory, version: str) -> None:
        """`messages`: the factory of the dialect, `version`: its FIX version (FIX.5.0SP2)."""
        self.description = description
        self._messages = messages
        self._version = version

    def logon(self) -> Any:
        """Logon (A)."""
        session = self.description
        message = self._create(tags.LOGON)
        _put(message, tags.ENCRYPT_METHOD, str(session.encrypt_method))
        _put(message, tags.HEART_BT_INT, str(session.heart_bt_int))
        if session.reset_seq_num_flag:
            _put(message, tags.RESET_SEQ_NUM_FLAG, "Y")
        if message.begin_string.startswith("FIXT"):
            _put(
                message,
                tags.DEFAULT_APPL_VER_ID,
                session.default_appl_ver_id or appl_ver_id_for(self._version) or _NEWEST,
            )
        _put(message, tags.USERNAME, session.username)
        _put(message, tags.PASSWORD, session.password)
        return message

    def logout(self, text: str = "") -> Any:
        """Logout (5), with the reason as Text(58)."""
        message = self._create("5")
        _put(message, tags.TEXT, text)
        return message

    def heartbeat(self, test_req_id: str = "") -> Any:
        """Heartbeat (0); in answer to a TestRequest with its TestReqID(112)."""
        message = self._create("0")
        _put(message, tags.TEST_REQ_ID, test_req_id)
        return message

    def test_request(self, test_req_id: str) -> Any:
        """TestRequest (1)."""
        message = self._create("1")
        _put(message, tags.TEST_REQ_ID, test_req_id)
        return message

    def resend_request(self, begin_seq_no: int, end_seq_no: int = 0) -> Any:
        """ResendRequest (2) for both numbers and all between; 0 as the end means all that follow."""
        message = self._create("2")
        _put(message, tags.BEGIN_SEQ_NO, str(begin_seq_no))
        _put(message, tags.END_SEQ_NO, str(end_seq_no))
        return message

    def reject(
        self,
        ref_seq_num: int,
        text: str = "",
        *,
        ref_tag_id: int | None = None,
        ref_msg_type: str = "",
        session_reject_reason: int | None = None,
    ) -> Any:
        """Reject (3) of the message with MsgSeqNum `ref_seq_num`.

        RefTagID, RefMsgType and SessionRejectReason came with FIX 4.2; a dialect without them gets none.
        """
        message = self._create("3")
        _put(message, tags.REF_SEQ_NUM, str(ref_seq_num))
        _put_if_defined(message, tags.REF_TAG_ID, "" if ref_tag_id is None else str(ref_tag_id))
        _put_if_defined(message, tags.REF_MSG_TYPE, ref_msg_type)
        reason = "" if session_reject_reason is None else str(session_reject_reason)
        _put_if_defined(message, tags.SESSION_REJECT_REASON, reason)
        _put(message, tags.TEXT, text)
        return message

    def sequence_reset(self, new_seq_no: int, gap_fill: bool = False) -> Any:
        """SequenceReset (4): the next MsgSeqNum is `new_seq_no`. A gap fill stands for the messages before it."""
        message = self._create("4")
        _put(message, tags.GAP_FILL_FLAG, "Y" if gap_fill else "")
        _put(message, tags.NEW_SEQ_NO, str(new_seq_no))
        return message

    def _create(self, msg_type: str) -> Any:
        session = self.description
        message = self._messages.create(msg_type)
        _put(message, tags.SENDER_COMP_ID, session.sender_comp_id)
        _put(message, tags.TARGET_COMP_ID, session.target_comp_id)
        _put(message, tags.SENDER_SUB_ID, session.sender_sub_id)
        _put(message, tags.TARGET_SUB_ID, session.target_sub_id)
        return message


def _put(message: Any, tag: int, text: str) -> None:
    """By tag, since a dialect may call a field anything."""
    if text:
        message.set(tag, text.encode())


def _put_if_defined(message: Any, tag: int, text: str) -> None:
    if tag in message.by_tag():
        _put(message, tag, text)
