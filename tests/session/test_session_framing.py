"""Cutting a byte stream into messages (acceptance scripts 2d, 2m, 2t, 3b, 3c, 1d)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purefix_core.session.framing import Framer, FramingError, PassedOver
from purefix_core.wire.checksum import byte_sum


def framed(body: bytes, begin_string: bytes = b"FIX.4.4", length: int | None = None) -> bytes:
    """A message with the right BodyLength, or the one that is given."""
    said = len(body) if length is None else length
    message = b"8=%s\x019=%d\x01%s" % (begin_string, said, body)
    return message + b"10=%03d\x01" % (byte_sum(message) % 256)


def soh(text: str) -> bytes:
    return text.replace("|", "\x01").encode()


def frames_of(pieces: list[bytes], largest: int = 1 << 20) -> tuple[list[bytes], bool]:
    """The frames that come out, and whether it ended in a FramingError."""
    framer, frames = Framer(largest), []
    try:
        for piece in pieces:
            framer.feed(piece)
            while (frame := framer.next()) is not None:
                frames.append(frame)
            assert framer.pending <= largest
    except FramingError:
        return frames, True
    return frames, False


def expected_frames(stream: bytes) -> list[bytes]:
    """The rules once more, without any concern for cost, limits, or pieces."""
    frames = []
    start = stream.find(b"8=")
    while start >= 0:
        found = stream.find(b"\x019=", start + 2)
        end = stream.find(b"\x01", found + 3)
        if found < 0 or end < 0:
            break
        digits = stream[found + 3 : end]
        if not digits.isdigit() or len(digits) > 9:
            start = stream.find(b"8=", start + 2)
            continue
        check_sum = stream.find(b"\x0110=", end + int(digits))
        stop = stream.find(b"\x01", check_sum + 4)
        if check_sum < 0 or stop < 0:
            break
        frames.append(stream[start : stop + 1])
        start = stream.find(b"8=", stop + 1)
    return frames


HEARTBEAT = framed(soh("35=0|34=2|49=TW44|52=20260101-00:00:00|56=ISLD|"))
ORDER = framed(soh("35=D|34=3|49=TW44|52=20260101-00:00:00|56=ISLD|11=ID|21=3|40=1|54=1|55=INTC|"))


def test_a_message_in_one_piece_is_not_copied() -> None:
    framer = Framer()
    framer.feed(ORDER)
    assert framer.next() is ORDER
    assert framer.next() is None
    assert framer.pending == 0


def test_several_messages_in_one_piece() -> None:
    assert frames_of([HEARTBEAT + ORDER + HEARTBEAT]) == ([HEARTBEAT, ORDER, HEARTBEAT], False)


def test_what_stands_before_begin_string_is_skipped() -> None:
    """Acceptance script 2t: MsgType comes first, and the rest is a frame."""
    message = soh("35=0|8=FIX.4.4|9=29|34=2|49=TW44|52=20260101-00:00:00|56=ISLD|10=121|")
    assert frames_of([message + HEARTBEAT]) == ([message[5:], HEARTBEAT], False)


def test_a_body_length_that_is_too_small_leaves_the_message_whole() -> None:
    """Acceptance script 2m, first part."""
    short = framed(ORDER[ORDER.index(b"35=") : -7], length=30)
    assert frames_of([short + ORDER]) == ([short, ORDER], False)


@pytest.mark.parametrize("more", [1, 5, 60])
def test_a_body_length_that_is_too_large_takes_the_next_message_with_it(more: int) -> None:
    """Acceptance script 2m, second part."""
    body = ORDER[ORDER.index(b"35=") : -7]
    long = framed(body, length=len(body) + more)
    assert frames_of([long + ORDER + HEARTBEAT]) == ([long + ORDER, HEARTBEAT], False)


@pytest.mark.parametrize("length", [b"abc", b"", b"-5", b"+5", b"1 ", b"1234567890", b"5" * 40])
def test_a_begin_string_without_a_usable_body_length_begins_nothing(length: bytes) -> None:
    bad = b"8=FIX.4.4\x019=%s\x0135=0\x0110=000\x01" % length
    assert frames_of([bad + HEARTBEAT]) == ([HEARTBEAT], False)


def test_a_message_without_body_length_takes_that_of_the_next() -> None:
    bad = soh("8=FIX.4.4|35=0|34=2|10=000|")
    assert frames_of([bad + HEARTBEAT + ORDER]) == ([bad + HEARTBEAT, ORDER], False)


def test_data_that_looks_like_the_end_of_a_message() -> None:
    message = framed(soh("35=B|95=20|96=a|10=123|8=FIX|9=5|x|58=y|"))
    assert frames_of([message + ORDER]) == ([message, ORDER], False)


def test_an_empty_body() -> None:
    message = b"8=FIX.4.4\x019=0\x0110=000\x01"
    assert frames_of([message + ORDER]) == ([message, ORDER], False)


class TestLimits:
    def test_a_message_may_have_exactly_so_many_bytes(self) -> None:
        assert frames_of([ORDER], largest=len(ORDER)) == ([ORDER], False)
        assert frames_of([ORDER], largest=len(ORDER) - 1) == ([], True)

    def test_a_body_length_above_the_limit_is_told_before_the_body_comes(self) -> None:
        framer = Framer(largest=1000)
        framer.feed(b"8=FIX.4.4\x019=5000\x01")
        for _ in range(2):
            with pytest.raises(FramingError, match=r"BodyLength\(9\) says 5,000, .*at most 1,000 bytes"):
                framer.next()

    @pytest.mark.parametrize(
        "endless",
        [b"x", b"8", b"8=", b"8=FIX.4.4\x01", b"8=x\x019=x\x01", b"8=x\x019=5\x01" + 20 * b"y", b"=", b"\x019=1"],
    )
    def test_a_stream_without_a_message_ends(self, endless: bytes) -> None:
        framer = Framer(largest=1000)
        taken = 0
        with pytest.raises(FramingError):  # noqa: PT012
            while taken < 3000:
                framer.feed(endless)
                taken += len(endless)
                assert framer.next() is None
                assert framer.pending <= 1000
        for _ in range(2):
            with pytest.raises(FramingError):
                framer.next()

    def test_what_is_skipped_counts_from_the_last_message(self) -> None:
        assert frames_of([b"." * 900, ORDER, b"." * 900, ORDER], largest=1000) == ([ORDER, ORDER], False)


class CountingBuffer(bytearray):
    """Counts the bytes that searches go over."""

    looked_at = 0

    def find(self, sub: bytes, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        stop = len(self) if end is None else min(end, len(self))
        found = super().find(sub, start, stop)
        CountingBuffer.looked_at += max(0, (stop if found < 0 else found + len(sub)) - start)
        return found


@pytest.mark.parametrize(
    "stream",
    [
        framed(b"35=B\x0158=" + b"x" * 50_000 + b"\x01"),
        framed(b"35=B\x0158=" + b"x" * 50_000 + b"\x01", length=5),
        b"8=FIX" + b"x" * 50_000,
        b"8=FIX\x019=5\x0135=0\x0110=" + b"1" * 50_000,
        b"x" * 50_000,
        b"8=" * 25_000 + b"\x019=x\x01",
        b"8=\x019=x\x01" * 7_000,
        b"8=\x019=0\x0110=\x01" * 4_000,
    ],
    ids=["long", "short length", "no length", "no end", "rubbish", "begins", "bad lengths", "small ones"],
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_each_byte_is_searched_a_fixed_number_of_times(stream: bytes, step: int) -> None:
    framer = Framer()
    CountingBuffer.looked_at = 0
    for at in range(0, len(stream), step):
        framer.feed(b"")
        if not framer._buffer:
            framer._buffer = CountingBuffer()
        elif not isinstance(framer._buffer, CountingBuffer):
            framer._buffer = CountingBuffer(framer._buffer)
        framer._buffer += stream[at : at + step]
        while framer.next() is not None:
            pass
    assert CountingBuffer.looked_at < 12 * len(stream)


MESSAGES = st.builds(
    lambda tail, text: framed(b"35=" + tail + b"\x0158=" + text + b"\x01"),
    st.sampled_from([b"0", b"D", b"AE"]),
    st.binary(max_size=40).map(lambda text: text.replace(b"\x01", b"|")),
)
NEAR_MESSAGES = st.lists(
    st.one_of(
        MESSAGES,
        st.sampled_from(
            [b"8=", b"8", b"\x01", b"9=", b"\x019=", b"5", b"0", b"12", b"x", b"\x0110=", b"10=1\x01", b"99999999999"]
        ),
        st.binary(max_size=3),
    ),
    max_size=30,
).map(b"".join)


@st.composite
def cut(draw: st.DrawFn, streams: st.SearchStrategy[bytes]) -> tuple[bytes, list[bytes]]:
    stream = draw(streams)
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    edges = [0, *cuts, len(stream)]
    return stream, [stream[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(MESSAGES, min_size=1, max_size=8), st.data())
def test_messages_cut_anywhere_come_out_whole(messages: list[bytes], data: st.DataObject) -> None:
    _, pieces = data.draw(cut(st.just(b"".join(messages))))
    assert frames_of(pieces) == (messages, False)


@given(cut(NEAR_MESSAGES))
def test_any_bytes_give_what_the_rules_say(case: tuple[bytes, list[bytes]]) -> None:
    stream, pieces = case
    absurd = frames_of([stream])[1]  # a BodyLength above 1 MiB
    frames, failed = frames_of(pieces)
    assert failed == absurd
    expected = expected_frames(stream)
    assert frames == expected[: len(frames)]
    assert absurd or frames == expected


@given(cut(NEAR_MESSAGES), st.integers(10, 80))
def test_pieces_and_limits_do_not_change_what_comes_out(case: tuple[bytes, list[bytes]], largest: int) -> None:
    stream, pieces = case
    assert frames_of(pieces, largest) == frames_of([stream], largest)
    assert frames_of([bytes([byte]) for byte in stream], largest) == frames_of([stream], largest)


def test_what_is_passed_over_is_kept_up_to_a_bound_and_counted_beyond_it() -> None:
    framer = Framer()
    for piece in [b"x" * 300 + HEARTBEAT] * 40 + [b"abc", b"de8", b"=FIX"]:
        framer.feed(piece)
        while framer.next() is not None:
            pass
    assert framer.passing_over() == PassedOver(5, b"abcde", False)
    assert framer.passing_over(with_pending=True) == PassedOver(10, b"abcde8=FIX", False)
    taken = framer.take_passed_over()
    assert taken[0] == PassedOver(300, b"x" * 256, False)
    assert len(taken) == 32
    assert sum(each.size for each in taken) == 40 * 300
    assert not framer.take_passed_over()


@given(st.lists(st.binary(max_size=40) | st.just(HEARTBEAT), max_size=8), st.integers(1, 50))
def test_every_byte_is_in_a_frame_or_passed_over_or_pending(pieces: list[bytes], size: int) -> None:
    stream = b"".join(pieces)
    framer, frames = Framer(), 0
    for at in range(0, len(stream), size):
        framer.feed(stream[at : at + size])
        while (frame := framer.next()) is not None:
            frames += len(frame)
    passed = sum(each.size for each in framer.take_passed_over())
    rest = framer.passing_over(with_pending=True)
    assert frames + passed + (rest.size if rest is not None else 0) == len(stream)
