"""What is said of a message that is made of an older one: whose it was, what is kept of it and what is left out."""

from __future__ import annotations

import pytest

from purefix_core.dictionary.standard import standard
from purefix_core.session.compose.anew import anew
from purefix_core.session.compose.draft import Draft, DraftField
from purefix_core.session.compose.origin import kept_problems, origin_remarks
from purefix_core.session.settings import ConnectionType, NetworkSettings, SessionId, SessionSettings

FIX44 = standard("FIX44")


def settings(session_id: SessionId | None = None, **more: object) -> SessionSettings:
    return SessionSettings(
        session_id or SessionId("FIX.4.4", "DESK", "VENUE"),
        connection_type=ConnectionType.INITIATOR,
        network=NetworkSettings(hosts=(("127.0.0.1", 1),)),
        **more,  # type: ignore[arg-type]
    )


def old(header: str = "8=FIX.4.4|9=5|35=8|34=7|49=DESK|56=VENUE|52=20260131-16:30:45", body: str = "37=1") -> Draft:
    return anew(Draft.of_message(f"{header}|{body}|10=000|".replace("|", "\x01").encode(), FIX44))[0]


def said(draft: Draft, **more: object) -> tuple[str, ...]:
    return origin_remarks(draft, settings(**more), FIX44)  # type: ignore[arg-type]


def test_nothing_is_said_of_a_message_of_the_same_session() -> None:
    assert said(old()) == ()
    assert said(Draft("8", header=(DraftField(128, "X"),))) == ()


@pytest.mark.parametrize(
    ("comp_ids", "sentence"),
    [
        ("49=VENUE|56=DESK", "VENUE sent this to us; sent as new, it goes the other way, from us to VENUE."),
        ("49=INORD|56=Y48", "This went from INORD to Y48; sent as new, it goes from DESK to VENUE."),
        ("49=DESK|56=Y48", "This went from DESK to Y48; sent as new, it goes from DESK to VENUE."),
    ],
)
def test_a_message_of_another_way_says_so(comp_ids: str, sentence: str) -> None:
    assert said(old(f"8=FIX.4.4|9=5|35=8|{comp_ids}")) == (sentence,)


def test_another_version_is_said() -> None:
    found = said(old("8=FIX.4.2|9=5|35=8|49=DESK|56=VENUE"))
    assert found == ("It is of FIX.4.2, but this session is FIX.4.4: check what its values mean.",)


def test_what_is_kept_of_header_and_trailer_is_said_and_marked() -> None:
    draft = old("8=FIX.4.4|9=5|35=8|49=DESK|56=VENUE|115=A|128=Y48|129=Y4801|627=1|628=H", "37=1|109=Y48|76=B|89=SIGN")
    kept = (
        "OnBehalfOfCompID (115), DeliverToCompID (128), DeliverToSubID (129), NoHops (627), Signature (89), "
        "Tag 109, Tag 76"
    )
    names = kept.replace("Tag 109", "ClientID (109)") if FIX44.field(109) else kept
    names = names.replace("Tag 76", "ExecBroker (76)") if FIX44.field(76) else names
    assert said(draft) == (f"Kept from the old message: {names}.",)
    problems = list(kept_problems(draft, FIX44))
    assert [problem.path for problem in problems] == [(115,), (128,), (129,), (627,), (89,), (109,), (76,)]
    assert {problem.severity for problem in problems} == {"warning"}
    assert problems[1].text == "DeliverToCompID (128) is kept from the old message: the session would not add it"


def test_what_was_changed_by_hand_is_kept_no_longer() -> None:
    draft = old("8=FIX.4.4|9=5|35=8|49=DESK|56=VENUE|128=Y48|129=Y4801")
    changed = Draft("8", (DraftField(128, "OWN"),), draft.body, draft.trailer, draft.origin)
    assert said(changed) == ()
    assert not list(kept_problems(changed, FIX44))


def test_what_is_left_out_is_said_unless_the_session_writes_the_same() -> None:
    draft = old("8=FIX.4.4|9=5|35=8|49=DESK|56=VENUE|50=S1|57=T1|142=L1|43=Y|122=20260131-16:30:45|369=9")
    assert said(draft) == (
        "Left out, as the old sending's own: SenderSubID (50), TargetSubID (57), SenderLocationID (142), "
        "PossDupFlag (43), OrigSendingTime (122), LastMsgSeqNumProcessed (369).",
    )
    ours = SessionId("FIX.4.4", "DESK", "VENUE", sender_sub_id="S1", target_sub_id="OTHER", sender_location_id="L1")
    found = said(draft, session_id=ours, enable_last_msg_seq_num_processed=True)
    assert found == ("Left out, as the old sending's own: TargetSubID (57), PossDupFlag (43), OrigSendingTime (122).",)


def test_nothing_of_the_old_message_rules_a_terminal() -> None:
    (sentence,) = said(old("8=FIX.4.4|9=5|35=8|49=A\x1b[2J|56=B"))
    assert "\x1b" not in sentence


def test_a_whole_message_that_was_pasted_has_an_origin_once_it_is_taken_as_new() -> None:
    pasted = Draft.of_text("8=FIX.4.4|9=5|35=8|49=VENUE|56=DESK|128=X|37=1|10=000|", FIX44)
    assert said(pasted) == ()
    found = pasted.as_new()
    assert len(said(found)) == 2
    assert found.as_new().origin is pasted
