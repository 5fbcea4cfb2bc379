"""What a person does to a session, said before it is done.

Each function takes a session, the present time and what the person gives, and returns a Deed; nothing has happened
then. They raise ValueError, one sentence, where it is not possible now, and StoreError where the store cannot be read.
"""

from purefix_core.session.by_hand.connecting import connect, disconnect, listen, logon, logout
from purefix_core.session.by_hand.deed import Deed
from purefix_core.session.by_hand.messages import heartbeat, reject, resend_request, send, test_request
from purefix_core.session.by_hand.numbers import reset_store, sequence_reset, set_numbers

__all__ = [
    "Deed",
    "connect",
    "disconnect",
    "heartbeat",
    "listen",
    "logon",
    "logout",
    "reject",
    "resend_request",
    "reset_store",
    "send",
    "sequence_reset",
    "set_numbers",
    "test_request",
]
