"""What the engine raises."""

from __future__ import annotations


class EngineError(Exception):
    """The engine cannot do what it was asked for: a port cannot be listened on, a certificate cannot be read. One line
    that names what is wrong."""
