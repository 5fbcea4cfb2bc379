"""A Logon with its secrets masked is a whole message again, and says nothing of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.wire.checksum import byte_sum, sealed
from purefix_core.wire.message import FixMessage
from purefix_core.wire.secrets import masked_and_sealed, masked_for_logs
from purefix_core.wire.separators import SOH

HEAD = "49=CLI|56=SRV|34=1|52=20260131-10:11:12.123|98=0|108=30|"


def message(body: str, begin: bytes = b"FIX.4.4") -> bytes:
    return sealed(begin, body.replace("|", "\x01").encode("latin-1"), SOH)


def logon(fields: str) -> bytes:
    return message("35=A|" + HEAD + fields)


def assert_whole(raw: bytes) -> None:
    head, _, rest = raw.partition(b"\x0135=")
    assert head.split(b"\x01")[1] == b"9=%d" % (len(rest) - 7 + 3)
    assert raw.endswith(b"\x0110=%03d\x01" % (byte_sum(raw[:-7]) % 256))


@pytest.mark.parametrize(
    ("given_fields", "masked_fields"),
    [
        ("553=me|554=hunter2|", "553=me|554=***|"),
        ("554=old-one|925=new-one|", "554=***|925=***|"),
        ("95=7|96=hunter2|", "95=3|96=***|"),
        ("1401=4|1402=\x01\x02\x01=|1403=5|1404=1=\x019=|", "1401=3|1402=***|1403=3|1404=***|"),
        ("554=hunter2|58=hunter2 is wrong|553=me|", "554=***|58=***|553=me|"),
        ("554=|553=me|", "554=***|553=me|"),
        ("0554=hunter2|", "0554=***|"),
        # The length is wrong, and the rest of the data is no field.
        ("95=3|96=abc|defg|hijk|553=me|", "95=3|96=***|553=me|"),
        ("95=999|96=abc|defg|553=me|", "95=3|96=***|553=me|"),
        ("96=abc|defg|", "96=***|"),
        (" 554 =hunter2|553=me|", "553=me|"),
        # A pair of which one half repeats a secret.
        ("554=0012|354=0012|355=twelve bytes|58=x|", "554=***|354=3|355=***|58=x|"),
        ("554=abcd|354=6|355=xabcdy|58=x|", "554=***|354=3|355=***|58=x|"),
        # Another pair keeps its own length.
        ("554=abcd|354=5|355=a|b=c|58=x|", "554=***|354=5|355=a|b=c|58=x|"),
        ("8=twice|9=twice|10=twice|554=hunter2|", "8=twice|9=twice|10=twice|554=***|"),
    ],
)
def test_a_logon_says_nothing_of_its_secrets(given_fields: str, masked_fields: str) -> None:
    masked = masked_and_sealed(logon(given_fields))
    assert masked == logon(masked_fields)
    assert_whole(masked)
    assert masked_and_sealed(masked) == masked


@pytest.mark.parametrize(
    "raw",
    [
        logon("553=me|"),
        message("35=D|" + HEAD + "554=hunter2|"),
        message("35=AE|" + HEAD + "554=hunter2|"),
        message("35=0|" + HEAD + "95=7|96=x\x0135=A\x01|554=hunter2|"),
        b"",
        b"35=A\x01",
        b"8=FIX.4.4\x01",
    ],
)
def test_what_is_no_logon_with_secrets_comes_back_as_the_same_object(raw: bytes) -> None:
    assert masked_and_sealed(raw) is raw


def test_a_logon_without_a_trailer_is_masked_and_gets_one() -> None:
    whole = logon("554=hunter2|553=me|")
    cut = whole[:-7]
    assert masked_and_sealed(cut) == masked_and_sealed(whole)
    assert masked_and_sealed(cut[:-1]) == masked_and_sealed(whole)


@given(
    st.lists(st.sampled_from([b"35=A\x01", b"554=SECRET\x01", b"96=", b"95=4\x01", b"SECRET", b"\x01", b"8=", b"10=1"]))
)
def test_torn_bytes_never_raise(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    masked = masked_and_sealed(b"8=FIX.4.4\x019=5\x0135=A\x01" + raw)
    assert FixMessage.parse(masked).text(35) == "A"
    masked_and_sealed(raw)


SECRET_PIECE = st.text("ABCDEFG", min_size=1, max_size=12)
PLAIN = st.text("abcdefg 0123456789=", max_size=12)


@st.composite
def logons(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, bytes]], list[str]]:
    """A Logon, the fields that are expected in the masked one behind its header, and the secrets in it."""
    fields: list[str] = []
    expected: list[tuple[int, bytes]] = []
    secrets: list[str] = []
    for kind in draw(st.lists(st.sampled_from(["plain", "password", "data", "pair", "echo"]), max_size=8)):
        if kind == "plain":
            tag, value = draw(st.sampled_from([58, 553, 1137, 5001, 43])), draw(PLAIN)
            fields.append(f"{tag}={value}")
            expected.append((tag, value.encode()))
        elif kind == "password":
            tag, secret = draw(st.sampled_from([554, 925, 96, 1402])), draw(SECRET_PIECE)
            secrets.append(secret)
            fields.append(f"{tag}={secret}")
            expected.append((tag, b"***"))
        elif kind == "data":
            tag, pieces = draw(st.sampled_from([96, 1402, 1404])), draw(st.lists(SECRET_PIECE, min_size=1, max_size=4))
            data = "\x01".join(pieces)
            length = draw(st.sampled_from([str(len(data)), str(len(pieces[0])), "99999", "0", "", "many"]))
            secrets += pieces
            fields.append(f"{tag - 1}={length}\x01{tag}={data}")
            expected += [(tag - 1, b"3"), (tag, b"***")]
        elif kind == "pair":
            data = "\x01".join(draw(st.lists(PLAIN, min_size=1, max_size=3)))
            fields.append(f"354={len(data)}\x01355={data}")
            expected += [(354, b"%d" % len(data)), (355, data.encode())]
        else:
            secret = draw(st.text("ABCDEFG", min_size=4, max_size=12))
            secrets.append(secret)
            fields.append(f"58={draw(PLAIN)}{secret}{draw(PLAIN)}\x01554={secret}")
            expected += [(58, b"***"), (554, b"***")]
    return logon("".join(field + "|" for field in fields)), expected, secrets


@given(logons())
def test_no_secret_survives_and_all_else_stays(made: tuple[bytes, list[tuple[int, bytes]], list[str]]) -> None:
    raw, expected, secrets = made
    masked = masked_and_sealed(raw)
    if not secrets:
        assert masked is raw
        return
    assert_whole(masked)
    before, after = FixMessage.parse(raw), FixMessage.parse(masked)
    header = 3 + HEAD.count("|")
    assert [(f.tag, after.value(f)) for f in after.fields[header:-1]] == expected
    unsealed = [(f.tag, before.value(f)) for f in before.fields[2:header]]
    assert [(f.tag, after.value(f)) for f in after.fields[2:header]] == unsealed
    assert after.get(8) == before.get(8)
    for secret in secrets:
        for start in range(len(secret) - 3):
            assert secret[start : start + 4].encode() not in masked
    assert masked_and_sealed(masked) == masked


def test_logs_hide_the_passwords_of_any_message_and_stores_those_of_a_logon() -> None:
    body = (
        b"35=BE\x0134=2\x0149=A\x0152=20260101-00:00:00\x0156=B\x01923=1\x01924=3\x01553=me\x01554=old1\x01925=new1\x01"
    )
    raw = sealed(b"FIX.4.4", body, SOH)
    masked = masked_for_logs(raw)
    assert masked == sealed(b"FIX.4.4", body.replace(b"old1", b"***").replace(b"new1", b"***"), SOH)
    assert masked_for_logs(masked) == masked
    assert masked_and_sealed(raw) is raw


@given(st.binary(max_size=60))
def test_logs_take_anything(raw: bytes) -> None:
    masked_for_logs(raw)
    order = sealed(b"FIX.4.4", b"35=D\x0158=%b\x01" % raw.replace(b"\x01", b""), SOH)
    assert masked_for_logs(order) == order
