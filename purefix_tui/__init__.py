"""The terminal program: one package a tab, shared widgets beside them."""

import os

# Textual reads this once, when it is imported. It paints at the ticks of a clock, and a tick that comes too late is
# left out together with the next one: at its own 60 a second a key had to wait 33 ms for that. It paints nothing at
# ticks where nothing has changed, so that more of them cost nothing.
os.environ.setdefault("TEXTUAL_FPS", "240")
