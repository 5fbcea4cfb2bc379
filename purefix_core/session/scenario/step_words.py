"""The words that steps begin with: how what stands behind each is read, and how a step reads in a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from purefix_core.session.scenario import model
from purefix_core.session.scenario.asserting import ASKED, problem_of
from purefix_core.session.scenario.fields import Fields, shown
from purefix_core.session.scenario.model import Action, Automatic
from purefix_core.session.scenario.sending import members_of, shown_message
from purefix_core.session.scenario.tree import Node
from purefix_core.wire.message import printable

Reader = Callable[[Fields, Node], Action | None]
"""Gets what stands behind the word; None where it cannot be used, which is noted."""


@dataclass(frozen=True)
class StepKind:
    read: Reader
    options: tuple[str, ...] = ()
    """Further keys that the step may have."""


def listed(word: str, action: Action, names: tuple[str, ...]) -> str:
    """A step in one line. What may be secret is masked."""
    match action:
        case model.LogOn(reset=True):
            said = "with ResetSeqNumFlag"
        case model.LogOut(text):
            said = text
        case model.Send():
            said = shown_message(action)
        case model.Heartbeat(test_req_id) | model.TestRequest(test_req_id):
            said = test_req_id
        case model.ResendRequest(begin, end):
            said = f"from {begin} on" if end == "0" else f"from {begin} to {end}"
        case model.SequenceReset(new_seq_no, gap_fill):
            said = f"to {new_seq_no}{', as a gap fill' if gap_fill else ''}"
        case model.Reject(ref_seq_num):
            said = f"of {ref_seq_num}"
        case model.SetNumbers(next_out, next_in):
            said = _pairs({"nextOut": next_out, "nextIn": next_in})
        case model.Drop(outgoing, incoming):
            said = _pairs({"out": _text(outgoing), "in": _text(incoming)})
        case model.Hold(what):
            said = ", ".join(each.value for each in what)
        case model.Expect(condition) | model.ExpectNone(condition):
            said = condition
        case model.Wait(seconds):
            said = f"{seconds:g} s"
        case model.Assert(wanted):
            said = _pairs(wanted)
        case model.Remember():
            said = ", ".join(names)
        case _:
            said = ""
    return printable(f"{word} {said}".rstrip())


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items() if value)


def _text(count: int | None) -> str:
    return "" if count is None else str(count)


# -- readers -------------------------------------------------------------------------------------------------------


def _bare(action: Action) -> Reader:
    """A word behind which nothing stands."""

    def read(fields: Fields, node: Node) -> Action | None:
        if node.value:
            fields.wrong(node, f"expected nothing behind the word, found {shown(node)}")
        return action

    return read


def _of_text(make: Callable[[str], Action], key: str) -> Reader:
    def read(fields: Fields, node: Node) -> Action | None:
        return make(fields.filled({key: node}, key))

    return read


def _logon(fields: Fields, node: Node) -> Action | None:
    if not node.value:
        return model.LogOn()
    return model.LogOn(fields.flag(fields.mapping(node, "logon", ("reset",)), "reset"))


def _send(fields: Fields, node: Node) -> Action | None:
    if isinstance(node.value, str):
        if not node.value:
            fields.wrong(node, "send: expected a message, found nothing")
        return model.Send(text=node.value)
    if not isinstance(node.value, Mapping) or "type" not in node.value:
        fields.wrong(node, "send: expected 35=D|11=... or a mapping with type: and fields by name or tag")
        return None
    members = {key: value for key, value in node.value.items() if key != "type"}
    return model.Send(msg_type=fields.text(node.value, "type"), members=members_of(fields, Node(node.place, members)))


def _resend_request(fields: Fields, node: Node) -> Action | None:
    found = fields.mapping(node, "resendRequest", ("begin", "end"))
    if not found:
        return None
    return model.ResendRequest(fields.number(found, "begin", True), fields.number(found, "end") or "0")


def _sequence_reset(fields: Fields, node: Node) -> Action | None:
    found = fields.mapping(node, "sequenceReset", ("newSeqNo", "gapFill"))
    if not found:
        return None
    return model.SequenceReset(fields.number(found, "newSeqNo", True), fields.flag(found, "gapFill"))


def _reject(fields: Fields, node: Node) -> Action | None:
    found = fields.mapping(node, "reject", ("refSeqNum", "refTag", "refMsgType", "reason", "text"))
    if not found:
        return None
    return model.Reject(
        fields.number(found, "refSeqNum", True),
        fields.number(found, "refTag"),
        fields.filled(found, "refMsgType"),
        fields.number(found, "reason"),
        fields.filled(found, "text"),
    )


def _set(fields: Fields, node: Node) -> Action | None:
    found = fields.mapping(node, "set", ("nextOut", "nextIn"))
    return model.SetNumbers(fields.number(found, "nextOut"), fields.number(found, "nextIn")) if found else None


def _drop(fields: Fields, node: Node) -> Action | None:
    found = fields.mapping(node, "drop", ("out", "in"))
    return model.Drop(fields.count(found, "out"), fields.count(found, "in")) if found else None


def _hold(hold: bool) -> Reader:
    def read(fields: Fields, node: Node) -> Action | None:
        words = [node] if isinstance(node.value, str) else list(node.value) if isinstance(node.value, list) else []
        names = [each.value if isinstance(each, Node) else "" for each in words]
        known = {each.value: each for each in Automatic}
        what = tuple(known[name] for name in names if isinstance(name, str) and name in known)
        if not what or len(what) < len(names):
            fields.wrong(node, f"expected {' or '.join(known)}, or a list of both; found {shown(node)}")
        return model.Hold(what, hold)

    return read


def _expect(fields: Fields, node: Node) -> Action | None:
    condition = fields.condition({"expect": node}, "expect")
    if not condition:
        fields.wrong(node, "expect: expected a filter expression, found nothing; any message is: expect: 35")
    return model.Expect(condition)


def _expect_none(fields: Fields, node: Node) -> Action | None:
    return model.ExpectNone(fields.condition({"expectNone": node}, "expectNone"))


def _wait(fields: Fields, node: Node) -> Action | None:
    if not node.value:
        fields.wrong(node, "wait: expected seconds, found nothing")
    return model.Wait(fields.seconds({"wait": node}, "wait", 0))


def _assert(fields: Fields, node: Node) -> Action | None:
    found = fields.mapping(node, "assert", tuple(ASKED))
    for name in found:
        problem = problem_of(name, fields.filled(found, name))
        if problem:
            fields.wrong(found[name], problem)
    return model.Assert(fields.texts({"assert": Node(node.place, found)}, "assert")) if found else None


def _remember(fields: Fields, node: Node) -> Action | None:
    if isinstance(node.value, Mapping):
        for name in node.value:
            fields.filled(node.value, name)
    return model.Remember()


STEPS: Mapping[str, StepKind] = {
    "connect": StepKind(_bare(model.Connect()), ("within",)),
    "logon": StepKind(_logon, ("within",)),
    "send": StepKind(_send, ("remember",)),
    "expect": StepKind(_expect, ("within", "skip", "remember")),
    "expectNone": StepKind(_expect_none, ("within",)),
    "assert": StepKind(_assert, ("within",)),
    "wait": StepKind(_wait),
    "remember": StepKind(_remember),
    "logout": StepKind(_of_text(model.LogOut, "logout")),
    "disconnect": StepKind(_bare(model.Disconnect())),
    "reconnect": StepKind(_bare(model.Reconnect()), ("within",)),
    "heartbeat": StepKind(_of_text(model.Heartbeat, "heartbeat")),
    "testRequest": StepKind(_of_text(model.TestRequest, "testRequest")),
    "resendRequest": StepKind(_resend_request),
    "sequenceReset": StepKind(_sequence_reset),
    "reject": StepKind(_reject),
    "set": StepKind(_set),
    "reset": StepKind(_bare(model.ResetNumbers())),
    "drop": StepKind(_drop),
    "hold": StepKind(_hold(True)),
    "release": StepKind(_hold(False)),
}
"""By the word, in the order in which they are listed."""
