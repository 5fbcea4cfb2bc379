"""Copying to the clipboard of the terminal, which works over SSH too (OSC 52)."""

from __future__ import annotations

import os

from textual.app import App

_MOST = 74_994
"""What xterm takes, in bytes before base64; others take more, or cut in silence."""


def copy_text(app: App[object], text: str, what: str) -> None:
    """Send `text` to the terminal's clipboard and say so, or say why not; `what` names it."""
    size = len(text.encode())
    if os.environ.get("TERM_PROGRAM") == "Apple_Terminal" or os.environ.get("TERM") == "linux":
        app.notify(
            f"This terminal takes no copies from programs. x exports to a file instead of {what}.",
            title="Not copied",
            severity="warning",
        )
    elif size > _MOST:
        app.notify(
            f"{what} has {size:,} bytes; most terminals take {_MOST:,}. x exports to a file.",
            title="Not copied",
            severity="warning",
        )
    else:
        app.copy_to_clipboard(text)
        app.notify(f"{what}, if your terminal allows programs to copy (OSC 52)", title="Copied")
