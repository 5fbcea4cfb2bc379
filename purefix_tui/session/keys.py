"""The keys of the Session tab. They stand apart so that the help can name them before the tab is loaded."""

from __future__ import annotations

from textual.binding import Binding, BindingType

TAB_KEYS: list[BindingType] = [
    Binding("o", "open", "open", id="session.open", tooltip="Choose a session, or make a new one"),
    Binding("ctrl+w", "close", "Close", show=False, id="session.close", tooltip="Log out and close this session"),
]

START_KEYS: list[BindingType] = [
    Binding("n", "new", "new session", id="session.new", tooltip="Fill in a form for a new session"),
]
"""Where no session is open."""

PANE_KEYS: list[BindingType] = [
    Binding(
        "C",
        "connect",
        "connect",
        id="session.connect",
        tooltip="Connect and hold the Logon; an acceptor listens",
    ),
    Binding("L", "act('logon')", "logon", id="session.logon", tooltip="Connect and log on; an acceptor listens"),
    Binding("O", "act('logout')", "logout", id="session.logout", tooltip="Log out and wait for the answer"),
    Binding(
        "D", "act('disconnect')", "disconnect", id="session.disconnect", tooltip="End the connection without a Logout"
    ),
    Binding("B", "act('heartbeat')", "heartbeat", id="session.heartbeat", tooltip="Send a Heartbeat"),
    Binding("U", "act('test_request')", "test", id="session.test_request", tooltip="Send a TestRequest"),
    Binding("E", "act('resend_request')", "resend", id="session.resend_request", tooltip="Ask for messages once more"),
    Binding(
        "Q",
        "act('sequence_reset')",
        "seq. reset",
        id="session.sequence_reset",
        tooltip="Send a SequenceReset: gap fill, or reset",
    ),
    Binding("J", "act('reject')", "reject", id="session.reject", tooltip="Send a Reject of a message of theirs"),
    Binding("S", "act('set_numbers')", "numbers", id="session.set_numbers", tooltip="Set the next numbers, out and in"),
    Binding("Z", "act('reset_store')", "reset store", id="session.reset_store", tooltip="Begin both directions with 1"),
    Binding("P", "act('pause')", "pause", id="session.pause", tooltip="Hold heartbeats, ignore resends, drop messages"),
    Binding("M", "compose", "compose", id="session.compose", tooltip="Write a message and send it"),
    Binding("X", "scenario", "scenario", id="session.scenario", tooltip="Run a scenario"),
    Binding("A", "accept", "accept", show=False, id="session.accept", tooltip="Do what is offered after a refusal"),
    Binding("m", "menu", "all", id="session.menu", tooltip="Every action of the session by name"),
]

ACTION_IDS = (
    "session.connect",
    "session.logon",
    "session.logout",
    "session.test_request",
    "session.resend_request",
    "session.set_numbers",
    "session.compose",
    "session.pause",
    "session.disconnect",
    "session.sequence_reset",
    "session.heartbeat",
    "session.reject",
    "session.reset_store",
    "session.scenario",
)
"""The actions of the row of buttons, the most important first."""

MENU_KEYS: list[BindingType] = [
    Binding("escape,m", "dismiss(None)", "cancel", id="session.menu_cancel", tooltip="Close without doing anything"),
]

START_FOOTER = ("session.open", "session.new", "app.keys")
"""What the last line names while no session is open."""

# -- choosing a session, and the form of one

CHOOSE_KEYS: list[BindingType] = [
    Binding("escape", "back", "back", id="choose.back", tooltip="Back to the files, or close without opening anything"),
    Binding("ctrl+n", "new", "new session", id="choose.new", tooltip="Fill in a form for a new session file"),
    Binding(
        "ctrl+e", "edit", "edit", priority=True, id="choose.edit", tooltip="Edit the JSON session file under the cursor"
    ),
]

CONFIG_FORM_KEYS: list[BindingType] = [
    Binding("ctrl+s", "save", "save", priority=True, id="form.save", tooltip="Check everything and save the file"),
    Binding("escape", "cancel", "cancel", id="form.cancel", tooltip="Close without saving"),
    Binding(
        "ctrl+r",
        "secrets",
        "show passwords",
        id="form.secrets",
        tooltip="Show or mask passwords and further Logon tags",
    ),
    # With priority: without it what is typed fast behind such a key, a password perhaps, lands in the field before.
    Binding(
        "down,tab,enter",
        "move(1)",
        "next field",
        show=False,
        priority=True,
        id="form.down",
        tooltip="To the next field",
    ),
    Binding(
        "up,shift+tab",
        "move(-1)",
        "field before",
        show=False,
        priority=True,
        id="form.up",
        tooltip="To the field before",
    ),
    Binding("pagedown", "move(10)", "ten fields on", show=False, id="form.page_down", tooltip="Ten fields on"),
    Binding("pageup", "move(-10)", "ten fields back", show=False, id="form.page_up", tooltip="Ten fields back"),
]

CHOICE_KEYS: list[BindingType] = [
    Binding("right,space", "change(1)", "next", show=False, id="choice.next", tooltip="The next of several words"),
    Binding("left", "change(-1)", "before", show=False, id="choice.before", tooltip="The word before"),
]
"""Where one of several words is chosen in a form."""

