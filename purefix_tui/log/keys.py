"""The keys of an opened log."""

from __future__ import annotations

from textual.binding import Binding, BindingType

PANE_KEYS: list[BindingType] = [
    Binding("/", "edit_filter", "filter", id="log.filter", tooltip="Say which messages to show"),
    Binding("c", "clear_filter", "clear filter", id="log.clear_filter", tooltip="Show every message again"),
    Binding("s", "skipped", "skipped", id="log.skipped", tooltip="Text that looks like FIX but is no message"),
    Binding("ctrl+f", "find", "find", id="log.find", tooltip="Find text, without hiding any message"),
    Binding("n", "find_next(True)", "next", id="log.find_next", tooltip="The next message that holds the text"),
    Binding("N", "find_next(False)", "previous", id="log.find_previous", tooltip="The message before it"),
    Binding("a", "toggle_admin", "admin", id="log.admin", tooltip="Hide or show heartbeats and logons; never rejects"),
    Binding("]", "problem(True)", "next reject", id="log.next_problem", tooltip="Next reject or broken message"),
    Binding(
        "[", "problem(False)", "previous reject", id="log.previous_problem", tooltip="Previous reject or broken message"
    ),
    Binding(":", "goto", "go to", id="log.goto", tooltip="Go to a sequence number, an offset or a time"),
    Binding("y", "copy_message", "copy", id="log.copy", tooltip="Copy the message to the terminal's clipboard"),
    Binding("f5", "follow", "follow", key_display="F5", id="log.follow", tooltip="Show what is appended"),
    Binding(
        "Y", "copy_field", "copy field", id="log.copy_field", tooltip="Copy the field under the cursor of the detail"
    ),
    Binding(
        "f",
        "filter_field(False)",
        "only this value",
        id="log.filter_to",
        tooltip="Show only messages with this value of the detail's field",
    ),
    Binding(
        "F",
        "filter_field(True)",
        "hide value",
        id="log.filter_away",
        tooltip="Hide messages with this value of the detail's field",
    ),
    Binding("v", "view", "tree/raw/JSON", id="log.view", tooltip="Show the message as a tree, as raw text, as JSON"),
    Binding("t", "zone", "time zone", id="log.zone", tooltip="UTC, local time, or the log's own time"),
    Binding(
        "W", "send_as_new", "send as new", id="log.send_as_new", tooltip="Send this message again, edited, in a session"
    ),
    Binding("x", "export", "export", id="log.export", tooltip="Write the messages shown to a file"),
    Binding(
        "R",
        "reveal",
        "reveal secrets",
        id="log.reveal",
        tooltip="Show passwords in detail and copies, or mask them again",
    ),
    Binding("i", "resume", "go on", id="log.resume", tooltip="Go on with the index or the filter that was stopped"),
    Binding(
        "escape",
        "cancel",
        "stop",
        id="log.cancel",
        tooltip="Stop the filter that runs, else the search, the export, the index",
    ),
    Binding("escape", "unmark", "unmark", id="log.unmark", tooltip="Mark no longer the messages that hold the text"),
    Binding("escape", "forget", "hide notice", id="log.forget", tooltip="Hide what the header says of the file"),
]

LIVE_KEYS: list[BindingType] = [
    Binding("e", "toggle_events", "events", id="live.events", tooltip="Hide or show what happened between messages"),
]
"""Those of a log that is being written, besides."""

TABLE_FOOTER = (
    "log.filter",
    "log.find",
    "log.find_next",
    "log.admin",
    "log.next_problem",
    "log.goto",
    "messages.detail",
    "log.copy",
    "log.follow",
    "explore.open",
    "log.view",
    "log.export",
    "log.send_as_new",
    "live.events",
    "log.resume",
    "log.cancel",
    "log.unmark",
    "log.forget",
    "app.keys",
)
"""What the last line names while the message table has the focus."""

_OF_FIELDS = ("log.filter_to", "log.filter_away", "log.copy_field", "detail.toggle")

DETAIL_FOOTER = (
    "detail.leave",
    "log.filter_to",
    "log.filter_away",
    "log.copy_field",
    "detail.toggle",
    "log.view",
    "log.copy",
    "log.reveal",
    "app.keys",
)
"""What it names while the detail has the focus and shows fields."""

TEXT_FOOTER = tuple(key for key in DETAIL_FOOTER if key not in _OF_FIELDS)
"""What it names while the detail has the focus and shows text."""
