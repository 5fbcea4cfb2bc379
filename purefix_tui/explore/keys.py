"""The keys of an opened log. What the footer shows comes first."""

from __future__ import annotations

from textual.binding import Binding, BindingType

PANE_KEYS: list[BindingType] = [
    Binding("/", "edit_filter", "filter", id="log.filter", tooltip="Say which messages to show"),
    Binding("c", "clear_filter", "Clear filter", show=False, id="log.clear_filter", tooltip="Show every message again"),
    Binding(
        "s", "skipped", "Skipped", show=False, id="log.skipped", tooltip="Text that looks like FIX but is no message"
    ),
    Binding("ctrl+f", "find", "find", id="log.find", tooltip="Find text, without hiding any message"),
    Binding("n", "find_next(True)", "next", id="log.find_next", tooltip="The next message that holds the text"),
    Binding("N", "find_next(False)", "prev", show=False, id="log.find_previous", tooltip="The message before it"),
    Binding(
        "a",
        "toggle_admin",
        "admin",
        id="log.admin",
        tooltip="Hide or show heartbeats and logons; never rejects",
    ),
    Binding("]", "problem(True)", "next reject", id="log.next_problem", tooltip="Next reject or broken message"),
    Binding(
        "[",
        "problem(False)",
        "Previous reject",
        show=False,
        id="log.previous_problem",
        tooltip="Previous reject or broken message",
    ),
    Binding(":", "goto", "go to", id="log.goto", tooltip="Go to an offset, a sequence number or a time"),
    Binding("y", "copy_message", "copy", id="log.copy", tooltip="Copy the message to the terminal's clipboard"),
    Binding(
        "f5",
        "follow",
        "follow",
        key_display="F5",
        id="log.follow",
        tooltip="Show what is appended",
    ),
    Binding(
        "Y",
        "copy_field",
        "Copy field",
        show=False,
        id="log.copy_field",
        tooltip="Copy the field under the cursor of the detail",
    ),
    Binding(
        "f",
        "filter_field(False)",
        "Filter to field",
        show=False,
        id="log.filter_to",
        tooltip="Show only messages with this value of the detail's field",
    ),
    Binding(
        "F",
        "filter_field(True)",
        "Filter away field",
        show=False,
        id="log.filter_away",
        tooltip="Hide messages with this value of the detail's field",
    ),
    Binding(
        "v",
        "view",
        "Tree, raw, JSON",
        show=False,
        id="log.view",
        tooltip="Show the message as a tree, as raw text, as JSON",
    ),
    Binding("t", "zone", "Time zone", show=False, id="log.zone", tooltip="UTC, local time, or the log's own time"),
    Binding("x", "export", "Export", show=False, id="log.export", tooltip="Write the messages shown to a file"),
    Binding(
        "R",
        "reveal",
        "Reveal secrets",
        show=False,
        id="log.reveal",
        tooltip="Show passwords in detail and copies, or mask them again",
    ),
    Binding("i", "resume", "go on indexing", id="log.resume", tooltip="Go on with the index that was stopped"),
    Binding(
        "escape",
        "cancel",
        "Cancel",
        show=False,
        id="log.cancel",
        tooltip="Stop what is going on, or go back to the table",
    ),
]