DEED_KEYS: list[BindingType] = [
    Binding("enter", "do", "do it", priority=True, id="deed.do", tooltip="Do what is shown"),
    Binding("escape", "dismiss(False)", "cancel", id="deed.cancel", tooltip="Close without doing anything"),
    Binding("down", "app.focus_next", "next field", show=False, id="deed.down", tooltip="To the next field"),
    Binding("up", "app.focus_previous", "field before", show=False, id="deed.up", tooltip="To the field before"),
]

SCENARIO_KEYS: list[BindingType] = [
    Binding("escape", "stop", "stop", id="scenario.stop", tooltip="Stop the scenario; close the list where none runs"),
    Binding("r", "run_again", "again", id="scenario.again", tooltip="Run the scenario once more"),
    Binding("y", "copy", "copy", id="scenario.copy", tooltip="Copy the list of steps"),
]

# -- writing a message

_LOAD = Binding("ctrl+o", "load", "templates", id="compose.load", tooltip="Open a template, or delete one")

COMPOSE_KEYS: list[BindingType] = [
    Binding("ctrl+g", "send", "send…", id="compose.send", tooltip="Show what would be sent, and send it"),
    Binding(
        "ctrl+r", "other_view", "text/form", id="compose.view", tooltip="The same message as text with |, or as a form"
    ),
    Binding("ctrl+t", "msg_type", "type", id="compose.msg_type", tooltip="Choose another MsgType; what fits stays"),
    Binding("ctrl+s", "save", "save", id="compose.save", tooltip="Save the message as a template, under a name"),
    _LOAD,
    Binding("escape", "leave", "cancel", id="compose.leave", tooltip="Close without sending"),
    Binding("f1", "app.explain", "explain", key_display="F1", id="compose.explain", tooltip="Explain, expressions too"),
]
"""Wherever the focus is."""

COMPOSE_FORM_KEYS: list[BindingType] = [
    Binding("down", "move(1)", "next field", show=False, id="compose.down", tooltip="To the next field"),
    Binding("up", "move(-1)", "field before", show=False, id="compose.up", tooltip="To the field before"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="compose.page_down", tooltip="One page down"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="compose.page_up", tooltip="One page up"),
    Binding("ctrl+home", "move(-1000000)", "First", show=False, id="compose.first", tooltip="To the first field"),
    Binding("ctrl+end", "move(1000000)", "Last", show=False, id="compose.last", tooltip="To the last field"),
    Binding(
        "enter",
        "enter",
        "next",
        show=False,
        id="compose.enter",
        tooltip="To the next field; to the choices of one that has some; a new entry of a group",
    ),
    Binding("ctrl+f", "screen.add_field", "add field", id="compose.add", tooltip="Find a field or group to fill in"),
    Binding("ctrl+n", "new_entry", "new entry", id="compose.entry", tooltip="A further entry of the group"),
    Binding("ctrl+l", "screen.choices", "choices", id="compose.choices", tooltip="List the values of the field"),
]
"""In the form."""

COMPOSE_VALUE_KEYS: list[BindingType] = [
    Binding(
        "ctrl+d", "screen.remove", "remove", id="compose.remove", tooltip="Take the field, the entry or the group out"
    ),
    Binding(
        "ctrl+e",
        "screen.envelope",
        "envelope",
        id="compose.envelope",
        tooltip="What the session fills in, to override",
    ),
]
"""In the form, also where an Input has these keys for something else."""

COMPOSE_TEXT_KEYS: list[BindingType] = [
    Binding("ctrl+n", "screen.as_new", "as new", id="compose.as_new", tooltip="Leave out what the session adds"),
]
"""In the text."""

FINDER_KEYS: list[BindingType] = [
    Binding("escape", "dismiss(None)", "cancel", id="finder.cancel", tooltip="Close without choosing"),
    Binding("down", "move(1)", "Down", show=False, id="finder.down", tooltip="One row down"),
    Binding("up", "move(-1)", "Up", show=False, id="finder.up", tooltip="One row up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="finder.page_down", tooltip="One page down"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="finder.page_up", tooltip="One page up"),
]
"""Where one of many is found by typing."""

MESSAGE_FINDER_KEYS: list[BindingType] = [_LOAD]
"""Where the message to be written is found."""

TEMPLATE_KEYS: list[BindingType] = [
    Binding("ctrl+d", "delete", "delete", priority=True, id="template.delete", tooltip="Delete the marked template"),
]

COMPOSE_FORM_FOOTER = (
    "compose.send",
    "compose.add",
    "compose.view",
    "compose.load",
    "compose.remove",
    "compose.entry",
    "compose.envelope",
    "compose.save",
    "compose.msg_type",
    "compose.leave",
    "compose.explain",
)
COMPOSE_TEXT_FOOTER = (
    "compose.send",
    "compose.view",
    "compose.as_new",
    "compose.save",
    "compose.load",
    "compose.msg_type",
    "compose.leave",
    "compose.explain",
)
"""What the last line names while a message is written."""
