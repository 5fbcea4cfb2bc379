"""What is raised for a session that cannot be configured."""

from __future__ import annotations

from purefix_core.registry.registration import ProblemsError


class FixConfigError(ProblemsError):
    """A session's file or settings cannot be used. Each problem names the file, the section or session, the key, the
    value, and what is allowed there. Secrets are never shown."""
