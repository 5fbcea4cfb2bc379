"""The two themes. One accent colour; every other colour is a kind of message.

Every text stands out from both cursor bars by 4.5 to 1 or more, also where a terminal of 256 colours gets the nearest
of these. The cursor bars are what it takes: such a terminal has few dark and few light colours.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="purefix-dark",
    dark=True,
    primary="#5aa9e6",
    secondary="#5aa9e6",
    accent="#5aa9e6",
    foreground="#d6dae0",
    background="#14171c",
    surface="#14171c",
    panel="#1e232b",
    success="#7bc47f",
    warning="#e0b050",
    error="#f0716b",
    variables={
        "cursor-focused": "#1b2f5e",
        "cursor-blurred": "#282b30",
        "rule": "#39414d",
        "muted": "#98a1ae",
        "kind-admin": "#939ca9",
        "kind-order": "#79b8ff",
        "kind-fill": "#7bc47f",
        "kind-cancel": "#e0b050",
        "kind-reject": "#ff7b72",
        "way-out": "#b392f0",
        "way-in": "#56c8c8",
        "meaning": "#a8c7a0",
        "footer-background": "#1e232b",
        "footer-key-foreground": "#5aa9e6",
    },
)

LIGHT = Theme(
    name="purefix-light",
    dark=False,
    primary="#0b62b0",
    secondary="#0b62b0",
    accent="#0b62b0",
    foreground="#1c2128",
    background="#fbfbfa",
    surface="#fbfbfa",
    panel="#ecedef",
    success="#14702f",
    warning="#855600",
    error="#b8231b",
    variables={
        "cursor-focused": "#cdecff",
        "cursor-blurred": "#e4e7eb",
        "rule": "#c3c8cf",
        "muted": "#58606a",
        "kind-admin": "#5c646e",
        "kind-order": "#0b5cad",
        "kind-fill": "#14702f",
        "kind-cancel": "#855600",
        "kind-reject": "#b8231b",
        "way-out": "#672dbd",
        "way-in": "#0f6e75",
        "meaning": "#3f6b34",
        "footer-background": "#ecedef",
        "footer-key-foreground": "#0b62b0",
    },
)

THEMES = (DARK, LIGHT)
