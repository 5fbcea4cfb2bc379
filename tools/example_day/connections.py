"""What happens to the connections: logons, heartbeats, lost and damaged messages, a crash, logouts."""

from __future__ import annotations

from collections.abc import Callable

from example_day.agenda import SECOND, Script
from example_day.lifecycles import enter
from example_day.link import Link, Log, intact, seal, stamp
from example_day.market import Feed
from example_day.orders import Desk, Order

HEARTBEAT_SECONDS = 90
INVENTED_PASSWORD = "not-a-real-password"


def wrong_check_sum(message: bytes) -> bytes:
    right = int(message[-4:-1])
    return b"%b%03d\x01" % (message[:-4], (right + 17) % 256)


def wrong_body_length(message: bytes) -> bytes:
    """BodyLength eight too large; the CheckSum fits, so that only one thing is wrong."""
    start, rest = message.index(b"9=") + 2, message[:-7]
    end = rest.index(b"\x01", start)
    return seal(b"%b%d%b" % (rest[:start], int(rest[start:end]) + 8, rest[end:]))


def cut_off(message: bytes) -> bytes:
    """What had reached the disk when the writing process died."""
    return message[: message.index(b"\x0138=") + 5]


def log_on(link: Link, reset: bool = False) -> Script:
    """Both Logons. With `reset` both sides begin at MsgSeqNum 1, else they go on counting."""
    link.event("Initiated logon request")
    body = ((98, 0), (108, HEARTBEAT_SECONDS), *(((141, "Y"),) if reset else ()))
    link.send("A", *body, (553, "buyside"), (554, INVENTED_PASSWORD))
    yield link.rng.randrange(15, 60)
    link.receive("A", *body)
    link.up = True


def log_off(link: Link) -> Script:
    link.send("5", (58, "End of trading day"))
    yield link.rng.randrange(8, 30)
    link.receive("5", (58, "Goodbye"))
    link.up = False
    yield 4
    link.event("Disconnected after Logout")


def disconnect(link: Link, why: str) -> None:
    link.up = False
    link.event(f"Disconnected: {why}")


def our_heartbeats(link: Link, until: int) -> Script:
    """We send a Heartbeat whenever we have sent nothing for the agreed time."""
    while link.agenda.now < until:
        due = link.out.last_time + HEARTBEAT_SECONDS * SECOND
        if link.agenda.now >= due:
            link.send("0")
        yield max(due - link.agenda.now, SECOND)


def their_heartbeats(link: Link, until: int, silence: range) -> Script:
    """The same in the other direction; during `silence` they forget it."""
    while link.agenda.now < until:
        due = link.inbound.last_time + HEARTBEAT_SECONDS * SECOND
        if link.agenda.now >= due and link.agenda.now not in silence:
            link.receive("0")
        yield max(due - link.agenda.now, SECOND)


def watch_for_silence(link: Link, until: int) -> Script:
    """When nothing came for a fifth longer than agreed, we ask, and they answer."""
    patience = HEARTBEAT_SECONDS * 1200
    while link.agenda.now < until:
        due = link.inbound.last_time + patience
        if link.agenda.now >= due:
            test_id = f"TEST-{stamp(link.agenda.now)}"
            link.event(f"Nothing received for {patience // SECOND} seconds, sending TestRequest")
            link.send("1", (112, test_id))
            yield 31
            link.receive("0", (112, test_id))
        yield max(due - link.agenda.now, SECOND)


def be_tested(link: Link) -> Script:
    """They ask, we answer."""
    link.receive("1", (112, "ARE-YOU-THERE-1"))
    yield 2
    link.send("0", (112, "ARE-YOU-THERE-1"))


def request_resend(link: Link, begin: int, with_application_messages: bool = True) -> Script:
    """We miss messages from `begin` on and ask for them; they send them again or pass over them."""
    link.event(f"MsgSeqNum too high, expecting {begin} but received {link.inbound.next_seq_num - 1}")
    link.send("2", (7, begin), (16, 0))
    yield link.rng.randrange(10, 40)
    link.resend(link.inbound, begin, with_application_messages)


def lose_inbound(desk: Desk, orders: list[Order]) -> Script:
    """The network fails while the broker fills two orders; the reports arrive after the next Logon."""
    link = desk.link
    for order in orders:
        yield from enter(desk, order)
        yield 900
        desk.fill(order, order.quantity // 4)
        yield 700
    yield 5 * SECOND
    disconnect(link, "connection reset by peer")
    first_lost = link.inbound.next_seq_num
    for order in orders:
        yield 4 * SECOND
        desk.fill(order, order.quantity // 2, lost=True)
    link.receive("0", lost=True)
    yield 3 * SECOND
    desk.fill(orders[0], orders[0].quantity, lost=True)
    yield 18 * SECOND
    yield from log_on(link)
    # Up again only when the gap is closed, so that no live message falls between the resent ones.
    link.up = False
    yield 3
    yield from request_resend(link, first_lost)
    link.up = True
    yield 20 * SECOND
    desk.fill(orders[1], orders[1].quantity)


def lose_outbound(desk: Desk, order: Order) -> Script:
    """An order is sent into a dead connection; after the next Logon the broker asks for it again."""
    link = desk.link
    lost = desk.new(order)
    yield 240
    disconnect(link, "broken pipe")
    yield 30 * SECOND
    yield from log_on(link)
    link.up = False
    yield 2
    link.receive("2", (7, lost), (16, 0))
    yield 5
    link.resend(link.out, lost)
    yield 30
    link.up = True
    desk.report(order, "0")
    yield 8 * SECOND
    desk.fill(order, order.quantity)


def miss_market_data(feed: Feed, damage: Callable[[bytes], bytes] = intact) -> Script:
    """Two updates are lost, or one arrives damaged; the feed passes over them, stale prices are of no use."""
    if damage is intact:
        first = feed.update(lost=True)
        yield SECOND
        feed.update(lost=True)
    else:
        first = feed.update(damage)
        feed.link.event("Invalid message ignored: CheckSum is wrong")
    yield SECOND
    feed.update()
    yield 1
    yield from request_resend(feed.link, first, with_application_messages=False)


def damaged_report(desk: Desk, order: Order) -> Script:
    """A report with a wrong BodyLength is ignored; the next one shows the gap, and both come again."""
    link = desk.link
    yield from enter(desk, order)
    yield 4 * SECOND
    first = desk.fill(order, order.quantity // 2, damage=wrong_body_length)
    link.event("Invalid message ignored: BodyLength is wrong")
    yield 3 * SECOND
    desk.fill(order, order.quantity)
    yield 1
    yield from request_resend(link, first)


def crash(desk: Desk, order: Order, feed: Feed, log: Log) -> Script:
    """The engine dies while it writes a report to this log, is started again, and asks for that report."""
    link = desk.link
    yield from enter(desk, order)
    yield 2 * SECOND
    first = desk.fill(order, order.quantity, damage=cut_off)
    link.up = feed.link.up = False
    yield 34 * SECOND
    log.event("Engine started, version 4.2.1, 2 sessions")
    yield 1200
    yield from log_on(link)
    link.up = False
    yield 3
    yield from request_resend(link, first)
    link.up = True
    yield 400
    yield from log_on(feed.link)
    yield 300
    for request_id, wanted in sorted(feed.subscribed.items()):
        yield from feed.subscribe(f"{request_id}-R", wanted)
        del feed.subscribed[request_id]
