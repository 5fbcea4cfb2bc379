"""A QuickFIX C++ engine with one session. It runs until it is told `stop`, or its standard input ends.

python -m tests.interop.quickfix_peer CONFIG.cfg JOURNAL

An order is answered with an execution. On standard input: `send FIRST COUNT` sends orders with these ClOrdIDs,
`logout` logs out.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import quickfix as fix

from tests.interop.journal import Journal, execution_fields, order_fields


def _message(begin_string: str, msg_type: str, body: dict[int, str]) -> fix.Message:
    message = fix.Message()
    message.getHeader().setField(8, begin_string)
    message.getHeader().setField(35, msg_type)
    for tag, value in body.items():
        message.setField(tag, value)
    return message


class Application(fix.Application):
    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal
        self.session: fix.SessionID | None = None
        self.executions = 0

    def onCreate(self, session):
        parts = (session.getBeginString(), session.getSenderCompID(), session.getTargetCompID())
        self.session = fix.SessionID(*(part.getValue() for part in parts))

    def onLogon(self, session):
        self.journal.add("logon")

    def onLogout(self, session):
        self.journal.add("logout")

    def toAdmin(self, message, session): ...
    def toApp(self, message, session): ...
    def fromAdmin(self, message, session): ...

    def fromApp(self, message, session):
        header = message.getHeader()
        kind = header.getField(35)
        duplicate = header.getField(43) if header.isSetField(43) else "N"
        cl_ord_id = message.getField(11)
        if kind == "8":
            self.journal.add("got", "8", cl_ord_id, message.getField(17), duplicate)
            return
        self.journal.add("got", "D", cl_ord_id, duplicate)
        self.executions += 1
        exec_id = f"{cl_ord_id}.{os.getpid()}.{self.executions}"
        begin_string = header.getField(8)
        execution = _message(begin_string, "8", execution_fields(begin_string, cl_ord_id, exec_id))
        if fix.Session.sendToTarget(execution, session):
            self.journal.add("sent", "8", cl_ord_id, exec_id)

    def send_orders(self, first: int, count: int) -> None:
        begin_string = self.session.getBeginString().getValue()
        for number in range(first, first + count):
            now = datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S.%f")[:-3]
            fix.Session.sendToTarget(_message(begin_string, "D", order_fields(str(number), now)), self.session)
            self.journal.add("sent", "D", str(number))


def main(config: str, journal: str) -> None:
    settings = fix.SessionSettings(config)
    values = settings.get()
    is_acceptor = values.getString("ConnectionType") == "acceptor"
    # The initiator without threads does not connect again after a Logout that it did not begin.
    if values.has("SocketUseSSL"):
        engine = fix.ThreadedSSLSocketAcceptor if is_acceptor else fix.ThreadedSSLSocketInitiator
    else:
        engine = fix.ThreadedSocketAcceptor if is_acceptor else fix.ThreadedSocketInitiator
    application = Application(Journal(Path(journal)))
    running = engine(application, fix.FileStoreFactory(settings), settings, fix.FileLogFactory(settings))
    running.start()
    application.journal.add("started")
    for line in sys.stdin:
        match line.split():
            case ["send", first, count]:
                application.send_orders(int(first), int(count))
            case ["logout"]:
                fix.Session.lookupSession(application.session).logout()
            case ["stop"]:
                break
    running.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
