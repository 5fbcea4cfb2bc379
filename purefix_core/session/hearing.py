"""What the application is told of a session, and the answers to what it says by raising something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purefix_core.session.application import (
    FieldNotFound,
    IncorrectDataFormat,
    IncorrectTagValue,
    RejectLogon,
    UnsupportedMessageType,
    overrides,
)
from purefix_core.session.events import Level
from purefix_core.session.incoming import Incoming
from purefix_core.session.old_versions import is_old
from purefix_core.session.problems import (
    INCORRECT_DATA_FORMAT,
    REQUIRED_TAG_MISSING,
    UNSUPPORTED_BEFORE_42,
    VALUE_IS_INCORRECT,
    Problem,
)
from purefix_core.session.rejects import (
    CONDITIONALLY_REQUIRED,
    UNSUPPORTED_MESSAGE_TYPE,
    refuse,
    refuse_business,
)
from purefix_core.store.records import StoreError
from purefix_core.wire import tags

if TYPE_CHECKING:
    from purefix_core.session.machine import FixSession


class Hearing:
    """The application of one session, as a listener."""

    def __init__(self, session: FixSession) -> None:
        self._session = session
        self._hears_app = overrides(session.application, "from_app")
        self._hears_admin = overrides(session.application, "from_admin")

    def heard(self, message: Incoming) -> bool:
        """Give a message to the application, in sequence. False where it refused it, which was then answered."""
        is_admin = message.msg_type in tags.ADMIN_MSG_TYPES
        if not (self._hears_admin if is_admin else self._hears_app):
            return True
        session = self._session
        old = is_old(session.begin_string)
        try:
            typed = session.config.message_factory.parse(message.raw)
            (session.application.from_admin if is_admin else session.application.from_app)(typed, session)
        except RejectLogon as error:
            session.log_out_and_close(str(error))
        except FieldNotFound as error:
            if is_admin or old:
                refuse(session, message, Problem(*REQUIRED_TAG_MISSING, error.tag))
            else:
                text = f"Conditionally Required Field Missing ({error.tag})"
                refuse_business(session, message, CONDITIONALLY_REQUIRED, text)
        except IncorrectDataFormat as error:
            refuse(session, message, Problem(*INCORRECT_DATA_FORMAT, error.tag))
        except IncorrectTagValue as error:
            refuse(session, message, Problem(*VALUE_IS_INCORRECT, error.tag))
        except UnsupportedMessageType:
            if is_admin:
                session.note(f"the application cannot refuse a {message.msg_type} so", Level.ERROR)
                return True
            if old:
                refuse(session, message, Problem(*UNSUPPORTED_BEFORE_42, None))
            else:
                refuse_business(session, message, UNSUPPORTED_MESSAGE_TYPE, "Unsupported Message Type")
        except StoreError:
            raise
        except Exception as error:
            text = f"the application failed with {message.msg_type} {message.seq_num}: {error!r}"
            session.note(text, Level.ERROR)
            return True
        else:
            return True
        return False

    def tell(self, callback: str) -> None:
        """Call on_logon or on_logout."""
        session = self._session
        try:
            getattr(session.application, callback)(session)
        except RejectLogon as error:
            session.log_out_and_close(str(error))
        except StoreError:
            raise
        except Exception as error:
            session.note(f"the application failed in {callback}: {error!r}", Level.ERROR)
