"""Everything that a session sends: numbered, stored, and only then put into its output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from purefix_core.session.application import DoNotSend, overrides
from purefix_core.session.events import Level, MessageSent
from purefix_core.session.gap import asked_for_all, end_seq_no
from purefix_core.session.old_versions import is_old
from purefix_core.session.outgoing import ADDED, FlatMessage, encoded
from purefix_core.session.renewing import renewer
from purefix_core.session.resend import Resends
from purefix_core.session.stamps import Stamps
from purefix_core.session.states import Happening, State
from purefix_core.store.records import MAX_SEQ_NUM, FixMsgStoreRecord, StoreError
from purefix_core.wire import tags
from purefix_core.wire.message import as_text, printable

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession
    from purefix_core.types.message import Message

_OTHER = 99
"""SessionRejectReason(373)"""


class Sender:
    """The outgoing half of a session."""

    def __init__(self, session: FixSession) -> None:
        settings = session.settings
        self._session = session
        self.begin_string = session.begin_string.encode()
        digits = 0 if is_old(session.begin_string) else settings.timestamp_precision
        self._stamps = Stamps(digits)
        self._identity = _identity(session)
        self._says_last_processed = settings.enable_last_msg_seq_num_processed
        self.says_next_expected = settings.enable_next_expected_msg_seq_num and _knows_next_expected(session)
        """Whether our Logon has NextExpectedMsgSeqNum(789); FIX.4.4 is the first version that has it."""
        self._persists = settings.persist_messages
        self.asks_app = overrides(session.application, "to_app")
        """Whether the application wants to see what it sends."""
        self.asks_admin = overrides(session.application, "to_admin")
        self._own = renewer(session.config.definitions, ADDED)
        self._changed = renewer(session.config.definitions, frozenset({tags.MSG_SEQ_NUM}))
        self._output: list[bytes] = []
        self.pending_bytes = 0
        """What waits to be fetched."""
        self._resends = Resends(session, self)
        self.last_sent_time = 0
        """Nanoseconds UTC."""
        self.sent_reset = False
        """Our Logon had 141=Y, and was not answered yet; both sequences were reset for it."""
        self.asked_for_reset = False
        """A Logon that was sent by hand had 141=Y, and was not answered yet; the sequences are as they were."""

    # -- output ----------------------------------------------------------------------------------------------------

    def take(self) -> bytes:
        output, self._output = self._output, []
        self.pending_bytes = 0
        return b"".join(output)

    def forget_connection(self) -> None:
        """The connection is gone, and with it all that only mattered to it."""
        self._output.clear()
        self.pending_bytes = 0
        self.forget_resends()
        self.sent_reset = self.asked_for_reset = False

    # -- resends ---------------------------------------------------------------------------------------------------

    @property
    def is_resending(self) -> bool:
        return self._resends.are_pending

    @property
    def resending(self) -> tuple[int, int] | None:
        """The next number and the last of what the peer asked for; None where nothing is being resent."""
        return self._resends.next_range

    def resend(self, first: int, last: int) -> None:
        """Send the messages `first` to `last` again, what is no application message as gap fills."""
        self._resends.add(first, last)

    def forget_resends(self) -> None:
        """What was asked for is not there any more, or nobody waits for it."""
        self._resends.clear()

    def resend_some(self) -> None:
        self._resends.step()

    # -- application messages --------------------------------------------------------------------------------------

    def send_application(self, message: Message | FlatMessage) -> int:
        """Returns its MsgSeqNum; 0 where `to_app` does not want it sent. Raises ValueError, StoreError."""
        session = self._session
        if message.msg_type in tags.ADMIN_MSG_TYPES:
            raise ValueError(f"MsgType {message.msg_type} is a session message; the session sends these itself")
        if isinstance(message, FlatMessage) and any(tag == tags.MSG_SEQ_NUM for tag, _ in message.header):
            raise ValueError("MsgSeqNum(34) is the session's; session.manual sends messages with another one")
        return self._number_and_write(message, session.is_logged_on, self.asks_app)

    def send_business_reject(self, parts: FlatMessage) -> None:
        self._number_and_write(parts, True, self.asks_app)

    # -- session messages ------------------------------------------------------------------------------------------

    def send_admin(self, parts: FlatMessage) -> None:
        self._number_and_write(parts, True, self.asks_admin)

    def is_reset_logon(self, at_one: bool) -> bool:
        """Whether our Logon has 141=Y; `at_one`: both sequences begin with it. Where a session resets by itself now and
        then, the peer is told so, too, as QuickFIX does; FIX.4.0 has no ResetSeqNumFlag."""
        session, settings = self._session, self._session.settings
        if session.begin_string == "FIX.4.0":
            return False
        resets = settings.reset_on_logon or settings.reset_on_logout or settings.reset_on_disconnect
        return settings.reset_seq_num_flag or (resets and at_one)

    def send_logon(self, reset: bool) -> None:
        """Our own Logon. `reset`: with ResetSeqNumFlag(141)=Y; the numbers were reset before."""
        session = self._session
        message = self.logon(reset, session.store.last_received)
        self.sent_reset, self.asked_for_reset = reset, False
        session.change_state(Happening.SEND_LOGON)
        session.timers.logging_on(session.now)
        self.send_admin(message)

    def logon(self, reset: bool, last_received: int) -> FlatMessage:
        """The Logon that `send_logon` sends."""
        session, settings = self._session, self._session.settings
        body = self._logon_body(session.heart_bt_int, reset)
        if settings.raw_data:
            raw_data = settings.raw_data.encode()
            body += [(tags.RAW_DATA_LENGTH, b"%d" % len(raw_data)), (tags.RAW_DATA, raw_data)]
        for tag, text in (
            (tags.USERNAME, settings.username),
            (tags.PASSWORD, settings.password),
            (tags.NEW_PASSWORD, settings.new_password),
            *settings.logon_tags,
        ):
            if text:
                body.append((tag, text.encode()))
        if self.says_next_expected:
            body.append((tags.NEXT_EXPECTED_MSG_SEQ_NUM, b"%d" % (last_received + 1)))
        return self._split(body)

    def answer_logon(self, reset: bool, next_expected: int | None) -> None:
        """Our answer to the peer's Logon. `next_expected`: for NextExpectedMsgSeqNum(789), if that is to be said."""
        body = self._logon_body(self._session.heart_bt_int, reset)
        if next_expected is not None:
            body.append((tags.NEXT_EXPECTED_MSG_SEQ_NUM, b"%d" % next_expected))
        self._session.change_state(Happening.SEND_LOGON)
        self.send_admin(self._split(body))

    def _logon_body(self, heart_bt_int: int, reset: bool) -> list[tuple[int, bytes]]:
        session = self._session
        body = [
            (tags.ENCRYPT_METHOD, b"%d" % session.settings.encrypt_method),
            (tags.HEART_BT_INT, b"%d" % heart_bt_int),
        ]
        if reset:
            body.append((tags.RESET_SEQ_NUM_FLAG, b"Y"))
        if session.begin_string.startswith("FIXT"):
            body.append((tags.DEFAULT_APPL_VER_ID, session.sender_default_appl_ver_id.encode()))
        return body

    def _split(self, fields: list[tuple[int, bytes]]) -> FlatMessage:
        """A Logon of these fields, by ascending tag; what belongs to the header goes there."""
        header_tags = self._session.validators.header_tags
        fields.sort(key=lambda field: field[0])
        body = [field for field in fields if field[0] not in header_tags]
        return FlatMessage(tags.LOGON, body, [field for field in fields if field[0] in header_tags])

    def send_logout(self, text: str = "") -> None:
        session = self._session
        if session.state in (State.DISCONNECTED, State.LOGOUT_SENT):
            return
        session.change_state(Happening.SEND_LOGOUT)
        session.timers.logging_out(session.now)
        self.send_admin(FlatMessage("5", [(tags.TEXT, text.encode())] if text else []))

    def send_heartbeat(self, test_req_id: bytes | None = None) -> None:
        """`test_req_id`: that of the TestRequest which it answers, empty where that was empty."""
        self.send_admin(FlatMessage("0", [] if test_req_id is None else [(tags.TEST_REQ_ID, test_req_id)]))

    def send_test_request(self, test_req_id: bytes) -> None:
        self.send_admin(FlatMessage("1", [(tags.TEST_REQ_ID, test_req_id)]))

    def send_resend_request(self, first: int, last: int) -> int:
        """Ask for `first` to `last`; returns up to where that asks, which is less where a chunk size is set."""
        session, settings = self._session, self._session.settings
        chunk, closed = settings.resend_request_chunk_size, settings.closed_resend_interval
        end, asked_to = end_seq_no(session.begin_string, first, last, chunk, closed)
        upto = "on" if asked_for_all(end) else f"to {end}"
        session.note(f"messages {first} to {last} are missing: ResendRequest from {first} {upto}")
        self.send_admin(FlatMessage("2", [(tags.BEGIN_SEQ_NO, b"%d" % first), (tags.END_SEQ_NO, b"%d" % end)]))
        return asked_to

    def send_garbled_reject(self, why: str) -> None:
        """RejectGarbledMessage, as QuickFIX/J: a Reject without a number to refer to."""
        session = self._session
        expected = session.store.last_received + 1
        text = f"Message failed basic validity check: {why}"
        body = [(tags.REF_SEQ_NUM, b"%d" % expected), (tags.TEXT, text.encode("ascii", "replace"))]
        if not is_old(session.begin_string):
            body.append((tags.SESSION_REJECT_REASON, b"%d" % _OTHER))
        self.send_admin(FlatMessage("3", body))

    # -- writing ---------------------------------------------------------------------------------------------------

    def added(self, seq_num: int, stamp: bytes, last_received: int | None = None) -> dict[int, bytes]:
        """What the session adds to the header of a message. `last_received`: where it is not the store's."""
        own = {tags.MSG_SEQ_NUM: b"%d" % seq_num, tags.SENDING_TIME: stamp}
        return {**own, **self._identity, **self.last_processed(last_received)}

    def last_processed(self, last_received: int | None = None) -> dict[int, bytes]:
        """LastMsgSeqNumProcessed(369), where it is to be said."""
        if not self._says_last_processed:
            return {}
        number = self._session.store.last_received if last_received is None else last_received
        return {tags.LAST_MSG_SEQ_NUM_PROCESSED: b"%d" % number}

    def encoded(self, parts: FlatMessage, added: Mapping[int, bytes]) -> bytes:
        return encoded(self.begin_string, parts, added)

    def stamp(self, now: int = 0) -> bytes:
        """SendingTime(52) of a message that is sent at this moment, not before `now`."""
        return self._stamps.text(max(now, self._session.present()))

    def _number_and_write(self, message: Message | FlatMessage, to_wire: bool, asks: bool) -> int:
        """Returns the MsgSeqNum, 0 where the application does not want the message sent."""
        session = self._session
        seq_num = session.store.last_sent + 1
        added = self.added(seq_num, self.stamp())
        if isinstance(message, FlatMessage):
            raw = encoded(self.begin_string, message, added)
        else:
            raw = self._own.renewed(message.to_bytes(), self.begin_string, list(added.items()))
        if asks:
            wanted = self.asked(message.msg_type, raw)
            if wanted is None:
                session.note(f"{message.msg_type} is not sent: the application does not want it")
                return 0
            raw = wanted
        self.write(message.msg_type, seq_num, raw, to_wire)
        return seq_num

    def asked(self, msg_type: str, raw: bytes) -> bytes | None:
        """The message as the application wants it, None where it does not want it sent. Its MsgSeqNum stays."""
        session = self._session
        is_admin = msg_type in tags.ADMIN_MSG_TYPES
        try:
            typed: Any = session.config.message_factory.parse(raw)
            (session.application.to_admin if is_admin else session.application.to_app)(typed, session)
            changed = typed.to_bytes()
            if changed == raw:
                return raw
            seq_num = raw[raw.index(b"\x0134=") + 4 :].split(b"\x01", 1)[0]
            return self._changed.renewed(changed, self.begin_string, [(tags.MSG_SEQ_NUM, seq_num)])
        except DoNotSend:
            if not is_admin:
                return None
            session.note(f"{msg_type} is a session message, which is sent in any case", Level.WARNING)
        except StoreError:
            raise
        except Exception as error:
            session.note(f"the application failed with {msg_type} to be sent: {error!r}", Level.ERROR)
        return raw

    def write(self, msg_type: str, seq_num: int, raw: bytes, to_wire: bool) -> None:
        """Store a message under its number, then put it into the output. Raises StoreError: nothing was then sent."""
        session = self._session
        store = session.store.get()
        record = FixMsgStoreRecord(msg_type, session.now, seq_num, raw)
        if seq_num > MAX_SEQ_NUM:
            raise StoreError(f"MsgSeqNum has reached {MAX_SEQ_NUM}, the greatest there is: reset the session's numbers")
        try:
            with store.batch():
                if self._persists:
                    store.put(record)
                if seq_num > store.get_last_sent_seq_num():
                    store.set_last_sent_seq_num(seq_num)
        except StoreError as error:
            session.store.note_failure(error, record)
            raise
        if to_wire:
            self.put_out(raw)

    def put_out(self, raw: bytes) -> None:
        """To the wire, without a number of its own or a place in the store."""
        session = self._session
        if session.manual.drops_outgoing():
            session.note(
                f"not sent, as asked: {printable(as_text(raw.replace(bytes([1]), b'|')[:60]))}...", Level.WARNING
            )
            return
        self._output.append(raw)
        self.pending_bytes += len(raw)
        session.tell(MessageSent(session.now, raw))
        self.last_sent_time = session.now


def _knows_next_expected(session: FixSession) -> bool:
    logon = session.config.definitions.message(tags.LOGON)
    return logon is not None and tags.NEXT_EXPECTED_MSG_SEQ_NUM in logon.level.slots


def _identity(session: FixSession) -> dict[int, bytes]:
    ours = session.session_id
    found = (
        (tags.SENDER_COMP_ID, ours.sender_comp_id),
        (tags.SENDER_SUB_ID, ours.sender_sub_id),
        (tags.TARGET_COMP_ID, ours.target_comp_id),
        (tags.TARGET_SUB_ID, ours.target_sub_id),
        (tags.SENDER_LOCATION_ID, ours.sender_location_id),
        (tags.TARGET_LOCATION_ID, ours.target_location_id),
    )
    return {tag: text.encode() for tag, text in found if text}
