"""The messages of the session level."""

from __future__ import annotations

from typing import Any

import pytest
from wire_text import shown

from purefix_core.registry.dialects import Dialects
from purefix_core.types import SessionDescription, SessionMessageFactory

SESSION = SessionDescription("ME", "YOU", heart_bt_int=20, username="user", password="sesame")


@pytest.fixture(scope="module")
def dialects() -> Dialects:
    return Dialects.standard()


@pytest.fixture
def factory(dialects: Dialects) -> SessionMessageFactory:
    return dialects.create_session_message_factory("fix44", SESSION)


def text(message: Any) -> str:
    return shown(message.to_bytes())


def test_each_message(factory: SessionMessageFactory) -> None:
    head = "|49=ME|56=YOU|"
    assert text(factory.logon()) == f"35=A{head}98=0|108=20|553=user|554=sesame|"
    assert text(factory.logout("bye")) == f"35=5{head}58=bye|"
    assert text(factory.logout()) == f"35=5{head}"
    assert text(factory.heartbeat()) == f"35=0{head}"
    assert text(factory.heartbeat("T1")) == f"35=0{head}112=T1|"
    assert text(factory.test_request("T1")) == f"35=1{head}112=T1|"
    assert text(factory.resend_request(3)) == f"35=2{head}7=3|16=0|"
    assert text(factory.sequence_reset(9, gap_fill=True)) == f"35=4{head}123=Y|36=9|"
    assert text(factory.sequence_reset(9)) == f"35=4{head}36=9|"
    reject = factory.reject(7, "no", ref_tag_id=55, ref_msg_type="D", session_reject_reason=5)
    assert text(reject) == f"35=3{head}45=7|371=55|372=D|373=5|58=no|"


def test_messages_are_typed(factory: SessionMessageFactory) -> None:
    logon = factory.logon()
    assert type(logon).__name__ == "Logon"
    assert logon.HeartBtInt == 20
    assert logon.header.SenderCompID == "ME"
    assert logon.header.MsgSeqNum is None


def test_logon_over_fixt_names_the_version(dialects: Dialects) -> None:
    session = SessionDescription("ME", "YOU", reset_seq_num_flag=True)
    logon = dialects.create_session_message_factory("fix50sp2", session).logon()
    assert text(logon) == "35=A|49=ME|56=YOU|98=0|108=30|141=Y|1137=9|"
    assert logon.to_bytes().startswith(b"8=FIXT.1.1\x01")
    named = SessionDescription("ME", "YOU", default_appl_ver_id="7")
    assert text(dialects.create_session_message_factory("fix50sp2", named).logon()).endswith("1137=7|")


def test_old_version_gets_no_fields_it_does_not_know(dialects: Dialects) -> None:
    factory = dialects.create_session_message_factory("fix40", SESSION)
    reject = factory.reject(7, "no", ref_tag_id=55, ref_msg_type="D", session_reject_reason=5)
    assert text(reject) == "35=3|49=ME|56=YOU|45=7|58=no|"


def test_password_is_not_shown(factory: SessionMessageFactory) -> None:
    assert "sesame" not in repr(SESSION)
    assert "sesame" not in repr(factory.logon())
