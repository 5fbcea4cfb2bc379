"""The one-line "what happened" of a message, as a person would say it."""

from purefix_core.analysis.summary.model import Kind, Summary
from purefix_core.analysis.summary.dispatch import summarise

__all__ = ["Kind", "Summary", "summarise"]
