"""The keys of the Stores tab and of its dialogs."""

from __future__ import annotations

from textual.binding import Binding, BindingType

TAB_KEYS: list[BindingType] = [
    Binding("o", "open_folder", "open", id="stores.open", tooltip="Look for stores in another folder, or open one"),
    Binding("r", "read_again", "read again", id="stores.read_again", tooltip="Read the list, or this store, again"),
    Binding("escape", "stop_listing", "stop", id="stores.stop_listing", tooltip="Stop looking for stores"),
]

PANE_KEYS: list[BindingType] = [
    Binding("m", "switch", "messages/numbers", id="stores.switch", tooltip="Between the numbers and the messages"),
    Binding("ctrl+s", "save", "save", id="stores.save", tooltip="Show what would be saved, then save it"),
    Binding("p", "take_proposal", "take proposal", id="stores.propose", tooltip="Put the proposed numbers in"),
    Binding("u", "undo", "undo", id="stores.undo", tooltip="Put the newest backup back"),
    Binding("B", "backups", "backups", id="stores.backups", tooltip="Every backup; one of them can be put back"),
    Binding("J", "raw", "raw JSON", id="stores.raw", tooltip="Edit session.meta as text, checked as typed"),
    Binding("M", "mark", "not to be resent", id="stores.mark", tooltip="Which messages are gap-filled, not resent"),
    Binding("V", "verify", "verify", id="stores.verify", tooltip="Read the whole store and say what is wrong"),
    Binding("P", "repair", "put right", id="stores.repair", tooltip="Repair what can be repaired"),
    Binding("Z", "reset", "reset", id="stores.reset", tooltip="Begin both directions with 1, forget all messages"),
    Binding("C", "compare", "compare", id="stores.compare", tooltip="Compare with another store, number by number"),
    Binding("K", "convert", "convert", id="stores.convert", tooltip="Write it anew in the other layout"),
    Binding("escape", "revert", "as it was", id="stores.revert", tooltip="Forget what was typed"),
    Binding("escape", "back", "all stores", id="stores.back", tooltip="Back to the list of stores"),
]

FIELD_KEYS: list[BindingType] = [
    Binding("down", "app.focus_next", "next field", show=False, id="stores.next_field", tooltip="To the next field"),
    Binding("up", "app.focus_previous", "before", show=False, id="stores.previous_field", tooltip="The field before"),
]
"""Among the numbers and times of a store."""

CHANGE_KEYS: list[BindingType] = [
    Binding("y", "confirm", "do it", id="stores.change_yes", tooltip="Do what is shown"),
    Binding("enter", "confirm_plain", "do it", id="stores.change_enter", tooltip="Do what is shown, if it is harmless"),
    Binding("escape", "dismiss(False)", "cancel", id="stores.change_no", tooltip="Leave everything as it is"),
]

BUSY_KEYS: list[BindingType] = [
    Binding("escape", "stop", "stop", id="stores.busy_stop", tooltip="Stop it"),
]

REPORT_KEYS: list[BindingType] = [
    Binding("escape,q", "dismiss(False)", "close", id="stores.report_close", tooltip="Close the report"),
    Binding("P", "follow_up", "put right", id="stores.report_repair", tooltip="Repair what can be repaired"),
    Binding("y", "copy", "copy", id="stores.report_copy", tooltip="Copy the report to the terminal's clipboard"),
]

OPEN_KEYS: list[BindingType] = [
    Binding("escape", "dismiss(None)", "cancel", id="stores.folder_cancel", tooltip="Close without opening anything"),
]

RAW_KEYS: list[BindingType] = [
    Binding("ctrl+s", "save", "save", id="stores.raw_save", tooltip="Show the difference, then save it"),
    Binding("escape", "leave", "cancel", id="stores.raw_cancel", tooltip="Close without saving"),
]

RANGES_KEYS: list[BindingType] = [
    Binding("ctrl+r", "resend_again", "resend again", id="stores.ranges_resend", tooltip="They may be resent again"),
    Binding("escape", "dismiss(None)", "cancel", id="stores.ranges_cancel", tooltip="Close without marking anything"),
]

BACKUPS_KEYS: list[BindingType] = [
    Binding("escape", "dismiss(None)", "cancel", id="stores.backups_cancel", tooltip="Close without restoring"),
]

SIDE_KEYS: list[BindingType] = [
    Binding("escape", "dismiss(None)", "cancel", id="stores.side_cancel", tooltip="Close without comparing"),
]

COMPARE_KEYS: list[BindingType] = [
    Binding("]", "next_difference(True)", "next", id="stores.compare_next", tooltip="The next number that differs"),
    Binding("[", "next_difference(False)", "before", id="stores.compare_previous", tooltip="The one before it"),
    Binding("d", "only_differences", "differences", id="stores.compare_only", tooltip="Only what differs, or all"),
    Binding("escape,q", "dismiss(None)", "close", id="stores.compare_close", tooltip="Close the comparison"),
]

CONVERT_KEYS: list[BindingType] = [
    Binding("escape", "dismiss(None)", "cancel", id="stores.convert_cancel", tooltip="Close without writing anything"),
]

LIST_FOOTER = ("table.choose", "stores.open", "stores.read_again", "stores.stop_listing", "app.keys")
"""What the last line names while the list has the focus."""

NUMBERS_FOOTER = (
    "stores.save",
    "stores.propose",
    "stores.switch",
    "stores.undo",
    "stores.raw",
    "stores.mark",
    "stores.verify",
    "stores.repair",
    "stores.compare",
    "stores.convert",
    "stores.backups",
    "stores.reset",
    "stores.read_again",
    "stores.revert",
    "stores.back",
    "app.keys",
)
"""The same for the numbers, and for what stands below them."""

TIMES_FOOTER = ("stores.save", "stores.revert", "stores.back")
"""For a field in which every letter is text."""

MESSAGES_FOOTER = (
    "stores.switch",
    "stores.mark",
    "log.filter",
    "log.find",
    "log.goto",
    "messages.detail",
    "log.export",
    "stores.verify",
    "log.copy",
    "log.view",
    "log.cancel",
    "log.unmark",
    "log.forget",
    "stores.back",
    "app.keys",
)
"""For the messages of a store."""
