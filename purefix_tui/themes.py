"""The two themes. One accent colour; every other colour is a kind of message."""

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
        "cursor-focused": "#27415c",
        "cursor-blurred": "#242a33",
        "rule": "#39414d",
        "muted": "#8a93a0",
        "kind-admin": "#7d8590",
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
    success="#1a7f37",
    warning="#8a5a00",
    error="#c4261d",
    variables={
        "cursor-focused": "#cbe1f7",
        "cursor-blurred": "#e4e7eb",
        "rule": "#c3c8cf",
        "muted": "#646c76",
        "kind-admin": "#6e7681",
        "kind-order": "#0b5cad",
        "kind-fill": "#1a7f37",
        "kind-cancel": "#8a5a00",
        "kind-reject": "#c4261d",
        "way-out": "#6f42c1",
        "way-in": "#0f6e75",
        "meaning": "#3f6b34",
        "footer-background": "#ecedef",
        "footer-key-foreground": "#0b62b0",
    },
)

THEMES = (DARK, LIGHT)
